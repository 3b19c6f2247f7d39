//! The rules of the scanner: stable names, how bad each is, and the words that explain it.

mod formats;
mod further;
mod table;

use std::sync::LazyLock;

pub use formats::*;
pub use further::*;
pub use table::*;

use crate::finding::Severity;

/// One rule. Its name never changes its meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name: `family/name`.
    pub name: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// One line that says what was found.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub way_out: &'static str,
}

/// All rules, by family.
pub static ALL: LazyLock<Vec<&'static Rule>> =
    LazyLock::new(|| table::ALL.into_iter().chain(formats::FORMATS).chain(FURTHER).collect());

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
