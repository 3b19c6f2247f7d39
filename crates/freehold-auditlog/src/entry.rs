//! What callers record: an intent before the engine is asked, an outcome before the answer is
//! released, events in between.

use bytes::Bytes;
use freehold_types::{Digest, KeyId, Labels, Principal, RecordId};
use serde::{Deserialize, Serialize};

/// One entry to append.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Someone asks for something, and it was allowed.
    Intent(Intent),
    /// How it ended.
    Outcome(Outcome),
    /// Something else that an auditor must know.
    Event(Event),
}

/// A request about to be sent to an engine.
#[derive(Debug, Clone)]
pub struct Intent {
    /// The record this begins.
    pub id: RecordId,
    /// Who asks; the input is sealed under this subject's key.
    pub principal: Principal,
    /// With which API key.
    pub key: KeyId,
    /// The model as the caller named it.
    pub model: String,
    /// The backend that will get the bytes.
    pub backend: String,
    /// The model as that backend knows it.
    pub served_model: String,
    /// Digest of its weights, where known.
    pub model_digest: Option<Digest>,
    /// Digest of its tokenizer and template, where known.
    pub template_digest: Option<Digest>,
    /// Engine, version and build.
    pub engine: String,
    /// Why this backend was chosen.
    pub route_reason: String,
    /// What the controls know about the data.
    pub labels: Labels,
    /// Sampling parameters and seed; never content.
    pub parameters: serde_json::Value,
    /// Digest of the configuration in force.
    pub config_digest: Digest,
    /// Whether the answer is streamed.
    pub stream: bool,
    /// Which interface was used.
    pub endpoint: Endpoint,
    /// The request's body, kept sealed.
    pub input: Bytes,
}

/// How a request ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The record this ends.
    pub id: RecordId,
    /// Who asked; the output is sealed under this subject's key.
    pub principal: Principal,
    /// In which way.
    pub ending: Ending,
    /// The status that the caller gets.
    pub http_status: u16,
    /// The engine's reason to stop.
    pub finish_reason: Option<String>,
    /// The model's name in the engine's own answer.
    pub reported_model: Option<String>,
    /// Tokens, and who counted them.
    pub usage: Option<Usage>,
    /// How sure the model was, and how that was computed.
    pub confidence: Option<Confidence>,
    /// Tool calls and the decisions about them.
    pub tools: Vec<ToolDecision>,
    /// What the filters found: rule names, never content.
    pub findings: Vec<String>,
    /// From the request's last byte to the first token, in microseconds.
    pub first_token_micros: Option<u64>,
    /// From the request's last byte to the end, in microseconds.
    pub total_micros: u64,
    /// The answer's body, kept sealed.
    pub output: Bytes,
}

/// Something that is not a request.
#[derive(Debug, Clone)]
pub struct Event {
    /// The record this is, or belongs to.
    pub id: RecordId,
    /// What happened.
    pub kind: EventKind,
    /// Particulars; never content of requests.
    pub detail: serde_json::Value,
}

/// An interface of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `/v1/chat/completions`.
    ChatCompletions,
    /// `/v1/embeddings`.
    Embeddings,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The engine finished and the answer was released.
    Finished,
    /// A control said no.
    Refused {
        /// Stable name of the reason.
        code: String,
    },
    /// There is no answer.
    Failed {
        /// Stable name of the reason.
        code: String,
    },
    /// The answer began and was cut off.
    Truncated {
        /// Who or what cut it.
        by: TruncatedBy,
    },
}

/// Who or what cut an answer off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TruncatedBy {
    /// The caller left.
    Client,
    /// The engine died or broke off.
    Engine,
    /// The time allowed was over.
    Deadline,
    /// The gateway was stopped.
    Shutdown,
}

/// Tokens of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Read by the model.
    pub prompt_tokens: u32,
    /// Written by the model.
    pub completion_tokens: u32,
    /// Who counted.
    pub source: UsageSource,
}

/// Who counted tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageSource {
    /// The backend.
    Reported,
    /// The gateway, because the backend did not say.
    Estimated,
}

/// How sure a model was of its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confidence {
    /// The figure, in the method's own scale.
    pub value: f64,
    /// How it was computed.
    pub method: String,
    /// From how many tokens.
    pub tokens: u32,
}

/// A tool call and the decision about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolDecision {
    /// The tool's name.
    pub tool: String,
    /// Whether it was allowed.
    pub permitted: bool,
    /// By or against which rule.
    pub reason: String,
}

/// What an [`Event`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The program started.
    Started,
    /// The program stopped in order.
    Stopped,
    /// An API key was made.
    KeyCreated,
    /// An API key was revoked.
    KeyRevoked,
    /// Someone signed a model off: these bytes may be loaded.
    ModelAdmitted,
    /// A model's admission was taken back.
    ModelRevoked,
    /// A model was not admitted, or not loaded.
    ModelRefused,
    /// A configuration came into force.
    ConfigLoaded,
    /// The confined worker was started again.
    WorkerRestarted,
    /// A record had an intent and no outcome when the program started again.
    Recovered,
    /// A subject's key was deleted.
    SubjectErased,
    /// All keys were lost and others took their place: what was sealed before cannot be opened.
    StoreReplaced,
}

impl Entry {
    /// The record this belongs to.
    pub fn id(&self) -> RecordId {
        match self {
            Self::Intent(intent) => intent.id,
            Self::Outcome(outcome) => outcome.id,
            Self::Event(event) => event.id,
        }
    }

    /// Which of the three it is.
    pub fn kind(&self) -> EntryKind {
        match self {
            Self::Intent(_) => EntryKind::Intent,
            Self::Outcome(_) => EntryKind::Outcome,
            Self::Event(_) => EntryKind::Event,
        }
    }
}

/// The three kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Before the engine is asked.
    Intent,
    /// Before the answer is released.
    Outcome,
    /// Anything else.
    Event,
}
