//! Where lock-in remains. Open weights move it; they do not end it.

use serde::Serialize;

use crate::{Choice, Outcome, Profile};

/// A place where one is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LockIn {
    /// Where.
    pub place: &'static str,
    /// By what.
    pub by: &'static str,
    /// What loosens it.
    pub loosened_by: &'static str,
}

pub(super) fn remaining(profile: &Profile, outcome: Outcome) -> Vec<LockIn> {
    let may = |choice: Choice| outcome.choices().has(choice);
    let own = may(Choice::SelfHosted);
    let open = own || may(Choice::SingleTenant) || may(Choice::Hybrid);
    let bought = may(Choice::Hybrid) || may(Choice::Managed);
    let tuned = !matches!(profile.answer("custom"), Some("prompts" | "pinned"));
    let machines = own && matches!(profile.answer("hardware"), Some("running" | "budget") | None);
    let places = [
        (open, SERVING),
        (tuned, TUNING),
        (machines || may(Choice::SingleTenant), CONTRACT),
        (bought, VENDOR),
    ];
    places.into_iter().filter(|(there, _)| *there).map(|(_, place)| place).collect()
}

const SERVING: LockIn = LockIn {
    place: "serving stack",
    by: "Prepared weights, batching settings and interface extensions belong to one serving program.",
    loosened_by: "Call it through the OpenAI-compatible interface only, and keep the published weights \
                  beside the prepared ones.",
};

const TUNING: LockIn = LockIn {
    place: "fine-tuning pipeline",
    by: "An adapter fits one base model; a vendor's tuned model stays with the vendor.",
    loosened_by: "Own the examples and the test set; keep adapters in PEFT's format.",
};

const CONTRACT: LockIn = LockIn {
    place: "GPU contract",
    by: "Machines that are bought or reserved for years are paid for whether they are needed or not.",
    loosened_by: "Reserve for the steady part only; `freehold plan` shows what idle hours cost.",
};

const VENDOR: LockIn = LockIn {
    place: "vendor's model",
    by: "Prompts are tuned to one model, whose price, behaviour and retirement its vendor decides.",
    loosened_by: "Keep a second model tested on your own test set, behind the same gateway.",
};
