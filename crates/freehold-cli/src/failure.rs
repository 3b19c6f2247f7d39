//! What a command ends with.

use std::{error::Error, process::ExitCode};

/// How a command that could answer ended.
pub(crate) enum Answer {
    /// Yes, or nothing wrong.
    Clean,
    /// No, or something is wrong; the command has shown what.
    Findings,
    /// The hidden worker's own exit code.
    Worker(ExitCode),
}

/// An error that may know the way out.
pub(crate) trait Hint: Error {
    /// What to do, naming a command or a flag that exists.
    fn hint(&self) -> Option<String>;
}

/// Why a command could not answer. Deliberately no [`Error`] itself, so that `?` makes one of any
/// error that offers hints.
pub(crate) struct Failure {
    /// What failed; its sources are the causes.
    pub error: Box<dyn Error + Send + Sync>,
    /// The way out.
    pub hint: Option<String>,
}

impl<E: Hint + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let hint = error.hint();
        Self { error: Box::new(error), hint }
    }
}
