//! Our GGUF beside that of llama.cpp's own converter, tensor by tensor and key by key, for a tiny
//! model of each family. `witness/make.py` wrote down what the converter does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's way to fail")]

use std::collections::{BTreeMap, BTreeSet};

use freehold_artifact::gguf::{self, Gguf, Scalar, Value};
use freehold_convert::{OutputType, Source, convert};
use freehold_testkit::models::{self, Family};
use ring::digest::{SHA256, digest};
use serde_json::{Value as Json, json};

/// The key, and why our value differs from the converter's or only one of us has it.
const DIFFERENCES: &[(&str, &str)] = &[
    ("general.name", "ours is what the caller says, theirs is guessed from the folder's name"),
    ("general.size_label", "a label for people, guessed from the number of parameters"),
];

fn convert_tiny(family: Family, output: OutputType) -> Vec<u8> {
    let files = models::files(family, 1);
    let named = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let mut out = Vec::new();
    let converted = convert(&Source::new(family.name(), named), output, &mut out).unwrap();
    assert_eq!(converted.bytes, out.len() as u64);
    out
}

fn read(bytes: &[u8]) -> Gguf<'_> {
    gguf::parse(bytes, bytes.len() as u64).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A value in the notation of `make.py`.
fn describe(value: &Value<'_>) -> Json {
    match value {
        Value::Scalar(Scalar::U32(value)) => json!({ "kind": "UINT32", "value": value }),
        Value::Scalar(Scalar::F32(value)) => json!({ "kind": "FLOAT32", "value": value }),
        Value::Scalar(Scalar::Bool(value)) => json!({ "kind": "BOOL", "value": value }),
        Value::Scalar(other) => panic!("{other:?} is never written"),
        Value::String(text) => {
            json!({ "kind": "STRING", "value": std::str::from_utf8(text).unwrap() })
        }
        Value::Numbers { kind, bytes } => {
            let kind = match kind {
                gguf::ValueKind::F32 => "FLOAT32",
                gguf::ValueKind::I32 => "INT32",
                other => panic!("{other:?} is never written"),
            };
            json!({ "kind": "ARRAY",
                "value": { "count": bytes.len() / 4, "kind": kind, "sha256": hex(bytes) } })
        }
        Value::Strings(texts) => {
            let bytes: Vec<u8> = texts
                .iter()
                .flat_map(|text| [&(text.len() as u64).to_le_bytes()[..], text].concat())
                .collect();
            json!({ "kind": "ARRAY",
                "value": { "count": texts.len(), "kind": "STRING", "sha256": hex(&bytes) } })
        }
    }
}

fn same(ours: &Json, theirs: &Json) -> bool {
    match (ours["value"].as_f64(), theirs["value"].as_f64()) {
        (Some(a), Some(b)) => ours["kind"] == theirs["kind"] && a as f32 == b as f32,
        _ => ours == theirs,
    }
}

fn check_tensors(family: Family, output: OutputType, theirs: &Json) {
    let bytes = convert_tiny(family, output);
    let ours: BTreeMap<String, Json> = read(&bytes)
        .tensors
        .iter()
        .map(|tensor| {
            let data = &bytes[tensor.start as usize..tensor.end as usize];
            let said = json!({ "kind": tensor.kind.name(), "dimensions": tensor.dimensions,
                "sha256": hex(data) });
            (tensor.name.to_owned(), said)
        })
        .collect();
    let theirs = theirs.as_object().unwrap();
    let names = |keys: Vec<&String>| keys.into_iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(ours.keys().collect()), names(theirs.keys().collect()), "{family:?}");
    let gguf = read(&bytes);
    for (name, said) in &ours {
        if let Some(values) = theirs[name]["values"].as_array() {
            let tensor = gguf.tensors.iter().find(|tensor| tensor.name == name).unwrap();
            let ours = bytes[tensor.start as usize..tensor.end as usize].as_chunks().0;
            assert_eq!(ours.len(), values.len());
            for (ours, theirs) in ours.iter().zip(values) {
                let (ours, theirs) = (f32::from_le_bytes(*ours), theirs.as_f64().unwrap() as f32);
                assert!((ours - theirs).abs() <= 1e-6 * theirs, "{name}: {ours} {theirs}");
            }
            continue;
        }
        assert_eq!(said, &theirs[name], "{family:?} {output:?} `{name}`");
    }
}

fn check_metadata(family: Family, theirs: &Json, explained: &[(&str, &str)]) {
    let bytes = convert_tiny(family, OutputType::F32);
    let gguf = read(&bytes);
    let ours: BTreeMap<&str, Json> =
        gguf.metadata.iter().map(|(key, value)| (*key, describe(value))).collect();
    let theirs = theirs.as_object().unwrap();
    let keys: BTreeSet<&str> =
        ours.keys().copied().chain(theirs.keys().map(String::as_str)).collect();
    let mut wrong = Vec::new();
    let mut different = BTreeSet::new();
    for key in keys {
        let equal = match (ours.get(key), theirs.get(key)) {
            (Some(ours), Some(theirs)) => same(ours, theirs),
            _ => false,
        };
        let reason = DIFFERENCES.iter().chain(explained).find(|(known, _)| *known == key);
        if !equal && reason.is_none() {
            wrong.push(format!("{key}: ours {:?}, theirs {:?}", ours.get(key), theirs.get(key)));
        } else if !equal {
            different.insert(key);
        }
    }
    assert!(wrong.is_empty(), "{family:?}:\n{}", wrong.join("\n"));
    for (key, reason) in explained {
        assert!(different.contains(key), "{family:?} `{key}` no longer differs ({reason})");
    }
}

fn check(family: Family, witness: &str, explained: &[(&str, &str)]) {
    let witness: Json = serde_json::from_str(witness).unwrap();
    check_metadata(family, &witness["metadata"], explained);
    for (output, name) in [
        (OutputType::F32, "f32"),
        (OutputType::F16, "f16"),
        (OutputType::Bf16, "bf16"),
        (OutputType::Q8_0, "q8_0"),
    ] {
        check_tensors(family, output, &witness["tensors"][name]);
    }
}

macro_rules! witness {
    ($name:literal) => {
        include_str!(concat!("../../../testdata/convert/", $name, ".json"))
    };
}

#[test]
fn llama() {
    check(Family::Llama, witness!("llama"), &[]);
}

#[test]
fn mistral() {
    let explained = [
        ("llama.context_length", "theirs forgets the sliding window, which llama.cpp then ignores"),
        ("tokenizer.ggml.add_space_prefix", "theirs leaves the default unsaid"),
        ("tokenizer.ggml.scores", "theirs gives every token the same, so merges lose their order"),
    ];
    check(Family::Mistral, witness!("mistral"), &explained);
}

#[test]
fn qwen2() {
    check(Family::Qwen2, witness!("qwen2"), &[]);
}

#[test]
fn qwen2_in_shards() {
    check(Family::Qwen2Sharded, witness!("qwen2-sharded"), &[]);
}

#[test]
fn qwen3() {
    check(Family::Qwen3, witness!("qwen3"), &[]);
}

#[test]
fn gemma2() {
    let explained = [("gemma2.rope.freq_base", "theirs leaves llama.cpp's default unsaid")];
    check(Family::Gemma2, witness!("gemma2"), &explained);
}

#[test]
fn gemma3() {
    check(Family::Gemma3, witness!("gemma3"), &[]);
}

#[test]
fn bert() {
    check(Family::Bert, witness!("bert"), &[]);
}
