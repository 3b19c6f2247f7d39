//! An open model as the catalogue knows it.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{DataOpenness, Date, Fact, Geometry, LicenceId, QuantisationId, SourceId};

/// A model's Hugging Face repository, `publisher/name`; the key by which sources are joined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(pub String);

/// A model. Names are labels; everything else is a fact, and what is absent is not confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The repository.
    pub id: ModelId,
    /// Other repositories or names by which people know it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// Who publishes it.
    #[serde(default)]
    pub publisher: String,
    /// The family, as in `Llama 3.1`.
    #[serde(default)]
    pub family: String,
    /// What it is made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purposes: Option<Fact<BTreeSet<Purpose>>>,
    /// The day of its release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Fact<Date>>,
    /// All parameters, as a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Fact<u64>>,
    /// Parameters that one token uses; for a dense model, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_parameters: Option<Fact<u64>>,
    /// Its shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<Fact<Geometry>>,
    /// The longest context that the publisher supports, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Fact<u64>>,
    /// What it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Fact<BTreeSet<Modality>>>,
    /// What it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Fact<BTreeSet<Modality>>>,
    /// Languages that the publisher supports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Fact<Languages>>,
    /// What it was trained to do besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Fact<BTreeSet<Capability>>>,
    /// In which forms the publisher gives its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantisations: Option<Fact<Vec<Published>>>,
    /// What it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_model: Option<Fact<BaseModel>>,
    /// The three layers of openness, apart.
    #[serde(default)]
    pub licence: Layers,
    /// Published scores.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Score>,
}

/// Weights, code and data, each with its own openness.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layers {
    /// The licence of the weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Fact<LicenceId>>,
    /// The licence of the publisher's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Fact<LicenceId>>,
    /// The training data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Fact<DataOpenness>>,
}

/// What a model is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Following instructions in general.
    Chat,
    /// Going on with a text; to be tuned.
    Base,
    /// Writing and changing programs.
    Code,
    /// Mathematics and proofs.
    Maths,
    /// Vectors for search.
    Embedding,
    /// Ordering what a search found.
    Reranking,
    /// Speech to text.
    Transcription,
    /// Text to speech.
    Speech,
    /// Making or changing pictures.
    Image,
    /// Making films.
    Video,
    /// Reading documents and pictures of text.
    Documents,
    /// Translating.
    Translation,
    /// Judging whether a text is harmful.
    Safety,
}

/// What can go in or come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Text.
    Text,
    /// Pictures.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Vectors (of an embedding model).
    Vector,
}

/// What a model was trained to do besides answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Calling tools.
    Tools,
    /// Reasoning before the answer.
    Reasoning,
    /// Answers in a given form (JSON Schema).
    StructuredOutput,
}

/// Languages, as far as they are named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Languages {
    /// Those that are named, as ISO 639-1 codes (ISO 639-3 where there is none).
    pub named: BTreeSet<String>,
    /// How many there are by the publisher's count, where that is more than it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// Weights in one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The form.
    pub format: QuantisationId,
    /// The repository, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ModelId>,
    /// Bytes of all weight files, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// What a model was made from, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseModel {
    /// The repository.
    pub id: ModelId,
    /// How.
    pub relation: Relation,
}

/// How a model was made from another, in the Hub's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Trained further.
    Finetune,
    /// Trained on the other's outputs, from this base.
    Distilled,
    /// With an adapter.
    Adapter,
    /// Merged from several.
    Merge,
    /// In fewer bits.
    Quantized,
}

/// One published score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Which benchmark, by its name in the catalogue.
    pub benchmark: String,
    /// The score.
    pub score: f64,
    /// What it counts, as in `percent correct`.
    pub metric: String,
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
    /// Under which conditions: shots, effort, harness, version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the model's own publisher measured it.
    #[serde(default)]
    pub own: bool,
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
