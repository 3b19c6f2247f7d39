//! Reads the model and makes the context it computes in.

use std::num::NonZeroU32;

use llama_cpp_2::{
    context::{
        LlamaContext,
        params::{LlamaContextParams, LlamaPoolingType},
    },
    llama_backend::LlamaBackend,
    model::{LlamaLoraAdapter, LlamaModel, params::LlamaModelParams},
    token::LlamaToken,
};

use crate::protocol::{LoadedModel, ModelSpec};

/// Why the model cannot be served.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("the server sent no model")]
    NoFile,
    #[error("llama.cpp does not start: {0}")]
    Backend(llama_cpp_2::LlamaCppError),
    #[error("llama.cpp cannot load the model: {0}")]
    Model(llama_cpp_2::LlamaModelLoadError),
    #[error("llama.cpp cannot load adapter {place}: {source}")]
    Adapter { place: usize, source: llama_cpp_2::LlamaLoraAdapterInitError },
    #[error("llama.cpp cannot make room for {parallel} texts of {context} tokens: {source}")]
    Context { parallel: u32, context: u32, source: llama_cpp_2::LlamaContextLoadError },
}

/// A LoRA adapter and its scale.
pub(super) struct Adapter {
    pub(super) weights: LlamaLoraAdapter,
    pub(super) scale: f32,
}

/// Reads the model and its adapters from `files`, the model first.
pub(super) fn load(
    spec: &ModelSpec,
    files: &[String],
) -> Result<(LlamaBackend, LlamaModel, Vec<Adapter>), LoadError> {
    let backend = LlamaBackend::init().map_err(LoadError::Backend)?;
    let params = LlamaModelParams::default().with_n_gpu_layers(spec.gpu_layers);
    let (model, adapters) = files.split_first().ok_or(LoadError::NoFile)?;
    let mut model =
        LlamaModel::load_from_file(&backend, model, &params).map_err(LoadError::Model)?;
    let adapters = adapters
        .iter()
        .zip(&spec.scales)
        .enumerate()
        .map(|(place, (path, scale))| {
            let weights = model
                .lora_adapter_init(path)
                .map_err(|source| LoadError::Adapter { place, source })?;
            Ok(Adapter { weights, scale: *scale })
        })
        .collect::<Result<_, LoadError>>()?;
    Ok((backend, model, adapters))
}

/// Makes the context.
pub(super) fn context<'model>(
    backend: &LlamaBackend,
    model: &'model LlamaModel,
    spec: &ModelSpec,
) -> Result<LlamaContext<'model>, LoadError> {
    let each = context_tokens(model, spec);
    let parallel = if spec.embedding { 1 } else { spec.parallel.max(1) };
    let threads = i32::try_from(spec.threads.max(1)).unwrap_or(1);
    // Every sequence has cells of its own (not unified), so that what another one does never moves
    // them: the order of additions, and with it every bit of the result, stays the same.
    let mut params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(each.saturating_mul(parallel)))
        .with_n_seq_max(parallel)
        .with_kv_unified(false)
        .with_n_batch(spec.batch)
        .with_n_ubatch(spec.batch)
        .with_flash_attention_policy(FLASH_ATTENTION)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_no_perf(true);
    if spec.embedding {
        // A text that is embedded is computed in one piece.
        params = params.with_embeddings(true).with_n_batch(each).with_n_ubatch(each);
        if !has_pooling(model) {
            params = params.with_pooling_type(LlamaPoolingType::Mean);
        }
    }
    model.new_context(backend, params).map_err(|source| LoadError::Context {
        parallel,
        context: each,
        source,
    })
}

/// What the server needs to know of the model.
pub(super) fn describe(model: &LlamaModel, spec: &ModelSpec) -> LoadedModel {
    let vocabulary = model.vocab();
    let text = |token: LlamaToken| {
        if token.0 < 0 {
            return String::new();
        }
        String::from_utf8(vocabulary.token_to_piece(token, true, None)).unwrap_or_default()
    };
    let mut control: Vec<String> = vocabulary
        .tokens()
        .filter(|token| vocabulary.is_control(*token))
        .map(text)
        .filter(|name| !name.is_empty())
        .collect();
    control.sort_unstable();
    control.dedup();
    LoadedModel {
        context: context_tokens(model, spec),
        vocabulary: vocabulary.n_tokens().max(0).cast_unsigned(),
        width: model.n_embd_out().max(0).cast_unsigned(),
        begin: text(vocabulary.bos()),
        end: text(vocabulary.eos()),
        adds_begin: vocabulary.should_add_bos(),
        control,
        build: build(),
    }
}

fn context_tokens(model: &LlamaModel, spec: &ModelSpec) -> u32 {
    match (spec.context, model.n_ctx_train()) {
        (0, trained) => trained,
        (wanted, 0) => wanted,
        (wanted, trained) => wanted.min(trained),
    }
}

fn has_pooling(model: &LlamaModel) -> bool {
    let architecture = model.meta_val_str("general.architecture").unwrap_or_default();
    model.meta_val_str(&format!("{architecture}.pooling_type")).is_ok_and(|kind| kind != "0")
}

/// The processor features that this build of llama.cpp uses here.
fn build() -> String {
    let features = [
        (cfg!(feature = "cuda"), "cuda"),
        (cfg!(feature = "metal"), "metal"),
        (cfg!(target_arch = "x86_64"), "x86-64"),
        (cfg!(target_arch = "aarch64"), "aarch64"),
    ];
    let features: Vec<&str> =
        features.into_iter().filter_map(|(present, name)| present.then_some(name)).collect();
    format!("llama.cpp {LLAMA_CPP} {}", features.join(" "))
}

/// Off (`LLAMA_FLASH_ATTN_TYPE_DISABLED`): llama.cpp's kernel for many rows adds in another order
/// than its kernel for one, so that a prompt's bits would depend on how it was cut into passes.
const FLASH_ATTENTION: i32 = 0;
/// The release of the crate whose sources are built in.
const LLAMA_CPP: &str = "llama-cpp-sys-2 0.1.161";
