//! SentencePiece-like BPE tokenizers, as Mistral and Gemma have them: `tokenizer.json`, and the
//! `tokenizer.model` that says the same in SentencePiece's own format.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::corpus;

/// Which publisher's rules are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Mistral,
    Gemma,
}

/// A vocabulary in both formats.
pub(super) struct Pieces {
    pub(super) json: Value,
    pub(super) model: Vec<u8>,
    pub(super) size: usize,
}

/// Makes the vocabulary.
pub(super) fn tokenizer(rule: Rule) -> Pieces {
    let specials: &[(&str, u8)] = match rule {
        Rule::Mistral => &[("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL)],
        Rule::Gemma => {
            &[("<pad>", CONTROL), ("<eos>", CONTROL), ("<bos>", CONTROL), ("<unk>", UNKNOWN)]
        }
    };
    let cut = |word: &str| word.replace(' ', SPACE).chars().map(String::from).collect();
    let merged = corpus::merges(cut, 300);
    let mut pieces: Vec<(String, f32, u8)> =
        specials.iter().map(|(text, kind)| ((*text).to_owned(), 0.0, *kind)).collect();
    pieces.extend((0..=255).map(|byte| (format!("<0x{byte:02X}>"), 0.0, BYTE)));
    for (rank, (left, right)) in merged.iter().enumerate() {
        let text = format!("{left}{right}");
        if pieces.iter().all(|(known, ..)| *known != text) {
            pieces.push((text, -(rank as f32), NORMAL));
        }
    }
    let mut letters: Vec<char> = corpus::TEXT.replace(['\n', ' '], SPACE).chars().collect();
    letters.sort_unstable();
    letters.dedup();
    for (place, letter) in letters.iter().enumerate() {
        pieces.push((letter.to_string(), -((merged.len() + place) as f32), NORMAL));
    }
    Pieces { json: json(rule, specials, &pieces), model: model(rule, &pieces), size: pieces.len() }
}

fn json(rule: Rule, specials: &[(&str, u8)], pieces: &[(String, f32, u8)]) -> Value {
    let vocab: Map<String, Value> =
        pieces.iter().enumerate().map(|(id, (text, ..))| (text.clone(), json!(id))).collect();
    let added: Vec<Value> = specials
        .iter()
        .enumerate()
        .map(|(id, (text, _))| {
            json!({ "id": id, "content": text, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true })
        })
        .collect();
    let replace = json!({ "type": "Replace", "pattern": { "String": " " }, "content": SPACE });
    let normalizer = match rule {
        Rule::Mistral => json!({ "type": "Sequence",
            "normalizers": [{ "type": "Prepend", "prepend": SPACE }, replace] }),
        Rule::Gemma => replace,
    };
    let back = json!({ "type": "Replace", "pattern": { "String": SPACE }, "content": " " });
    let mut decoders = vec![back, json!({ "type": "ByteFallback" }), json!({ "type": "Fuse" })];
    if rule == Rule::Mistral {
        decoders.push(json!({ "type": "Strip", "content": " ", "start": 1, "stop": 0 }));
    }
    let begin = if rule == Rule::Mistral { ("<s>", 1) } else { ("<bos>", 2) };
    let token = json!({ "SpecialToken": { "id": begin.0, "type_id": 0 } });
    let a = json!({ "Sequence": { "id": "A", "type_id": 0 } });
    let b = json!({ "Sequence": { "id": "B", "type_id": 1 } });
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": normalizer,
        "pre_tokenizer": null,
        "post_processor": { "type": "TemplateProcessing", "single": [token, a],
            "pair": [token, a, token, b],
            "special_tokens": { begin.0: { "id": begin.0, "ids": [begin.1], "tokens": [begin.0] } } },
        "decoder": { "type": "Sequence", "decoders": decoders },
        "model": { "type": "BPE", "dropout": null, "unk_token": "<unk>",
            "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": true,
            "byte_fallback": true, "ignore_merges": false, "vocab": vocab,
            "merges": merges(pieces) },
    })
}

/// Every way to make a piece from two others, best piece first, as the `tokenizers` library
/// derives merges from SentencePiece (`SentencePieceExtractor` in transformers).
fn merges(pieces: &[(String, f32, u8)]) -> Vec<String> {
    let ids: BTreeMap<&str, usize> =
        pieces.iter().enumerate().map(|(id, (text, ..))| (text.as_str(), id)).collect();
    let mut merges = Vec::new();
    for (text, _, kind) in pieces {
        if *kind != NORMAL {
            continue;
        }
        let mut ways: Vec<_> = text
            .char_indices()
            .skip(1)
            .map(|(at, _)| text.split_at(at))
            .filter_map(|(left, right)| Some((ids.get(left)?, ids.get(right)?, left, right)))
            .collect();
        ways.sort_unstable();
        merges.extend(ways.iter().map(|(_, _, left, right)| format!("{left} {right}")));
    }
    merges
}

/// `ModelProto` of `sentencepiece_model.proto`: pieces, then what training and normalizing need.
fn model(rule: Rule, pieces: &[(String, f32, u8)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (text, score, kind) in pieces {
        let mut piece = Vec::new();
        bytes(1, text.as_bytes(), &mut piece);
        piece.push(2 << 3 | 5);
        piece.extend(score.to_le_bytes());
        number(3, u64::from(*kind), &mut piece);
        bytes(1, &piece, &mut out);
    }
    let ids = if rule == Rule::Mistral { [0, 1, 2, u64::MAX] } else { [3, 2, 1, 0] };
    let mut trainer = Vec::new();
    number(3, 2, &mut trainer); // model_type = BPE
    number(4, pieces.len() as u64, &mut trainer); // vocab_size
    number(35, 1, &mut trainer); // byte_fallback
    for (field, id) in (40..).zip(ids) {
        number(field, id, &mut trainer); // unk_id, bos_id, eos_id, pad_id
    }
    if rule == Rule::Gemma {
        for (field, text) in (45..).zip(["<unk>", "<bos>", "<eos>", "<pad>"]) {
            bytes(field, text.as_bytes(), &mut trainer);
        }
    }
    bytes(2, &trainer, &mut out);
    let mut normalizer = Vec::new();
    bytes(1, b"identity", &mut normalizer);
    number(3, u64::from(rule == Rule::Mistral), &mut normalizer); // add_dummy_prefix
    number(4, 0, &mut normalizer); // remove_extra_whitespaces
    number(5, 1, &mut normalizer); // escape_whitespaces
    bytes(3, &normalizer, &mut out);
    out
}

fn bytes(field: u64, value: &[u8], out: &mut Vec<u8>) {
    varint(field << 3 | 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

fn number(field: u64, value: u64, out: &mut Vec<u8>) {
    varint(field << 3, out);
    varint(value, out);
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

const SPACE: &str = "\u{2581}";
const NORMAL: u8 = 1;
const UNKNOWN: u8 = 2;
const CONTROL: u8 = 3;
const BYTE: u8 = 6;
