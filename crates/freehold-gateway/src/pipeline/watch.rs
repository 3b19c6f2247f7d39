//! What may end a request from outside while it waits: the client leaves, time is over, the gateway
//! stops.

use std::{future::Future, pin::pin, time::Duration};

use freehold_engine::EngineError;
use tokio::{sync::watch, time::Instant};

use crate::{
    error::Refusal,
    gateway::Inner,
    server::{Phase, reached},
};

/// Watches over one request.
pub(super) struct Watch {
    deadline: Instant,
    whole: Duration,
    phase: watch::Receiver<Phase>,
}

impl Watch {
    pub(super) fn new(gateway: &Inner, deadline: Instant) -> Self {
        let whole = gateway.options.request_timeout;
        Self { deadline, whole, phase: gateway.phase.subscribe() }
    }

    /// The time that is left.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Waits for `work`, unless something ends the request first.
    pub(super) async fn over<T>(
        &mut self,
        gone: impl Future<Output = ()>,
        work: impl Future<Output = T>,
    ) -> Result<T, Refusal> {
        let mut work = pin!(work);
        // Most events are there already; then nothing has to be set up.
        if let Some(done) = futures_util::FutureExt::now_or_never(work.as_mut()) {
            return Ok(done);
        }
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = gone => Err(Refusal::ClientGone),
            () = tokio::time::sleep_until(self.deadline) => {
                Err(EngineError::Timeout(self.whole).into())
            }
            () = reached(&mut self.phase, Phase::Aborting) => Err(Refusal::Stopping),
        }
    }
}
