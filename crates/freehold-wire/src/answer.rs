//! What the gateway reads in an answer, whole or a stream's event: one pass, borrowing.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::object::Text;

/// The part of a chat answer that controls and the record need. The bytes go on unchanged.
#[derive(Debug, Deserialize)]
pub struct AnswerHead<'a> {
    /// The model as the backend names it: its true version, not our alias.
    #[serde(borrow, default)]
    pub model: Option<Text<'a>>,
    /// Tokens, where the backend reports them.
    #[serde(default)]
    pub usage: Option<UsageHead>,
    /// The answers, or their next pieces.
    #[serde(borrow, default)]
    pub choices: Vec<ChoiceHead<'a>>,
    /// An error in place of an answer, as some servers send in the middle of a stream.
    #[serde(borrow, default)]
    pub error: Option<&'a RawValue>,
}

/// Tokens that an answer took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct UsageHead {
    /// Tokens of the prompt.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    #[serde(default)]
    pub completion_tokens: u64,
}

/// One of `n` answers, or its next piece.
#[derive(Debug, Deserialize)]
pub struct ChoiceHead<'a> {
    /// Its place among `n`.
    #[serde(default)]
    pub index: u32,
    /// Why it ended.
    #[serde(borrow, default)]
    pub finish_reason: Option<Text<'a>>,
    /// Token probabilities, unparsed.
    #[serde(borrow, default)]
    pub logprobs: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<Said<'a>>,
    #[serde(borrow, default)]
    delta: Option<Said<'a>>,
}

#[derive(Debug, Deserialize)]
struct Said<'a> {
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    reasoning_content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tool_calls: Option<Vec<CallDelta<'a>>>,
    #[serde(borrow, default)]
    function_call: Option<Named<'a>>,
}

/// A tool call, or its next piece.
#[derive(Debug, Deserialize)]
pub struct CallDelta<'a> {
    /// Its place among the calls of this answer.
    #[serde(default)]
    pub index: Option<u32>,
    #[serde(borrow, default)]
    function: Option<Named<'a>>,
    #[serde(borrow, default)]
    custom: Option<Named<'a>>,
}

#[derive(Debug, Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
}

impl<'a> AnswerHead<'a> {
    /// Reads a response body or the payload of a stream's event.
    ///
    /// # Errors
    /// It is not JSON, or a field read here has the wrong type or comes twice.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// Whether any answer has new text or calls.
    pub fn says_something(&self) -> bool {
        self.choices.iter().any(|choice| {
            choice.said().is_some_and(|said| {
                [said.content, said.reasoning_content]
                    .iter()
                    .flatten()
                    .any(|text| !matches!(text.get(), "\"\"" | "null"))
                    || said.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty())
                    || said.function_call.is_some()
            })
        })
    }
}

impl ChoiceHead<'_> {
    /// The calls in it: place and, where this piece has it, the name. The older `function_call`
    /// has no place and gets the last one there is.
    pub fn calls(&self) -> impl Iterator<Item = (u32, Option<&str>)> {
        let said = self.said();
        let calls = said.and_then(|said| said.tool_calls.as_deref()).unwrap_or_default();
        let legacy = said.and_then(|said| said.function_call.as_ref());
        (0u32..)
            .zip(calls)
            .map(|(place, call)| {
                let named = call.function.as_ref().or(call.custom.as_ref());
                (call.index.unwrap_or(place), named.and_then(|named| named.name.as_deref()))
            })
            .chain(legacy.map(|named| (u32::MAX, named.name.as_deref())))
    }

    /// Sum of the tokens' logarithms of probability and their number; `None` where there are none
    /// or one is no number.
    pub fn logprob_sum(&self) -> Option<(f64, u32)> {
        #[derive(Deserialize)]
        struct Content {
            content: Vec<Token>,
        }
        #[derive(Deserialize)]
        struct Token {
            logprob: f64,
        }
        let content: Content = serde_json::from_str(self.logprobs?.get()).ok()?;
        let sum = content.content.iter().map(|token| token.logprob).sum();
        Some((sum, u32::try_from(content.content.len()).ok()?))
    }

    /// Bytes of text in it as they stand in the JSON, quotes left out.
    pub fn text_bytes(&self) -> usize {
        self.said()
            .and_then(|said| said.content)
            .map_or(0, |text| text.get().len().saturating_sub(2))
    }

    fn said(&self) -> Option<&Said<'_>> {
        self.delta.as_ref().or(self.message.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_calls_reasons_and_probabilities() {
        let body = br#"{"model":"real-1","choices":[{"index":1,"finish_reason":"tool_calls",
            "message":{"content":null,"tool_calls":[{"id":"a","function":{"name":"add","arguments":"{}"}},
            {"custom":{"name":"run"}}],"function_call":{"name":"old"}},
            "logprobs":{"content":[{"token":"x","logprob":-0.5},{"token":"y","logprob":-1.5}]}}],
            "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"new":{}}}"#;
        let head = AnswerHead::parse(body).unwrap();
        let choice = &head.choices[0];
        let calls: Vec<_> = choice.calls().collect();
        assert_eq!(calls, [(0, Some("add")), (1, Some("run")), (u32::MAX, Some("old"))]);
        assert_eq!(choice.logprob_sum(), Some((-2.0, 2)));
        assert_eq!(choice.finish_reason.as_deref(), Some("tool_calls"));
        assert_eq!(head.usage, Some(UsageHead { prompt_tokens: 3, completion_tokens: 2 }));
        assert!(head.says_something());
    }

    #[test]
    fn an_empty_delta_says_nothing() {
        for body in [
            r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#,
            r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            r#"{"choices":[]}"#,
        ] {
            assert!(!AnswerHead::parse(body.as_bytes()).unwrap().says_something(), "{body}");
        }
    }

    #[test]
    fn a_call_cannot_hide_behind_a_second_field_of_the_same_name() {
        let body = br#"{"choices":[],"choices":[{"delta":{"content":"x"}}]}"#;
        assert!(AnswerHead::parse(body).is_err());
    }
}
