//! A request on its way to the server.

use std::{
    convert::Infallible,
    error::Error as _,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use freehold_engine::EngineError;
use freehold_wire::model_span;
use http::{HeaderValue, Method, Request, Uri, header};
use hyper::body::{Body, Frame, SizeHint};

use crate::{address::Address, pool::SendError};

/// The client's body with another model's name in it: three pieces, none of them copied.
#[derive(Debug)]
pub(crate) struct SplicedBody {
    pieces: [Bytes; 3],
    next: usize,
}

impl SplicedBody {
    /// The body, asking for this model; a body without one gets it.
    pub(crate) fn with_model(body: &Bytes, model: &str) -> Result<Self, EngineError> {
        // A string always serializes.
        let name = serde_json::to_vec(model).unwrap_or_default();
        if let Some(span) = model_span(body) {
            let pieces = [body.slice(..span.start), Bytes::from(name), body.slice(span.end..)];
            return Ok(Self { pieces, next: 0 });
        }
        let skip = |from: usize| {
            let rest = body.get(from..)?;
            Some(from + rest.iter().position(|byte| !byte.is_ascii_whitespace())?)
        };
        let start = skip(0).filter(|at| body[*at] == b'{').map(|at| at + 1);
        let start = start.ok_or_else(|| EngineError::Invalid {
            reason: "the body is not a JSON object".to_owned(),
            parameter: None,
        })?;
        let mut field = [b"\"model\":", name.as_slice()].concat();
        if skip(start).is_some_and(|at| body[at] != b'}') {
            field.push(b',');
        }
        let pieces = [body.slice(..start), Bytes::from(field), body.slice(start..)];
        Ok(Self { pieces, next: 0 })
    }

    /// No body.
    pub(crate) fn empty() -> Self {
        Self { pieces: [Bytes::new(), Bytes::new(), Bytes::new()], next: 3 }
    }
}

impl Body for SplicedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.next;
        self.next += 1;
        Poll::Ready(self.pieces.get_mut(next).map(|piece| Ok(Frame::data(std::mem::take(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.pieces.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.pieces.iter().map(|piece| piece.len() as u64).sum())
    }
}

/// A request with the headers that such servers expect. None of the client's own headers go out:
/// they are for us, its key above all.
pub(crate) fn request(
    method: Method,
    address: &Address,
    target: Uri,
    authorization: Option<&HeaderValue>,
    stream: bool,
    body: SplicedBody,
) -> Request<SplicedBody> {
    let accept = if stream { "text/event-stream" } else { "application/json" };
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = target;
    let headers = request.headers_mut();
    headers.insert(header::HOST, address.host_header.clone());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
    if let Some(authorization) = authorization {
        headers.insert(header::AUTHORIZATION, authorization.clone());
    }
    request
}

/// What it means that there is no head of an answer.
pub(crate) fn failure(error: &SendError) -> EngineError {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let text = deeper.to_string();
        if !reason.ends_with(&text) {
            reason = format!("{reason}: {text}");
        }
        cause = deeper.source();
    }
    match error {
        SendError::Http(error) if error.is_parse() => EngineError::Protocol(reason),
        _ => EngineError::Unavailable(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &'static str, expected: &str) {
        let spliced = SplicedBody::with_model(&Bytes::from_static(body.as_bytes()), "a\"b");
        let shown = match spliced {
            Ok(spliced) => String::from_utf8(spliced.pieces.concat()).unwrap(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn only_the_model_changes() {
        check(r#"{"x": [1], "model" : "m", "y":2}"#, r#"{"x": [1], "model" : "a\"b", "y":2}"#);
        check(r#" {"x":1}"#, r#" {"model":"a\"b","x":1}"#);
        check("{ }", r#"{"model":"a\"b" }"#);
        check("[]", "the body is not a JSON object");
        check("", "the body is not a JSON object");
    }
}
