//! What waits for somebody: each with why, and the command or page that mends it.

use std::collections::HashSet;

use freehold_auditlog::{AuditLog, EntryKind, ReadError};
use freehold_types::Timestamp;
use serde::Serialize;

use crate::{
    KeyView, Standing, WorkerState,
    pages::state::Measured,
    standing::{LATE_MICROS, NO_NETWORK},
    time,
};

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Due {
    /// Whether something is stopped by it, rather than waiting.
    pub(crate) urgent: bool,
    /// In a few words.
    pub(crate) what: String,
    /// What was measured, in a sentence with its full stop.
    pub(crate) why: String,
    /// What mends it.
    pub(crate) way: Way,
}

/// What mends something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// A command, as it is typed here.
    Command(String),
    /// A page of the console.
    Page(&'static str),
}

/// What follows from the measurements, the most urgent first.
pub(crate) fn due(measured: &Measured) -> Vec<Due> {
    let mut all = Vec::new();
    log(measured, &mut all);
    disk(measured, &mut all);
    workers(measured, &mut all);
    models(measured, &mut all);
    all.sort_by_key(|due| !due.urgent);
    all
}

/// Keys that were made before the entries read here and that asked nothing in them.
pub(crate) fn unused(
    log: &AuditLog,
    keys: Vec<KeyView>,
    now: Timestamp,
    revoke: impl FnOnce(&str) -> String,
) -> Result<Option<Due>, ReadError> {
    let size = log.status().size;
    let entries = log.before(size, LOOKED_BACK)?;
    let whole = u64::try_from(entries.len()).is_ok_and(|read| read == size);
    let Some(first) = entries.first().map(|entry| entry.time) else { return Ok(None) };
    let asked: HashSet<&str> = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Intent)
        .filter_map(|entry| entry.header["key"].as_str())
        .collect();
    let old = |key: &KeyView| {
        let known_since = if whole { key.created } else { first.max(key.created) };
        (whole || key.created < first) && now.0.saturating_sub(known_since.0) > DAY_MICROS
    };
    let unused: Vec<&KeyView> =
        keys.iter().filter(|key| old(key) && !asked.contains(key.id.0.as_str())).collect();
    let Some(one) = unused.first() else { return Ok(None) };
    let names: Vec<&str> = unused.iter().map(|key| key.name.as_str()).collect();
    Ok(Some(Due {
        urgent: false,
        what: format!("{} unused", counted(unused.len(), "API key")),
        why: format!(
            "{} asked nothing since {}. A key that nobody needs can only be misused.",
            names.join(", "),
            time::utc(first),
        ),
        way: Way::Command(revoke(&one.id.0)),
    }))
}

fn log(measured: &Measured, all: &mut Vec<Due>) {
    let log = &measured.log;
    if let Some(reason) = &log.failed {
        all.push(Due {
            urgent: true,
            what: "the log takes no entries, so nothing is answered".to_owned(),
            why: format!("{reason}. Free the disk or repair it, then start Freehold again."),
            way: Way::Command(measured.terminal.about("up")),
        });
    }
    let waiting = log.size.saturating_sub(log.checkpoint_size);
    let late = |signed: &Timestamp| measured.time.0.saturating_sub(signed.0) > LATE_MICROS;
    if log.failed.is_none() && waiting > 0 && log.checkpoint_time.as_ref().is_some_and(late) {
        all.push(Due {
            urgent: false,
            what: "the checkpoint is late".to_owned(),
            why: format!(
                "{} wait for a signature that comes each second.",
                counted(usize::try_from(waiting).unwrap_or(usize::MAX), "entry")
            ),
            way: Way::Command(measured.terminal.about("audit verify")),
        });
    }
}

fn disk(measured: &Measured, all: &mut Vec<Due>) {
    let Some((free, total)) = measured.disk else { return };
    if free < LOW_BYTES || free < total / 50 {
        all.push(Due {
            urgent: free < LOW_BYTES / 4,
            what: format!("the disk is nearly full: {} free", time::bytes(free)),
            why: format!(
                "The log in {} stops for good when it cannot write, and then nothing is answered.",
                measured.log.directory.display()
            ),
            way: Way::Page("/state"),
        });
    }
}

fn workers(measured: &Measured, all: &mut Vec<Due>) {
    for worker in &measured.workers {
        if let WorkerState::Down(why) = &worker.state {
            all.push(Due {
                urgent: true,
                what: format!("the worker of {} is down", worker.model),
                why: format!("{why}. It was started again {} times.", worker.restarts),
                way: Way::Page("/state"),
            });
        }
        let open: Vec<&str> = worker
            .jail
            .iter()
            .filter(|measure| !measure.in_force)
            .map(|measure| measure.name.as_str())
            .collect();
        if !open.is_empty() {
            all.push(Due {
                urgent: open.contains(&NO_NETWORK),
                what: format!("the worker of {} is not fully confined", worker.model),
                why: format!("Not in force: {}.", open.join(", ")),
                way: Way::Command(measured.terminal.about("doctor")),
            });
        }
    }
}

fn models(measured: &Measured, all: &mut Vec<Due>) {
    if !measured.models.iter().any(|model| model.chat) {
        all.push(Due {
            urgent: false,
            what: "no model answers questions".to_owned(),
            why: "Nothing that serves chat messages was set up.".to_owned(),
            way: Way::Command(measured.terminal.about("up --model PATH")),
        });
    }
    let unseen: Vec<&str> = measured
        .models
        .iter()
        .filter(|model| model.admission.is_none())
        .map(|model| model.name.as_str())
        .collect();
    if measured.posture.admission.standing != Standing::Enforced && !unseen.is_empty() {
        all.push(Due {
            urgent: false,
            what: format!("the weights of {} are not seen here", counted(unseen.len(), "model")),
            why: format!(
                "{} runs elsewhere; its answers are recorded all the same.",
                unseen.join(", ")
            ),
            way: Way::Page("/models"),
        });
    }
}

fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (_, "entry") => format!("{count} entries"),
        _ => format!("{count} {noun}s"),
    }
}

/// Below this the log's next segments may not fit.
const LOW_BYTES: u64 = 2_000_000_000;
/// Entries in which keys are looked for.
const LOOKED_BACK: usize = 512;
const DAY_MICROS: u64 = 86_400_000_000;

#[cfg(test)]
mod tests;
