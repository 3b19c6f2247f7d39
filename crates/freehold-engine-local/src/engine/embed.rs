//! Embeddings in OpenAI's shape.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use freehold_engine::{Call, EngineError, Whole};
use freehold_wire::{
    Embedding, EmbeddingInput, EmbeddingRequest, EmbeddingResponse, EmbeddingUsage,
};
use serde_json::{Value as Json, json};

use super::{Served, chat::failure};
use crate::{
    protocol::{Embed, FailureKind, ToWorker},
    request::{invalid, refused, with_model},
    supervisor::{Deadline, Event},
};

/// Computes the vectors of one request.
pub(super) async fn embed(
    served: &Served,
    adapter: Option<u32>,
    call: Call,
    deadline: Deadline,
) -> Result<Whole, EngineError> {
    let body = with_model(&call.body);
    let request = EmbeddingRequest::parse(&body).map_err(|error| refused(&error))?;
    let width = served.worker.loaded()?.width;
    if let Some(dimensions) = request.dimensions.filter(|wanted| *wanted != width) {
        let reason = format!(
            "`dimensions` is {dimensions}; this model's vectors have {width} and cannot be shortened"
        );
        return Err(invalid(reason, "dimensions"));
    }
    let (texts, tokens) = match request.input {
        EmbeddingInput::Texts(texts) => {
            (texts.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::new())
        }
        EmbeddingInput::Tokens(tokens) => (Vec::new(), tokens),
    };
    let count = texts.len() + tokens.len();
    if count == 0 || count > MOST_INPUTS {
        let reason = format!("`input` has {count} entries; it may have 1 to {MOST_INPUTS}");
        return Err(invalid(reason, "input"));
    }
    let mut ticket = served.worker.ask(1, |id, _| {
        ToWorker::Embed(Embed { id, texts: texts.clone(), tokens: tokens.clone(), adapter })
    })?;
    match ticket.next(deadline).await? {
        (_, Event::Embedded { vectors, tokens }) => {
            if vectors.len() != count {
                let reason = format!("{} vectors for {count} inputs", vectors.len());
                return Err(EngineError::Protocol(reason));
            }
            respond(&vectors, tokens, call.model, request.base64)
        }
        (_, Event::Failed { kind: FailureKind::TooLong | FailureKind::Invalid, reason }) => {
            Err(invalid(reason, "input"))
        }
        (_, Event::Failed { kind, reason }) => Err(failure(kind, reason)),
        (_, other) => Err(EngineError::Protocol(format!("{other:?} instead of vectors"))),
    }
}

fn respond(
    vectors: &[Vec<f32>],
    tokens: u32,
    model: String,
    base64: bool,
) -> Result<Whole, EngineError> {
    let data = (0..).zip(vectors).map(|(index, vector)| Embedding {
        object: "embedding",
        index,
        embedding: if base64 { encoded(vector) } else { json!(vector) },
    });
    let tokens = u64::from(tokens);
    let response = EmbeddingResponse {
        object: "list",
        data: data.collect(),
        model,
        usage: EmbeddingUsage { prompt_tokens: tokens, total_tokens: tokens },
    };
    let body =
        serde_json::to_vec(&response).map_err(|error| EngineError::Protocol(error.to_string()))?;
    Ok(Whole { status: 200, body: Bytes::from(body), retry_after: None })
}

fn encoded(vector: &[f32]) -> Json {
    let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
    json!(STANDARD.encode(bytes))
}

/// As OpenAI's API has it.
const MOST_INPUTS: usize = 2048;
