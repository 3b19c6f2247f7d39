//! Why there is no plan, and the way out.

use std::{io, path::PathBuf};

use freehold_catalog::CatalogError;
use freehold_plan::{ask::AskError, calibrate::CalibrateError, report::PlanError};

use crate::failure::Hint;

/// Why `freehold plan` could not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanFailure {
    /// The catalogue that is compiled in does not hold; a test rules it out.
    #[error("the catalogue does not hold")]
    Catalog(#[source] &'static CatalogError),
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no TOML.
    #[error("{} is no TOML", path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A value in the file is no answer.
    #[error("{} does not hold", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: AskError,
    },
    /// A value in the file is a table or a list.
    #[error("{}: `{key}` is neither a text nor a number", path.display())]
    Shape {
        /// Which.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// The file holds no measurements that are known.
    #[error("no measurements can be read from {}", path.display())]
    Measurements {
        /// Which.
        path: PathBuf,
        /// Why.
        source: CalibrateError,
    },
    /// A flag's value is no answer.
    #[error(transparent)]
    Answer(AskError),
    /// Something is not in the catalogue.
    #[error(transparent)]
    Plan(PlanError),
    /// No figure has such a name.
    #[error("no figure of this plan has `{part}` in its name")]
    NoFigure {
        /// The text.
        part: String,
        /// Names that there are.
        names: Vec<String>,
    },
}

impl Hint for PlanFailure {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Plan(error) if !error.close().is_empty() => {
                Some(format!("close names: {}", error.close().join(", ")))
            }
            Self::File { source: AskError::UnknownKey { close, .. }, .. }
            | Self::Answer(AskError::UnknownKey { close, .. })
                if !close.is_empty() =>
            {
                Some(format!("close names: {}", close.join(", ")))
            }
            Self::NoFigure { names, .. } => Some(format!("there are: {}", names.join("; "))),
            Self::File { .. } | Self::Shape { .. } => {
                Some("the keys are the flags of `freehold plan --help`".to_owned())
            }
            _ => None,
        }
    }
}
