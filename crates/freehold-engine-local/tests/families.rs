//! llama.cpp on our GGUF beside transformers on the safetensors: the same tokens, the same best
//! token at every position, and nearly the same logits (or embedding), for a tiny model of each
//! family. `crates/freehold-convert/witness/make.py` wrote down what transformers said.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's way to fail and to tell")]

use std::{collections::BTreeMap, fs, num::NonZeroU32, path::Path, sync::OnceLock};

use freehold_artifact::safetensors;
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
use serde_json::{Value as Json, json};

/// The largest difference of a logit beside values of several units. Other orders of summation in
/// 32-bit arithmetic make up to 3e-5. llama.cpp looks GELU up in a table of half-precision values
/// (`ggml_vec_gelu_f32` in `vec.h`), which the families that use it show.
const fn tolerance(family: Family) -> f32 {
    match family {
        Family::Gemma2 | Family::Gemma3 => 5e-3,
        Family::Bert => 1e-3,
        _ => 1e-4,
    }
}

/// `LLAMA_FLASH_ATTN_TYPE_DISABLED` in `llama.h`.
const FLASH_ATTENTION_DISABLED: i32 = 0;

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
    load_files(&models::files(family, 1), output, folder)
}

fn load_files(files: &Files, output: OutputType, folder: &Path) -> LlamaModel {
    let mut gguf = Vec::new();
    convert(&source("tiny", files), output, &mut gguf).unwrap();
    // A new file each time: the models loaded before stay mapped.
    let path = tempfile::Builder::new().suffix(".gguf").tempfile_in(folder).unwrap();
    let path = path.into_temp_path().keep().unwrap();
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
        // Flash attention on the processor rounds to half precision: logits move by 2e-2.
        .with_flash_attention_policy(FLASH_ATTENTION_DISABLED)
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
    assert!(worst < tolerance(family), "{family:?}: {worst}");
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
        assert!(worst < tolerance(Family::Bert), "{worst}");
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

/// The adapter on the base model answers as the base model with `alpha / rank * B * A` added to
/// its matrices does.
#[test]
fn adapters_do_what_merged_weights_do() {
    for family in [Family::Llama, Family::Qwen2] {
        let folder = tempfile::tempdir().unwrap();
        let (base, files) = (models::files(family, 1), models::adapter_files(family, 2));
        let mut model = load(family, OutputType::F32, folder.path());
        let adapter = source("adapter", &files);
        let mut gguf = Vec::new();
        let pair = AdapterSource { adapter: &adapter, base: &source("base", &base) };
        convert_adapter(&pair, OutputType::F32, &mut gguf).unwrap();
        let path = folder.path().join("adapter.gguf");
        fs::write(&path, gguf).unwrap();
        let mut lora = model.lora_adapter_init(&path).unwrap();
        let tokens = model.vocab().tokenize(b"The pump has stopped.", true, false);
        let before = logits(&mut context(&model, false), &tokens).pop().unwrap();
        let mut adapted = context(&model, false);
        adapted.lora_adapter_set(&mut lora, 1.0).unwrap();
        let after = logits(&mut adapted, &tokens).pop().unwrap();
        let merged = load_files(&merge(&base, &files), OutputType::F32, folder.path());
        let merged = logits(&mut context(&merged, false), &tokens).pop().unwrap();
        let (moved, apart) =
            (largest_difference(&before, &after), largest_difference(&merged, &after));
        println!("{family:?}: adapter moves a logit by {moved}, merged weights differ by {apart}");
        assert!(moved > 0.5 && apart < 1e-3, "{family:?}: {moved} {apart}");
    }
}

type Matrix = (Vec<u64>, Vec<f32>);

/// All tensors of one file as 32-bit numbers.
fn matrices(files: &Files, name: &str) -> BTreeMap<String, Matrix> {
    let (_, bytes) = files.iter().find(|(found, _)| found == name).unwrap();
    let header = safetensors::parse(bytes, bytes.len() as u64).unwrap();
    let values = |tensor: &safetensors::TensorInfo| {
        let data = &bytes[tensor.start as usize..tensor.end as usize];
        match tensor.dtype.bytes() {
            2 => data.as_chunks().0.iter().map(|b| bf16(u16::from_le_bytes(*b))).collect(),
            _ => data.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        }
    };
    let tensors = header.tensors.iter();
    tensors.map(|tensor| (tensor.name.clone(), (tensor.shape.clone(), values(tensor)))).collect()
}

fn bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// The base model's files with the adapter added to its weights, all as F32.
fn merge(base: &Files, adapter: &Files) -> Files {
    let mut weights = matrices(base, "model.safetensors");
    let parts = matrices(adapter, "adapter_model.safetensors");
    for (name, (a_shape, a)) in &parts {
        let Some(module) = name.strip_suffix(".lora_A.weight") else { continue };
        let (b_shape, b) = &parts[&format!("{module}.lora_B.weight")];
        let name = format!("{}.weight", module.strip_prefix("base_model.model.").unwrap());
        let (_, values) = weights.get_mut(&name).unwrap();
        let (rank, columns, rows) = (a_shape[0], a_shape[1] as usize, b_shape[0] as usize);
        let rank = rank as usize;
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |c| (row, c))) {
            let sum: f32 = (0..rank).map(|r| b[row * rank + r] * a[r * columns + column]).sum();
            // `lora_alpha` of the test kit's adapters is 8.
            values[row * columns + column] += 8.0 / rank as f32 * sum;
        }
    }
    let mut header = serde_json::Map::new();
    let mut data = Vec::new();
    for (name, (shape, values)) in weights {
        let start = data.len();
        data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, data.len()] });
        header.insert(name, entry);
    }
    let header = Json::Object(header).to_string().into_bytes();
    let file = [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat();
    let others = base.iter().filter(|(name, _)| name != "model.safetensors").cloned();
    others.chain([("model.safetensors".to_owned(), file)]).collect()
}
