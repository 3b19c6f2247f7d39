//! Which of llama.cpp's pre-tokenizers cuts text as `tokenizer.json` says.
//!
//! llama.cpp's converter encodes a long text with the publisher's vocabulary and looks the hash of
//! the token ids up in a table; that knows the published vocabularies only, and no new one. The
//! expressions themselves stand in `tokenizer.json`, and in `llama-vocab.cpp` beside the name.

use serde_json::Value;

use super::file::TokenizerFile;
use crate::ConvertError;

/// The name of the rule for `tokenizer.ggml.pre`.
pub(super) fn name(file: &TokenizerFile) -> Result<&'static str, ConvertError> {
    refuse_normalizer(file.normalizer.as_ref())?;
    let none = Value::Null;
    let found = file.pre_tokenizer.as_ref().unwrap_or(&none);
    let steps = match found.get("pretokenizers").and_then(Value::as_array) {
        Some(steps) => steps.iter().map(step).collect::<Option<Vec<_>>>(),
        None => step(found).map(|step| vec![step]),
    };
    let steps: Vec<Step<'_>> = steps
        .unwrap_or_default()
        .into_iter()
        .filter(|step| !matches!(step, Step::Bytes { words: false }))
        .collect();
    let ignore_merges = file.model.ignore_merges;
    let name = match steps.as_slice() {
        [Step::Bytes { words: true }] => Some("gpt-2"),
        [Step::Digits, Step::Bytes { words: true }] => Some("smollm"),
        [Step::Split(GPT2)] => Some("gpt-2"),
        // Both rules cut alike; only the first looks words up before it merges.
        [Step::Split(LLAMA3)] if ignore_merges => Some("llama-bpe"),
        [Step::Split(LLAMA3)] => Some("dbrx"),
        [Step::Split(QWEN2)] if !ignore_merges => Some("qwen2"),
        [Step::Split(QWEN35)] if !ignore_merges => Some("qwen35"),
        [Step::Split(TEKKEN)] if ignore_merges => Some("tekken"),
        [Step::Split(GPT4O)] if !ignore_merges => Some("gpt-4o"),
        _ => None,
    };
    name.ok_or_else(|| ConvertError::UnknownTokenizer {
        part: "pre-tokenizer",
        found: found.to_string(),
    })
}

enum Step<'a> {
    /// Shows bytes as letters; cuts words by GPT-2's rule before if `words`.
    Bytes { words: bool },
    /// Cuts every digit off.
    Digits,
    /// Cuts around each match of the expression.
    Split(&'a str),
}

fn step(value: &Value) -> Option<Step<'_>> {
    let switch = |key: &str| value.get(key).and_then(Value::as_bool);
    match value.get("type")?.as_str()? {
        "ByteLevel" if switch("add_prefix_space") == Some(true) => None,
        "ByteLevel" => Some(Step::Bytes { words: switch("use_regex").unwrap_or(true) }),
        "Digits" if switch("individual_digits") == Some(true) => Some(Step::Digits),
        "Split" if switch("invert") != Some(true) && value.get("behavior")? == "Isolated" => {
            value.get("pattern")?.get("Regex")?.as_str().map(Step::Split)
        }
        "Split" if switch("invert") == Some(true) && value.get("behavior")? == "Removed" => {
            value.get("pattern")?.get("Regex")?.as_str().map(Step::Split)
        }
        _ => None,
    }
}

/// llama.cpp does not normalize before byte-level BPE. NFC (Qwen) is let pass as its converter
/// does: text that people type is in NFC already.
fn refuse_normalizer(normalizer: Option<&Value>) -> Result<(), ConvertError> {
    match normalizer.filter(|value| !value.is_null()) {
        Some(value) if value.get("type").and_then(Value::as_str) != Some("NFC") => {
            let found = value.to_string();
            Err(ConvertError::UnknownTokenizer { part: "normalizer", found })
        }
        _ => Ok(()),
    }
}

// The expressions as publishers' `tokenizer.json` files have them, which `llama-vocab.cpp`
// repeats as comments or, adapted to its engine, as code.
const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN35: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const GPT4O: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
