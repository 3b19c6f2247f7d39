//! What a repository holds at one commit, as the hub says.

use std::fmt;

use freehold_artifact::finding::shown;
use freehold_types::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    endpoint::Endpoint,
    error::{AnswerError, PullError},
    names,
    reference::{Commit, Repository, is_hex},
};

/// A repository at one commit. It never changes: two lists of one commit that differ are a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Version of this shape, 1.
    pub schema: u32,
    /// Which hub says so.
    pub endpoint: String,
    /// The repository.
    pub repository: Repository,
    /// The commit.
    pub commit: Commit,
    /// What its card declares.
    pub card: Card,
    /// Its files, sorted by name.
    pub entries: Vec<Entry>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name in the repository.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Which bytes.
    pub blob: Blob,
}

/// By what a hub knows a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blob {
    /// SHA-256, for what is kept beside git (LFS).
    Sha256(Digest),
    /// The SHA-1 by which git knows it, 40 lower-case hexadecimal digits.
    Git(String),
}

/// What a card declares of its licence: the publisher's words, which nobody has checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// `license`.
    pub licence: Option<String>,
    /// `license_name`, where `license` is `other`.
    pub licence_name: Option<String>,
    /// `license_link`.
    pub licence_link: Option<String>,
}

impl fmt::Display for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(digest) => digest.fmt(f),
            Self::Git(oid) => write!(f, "git-sha1:{oid}"),
        }
    }
}

/// What `/api/models/{repository}/revision/{revision}` says.
#[derive(Debug, Deserialize)]
pub struct Info {
    sha: String,
    #[serde(rename = "cardData")]
    card: Option<Value>,
}

/// One entry of `/api/models/{repository}/tree/{commit}`.
#[derive(Debug, Deserialize)]
pub struct TreeEntry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    oid: String,
    lfs: Option<Lfs>,
}

#[derive(Debug, Deserialize)]
struct Lfs {
    oid: String,
    size: u64,
}

impl Listing {
    /// Puts the hub's answers together: of the revision, and all pages of its tree.
    ///
    /// # Errors
    /// [`PullError`]: a file without a digest, a commit that is none, a name that is hostile.
    pub fn of(
        endpoint: &Endpoint,
        repository: &Repository,
        info: &Info,
        tree: Vec<TreeEntry>,
    ) -> Result<Self, PullError> {
        let commit = info.commit(endpoint)?;
        let mut entries = Vec::new();
        for entry in tree.into_iter().filter(|entry| entry.kind == "file") {
            let (bytes, blob) = match &entry.lfs {
                Some(lfs) => {
                    let digits = lfs.oid.strip_prefix("sha256:").unwrap_or(&lfs.oid);
                    (lfs.size, format!("sha256:{digits}").parse().ok().map(Blob::Sha256))
                }
                None => (entry.size, is_hex(&entry.oid, 40).then_some(Blob::Git(entry.oid))),
            };
            // Nothing is fetched that could not be checked.
            let Some(blob) = blob else {
                let file = shown(entry.path.as_bytes(), 200);
                return Err(AnswerError::NoDigest { file }.into());
            };
            entries.push(Entry { path: entry.path, bytes, blob });
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        names::check_all(entries.iter().map(|entry| entry.path.as_str()))?;
        let (endpoint, card) = (endpoint.to_string(), info.card());
        Ok(Self { schema: 1, endpoint, repository: repository.clone(), commit, card, entries })
    }
}

impl Info {
    /// Which commit it is.
    pub(crate) fn commit(&self, endpoint: &Endpoint) -> Result<Commit, AnswerError> {
        let host = endpoint.to_string();
        self.sha.parse().map_err(|_| AnswerError::Malformed { host, what: "model" })
    }

    fn card(&self) -> Card {
        let text = |name: &str| {
            let value = self.card.as_ref()?.get(name)?;
            // Cards may name several.
            let all: Vec<_> = match value {
                Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
                other => other.as_str().into_iter().collect(),
            };
            (!all.is_empty()).then(|| shown(all.join(", ").as_bytes(), 200))
        };
        Card {
            licence: text("license"),
            licence_name: text("license_name"),
            licence_link: text("license_link"),
        }
    }
}
