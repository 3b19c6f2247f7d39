//! Why a model is not admitted, each with the way out.

use std::{io, path::PathBuf};

use freehold_artifact::{
    gguf::GgufError,
    safetensors::{IndexError, SafetensorsError},
    sentencepiece::SentencePieceError,
};
use freehold_types::Digest;

/// Why a model is not admitted, or may no longer be loaded.
#[derive(Debug, thiserror::Error)]
pub enum VetError {
    /// The file system said no.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// A device, a pipe or a socket.
    #[error("{} is neither a file nor a folder; only plain files are admitted", path.display())]
    NotAFile {
        /// What was found.
        path: PathBuf,
    },
    /// A link to outside.
    #[error(
        "{} is a link that leaves the model's folder; copy the folder with its links resolved \
         (`cp -rL`) and admit the copy",
        path.display()
    )]
    LeavesFolder {
        /// The link.
        path: PathBuf,
    },
    /// A name that a manifest cannot hold.
    #[error("{} has a name that is not plain UTF-8 text; rename it", path.display())]
    Name {
        /// The file.
        path: PathBuf,
    },
    /// More than a model's folder holds.
    #[error("{} holds more than {limit} files or folders deeper than {depth}; point at the model's own folder", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The most files.
        limit: usize,
        /// The deepest folder.
        depth: usize,
    },
    /// It could run code when loaded, or hides what it holds.
    #[error("{} is {what}: {reason}. {way_out}", path.display())]
    Forbidden {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
        /// Why that is not admitted.
        reason: &'static str,
        /// What to do.
        way_out: &'static str,
    },
    /// Neither weights, configuration nor text.
    #[error(
        "{} is nothing that a model needs (known: safetensors, GGUF, JSON, SentencePiece and \
         text); move it out of the folder",
        path.display()
    )]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// Broken or hostile safetensors.
    #[error("{} is not valid safetensors; fetch it again from its publisher", path.display())]
    Safetensors {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: SafetensorsError,
    },
    /// Broken or hostile GGUF.
    #[error("{} is not valid GGUF; fetch it again from its publisher", path.display())]
    Gguf {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: GgufError,
    },
    /// A broken `tokenizer.model`.
    #[error("{} is not a valid tokenizer model; fetch it again from its publisher", path.display())]
    SentencePiece {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: SentencePieceError,
    },
    /// Broken JSON.
    #[error("{} is not valid JSON; fetch it again from its publisher", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// A broken shard index.
    #[error("{} is not a usable shard index; fetch it again from its publisher", path.display())]
    Index {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: IndexError,
    },
    /// The set of files makes no model.
    #[error("{} is not a model: {lack}", path.display())]
    Incomplete {
        /// The folder or file.
        path: PathBuf,
        /// What is missing or too much.
        lack: Lack,
    },
    /// A byte changed since admission.
    #[error(
        "{} changed after it was admitted (was {admitted}, is {found}); restore it or have the \
         model admitted anew",
        path.display()
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// Its digest at admission.
        admitted: Digest,
        /// Its digest now.
        found: Digest,
    },
}

/// What keeps a set of files from being a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// No weights.
    #[error("it holds no safetensors or GGUF weights")]
    Weights,
    /// Both formats.
    #[error(
        "it holds safetensors and GGUF weights; keep one of the two, or point at the GGUF file"
    )]
    OneFormat,
    /// A file that the format needs.
    #[error("`{0}` is missing")]
    File(String),
    /// One safetensors file by itself.
    #[error("safetensors weights need their configuration and tokenizer; point at their folder")]
    Folder,
}
