//! One suite that every engine passes, so that the gateway can treat them alike. It returns what
//! it finds instead of panicking; a test asserts that nothing was found.

mod chunks;
mod rules;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use freehold_policy::{BackendDeclaration, BackendId, EgressPermit, authorize_egress};
use freehold_types::{DataClass, Labels, RecordId, Residency, Tenancy};
use serde_json::Value;

use crate::{Call, Engine};

pub use chunks::{Assembled, assemble};

/// The engine under test and what it needs to be asked.
pub struct Subject {
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// A model that answers chats.
    pub chat_model: String,
    /// A model that embeds, where the engine has one.
    pub embedding_model: Option<String>,
    /// A chat body whose answer is short and always the same (`temperature` 0).
    pub short: Value,
    /// A chat body whose answer takes as long as can be had; no rule fails where that is not long.
    pub slow: Value,
    /// How long the short answer may take at most, also on a busy machine.
    pub patience: Duration,
}

/// A rule that an engine broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name.
    pub rule: &'static str,
    /// What was found instead.
    pub found: String,
}

/// Runs every rule and returns those that the engine breaks, with what was found.
pub async fn run(subject: &Subject) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut note = |rule, result: Result<(), String>| {
        if let Err(found) = result {
            violations.push(Violation { rule, found });
        }
    };
    note("models are named once and it is ready", rules::models_and_health(subject).await);
    note("a permit for another backend is refused", rules::wrong_permit(subject).await);
    note("an unknown model is refused", rules::unknown_model(subject).await);
    note("a broken body is refused as invalid", rules::broken_body(subject).await);
    note("a whole answer has OpenAI's shape", rules::whole_shape(subject).await);
    note("a stream is made of OpenAI's chunks", rules::stream_shape(subject).await);
    note("stream and whole answer agree", rules::stream_agrees(subject).await);
    note("usage comes last and only if asked for", rules::usage_event(subject).await);
    note("logprobs are logarithms of probabilities", rules::logprobs(subject).await);
    note("a deadline ends a whole answer", rules::deadline_whole(subject).await);
    note("a deadline ends a stream with an error", rules::deadline_stream(subject).await);
    note("dropped answers free their places", rules::dropping_cancels(subject).await);
    note("embeddings come in order and repeat", rules::embeddings(subject).await);
    violations
}

/// A permit for `backend`, from the same control that makes all others.
///
/// # Errors
/// The refusal's text; a backend that accepts everything is never refused.
pub fn permit(backend: &BackendId) -> Result<EgressPermit, String> {
    let declaration = BackendDeclaration {
        id: backend.clone(),
        residency: Residency::Machine,
        tenancy: Tenancy::Single,
        accepts: DataClass::Restricted,
    };
    let labels = Labels { class: DataClass::Public };
    authorize_egress(RecordId::new(0, [0; 10]), &labels, &declaration)
        .map_err(|refusal| refusal.to_string())
}

/// A call with this body.
pub fn call(model: &str, body: &Value, timeout: Duration) -> Call {
    Call {
        body: Bytes::from(body.to_string()),
        model: model.to_owned(),
        stream: body["stream"] == true,
        timeout,
    }
}
