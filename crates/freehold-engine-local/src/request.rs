//! From OpenAI's chat request to what the worker is asked.

mod messages;
mod sampling;
mod schema;

use freehold_engine::EngineError;
use freehold_wire::{ChatRequest, RequestError, ToolChoice};
use serde_json::{Value as Json, json, value::RawValue};

use crate::{
    protocol::{Constraint, LoadedModel, Sampling},
    template::{ChatTemplate, ControlNames, Conversation, pieces},
    tools::Syntax,
};

/// A chat request, checked and ready to be sent.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) prompt: Vec<String>,
    pub(crate) sampling: Sampling,
    pub(crate) constraint: Option<Constraint>,
    pub(crate) max_tokens: Option<u32>,
    /// How many answers.
    pub(crate) choices: u32,
    /// Alternatives to report; `None` = no probabilities.
    pub(crate) logprobs: Option<u32>,
    pub(crate) stops: Vec<String>,
    /// How tool calls are written, where tools are on offer.
    pub(crate) tools: Option<Syntax>,
    pub(crate) include_usage: bool,
}

/// What a plan is made against.
pub(crate) struct Target<'a> {
    pub(crate) template: &'a ChatTemplate,
    pub(crate) loaded: &'a LoadedModel,
    pub(crate) names: &'a ControlNames,
    /// Most answers to one request.
    pub(crate) parallel: u32,
    /// For sampling where the client names no seed.
    pub(crate) seed: u32,
}

/// Reads and checks a body, and renders its prompt.
pub(crate) fn plan(body: &[u8], target: &Target<'_>) -> Result<Plan, EngineError> {
    let body = with_model(body);
    let request = ChatRequest::parse(&body).map_err(|error| refused(&error))?;
    sampling::check_unsupported(&request)?;
    let sampling = sampling::sampling(&request, target.seed, target.loaded.vocabulary)?;
    let choices = request.n;
    if choices == 0 || choices > target.parallel {
        let reason = format!("`n` is {choices}; this engine gives 1 to {}", target.parallel);
        return Err(invalid(reason, "n"));
    }
    if request.max_tokens == Some(0) {
        return Err(invalid("`max_tokens` must be at least 1".to_owned(), "max_tokens"));
    }
    let tools = tool_syntax(&request, target.template)?;
    let constraint = schema::constraint(&request, tools)?;
    Ok(Plan {
        prompt: prompt(&request, tools.is_some(), target)?,
        sampling,
        constraint,
        max_tokens: request.max_tokens,
        choices,
        logprobs: sampling::logprobs(&request)?,
        stops: sampling::stops(&request)?,
        tools,
        include_usage: request.stream && request.stream_options.include_usage,
    })
}

pub(crate) fn invalid(reason: String, parameter: &str) -> EngineError {
    EngineError::Invalid { reason, parameter: Some(parameter.to_owned()) }
}

pub(crate) fn refused(error: &RequestError) -> EngineError {
    EngineError::Invalid {
        reason: error.to_string(),
        parameter: error.parameter().map(str::to_owned),
    }
}

/// The engine's name for the model comes beside the body, so the body need not have one.
pub(crate) fn with_model(body: &[u8]) -> Vec<u8> {
    // The gateway passes on JSON only; what is none is refused in its words.
    let Ok(mut parsed) = serde_json::from_slice::<Json>(body) else { return body.to_vec() };
    if parsed.get("model").is_some_and(Json::is_string) {
        return body.to_vec();
    }
    match parsed.as_object_mut() {
        Some(fields) => fields.insert("model".to_owned(), json!("")),
        None => return body.to_vec(),
    };
    parsed.to_string().into_bytes()
}

/// A part of a request, read whole. It is JSON, so what can be wrong is its size.
pub(crate) fn value(raw: &RawValue, field: &str) -> Result<Json, EngineError> {
    serde_json::from_str(raw.get()).map_err(|_| {
        let reason =
            format!("`{field}` is nested more than 127 deep, or holds a number that is too large");
        invalid(reason, field)
    })
}

fn tool_syntax(
    request: &ChatRequest<'_>,
    template: &ChatTemplate,
) -> Result<Option<Syntax>, EngineError> {
    if request.tools.is_empty() {
        return match &request.tool_choice {
            ToolChoice::Auto | ToolChoice::None => Ok(None),
            _ => Err(invalid("`tool_choice` needs `tools`".to_owned(), "tool_choice")),
        };
    }
    if request.tool_choice == ToolChoice::None {
        return Ok(None);
    }
    if !template.has_tools() {
        let reason = "this model's chat template knows no tools".to_owned();
        return Err(invalid(reason, "tools"));
    }
    Ok(Some(Syntax::of(template.source())))
}

fn prompt(
    request: &ChatRequest<'_>,
    with_tools: bool,
    target: &Target<'_>,
) -> Result<Vec<String>, EngineError> {
    let mut messages = messages::flatten(&request.messages)?;
    let mut tools = Json::Null;
    if with_tools {
        let read = request.tools.iter().map(|tool| value(tool.raw, "tools"));
        tools = Json::Array(read.collect::<Result<_, _>>()?);
    }
    let mut extra = match request.chat_template_kwargs {
        Some(raw) => {
            let kwargs = value(raw, "chat_template_kwargs")?;
            if !kwargs.is_object() {
                let error = RequestError::kind("chat_template_kwargs", raw, "an object");
                return Err(refused(&error));
            }
            kwargs
        }
        None => json!({}),
    };
    [&mut messages, &mut tools, &mut extra].into_iter().for_each(|it| target.names.mark(it));
    let conversation = Conversation {
        messages,
        tools,
        extra,
        begin: target.loaded.begin.clone(),
        end: target.loaded.end.clone(),
    };
    let rendered = target
        .template
        .render(&conversation)
        .map_err(|error| invalid(error.to_string(), "messages"))?;
    Ok(pieces(&rendered))
}

#[cfg(test)]
mod tests;
