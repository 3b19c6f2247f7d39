//! Why a model cannot be converted.

use std::io;

use freehold_artifact::{
    safetensors::{Dtype, IndexError, SafetensorsError},
    sentencepiece::SentencePieceError,
};

/// Why a model cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// No converter for this architecture.
    #[error("architecture `{found}` is not known; known are {}", known.join(", "))]
    UnknownArchitecture {
        /// What `config.json` says.
        found: String,
        /// What can be converted.
        known: Vec<&'static str>,
    },
    /// A file that every model of the kind has.
    #[error("`{file}` is missing; fetch it from the model's publisher")]
    MissingFile {
        /// Its name in the model's folder.
        file: String,
    },
    /// A file that is not JSON of the expected shape.
    #[error("`{file}` cannot be read")]
    Json {
        /// Its name in the model's folder.
        file: String,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// Broken safetensors.
    #[error("`{file}` is not valid safetensors")]
    Safetensors {
        /// Its name in the model's folder.
        file: String,
        /// What is wrong.
        #[source]
        source: SafetensorsError,
    },
    /// A broken shard index.
    #[error("the shard index cannot be used")]
    Index(#[source] IndexError),
    /// A broken `tokenizer.model`.
    #[error("`tokenizer.model` cannot be read")]
    SentencePiece(#[source] SentencePieceError),
    /// `config.json` lacks a setting.
    #[error("`config.json` lacks `{key}`")]
    MissingSetting {
        /// The setting.
        key: &'static str,
    },
    /// A setting that the engine would not honour; converting would change the answers.
    #[error("`{setting}` is {found}; the engine computes this family with {supported} only")]
    Unsupported {
        /// The setting, and the file where it is not `config.json`.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What can be converted.
        supported: &'static str,
    },
    /// A tensor that the architecture needs.
    #[error("tensor `{name}` is missing")]
    MissingTensor {
        /// Its name in the safetensors.
        name: String,
    },
    /// A tensor that the architecture does not have: dropping it would change the model.
    #[error("tensor `{name}` is not part of architecture `{architecture}`")]
    UnexpectedTensor {
        /// Its name in the safetensors.
        name: String,
        /// The architecture.
        architecture: &'static str,
    },
    /// A tensor of another shape than `config.json` says.
    #[error("tensor `{name}` has shape {found:?}, `config.json` says {expected:?}")]
    Shape {
        /// Its name in the safetensors.
        name: String,
        /// The shape by `config.json`.
        expected: Vec<u64>,
        /// The shape in the file.
        found: Vec<u64>,
    },
    /// Elements that are no floating-point numbers of 16, 32 or 64 bits (quantized weights).
    #[error(
        "tensor `{name}` holds {found:?}; take the publisher's BF16, F16 or F32 weights, or a GGUF"
    )]
    ElementType {
        /// Its name in the safetensors.
        name: String,
        /// The type.
        found: Dtype,
    },
    /// A tokenizer of a kind that the engine has no twin of.
    #[error("the tokenizer's {part} is `{found}`, which the engine cannot reproduce")]
    UnknownTokenizer {
        /// Model, normalizer, pre-tokenizer or decoder.
        part: &'static str,
        /// What the file says.
        found: String,
    },
    /// More tokens than rows of the embedding.
    #[error("token id {id} does not fit in the vocabulary of {vocabulary} that `config.json` says")]
    TokenOutOfRange {
        /// The id.
        id: u64,
        /// Rows of the embedding.
        vocabulary: u64,
    },
    /// The output could not be written.
    #[error("the GGUF could not be written")]
    Write(#[source] io::Error),
}
