//! What a bill of materials is made of. What is not known is `None` or empty, and stays out.

use freehold_types::{Digest, Timestamp};

/// One model, as it lies in one folder or file.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its name: `owner/name` where it has one, else the folder's.
    pub name: String,
    /// Version or revision, where one is known.
    pub version: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// One sentence.
    pub description: Option<String>,
    /// Every file, sorted by path.
    pub files: Vec<File>,
    /// Weights, code and data, each with its own licences.
    pub layers: Layers,
    /// What the model card and the configuration say.
    pub card: Card,
    /// What it was made from, nearest first.
    pub parents: Vec<Parent>,
    /// Where more is to be found.
    pub references: Vec<Reference>,
    /// The day on which it was released, `2026-11-23`, where that is known.
    pub released: Option<String>,
    /// Components of the Model Openness Framework that the release has; others count as missing.
    pub components: Vec<Component>,
    /// More facts as name and value, for `properties` (`freehold:verdict`, `freehold:mof-class`).
    pub facts: Vec<(String, String)>,
    /// When the document is made: passed in, so that the same input gives the same bytes.
    pub made: Timestamp,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative to the model's folder, `/` between parts.
    pub path: String,
    /// SHA-256 of its bytes; `None` where they could not be read.
    pub digest: Option<Digest>,
    /// Its length.
    pub bytes: u64,
    /// The layer it belongs to, where that is known.
    pub layer: Option<Layer>,
}

/// One of three layers, each under its own terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Weights and what is needed to load them.
    Weights,
    /// Code.
    Code,
    /// Training data.
    Data,
}

impl Layer {
    /// `weights`, `code`, `data`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Code => "code",
            Self::Data => "data",
        }
    }
}

/// The licences of each layer. Empty: not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    /// Of the weights.
    pub weights: Vec<Licence>,
    /// Of the code.
    pub code: Vec<Licence>,
    /// Of the training data.
    pub data: Vec<Licence>,
}

impl Layers {
    /// The three, with their licences.
    pub fn all(&self) -> [(Layer, &[Licence]); 3] {
        [(Layer::Weights, &self.weights), (Layer::Code, &self.code), (Layer::Data, &self.data)]
    }
}

/// A licence of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// An SPDX identifier or expression; `None` where SPDX's list has no such licence.
    pub spdx: Option<String>,
    /// Its name for people; of a licence without an SPDX identifier, what stands in its place.
    pub name: String,
    /// Where its text is published.
    pub url: Option<String>,
    /// Who says so.
    pub declared: Declared,
    /// The file it was found in, relative to the model's folder.
    pub file: Option<String>,
}

/// Who says that a licence holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// The publisher: in the card's metadata.
    ByPublisher,
    /// We: the text was read and recognised.
    ByText,
}

/// What card and configuration say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Task, as the card's `pipeline_tag` names it: `text-generation`.
    pub task: Option<String>,
    /// Family: `llama`, as the configuration's `model_type` names it.
    pub family: Option<String>,
    /// Architecture: `LlamaForCausalLM`.
    pub architecture: Option<String>,
    /// Data sets that the card names.
    pub datasets: Vec<Dataset>,
    /// Languages, as the card names them.
    pub languages: Vec<String>,
    /// Tags of the card.
    pub tags: Vec<String>,
    /// Number of parameters.
    pub parameters: Option<u64>,
    /// Longest context in tokens.
    pub context: Option<u64>,
    /// Hyper-parameters as the configuration names them (`hidden_size`, `2048`).
    pub hyperparameters: Vec<(String, String)>,
    /// Which formats it reads: `text`.
    pub inputs: Vec<String>,
    /// Which formats it writes.
    pub outputs: Vec<String>,
    /// Uses that the publisher intends.
    pub uses: Vec<String>,
    /// Limits that the publisher names.
    pub limitations: Vec<String>,
}

/// A data set that a card names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Its name, as the card has it.
    pub name: String,
    /// Where it is.
    pub url: Option<String>,
}

/// What a model was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub name: String,
    /// How the model was made from it, where that is said.
    pub relation: Option<Relation>,
    /// Where it is.
    pub url: Option<String>,
    /// SPDX identifiers or names of its licences; empty where they are not known.
    pub licences: Vec<Licence>,
}

/// How a model was made from another, as Hugging Face's `base_model_relation` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `adapter`
    Adapter,
    /// `merge`
    Merge,
    /// `quantized`
    Quantized,
    /// `finetune`
    Finetune,
}

impl Relation {
    /// As the card's metadata write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adapter => "adapter",
            Self::Merge => "merge",
            Self::Quantized => "quantized",
            Self::Finetune => "finetune",
        }
    }
}

/// Where more is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// CycloneDX's type: `distribution`, `documentation`, `license`, `model-card`, `vcs`, `website`.
    pub kind: &'static str,
    /// The address.
    pub url: String,
}

/// A component of the Model Openness Framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its name in the framework: `Model parameters (Final)`.
    pub name: String,
    /// Where it is: a file, or an address. Empty where it was not released.
    pub location: String,
    /// Its licence, SPDX's identifier where there is one. Empty where none is known.
    pub licence: String,
    /// Where the licence's text is. Empty where that is not known.
    pub licence_path: String,
}
