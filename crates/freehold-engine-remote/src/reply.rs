//! A server's answer on its way back.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use freehold_engine::{EngineError, Events, Whole};
use freehold_wire::sse::{self, Decoder};
use futures_util::{StreamExt, stream};
use http::{Response, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::pool::{Link, Pool};

/// An answer of which the head has come.
pub(crate) struct Head {
    pub(crate) response: Response<Incoming>,
    pub(crate) source: Source,
    pub(crate) limits: Limits,
}

/// The connection that an answer comes over, and where it goes afterwards.
pub(crate) struct Source {
    pub(crate) link: Link,
    pub(crate) pool: Arc<Pool>,
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
        let Self { response, mut source, limits } = self;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = response.into_body();
        let mut whole = Collected::default();
        while let Some(piece) = limits.next_piece(&mut source.link, &mut body).await? {
            if whole.length() + piece.len() > limits.bytes {
                return Err(limits.too_long());
            }
            whole.add(piece);
        }
        source.pool.put(source.link);
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
        let Self { response, source, limits } = self;
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.trim_start().starts_with("text/event-stream")) {
            return Err(EngineError::Protocol(format!(
                "a stream was asked for and `{}` came",
                kind.unwrap_or("no content-type"),
            )));
        }
        let reader = Reader {
            body: response.into_body(),
            source,
            decoder: Decoder::new(limits.bytes),
            limits,
        };
        Ok(stream::unfold(Some(reader), |reader| async move {
            let mut reader = reader?;
            match reader.next().await {
                Ok(Some(event)) => Some((Ok(event), Some(reader))),
                Ok(None) => {
                    reader.end().await;
                    None
                }
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed())
    }
}

struct Reader {
    body: Incoming,
    source: Source,
    decoder: Decoder,
    limits: Limits,
}

impl Reader {
    /// The next payload; `None` once the server said that it is done.
    async fn next(&mut self) -> Result<Option<Bytes>, EngineError> {
        loop {
            let event = self.decoder.next_event();
            match event.map_err(|error| EngineError::Protocol(error.to_string()))? {
                Some(payload) if *payload == *sse::DONE => return Ok(None),
                Some(payload) => return Ok(Some(payload)),
                None => {}
            }
            match self.limits.next_piece(&mut self.source.link, &mut self.body).await? {
                Some(piece) => self.decoder.push(&piece),
                None => return Err(EngineError::Cut("the stream ended without [DONE]".to_owned())),
            }
        }
    }

    /// Reads the end that usually comes with `[DONE]`, so that the connection can be used again.
    async fn end(mut self) {
        let body = &mut self.body;
        let end = async { while let Some(Ok(_)) = body.frame().await {} };
        let ended = tokio::time::timeout(DRAIN_PATIENCE, self.source.link.drive(end)).await;
        if ended.is_ok() {
            self.source.pool.put(self.source.link);
        }
    }
}

impl Limits {
    async fn next_piece(
        &self,
        link: &mut Link,
        body: &mut Incoming,
    ) -> Result<Option<Bytes>, EngineError> {
        loop {
            let silent = Instant::now() + self.idle;
            let piece = link.drive(body.frame());
            let next = tokio::time::timeout_at(self.deadline.min(silent), piece).await;
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
