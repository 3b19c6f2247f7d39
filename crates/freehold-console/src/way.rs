//! What a record says, put into words: the way of the request, how it ended, how it is proven.

use freehold_auditlog::{EntryKind, EntryView, LogStatus, Proof, RecordView};
use freehold_types::Timestamp;
use serde_json::Value;

use crate::time;

/// How a request stands at one step of its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    /// It passed.
    Yes,
    /// It was stopped here.
    Stopped,
    /// It never came here.
    NotReached,
    /// It is here now, or the record does not say.
    Open,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// Whether it ended well.
    pub(crate) mark: Passed,
    /// In a few words.
    pub(crate) words: String,
}

/// Whether the record is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proven {
    /// `Yes`, `Open` while it waits, `Stopped` if the proof fails.
    pub(crate) mark: Passed,
    /// One sentence.
    pub(crate) words: String,
}

/// The two entries of a request; an event has neither.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entries<'a> {
    pub(crate) intent: Option<&'a EntryView>,
    pub(crate) outcome: Option<&'a EntryView>,
}

impl Proven {
    /// The same in one word or two.
    pub(crate) fn short(&self) -> &'static str {
        match self.mark {
            Passed::Yes => "proven",
            Passed::Stopped => "not proven",
            Passed::NotReached | Passed::Open => "waits",
        }
    }
}

impl<'a> Entries<'a> {
    pub(crate) fn of(record: &'a RecordView) -> Self {
        let find = |kind| record.entries.iter().find(|entry| entry.kind == kind);
        Self { intent: find(EntryKind::Intent), outcome: find(EntryKind::Outcome) }
    }

    /// A field of the intent's header.
    pub(crate) fn asked(&self, field: &str) -> &'a Value {
        self.intent.map_or(&Value::Null, |entry| &entry.header[field])
    }

    /// A field of the outcome's header.
    pub(crate) fn ended(&self, field: &str) -> &'a Value {
        self.outcome.map_or(&Value::Null, |entry| &entry.header[field])
    }

    /// When it began.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        self.intent.or(self.outcome).map(|entry| entry.time)
    }

    /// How it ended, by the record.
    pub(crate) fn end(&self) -> End {
        let end = |mark, words: String| End { mark, words };
        let ending = self.ended("ending");
        let code = |kind: &str| ending[kind]["code"].as_str();
        if self.outcome.is_none() {
            return end(Passed::Open, "asked; the outcome is not recorded yet".to_owned());
        }
        if ending == "finished" {
            return end(Passed::Yes, "recorded before release".to_owned());
        }
        if let Some(code) = code("refused") {
            return end(Passed::Stopped, format!("refused and recorded: {}", spoken(code)));
        }
        if let Some(code) = code("failed") {
            return end(Passed::Stopped, format!("no answer, and recorded: {}", spoken(code)));
        }
        let words = match ending["truncated"]["by"].as_str() {
            Some("client") => "cut off by the one who asked, and recorded",
            Some("engine") => "cut off by the engine, and recorded",
            Some("deadline") => "cut off when its time was over, and recorded",
            Some("shutdown") => "cut off when the program stopped, and recorded",
            _ => "ended in a way that this page does not know; the record says how",
        };
        end(Passed::Stopped, words.to_owned())
    }

    /// The steps of the pipeline and how far the request came, by the record alone.
    pub(crate) fn way(&self) -> [(&'static str, Passed); 9] {
        let ending = self.ended("ending");
        let code = ["refused", "failed"].iter().find_map(|kind| ending[kind]["code"].as_str());
        let stop = match (self.intent, self.outcome) {
            (_, None) => None,
            (Some(_), Some(_)) if ending == "finished" => None,
            // Where the intent exists, all before it was passed.
            (Some(_), Some(_)) => match code {
                Some("tool_not_offered" | "tool_not_granted") => Some(7),
                _ => Some(6),
            },
            (None, Some(_)) => Some(match code {
                Some("unknown_label") => 2,
                Some("class_limit") => 3,
                Some("egress_refused" | "model_not_found" | "model_revoked" | "wrong_endpoint") => {
                    4
                }
                _ => 1,
            }),
        };
        let mut step = 0;
        STEPS.map(|name| {
            let here = step;
            step += 1;
            let passed = match stop {
                // The outcome of a request that was stopped is recorded all the same.
                Some(_) if here == OUTCOME => Passed::Yes,
                Some(stop) if here == stop => Passed::Stopped,
                Some(stop) if here > stop => Passed::NotReached,
                None if self.outcome.is_none() && here > INTENT => Passed::Open,
                _ => Passed::Yes,
            };
            (name, passed)
        })
    }
}

/// Whether all entries of a record are under the signed checkpoint; `verify` is the command that
/// checks the whole log.
pub(crate) fn proven(record: &RecordView, log: &LogStatus, verify: &str) -> Proven {
    let places: Vec<String> = record.entries.iter().map(|one| time::count(one.sequence)).collect();
    let (noun, verb, waits) =
        if places.len() == 1 { ("Entry", "is", "waits") } else { ("Entries", "are", "wait") };
    let places = places.join(" and ");
    let mut smallest = None;
    for entry in &record.entries {
        match entry.proof {
            Proof::Broken => {
                let words = format!(
                    "{noun} {places}: the proof does not lead to the signed root. Run \
                     {verify}."
                );
                return Proven { mark: Passed::Stopped, words };
            }
            Proof::Pending => {
                let words = format!("{noun} {places} {waits} for the next checkpoint.");
                return Proven { mark: Passed::Open, words };
            }
            Proof::Included { tree_size } => smallest = smallest.max(Some(tree_size)),
        }
    }
    let Some(size) = smallest else {
        return Proven { mark: Passed::Open, words: "The record has no entries.".to_owned() };
    };
    let signed = log
        .checkpoint_time
        .filter(|_| log.checkpoint_size == size)
        .map_or_else(String::new, |signed| format!(", signed {}", time::utc(signed)));
    let words = format!(
        "{noun} {places} {verb} in the checkpoint of {} entries{signed}; the way from each leaf to \
         the signed root was just computed.",
        time::count(size)
    );
    Proven { mark: Passed::Yes, words }
}

/// Stable codes, as a sentence has them.
fn spoken(code: &str) -> String {
    code.replace('_', " ")
}

/// As `freehold-gateway`'s `pipeline.rs` tells them.
const STEPS: [&str; 9] =
    ["identify", "receive", "label", "authorise", "route", "intent", "engine", "tools", "outcome"];
const INTENT: usize = 5;
const OUTCOME: usize = 8;

#[cfg(test)]
mod tests;
