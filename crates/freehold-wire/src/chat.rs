//! A chat completion request, read whole: what an engine of our own needs.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    message::Message,
    object::{Object, Text},
};

/// A chat completion request. Fields that nobody here knows stay in `other`, unparsed.
#[derive(Debug, Clone)]
pub struct ChatRequest<'a> {
    /// The model's name as the client wrote it.
    pub model: Text<'a>,
    /// The conversation.
    pub messages: Vec<Message<'a>>,
    /// Whether the answer is to come as a stream.
    pub stream: bool,
    /// What to add to a stream.
    pub stream_options: StreamOptions,
    /// Most tokens of the answer (`max_completion_tokens`, or the older `max_tokens`).
    pub max_tokens: Option<u32>,
    /// Sampling temperature; 0 is greedy.
    pub temperature: Option<f32>,
    /// Nucleus sampling.
    pub top_p: Option<f32>,
    /// Sampling among the k most likely (a common extension).
    pub top_k: Option<i32>,
    /// Sampling above a share of the most likely token's probability (a common extension).
    pub min_p: Option<f32>,
    /// Penalty on tokens by how often they appeared.
    pub frequency_penalty: Option<f32>,
    /// Penalty on tokens that appeared at all.
    pub presence_penalty: Option<f32>,
    /// Makes sampling repeatable.
    pub seed: Option<u64>,
    /// Texts at which the answer ends.
    pub stop: Vec<Text<'a>>,
    /// How many answers.
    pub n: u32,
    /// Whether to return token probabilities.
    pub logprobs: bool,
    /// How many alternatives to return at each place.
    pub top_logprobs: Option<u32>,
    /// What form the answer must have.
    pub response_format: ResponseFormat<'a>,
    /// The tools on offer.
    pub tools: Vec<Tool<'a>>,
    /// Which tool the model may or must call.
    pub tool_choice: ToolChoice<'a>,
    /// Whether the model may call several tools at once.
    pub parallel_tool_calls: Option<bool>,
    /// Extra variables for the chat template (an extension of vLLM and llama.cpp).
    pub chat_template_kwargs: Option<&'a RawValue>,
    /// Everything else.
    pub other: Object<'a>,
}

/// `stream_options`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct StreamOptions {
    /// Whether a last event with the usage comes before `[DONE]`.
    #[serde(default)]
    pub include_usage: bool,
}

/// `response_format`.
#[derive(Debug, Clone, Default)]
pub enum ResponseFormat<'a> {
    /// Anything.
    #[default]
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON that satisfies a schema.
    JsonSchema {
        /// Its name.
        name: Text<'a>,
        /// The schema, unparsed.
        schema: &'a RawValue,
    },
}

/// A tool on offer.
#[derive(Debug, Clone)]
pub struct Tool<'a> {
    /// The function's name.
    pub name: Text<'a>,
    /// What it does.
    pub description: Option<Text<'a>>,
    /// JSON schema of its arguments.
    pub parameters: Option<&'a RawValue>,
    /// The whole tool as the client wrote it, for chat templates.
    pub raw: &'a RawValue,
}

/// `tool_choice`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ToolChoice<'a> {
    /// The model decides.
    #[default]
    Auto,
    /// It may not call any.
    None,
    /// It must call one.
    Required,
    /// It must call this one.
    Function(Text<'a>),
}

/// Why a body is not a request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Not JSON, or not an object.
    #[error("the body is not a JSON object: {0}")]
    Json(#[source] serde_json::Error),
    /// A required field is absent.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A field has the wrong type or value.
    #[error("`{field}` is not valid: {source}")]
    Field {
        /// The field's name.
        field: &'static str,
        /// What serde found.
        #[source]
        source: serde_json::Error,
    },
    /// A field's value is not one of those allowed.
    #[error("`{field}` is `{found}`; allowed: {allowed}")]
    Value {
        /// The field's name.
        field: &'static str,
        /// What the client wrote.
        found: String,
        /// What it may write.
        allowed: &'static str,
    },
}

impl RequestError {
    /// The field at fault, where one is.
    pub fn parameter(&self) -> Option<&'static str> {
        match self {
            Self::Json(_) => None,
            Self::Missing(field) | Self::Field { field, .. } | Self::Value { field, .. } => {
                Some(field)
            }
        }
    }
}

impl<'a> ChatRequest<'a> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`RequestError`] names the field.
    pub fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        let mut fields: Object<'a> = serde_json::from_slice(body).map_err(RequestError::Json)?;
        let f = &mut fields;
        let newer: Option<u32> = field(f, "max_completion_tokens")?;
        let older: Option<u32> = field(f, "max_tokens")?;
        Ok(Self {
            model: field(f, "model")?.ok_or(RequestError::Missing("model"))?,
            messages: field(f, "messages")?.ok_or(RequestError::Missing("messages"))?,
            stream: field(f, "stream")?.unwrap_or(false),
            stream_options: field(f, "stream_options")?.unwrap_or_default(),
            max_tokens: newer.or(older),
            temperature: field(f, "temperature")?,
            top_p: field(f, "top_p")?,
            top_k: field(f, "top_k")?,
            min_p: field(f, "min_p")?,
            frequency_penalty: field(f, "frequency_penalty")?,
            presence_penalty: field(f, "presence_penalty")?,
            seed: seed(f)?,
            stop: stop(f)?,
            n: field(f, "n")?.unwrap_or(1),
            logprobs: field(f, "logprobs")?.unwrap_or(false),
            top_logprobs: field(f, "top_logprobs")?,
            response_format: response_format(f)?,
            tools: tools(f)?,
            tool_choice: tool_choice(f)?,
            parallel_tool_calls: field(f, "parallel_tool_calls")?,
            chat_template_kwargs: f.take("chat_template_kwargs"),
            other: fields,
        })
    }
}

/// Takes a field out and parses it.
pub(crate) fn field<'a, T: Deserialize<'a>>(
    fields: &mut Object<'a>,
    name: &'static str,
) -> Result<Option<T>, RequestError> {
    fields.take(name).map(|raw| read(raw, name)).transpose()
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue, field: &'static str) -> Result<T, RequestError> {
    serde_json::from_str(raw.get()).map_err(|source| RequestError::Field { field, source })
}

/// OpenAI's seeds are signed; the bits are what counts.
fn seed(fields: &mut Object<'_>) -> Result<Option<u64>, RequestError> {
    let Some(raw) = fields.take("seed") else { return Ok(None) };
    if let Ok(seed) = serde_json::from_str::<u64>(raw.get()) {
        return Ok(Some(seed));
    }
    read::<i64>(raw, "seed").map(|seed| Some(seed.cast_unsigned()))
}

fn stop<'a>(fields: &mut Object<'a>) -> Result<Vec<Text<'a>>, RequestError> {
    let Some(raw) = fields.take("stop") else { return Ok(Vec::new()) };
    if raw.get().starts_with('"') {
        return read(raw, "stop").map(|one| vec![one]);
    }
    read(raw, "stop")
}

fn response_format<'a>(fields: &mut Object<'a>) -> Result<ResponseFormat<'a>, RequestError> {
    #[derive(Deserialize)]
    struct Format<'a> {
        #[serde(borrow, rename = "type")]
        kind: Text<'a>,
        #[serde(borrow, default)]
        json_schema: Option<Schema<'a>>,
    }
    #[derive(Deserialize)]
    struct Schema<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        #[serde(borrow)]
        schema: &'a RawValue,
    }
    let Some(format) = field::<Format<'_>>(fields, "response_format")? else {
        return Ok(ResponseFormat::Text);
    };
    match (&*format.kind, format.json_schema) {
        ("text", _) => Ok(ResponseFormat::Text),
        ("json_object", _) => Ok(ResponseFormat::JsonObject),
        ("json_schema", Some(Schema { name, schema })) => {
            Ok(ResponseFormat::JsonSchema { name, schema })
        }
        ("json_schema", None) => Err(RequestError::Missing("response_format.json_schema")),
        (other, _) => Err(RequestError::Value {
            field: "response_format.type",
            found: other.to_owned(),
            allowed: "text, json_object, json_schema",
        }),
    }
}

fn tools<'a>(fields: &mut Object<'a>) -> Result<Vec<Tool<'a>>, RequestError> {
    #[derive(Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        function: Inner<'a>,
    }
    #[derive(Deserialize)]
    struct Inner<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        #[serde(borrow, default)]
        description: Option<Text<'a>>,
        #[serde(borrow, default)]
        parameters: Option<&'a RawValue>,
    }
    let raws: Vec<&'a RawValue> = field(fields, "tools")?.unwrap_or_default();
    raws.into_iter()
        .map(|raw| {
            let Outer { function: Inner { name, description, parameters } } = read(raw, "tools")?;
            Ok(Tool { name, description, parameters, raw })
        })
        .collect()
}

fn tool_choice<'a>(fields: &mut Object<'a>) -> Result<ToolChoice<'a>, RequestError> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        function: Function<'a>,
    }
    #[derive(Deserialize)]
    struct Function<'a> {
        #[serde(borrow)]
        name: Text<'a>,
    }
    let Some(raw) = fields.take("tool_choice") else { return Ok(ToolChoice::Auto) };
    match raw.get() {
        "\"auto\"" => Ok(ToolChoice::Auto),
        "\"none\"" => Ok(ToolChoice::None),
        "\"required\"" => Ok(ToolChoice::Required),
        text if text.starts_with('{') => read::<Named<'a>>(raw, "tool_choice")
            .map(|named| ToolChoice::Function(named.function.name)),
        other => Err(RequestError::Value {
            field: "tool_choice",
            found: other.to_owned(),
            allowed: "auto, none, required, or a function",
        }),
    }
}

#[cfg(test)]
mod tests;
