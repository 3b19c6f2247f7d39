//! A server that answers at once and always the same: what it takes is what HTTP takes, so that a
//! benchmark measures what stands before it.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What it answers.
#[derive(Debug, Clone)]
pub struct Canned {
    /// Text of a whole answer.
    pub text: String,
    /// Events of a stream that say something, one word each.
    pub events: usize,
}

impl Default for Canned {
    fn default() -> Self {
        Self { text: "The answer of a mock. ".repeat(10), events: 64 }
    }
}

/// Serves a listener until the task is dropped.
pub async fn serve_canned(listener: TcpListener, canned: Canned) {
    let whole = Bytes::from(format!(
        r#"{{"id":"chatcmpl-mock","object":"chat.completion","created":1767225600,"model":"mock-1","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}","refusal":null}},"logprobs":null,"finish_reason":"stop"}}],"usage":{{"prompt_tokens":20,"completion_tokens":60,"total_tokens":80}}}}"#,
        canned.text
    ));
    let events = events(canned.events);
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        // A mock without it would be slow through nobody's fault but its own.
        drop(socket.set_nodelay(true));
        let (whole, events) = (whole.clone(), events.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (whole, events) = (whole.clone(), events.clone());
            async move { Ok::<_, Infallible>(answer(request, whole, events).await) }
        });
        tokio::spawn(async move {
            drop(http1::Builder::new().serve_connection(TokioIo::new(socket), service).await);
        });
    }
}

type Events = stream::Iter<std::vec::IntoIter<Result<Frame<Bytes>, Infallible>>>;

async fn answer(
    request: Request<Incoming>,
    whole: Bytes,
    events: Vec<Bytes>,
) -> Response<Either<Full<Bytes>, StreamBody<Events>>> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    // Clients write it at the end or near it; benchmarks write it without a space.
    let streams = body.windows(STREAM.len()).rev().any(|window| window == STREAM);
    let (kind, body) = if streams {
        let frames: Vec<_> = events.into_iter().map(|event| Ok(Frame::data(event))).collect();
        ("text/event-stream", Either::Right(StreamBody::new(stream::iter(frames))))
    } else {
        ("application/json", Either::Left(Full::new(whole)))
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    response
}

fn events(count: usize) -> Vec<Bytes> {
    let event = |delta: &str, finish: &str| {
        Bytes::from(format!(
            "data: {{\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,\"model\":\"mock-1\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}]}}\n\n"
        ))
    };
    let mut events = vec![event(r#"{"role":"assistant","content":""}"#, "null")];
    events.extend((0..count).map(|_| event(r#"{"content":" word"}"#, "null")));
    events.push(event("{}", "\"stop\""));
    events.push(Bytes::from_static(b"data: [DONE]\n\n"));
    events
}

const STREAM: &[u8] = b"\"stream\":true";
