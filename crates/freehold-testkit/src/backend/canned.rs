//! A server that answers at once and always the same: what it takes is what HTTP takes, so that a
//! benchmark measures what stands before it.
//!
//! It writes each event of a stream by itself, as a model makes them. Requests whose `user` is
//! `burst` get all of them in as few writes as HTTP allows, and those whose `user` is `slow` get a
//! few with long pauses between them; that field comes through every gateway.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
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

type Events = BoxStream<'static, Result<Frame<Bytes>, Infallible>>;

async fn answer(
    request: Request<Incoming>,
    whole: Bytes,
    events: Vec<Bytes>,
) -> Response<Either<Full<Bytes>, StreamBody<Events>>> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    // Clients write these at the end or near it; benchmarks write them without a space.
    let says = |part: &[u8]| body.windows(part.len()).rev().any(|window| window == part);
    let (kind, body) = if says(STREAM) {
        let events = if says(BURST) {
            stream::iter(events).boxed()
        } else if says(SLOW) {
            paced(few(events), || tokio::time::sleep(PAUSE))
        } else {
            paced(events, tokio::task::yield_now)
        };
        let frames = events.map(|event| Ok(Frame::data(event))).boxed();
        ("text/event-stream", Either::Right(StreamBody::new(frames)))
    } else {
        ("application/json", Either::Left(Full::new(whole)))
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    response
}

/// Events with a wait before each but the first.
fn paced<W>(events: Vec<Bytes>, wait: fn() -> W) -> BoxStream<'static, Bytes>
where
    W: Future<Output = ()> + Send + 'static,
{
    stream::iter(events)
        .enumerate()
        .then(move |(place, event)| async move {
            if place > 0 {
                wait().await;
            }
            event
        })
        .boxed()
}

/// The first events and the last two, with which a stream ends.
fn few(mut events: Vec<Bytes>) -> Vec<Bytes> {
    let end = events.split_off(events.len() - 2);
    events.truncate(SLOW_EVENTS);
    events.extend(end);
    events
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
const BURST: &[u8] = b"\"user\":\"burst\"";
const SLOW: &[u8] = b"\"user\":\"slow\"";
const SLOW_EVENTS: usize = 6;
const PAUSE: Duration = Duration::from_secs(4);
