//! How open a model is by two public measures: the Model Openness Framework's classes and the Open
//! Source AI Definition 1.0.

mod mof;
mod osaid;
mod parts;
mod release;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use mof::mof;
pub use osaid::osaid;
pub(crate) use parts::{
    ARCHITECTURE, DATA_CARD, DATASETS, EVALUATION_CODE, EVALUATION_RESULTS, INFERENCE_CODE,
    MODEL_CARD, PARAMETERS, PREPROCESSING_CODE, RESEARCH_PAPER, TRAINING_CODE, is_approved,
};
pub use parts::{PARTS, Part};
pub use release::{Everywhere, Release, Stated};

/// Both measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Openness {
    /// The Model Openness Framework.
    pub mof: Mof,
    /// The Open Source AI Definition 1.0.
    pub osaid: Osaid,
}

/// The Model Openness Framework's answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Mof {
    /// Its class; nothing where it reaches none.
    pub class: Option<Class>,
    /// Per cent of class I, II and III that are there under a fitting licence.
    pub progress: [f64; 3],
    /// The components that were looked for.
    pub components: Vec<Component>,
    /// What is missing for the next better class, in words.
    pub missing: Vec<String>,
}

/// A class of the Model Openness Framework, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Class I, Open Science Model.
    OpenScience,
    /// Class II, Open Tooling Model.
    OpenTooling,
    /// Class III, Open Model.
    OpenModel,
}

/// One component of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// The framework's name for it, as in `Model architecture`.
    pub name: &'static str,
    /// What it is.
    pub kind: ComponentKind,
    /// Whether the release has it.
    pub present: bool,
    /// Its licence, as stated.
    pub licence: Option<String>,
    /// Whether the framework takes that licence as open for it; nothing where there is none.
    pub open: Option<bool>,
    /// The files or words that show it.
    pub evidence: Vec<String>,
}

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// Programs.
    Code,
    /// Data, parameters among them.
    Data,
    /// Documents.
    Document,
}

/// The Open Source AI Definition's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Osaid {
    /// The answer.
    pub verdict: OsaidVerdict,
    /// Why: each requirement, whether it is met, and what shows it.
    pub reasons: Vec<String>,
}

/// Whether a model is Open Source AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OsaidVerdict {
    /// It meets the definition.
    Meets,
    /// It does not.
    DoesNotMeet,
    /// What is known does not decide it.
    NotConfirmed,
}
