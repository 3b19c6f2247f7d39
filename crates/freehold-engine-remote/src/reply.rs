//! A server's answer on its way back.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use freehold_engine::{EngineError, Events, Whole};
use freehold_wire::sse::{self, Decoder};
use futures_util::{StreamExt, stream};
use http::{Response, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::Instant;

/// An answer of which the head has come.
pub(crate) struct Head {
    pub(crate) response: Response<Incoming>,
    pub(crate) limits: Limits,
}

/// How long and how much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) deadline: Instant,
    pub(crate) timeout: Duration,
    pub(crate) idle: Duration,
    pub(crate) bytes: usize,
}

impl Head {
    /// Reads the rest of a whole answer.
    pub(crate) async fn whole(self) -> Result<Whole, EngineError> {
        let Self { response, limits } = self;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = response.into_body();
        let mut whole = Collected::default();
        while let Some(piece) = limits.next_piece(&mut body).await? {
            if whole.length() + piece.len() > limits.bytes {
                return Err(limits.too_long());
            }
            whole.add(piece);
        }
        let body = whole.finish();
        // Whoever reads it parses it; what is no object cannot be an answer at all.
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if status.is_success() && first != Some(&b'{') {
            return Err(EngineError::Protocol("a successful answer that is no JSON object".into()));
        }
        Ok(Whole { status: status.as_u16(), body, retry_after })
    }

    /// The events of a stream.
    pub(crate) fn stream(self) -> Result<Events, EngineError> {
        let Self { response, limits } = self;
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.trim_start().starts_with("text/event-stream")) {
            return Err(EngineError::Protocol(format!(
                "a stream was asked for and `{}` came",
                kind.unwrap_or("no content-type"),
            )));
        }
        let reader = Reader {
            body: response.into_body(),
            decoder: Decoder::new(limits.bytes),
            limits,
            over: false,
        };
        Ok(stream::unfold(reader, |mut reader| async move {
            if reader.over {
                return None;
            }
            let event = reader.next().await.transpose()?;
            reader.over = event.is_err();
            Some((event, reader))
        })
        .boxed())
    }
}

struct Reader {
    body: Incoming,
    decoder: Decoder,
    limits: Limits,
    over: bool,
}

impl Reader {
    /// The next payload; `None` once the server said that it is done.
    async fn next(&mut self) -> Result<Option<Bytes>, EngineError> {
        loop {
            let event = self.decoder.next_event();
            match event.map_err(|error| EngineError::Protocol(error.to_string()))? {
                Some(payload) if *payload == *sse::DONE => {
                    self.drain().await;
                    return Ok(None);
                }
                Some(payload) => return Ok(Some(payload)),
                None => {}
            }
            match self.limits.next_piece(&mut self.body).await? {
                Some(piece) => self.decoder.push(&piece),
                None => return Err(EngineError::Cut("the stream ended without [DONE]".to_owned())),
            }
        }
    }

    /// Reads the end that usually comes with `[DONE]`, so that the connection can be used again.
    async fn drain(&mut self) {
        let end = async { while let Some(Ok(_)) = self.body.frame().await {} };
        drop(tokio::time::timeout(DRAIN_PATIENCE, end).await);
    }
}

impl Limits {
    async fn next_piece(&self, body: &mut Incoming) -> Result<Option<Bytes>, EngineError> {
        loop {
            let silent = Instant::now() + self.idle;
            let next = tokio::time::timeout_at(self.deadline.min(silent), body.frame()).await;
            match next {
                Err(_) if silent < self.deadline => {
                    let idle = self.idle;
                    return Err(EngineError::Cut(format!("nothing came for {idle:?}")));
                }
                Err(_) => return Err(EngineError::Timeout(self.timeout)),
                Ok(None) => return Ok(None),
                Ok(Some(Err(error))) => return Err(EngineError::Cut(error.to_string())),
                Ok(Some(Ok(frame))) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }

    fn too_long(&self) -> EngineError {
        EngineError::Protocol(format!("the answer is longer than {} bytes", self.bytes))
    }
}

/// Pieces of a body; a single one is not copied.
#[derive(Default)]
struct Collected {
    first: Bytes,
    more: BytesMut,
}

impl Collected {
    fn length(&self) -> usize {
        self.first.len().max(self.more.len())
    }

    fn add(&mut self, piece: Bytes) {
        if self.first.is_empty() {
            self.first = piece;
            return;
        }
        if self.more.is_empty() {
            self.more.extend_from_slice(&self.first);
        }
        self.more.extend_from_slice(&piece);
    }

    fn finish(self) -> Bytes {
        if self.more.is_empty() { self.first } else { self.more.freeze() }
    }
}

const DRAIN_PATIENCE: Duration = Duration::from_millis(50);
