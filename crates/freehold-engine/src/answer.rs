//! Writes answers in OpenAI's shape, whole or as stream events, from the same parts, so that both
//! forms of one answer agree by construction. Used by the engines that make their own answers.
//!
//! Shapes: <https://platform.openai.com/docs/api-reference/chat/object> and `…/chat/streaming`.

mod form;

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// What all events of one answer share.
#[derive(Debug, Clone)]
pub struct Head {
    /// `chatcmpl-…`
    pub id: String,
    /// Seconds since 1970.
    pub created: u64,
    /// The model that answers, by its true name.
    pub model: String,
    /// The engine's build.
    pub fingerprint: String,
}

/// One step of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Opens a choice; comes first in each.
    Role {
        /// Which of `n`.
        choice: u32,
    },
    /// Text, possibly empty, with the tokens it stands for where they were asked for.
    Content {
        /// Which of `n`.
        choice: u32,
        /// Whole characters.
        text: String,
        /// `None` unless the request asked for logprobs.
        logprobs: Option<Vec<TokenLogprob>>,
    },
    /// A complete tool call.
    ToolCall {
        /// Which of `n`.
        choice: u32,
        /// Place among the calls of this choice, from 0.
        index: u32,
        /// `call_…`
        id: String,
        /// The function's name.
        name: String,
        /// Its arguments as JSON text.
        arguments: String,
    },
    /// Closes a choice; comes last in each.
    Finish {
        /// Which of `n`.
        choice: u32,
        /// Why the model stopped.
        reason: FinishReason,
    },
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// It was done, or a stop string came.
    Stop,
    /// The limit of tokens or the end of the context was reached.
    Length,
    /// It calls tools.
    ToolCalls,
}

/// A token and the logarithm of its probability, with the likeliest tokens in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenLogprob {
    /// The token's bytes; its text is made from them.
    pub bytes: Vec<u8>,
    /// Natural logarithm of its probability.
    pub logprob: f32,
    /// As many alternatives as were asked for, likeliest first.
    pub top: Vec<(Vec<u8>, f32)>,
}

/// Token counts of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the rendered prompt.
    pub prompt_tokens: u64,
    /// Those of them that needed no work, because an earlier request left them behind.
    pub cached_tokens: u64,
    /// Tokens of the answer over all choices.
    pub completion_tokens: u64,
}

impl Head {
    /// The stream event for a part. With `usage_follows` each event carries `"usage": null`, as
    /// OpenAI's do when usage was asked for.
    pub fn event(&self, part: &Part, usage_follows: bool) -> Bytes {
        let mut event = Vec::with_capacity(EVENT_ROOM);
        // Writing numbers and texts to memory cannot fail.
        let _ = serde_json::to_writer(&mut event, &form::Event::new(self, part, usage_follows));
        Bytes::from(event)
    }

    /// The last event of a stream whose request asked for usage: no choices, only counts.
    pub fn usage_event(&self, usage: Usage) -> Bytes {
        let mut event = self.object("chat.completion.chunk", json!([]));
        event.insert("usage".to_owned(), usage.to_json());
        to_bytes(&Value::Object(event))
    }

    /// The whole body for all parts of an answer.
    pub fn whole(&self, parts: impl IntoIterator<Item = Part>, usage: Usage) -> Bytes {
        let mut choices: Vec<Choice> = Vec::new();
        for part in parts {
            let index = part.choice() as usize;
            if choices.len() <= index {
                choices.resize_with(index + 1, Choice::default);
            }
            choices[index].add(part);
        }
        let choices =
            choices.into_iter().enumerate().map(|(index, choice)| choice.into_json(index));
        let mut body = self.object("chat.completion", choices.collect());
        body.insert("usage".to_owned(), usage.to_json());
        to_bytes(&Value::Object(body))
    }

    fn object(&self, kind: &str, choices: Value) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(self.id));
        object.insert("object".to_owned(), json!(kind));
        object.insert("created".to_owned(), json!(self.created));
        object.insert("model".to_owned(), json!(self.model));
        object.insert("system_fingerprint".to_owned(), json!(self.fingerprint));
        object.insert("choices".to_owned(), choices);
        object
    }
}

impl Part {
    /// The choice it belongs to.
    pub const fn choice(&self) -> u32 {
        match self {
            Self::Role { choice }
            | Self::Content { choice, .. }
            | Self::ToolCall { choice, .. }
            | Self::Finish { choice, .. } => *choice,
        }
    }
}

impl FinishReason {
    /// As it is written in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
        }
    }
}

impl Usage {
    fn to_json(self) -> Value {
        json!({
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": self.cached_tokens},
        })
    }
}

#[derive(Default)]
struct Choice {
    content: Option<String>,
    tool_calls: Vec<Value>,
    logprobs: Option<Vec<TokenLogprob>>,
    finish: Option<FinishReason>,
}

impl Choice {
    fn add(&mut self, part: Part) {
        match part {
            Part::Role { .. } => {}
            Part::Content { text, logprobs, .. } => {
                self.content.get_or_insert_default().push_str(&text);
                if let Some(more) = logprobs {
                    self.logprobs.get_or_insert_default().extend(more);
                }
            }
            Part::ToolCall { id, name, arguments, .. } => self.tool_calls.push(json!({
                "id": id, "type": "function", "function": {"name": name, "arguments": arguments}
            })),
            Part::Finish { reason, .. } => self.finish = Some(reason),
        }
    }

    fn into_json(self, index: usize) -> Value {
        let mut message = Map::new();
        message.insert("role".to_owned(), json!("assistant"));
        // OpenAI writes null beside tool calls and an empty text where nothing was said.
        let content = match self.content {
            None if self.tool_calls.is_empty() => json!(""),
            content => json!(content),
        };
        message.insert("content".to_owned(), content);
        message.insert("refusal".to_owned(), Value::Null);
        if !self.tool_calls.is_empty() {
            message.insert("tool_calls".to_owned(), Value::Array(self.tool_calls));
        }
        json!({
            "index": index,
            "message": message,
            "logprobs": json!(self.logprobs.as_deref().map(form::Logprobs::new)),
            "finish_reason": self.finish.map(FinishReason::as_str),
        })
    }
}

fn to_bytes(value: &Value) -> Bytes {
    Bytes::from(value.to_string())
}

/// Most events are shorter.
const EVENT_ROOM: usize = 384;

#[cfg(test)]
mod tests;
