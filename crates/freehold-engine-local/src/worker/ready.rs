//! From a request for a text to what can be computed: the prompt in tokens, known to fit, and how
//! to choose.

use llama_cpp_2::{model::LlamaModel, token::LlamaToken};

use super::{choose::Chooser, intake::Failure, room::Room};
use crate::protocol::{FailureKind, Generate, ToWorker};

/// A text that waits for a place.
pub(super) struct Ready {
    /// The request.
    pub(super) id: u64,
    /// The prompt; never empty, and shorter than the context.
    pub(super) prompt: Vec<LlamaToken>,
    /// The adapter to compute with.
    pub(super) adapter: Option<u32>,
    /// Tokens it may say.
    pub(super) limit: u32,
    /// Whether `limit` is the end of the context and not the client's wish.
    pub(super) until_full: bool,
    /// How to choose.
    pub(super) chooser: Chooser,
    /// Alternatives to report.
    pub(super) logprobs: Option<u32>,
}

/// Makes a request ready, or says why it cannot be done.
pub(super) fn prepare(
    model: &LlamaModel,
    room: &Room,
    request: ToWorker,
) -> Result<Ready, Failure> {
    let ToWorker::Generate(request) = request else {
        return Err((FailureKind::Invalid, "this worker writes texts".to_owned()));
    };
    room.check("the prompt", &request.prompt).map_err(|reason| (FailureKind::TooLong, reason))?;
    let prompt = tokens(model, &request.prompt);
    if prompt.is_empty() {
        return Err((FailureKind::Invalid, "the prompt is empty".to_owned()));
    }
    // The last place of the context is for the last token's own computation.
    let left = room.tokens.saturating_sub(prompt.len());
    if left == 0 {
        let reason = format!(
            "the prompt has {} tokens, and the context holds {} with the answer",
            prompt.len(),
            room.tokens
        );
        return Err((FailureKind::TooLong, reason));
    }
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    let Generate { id, adapter, max_tokens, sampling, constraint, logprobs, .. } = request;
    let limit = max_tokens.unwrap_or(left).min(left);
    let chooser = Chooser::new(model, &sampling, constraint.as_ref(), limit)?;
    let until_full = max_tokens.is_none_or(|wanted| wanted > left);
    Ok(Ready { id, prompt, adapter, limit, until_full, chooser, logprobs })
}

fn tokens(model: &LlamaModel, prompt: &[String]) -> Vec<LlamaToken> {
    let vocabulary = model.vocab();
    let mut tokens = Vec::new();
    for piece in prompt {
        tokens.extend(vocabulary.tokenize(piece.as_bytes(), false, true));
    }
    // Most templates write the begin token themselves; then it must not come twice.
    let begin = vocabulary.bos();
    if vocabulary.should_add_bos() && tokens.first().is_some_and(|first| *first != begin) {
        tokens.insert(0, begin);
    }
    tokens
}
