//! Why a model is not admitted, each with the way out.

use std::{io, path::PathBuf};

use freehold_artifact::{
    gguf::GgufError,
    safetensors::{IndexError, SafetensorsError},
    sentencepiece::SentencePieceError,
};
use freehold_catalog::Date;
use freehold_types::{Digest, Principal};

use crate::inventory::InventoryError;

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
    /// Nobody signed it off.
    #[error("nobody admitted {}", path.display())]
    NotAdmitted {
        /// The folder or file.
        path: PathBuf,
    },
    /// Its admission was taken back.
    #[error("the admission of {} was revoked by {}: {reason}", path.display(), by.0)]
    Revoked {
        /// The folder or file.
        path: PathBuf,
        /// Who revoked it.
        by: Principal,
        /// Why.
        reason: String,
    },
    /// It must be verified again.
    #[error("{} was admitted until {until} and must be verified again", path.display())]
    Due {
        /// The folder or file.
        path: PathBuf,
        /// The last day.
        until: Date,
    },
    /// A file that was not there at admission.
    #[error("{} was not there when the model was admitted; move it out or have the model admitted anew", path.display())]
    Added {
        /// The file.
        path: PathBuf,
    },
    /// A file that was there at admission.
    #[error("{} was there when the model was admitted and is not now; restore it or have the model admitted anew", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It does not come with the program.
    #[error("{} is not a model that comes with this program", path.display())]
    NotShipped {
        /// The folder.
        path: PathBuf,
    },
    /// The inventory cannot be used.
    #[error(transparent)]
    Inventory(#[from] Box<InventoryError>),
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

impl From<InventoryError> for VetError {
    fn from(error: InventoryError) -> Self {
        Self::Inventory(Box::new(error))
    }
}
