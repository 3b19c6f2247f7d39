//! A model's files as bytes, and the tensors in them.

use std::collections::BTreeMap;

use freehold_artifact::safetensors::{self, Dtype, SafetensorsError, ShardIndex, TensorInfo};
use serde::de::DeserializeOwned;

use crate::ConvertError;

/// The files of one model, named relative to its folder, with `/` between parts.
#[derive(Debug)]
pub struct Source<'a> {
    pub(crate) name: &'a str,
    files: BTreeMap<&'a str, &'a [u8]>,
}

/// A tensor where it lies in its shard.
#[derive(Debug, Clone)]
pub(crate) struct Tensor<'a> {
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<u64>,
    pub(crate) bytes: &'a [u8],
}

impl<'a> Source<'a> {
    /// `name` is written as the model's name; `files` are all its files, of which only those that
    /// matter are read.
    pub fn new(name: &'a str, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        Self { name, files: files.into_iter().collect() }
    }

    pub(crate) fn bytes(&self, file: &str) -> Option<&'a [u8]> {
        self.files.get(file).copied()
    }

    pub(crate) fn text(&self, file: &str) -> Option<&'a str> {
        self.bytes(file).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// Reads a JSON file, if it is there.
    pub(crate) fn json<T: DeserializeOwned>(&self, file: &str) -> Result<Option<T>, ConvertError> {
        self.bytes(file)
            .map(|bytes| {
                serde_json::from_slice(bytes)
                    .map_err(|source| ConvertError::Json { file: file.to_owned(), source })
            })
            .transpose()
    }

    /// Reads a JSON file that must be there.
    pub(crate) fn needed<T: DeserializeOwned>(&self, file: &str) -> Result<T, ConvertError> {
        self.json(file)?.ok_or_else(|| ConvertError::MissingFile { file: file.to_owned() })
    }

    /// All tensors by name. With a shard index only the shards that it names count: publishers
    /// often ship the same weights a second time under other names.
    pub(crate) fn tensors(&self) -> Result<BTreeMap<String, Tensor<'a>>, ConvertError> {
        let index = match self.bytes("model.safetensors.index.json") {
            Some(json) => Some(ShardIndex::parse(json).map_err(ConvertError::Index)?),
            None => None,
        };
        let mut tensors = BTreeMap::new();
        match &index {
            Some(index) => {
                for file in index.shards() {
                    self.read_shard(file, &mut tensors)?;
                }
                match index.files.keys().find(|name| !tensors.contains_key(*name)) {
                    Some(name) => Err(ConvertError::MissingTensor { name: name.clone() }),
                    None => Ok(tensors),
                }
            }
            None => {
                let one = ["model.safetensors"];
                let all = self.files.keys().copied();
                let root = all.filter(|name| name.ends_with(".safetensors") && !name.contains('/'));
                let shards: Vec<&str> = match self.bytes(one[0]) {
                    Some(_) => one.to_vec(),
                    None => root.collect(),
                };
                if shards.is_empty() {
                    return Err(ConvertError::MissingFile { file: one[0].to_owned() });
                }
                for file in shards {
                    self.read_shard(file, &mut tensors)?;
                }
                Ok(tensors)
            }
        }
    }

    fn read_shard(
        &self,
        file: &str,
        tensors: &mut BTreeMap<String, Tensor<'a>>,
    ) -> Result<(), ConvertError> {
        let bytes =
            self.bytes(file).ok_or_else(|| ConvertError::MissingFile { file: file.to_owned() })?;
        let broken = |source| ConvertError::Safetensors { file: file.to_owned(), source };
        let header = safetensors::parse(bytes, bytes.len() as u64).map_err(broken)?;
        for TensorInfo { name, dtype, shape, start, end } in header.tensors {
            let data = bytes.get(start as usize..end as usize).ok_or_else(|| {
                let (expected, found) = (end, bytes.len() as u64);
                broken(SafetensorsError::FileLength { expected, found })
            })?;
            tensors.insert(name, Tensor { dtype, shape, bytes: data });
        }
        Ok(())
    }
}
