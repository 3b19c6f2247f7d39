//! Which model it is, and what it was made from.

use std::fmt;

use freehold_catalog::Relation;
use serde::Serialize;

use crate::Evidence;

/// A model as its files describe it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Model {
    /// Its folder relative to what was vetted; empty where that is the folder itself.
    pub folder: String,
    /// What it calls itself, else the folder's name.
    pub name: String,
    /// How it came to be.
    pub kind: ModelKind,
    /// The library that loads it, as in `transformers`.
    pub library: Option<String>,
    /// Classes of its architecture, as `config.json` has them.
    pub architectures: Vec<String>,
    /// What the card says it is for, as in `text-generation`.
    pub task: Option<String>,
    /// Languages, as the card has them.
    pub languages: Vec<String>,
    /// Tags, as the card has them.
    pub tags: Vec<String>,
    /// Files with weights, relative to what was vetted.
    pub weights: Vec<String>,
    /// What it was made from.
    pub bases: Vec<Base>,
    /// The catalogue's model of this name, where there is one.
    pub catalogue: Option<String>,
}

/// How a model came to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// Nothing says that it was made from another.
    #[default]
    Base,
    /// Trained further.
    Finetune,
    /// An adapter, which needs its base.
    Adapter,
    /// Merged from several.
    Merge,
    /// In fewer bits.
    Quantized,
    /// Trained on another's outputs.
    Distilled,
    /// Made from another, nothing says how.
    Derived,
}

/// A model that this one was made from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Base {
    /// Its repository or path, as it is named.
    pub id: String,
    /// How, where that is said.
    pub relation: Option<Relation>,
    /// Where it is named.
    pub evidence: Evidence,
    /// Its folder, where it is among what was vetted.
    pub folder: Option<String>,
}

impl fmt::Display for ModelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base => "base model",
            Self::Finetune => "fine-tune",
            Self::Adapter => "adapter",
            Self::Merge => "merge",
            Self::Quantized => "quantised",
            Self::Distilled => "distilled",
            Self::Derived => "made from another",
        })
    }
}
