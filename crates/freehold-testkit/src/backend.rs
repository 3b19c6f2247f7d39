//! An OpenAI-compatible server to stand behind the gateway: a fast one with canned answers for
//! benchmarks, one that serves any engine over HTTP, and one that fails in ten ways.

mod canned;
mod faults;
mod served;

use std::{future::Future, net::SocketAddr, sync::Arc};

use freehold_engine::Engine;
use tokio::{net::TcpListener, task::JoinHandle};

pub use canned::{Canned, serve_canned};
pub use faults::Fault;

/// A server on a free port of this machine; dropping it stops it.
pub struct Backend {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Backend {
    /// Answers at once, always the same.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn canned(canned: Canned) -> std::io::Result<Self> {
        Self::start(|listener| serve_canned(listener, canned)).await
    }

    /// Serves an engine over HTTP, errors by the status that OpenAI's API gives them.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn of(engine: Arc<dyn Engine>) -> std::io::Result<Self> {
        Self::start(|listener| served::serve(listener, engine)).await
    }

    /// Fails in one way, every time.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn failing(fault: Fault) -> std::io::Result<Self> {
        if fault == Fault::Refuses {
            // Bound and given up again: nobody listens there.
            let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
            return Ok(Self { address, task: tokio::spawn(async {}) });
        }
        Self::start(|listener| faults::serve(listener, fault)).await
    }

    /// What an OpenAI client takes as base address.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    async fn start<F>(serve: impl FnOnce(TcpListener) -> F) -> std::io::Result<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Ok(Self { address, task: tokio::spawn(serve(listener)) })
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.task.abort();
    }
}
