//! The Engine trait, a scripted engine for tests, and the conformance suite every engine passes.
//!
//! Engines speak OpenAI's wire format in both directions: bytes of a request body in, bytes of a
//! response body or of stream events out. So a remote backend's answer is passed on as it is, and
//! the gateway reads in it only what the record needs.

pub mod answer;
pub mod conformance;
mod scripted;

use std::{future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use freehold_policy::{BackendId, EgressPermit};
use freehold_types::Digest;
use futures_core::Stream;

pub use scripted::{Failure, ScriptedEngine, Step};

/// A boxed future, so that the trait can be used as an object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The payloads of the `data:` lines of one answer, in order and unframed, without the final
/// `[DONE]`. Dropping it cancels the work behind it. It ends without an error only if the engine
/// finished; a cut stream ends with [`EngineError::Cut`].
pub type Events = Pin<Box<dyn Stream<Item = Result<Bytes, EngineError>> + Send>>;

/// Something that answers OpenAI-shaped requests.
pub trait Engine: Send + Sync + 'static {
    /// The backend under whose name permits are made out.
    fn backend(&self) -> &BackendId;

    /// What it serves now.
    fn models(&self) -> Vec<ServedModel>;

    /// Answers a chat completion. The permit's backend must be this one.
    fn chat(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Reply, EngineError>>;

    /// Computes embeddings. The permit's backend must be this one.
    fn embed(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Whole, EngineError>>;

    /// Whether it can answer now, asked anew.
    fn health(&self) -> BoxFuture<'_, Health>;
}

/// One request to an engine.
#[derive(Debug, Clone)]
pub struct Call {
    /// The client's JSON body, complete and valid, with fields that nobody here knows.
    pub body: Bytes,
    /// The model's name as this engine knows it; replaces the body's `model`.
    pub model: String,
    /// Whether the body asks for a stream.
    pub stream: bool,
    /// How long the whole answer may take.
    pub timeout: Duration,
}

/// An answer, or the beginning of one.
pub enum Reply {
    /// A complete response body, successful or not.
    Whole(Whole),
    /// A successful stream.
    Stream(Events),
}

/// A complete response of a backend.
#[derive(Debug, Clone)]
pub struct Whole {
    /// HTTP status.
    pub status: u16,
    /// JSON body, as the backend sent it.
    pub body: Bytes,
    /// The backend's `Retry-After`, as it sent it.
    pub retry_after: Option<String>,
}

/// A model that an engine serves, with what is known of its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedModel {
    /// The engine's name for it.
    pub name: String,
    /// What it is for.
    pub kind: ModelKind,
    /// Digest of the admitted weights; `None` where a remote server does not tell.
    pub digest: Option<Digest>,
    /// Digest of the chat template and tokenizer in use, where known.
    pub template: Option<Digest>,
    /// Engine name, version and build, for the record ("llama.cpp b1234 avx512").
    pub engine: String,
    /// Tokens of context, where known.
    pub context: Option<u32>,
}

/// What a model answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelKind {
    /// Chat completions.
    Chat,
    /// Embeddings.
    Embedding,
}

/// Whether an engine can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It can.
    Ready,
    /// Not yet, or not now; the text says why.
    Unavailable(String),
}

/// Why an engine gave no answer, or no whole one.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The permit was made out for another backend.
    #[error("permit is for backend `{}`, not `{}`", permit.0, engine.0)]
    WrongPermit {
        /// Named by the permit.
        permit: BackendId,
        /// The engine that was asked.
        engine: BackendId,
    },
    /// The engine serves no such model.
    #[error("no model `{0}` here")]
    UnknownModel(String),
    /// The request cannot be answered by this engine; the parameter is named where known.
    #[error("{reason}")]
    Invalid {
        /// What is wrong, for the caller's eyes.
        reason: String,
        /// Path of the offending field (`messages[0].role`).
        parameter: Option<String>,
    },
    /// Not running, restarting or unreachable.
    #[error("the engine is not available: {0}")]
    Unavailable(String),
    /// All places are taken; try again after the given time.
    #[error("the engine is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The deadline passed.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The answer began and was cut off.
    #[error("the engine stopped in the middle of the answer: {0}")]
    Cut(String),
    /// The backend's bytes are not what the protocol says.
    #[error("the backend answered with something that is not the protocol: {0}")]
    Protocol(String),
}

/// Refuses a permit that names another backend; every engine begins with it.
///
/// # Errors
/// [`EngineError::WrongPermit`].
pub fn check_permit(permit: &EgressPermit, engine: &BackendId) -> Result<(), EngineError> {
    if permit.backend() == engine {
        return Ok(());
    }
    Err(EngineError::WrongPermit { permit: permit.backend().clone(), engine: engine.clone() })
}
