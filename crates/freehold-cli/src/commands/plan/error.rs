//! Why there is no plan, and the way out.

use std::{io, path::PathBuf};

use freehold_catalog::CatalogError;
use freehold_plan::{
    Unknown,
    ask::AskError,
    calibrate::{CalibrateError, Refused},
    machine::MachineError,
    report::PlanError,
    subject::UnknownSubject,
};

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
            Self::Plan(error) => way_out(error),
            Self::Measurements { source: CalibrateError::Lengths { .. }, .. } => Some(
                "add `input_len` and `output_len`, the tokens of a prompt and of an answer, at the \
                 top of the file"
                    .to_owned(),
            ),
            Self::File { source: AskError::UnknownKey { close, .. }, .. }
            | Self::Answer(AskError::UnknownKey { close, .. })
                if !close.is_empty() =>
            {
                Some(format!("close names: {}", close.join(", ")))
            }
            Self::NoFigure { names, .. } => Some(format!("there are: {}", names.join("; "))),
            Self::Answer(_) => Some("`freehold plan --help` says what each can be".to_owned()),
            Self::File { .. } | Self::Shape { .. } => {
                Some("the keys are the flags of `freehold plan --help`".to_owned())
            }
            _ => None,
        }
    }
}

/// What to do where no name is close.
fn way_out(error: &PlanError) -> Option<String> {
    Some(match error {
        PlanError::Contradiction(error) => error.way_out().to_owned(),
        PlanError::Subject(UnknownSubject::Model { .. }) => {
            "`freehold catalog search` shows the models that there are".to_owned()
        }
        PlanError::Subject(UnknownSubject::Hardware { .. }) => {
            "`freehold catalog hardware` shows what there is".to_owned()
        }
        PlanError::Machine(MachineError::Unknown { source: Unknown::Memory, .. }) => {
            "a processor does not fix it: say how much the machine has, as in `--ram 256`".to_owned()
        }
        PlanError::Machine(MachineError::Refused(refused)) => match refused {
            Refused::NoModel => {
                "name the model that was measured: `freehold plan MODEL --on HARDWARE --calibrate FILE`"
                    .to_owned()
            }
            Refused::OtherModel { found, planned, .. } => format!(
                "plan `{found}`, or measure `{planned}`; where both are the same model under two \
                 names, write the plan's into the file"
            ),
            Refused::Implausible { .. } => {
                "measure again on this hardware, or name with --on what it was measured on".to_owned()
            }
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use freehold_catalog::Catalog;
    use freehold_plan::{ask::Ask, report::Plan};

    use super::*;

    #[test]
    fn names_that_nothing_is_close_to_have_a_way_out() {
        let check = |key: &str, name: &str, hint: &str| {
            let mut ask = Ask::default();
            ask.set(key, name).unwrap();
            let error = Plan::of(Catalog::embedded().unwrap(), &ask, &[]).unwrap_err();
            let found = PlanFailure::Plan(error).hint().unwrap_or_default();
            assert!(found.contains(hint), "{name}: {found}");
        };
        check("on", "zzz", "freehold catalog hardware");
        check("model", "zzz", "freehold catalog search");
        check("rank", "8", "fine-tune");
    }
}
