//! The gateway's listener: its connections, and ending them in order.

use std::{convert::Infallible, future::Future, io, sync::Arc, time::Duration};

use hyper::service::service_fn;
use tokio::{net::TcpListener, net::TcpStream, sync::watch};

use crate::{
    accept::{Accepted, Accepting},
    gateway::Inner,
    pages,
};

/// Where a gateway is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Takes requests.
    Serving,
    /// Takes no new ones and finishes those under way.
    Draining,
    /// Ends those under way.
    Aborting,
}

pub(crate) async fn serve(
    gateway: &Arc<Inner>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let accepting = Accepting {
        max_connections: gateway.options.max_connections,
        header_timeout: gateway.options.header_timeout,
    };
    let connection = |stream| connection(accepting, Arc::clone(gateway), stream);
    let accepted = accepting.until(shutdown, listener, connection).await;
    drain(gateway, accepted).await;
    Ok(())
}

/// Lets requests under way finish, then ends what is left, each with its record.
async fn drain(gateway: &Arc<Inner>, accepted: Accepted) {
    gateway.phase.send_replace(Phase::Draining);
    let grace = gateway.options.shutdown_grace;
    if tokio::time::timeout(grace, gateway.limits.empty()).await.is_err() {
        tracing::warn!(?grace, "ending requests that took longer than the time for finishing");
        gateway.phase.send_replace(Phase::Aborting);
        let last = gateway.options.record_timeout * 2;
        if tokio::time::timeout(last, gateway.limits.empty()).await.is_err() {
            tracing::error!("requests were left without an outcome: the log does not answer");
        }
    }
    // Connections have a moment to send what was released.
    accepted.ended(LAST_BYTES).await;
}

async fn connection(accepting: Accepting, gateway: Arc<Inner>, stream: TcpStream) {
    let mut phase = gateway.phase.subscribe();
    let service = service_fn(|request| {
        let gateway = Arc::clone(&gateway);
        async move { Ok::<_, Infallible>(pages::answer(&gateway, request).await) }
    });
    accepting.connection(stream, service, reached(&mut phase, Phase::Draining)).await;
}

/// Waits until the gateway has come to this phase.
pub(crate) async fn reached(phase: &mut watch::Receiver<Phase>, wanted: Phase) {
    if phase.wait_for(|now| *now >= wanted).await.is_err() {
        // The gateway is gone altogether; whoever waits is being dropped too.
        std::future::pending::<()>().await;
    }
}

const LAST_BYTES: Duration = Duration::from_secs(2);
