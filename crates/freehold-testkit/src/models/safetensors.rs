//! Writes safetensors, in one file or in shards with an index.

use std::collections::BTreeMap;

use half::{bf16, f16};
use serde_json::{Map, Value, json};

use super::random::Random;

/// How elements are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    Bf16,
    F16,
    F32,
}

/// Tensors by name.
pub(super) struct Weights {
    seed: u64,
    store: Store,
    tensors: BTreeMap<String, (Vec<usize>, Vec<u8>)>,
}

impl Weights {
    pub(super) fn new(seed: u64, store: Store) -> Self {
        Self { seed, store, tensors: BTreeMap::new() }
    }

    /// Adds a tensor of bell-shaped values around `middle`.
    pub(super) fn add(&mut self, name: &str, shape: &[usize], middle: f32, spread: f32) {
        let mut random = Random::new(self.seed, name);
        let count = shape.iter().product();
        let mut bytes = Vec::new();
        for _ in 0..count {
            let value = middle + spread * random.bell();
            match self.store {
                Store::Bf16 => bytes.extend(bf16::from_f32(value).to_le_bytes()),
                Store::F16 => bytes.extend(f16::from_f32(value).to_le_bytes()),
                Store::F32 => bytes.extend(value.to_le_bytes()),
            }
        }
        self.tensors.insert(name.to_owned(), (shape.to_vec(), bytes));
    }

    /// The file, or the shards and their index.
    pub(super) fn files(&self, shards: usize) -> Vec<(String, Vec<u8>)> {
        if shards == 1 {
            return vec![("model.safetensors".to_owned(), self.one_file())];
        }
        let names: Vec<&String> = self.tensors.keys().collect();
        let mut files = Vec::new();
        let mut map = Map::new();
        for (shard, names) in names.chunks(names.len().div_ceil(shards)).enumerate() {
            let file = format!("model-{:05}-of-{shards:05}.safetensors", shard + 1);
            map.extend(names.iter().map(|name| ((*name).clone(), json!(file))));
            files.push((file, self.file(names)));
        }
        let total: usize = self.tensors.values().map(|(_, bytes)| bytes.len()).sum();
        let index = json!({ "metadata": { "total_size": total }, "weight_map": map });
        files.push(("model.safetensors.index.json".to_owned(), super::pretty(&index)));
        files
    }

    /// All tensors in one file.
    pub(super) fn one_file(&self) -> Vec<u8> {
        self.file(&self.tensors.keys().collect::<Vec<_>>())
    }

    fn file(&self, names: &[&String]) -> Vec<u8> {
        let dtype = match self.store {
            Store::Bf16 => "BF16",
            Store::F16 => "F16",
            Store::F32 => "F32",
        };
        let mut header = Map::new();
        header.insert("__metadata__".to_owned(), json!({ "format": "pt" }));
        let mut data = Vec::new();
        for (name, (shape, bytes)) in names.iter().filter_map(|n| self.tensors.get_key_value(*n)) {
            let start = data.len();
            data.extend_from_slice(bytes);
            let entry =
                json!({ "dtype": dtype, "shape": shape, "data_offsets": [start, data.len()] });
            header.insert(name.clone(), entry);
        }
        let mut header = Value::Object(header).to_string().into_bytes();
        header.resize(header.len().next_multiple_of(8), b' ');
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], &header, &data].concat()
    }
}
