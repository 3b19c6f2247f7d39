//! How a chore ends when it does not end well.

/// What a chore returns.
pub type Done = Result<(), Failure>;

/// Why a chore stopped, and the exit code that says so to a script.
#[derive(Debug)]
pub struct Failure {
    /// 1: the answer is no. 2: it could not be tried.
    pub code: u8,
    /// What a person reads; empty where everything has been said already.
    pub text: String,
}

impl Failure {
    /// The chore ran and the answer is no.
    pub fn no(text: impl Into<String>) -> Self {
        Self { code: 1, text: text.into() }
    }

    /// The chore could not be done: something is missing or broken around it.
    pub fn unable(text: impl Into<String>) -> Self {
        Self { code: 2, text: text.into() }
    }

    /// The chore was called wrongly.
    pub fn usage(text: impl Into<String>) -> Self {
        Self { code: 2, text: text.into() }
    }
}
