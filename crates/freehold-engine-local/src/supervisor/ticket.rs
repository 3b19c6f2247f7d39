//! A claim on answers. Dropping it gives the places back, wherever the work stands.

use std::{sync::Arc, time::Duration};

use freehold_engine::EngineError;
use tokio::{sync::mpsc::UnboundedReceiver, time::Instant};

use super::Shared;
use crate::protocol::{FailureKind, StopCause, Top};

/// What happens to a request.
#[derive(Debug)]
pub(crate) enum Event {
    /// Its prompt is being computed.
    Started { prompt: u32, kept: u32 },
    /// A token.
    Token { bytes: Vec<u8>, top: Option<Top> },
    /// It is done.
    Finished(StopCause),
    /// It cannot be done.
    Failed { kind: FailureKind, reason: String },
    /// Its vectors.
    Embedded { vectors: Vec<Vec<f32>>, tokens: u32 },
    /// The worker answers.
    Alive,
    /// The worker died.
    Broken(EngineError),
}

impl Event {
    pub(super) const fn is_last(&self) -> bool {
        !matches!(self, Self::Started { .. } | Self::Token { .. })
    }
}

/// A claim on one or several answers to one prompt.
#[derive(Debug)]
pub(crate) struct Ticket {
    ids: Vec<u64>,
    events: UnboundedReceiver<(u32, Event)>,
    shared: Arc<Shared>,
}

impl Ticket {
    pub(super) const fn new(
        ids: Vec<u64>,
        events: UnboundedReceiver<(u32, Event)>,
        shared: Arc<Shared>,
    ) -> Self {
        Self { ids, events, shared }
    }

    /// The next event with its choice. After the deadline there is none, also where one lies ready.
    pub(crate) async fn next(&mut self, deadline: Deadline) -> Result<(u32, Event), EngineError> {
        if deadline.at <= Instant::now() {
            return Err(EngineError::Timeout(deadline.after));
        }
        match tokio::time::timeout_at(deadline.at, self.events.recv()).await {
            Ok(Some((_, Event::Broken(error)))) => Err(error),
            Ok(Some(event)) => Ok(event),
            Ok(None) => Err(EngineError::Cut("the worker answered no more".to_owned())),
            Err(_) => Err(EngineError::Timeout(deadline.after)),
        }
    }

    /// An event that is there already.
    pub(crate) fn ready(&mut self) -> Option<(u32, Event)> {
        self.events.try_recv().ok()
    }

    /// Ends one of the answers early.
    pub(crate) fn cancel(&self, choice: u32) {
        if let Some(id) = self.ids.get(choice as usize) {
            self.shared.forget(&[*id]);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared.forget(&self.ids);
    }
}

/// When an answer must be complete.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    after: Duration,
}

impl Deadline {
    /// From now.
    pub(crate) fn after(after: Duration) -> Self {
        let longest = Duration::from_secs(365 * 24 * 3600);
        Self { at: Instant::now() + after.min(longest), after }
    }
}
