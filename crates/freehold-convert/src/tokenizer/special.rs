//! Special token ids, which of them are added to a text, and the chat template.
//!
//! The order of precedence is that of `SpecialVocab` in gguf-py's `vocab.py`: ids by the texts in
//! `tokenizer_config.json`, then the numbers in `config.json`; what is added by the
//! post-processor of `tokenizer.json`, then the switches in `tokenizer_config.json`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::file::{TokenizerConfig, TokenizerFile};
use crate::{Source, config::Config, gguf, gguf::Metadata};

pub(super) fn describe(
    source: &Source<'_>,
    file: Option<&TokenizerFile>,
    settings: TokenizerConfig,
    config: &Config,
    metadata: &mut Metadata,
) {
    let mut tokens: BTreeMap<&str, String> = BTreeMap::new();
    for kind in KINDS {
        if let Some(text) = settings.token(kind) {
            tokens.insert(kind, text.to_owned());
        }
    }
    for (missing, from) in [("bos", "cls"), ("eos", "sep")] {
        if let (false, Some(text)) = (tokens.contains_key(missing), tokens.get(from).cloned()) {
            tokens.insert(missing, text);
        }
    }
    let mut added = BTreeMap::new();
    let processor = file.and_then(|file| file.post_processor.as_ref());
    let steps = processor.map(|processor| match processor.get("processors") {
        Some(Value::Array(steps)) => steps.iter().collect(),
        _ => vec![processor],
    });
    for step in steps.unwrap_or_default() {
        read_processor(step, &mut tokens, &mut added);
    }
    for kind in KINDS {
        if let Some(switch) = settings.switch(kind) {
            added.entry(kind).or_insert(switch);
        }
    }
    describe_ids(file, &tokens, config, metadata);
    for (kind, add) in added {
        if matches!(kind, "bos" | "eos" | "sep") {
            metadata.set(format!("tokenizer.ggml.add_{kind}_token"), add);
        }
    }
    describe_normalizer(file.and_then(|file| file.normalizer.as_ref()), metadata);
    describe_template(source, settings.chat_template, metadata);
}

fn describe_ids(
    file: Option<&TokenizerFile>,
    tokens: &BTreeMap<&str, String>,
    config: &Config,
    metadata: &mut Metadata,
) {
    let by_text = |text: &String| {
        let mut added = file.iter().flat_map(|file| &file.added_tokens);
        added.find(|token| token.content == *text).map(|token| token.id)
    };
    for (kind, key, number) in [
        ("bos", "bos_token_id", &config.bos_token_id),
        ("eos", "eos_token_id", &config.eos_token_id),
        ("eot", "eot_token_id", &None),
        ("unk", "unknown_token_id", &config.unk_token_id),
        ("sep", "seperator_token_id", &config.sep_token_id),
        ("pad", "padding_token_id", &config.pad_token_id),
        ("mask", "mask_token_id", &config.mask_token_id),
    ] {
        let id = tokens.get(kind).and_then(by_text);
        // Several ends of text stand as a list, of which llama.cpp holds one.
        let number = number.as_ref().and_then(|number| match number {
            Value::Array(numbers) => numbers.first().and_then(Value::as_u64),
            number => number.as_u64(),
        });
        let id = id.or(number).filter(|id| *id < u64::from(config.vocab_size.unwrap_or(0)));
        metadata.set_some(format!("tokenizer.ggml.{key}"), id.map(|id| id as u32));
    }
}

fn read_processor(
    step: &Value,
    tokens: &mut BTreeMap<&'static str, String>,
    added: &mut BTreeMap<&'static str, bool>,
) {
    match step.get("type").and_then(Value::as_str) {
        Some("ByteLevel") => {
            added.entry("bos").or_insert(false);
            added.entry("eos").or_insert(false);
        }
        Some("BertProcessing" | "RobertaProcessing") => {
            added.extend([("bos", true), ("eos", true), ("sep", true)]);
        }
        Some("TemplateProcessing") => read_template(step, tokens, added),
        _ => {}
    }
}

fn read_template(
    step: &Value,
    tokens: &mut BTreeMap<&'static str, String>,
    added: &mut BTreeMap<&'static str, bool>,
) {
    let none = Vec::new();
    let list = |key: &str| step.get(key).and_then(Value::as_array).unwrap_or(&none);
    let token = |item: Option<&Value>| {
        let id = item?.get("SpecialToken")?.get("id")?.as_str()?;
        Some(id.to_owned())
    };
    let single = list("single");
    if single.len() < 2 {
        return;
    }
    let first = token(single.first());
    let last = token(single.last());
    if let Some(first) = &first {
        tokens.entry("bos").or_insert_with(|| first.clone());
        let known = [tokens.get("bos"), tokens.get("cls")].contains(&Some(first));
        added.insert("bos", known);
    }
    if let Some(last) = &last {
        match tokens.insert("eos", last.clone()) {
            Some(old) if old != *last => {
                tokens.insert("eot", old);
            }
            _ => {}
        }
        added.insert("eos", true);
    }
    let pair = list("pair");
    let start = usize::from(first.is_some() && token(pair.first()) == first);
    let end = pair.len() - usize::from(last.is_some() && token(pair.last()) == last);
    // What stands between the two texts.
    let between = pair.get(start + 1..end.saturating_sub(1)).unwrap_or_default();
    if !between.is_empty() {
        let ends = [tokens.get("sep").cloned(), tokens.get("eos").cloned()];
        let is_end = |item: &Value| {
            let found = token(Some(item));
            found.is_some() && ends.contains(&found)
        };
        let separated =
            (is_end(&between[0]) && last.is_none()) || (between.len() == 2 && is_end(&between[1]));
        added.insert("sep", separated);
    }
}

fn describe_normalizer(normalizer: Option<&Value>, metadata: &mut Metadata) {
    let Some(normalizer) = normalizer else { return };
    if normalizer.get("type").is_some_and(|kind| kind == "BertNormalizer") {
        let switch = |key: &str| normalizer.get(key).and_then(Value::as_bool);
        let lowercase = switch("lowercase");
        metadata.set_some("tokenizer.ggml.normalizer.lowercase", lowercase);
        metadata.set_some("tokenizer.ggml.normalizer.strip_accents", switch("strip_accents"));
    }
}

fn describe_template(source: &Source<'_>, template: Option<Value>, metadata: &mut Metadata) {
    let in_file = || source.text("chat_template.jinja").map(|text| Value::String(text.to_owned()));
    match template.filter(|template| !template.is_null()).or_else(in_file) {
        Some(Value::String(text)) => metadata.set("tokenizer.chat_template", text),
        Some(Value::Array(named)) => {
            let mut names = Vec::new();
            for entry in &named {
                let get = |key: &str| entry.get(key).and_then(Value::as_str);
                let (Some(name), Some(text)) = (get("name"), get("template")) else { continue };
                let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                let name: String = name.chars().map(plain).collect();
                if name == "default" {
                    metadata.set("tokenizer.chat_template", text);
                } else {
                    metadata.set(format!("tokenizer.chat_template.{name}"), text);
                    names.push(name);
                }
            }
            if !names.is_empty() {
                metadata.set("tokenizer.chat_templates", gguf::Value::Texts(names));
            }
        }
        _ => {}
    }
}

const KINDS: [&str; 7] = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"];
