//! What a model is at each of its layers, how open that is, and whether an adopter may ship it.
//!
//! Everything here is read from the files that came with the model; what none of them states is
//! *not confirmed*, which is shown as such and never guessed.

mod adopter;
mod assess;
mod card;
mod finding;
mod gather;
mod layers;
mod model;
mod openness;
mod shipping;
mod source;
mod yaml;

pub use adopter::{Adopter, Purpose, is_product_licence};
pub use assess::{assess, locations};
pub use finding::{Gravity, Rule, TermsFinding, rules};
pub use layers::{DataLayer, DataStanding, Dataset, Evidence, EvidenceKind, Layer, Layers};
pub use model::{Base, Model, ModelKind};
pub use openness::{
    Class, Component, ComponentKind, Everywhere, Mof, Openness, Osaid, OsaidVerdict, PARTS, Part,
    Release, Stated, mof, osaid,
};
pub use shipping::{ChainStep, Conflict, MayShip, Obligation, Open, Quotation, Shipping};
pub use source::{Carried, Covers, Document, Folder, Role, is_weights, role};

use freehold_catalog::Date;
use freehold_types::Digest;
use serde::Serialize;

/// All that is said about one model: what `freehold vet` prints beside the scan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// Which model, and what it was made from.
    pub model: Model,
    /// Weights, code and data, each with its licence and what states it.
    pub layers: Layers,
    /// How open it is, by the two public measures.
    pub openness: Openness,
    /// Whether the adopter may ship it.
    pub shipping: Shipping,
    /// What is wrong or worth knowing about its terms, gravest first.
    pub findings: Vec<TermsFinding>,
    /// The files on which this rests. A changed one voids it.
    pub evidence: Vec<EvidenceFile>,
    /// Until when it holds.
    pub reverify: Reverify,
}

/// A file on which an assessment rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceFile {
    /// Its name, relative to what was vetted.
    pub path: String,
    /// SHA-256 of its bytes; nothing where they could not be read.
    pub digest: Option<Digest>,
}

/// Until when an assessment holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reverify {
    /// The day on which it was made.
    pub made: Date,
    /// The day by which it is to be made again.
    pub by: Date,
    /// Why so soon.
    pub why: String,
}
