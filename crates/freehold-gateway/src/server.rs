//! Connections: accepting, limiting, and ending them in order.

use std::{
    convert::Infallible,
    future::Future,
    io,
    os::fd::AsRawFd,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use rustix::process::{Resource, getrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};

use crate::{gateway::Inner, pages};

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
    let places = Arc::new(Semaphore::new(gateway.options.max_connections));
    let mut shutdown = pin!(shutdown);
    loop {
        let place = tokio::select! {
            () = &mut shutdown => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) if takes_reserve(&stream) => {
                tracing::warn!("a connection was closed: open files are about to run out");
                drop(stream);
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            Ok((stream, _)) => {
                let connection = connection(Arc::clone(gateway), stream);
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            // Out of descriptors or a connection gone before it was accepted: others may still
            // come. Waiting keeps this from spinning.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    drain(gateway, &places).await;
    Ok(())
}

/// Whether a connection takes one of the last open files that the process may have. They are kept
/// for the log, which stops for good when it cannot open a file. The system gives each file the
/// lowest free number, so the number tells how many are left.
fn takes_reserve(stream: &TcpStream) -> bool {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let reserve = RESERVED_FILES.min(limit / 4);
    u64::try_from(stream.as_raw_fd()).is_ok_and(|number| number >= limit - reserve)
}

/// Lets requests under way finish, then ends what is left, each with its record.
async fn drain(gateway: &Arc<Inner>, places: &Semaphore) {
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
    let all = u32::try_from(gateway.options.max_connections).unwrap_or(u32::MAX);
    drop(tokio::time::timeout(LAST_BYTES, places.acquire_many(all)).await);
}

async fn connection(gateway: Arc<Inner>, stream: TcpStream) {
    // Without this a stream's events wait for the peer's delayed acknowledgement, 40 ms each.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY not set");
    }
    let mut phase = gateway.phase.subscribe();
    let options = &gateway.options;
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(options.header_timeout);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING)
        .max_concurrent_streams(HTTP2_STREAMS);
    let asked = AtomicBool::new(false);
    let service = service_fn(|request| {
        asked.store(true, Relaxed);
        let gateway = Arc::clone(&gateway);
        async move { Ok::<_, Infallible>(pages::answer(&gateway, request).await) }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = reached(&mut phase, Phase::Draining) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = silence(&asked, options.header_timeout) => {
            tracing::debug!("a connection on which nothing was asked was closed");
            return;
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error, "a connection ended early");
    }
}

/// Completes if no request has come by this time. hyper's own timeout begins only once it knows
/// which version of HTTP is spoken, and never for HTTP/2.
async fn silence(asked: &AtomicBool, time: Duration) {
    tokio::time::sleep(time).await;
    if asked.load(Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Waits until the gateway has come to this phase.
pub(crate) async fn reached(phase: &mut watch::Receiver<Phase>, wanted: Phase) {
    if phase.wait_for(|now| *now >= wanted).await.is_err() {
        // The gateway is gone altogether; whoever waits is being dropped too.
        std::future::pending::<()>().await;
    }
}

/// As many as `freehold doctor` counts beside connections.
const RESERVED_FILES: u64 = 256;
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const LAST_BYTES: Duration = Duration::from_secs(2);
const HTTP2_PING: Duration = Duration::from_secs(20);
const HTTP2_STREAMS: u32 = 1024;
