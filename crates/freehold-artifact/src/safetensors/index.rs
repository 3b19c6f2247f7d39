//! `model.safetensors.index.json`: which shard holds which tensor.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The index of a sharded model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardIndex {
    /// Tensor name to shard file name.
    pub files: BTreeMap<String, String>,
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Not JSON of the expected shape.
    #[error("the shard index is not valid")]
    Json(#[source] serde_json::Error),
    /// A shard's name would lead out of the model's folder.
    #[error("the shard index names `{file}`, which is not a plain file name in the same folder")]
    Path {
        /// The name.
        file: String,
    },
}

impl ShardIndex {
    /// Reads the file's bytes.
    ///
    /// # Errors
    /// [`IndexError`]: broken JSON, or a shard outside the folder.
    pub fn parse(json: &[u8]) -> Result<Self, IndexError> {
        let raw: Raw = serde_json::from_slice(json).map_err(IndexError::Json)?;
        let outside = |file: &&String| {
            file.is_empty() || file.starts_with('.') || file.contains(['/', '\\', ':', '\0'])
        };
        match raw.weight_map.values().find(outside) {
            Some(file) => Err(IndexError::Path { file: file.clone() }),
            None => Ok(Self { files: raw.weight_map }),
        }
    }

    /// The shards' file names, each once.
    pub fn shards(&self) -> BTreeSet<&str> {
        self.files.values().map(String::as_str).collect()
    }
}

#[derive(Deserialize)]
struct Raw {
    weight_map: BTreeMap<String, String>,
}
