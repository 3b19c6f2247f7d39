//! Tiny models of each family the converter knows, made from a seed, bit for bit the same on
//! every machine: random weights, but real configuration, real tokenizer files and real shapes.

use std::{fs, io, path::Path};

use serde_json::Value;

mod bert;
mod byte_level;
mod corpus;
mod decoder;
mod pieces;
mod random;
mod safetensors;
mod word_piece;

use safetensors::Weights;

/// A kind of model that [`write`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Llama 3: byte-level BPE, stretched rotary positions, separate output matrix.
    Llama,
    /// Mistral: SentencePiece-like BPE in `tokenizer.json` only, sliding window.
    Mistral,
    /// Qwen 2: byte-level BPE, biases, tied embeddings; the shape of the house model.
    Qwen2,
    /// Qwen 2 in two shards with an index.
    Qwen2Sharded,
    /// Qwen 3: query and key norms, heads wider than the hidden size has room for.
    Qwen3,
    /// Gemma 2: soft caps, sliding window in every second layer, `tokenizer.model`.
    Gemma2,
    /// Gemma 3: sliding window in five layers of six, two rotary bases, `tokenizer.model`.
    Gemma3,
    /// BERT: WordPiece, mean pooling.
    Bert,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 8] = [
        Self::Llama,
        Self::Mistral,
        Self::Qwen2,
        Self::Qwen2Sharded,
        Self::Qwen3,
        Self::Gemma2,
        Self::Gemma3,
        Self::Bert,
    ];

    /// A name fit for a folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Mistral => "mistral",
            Self::Qwen2 => "qwen2",
            Self::Qwen2Sharded => "qwen2-sharded",
            Self::Qwen3 => "qwen3",
            Self::Gemma2 => "gemma2",
            Self::Gemma3 => "gemma3",
            Self::Bert => "bert",
        }
    }
}

/// Writes a model's files into `folder`, which is made if it is missing.
///
/// # Errors
/// What the file system says.
pub fn write(family: Family, folder: &Path, seed: u64) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let model = match family {
        Family::Bert => bert::model(seed),
        _ => decoder::model(family, seed),
    };
    for (name, contents) in &model.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, contents)?;
    }
    let shards = if family == Family::Qwen2Sharded { 2 } else { 1 };
    model.weights.write(folder, shards)
}

/// Writes a LoRA adapter of rank 4 for [`Family::Qwen2`] or [`Family::Llama`] as PEFT does.
///
/// # Errors
/// What the file system says.
pub fn write_adapter(family: Family, folder: &Path, seed: u64) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let (settings, weights) = decoder::adapter(family, seed);
    fs::write(folder.join("adapter_config.json"), pretty(&settings))?;
    weights.write_as(folder, "adapter_model.safetensors")
}

/// A model in memory.
struct Model {
    files: Vec<(&'static str, Vec<u8>)>,
    weights: Weights,
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = format!("{value:#}").into_bytes();
    text.push(b'\n');
    text
}
