//! Whether an adopter may ship a model: its terms, and those of all it was made from.

use freehold_catalog::{Date, LicenceId};
use serde::Serialize;

use crate::Evidence;

/// The answer for one adopter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shipping {
    /// The answer.
    pub may_ship: MayShip,
    /// Terms that stand against it.
    pub conflicts: Vec<Conflict>,
    /// What to do when it is shipped.
    pub obligations: Vec<Obligation>,
    /// What is not known and could change the answer.
    pub not_confirmed: Vec<Open>,
    /// The model, and what it was made from, nearest first; each brings its terms.
    pub chain: Vec<ChainStep>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MayShip {
    /// Nothing stands against it and nothing is to be done.
    Yes,
    /// Yes, if the obligations are met.
    WithObligations,
    /// Something that could change the answer is not known.
    NotConfirmed,
    /// A term stands against it.
    No,
}

/// A term that stands against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Which fact of the adopter, as in `region`.
    pub about: &'static str,
    /// Whose terms: the model itself, or a base by its name.
    pub of: String,
    /// Which licence.
    pub licence: LicenceId,
    /// The clause.
    pub clause: String,
    /// What stands against what, in words.
    pub words: String,
    /// The text's own words, where the text came along, else ours.
    pub quotation: Quotation,
}

/// The words of a term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quotation {
    /// The words.
    pub words: String,
    /// Whether they are the text's own; else they are ours, and say what it says.
    pub literal: bool,
    /// Where: a file that came along, or the address where we read it.
    pub source: String,
    /// The line in that file.
    pub line: Option<u32>,
    /// The day on which it was read there, where it did not come along.
    pub seen: Option<Date>,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Obligation {
    /// What, in words.
    pub what: String,
    /// Exactly these words are to be shown, where the licence says so.
    pub exact: Option<String>,
    /// Whose terms.
    pub of: String,
    /// Which licence.
    pub licence: LicenceId,
    /// The clause.
    pub clause: String,
    /// The words of the term.
    pub quotation: Quotation,
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// What about: a fact of the adopter as in `region`, or `licence`, `base`, `terms`.
    pub about: &'static str,
    /// What is not known, and why it matters.
    pub words: String,
}

/// One model of the chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainStep {
    /// Its name.
    pub model: String,
    /// How the one before was made from it, in words; `itself` for the first.
    pub relation: String,
    /// Its licence; nothing is *not confirmed*.
    pub licence: Option<LicenceId>,
    /// What states the licence.
    pub evidence: Vec<Evidence>,
}
