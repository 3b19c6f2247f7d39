//! The JSON of a stream event, written straight from its parts: one is made for every token of
//! every text, on the cores that the model needs.

use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::{FinishReason, Head, Part, TokenLogprob};

#[derive(Serialize)]
pub(super) struct Event<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    system_fingerprint: &'a str,
    choices: [EventChoice<'a>; 1],
    /// Absent or null.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<()>,
}

#[derive(Serialize)]
struct EventChoice<'a> {
    index: u32,
    delta: Delta<'a>,
    logprobs: Option<Logprobs<'a>>,
    finish_reason: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Delta<'a> {
    Role { role: &'static str, content: &'static str },
    Content { content: &'a str },
    ToolCall { tool_calls: [ToolCall<'a>; 1] },
    Nothing {},
}

#[derive(Serialize)]
struct ToolCall<'a> {
    index: u32,
    id: &'a str,
    r#type: &'static str,
    function: Function<'a>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    arguments: &'a str,
}

impl<'a> Event<'a> {
    pub(super) fn new(head: &'a Head, part: &'a Part, usage_follows: bool) -> Self {
        let (mut logprobs, mut finish_reason) = (None, None);
        let delta = match part {
            Part::Role { .. } => Delta::Role { role: "assistant", content: "" },
            Part::Content { text, logprobs: tokens, .. } => {
                logprobs = tokens.as_deref().map(Logprobs::new);
                Delta::Content { content: text }
            }
            Part::ToolCall { index, id, name, arguments, .. } => {
                let function = Function { name, arguments };
                let call = ToolCall { index: *index, id, r#type: "function", function };
                Delta::ToolCall { tool_calls: [call] }
            }
            Part::Finish { reason, .. } => {
                finish_reason = Some(FinishReason::as_str(*reason));
                Delta::Nothing {}
            }
        };
        Self {
            id: &head.id,
            object: "chat.completion.chunk",
            created: head.created,
            model: &head.model,
            system_fingerprint: &head.fingerprint,
            choices: [EventChoice { index: part.choice(), delta, logprobs, finish_reason }],
            usage: usage_follows.then_some(()),
        }
    }
}

/// Tokens with their probabilities.
#[derive(Serialize)]
pub(super) struct Logprobs<'a> {
    #[serde(serialize_with = "tokens")]
    content: &'a [TokenLogprob],
    refusal: Option<()>,
}

impl<'a> Logprobs<'a> {
    pub(super) const fn new(content: &'a [TokenLogprob]) -> Self {
        Self { content, refusal: None }
    }
}

#[derive(Serialize)]
struct Token<'a> {
    token: std::borrow::Cow<'a, str>,
    logprob: f64,
    bytes: &'a [u8],
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "alternatives")]
    top_logprobs: Option<&'a [(Vec<u8>, f32)]>,
}

impl<'a> Token<'a> {
    fn new(bytes: &'a [u8], logprob: f32, top: Option<&'a [(Vec<u8>, f32)]>) -> Self {
        // JSON has no infinity; OpenAI writes -9999.0 for "as good as impossible".
        let logprob = if logprob.is_finite() { f64::from(logprob) } else { -9999.0 };
        Self { token: String::from_utf8_lossy(bytes), logprob, bytes, top_logprobs: top }
    }
}

fn tokens<S: Serializer>(tokens: &[TokenLogprob], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(tokens.iter().map(|it| Token::new(&it.bytes, it.logprob, Some(&it.top))))
}

fn alternatives<S: Serializer>(top: &Option<&[(Vec<u8>, f32)]>, to: S) -> Result<S::Ok, S::Error> {
    let top = top.unwrap_or_default();
    let mut list = to.serialize_seq(Some(top.len()))?;
    for (bytes, logprob) in top {
        list.serialize_element(&Token::new(bytes, *logprob, None))?;
    }
    list.end()
}
