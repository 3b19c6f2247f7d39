//! Why there is no advice, each with the way out.

use std::{io, path::PathBuf};

use freehold_config::{ChoicesError, ConfigError, nearest};
use freehold_fit::{ProfileError, QUESTIONS, WeightsError, position};

use crate::{commands::audit::AuditError, failure::Hint};

/// Why `freehold fit` cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FitError {
    /// Nothing was answered, and nobody can be asked.
    #[error("no answers were given, and there is no terminal to ask in")]
    NoTerminal,
    /// Whoever was asked left.
    #[error("stopped before the last question; nothing was written")]
    Left {
        /// The arguments that go on from here.
        resume: String,
    },
    /// Answers that mean nothing, or contradict each other.
    #[error("these answers cannot be used")]
    Answers {
        /// Why.
        #[from]
        source: ProfileError,
    },
    /// A file of answers that cannot be used.
    #[error("the file of answers cannot be used")]
    File {
        /// Why.
        #[from]
        source: ChoicesError,
    },
    /// Weights that cannot be reckoned with.
    #[error("these weights cannot be used")]
    Weights {
        /// Why.
        #[from]
        source: WeightsError,
    },
    /// The answers cannot be written.
    #[error("the answers were not written to {}", path.display())]
    Save {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of that name is there.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The configuration of the installation does not hold.
    #[error("what is declared about backends cannot be read")]
    Config {
        /// Why.
        #[from]
        source: ConfigError,
    },
    /// The record of the installation cannot be read.
    #[error("nothing can be measured")]
    Record {
        /// Why.
        #[from]
        source: AuditError,
    },
}

impl Hint for FitError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoTerminal => {
                "answer with `--answer QUESTION=ANSWER` or `--from FILE`; `freehold fit --questions` \
                 lists what is asked"
                    .to_owned()
            }
            Self::Left { resume } => format!("go on with `freehold fit --ask{resume}`"),
            Self::Answers { source } => near(source),
            Self::File { source: ChoicesError::Unreadable { .. } } => {
                "check the name and the permissions".to_owned()
            }
            Self::File { .. } => "`freehold fit --questions` lists what is asked".to_owned(),
            Self::Weights { source: WeightsError::Twice { .. } } => "keep one of the two".to_owned(),
            Self::Weights { .. } => "give `--weight DRIVER=NUMBER` for one driver at least".to_owned(),
            Self::Save { .. } => "name a folder that is there and may be written to".to_owned(),
            Self::Exists { .. } => "name another file, or remove that one first".to_owned(),
            Self::Config { source } => return source.hint(),
            Self::Record { source } => return source.hint(),
        })
    }
}

fn near(error: &ProfileError) -> String {
    let close = match error {
        ProfileError::UnknownQuestion { question, .. } => {
            nearest(question, QUESTIONS.iter().map(|question| question.id))
        }
        ProfileError::UnknownAnswer { question, answer, .. } => {
            let answers = position(question).map_or(&[][..], |at| QUESTIONS[at].answers);
            nearest(answer, answers.iter().map(|answer| answer.id))
        }
        ProfileError::Contradiction { .. } => {
            return "keep one of the two".to_owned();
        }
    };
    match close.as_slice() {
        [] => "`freehold fit --questions` lists what is asked".to_owned(),
        close => format!("did you mean {}?", close.join(" or ")),
    }
}
