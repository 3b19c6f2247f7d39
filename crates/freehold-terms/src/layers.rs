//! The three layers of a model: weights, code, data, each with what states its licence.

use freehold_catalog::{LicenceCategory, LicenceId};
use serde::Serialize;

/// The three layers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Layers {
    /// The trained parameters.
    pub weights: Layer,
    /// What trains, evaluates and runs it, as far as it came along.
    pub code: Layer,
    /// What it was trained on.
    pub data: DataLayer,
}

/// One layer's licence.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Layer {
    /// Which licence, by its name in the catalogue or SPDX's; nothing is *not confirmed*. Where files
    /// disagree it is nothing, too: [`Layer::evidence`] has what each says.
    pub licence: Option<LicenceId>,
    /// Its title, where it is known.
    pub name: Option<String>,
    /// Which of the three categories; nothing is *not confirmed*.
    pub category: Option<LicenceCategory>,
    /// Whether the legal text itself was read, and not only a tag that names it.
    pub text_read: bool,
    /// What is missing for a licence or a category, in words; empty where both are known.
    pub open: String,
    /// What states it, the legal text first.
    pub evidence: Vec<Evidence>,
}

/// The data layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DataLayer {
    /// Whether it is said what the model was trained on.
    pub standing: DataStanding,
    /// The data that are named.
    pub datasets: Vec<Dataset>,
    /// Their licence, and what states it.
    #[serde(flatten)]
    pub layer: Layer,
}

/// How much is said about the training data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataStanding {
    /// They are named, and can be had.
    Declared,
    /// They are spoken of, and cannot be had from what is said.
    DescribedOnly,
    /// Nothing is said.
    #[default]
    NotDeclared,
}

/// A dataset that the model's files name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dataset {
    /// As they name it.
    pub name: String,
    /// Whether the name says where to get it: an identifier on a hub, an address, a generator that
    /// came along.
    pub obtainable: bool,
    /// Where it is named.
    pub evidence: Evidence,
}

/// A place in a file that states something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The file, relative to what was vetted.
    pub file: String,
    /// The line, from 1; nothing where the whole file says it.
    pub line: Option<u32>,
    /// What kind of statement.
    pub kind: EvidenceKind,
    /// What it says, in our words or its own.
    pub says: String,
    /// The licence that it names, where it names one that is known.
    pub licence: Option<LicenceId>,
}

/// What kind of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The legal text itself.
    Text,
    /// A tag in the card's metadata.
    Tag,
    /// Metadata of another file: a configuration, weights, a package.
    Metadata,
    /// A sentence.
    Prose,
}
