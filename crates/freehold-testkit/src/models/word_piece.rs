//! A WordPiece tokenizer, as BERT has it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::corpus;

/// The special tokens, ids from 0.
pub(super) const SPECIALS: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/// `tokenizer.json` and the number of tokens.
pub(super) fn tokenizer() -> (Value, usize) {
    let mut vocab = Map::new();
    let mut add = |token: String| {
        let id = vocab.len();
        vocab.entry(token).or_insert(json!(id));
    };
    SPECIALS.iter().for_each(|text| add((*text).to_owned()));
    let text = corpus::TEXT.to_lowercase();
    let letters: BTreeSet<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    letters.iter().for_each(|letter| add(letter.to_string()));
    letters.iter().for_each(|letter| add(format!("##{letter}")));
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
    let words: BTreeSet<&str> = words.collect();
    words.iter().filter(|word| word.len() < 8).for_each(|word| add((*word).to_owned()));
    ["ing", "ed", "er", "ary", "age"].iter().for_each(|end| add(format!("##{end}")));
    let size = vocab.len();
    let added: Vec<Value> = SPECIALS
        .iter()
        .enumerate()
        .map(|(id, text)| {
            json!({ "id": id, "content": text, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true })
        })
        .collect();
    let special = |text: &str, kind: u8| json!({ "SpecialToken": { "id": text, "type_id": kind } });
    let a = json!({ "Sequence": { "id": "A", "type_id": 0 } });
    let b = json!({ "Sequence": { "id": "B", "type_id": 1 } });
    let (cls, sep) = (special("[CLS]", 0), special("[SEP]", 0));
    let tokenizer = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "TemplateProcessing", "single": [cls, a, sep],
            "pair": [cls, a, sep, b, special("[SEP]", 1)],
            "special_tokens": {
                "[CLS]": { "id": "[CLS]", "ids": [2], "tokens": ["[CLS]"] },
                "[SEP]": { "id": "[SEP]", "ids": [3], "tokens": ["[SEP]"] } } },
        "decoder": { "type": "WordPiece", "prefix": "##", "cleanup": true },
        "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocab },
    });
    (tokenizer, size)
}
