//! A stream on its way to the client: opened with the receipt of the intent, ended with that of the
//! outcome.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use freehold_auditlog::{EntryKind, Receipt};
use freehold_types::RecordId;
use freehold_wire::sse;
use http::{HeaderValue, Response, header};
use tokio::sync::mpsc;

use super::{Cleared, Released, WrongReceipt, check, name};
use crate::{AnswerBody, error::Refusal};

/// A stream whose beginning was released.
#[derive(Debug)]
pub struct OpenStream {
    record: RecordId,
    frames: mpsc::Sender<Bytes>,
}

/// The client left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client left")]
pub struct Gone;

/// Opens a stream whose intent is durable: the response to send, and where its events go.
///
/// # Errors
/// [`WrongReceipt`] if the receipt is not that of an intent.
pub fn open(intent: Receipt) -> Result<(Released, OpenStream), WrongReceipt> {
    let record = intent.record();
    check(&intent, record, EntryKind::Intent)?;
    let (frames, receiver) = mpsc::channel(FRAMES_IN_FLIGHT);
    let mut response = Response::new(AnswerBody::stream(receiver));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // Asks nginx and its like not to collect events into one burst.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    name(&mut response, record, true);
    Ok((Released(response), OpenStream { record, frames }))
}

impl OpenStream {
    /// Sends events. Waits while the client is slower than the engine.
    ///
    /// # Errors
    /// [`Gone`] if there is nobody to send to.
    pub async fn send(&self, events: &mut Vec<Cleared>) -> Result<(), Gone> {
        let frame = framed(self.record, events, &[]);
        if frame.is_empty() {
            return Ok(());
        }
        self.frames.send(frame).await.map_err(|_| Gone)
    }

    /// Completes when the client has left.
    pub async fn gone(&self) {
        self.frames.closed().await;
    }

    /// Ends the stream in good order: what is left of it, then `[DONE]`.
    ///
    /// # Errors
    /// [`WrongReceipt`] if the receipt is not that of this stream's outcome; nothing is sent then.
    pub async fn finish(
        self,
        outcome: Receipt,
        mut last: Vec<Cleared>,
    ) -> Result<(), WrongReceipt> {
        check(&outcome, self.record, EntryKind::Outcome)?;
        let frame = framed(self.record, &mut last, sse::DONE_EVENT);
        self.last_word(frame).await;
        Ok(())
    }

    /// Ends the stream with an error in place of `[DONE]`, so that it cannot be taken for whole.
    pub(crate) async fn cut(self, refusal: &Refusal) {
        let frame = sse::event(&refusal.body());
        self.last_word(frame).await;
    }

    /// Whether the client takes it no longer matters, for the outcome is recorded; one that stays
    /// and does not read is not waited for.
    async fn last_word(self, frame: Bytes) {
        drop(self.frames.send_timeout(frame, LAST_WORD).await);
    }
}

/// Events of this record as one frame, then `end`.
fn framed(record: RecordId, events: &mut Vec<Cleared>, end: &[u8]) -> Bytes {
    let own = |event: &Cleared| event.record() == record;
    let length: usize = events.iter().map(|event| event.bytes().len() + 8).sum();
    let mut frame = BytesMut::with_capacity(length + end.len());
    for event in events.drain(..).filter(own) {
        sse::put_event(&event.into_bytes(), &mut frame);
    }
    frame.extend_from_slice(end);
    frame.freeze()
}

/// Enough that a client's pause does not stop the engine, few enough that memory stays small.
const FRAMES_IN_FLIGHT: usize = 8;
const LAST_WORD: Duration = Duration::from_secs(30);
