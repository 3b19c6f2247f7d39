//! What the operator decides about embedded models.

use std::path::PathBuf;

use freehold_convert::OutputType;
use freehold_engine::ModelKind;
use freehold_vet::{Admission, VetError};

/// A model to serve.
#[derive(Debug)]
pub struct LocalModel {
    /// The name under which requests ask for it.
    pub name: String,
    /// Allows its files to be loaded, and these exact files only.
    pub admission: Admission,
    /// LoRA adapters; each is served as a model of its own, with the same worker.
    pub adapters: Vec<LocalAdapter>,
    /// What it is for; `None` finds out from its files.
    pub kind: Option<ModelKind>,
}

impl LocalModel {
    /// A model without adapters.
    pub const fn new(name: String, admission: Admission) -> Self {
        Self { name, admission, adapters: Vec::new(), kind: None }
    }
}

/// A LoRA adapter: one GGUF file, or PEFT's folder of `adapter_config.json` and
/// `adapter_model.safetensors`.
#[derive(Debug)]
pub struct LocalAdapter {
    /// The name under which requests ask for the model with this adapter.
    pub name: String,
    /// Allows its files to be loaded.
    pub admission: Admission,
    /// Its strength; 1 is as trained.
    pub scale: f32,
}

/// How models are run.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// The program of the worker: this executable.
    pub program: PathBuf,
    /// What makes it a worker: the hidden command.
    pub arguments: Vec<String>,
    /// Where GGUF files derived from safetensors are kept. Anyone who can write here can change
    /// what is loaded, so it belongs to the server alone.
    pub cache: PathBuf,
    /// Threads that compute; 0 = one for small models, all cores for others. A small model gains
    /// nothing from a second thread, and loses much where something else wants the second core:
    /// llama.cpp's threads wait for each other hundreds of times per token.
    pub threads: u32,
    /// Tokens of context for each request, prompt and answer together; 0 = as the model was
    /// trained.
    pub context: u32,
    /// Requests that are computed at once.
    pub parallel: u32,
    /// Requests that may wait besides.
    pub queue: u32,
    /// How derived GGUF files store weights. [`OutputType::Q8_0`] is the type for which llama.cpp
    /// computes the same bits alone and beside others, with one thread and with several.
    pub weights: OutputType,
    /// Layers computed on the graphics processor, where built with `cuda` or `metal`.
    pub gpu_layers: u32,
    /// Whether what was computed of a prompt is kept for later ones that begin alike. It saves
    /// work, and it tells whoever measures times what others asked before; off by default.
    pub keep_prefixes: bool,
}

impl LocalOptions {
    /// Options with which the given executable works everywhere.
    pub fn new(program: PathBuf, cache: PathBuf) -> Self {
        Self {
            program,
            arguments: vec!["worker".to_owned()],
            cache,
            threads: 0,
            context: 4096,
            parallel: 8,
            queue: 64,
            weights: OutputType::Q8_0,
            gpu_layers: u32::MAX,
            keep_prefixes: false,
        }
    }

    /// Threads for a model of this many bytes.
    pub(crate) fn threads(&self, bytes: u64) -> u32 {
        if self.threads > 0 {
            return self.threads;
        }
        if bytes < SMALL {
            return 1;
        }
        std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
    }
}

/// Weights that are read in a few milliseconds by one core.
const SMALL: u64 = 64 << 20;

/// Why models are not served.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Two models or adapters of one name.
    #[error("two models are called `{0}`; give each a name of its own")]
    SameName(String),
    /// The files changed since they were admitted, or cannot be read.
    #[error("model `{model}` cannot be opened")]
    Vet {
        /// The model.
        model: String,
        /// Which file, and what is wrong.
        #[source]
        source: Box<VetError>,
    },
    /// The weights have no GGUF form that is known here.
    #[error("model `{model}` cannot be converted to GGUF")]
    Convert {
        /// The model.
        model: String,
        /// Why.
        #[source]
        source: Box<freehold_convert::ConvertError>,
    },
    /// A GGUF in parts.
    #[error(
        "model `{model}` has {parts} GGUF files; one is supported. Merge them with llama.cpp's \
         `llama-gguf-split --merge`"
    )]
    Parts {
        /// The model.
        model: String,
        /// How many.
        parts: usize,
    },
    /// The GGUF's head does not parse.
    #[error("the GGUF of model `{model}` is not valid")]
    Gguf {
        /// The model.
        model: String,
        /// Where and what.
        #[source]
        source: freehold_artifact::gguf::GgufError,
    },
    /// A chat model needs one.
    #[error(
        "model `{model}` has no chat template, so it is not a chat model; serve a tuned (`-instruct`, \
         `-chat`) variant, or add `chat_template` to its tokenizer_config.json"
    )]
    NoTemplate {
        /// The model.
        model: String,
    },
    /// The template does not compile.
    #[error("model `{model}`: {reason}")]
    Template {
        /// The model.
        model: String,
        /// What the template engine says.
        reason: String,
    },
    /// It does not fit.
    #[error(
        "model `{model}` needs about {} MiB of memory and {} MiB are available; \
         lower `context` or `parallel`, or serve a smaller model",
        needed >> 20, available >> 20
    )]
    Memory {
        /// The model.
        model: String,
        /// Bytes for weights, context and working space.
        needed: u64,
        /// Bytes that this machine or container has left.
        available: u64,
    },
    /// The cache of derived files cannot be written.
    #[error("cannot use {} for derived model files", path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the file system says.
        #[source]
        source: std::io::Error,
    },
    /// The worker does not start.
    #[error("cannot start the worker {} for model `{model}`", program.display())]
    Spawn {
        /// The model.
        model: String,
        /// Its program.
        program: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The worker started and could not serve the model.
    #[error("the worker for model `{model}` gave up: {reason}")]
    Worker {
        /// The model.
        model: String,
        /// What it said last.
        reason: String,
    },
}
