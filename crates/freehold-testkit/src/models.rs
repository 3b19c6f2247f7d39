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

/// A model's files, by their names relative to its folder.
pub fn files(family: Family, seed: u64) -> Vec<(String, Vec<u8>)> {
    let model = match family {
        Family::Bert => bert::model(seed),
        _ => decoder::model(family, seed),
    };
    let shards = if family == Family::Qwen2Sharded { 2 } else { 1 };
    let named = model.files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    named.chain(model.weights.files(shards)).collect()
}

/// A LoRA adapter of rank 4 for [`Family::Qwen2`] or [`Family::Llama`], as PEFT writes it.
pub fn adapter_files(family: Family, seed: u64) -> Vec<(String, Vec<u8>)> {
    let (settings, weights) = decoder::adapter(family, seed);
    let weights = ("adapter_model.safetensors".to_owned(), weights.one_file());
    vec![("adapter_config.json".to_owned(), pretty(&settings)), weights]
}

/// Writes a model's files into `folder`, which is made if it is missing.
///
/// # Errors
/// What the file system says.
pub fn write(family: Family, folder: &Path, seed: u64) -> io::Result<()> {
    write_files(folder, &files(family, seed))
}

/// Writes an adapter's files into `folder`, which is made if it is missing.
///
/// # Errors
/// What the file system says.
pub fn write_adapter(family: Family, folder: &Path, seed: u64) -> io::Result<()> {
    write_files(folder, &adapter_files(family, seed))
}

fn write_files(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    for (name, contents) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, contents)?;
    }
    Ok(())
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
