//! A fact: a value, who says so, and when it was read there. What nobody was found to say is absent,
//! and shown as *not confirmed*.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Date;

/// The name under which a source stands in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

/// Where facts were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The name by which facts refer to it.
    pub id: SourceId,
    /// What it calls itself.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Who speaks.
    pub kind: SourceKind,
    /// The licence under which it may be used, as an SPDX expression, or `facts only` where only
    /// facts (no words, no arrangement) were taken.
    pub licence: String,
    /// The version that was read, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The day on which it was last read.
    pub seen: Date,
    /// After how many days its facts are to be read again, where it moves faster or slower than
    /// [`FactKind::days`] supposes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverify_days: Option<u32>,
}

/// Who speaks in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Whoever made the thing: model card, configuration, licence text, data sheet, price page.
    Publisher,
    /// A collection that others keep.
    Dataset,
    /// A scientific paper with its method.
    Paper,
    /// Anybody else's report.
    Press,
    /// Somebody who measured and says how.
    Measured,
}

impl SourceKind {
    /// Whether it speaks of its own: a dataset or the press only repeat.
    pub fn is_primary(self) -> bool {
        match self {
            Self::Publisher | Self::Paper | Self::Measured => true,
            Self::Dataset | Self::Press => false,
        }
    }
}

/// A value with who says so and when that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<T> {
    /// The value.
    pub is: T,
    /// Who says so.
    pub source: SourceId,
    /// The day on which it was read there.
    pub seen: Date,
    /// Where in the source: a path, a line, a heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What a reader should know with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A day of its own by which it is to be read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverify: Option<Date>,
}

/// What a fact is about, which says how long it is likely to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// What something costs.
    Price,
    /// A licence and its terms.
    Licence,
    /// A score, or what is known of a task.
    Score,
    /// What a model can take and give: context, languages, modalities, tools.
    Capability,
    /// Counts of parameters, geometry, dates of release: what does not change for one release.
    Build,
    /// What a piece of hardware is.
    Hardware,
}

impl FactKind {
    /// After how many days such a fact is to be read again, unless its source or itself says
    /// otherwise. Ours: prices move within a quarter, licences and scores within a half-year,
    /// capabilities are re-described within a year, builds stay.
    pub fn days(self) -> u32 {
        match self {
            Self::Price => 90,
            Self::Licence | Self::Score => 180,
            Self::Capability => 365,
            Self::Build | Self::Hardware => 730,
        }
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Publisher => "publisher",
            Self::Dataset => "dataset",
            Self::Paper => "paper",
            Self::Press => "press",
            Self::Measured => "measured",
        })
    }
}

/// Whatever carries its source: facts, scores, terms, evidence.
pub trait Sourced {
    /// Who says so.
    fn source(&self) -> &SourceId;
    /// The day on which it was read there.
    fn seen(&self) -> Date;
    /// Where in the source.
    fn at(&self) -> Option<&str> {
        None
    }
    /// What a reader should know with it.
    fn note(&self) -> Option<&str> {
        None
    }
    /// A day of its own by which it is to be read again.
    fn reverify(&self) -> Option<Date> {
        None
    }
}

impl<T> Sourced for Fact<T> {
    fn source(&self) -> &SourceId {
        &self.source
    }

    fn seen(&self) -> Date {
        self.seen
    }

    fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }

    fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    fn reverify(&self) -> Option<Date> {
        self.reverify
    }
}

/// What is to be shown beside every fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// Where it was read.
    pub source: &'a Source,
    /// On which day.
    pub seen: Date,
    /// By which day it is to be read again: its own, else `seen` plus its source's days, else plus
    /// its kind's.
    pub reverify: Date,
    /// Whether that day has passed.
    pub stale: bool,
    /// Whether the operator's overlay states it.
    pub overlay: bool,
    /// Whether the source speaks of its own; a fact from one that repeats others is *not confirmed*
    /// where a licence is concerned, and marked everywhere.
    pub primary: bool,
}
