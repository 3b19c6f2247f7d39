//! Why the log cannot be read, each with the way out.

use std::{error::Error, io, path::PathBuf};

use freehold_auditlog::{ExportError, OpenError, ReadError};
use freehold_store::StoreError;

use crate::failure::Hint;

/// Why an audit verb cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuditError {
    /// Nothing was ever recorded there.
    #[error("there is no audit log in {}", path.display())]
    NoLog {
        /// The data directory.
        path: PathBuf,
    },
    /// The log is there and cannot be opened.
    #[error("the audit log {} cannot be opened", path.display())]
    Open {
        /// The log.
        path: PathBuf,
        /// Why.
        source: OpenError,
    },
    /// An entry cannot be read.
    #[error("the audit log cannot be read")]
    Read {
        /// Why.
        #[from]
        source: ReadError,
    },
    /// The keys that open bodies cannot be had.
    #[error("the key store {} cannot be used", path.display())]
    Keys {
        /// The store.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A key that is none.
    #[error("{} holds no verifier key", path.display())]
    Vkey {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Nothing was exported, or not all.
    #[error("the log was not exported")]
    Export {
        /// Why.
        #[from]
        source: ExportError,
    },
}

impl Hint for AuditError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoLog { .. } => {
                "`freehold up` begins one; name another directory with `--dir DIR`"
            }
            Self::Open { .. } | Self::Read { .. } => "`freehold audit verify` says what is wrong",
            Self::File { .. } => "check the name and the permissions",
            Self::Vkey { .. } => "name the file `log.vkey` that the log's owner gave you",
            Self::Export { source: ExportError::NotEmpty { .. } } => {
                "name a folder that does not exist yet: `freehold audit export DIR`"
            }
            Self::Export { .. } => "`freehold audit verify` says what is wrong with the log",
            Self::Keys { .. } => "`freehold doctor` says whether the directory can be used",
        };
        Some(text.to_owned())
    }
}
