//! Classes of tasks: where open models are used as a matter of course, and where frontier models lead.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{Capability, Date, Fact, Modality, Purpose, SourceId};

/// The name of a task class, as in `extraction`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub String);

/// A class of tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its name in the catalogue.
    pub id: TaskId,
    /// What people call it.
    pub name: String,
    /// What belongs to it, in our words.
    pub about: String,
    /// What a model must be and do to be considered at all.
    pub needs: Needs,
    /// Whether open models are a production default for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production_default: Option<Fact<Standing>>,
    /// Where frontier models still lead, in our words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frontier_leads: Vec<Fact<String>>,
    /// How well that is known, by our judgement of the evidence below.
    pub known: HowWell,
    /// Benchmarks that speak of it, the most telling first, by their names in the catalogue.
    #[serde(default)]
    pub benchmarks: Vec<String>,
    /// The scores that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// What a task needs of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// One of these purposes.
    pub purposes: BTreeSet<Purpose>,
    /// All of these capabilities.
    #[serde(default)]
    pub capabilities: BTreeSet<Capability>,
    /// All of these inputs.
    #[serde(default)]
    pub input: BTreeSet<Modality>,
}

/// Whether open models are a production default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// They are.
    Default,
    /// For most of it, with a premium model for the rest.
    ForMost,
    /// Only after a trial on one's own cases.
    AfterTrial,
    /// Frontier models lead by what matters.
    FrontierLeads,
}

/// How well something is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowWell {
    /// Several independent measurements agree.
    Well,
    /// Measured, by few or by those concerned.
    Partly,
    /// Hardly measured, or the measurements do not speak of the task.
    Poorly,
}

/// One benchmark on which the best open and the best frontier model known to us stand side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Which benchmark, by its name in the catalogue.
    pub benchmark: String,
    /// What the scores count.
    pub metric: String,
    /// The open model.
    pub open: Standpoint,
    /// The frontier model.
    pub frontier: Standpoint,
}

/// One model's score in [`Evidence`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standpoint {
    /// The model: a repository of the catalogue, or a hosted model's name.
    pub model: String,
    /// Its score.
    pub score: f64,
    /// Who says so.
    pub source: SourceId,
    /// The day on which it was read there.
    pub seen: Date,
    /// The day for which the source states it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The address that the source itself names for the score, where it repeats another's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// A benchmark, so that its scores go by one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// Its name in the catalogue, as in `swe-bench-verified`.
    pub id: String,
    /// What its makers call it.
    pub name: String,
    /// What it measures, in our words.
    pub about: String,
    /// Where it is described.
    pub source: SourceId,
    /// The day on which that was read.
    pub seen: Date,
    /// Whether more is better.
    #[serde(default = "yes")]
    pub higher_is_better: bool,
    /// Other spellings that sources use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

fn yes() -> bool {
    true
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "open models are a production default",
            Self::ForMost => "open models for most of it",
            Self::AfterTrial => "open models after a trial on one's own cases",
            Self::FrontierLeads => "frontier models lead",
        })
    }
}

impl fmt::Display for HowWell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Well => "well known",
            Self::Partly => "partly known",
            Self::Poorly => "poorly known",
        })
    }
}
