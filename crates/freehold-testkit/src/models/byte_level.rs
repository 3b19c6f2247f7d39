//! Byte-level BPE tokenizers, as Llama 3 and Qwen 2 have them.

use serde_json::{Map, Value, json};

use super::corpus;

/// Which publisher's rules are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Llama3,
    Qwen2,
}

/// Ids of special tokens follow the vocabulary, in this order.
pub(super) const SPECIALS: [&str; 4] = ["<|pad|>", "<|begin|>", "<|end|>", "<|user|>"];

/// `tokenizer.json` and the number of tokens.
pub(super) fn tokenizer(rule: Rule) -> (Value, usize) {
    let merges = corpus::merges(|word| word.bytes().map(letter).collect(), 300);
    let mut vocab = Map::new();
    let mut add = |token: String| {
        let id = vocab.len();
        vocab.entry(token).or_insert(json!(id));
    };
    (0..=255).map(letter).for_each(&mut add);
    merges.iter().for_each(|(left, right)| add(format!("{left}{right}")));
    let first = vocab.len();
    let added: Vec<Value> = SPECIALS
        .iter()
        .enumerate()
        .map(|(place, text)| {
            json!({ "id": first + place, "content": text, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true })
        })
        .collect();
    let merges: Vec<String> =
        merges.iter().map(|(left, right)| format!("{left} {right}")).collect();
    let bytes = json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false,
        "use_regex": false });
    let (expression, normalizer, processor) = match rule {
        Rule::Llama3 => (LLAMA3, Value::Null, begin(first + 1)),
        Rule::Qwen2 => (QWEN2, json!({ "type": "NFC" }), bytes.clone()),
    };
    let tokenizer = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": normalizer,
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": expression }, "behavior": "Isolated",
              "invert": false },
            bytes,
        ] },
        "post_processor": processor,
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
            "use_regex": true },
        "model": { "type": "BPE", "dropout": null, "unk_token": null,
            "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
            "byte_fallback": false, "ignore_merges": rule == Rule::Llama3, "vocab": vocab,
            "merges": merges },
    });
    (tokenizer, first + SPECIALS.len())
}

/// Llama 3 begins every text with one token.
fn begin(id: usize) -> Value {
    let begin = json!({ "SpecialToken": { "id": SPECIALS[1], "type_id": 0 } });
    let a = json!({ "Sequence": { "id": "A", "type_id": 0 } });
    let b = json!({ "Sequence": { "id": "B", "type_id": 1 } });
    json!({ "type": "TemplateProcessing", "single": [begin, a], "pair": [begin, a, begin, b],
        "special_tokens": { SPECIALS[1]: { "id": SPECIALS[1], "ids": [id], "tokens": [SPECIALS[1]] } } })
}

/// GPT-2's letter for a byte: printable ones stand for themselves, the others for the letters
/// from U+0100 on, in order (`bytes_to_unicode` in OpenAI's `encoder.py`).
fn letter(byte: u8) -> String {
    let plain = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let code = if plain(byte) {
        u32::from(byte)
    } else {
        256 + (0..byte).filter(|byte| !plain(*byte)).count() as u32
    };
    char::from_u32(code).map_or_else(String::new, String::from)
}

const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
