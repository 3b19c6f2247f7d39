//! Why the catalogue cannot answer.

use std::{io, path::PathBuf};

use freehold_catalog::{CatalogError, SearchError};

use crate::failure::Hint;

/// Why the catalogue cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogFailure {
    /// What is compiled in is malformed, which a test excludes.
    #[error("the catalogue of this program is malformed")]
    Embedded {
        /// How.
        source: &'static CatalogError,
    },
    /// The overlay cannot be read.
    #[error("cannot read the overlay {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The overlay does not hold.
    #[error("the overlay {} does not hold", path.display())]
    Overlay {
        /// The file.
        path: PathBuf,
        /// Why.
        source: CatalogError,
    },
    /// There is no such model.
    #[error("there is no model `{name}` in the catalogue")]
    NoModel {
        /// The name.
        name: String,
        /// At most three close names.
        close: Vec<String>,
    },
    /// There is no such hardware.
    #[error("there is no hardware `{name}` in the catalogue")]
    NoHardware {
        /// The name.
        name: String,
        /// At most three close names.
        close: Vec<String>,
    },
    /// There is no such task class or licence.
    #[error("there is no {kind} `{name}` in the catalogue")]
    NoSuch {
        /// What was looked for.
        kind: &'static str,
        /// The verb that lists them.
        verb: &'static str,
        /// The name.
        name: String,
    },
    /// The search names what is not there.
    #[error("the search cannot be done")]
    Search {
        /// What.
        #[from]
        source: SearchError,
    },
}

impl Hint for CatalogFailure {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Embedded { .. } => None,
            Self::Unreadable { .. } => Some("check the name and the permissions".to_owned()),
            Self::Overlay { .. } => {
                Some("its form is described in docs/reference/catalog.md".to_owned())
            }
            Self::NoModel { close, .. } => Some(did_you_mean(close, "search")),
            Self::NoHardware { close, .. } => Some(did_you_mean(close, "hardware")),
            Self::NoSuch { verb, .. } => Some(lists_them(verb)),
            Self::Search { source } => match source {
                SearchError::Task { known, .. } | SearchError::Form { known, .. } => {
                    Some(format!("there are: {}", known.join(", ")))
                }
                SearchError::Hardware { close, .. } => Some(did_you_mean(close, "hardware")),
                SearchError::HardwareMemory { .. } => {
                    Some("say how much memory there is with `--memory 24GB`".to_owned())
                }
                SearchError::Region { .. }
                | SearchError::Share { .. }
                | SearchError::None { .. }
                | SearchError::Memory { .. }
                | SearchError::Language { .. } => source.hint(),
            },
        }
    }
}

fn did_you_mean(close: &[String], verb: &str) -> String {
    match close {
        [] => lists_them(verb),
        close => format!("did you mean {}?", close.join(", ")),
    }
}

fn lists_them(verb: &str) -> String {
    format!("`freehold catalog {verb}` lists them")
}
