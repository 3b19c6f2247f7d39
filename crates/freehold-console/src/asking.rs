//! From a form to a request to the gateway, and from its answer to text.

use axum::http::{HeaderValue, Request, Response, header};
use bytes::Bytes;
use freehold_gateway::AnswerBody;
use freehold_types::{DataClass, RecordId};
use http_body_util::{BodyExt, Full};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::console::Running;

/// What a person filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Question {
    /// Which model.
    #[serde(default)]
    pub(crate) model: String,
    /// How sensitive it is.
    #[serde(default)]
    pub(crate) class: String,
    /// Text from which to answer, if any.
    #[serde(default)]
    pub(crate) passage: String,
    /// What is asked.
    #[serde(default)]
    pub(crate) message: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answered {
    /// The record, unless the request got none.
    pub(crate) record: Option<RecordId>,
    /// The answer, or why there is none, in words.
    pub(crate) answer: Result<String, String>,
}

impl Question {
    /// The message as it goes to the model.
    fn content(&self) -> String {
        match self.passage.trim() {
            "" => self.message.trim().to_owned(),
            passage => format!("Passage: {passage}\n\nQuestion: {}", self.message.trim()),
        }
    }

    fn body(&self, stream: bool) -> Value {
        json!({
            "model": self.model,
            "messages": [{"role": "user", "content": self.content()}],
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "stream": stream,
        })
    }
}

/// Asks the gateway with the playground's own key; it controls and records as for anybody.
pub(crate) async fn ask(
    running: &Running,
    question: &Question,
    stream: bool,
) -> Response<AnswerBody> {
    let body = Bytes::from(question.body(stream).to_string());
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = axum::http::Method::POST;
    *request.uri_mut() = axum::http::Uri::from_static("/v1/chat/completions");
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(mut key) = HeaderValue::try_from(format!("Bearer {}", running.api_key)) {
        key.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, key);
    }
    // Without a choice the operator's default holds; anything else is passed on and refused there.
    if !question.class.is_empty() {
        let class = HeaderValue::try_from(question.class.as_str());
        headers.insert("x-freehold-class", class.unwrap_or(HeaderValue::from_static("?")));
    }
    running.gateway.handle(request).await
}

/// Reads a whole answer.
pub(crate) async fn read(response: Response<AnswerBody>) -> Answered {
    let record = record_of(&response);
    let success = response.status().is_success();
    let Ok(body) = response.into_body().collect().await;
    let body: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    Answered { record, answer: if success { Ok(text(&body)) } else { Err(why_not(&body)) } }
}

/// The record that a response names.
pub(crate) fn record_of<B>(response: &Response<B>) -> Option<RecordId> {
    response.headers().get("x-freehold-record")?.to_str().ok()?.parse().ok()
}

/// The choices of the label, least sensitive first.
pub(crate) const CLASSES: [DataClass; 4] =
    [DataClass::Public, DataClass::Internal, DataClass::Confidential, DataClass::Restricted];

fn text(answer: &Value) -> String {
    let message = &answer["choices"][0]["message"];
    let said = message["content"].as_str().or_else(|| message["refusal"].as_str());
    said.unwrap_or_default().trim().to_owned()
}

fn why_not(answer: &Value) -> String {
    answer["error"]["message"]
        .as_str()
        .unwrap_or("the gateway answered with something that is not an error message")
        .to_owned()
}

/// Enough for a page of text; a playground is no place for books.
const MOST_TOKENS: u32 = 1024;
