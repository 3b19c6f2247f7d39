//! Where a value came from, so that `config show --origin` can say it.

use std::{fmt, path::PathBuf};

/// Where the value of a setting came from. A later one in this list wins over an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
    /// A flag of the command line.
    Flag {
        /// Its name with the dashes.
        flag: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment { variable } => write!(f, "environment variable {variable}"),
            Self::Flag { flag } => write!(f, "flag {flag}"),
        }
    }
}

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its full name (`gateway.listen`, `backends.0.url`).
    pub key: String,
    /// Its value; secrets are never in it, only where they are read from.
    pub value: serde_json::Value,
    /// Where the value came from.
    pub origin: Origin,
    /// What it does, in one sentence; empty for the entries of a list.
    pub about: &'static str,
}
