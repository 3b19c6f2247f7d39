//! The call of the engine: only with the permit to send data there and the receipt of the intent.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use freehold_auditlog::{Endpoint, Receipt};
use freehold_engine::{Call, Reply};
use freehold_policy::EgressPermit;
use freehold_wire::{RequestHead, Splice, span_in};

use crate::{error::Refusal, routes::Route};

/// What the gateway asks for on its own account; the client does not see it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hidden {
    pub(super) logprobs: bool,
    pub(super) usage: bool,
}

impl Hidden {
    /// What the backend gives and the client did not ask for itself.
    pub(super) fn decide(head: &RequestHead<'_>, route: &Route, endpoint: Endpoint) -> Self {
        let chat = endpoint == Endpoint::ChatCompletions;
        let asks = route.backend.asks;
        Self {
            logprobs: chat && asks.logprobs && !head.logprobs,
            usage: chat && asks.usage && head.stream && !head.include_usage,
        }
    }
}

/// The client's body, with what is hidden added by splicing; everything else stays as it is.
pub(super) fn prepare(
    body: &Bytes,
    head: &RequestHead<'_>,
    route: &Route,
    hidden: Hidden,
    timeout: Duration,
) -> Call {
    let mut splice = Splice::new();
    let start = body.iter().position(|byte| *byte == b'{').map_or(0, |at| at + 1);
    let mut set = |field: Option<Range<usize>>, added: &'static str, value: &'static str| {
        match field {
            Some(range) => splice.replace(range, value),
            None => splice.replace(start..start, added),
        };
    };
    let span = |raw: Option<&serde_json::value::RawValue>| span_in(body, raw?.get());
    if hidden.logprobs {
        set(span(head.logprobs_raw), r#""logprobs":true,"#, "true");
    }
    if hidden.usage {
        let value = r#"{"include_usage":true}"#;
        set(span(head.stream_options_raw), r#""stream_options":{"include_usage":true},"#, value);
    }
    let body = splice.apply(body);
    Call { body, model: route.engine_model.clone(), stream: head.stream, timeout }
}

/// Asks the engine. That the intent is durable is shown by its receipt.
pub(super) async fn engine(
    route: &Route,
    endpoint: Endpoint,
    permit: EgressPermit,
    _intent: &Receipt,
    call: Call,
) -> Result<Reply, Refusal> {
    let engine = &route.backend.engine;
    Ok(match endpoint {
        Endpoint::ChatCompletions => engine.chat(permit, call).await?,
        Endpoint::Embeddings => Reply::Whole(engine.embed(permit, call).await?),
    })
}
