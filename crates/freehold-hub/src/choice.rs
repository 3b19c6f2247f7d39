//! Which files of a repository are taken: what was asked for, and of the same weights in several
//! formats the one that can run nothing.

use std::fmt;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::{
    error::PullError,
    glob,
    listing::{Entry, Listing},
};

/// What was asked for. Patterns are as huggingface_hub reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only names that one of these matches, if there is any.
    pub include: Vec<String>,
    /// No name that one of these matches.
    pub exclude: Vec<String>,
}

/// Which files are taken, and which are not.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The repository at one commit.
    pub listing: Listing,
    /// What is taken, sorted by name.
    pub files: Vec<Entry>,
    /// What is not.
    pub left_out: Vec<LeftOut>,
    /// How the result is called below the store.
    pub(crate) name: String,
}

/// A file that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Why not.
    pub reason: Reason,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A pickle, where the same folder has safetensors.
    Pickle,
    /// Another framework's weights, where safetensors are there.
    OtherFormat,
    /// A name that begins with a dot is no part of a model.
    Hidden,
    /// What was asked for leaves it out.
    NotAsked,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pickle => "pickles, which can run code; the folder has safetensors",
            Self::OtherFormat => "weights for other programs; the repository has safetensors",
            Self::Hidden => "names that begin with a dot, no part of a model",
            Self::NotAsked => "left out by --include or --exclude",
        })
    }
}

impl Choice {
    /// Chooses from a repository.
    ///
    /// # Errors
    /// Nothing is left, or more files than an admission takes.
    pub fn plan(&self, listing: Listing) -> Result<Plan, PullError> {
        let (files, left_out) = self.split(&listing);
        if files.is_empty() {
            let repository = listing.repository;
            return Err(PullError::NothingChosen { repository, listed: listing.entries.len() });
        }
        if files.len() > MOST_FILES {
            return Err(PullError::TooManyFiles { found: files.len(), limit: MOST_FILES });
        }
        let name = format!("{}@{}", listing.repository.folder(), listing.commit);
        let usual = Self::default().split(&listing).0;
        let names: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        let name = if usual == files { name } else { format!("{name}+{}", tag(&names.join("\n"))) };
        Ok(Plan { listing, files, left_out, name })
    }

    fn split(&self, listing: &Listing) -> (Vec<Entry>, Vec<LeftOut>) {
        let asked: Vec<_> = listing
            .entries
            .iter()
            .filter(|entry| self.reason_by_name(&entry.path).is_none())
            .collect();
        let safe: Vec<_> = asked
            .iter()
            .filter(|entry| suffix(&entry.path) == "safetensors")
            .map(|entry| folder(&entry.path))
            .collect();
        let (mut files, mut left_out) = (Vec::new(), Vec::new());
        for entry in &listing.entries {
            let named = self.include.iter().any(|pattern| glob::matches(pattern, &entry.path));
            let reason = self.reason_by_name(&entry.path);
            let reason = reason.or_else(|| (!named).then(|| duplicate(&entry.path, &safe))?);
            match reason {
                None => files.push(entry.clone()),
                Some(reason) => {
                    let (path, bytes) = (entry.path.clone(), entry.bytes);
                    left_out.push(LeftOut { path, bytes, reason });
                }
            }
        }
        (files, left_out)
    }

    fn reason_by_name(&self, path: &str) -> Option<Reason> {
        let any = |patterns: &[String]| patterns.iter().any(|one| glob::matches(one, path));
        if path.split('/').any(|part| part.starts_with('.')) {
            Some(Reason::Hidden)
        } else if any(&self.exclude) || !(self.include.is_empty() || any(&self.include)) {
            Some(Reason::NotAsked)
        } else {
            None
        }
    }
}

impl Plan {
    /// Bytes of all files that are taken.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }

    /// How the result is called: the repository and the commit, and a few digits more where the
    /// choice of files is not the usual one.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Whether a file holds what the safetensors of these folders hold as well.
fn duplicate(path: &str, safe: &[&str]) -> Option<Reason> {
    let (own, suffix) = (folder(path), suffix(path));
    let beside = safe.contains(&own);
    let below = safe.iter().any(|safe| safe.is_empty() || own.starts_with(&format!("{safe}/")));
    let original = own.rsplit('/').next() == Some("original");
    if PICKLES.contains(&suffix.as_str()) {
        (beside || (below && original)).then_some(Reason::Pickle)
    } else if OTHERS.contains(&suffix.as_str()) {
        (beside || below).then_some(Reason::OtherFormat)
    } else {
        None
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn suffix(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(String::new(), |(_, suffix)| suffix.to_lowercase())
}

/// Eight digits that stand for a text.
pub(crate) fn tag(text: &str) -> String {
    let found = digest(&SHA256, text.as_bytes());
    found.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// What torch, joblib and the like write as pickles.
const PICKLES: &[&str] = &["bin", "pt", "pth", "ckpt", "pkl", "pickle", "joblib"];
/// TensorFlow and Keras, flax, ONNX, Rust's old one, CoreML, TensorFlow Lite.
const OTHERS: &[&str] =
    &["h5", "keras", "msgpack", "onnx", "onnx_data", "ot", "mlmodel", "mlpackage", "tflite", "pb"];
/// As many as an admission takes.
const MOST_FILES: usize = 20_000;
