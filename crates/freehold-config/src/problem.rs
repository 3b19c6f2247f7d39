//! What can be wrong with a configuration, and the picture that shows where.

use std::{fmt, io, path::PathBuf};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The configuration has problems; all that were found.
    #[error("{}", Pictures { of: "configuration", problems })]
    Problems {
        /// In the order of the file.
        problems: Vec<Problem>,
    },
}

impl ConfigError {
    /// The problems, where the file could be read.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Unreadable { .. } => &[],
            Self::Problems { problems } => problems,
        }
    }
}

/// One thing that is wrong, and where. Shown with the line and a caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: ProblemKind,
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the file.
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// The line's text.
        text: String,
        /// How many characters the caret covers.
        width: usize,
    },
    /// In an environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
    /// In a flag.
    Flag {
        /// Its name with the dashes.
        flag: String,
    },
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// Not TOML.
    #[error("not valid TOML: {detail}")]
    Syntax {
        /// What the parser says.
        detail: String,
    },
    /// A name that means nothing here.
    #[error("unknown {what} `{name}`{}", In(within))]
    Unknown {
        /// "key", "section" or "variable".
        what: &'static str,
        /// The name that was found.
        name: String,
        /// The section or list in which it was found; empty at the top.
        within: String,
        /// At most three known names that are close.
        near: Vec<String>,
    },
    /// A value that the key cannot have.
    #[error("`{key}` is {found}; expected {expected}")]
    Invalid {
        /// The key.
        key: String,
        /// What was found.
        found: String,
        /// What it may be.
        expected: String,
    },
    /// A key that must be there.
    #[error("`{key}` is missing{}", In(within))]
    Missing {
        /// The key.
        key: String,
        /// The section or list.
        within: String,
    },
    /// A name given twice.
    #[error("{what} `{name}` is declared twice")]
    Twice {
        /// What carries the name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two keys that exclude each other.
    #[error("`{one}` and `{other}` exclude each other; keep one")]
    Both {
        /// The first.
        one: &'static str,
        /// The second.
        other: &'static str,
    },
    /// The variable that should hold a secret is not set.
    #[error("environment variable `{variable}` is not set")]
    NotSet {
        /// Its name.
        variable: String,
    },
    /// The file that should hold a secret cannot be read, or is empty.
    #[error("cannot read {}: {reason}", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl ProblemKind {
    /// What would help, where something is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { near, .. } if !near.is_empty() => {
                let names: Vec<_> = near.iter().map(|name| format!("`{name}`")).collect();
                Some(format!("did you mean {}?", names.join(" or ")))
            }
            Self::Missing { key, within } if key == "schema" && within.is_empty() => {
                Some("write `schema = 1` as the first line".to_owned())
            }
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column, .. } => {
                write!(f, "{}:{line}:{column}", path.display())
            }
            Self::Environment { variable } => write!(f, "environment variable {variable}"),
            Self::Flag { flag } => write!(f, "flag {flag}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)?;
        if let Place::File { line, column, text, width, .. } = &self.place {
            let (text, column, width) = window(text, *column, *width);
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            write!(f, "\n {margin} |\n {number} | {text}")?;
            write!(f, "\n {margin} | {}{}", " ".repeat(column), "^".repeat(width))?;
        }
        match self.kind.help() {
            Some(help) => write!(f, "\n   = {help}"),
            None => Ok(()),
        }
    }
}

/// The part of a long line around its caret, with control characters made visible: the text, the
/// caret's place from 0, and its width.
fn window(text: &str, column: usize, width: usize) -> (String, usize, usize) {
    let at = column.saturating_sub(1);
    let skip = if at + width.min(LONGEST) > LONGEST { at.saturating_sub(LONGEST / 2) } else { 0 };
    let shown: String = text
        .chars()
        .skip(skip)
        .take(LONGEST)
        .map(|c| if c.is_control() { if c == '\t' { ' ' } else { '\u{fffd}' } } else { c })
        .collect();
    let left = shown.chars().count().saturating_sub(at - skip);
    (shown, at - skip, width.clamp(1, left.max(1)))
}

/// All problems of a file.
pub(crate) struct Pictures<'a> {
    /// What the file is.
    pub of: &'static str,
    /// What is wrong.
    pub problems: &'a [Problem],
}

impl fmt::Display for Pictures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.of;
        match self.problems {
            [one] => write!(f, "the {of} has a problem\n\n{one}"),
            many => {
                write!(f, "the {of} has {} problems", many.len())?;
                many.iter().try_for_each(|problem| write!(f, "\n\n{problem}"))
            }
        }
    }
}

struct In<'a>(&'a str);

impl fmt::Display for In<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " in {}", self.0) }
    }
}

/// Longer lines are cut around the caret.
const LONGEST: usize = 120;
