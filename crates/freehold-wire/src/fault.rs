//! What is wrong with a request, in words for whoever wrote it: which field, what stands there and
//! what is expected, or where the JSON breaks. Clients see these texts, so no library's words are
//! in them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::object::Text;

/// Why a body is not a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No byte came.
    #[error("the body is empty; a JSON object is expected")]
    Empty,
    /// The bytes are not JSON.
    #[error("the body is not valid JSON: the mistake is at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
    },
    /// The JSON has no end.
    #[error("the body is not valid JSON: it breaks off at line {line}, column {column}")]
    BreaksOff {
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
    },
    /// Another JSON value.
    #[error("the body is {0}; a JSON object is expected")]
    NotAnObject(String),
    /// Two readers could take different ones.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// A required field is absent, or null.
    #[error("`{0}` is missing")]
    Missing(Cow<'static, str>),
    /// A field holds another kind of value.
    #[error("`{field}` is {found}; {expected} is expected")]
    Kind {
        /// The field, with the path to it.
        field: Cow<'static, str>,
        /// What the client wrote: numbers as they are, for the rest its kind.
        found: String,
        /// What it may write.
        expected: &'static str,
    },
    /// A field's value is not one of those allowed.
    #[error("`{field}` is `{found}`; allowed: {allowed}")]
    Value {
        /// The field, with the path to it.
        field: Cow<'static, str>,
        /// What the client wrote, or its beginning.
        found: String,
        /// What it may write.
        allowed: &'static str,
    },
    /// A field means nothing without another one.
    #[error("`{field}` needs {needs}")]
    Needs {
        /// The field.
        field: &'static str,
        /// What is to be set besides.
        needs: &'static str,
    },
}

impl RequestError {
    /// The field at fault, where one is.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::NotJson { .. } | Self::BreaksOff { .. } | Self::NotAnObject(_) => {
                None
            }
            Self::Twice(field) => Some(field),
            Self::Missing(field) | Self::Kind { field, .. } | Self::Value { field, .. } => {
                Some(field)
            }
            Self::Needs { field, .. } => Some(field),
        }
    }

    /// A field that holds `raw` where something else is expected.
    pub fn kind(
        field: impl Into<Cow<'static, str>>,
        raw: &RawValue,
        expected: &'static str,
    ) -> Self {
        Self::Kind { field: field.into(), found: shown(raw.get()), expected }
    }

    /// A field whose text is none of those allowed.
    pub fn value(field: impl Into<Cow<'static, str>>, found: &str, allowed: &'static str) -> Self {
        Self::Value { field: field.into(), found: beginning(found), allowed }
    }

    /// The body does not parse.
    pub(crate) fn of_body(body: &[u8], error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            _ if body.trim_ascii().is_empty() => Self::Empty,
            serde_json::error::Category::Eof => Self::BreaksOff { line, column },
            serde_json::error::Category::Data => {
                Self::NotAnObject(shown(&String::from_utf8_lossy(body)))
            }
            _ => Self::NotJson { line, column },
        }
    }
}

/// Something that a field can hold.
pub(crate) trait Expected<'a>: Deserialize<'a> {
    /// How it is called where something else stands.
    const WORDS: &'static str;
}

macro_rules! expected {
    ($($kind:ty: $words:literal),* $(,)?) => {$(
        impl<'a> Expected<'a> for $kind {
            const WORDS: &'static str = $words;
        }
    )*};
}
expected! {
    bool: "true or false",
    f32: "a number",
    u32: "a whole number, 0 or more,",
    i32: "a whole number",
    Text<'a>: "a text",
    Vec<&'a RawValue>: "a list",
}

/// Reads a value.
pub(crate) fn read<'a, T: Expected<'a>>(
    raw: &'a RawValue,
    field: impl FnOnce() -> Cow<'static, str>,
) -> Result<T, RequestError> {
    serde_json::from_str(raw.get()).map_err(|_| RequestError::kind(field(), raw, T::WORDS))
}

/// A JSON value in words. What a client wrote is shown where it says more than its kind and cannot
/// be long.
fn shown(raw: &str) -> String {
    match raw.trim_start().as_bytes().first() {
        Some(b'"') => "a text".to_owned(),
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "a list".to_owned(),
        _ => beginning(raw.trim()),
    }
}

fn beginning(text: &str) -> String {
    if text.chars().nth(MOST_SHOWN).is_none() {
        return text.to_owned();
    }
    text.chars().take(MOST_SHOWN).chain(['…']).collect()
}

const MOST_SHOWN: usize = 40;
