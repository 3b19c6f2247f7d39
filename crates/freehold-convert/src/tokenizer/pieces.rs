//! SentencePiece-like BPE with byte fallback (Llama 2, Mistral, Gemma).
//!
//! llama.cpp merges neighbours by the score of what they make together. `tokenizer.model` has the
//! scores; `tokenizer.json` has merges in order of rank instead, from which scores that order the
//! same merges the same way follow.

use std::collections::{BTreeMap, HashMap};

use freehold_artifact::sentencepiece;
use serde_json::Value;

use super::{
    file::{TokenizerConfig, TokenizerFile},
    vocabulary::{ADDED_SCORE, TokenKind, Vocabulary},
};
use crate::{ConvertError, Source, config::Config, gguf::Metadata};

pub(super) fn describe(
    source: &Source<'_>,
    file: Option<&TokenizerFile>,
    settings: &TokenizerConfig,
    space: bool,
    config: &Config,
    metadata: &mut Metadata,
) -> Result<(), ConvertError> {
    let mut vocabulary = Vocabulary::new(config)?;
    match (source.bytes("tokenizer.model"), file) {
        (Some(bytes), _) => from_pieces(bytes, &mut vocabulary)?,
        (None, Some(file)) => from_merges(file, &mut vocabulary)?,
        (None, None) => {
            return Err(ConvertError::MissingFile { file: "tokenizer.json".to_owned() });
        }
    }
    let added: BTreeMap<String, u64> = source.json("added_tokens.json")?.unwrap_or_default();
    for (text, id) in added {
        vocabulary.set(id, &text, TokenKind::UserDefined, ADDED_SCORE)?;
    }
    if let Some(file) = file {
        vocabulary.add_from_file(file)?;
    }
    vocabulary.add_from_settings(settings)?;
    metadata.set("tokenizer.ggml.model", "llama");
    metadata.set("tokenizer.ggml.pre", "default");
    vocabulary.describe(true, metadata);
    let space = space && file.and_then(prefix).or(settings.add_prefix_space).unwrap_or(true);
    metadata.set("tokenizer.ggml.add_space_prefix", space);
    Ok(())
}

fn from_pieces(bytes: &[u8], vocabulary: &mut Vocabulary) -> Result<(), ConvertError> {
    let pieces = sentencepiece::parse(bytes).map_err(ConvertError::SentencePiece)?;
    for (id, piece) in pieces.iter().enumerate() {
        let kind = match piece.kind {
            2 => TokenKind::Unknown,
            3 => TokenKind::Control,
            4 => TokenKind::UserDefined,
            5 => TokenKind::Unused,
            6 => TokenKind::Byte,
            _ => TokenKind::Normal,
        };
        vocabulary.set(id as u64, &piece.text, kind, piece.score)?;
    }
    Ok(())
}

fn from_merges(file: &TokenizerFile, vocabulary: &mut Vocabulary) -> Result<(), ConvertError> {
    let mut ranks: HashMap<String, usize> = HashMap::new();
    for (rank, merge) in file.model.merges.iter().enumerate() {
        if let Some((left, right)) = merge.parts() {
            ranks.entry(format!("{left}{right}")).or_insert(rank);
        }
    }
    for (token, id) in file.ids() {
        let kind = if is_byte(token) { TokenKind::Byte } else { TokenKind::Normal };
        // What no merge makes is a single character, which its score does not matter to.
        let score = ranks.get(token).map_or(0.0, |rank| -(*rank as f32));
        vocabulary.set(id, token, kind, score)?;
    }
    Ok(())
}

/// `<0x00>` to `<0xFF>`.
fn is_byte(token: &str) -> bool {
    let digits = token.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
    digits.is_some_and(|digits| digits.len() == 2 && u8::from_str_radix(digits, 16).is_ok())
}

/// Whether a space is put before the text: by a `Prepend` normalizer, or by `Metaspace`.
fn prefix(file: &TokenizerFile) -> Option<bool> {
    let mut steps = Vec::new();
    for value in [&file.normalizer, &file.pre_tokenizer].into_iter().flatten() {
        let inner = value.get("normalizers").or_else(|| value.get("pretokenizers"));
        match inner.and_then(Value::as_array) {
            Some(inner) => steps.extend(inner),
            None => steps.push(value),
        }
    }
    let kind = |step: &Value, kind: &str| step.get("type").is_some_and(|found| found == kind);
    if steps.iter().any(|step| kind(step, "Prepend")) {
        return Some(true);
    }
    match steps.iter().find(|step| kind(step, "Metaspace")) {
        Some(step) => match step.get("prepend_scheme").and_then(Value::as_str) {
            Some(scheme) => Some(scheme != "never"),
            None => step.get("add_prefix_space").and_then(Value::as_bool),
        },
        None => (!steps.is_empty()).then_some(false),
    }
}
