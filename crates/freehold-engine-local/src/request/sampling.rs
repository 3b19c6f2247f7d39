//! Sampling parameters: read, checked against their ranges, and refused by name where this engine
//! cannot honour them. What it does not know it ignores, as OpenAI-compatible servers do.

use std::collections::BTreeMap;

use freehold_engine::EngineError;
use freehold_wire::{ChatRequest, RequestError};
use serde::de::DeserializeOwned;

use super::{invalid, refused};
use crate::protocol::Sampling;

/// Parameters that change the meaning of an answer and that this engine cannot honour.
pub(super) fn check_unsupported(request: &ChatRequest<'_>) -> Result<(), EngineError> {
    for (name, instead) in UNSUPPORTED {
        if request.other.get(name).is_some_and(|value| value.get() != "null") {
            return Err(invalid(format!("`{name}` is not supported here; {instead}"), name));
        }
    }
    if let Some(modalities) = request.other.get("modalities")
        && modalities.get().contains("audio")
    {
        return Err(invalid("this engine writes text only".to_owned(), "modalities"));
    }
    Ok(())
}

/// How to choose among so many tokens.
pub(super) fn sampling(
    request: &ChatRequest<'_>,
    seed: u32,
    vocabulary: u32,
) -> Result<Sampling, EngineError> {
    let penalty = |name| other::<f32>(request, name, "a number");
    let repeat = match penalty("repetition_penalty")? {
        Some(penalty) => Some(penalty),
        None => penalty("repeat_penalty")?,
    };
    Ok(Sampling {
        temperature: within(request.temperature, 1.0, 0.0..=2.0, "temperature")?,
        top_p: within(request.top_p, 1.0, 0.0..=1.0, "top_p")?,
        // Both -1 and 0 are in use for "off".
        top_k: u32::try_from(request.top_k.unwrap_or(0)).unwrap_or(0),
        min_p: within(request.min_p, 0.0, 0.0..=1.0, "min_p")?,
        repeat_penalty: within(repeat, 1.0, 0.01..=100.0, "repetition_penalty")?,
        frequency_penalty: within(request.frequency_penalty, 0.0, -2.0..=2.0, "frequency_penalty")?,
        presence_penalty: within(request.presence_penalty, 0.0, -2.0..=2.0, "presence_penalty")?,
        bias: bias(request, vocabulary)?,
        // All 64 bits count, so that different seeds give different answers.
        seed: request.seed.map_or(seed, |seed| (seed ^ (seed >> 32)) as u32),
    })
}

/// How many alternatives to report.
pub(super) fn logprobs(request: &ChatRequest<'_>) -> Result<Option<u32>, EngineError> {
    match (request.logprobs, request.top_logprobs) {
        (false, None | Some(0)) => Ok(None),
        (false, Some(_)) => {
            Err(invalid("`top_logprobs` needs `logprobs`".to_owned(), "top_logprobs"))
        }
        (true, Some(count)) if count > MOST_LOGPROBS => {
            let reason = format!("`top_logprobs` is {count}; at most {MOST_LOGPROBS} are given");
            Err(invalid(reason, "top_logprobs"))
        }
        (true, count) => Ok(Some(count.unwrap_or(0))),
    }
}

/// Texts that end the answer.
pub(super) fn stops(request: &ChatRequest<'_>) -> Result<Vec<String>, EngineError> {
    if request.stop.len() > MOST_STOPS {
        let reason = format!("`stop` has {} texts; at most {MOST_STOPS}", request.stop.len());
        return Err(invalid(reason, "stop"));
    }
    Ok(request.stop.iter().filter(|stop| !stop.is_empty()).map(ToString::to_string).collect())
}

fn within(
    found: Option<f32>,
    otherwise: f32,
    allowed: std::ops::RangeInclusive<f32>,
    name: &str,
) -> Result<f32, EngineError> {
    let found = found.unwrap_or(otherwise);
    if allowed.contains(&found) {
        return Ok(found);
    }
    let reason =
        format!("`{name}` is {found}; it must be from {} to {}", allowed.start(), allowed.end());
    Err(invalid(reason, name))
}

fn bias(request: &ChatRequest<'_>, vocabulary: u32) -> Result<Vec<(u32, f32)>, EngineError> {
    let biases = other::<BTreeMap<String, f32>>(request, "logit_bias", "an object of numbers")?
        .unwrap_or_default();
    biases
        .into_iter()
        .map(|(token, bias)| {
            let token =
                token.parse().ok().filter(|token| *token < vocabulary).ok_or_else(|| {
                    let reason = format!(
                        "`logit_bias` names `{token}`; this model's tokens are numbers below \
                         {vocabulary}"
                    );
                    invalid(reason, "logit_bias")
                })?;
            Ok((token, within(Some(bias), 0.0, -100.0..=100.0, "logit_bias")?))
        })
        .collect()
}

fn other<T: DeserializeOwned>(
    request: &ChatRequest<'_>,
    name: &'static str,
    expected: &'static str,
) -> Result<Option<T>, EngineError> {
    let Some(raw) = request.other.get(name) else { return Ok(None) };
    serde_json::from_str(raw.get()).map_err(|_| refused(&RequestError::kind(name, raw, expected)))
}

const MOST_LOGPROBS: u32 = 20;
const MOST_STOPS: usize = 16;
const UNSUPPORTED: &[(&str, &str)] = &[
    ("functions", "use `tools`"),
    ("function_call", "use `tool_choice`"),
    ("audio", "this engine writes text only"),
    ("web_search_options", "this engine reaches no network"),
];
