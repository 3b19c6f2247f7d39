//! The messages.

use super::codec::{wire_enum, wire_struct};

/// From the server to the worker.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ToWorker {
    /// Comes first and once.
    Load(ModelSpec),
    /// Asks for text.
    Generate(Generate),
    /// Asks for vectors.
    Embed(Embed),
    /// Ends a request, wherever it stands; nothing more is said about it.
    Cancel(u64),
    /// Asks for a sign of life from the loop that computes.
    Ping(u64),
}

/// What to load and how.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModelSpec {
    /// [`super::VERSION`] of the server.
    pub(crate) version: u32,
    /// Scales of the LoRA adapters. The files come as descriptors with this message: the model's
    /// GGUF first, then one GGUF for each adapter.
    pub(crate) scales: Vec<f32>,
    /// Whether it is to compute embeddings instead of text.
    pub(crate) embedding: bool,
    /// Tokens of context for each sequence; 0 = as trained.
    pub(crate) context: u32,
    /// Sequences at once.
    pub(crate) parallel: u32,
    /// Most tokens computed in one call.
    pub(crate) batch: u32,
    /// Threads that compute.
    pub(crate) threads: u32,
    /// Layers for the graphics processor, where built for one.
    pub(crate) gpu_layers: u32,
    /// Whether a sequence's tokens are kept for requests that begin with the same ones.
    pub(crate) keep_prefixes: bool,
    /// Bytes of memory that the worker may take besides the model's file.
    pub(crate) memory: u64,
    /// Control tokens that are passed on as text, because tool calls are written with them.
    pub(crate) visible: Vec<String>,
}

/// A request for one text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Generate {
    /// Named by the server; never used twice.
    pub(crate) id: u64,
    /// The rendered prompt in pieces. Names of control tokens in a piece stand for those tokens; a
    /// name that a user wrote is cut in two, so that it stands for its letters only.
    pub(crate) prompt: Vec<String>,
    /// Index of the adapter to use.
    pub(crate) adapter: Option<u32>,
    /// Most tokens of the answer; `None` = as many as the context holds.
    pub(crate) max_tokens: Option<u32>,
    /// How to choose tokens.
    pub(crate) sampling: Sampling,
    /// What the text must look like.
    pub(crate) constraint: Option<Constraint>,
    /// How many alternatives to report at each token; `None` = no probabilities at all.
    pub(crate) logprobs: Option<u32>,
}

/// How to choose tokens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampling {
    /// 0 takes the likeliest.
    pub(crate) temperature: f32,
    /// 1 = off.
    pub(crate) top_p: f32,
    /// 0 = off.
    pub(crate) top_k: u32,
    /// 0 = off.
    pub(crate) min_p: f32,
    /// 1 = off.
    pub(crate) repeat_penalty: f32,
    /// 0 = off.
    pub(crate) frequency_penalty: f32,
    /// 0 = off.
    pub(crate) presence_penalty: f32,
    /// Added to the logits of tokens.
    pub(crate) bias: Vec<(u32, f32)>,
    /// Begins the random numbers.
    pub(crate) seed: u32,
}

/// What a text must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Constraint {
    /// JSON schema of the middle.
    pub(crate) schema: String,
    /// Literal text before it.
    pub(crate) prefix: String,
    /// Literal text after it.
    pub(crate) suffix: String,
}

/// A request for vectors.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Embed {
    /// Named by the server; never used twice.
    pub(crate) id: u64,
    /// Texts; empty where `tokens` are given.
    pub(crate) texts: Vec<String>,
    /// Token numbers.
    pub(crate) tokens: Vec<Vec<u32>>,
    /// Index of the adapter to use.
    pub(crate) adapter: Option<u32>,
}

/// From the worker to the server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FromWorker {
    /// The jail as it was found from inside, as JSON of `JailReport`.
    Jailed(String),
    /// Ready.
    Loaded(LoadedModel),
    /// Not ready, and it ends; the text says why.
    Refused(String),
    /// A request's prompt is being computed: id, its tokens, those of them that were still there.
    Started(Started),
    /// Tokens of one pass, at most one for each sequence.
    Step(Vec<Step>),
    /// A text is finished.
    Finished((u64, StopCause)),
    /// A request failed.
    Failed((u64, (FailureKind, String))),
    /// The vectors of a request and its tokens.
    Embedded((u64, (Vec<Vec<f32>>, u32))),
    /// Answers a ping.
    Pong(u64),
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoadedModel {
    /// Tokens of context for each sequence.
    pub(crate) context: u32,
    /// Tokens in the vocabulary.
    pub(crate) vocabulary: u32,
    /// Length of embeddings.
    pub(crate) width: u32,
    /// Text of the token that begins a text, or none.
    pub(crate) begin: String,
    /// Text of the token that ends one.
    pub(crate) end: String,
    /// Whether a begin token is put before every prompt.
    pub(crate) adds_begin: bool,
    /// Texts of all control tokens.
    pub(crate) control: Vec<String>,
    /// llama.cpp's name for the processor features in use.
    pub(crate) build: String,
}

/// The beginning of a request's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Started {
    /// The request.
    pub(crate) id: u64,
    /// Tokens of its prompt.
    pub(crate) prompt: u32,
    /// Those that needed no work.
    pub(crate) kept: u32,
}

/// One token of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// The request.
    pub(crate) id: u64,
    /// Its bytes; not always whole characters.
    pub(crate) bytes: Vec<u8>,
    /// Its probability's logarithm and the likeliest in its place, where asked for.
    pub(crate) top: Option<Top>,
}

/// Probabilities at a token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Top {
    /// Of the token.
    pub(crate) logprob: f32,
    /// Likeliest first.
    pub(crate) likeliest: Vec<(Vec<u8>, f32)>,
}

/// Why a text is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopCause {
    /// The model ended it.
    End,
    /// No more tokens were allowed.
    Limit,
    /// The context is full.
    Full,
}

/// Why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The prompt does not fit into the context.
    TooLong,
    /// The schema cannot be turned into a grammar.
    Schema,
    /// Something else in the request.
    Invalid,
    /// llama.cpp refused to compute.
    Compute,
}

wire_enum!(ToWorker { 1 = Load(it), 2 = Generate(it), 3 = Embed(it), 4 = Cancel(it), 5 = Ping(it) });
wire_enum!(FromWorker {
    1 = Jailed(it),
    2 = Loaded(it),
    3 = Refused(it),
    4 = Started(it),
    5 = Step(it),
    6 = Finished(it),
    7 = Failed(it),
    8 = Embedded(it),
    9 = Pong(it),
});
wire_enum!(StopCause { 1 = End, 2 = Limit, 3 = Full });
wire_enum!(FailureKind { 1 = TooLong, 2 = Schema, 3 = Invalid, 4 = Compute });
wire_struct!(ModelSpec {
    version,
    scales,
    embedding,
    context,
    parallel,
    batch,
    threads,
    gpu_layers,
    keep_prefixes,
    memory,
    visible,
});
wire_struct!(Generate { id, prompt, adapter, max_tokens, sampling, constraint, logprobs });
wire_struct!(Sampling {
    temperature,
    top_p,
    top_k,
    min_p,
    repeat_penalty,
    frequency_penalty,
    presence_penalty,
    bias,
    seed,
});
wire_struct!(Constraint { schema, prefix, suffix });
wire_struct!(Embed { id, texts, tokens, adapter });
wire_struct!(LoadedModel { context, vocabulary, width, begin, end, adds_begin, control, build });
wire_struct!(Started { id, prompt, kept });
wire_struct!(Step { id, bytes, top });
wire_struct!(Top { logprob, likeliest });
