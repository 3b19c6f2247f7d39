//! Connections that are used again. Whoever waits for an answer drives its connection in the same
//! task: an event of a stream then costs no change of task, and dropping the answer closes the
//! connection at once.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    sync::{Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use futures_util::FutureExt;
use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::{
        TrySendError,
        http1::{self, Connection, SendRequest},
    },
};
use tokio::time::Instant;

use crate::{
    connect::{Connector, Wire},
    send::SplicedBody,
};

/// Connections to one server.
pub(crate) struct Pool {
    connector: Connector,
    /// Those on which nothing is under way, and since when; the longest idle first.
    idle: Mutex<VecDeque<(Instant, Link)>>,
}

/// A connection. It moves only while [`Link::drive`] runs.
pub(crate) struct Link {
    sender: SendRequest<SplicedBody>,
    motor: Motor,
}

/// What reads and writes on a connection.
struct Motor {
    connection: Pin<Box<Connection<Wire, SplicedBody>>>,
    over: bool,
}

/// Why no head of an answer came.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// There is no connection.
    #[error("no connection: {0}")]
    Connect(#[source] io::Error),
    /// The connection failed, or what came on it is not HTTP.
    #[error(transparent)]
    Http(#[from] hyper::Error),
}

impl Pool {
    pub(crate) fn new(connector: Connector) -> Self {
        Self { connector, idle: Mutex::default() }
    }

    /// Sends a request and waits for the head of its answer; the body comes over the link. A
    /// connection that the server closed meanwhile is replaced, if nothing was sent on it.
    pub(crate) async fn send(
        &self,
        mut request: Request<SplicedBody>,
    ) -> Result<(Response<Incoming>, Link), SendError> {
        while let Some(mut link) = self.take() {
            match link.send(request).await {
                Ok(response) => return Ok((response, link)),
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(failed.into_error().into()),
                },
            }
        }
        let wire = self.connector.connect().await.map_err(SendError::Connect)?;
        let (sender, connection) = http1::handshake(wire).await?;
        let mut link = Link::new(sender, connection);
        match link.send(request).await {
            Ok(response) => Ok((response, link)),
            Err(failed) => Err(failed.into_error().into()),
        }
    }

    /// Keeps a connection whose answer was read to its end.
    pub(crate) fn put(&self, mut link: Link) {
        if !link.is_free() {
            return;
        }
        let now = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push_back((now, link));
        while idle.len() > MOST_IDLE || idle.front().is_some_and(|(since, _)| old(now, *since)) {
            idle.pop_front();
        }
    }

    /// The connection that was used last, if it is still open.
    fn take(&self) -> Option<Link> {
        loop {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let (since, mut link) = idle.pop_back()?;
            drop(idle);
            if !old(Instant::now(), since) && link.is_free() {
                return Some(link);
            }
        }
    }
}

impl Link {
    fn new(sender: SendRequest<SplicedBody>, connection: Connection<Wire, SplicedBody>) -> Self {
        Self { sender, motor: Motor { connection: Box::pin(connection), over: false } }
    }

    /// Waits for something that comes over this connection.
    pub(crate) async fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        self.motor.drive(work).await
    }

    async fn send(
        &mut self,
        request: Request<SplicedBody>,
    ) -> Result<Response<Incoming>, TrySendError<Request<SplicedBody>>> {
        let answer = self.sender.try_send_request(request);
        self.motor.drive(answer).await
    }

    /// Whether it can take a request. What came meanwhile, such as its end, is taken in first.
    fn is_free(&mut self) -> bool {
        let sender = &mut self.sender;
        let _nothing = self.motor.drive(std::future::pending::<()>()).now_or_never();
        let ready = self.motor.drive(poll_fn(|context| sender.poll_ready(context))).now_or_never();
        !self.motor.over && matches!(ready, Some(Ok(())))
    }
}

impl Motor {
    async fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            // How it ends is told to whoever waits for something from it.
            self.over = self.over || self.connection.as_mut().poll(context).is_ready();
            work.as_mut().poll(context)
        })
        .await
    }
}

fn old(now: Instant, since: Instant) -> bool {
    now.saturating_duration_since(since) > LONGEST_IDLE
}

/// Longer than the keep-alive of some servers (vLLM's uvicorn closes after 5 s, nginx after 75 s);
/// that one was closed is noticed before anything is sent.
const LONGEST_IDLE: Duration = Duration::from_secs(60);
const MOST_IDLE: usize = 1024;
