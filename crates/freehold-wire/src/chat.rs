//! A chat completion request, read whole: what an engine of our own needs.

use serde_json::value::RawValue;

use crate::{
    fault::{Expected, RequestError, read},
    message::{Message, fault_of},
    object::{Object, Text, join},
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StreamOptions {
    /// Whether a last event with the usage comes before `[DONE]`.
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

impl<'a> ChatRequest<'a> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`RequestError`] names the field.
    pub fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        let mut fields = Object::of_body(body)?;
        let f = &mut fields;
        let newer: Option<u32> = field(f, "max_completion_tokens")?;
        let older: Option<u32> = field(f, "max_tokens")?;
        Ok(Self {
            model: f.required("", "model")?,
            messages: messages(f.required("", "messages")?)?,
            stream: field(f, "stream")?.unwrap_or(false),
            stream_options: StreamOptions::read(f.take("stream_options"))?,
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

impl StreamOptions {
    /// Reads `stream_options`.
    pub(crate) fn read(raw: Option<&RawValue>) -> Result<Self, RequestError> {
        let Some(raw) = raw.filter(|raw| raw.get() != "null") else { return Ok(Self::default()) };
        let path = "stream_options";
        let mut fields = Object::within(raw, path, "an object")?;
        let include_usage = match fields.take("include_usage") {
            Some(raw) => read(raw, || "stream_options.include_usage".into())?,
            None => false,
        };
        Ok(Self { include_usage })
    }
}

/// Takes a field out and parses it.
pub(crate) fn field<'a, T: Expected<'a>>(
    fields: &mut Object<'a>,
    name: &'static str,
) -> Result<Option<T>, RequestError> {
    fields.take(name).map(|raw| read(raw, || name.into())).transpose()
}

fn messages<'a>(raws: Vec<&'a RawValue>) -> Result<Vec<Message<'a>>, RequestError> {
    let message = |(place, raw): (usize, &'a RawValue)| {
        serde_json::from_str(raw.get()).map_err(|_| fault_of(raw, &format!("messages[{place}]")))
    };
    raws.into_iter().enumerate().map(message).collect()
}

/// OpenAI's seeds are signed; the bits are what counts.
fn seed(fields: &mut Object<'_>) -> Result<Option<u64>, RequestError> {
    let Some(raw) = fields.take("seed") else { return Ok(None) };
    let unsigned = serde_json::from_str::<u64>(raw.get());
    let seed = unsigned.or_else(|_| serde_json::from_str::<i64>(raw.get()).map(i64::cast_unsigned));
    seed.map(Some).map_err(|_| RequestError::kind("seed", raw, "a whole number of 64 bits"))
}

fn stop<'a>(fields: &mut Object<'a>) -> Result<Vec<Text<'a>>, RequestError> {
    let Some(raw) = fields.take("stop") else { return Ok(Vec::new()) };
    let one = serde_json::from_str(raw.get()).map(|one| vec![one]);
    one.or_else(|_| serde_json::from_str(raw.get()))
        .map_err(|_| RequestError::kind("stop", raw, "a text or a list of texts"))
}

fn response_format<'a>(fields: &mut Object<'a>) -> Result<ResponseFormat<'a>, RequestError> {
    let Some(raw) = fields.take("response_format") else { return Ok(ResponseFormat::Text) };
    let path = "response_format";
    let mut format = Object::within(raw, path, "an object with `type`")?;
    let kind: Text<'a> = format.required(path, "type")?;
    match &*kind {
        "text" => Ok(ResponseFormat::Text),
        "json_object" => Ok(ResponseFormat::JsonObject),
        "json_schema" => {
            let path = "response_format.json_schema";
            let raw = format.take("json_schema").ok_or(RequestError::Missing(path.into()))?;
            let mut named = Object::within(raw, path, "an object with `name` and `schema`")?;
            let name = named.required(path, "name")?;
            let schema = named.take("schema").ok_or_else(|| {
                RequestError::Missing("response_format.json_schema.schema".into())
            })?;
            Ok(ResponseFormat::JsonSchema { name, schema })
        }
        other => Err(RequestError::value(
            "response_format.type",
            other,
            "text, json_object, json_schema",
        )),
    }
}

fn tools<'a>(fields: &mut Object<'a>) -> Result<Vec<Tool<'a>>, RequestError> {
    let raws: Vec<&'a RawValue> = field(fields, "tools")?.unwrap_or_default();
    let tool = |(place, raw): (usize, &'a RawValue)| {
        let path = format!("tools[{place}]");
        let mut outer = Object::within(raw, &path, "an object with `function`")?;
        let path = format!("{path}.function");
        let function =
            outer.take("function").ok_or_else(|| RequestError::Missing(path.clone().into()))?;
        let mut function = Object::within(function, &path, "an object with `name`")?;
        let name = function.required(&path, "name")?;
        let description = match function.take("description") {
            Some(raw) => Some(read(raw, || join(&path, "description").into())?),
            None => None,
        };
        Ok(Tool { name, description, parameters: function.take("parameters"), raw })
    };
    raws.into_iter().enumerate().map(tool).collect()
}

fn tool_choice<'a>(fields: &mut Object<'a>) -> Result<ToolChoice<'a>, RequestError> {
    let Some(raw) = fields.take("tool_choice") else { return Ok(ToolChoice::Auto) };
    let path = "tool_choice";
    if let Ok(text) = serde_json::from_str::<Text<'a>>(raw.get()) {
        return match &*text {
            "auto" => Ok(ToolChoice::Auto),
            "none" => Ok(ToolChoice::None),
            "required" => Ok(ToolChoice::Required),
            other => {
                let allowed = "auto, none, required, or a function";
                Err(RequestError::value(path, other, allowed))
            }
        };
    }
    let mut named = Object::within(raw, path, "auto, none, required, or a function")?;
    let path = "tool_choice.function";
    let function = named.take("function").ok_or(RequestError::Missing(path.into()))?;
    let mut function = Object::within(function, path, "an object with `name`")?;
    function.required(path, "name").map(ToolChoice::Function)
}

#[cfg(test)]
mod tests;
