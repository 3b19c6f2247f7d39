//! The four controls that stand on every page: what is measured to be in force, in words.

use freehold_auditlog::LogStatus;
use freehold_types::Timestamp;
use serde::Serialize;

use crate::{ModelView, WorkerView, time};

/// What the controls over weights, boundary and tools do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posture {
    /// Nothing is loaded that was not admitted.
    pub admission: Control,
    /// Nothing leaves that must not.
    pub boundary: Control,
    /// No tool is called that was not permitted.
    pub tools: Control,
}

/// One control, as it was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Control {
    /// In one word or two.
    pub standing: Standing,
    /// What was measured, in one sentence without a full stop.
    pub because: String,
}

/// How far a control is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In force everywhere it applies.
    Enforced,
    /// In force in places only.
    Partly,
    /// Not in force.
    NotInForce,
    /// There is nothing that it could be applied to.
    Nothing,
}

impl Standing {
    /// As it stands on the page.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Partly => "partly",
            Self::NotInForce => "not in force",
            Self::Nothing => "nothing to enforce",
        }
    }
}

impl Control {
    /// A control and what was measured.
    pub fn new(standing: Standing, because: impl Into<String>) -> Self {
        Self { standing, because: because.into() }
    }
}

impl Posture {
    /// What follows from how workers and models are now.
    pub fn measure(workers: &[WorkerView], models: &[ModelView]) -> Self {
        Self {
            admission: admission(models),
            boundary: boundary(workers, models),
            // Every answer passes the same judgement before release; there is no way around it to
            // be switched, so there is nothing to measure but that the gateway runs.
            tools: Control::new(
                Standing::Enforced,
                "a model’s tool call is released only if the request offers the tool and the key \
                 grants it; the playground offers none",
            ),
        }
    }
}

/// What the log itself says about the fourth control.
pub(crate) fn record(log: &LogStatus, now: Timestamp) -> Control {
    if let Some(reason) = &log.failed {
        return Control::new(
            Standing::NotInForce,
            format!("the log takes no entries, so nothing is answered: {reason}"),
        );
    }
    if log.size == 0 {
        return Control::new(
            Standing::Enforced,
            "no entries yet; each answer waits for its record",
        );
    }
    if log.checkpoint_size == 0 {
        return Control::new(
            Standing::Partly,
            "each answer waits for its durable record; no checkpoint is signed yet",
        );
    }
    let waiting = log.size.saturating_sub(log.checkpoint_size);
    match log.checkpoint_time {
        Some(signed) if waiting > 0 && now.0.saturating_sub(signed.0) > LATE_MICROS => {
            Control::new(
                Standing::Partly,
                format!(
                    "each answer waits for its durable record, but {waiting} entries wait for a \
                     checkpoint, and the last was signed {}",
                    time::utc(signed)
                ),
            )
        }
        _ => Control::new(
            Standing::Partly,
            "each answer waits for its durable record, and checkpoints are signed; no outside \
             witness signs them yet",
        ),
    }
}

fn admission(models: &[ModelView]) -> Control {
    let elsewhere = models.iter().filter(|model| model.admission.is_none()).count();
    let admitted = models.len() - elsewhere;
    let models_word = |count| if count == 1 { "model" } else { "models" };
    match (admitted, elsewhere) {
        (0, 0) => Control::new(Standing::Nothing, "no model is served"),
        (_, 0) => Control::new(
            Standing::Enforced,
            format!("{admitted} {}, every byte checked at load", models_word(admitted)),
        ),
        (0, _) => Control::new(
            Standing::NotInForce,
            format!("{elsewhere} {} run elsewhere, weights unseen", models_word(elsewhere)),
        ),
        _ => Control::new(
            Standing::Partly,
            format!(
                "{admitted} {} checked at load; {elsewhere} elsewhere, weights unseen",
                models_word(admitted)
            ),
        ),
    }
}

fn boundary(workers: &[WorkerView], models: &[ModelView]) -> Control {
    let missing: Vec<&str> = workers
        .iter()
        .flat_map(|worker| &worker.jail)
        .filter(|measure| !measure.in_force)
        .map(|measure| measure.name.as_str())
        .collect();
    let confined = workers.iter().any(|worker| worker.jail.iter().any(|one| one.in_force));
    let unmeasured = workers.iter().any(|worker| worker.jail.is_empty());
    match (workers.is_empty(), missing.is_empty()) {
        (true, _) if models.is_empty() => Control::new(Standing::Nothing, "no model is served"),
        (true, _) => {
            Control::new(Standing::Enforced, "data leave only for backends declared to accept them")
        }
        _ if unmeasured => Control::new(
            Standing::Partly,
            "data leave only for declared backends; a worker’s confinement is not measured yet",
        ),
        (_, true) => Control::new(
            Standing::Enforced,
            if workers.iter().all(|worker| worker.jail.iter().any(|one| one.name == NO_NETWORK)) {
                "the engine has no network; data leave only for backends declared to accept them"
            } else {
                "the engine is confined; data leave only for backends declared to accept them"
            },
        ),
        (_, false) if confined => Control::new(
            Standing::Partly,
            format!(
                "the engine is confined, but these measures are not in force: {}",
                list(&missing)
            ),
        ),
        _ => Control::new(Standing::NotInForce, "the engine is not confined on this system"),
    }
}

/// Each name once.
fn list(names: &[&str]) -> String {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(name) {
            once.push(name);
        }
    }
    once.join(", ")
}

/// The measure that keeps weights from talking to anybody, as the embedded engine calls it.
pub(crate) const NO_NETWORK: &str = "no network";
/// A checkpoint comes each second while entries arrive; ten are a fault.
pub(crate) const LATE_MICROS: u64 = 10_000_000;

#[cfg(test)]
pub(crate) mod tests;
