//! Embedding requests and responses.

use serde::{Deserialize, Serialize};

use crate::{
    chat::field,
    fault::{Expected, RequestError},
    object::{Object, Text},
};

/// An embedding request.
#[derive(Debug, Clone)]
pub struct EmbeddingRequest<'a> {
    /// The model's name as the client wrote it.
    pub model: Text<'a>,
    /// What to embed.
    pub input: EmbeddingInput<'a>,
    /// Whether vectors come as base-64 of little-endian `f32` instead of numbers (the official
    /// Python client asks for this by default).
    pub base64: bool,
    /// Shorter vectors, where the model can.
    pub dimensions: Option<u32>,
    /// Everything else.
    pub other: Object<'a>,
}

/// `input` of an embedding request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmbeddingInput<'a> {
    /// Texts; one text is a list of one.
    Texts(Vec<Text<'a>>),
    /// Token numbers; one list is a list of one.
    Tokens(Vec<Vec<u32>>),
}

impl<'a> EmbeddingRequest<'a> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`RequestError`] names the field.
    pub fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        let mut fields = Object::of_body(body)?;
        let format: Option<Text<'a>> = field(&mut fields, "encoding_format")?;
        let base64 = match format.as_deref() {
            None | Some("float") => false,
            Some("base64") => true,
            Some(other) => {
                return Err(RequestError::value("encoding_format", other, "float, base64"));
            }
        };
        Ok(Self {
            model: fields.required("", "model")?,
            input: input(&mut fields)?,
            base64,
            dimensions: field(&mut fields, "dimensions")?,
            other: fields,
        })
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    Texts(Vec<Text<'a>>),
    Tokens(Vec<u32>),
    TokenLists(Vec<Vec<u32>>),
}

impl<'a> Expected<'a> for Input<'a> {
    const WORDS: &'static str =
        "a text, a list of texts or token numbers, or a list of such lists,";
}

fn input<'a>(fields: &mut Object<'a>) -> Result<EmbeddingInput<'a>, RequestError> {
    Ok(match fields.required("", "input")? {
        Input::Text(text) => EmbeddingInput::Texts(vec![text]),
        Input::Texts(texts) => EmbeddingInput::Texts(texts),
        Input::Tokens(tokens) => EmbeddingInput::Tokens(vec![tokens]),
        Input::TokenLists(lists) => EmbeddingInput::Tokens(lists),
    })
}

/// An embedding response.
#[derive(Debug, Clone, Serialize)]
pub struct EmbeddingResponse {
    /// Always `list`.
    pub object: &'static str,
    /// One entry per input, in order.
    pub data: Vec<Embedding>,
    /// The model that computed them.
    pub model: String,
    /// What it took.
    pub usage: EmbeddingUsage,
}

/// One vector.
#[derive(Debug, Clone, Serialize)]
pub struct Embedding {
    /// Always `embedding`.
    pub object: &'static str,
    /// Place of its input.
    pub index: u32,
    /// The numbers, or their base-64 text.
    pub embedding: serde_json::Value,
}

/// Tokens that embeddings took.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct EmbeddingUsage {
    /// Tokens of all inputs.
    pub prompt_tokens: u64,
    /// The same.
    pub total_tokens: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let body = format!(r#"{{"model":"m","input":{input},"encoding_format":"base64"}}"#);
        let shown = match EmbeddingRequest::parse(body.as_bytes()) {
            Ok(request) => match request.input {
                EmbeddingInput::Texts(texts) => {
                    texts.iter().map(|text| text.to_string()).collect::<Vec<_>>().join("|")
                }
                EmbeddingInput::Tokens(tokens) => format!("{tokens:?}"),
            },
            Err(error) => error.parameter().unwrap_or("-").to_owned(),
        };
        assert_eq!(shown, expected, "{input}");
    }

    #[test]
    fn reads_all_four_shapes_of_input() {
        check(r#""a\nb""#, "a\nb");
        check(r#"["a","b"]"#, "a|b");
        check("[1,2]", "[[1, 2]]");
        check("[[1],[2,3]]", "[[1], [2, 3]]");
        check("{}", "input");
        check("null", "input");
    }
}
