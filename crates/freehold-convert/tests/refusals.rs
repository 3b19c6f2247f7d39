//! What is not converted, and what the error says; and that no configuration makes the converter
//! panic or ask for more memory than the model is worth.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's way to fail")]

use std::sync::LazyLock;

use freehold_artifact::gguf;
use freehold_convert::{ConvertError, OutputType, Source, convert, known_architectures};
use freehold_testkit::models::{self, Family};
use proptest::prelude::*;
use serde_json::{Value, json};

type Files = Vec<(String, Vec<u8>)>;

fn run(files: &Files) -> Result<Vec<u8>, ConvertError> {
    let named = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let mut out = Vec::new();
    convert(&Source::new("tiny", named), OutputType::F32, &mut out).map(|_| out)
}

/// A model with one JSON value set (`null` removes it).
fn changed(family: Family, file: &str, pointer: &str, value: Value) -> Files {
    let mut files = models::files(family, 1);
    let (_, bytes) = files.iter_mut().find(|(name, _)| name == file).unwrap();
    let mut json: Value = serde_json::from_slice(bytes).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(map), Value::Null) => drop(map.remove(key)),
        (Value::Object(map), value) => drop(map.insert(key.to_owned(), value)),
        (Value::Array(list), value) => list[key.parse::<usize>().unwrap()] = value,
        (other, _) => panic!("{other}"),
    }
    *bytes = json.to_string().into_bytes();
    files
}

fn check(family: Family, file: &str, pointer: &str, value: Value, words: &str) {
    let text = match run(&changed(family, file, pointer, value.clone())) {
        Ok(_) => panic!("{family:?} {pointer} = {value} was converted, expected: {words}"),
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            format!("{error}: {}", source.unwrap_or_default())
        }
    };
    assert!(text.contains(words), "{family:?} {pointer} = {value}: `{text}` lacks `{words}`");
}

#[test]
fn unknown_architectures_name_the_known_ones() {
    let files = changed(Family::Qwen2, "config.json", "/architectures", json!(["Mamba9"]));
    let error = run(&files).unwrap_err();
    assert!(matches!(error, ConvertError::UnknownArchitecture { .. }));
    let text = error.to_string();
    assert!(text.contains("Mamba9"), "{text}");
    assert!(known_architectures().all(|known| text.contains(known)), "{text}");
}

#[test]
fn settings_that_the_engine_would_not_honour() {
    use Family::{Bert, Gemma2, Gemma3, Llama, Qwen2};
    let config = "config.json";
    check(Qwen2, config, "/hidden_act", json!("gelu"), "silu only");
    check(Qwen2, config, "/partial_rotary_factor", json!(0.5), "all dimensions rotated");
    check(Llama, config, "/rope_scaling/rope_type", json!("dynamic"), "`rope_scaling`");
    check(Llama, config, "/quantization_config", json!({ "quant_method": "gptq" }), "gptq");
    check(Gemma2, config, "/query_pre_attn_scalar", json!(7), "the size of a head");
    check(Gemma3, config, "/sliding_window_pattern", json!(3), "layer of full attention");
    check(Bert, config, "/position_embedding_type", json!("relative_key"), "absolute positions");
    check(Bert, "1_Pooling/config.json", "/pooling_mode_mean_tokens", json!(false), "mean, first");
}

#[test]
fn tokenizers_that_the_engine_cannot_reproduce() {
    use Family::{Bert, Mistral, Qwen2};
    let file = "tokenizer.json";
    let expression = "/pre_tokenizer/pretokenizers/0/pattern/Regex";
    check(Qwen2, file, expression, json!("\\w+"), "the tokenizer's pre-tokenizer is");
    check(Qwen2, file, "/model/ignore_merges", json!(true), "the tokenizer's pre-tokenizer is");
    check(Qwen2, file, "/normalizer", json!({ "type": "Lowercase" }), "normalizer");
    check(Qwen2, file, "/model/type", json!("Unigram"), "model is `Unigram`");
    check(Qwen2, file, "/model/end_of_word_suffix", json!("</w>"), "</w>");
    check(Mistral, file, "/model/type", json!("WordLevel"), "model is `WordLevel`");
    check(Bert, file, "/pre_tokenizer/type", json!("Whitespace"), "pre-tokenizer");
    check(Qwen2, file, "/added_tokens/0/id", json!(1u64 << 40), "does not fit in the vocabulary");
    check(Qwen2, file, "/added_tokens", json!(3), "`tokenizer.json` cannot be read");
}

#[test]
fn tensors_and_settings_must_agree() {
    use Family::{Gemma2, Qwen2};
    let config = "config.json";
    check(Qwen2, config, "/hidden_size", json!(32), "`config.json` says");
    check(Qwen2, config, "/hidden_size", Value::Null, "`config.json` lacks `hidden_size`");
    check(Qwen2, config, "/num_hidden_layers", json!(3), "tensor `layers.2.");
    check(Qwen2, config, "/num_hidden_layers", json!(1), "is not part of architecture `qwen2`");
    check(Qwen2, config, "/num_hidden_layers", json!(4_000_000_000u32), "is missing");
    check(Qwen2, config, "/num_attention_heads", json!(0), "a size above 0");
    check(
        Qwen2,
        config,
        "/tie_word_embeddings",
        json!(false),
        "tensor `lm_head.weight` is missing",
    );
    check(Gemma2, config, "/vocab_size", json!(9), "`config.json` says");
}

#[test]
fn missing_files_are_named() {
    for (family, missing) in [
        (Family::Qwen2, "config.json"),
        (Family::Qwen2, "tokenizer.json"),
        (Family::Qwen2, "model.safetensors"),
        (Family::Qwen2Sharded, "model-00002-of-00002.safetensors"),
        (Family::Bert, "1_Pooling/config.json"),
    ] {
        let mut files = models::files(family, 1);
        files.retain(|(name, _)| name != missing);
        let text = run(&files).unwrap_err().to_string();
        assert!(text.contains(missing), "{family:?} without {missing}: {text}");
    }
}

#[test]
fn rules_of_pre_tokenizers_are_recognized() {
    let bytes =
        |words: bool| json!({ "type": "ByteLevel", "add_prefix_space": false, "use_regex": words });
    let digits = json!({ "type": "Digits", "individual_digits": true });
    let none = Value::Null;
    for (steps, ignore_merges, expected) in [
        (vec![bytes(true)], false, "gpt-2"),
        (vec![digits, bytes(true)], false, "smollm"),
        (vec![none.clone(), bytes(false)], false, "qwen2"),
    ] {
        let mut files = models::files(Family::Qwen2, 1);
        let (_, file) = files.iter_mut().find(|(name, _)| name == "tokenizer.json").unwrap();
        let mut json: Value = serde_json::from_slice(file).unwrap();
        let split = json["pre_tokenizer"]["pretokenizers"][0].clone();
        let steps: Vec<Value> =
            steps.into_iter().map(|step| if step == none { split.clone() } else { step }).collect();
        json["pre_tokenizer"]["pretokenizers"] = json!(steps);
        json["model"]["ignore_merges"] = json!(ignore_merges);
        *file = json.to_string().into_bytes();
        let out = run(&files).unwrap();
        let gguf = gguf::parse(&out, out.len() as u64).unwrap();
        assert_eq!(gguf.text("tokenizer.ggml.pre"), Some(expected));
    }
}

#[test]
fn old_and_new_notations_of_settings_give_the_same() {
    let old = run(&models::files(Family::Gemma3, 1)).unwrap();
    let mut files = models::files(Family::Gemma3, 1);
    let (_, file) = files.iter_mut().find(|(name, _)| name == "config.json").unwrap();
    let mut config: Value = serde_json::from_slice(file).unwrap();
    let map = config.as_object_mut().unwrap();
    map.remove("rope_theta");
    map.remove("rope_local_base_freq");
    map.remove("sliding_window_pattern");
    let types = (1..8).map(|n| if n % 6 == 0 { "full_attention" } else { "sliding_attention" });
    map.insert("layer_types".to_owned(), types.collect());
    let rope = json!({ "full_attention": { "rope_type": "default", "rope_theta": 1000000.0 },
        "sliding_attention": { "rope_type": "default", "rope_theta": 10000.0 } });
    map.insert("rope_parameters".to_owned(), rope);
    *file = config.to_string().into_bytes();
    assert!(run(&files).unwrap() == old);
}

#[test]
fn text_part_of_a_multimodal_model() {
    let old = run(&models::files(Family::Gemma3, 1)).unwrap();
    let mut files = models::files(Family::Gemma3, 1);
    let (_, file) = files.iter_mut().find(|(name, _)| name == "config.json").unwrap();
    let text: Value = serde_json::from_slice(file).unwrap();
    let config = json!({ "architectures": ["Gemma3ForConditionalGeneration"],
        "model_type": "gemma3", "text_config": text, "vision_config": { "hidden_size": 8 } });
    *file = config.to_string().into_bytes();
    assert!(run(&files).unwrap() == old);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_setting_panics(
        family in 0usize..8,
        which in 0usize..64,
        value in prop_oneof![
            Just(Value::Null), Just(json!(0)), Just(json!(1)), Just(json!(-1)), Just(json!(0.5)),
            Just(json!(u32::MAX)), Just(json!(u64::MAX)), Just(json!("x")), Just(json!([])),
            Just(json!({})), Just(json!(true)), any::<u32>().prop_map(|n| json!(n)),
        ],
    ) {
        static MODELS: LazyLock<Vec<Files>> =
            LazyLock::new(|| Family::ALL.iter().map(|family| models::files(*family, 1)).collect());
        let mut files = MODELS[family].clone();
        for (name, bytes) in &mut files {
            if name.ends_with(".json") && !name.ends_with("index.json") {
                let mut json: Value = serde_json::from_slice(bytes).unwrap();
                if let Some(map) = json.as_object_mut() {
                    let keys: Vec<String> = map.keys().cloned().collect();
                    if let Some(key) = keys.get(which) {
                        map.insert(key.clone(), value.clone());
                    }
                }
                *bytes = json.to_string().into_bytes();
            }
        }
        if let Ok(out) = run(&files) {
            prop_assert!(gguf::parse(&out, out.len() as u64).is_ok());
        }
    }
}
