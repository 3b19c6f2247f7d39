//! Why `up` cannot start, each with the way out.

use std::{io, net::SocketAddr, path::PathBuf};

use freehold_auditlog::{AppendError, OpenError};
use freehold_engine_local::StartError;
use freehold_store::StoreError;
use freehold_vet::{InventoryError, VetError};

use crate::failure::Hint;

/// Why `up` cannot start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpError {
    /// The data directory or something in it cannot be made or written.
    #[error("cannot write {}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another one runs there.
    #[error("another Freehold{} is using {}", Pid(*pid), path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// Its process, where it could say.
        pid: Option<u32>,
    },
    /// Keys cannot be kept.
    #[error("the key store {} cannot be used", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The log has entries, and what opens them is gone.
    #[error(
        "{} is missing, but the audit log has entries: without it no sealed question or answer in \
         them can be opened again, and no API key of this installation is known",
        missing.display()
    )]
    KeysLost {
        /// The first file that is not there.
        missing: PathBuf,
    },
    /// A new store is wanted where the old one is whole.
    #[error("nothing of the key store {} is missing, so no new one is made", path.display())]
    NothingLost {
        /// The file.
        path: PathBuf,
    },
    /// There is no log, hence there may be no answers.
    #[error("the audit log {} cannot be opened", path.display())]
    Log {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: OpenError,
    },
    /// Something that must be recorded could not be.
    #[error("the start could not be recorded, and what is not recorded does not happen")]
    Record {
        /// Why.
        #[from]
        source: AppendError,
    },
    /// The address cannot be had.
    #[error("the {part} cannot listen on {address}")]
    Listen {
        /// "gateway" or "console".
        part: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Two listeners, one address.
    #[error("gateway and console are both to listen on {address}")]
    OneAddress {
        /// The address.
        address: SocketAddr,
    },
    /// A model did not pass.
    #[error("model `{name}` is not loaded")]
    Refused {
        /// Its name.
        name: String,
        /// The command that admits it, where one would.
        command: String,
        /// Why.
        source: Box<VetError>,
    },
    /// The inventory cannot be used.
    #[error("the inventory of models cannot be used")]
    Inventory {
        /// Why.
        #[from]
        source: InventoryError,
    },
    /// A path without a last part.
    #[error("{} has no name by which to serve it", path.display())]
    NoName {
        /// The path.
        path: PathBuf,
    },
    /// Two models, one name.
    #[error("two models are called `{name}`: {} and another", path.display())]
    SameName {
        /// The name.
        name: String,
        /// The second.
        path: PathBuf,
    },
    /// The model that came with the program is not what it was built with.
    #[error("the built-in model `{name}` does not have the digest it was built with")]
    BuiltIn {
        /// Its name.
        name: &'static str,
    },
    /// The worker did not start.
    #[error("the engine did not start")]
    Engine {
        /// Why.
        #[from]
        source: StartError,
    },
    /// A part stopped or could not be set up.
    #[error("the {part} failed")]
    Part {
        /// Which.
        part: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Hint for UpError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "make room, or name a directory on another disk with `freehold up --dir DIR`"
            }
            Self::Write { .. } => {
                "name a directory that you may write with `freehold up --dir DIR`"
            }
            Self::InUse { .. } => {
                "use that one, stop it, or start beside it with `freehold up --dir DIR --listen \
                 127.0.0.1:0 --console 127.0.0.1:0`"
            }
            Self::Store { .. } => "`freehold doctor` says whether the directory can be used",
            Self::KeysLost { .. } => {
                "put freehold.sqlite and freehold.epoch-keys back from a backup, both from the same \
                 one; if there is none, `freehold up --new-store` goes on with new keys, and the \
                 log records that"
            }
            Self::NothingLost { .. } => "start without `--new-store`",
            Self::Log { source: OpenError::Identity(_), .. } => {
                "put log.key back from a backup. If there is none, this log cannot go on: keep the \
                 folder `log`, which still verifies, under another name, and the next start begins \
                 a new one"
            }
            Self::Log { .. } | Self::Record { .. } => {
                "`freehold audit verify` says what is wrong with the log, `freehold doctor` whether \
                 the disk can be used"
            }
            Self::OneAddress { .. } => {
                "each needs a port of its own: `freehold up --console 127.0.0.1:0` takes a free one"
            }
            Self::Listen { part, source, .. } => return Some(listen_hint(part, source)),
            Self::Refused { source, .. } if matches!(**source, VetError::Read { .. }) => {
                "name a folder with safetensors, or a GGUF file, that you may read"
            }
            Self::Refused { command, source, .. } => return Some(admission_hint(command, source)),
            Self::Inventory { .. } => {
                "`freehold vet list --rebuild` makes it anew from the audit log"
            }
            Self::NoName { .. } => "name the folder or file itself with `--model PATH`",
            Self::SameName { .. } => {
                "give it a name of its own: `[[models]]` with `name` and `path` in freehold.toml"
            }
            Self::BuiltIn { .. } => {
                "remove the folder `models` in the data directory and start again"
            }
            Self::Engine { source } => return Some(engine_hint(source)),
            Self::Part { .. } => return None,
        };
        Some(text.to_owned())
    }
}

fn admission_hint(command: &str, source: &VetError) -> String {
    match source {
        VetError::NotAdmitted { .. } => {
            format!("`{command}` reads every byte and signs it off; then start again")
        }
        VetError::Changed { .. } | VetError::Added { .. } | VetError::Missing { .. } => {
            format!("restore it, or sign off what is there now with `{command}`")
        }
        VetError::Due { .. } | VetError::Revoked { .. } => {
            format!("start without it, or sign it off anew with `{command}`")
        }
        _ => "start without it, or with a copy that holds only the model".to_owned(),
    }
}

fn engine_hint(source: &StartError) -> String {
    let text = match source {
        StartError::Memory { .. } => {
            "end other programs, serve fewer models, or lower `context` and `parallel` in [engine] \
             of freehold.toml"
        }
        StartError::Convert { .. } | StartError::Parts { .. } | StartError::NoTemplate { .. } => {
            "start without this model, or with a folder or GGUF file of a known family"
        }
        _ => "`freehold doctor` starts a worker and says what is in force",
    };
    text.to_owned()
}

fn listen_hint(part: &str, source: &io::Error) -> String {
    let flag = if part == "console" { "--console" } else { "--listen" };
    match source.kind() {
        io::ErrorKind::AddrInUse => format!(
            "another program has this port; take a free one with `freehold up {flag} 127.0.0.1:0`"
        ),
        io::ErrorKind::PermissionDenied => {
            format!("ports below 1024 need a privilege; try `freehold up {flag} 127.0.0.1:8484`")
        }
        _ => format!("name an address of this machine: `freehold up {flag} 127.0.0.1:0`"),
    }
}

struct Pid(Option<u32>);

impl std::fmt::Display for Pid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |pid| write!(f, " (process {pid})"))
    }
}
