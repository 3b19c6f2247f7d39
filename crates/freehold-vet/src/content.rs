//! Tells what a file is from its bytes; its name may only narrow that down.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use freehold_artifact::{
    gguf::{self, GgufError},
    safetensors::{self, SafetensorsError, ShardIndex},
    sentencepiece,
};

use crate::{VetError, error::VetError as E, walk::unreadable};

mod forbidden;

/// What an admitted file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// Weights.
    Safetensors,
    /// Weights with metadata and vocabulary.
    Gguf,
    /// Configuration or vocabulary.
    Json,
    /// A SentencePiece vocabulary.
    SentencePiece,
    /// Words for people, a vocabulary or a chat template.
    Text,
}

/// Checks the whole content of `file`, named `name` in its model, and says what it is.
/// `bytes` is its length.
pub(crate) fn check(
    name: &str,
    path: &Path,
    file: &mut File,
    bytes: u64,
) -> Result<Content, VetError> {
    let head = first(path, file, SNIFF)?;
    if let Some(error) = forbidden::by_content(path, &head).or_else(|| forbidden::by_name(path)) {
        return Err(error);
    }
    let suffix = suffix(name);
    if head.starts_with(b"GGUF") || suffix == "gguf" {
        return check_gguf(path, file, bytes).map(|()| Content::Gguf);
    }
    match suffix.as_str() {
        "safetensors" => check_safetensors(path, file, bytes).map(|()| Content::Safetensors),
        "json" => check_json(name, path, file, bytes).map(|()| Content::Json),
        "model" => check_pieces(path, file, bytes).map(|()| Content::SentencePiece),
        _ => check_text(path, file, bytes).map(|()| Content::Text),
    }
}

/// The part after the last dot, in lower case; empty where there is none.
pub(crate) fn suffix(name: &str) -> String {
    Path::new(name).extension().and_then(|suffix| suffix.to_str()).unwrap_or("").to_lowercase()
}

fn first(path: &Path, file: &mut File, bytes: u64) -> Result<Vec<u8>, VetError> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(unreadable(path))?;
    file.take(bytes).read_to_end(&mut head).map_err(unreadable(path))?;
    Ok(head)
}

fn whole(path: &Path, file: &mut File, bytes: u64, most: u64) -> Result<Vec<u8>, VetError> {
    if bytes > most {
        return Err(E::Unknown { path: path.to_owned() });
    }
    first(path, file, bytes)
}

fn check_safetensors(path: &Path, file: &mut File, bytes: u64) -> Result<(), VetError> {
    let mut head = first(path, file, 8)?;
    loop {
        match safetensors::parse(&head, bytes) {
            Ok(_) => return Ok(()),
            Err(SafetensorsError::Short { needed, given }) if needed > given && given == 8 => {
                head = first(path, file, needed)?;
            }
            Err(source) => return Err(E::Safetensors { path: path.to_owned(), source }),
        }
    }
}

fn check_gguf(path: &Path, file: &mut File, bytes: u64) -> Result<(), VetError> {
    let mut length = FIRST_GGUF_READ;
    loop {
        match gguf::parse(&first(path, file, length)?, bytes) {
            Ok(_) => return Ok(()),
            Err(GgufError::Short { .. }) if length < bytes && length < MOST_METADATA => length *= 4,
            Err(source) => return Err(E::Gguf { path: path.to_owned(), source }),
        }
    }
}

fn check_json(name: &str, path: &Path, file: &mut File, bytes: u64) -> Result<(), VetError> {
    let json = whole(path, file, bytes, MOST_METADATA)?;
    if name.ends_with(".safetensors.index.json") {
        let index = ShardIndex::parse(&json);
        return index.map(|_| ()).map_err(|source| E::Index { path: path.to_owned(), source });
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(&json)
        .map(|_| ())
        .map_err(|source| E::Json { path: path.to_owned(), source })
}

fn check_pieces(path: &Path, file: &mut File, bytes: u64) -> Result<(), VetError> {
    sentencepiece::parse(&whole(path, file, bytes, MOST_METADATA)?)
        .map(|_| ())
        .map_err(|source| E::SentencePiece { path: path.to_owned(), source })
}

fn check_text(path: &Path, file: &mut File, bytes: u64) -> Result<(), VetError> {
    let text = whole(path, file, bytes, MOST_TEXT)?;
    match std::str::from_utf8(&text) {
        Ok(text) if !text.contains('\0') => Ok(()),
        _ => Err(E::Unknown { path: path.to_owned() }),
    }
}

/// Enough for every magic number, the tar archive's at 257 included.
const SNIFF: u64 = 512;
const FIRST_GGUF_READ: u64 = 8 << 20;
/// No published vocabulary comes near.
const MOST_METADATA: u64 = 1 << 29;
const MOST_TEXT: u64 = 1 << 26;
