//! llama.cpp on our GGUF beside transformers on the safetensors: the same tokens, the same best
//! token at every position, and nearly the same logits (or embedding), for a tiny model of each
//! family. `crates/freehold-convert/witness/make.py` wrote down what transformers said.

use std::{fs, num::NonZeroU32, path::Path, sync::OnceLock};

use freehold_convert::{AdapterSource, OutputType, Source, convert, convert_adapter};
use freehold_testkit::models::{self, Family};
use llama_cpp_2::{
    LogOptions,
    context::{
        LlamaContext,
        params::{KvCacheType, LlamaContextParams},
    },
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaModel, params::LlamaModelParams},
    send_logs_to_tracing,
    token::LlamaToken,
};
use serde_json::Value as Json;

/// The largest difference of a logit, and of a component of an embedding, beside values of
/// several units: what other orders of summation in 32-bit arithmetic add up to.
const TOLERANCE: f32 = 2e-3;

fn backend() -> &'static LlamaBackend {
    static BACKEND: OnceLock<LlamaBackend> = OnceLock::new();
    BACKEND.get_or_init(|| {
        send_logs_to_tracing(LogOptions::default());
        LlamaBackend::init().unwrap()
    })
}

type Files = Vec<(String, Vec<u8>)>;

fn source<'a>(name: &'a str, files: &'a Files) -> Source<'a> {
    Source::new(name, files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

fn load(family: Family, output: OutputType, folder: &Path) -> LlamaModel {
    let files = models::files(family, 1);
    let mut gguf = Vec::new();
    convert(&source(family.name(), &files), output, &mut gguf).unwrap();
    let path = folder.join("model.gguf");
    fs::write(&path, gguf).unwrap();
    LlamaModel::load_from_file(backend(), &path, &LlamaModelParams::default()).unwrap()
}

fn context(model: &LlamaModel, embeddings: bool) -> LlamaContext<'_> {
    let parameters = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(256))
        .with_n_batch(256)
        .with_n_ubatch(256)
        .with_n_threads(1)
        .with_n_threads_batch(1)
        .with_type_k(KvCacheType::F32)
        .with_type_v(KvCacheType::F32)
        .with_embeddings(embeddings);
    model.new_context(backend(), parameters).unwrap()
}

fn tokens(ids: &Json) -> Vec<LlamaToken> {
    let ids = ids.as_array().unwrap().iter();
    ids.map(|id| LlamaToken::new(id.as_i64().unwrap() as i32)).collect()
}

fn floats(values: &Json) -> Vec<f32> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32).collect()
}

/// The logits after each of the tokens.
fn logits(context: &mut LlamaContext<'_>, tokens: &[LlamaToken]) -> Vec<Vec<f32>> {
    let mut batch = LlamaBatch::new(tokens.len(), 1);
    for (place, token) in tokens.iter().enumerate() {
        batch.add(*token, place as i32, &[0], true).unwrap();
    }
    context.decode(&mut batch).unwrap();
    (0..tokens.len()).map(|place| context.get_logits_ith(place as i32).to_vec()).collect()
}

fn best(logits: &[f32]) -> usize {
    let order = |a: &(usize, &f32), b: &(usize, &f32)| a.1.total_cmp(b.1);
    logits.iter().enumerate().max_by(order).map(|(place, _)| place).unwrap()
}

fn largest_difference(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn check_tokens(family: Family, model: &LlamaModel, witness: &Json) {
    for entry in witness["tokens"].as_array().unwrap() {
        let text = entry["text"].as_str().unwrap();
        let ours = model.vocab().tokenize(text.as_bytes(), true, false);
        assert_eq!(ours, tokens(&entry["ids"]), "{family:?} {text:?}");
    }
}

fn ids_of<'a>(witness: &'a Json, text: &Json) -> &'a Json {
    let entries = witness["tokens"].as_array().unwrap();
    &entries.iter().find(|entry| entry["text"] == *text).unwrap()["ids"]
}

fn check_decoder(family: Family, witness: &str) {
    let witness: Json = serde_json::from_str(witness).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let model = load(family, OutputType::F32, folder.path());
    check_tokens(family, &model, &witness);
    let mut worst = 0f32;
    for answer in witness["answers"].as_array().unwrap() {
        let tokens = tokens(ids_of(&witness, &answer["text"]));
        let ours = logits(&mut context(&model, false), &tokens);
        let theirs: Vec<u64> =
            answer["argmax"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
        let best: Vec<u64> = ours.iter().map(|logits| best(logits) as u64).collect();
        assert_eq!(best, theirs, "{family:?} {}", answer["text"]);
        worst = worst.max(largest_difference(ours.last().unwrap(), &floats(&answer["last"])));
    }
    println!("{family:?}: largest difference of a logit {worst}");
    assert!(worst < TOLERANCE, "{family:?}: {worst}");
}

macro_rules! witness {
    ($name:literal) => {
        include_str!(concat!("../../../testdata/convert/", $name, ".json"))
    };
}

#[test]
fn llama() {
    check_decoder(Family::Llama, witness!("llama"));
}

#[test]
fn mistral() {
    check_decoder(Family::Mistral, witness!("mistral"));
}

#[test]
fn qwen2() {
    check_decoder(Family::Qwen2, witness!("qwen2"));
}

#[test]
fn qwen2_in_shards() {
    check_decoder(Family::Qwen2Sharded, witness!("qwen2-sharded"));
}

#[test]
fn qwen3() {
    check_decoder(Family::Qwen3, witness!("qwen3"));
}

#[test]
fn gemma2() {
    check_decoder(Family::Gemma2, witness!("gemma2"));
}

#[test]
fn gemma3() {
    check_decoder(Family::Gemma3, witness!("gemma3"));
}

#[test]
fn bert() {
    let witness: Json = serde_json::from_str(witness!("bert")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let model = load(Family::Bert, OutputType::F32, folder.path());
    check_tokens(Family::Bert, &model, &witness);
    for answer in witness["answers"].as_array().unwrap() {
        let tokens = tokens(ids_of(&witness, &answer["text"]));
        let mut context = context(&model, true);
        let mut batch = LlamaBatch::new(tokens.len(), 1);
        batch.add_sequence(&tokens, 0, true).unwrap();
        context.encode(&mut batch).unwrap();
        let ours = context.embeddings_seq_ith(0).unwrap();
        let worst = largest_difference(ours, &floats(&answer["embedding"]));
        println!("Bert: largest difference of a component {worst}");
        assert!(worst < TOLERANCE, "{worst}");
    }
}

#[test]
fn every_output_type_loads_and_answers_alike() {
    for family in Family::ALL.into_iter().filter(|family| *family != Family::Bert) {
        let folder = tempfile::tempdir().unwrap();
        let exact = load(family, OutputType::F32, folder.path());
        let tokens = exact.vocab().tokenize(b"The pump has stopped.", true, false);
        let exact = logits(&mut context(&exact, false), &tokens).pop().unwrap();
        // The spread of logits is several units; the looser the type, the further it may stray.
        for (output, tolerance) in
            [(OutputType::F16, 0.05), (OutputType::Bf16, 0.3), (OutputType::Q8_0, 0.6)]
        {
            let folder = tempfile::tempdir().unwrap();
            let model = load(family, output, folder.path());
            let ours = logits(&mut context(&model, false), &tokens).pop().unwrap();
            let worst = largest_difference(&ours, &exact);
            println!("{family:?} {output:?}: {worst}");
            assert!(worst < tolerance, "{family:?} {output:?}: {worst}");
        }
    }
}

/// Adding `scale * B * A` to the weights by hand gives what the adapter gives.
#[test]
fn adapters_load_and_change_the_answer() {
    for family in [Family::Llama, Family::Qwen2] {
        let folder = tempfile::tempdir().unwrap();
        let mut model = load(family, OutputType::F32, folder.path());
        let (base, files) = (models::files(family, 1), models::adapter_files(family, 2));
        let (base, adapter) = (source("base", &base), source("adapter", &files));
        let mut gguf = Vec::new();
        let source = AdapterSource { adapter: &adapter, base: &base };
        convert_adapter(&source, OutputType::F32, &mut gguf).unwrap();
        let path = folder.path().join("adapter.gguf");
        fs::write(&path, gguf).unwrap();
        let mut lora = model.lora_adapter_init(&path).unwrap();
        let tokens = model.vocab().tokenize(b"The pump has stopped.", true, false);
        let before = logits(&mut context(&model, false), &tokens).pop().unwrap();
        let mut adapted = context(&model, false);
        adapted.lora_adapter_set(&mut lora, 1.0).unwrap();
        let after = logits(&mut adapted, &tokens).pop().unwrap();
        assert!(largest_difference(&before, &after) > 0.1, "{family:?}");
    }
}
