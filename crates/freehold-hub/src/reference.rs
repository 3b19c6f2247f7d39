//! What is asked for: a repository, and a revision of it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A repository of models: `OWNER/NAME`, or `NAME` for the few without an owner.
///
/// The rules are huggingface_hub's (`utils/_validators.py`, version 2.4.0): at most 96 characters of
/// `A-Z a-z 0-9 - _ .`, no part begins or ends with `-` or `.`, no `--`, no `..`, no `.git` at the end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Repository(String);

/// A repository and what was asked of it: a branch, a tag or a commit; `main` where nothing was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The repository.
    pub repository: Repository,
    /// The revision, as it was asked for.
    pub revision: String,
}

/// A commit: 40 lower-case hexadecimal digits, which never come to mean something else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commit(String);

/// Why a text names no repository or revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not as repositories are called.
    #[error("`{text}` is no repository's name")]
    Repository {
        /// What was given.
        text: String,
    },
    /// Not as revisions are called.
    #[error("`{text}` is no revision's name")]
    Revision {
        /// What was given.
        text: String,
    },
    /// Not 40 lower-case hexadecimal digits.
    #[error("`{text}` is no commit")]
    Commit {
        /// What was given.
        text: String,
    },
}

impl Repository {
    /// As a hub's address has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a folder of ours is called. A name holds no `--`, so no two share one.
    pub fn folder(&self) -> String {
        self.0.replace('/', "--")
    }
}

impl FromStr for Repository {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part = |part: &str| {
            let edge = |c: Option<char>| c.is_some_and(|c| c != '-' && c != '.');
            part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
                && edge(part.chars().next())
                && edge(part.chars().next_back())
        };
        let known = text.len() <= LONGEST_NAME
            && text.split('/').count() <= 2
            && text.split('/').all(part)
            && !text.contains("--")
            && !text.contains("..")
            && !text.ends_with(".git");
        if known {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Repository { text: shown(text) })
        }
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (repository, revision) = text.split_once('@').unwrap_or((text, "main"));
        let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.');
        let known = revision.len() <= LONGEST_REVISION
            && revision.chars().all(|c| c.is_ascii_alphanumeric() || "-_./+".contains(c))
            && revision.split('/').all(part)
            && !revision.contains("..");
        if !known {
            return Err(ReferenceError::Revision { text: shown(revision) });
        }
        Ok(Self { repository: repository.parse()?, revision: revision.to_owned() })
    }
}

impl Reference {
    /// The commit, where the revision is one.
    pub fn commit(&self) -> Option<Commit> {
        self.revision.parse().ok()
    }
}

impl Commit {
    /// The 40 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 12 digits, for people's eyes only.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl FromStr for Commit {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_hex(text, 40) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Commit { text: shown(text) })
        }
    }
}

/// Whether a text is so many lower-case hexadecimal digits.
pub(crate) fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

fn shown(text: &str) -> String {
    freehold_artifact::finding::shown(text.as_bytes(), 120)
}

macro_rules! text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ReferenceError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}

text!(Repository);
text!(Commit);

const LONGEST_NAME: usize = 96;
/// Git takes more, file systems no longer names than 255.
const LONGEST_REVISION: usize = 200;
