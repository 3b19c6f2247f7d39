//! Accepting connections within limits: for the gateway's requests and for the console's pages.
//!
//! A listener without limits can be emptied of its files by anyone who can open connections, and
//! the log, which stops for good when it cannot open a file, would be the one to suffer.

use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    os::fd::AsRawFd,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use http::{Request, Response};
use hyper::{
    body::{Body, Incoming},
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use rustix::process::{Resource, getrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// The limits of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepting {
    /// Connections at one time; others wait until one ends.
    pub max_connections: usize,
    /// How long a connection may take for the headers of a request, and a new one for its first.
    pub header_timeout: Duration,
}

/// The connections of a listener that has ended.
pub struct Accepted {
    places: Arc<Semaphore>,
    all: usize,
}

impl Accepting {
    /// Takes connections until `shutdown` completes, each as a task of its own.
    pub async fn until<C>(
        self,
        shutdown: impl Future<Output = ()>,
        listener: TcpListener,
        connection: impl Fn(TcpStream) -> C,
    ) -> Accepted
    where
        C: Future<Output = ()> + Send + 'static,
    {
        let all = self.max_connections;
        let places = Arc::new(Semaphore::new(all));
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
                    let connection = connection(stream);
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
        Accepted { places, all }
    }

    /// Serves one connection to its end. Once `draining` completes it takes no further request.
    pub async fn connection<S, B>(
        self,
        stream: TcpStream,
        service: S,
        draining: impl Future<Output = ()>,
    ) where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        // Without this a stream's events wait for the peer's delayed acknowledgement, 40 ms each.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY not set");
        }
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(self.header_timeout);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HTTP2_PING)
            .max_concurrent_streams(HTTP2_STREAMS);
        let asked = AtomicBool::new(false);
        let service = service_fn(|request| {
            asked.store(true, Relaxed);
            service.call(request)
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = draining => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = silence(&asked, self.header_timeout) => {
                tracing::debug!("a connection on which nothing was asked was closed");
                return;
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error, "a connection ended early");
        }
    }
}

impl Accepted {
    /// Waits until all connections have ended; whether they did within this time.
    pub async fn ended(self, time: Duration) -> bool {
        let all = u32::try_from(self.all).unwrap_or(u32::MAX);
        tokio::time::timeout(time, self.places.acquire_many(all)).await.is_ok()
    }
}

/// Whether a connection takes one of the last open files that the process may have. They are kept
/// for the log, which stops for good when it cannot open a file. The system gives each file the
/// lowest free number, so the number tells how many are left.
fn takes_reserve(stream: &TcpStream) -> bool {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let reserve = RESERVED_FILES.min(limit / 4);
    u64::try_from(stream.as_raw_fd()).is_ok_and(|number| number >= limit - reserve)
}

/// Completes if no request has come by this time. hyper's own timeout begins only once it knows
/// which version of HTTP is spoken, and never for HTTP/2.
async fn silence(asked: &AtomicBool, time: Duration) {
    tokio::time::sleep(time).await;
    if asked.load(Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// As many as `freehold doctor` counts beside connections.
const RESERVED_FILES: u64 = 256;
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const HTTP2_PING: Duration = Duration::from_secs(20);
const HTTP2_STREAMS: u32 = 1024;
