//! Why a key verb cannot answer, each with the way out.

use std::{io, path::PathBuf};

use freehold_store::StoreError;

use crate::failure::Hint;

/// Why a key verb cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    /// No Freehold ever ran there.
    #[error("there are no keys in {}", path.display())]
    NoStore {
        /// The data directory.
        path: PathBuf,
    },
    /// The keys cannot be read.
    #[error("the key store {} cannot be used", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// A Freehold runs there and does not answer.
    #[error("the running Freehold does not answer at {}", path.display())]
    Ask {
        /// Its socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A Freehold runs there and could not do it.
    #[error("the running Freehold could not do it: {reason}")]
    Refused {
        /// Its words.
        reason: String,
    },
    /// It answered something else.
    #[error("the running Freehold answered something else than it was asked")]
    Odd,
}

impl Hint for KeyError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoStore { .. } => {
                "`freehold up` makes the first one; name another directory with `--dir DIR`"
            }
            Self::Store { .. } => "`freehold doctor` says whether the directory can be used",
            Self::Ask { .. } => {
                "try again if it is just starting or stopping; only its own user and root are heard"
            }
            Self::Refused { .. } => "`freehold doctor` says whether log and disk can be used",
            Self::Odd => "stop it and start this version with `freehold up`",
        };
        Some(text.to_owned())
    }
}
