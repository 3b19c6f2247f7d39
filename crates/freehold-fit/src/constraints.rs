//! What a search for models should ask for, as far as the answers say it.

use serde::Serialize;

use crate::Profile;

/// What to ask a catalogue for. Nothing is said where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Constraints {
    /// The hardest kind of task, by the name of its answer.
    pub task: Option<&'static str>,
    /// Whether only licences that the Open Source Initiative approved will do.
    pub osi_only: Option<bool>,
    /// Whether any licence of weights was accepted at all.
    pub weights_allowed: bool,
    /// Whether adapters or own training are planned, which a licence has to allow.
    pub tuning: Option<bool>,
    /// Tokens a month: at least.
    pub tokens_from: Option<u64>,
    /// Tokens a month: at most; none where there is no upper end, too.
    pub tokens_to: Option<u64>,
    /// Whether accelerators are there or approved.
    pub accelerators: Option<bool>,
}

impl Profile {
    /// What a search for models should ask for.
    pub fn constraints(&self) -> Constraints {
        let licence = self.answer("licence");
        let tokens = self.answer("tokens").map(|answer| match answer {
            "under-30m" => (None, Some(30 * MILLION)),
            "30m-1b" => (Some(30 * MILLION), Some(1_000 * MILLION)),
            "1b-30b" => (Some(1_000 * MILLION), Some(30_000 * MILLION)),
            _ => (Some(30_000 * MILLION), None),
        });
        let (tokens_from, tokens_to) = tokens.unwrap_or_default();
        Constraints {
            task: self.answer("task"),
            osi_only: licence.map(|licence| licence == "osi"),
            weights_allowed: licence != Some("none"),
            tuning: self.answer("custom").map(|custom| matches!(custom, "adapters" | "full")),
            tokens_from,
            tokens_to,
            accelerators: self.answer("hardware").map(|one| matches!(one, "running" | "budget")),
        }
    }
}

const MILLION: u64 = 1_000_000;
