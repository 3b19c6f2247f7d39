//! The messages of a chat request.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use serde_json::value::RawValue;

use crate::{
    fault::RequestError,
    object::{Object, Text, join},
};

/// One message of the conversation.
#[derive(Debug, Clone, Deserialize)]
pub struct Message<'a> {
    /// `system`, `developer`, `user`, `assistant` or `tool`.
    #[serde(borrow)]
    pub role: Text<'a>,
    /// What it says; absent in an assistant message that only calls tools.
    #[serde(borrow, default)]
    pub content: Option<Content<'a>>,
    /// Participant's name.
    #[serde(borrow, default)]
    pub name: Option<Text<'a>>,
    /// The call that a `tool` message answers.
    #[serde(borrow, default)]
    pub tool_call_id: Option<Text<'a>>,
    /// The calls that an assistant message made.
    #[serde(borrow, default)]
    pub tool_calls: Option<Vec<ToolCall<'a>>>,
    /// The reasoning that came before an assistant message, where a server keeps it apart.
    #[serde(borrow, default)]
    pub reasoning_content: Option<Text<'a>>,
}

/// A call that an earlier assistant message made.
#[derive(Debug, Clone, Deserialize)]
pub struct ToolCall<'a> {
    /// Names the call; its answer repeats it.
    #[serde(borrow, default)]
    pub id: Option<Text<'a>>,
    /// The function and its arguments.
    #[serde(borrow)]
    pub function: FunctionCall<'a>,
}

/// A function's name and its arguments.
#[derive(Debug, Clone, Deserialize)]
pub struct FunctionCall<'a> {
    /// The function's name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// JSON in a string, as the model wrote it.
    #[serde(borrow)]
    pub arguments: Text<'a>,
}

/// A message's content: one text, or parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'a> {
    /// One text.
    Text(Cow<'a, str>),
    /// Texts, images, audio.
    Parts(Vec<Part<'a>>),
}

/// A part of a message's content.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Part<'a> {
    /// `text`, `refusal`, `image_url`, `input_audio`, `file`.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    /// The text of a `text` part.
    #[serde(borrow, default)]
    pub text: Option<Text<'a>>,
}

impl<'a> Content<'a> {
    /// The text of all parts together.
    ///
    /// # Errors
    /// The kind of the first part that is no text.
    pub fn text(&self) -> Result<Cow<'_, str>, &str> {
        match self {
            Self::Text(text) => Ok(Cow::Borrowed(text)),
            Self::Parts(parts) => {
                let mut joined = String::new();
                for part in parts {
                    match &part.text {
                        Some(text) if &*part.kind == "text" => joined.push_str(text),
                        _ => return Err(&part.kind),
                    }
                }
                Ok(Cow::Owned(joined))
            }
        }
    }
}

/// What is wrong with a message that does not parse; `path` leads to it.
pub(crate) fn fault_of(raw: &RawValue, path: &str) -> RequestError {
    let whole = "an object with `role` and `content`";
    let fields = match Object::within(raw, path, whole) {
        Ok(fields) => fields,
        Err(fault) => return fault,
    };
    if fields.get("role").is_none() {
        return RequestError::Missing(join(path, "role").into());
    }
    let wrong = |(name, raw): (&str, &RawValue)| {
        let text = raw.get();
        let (right, expected) = match name {
            "role" => (serde_json::from_str::<Text<'_>>(text).is_ok(), "a text"),
            "content" => (
                serde_json::from_str::<Option<Content<'_>>>(text).is_ok(),
                "a text or a list of parts, each with `type`,",
            ),
            "name" | "tool_call_id" | "reasoning_content" => {
                (serde_json::from_str::<Option<Text<'_>>>(text).is_ok(), "a text")
            }
            "tool_calls" => (
                serde_json::from_str::<Option<Vec<ToolCall<'_>>>>(text).is_ok(),
                "a list of calls, each with `function.name` and `function.arguments`, a text,",
            ),
            _ => (true, ""),
        };
        (!right).then(|| RequestError::kind(join(path, name), raw, expected))
    };
    fields.iter().find_map(wrong).unwrap_or_else(|| RequestError::kind(path.to_owned(), raw, whole))
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an array of content parts")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(part) = parts.next_element()? {
            all.push(part);
        }
        Ok(Content::Parts(all))
    }
}
