//! The gateway as a value: what it is made of, and the two ways in.

use std::{future::Future, io, sync::Arc};

use bytes::Bytes;
use freehold_auditlog::AuditLog;
use freehold_store::Store;
use freehold_types::{Clock, RecordId};
use http::{Request, Response};
use hyper::body::Body;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    AnswerBody, Backend, GatewayOptions, ModelRoute,
    limits::Limits,
    metrics::Metrics,
    pages,
    routes::Routes,
    server::{self, Phase},
};

/// What a gateway is made of.
pub struct GatewayDeps {
    /// Limits and defaults.
    pub options: GatewayOptions,
    /// Where everything is recorded.
    pub log: AuditLog,
    /// Where API keys are.
    pub store: Store,
    /// Who answers.
    pub backends: Vec<Backend>,
    /// Which models, and who answers for each.
    pub models: Vec<ModelRoute>,
    /// Time and randomness.
    pub clock: Arc<dyn Clock>,
}

/// An OpenAI-compatible gateway that records before it releases. Clones share everything.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) options: GatewayOptions,
    pub(crate) log: AuditLog,
    pub(crate) store: Store,
    pub(crate) routes: Routes,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) started_seconds: u64,
    pub(crate) metrics: Metrics,
    pub(crate) limits: Arc<Limits>,
    pub(crate) phase: watch::Sender<Phase>,
}

impl Gateway {
    /// A gateway that is ready to answer.
    pub fn new(deps: GatewayDeps) -> Self {
        let GatewayDeps { options, log, store, backends, models, clock } = deps;
        let inner = Inner {
            options,
            log,
            store,
            routes: Routes::new(backends, models),
            started_seconds: clock.now().millis() / 1000,
            clock,
            metrics: Metrics::new(),
            limits: Arc::default(),
            phase: watch::Sender::new(Phase::Serving),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Serves a listener until `shutdown` completes; then takes no new connection, finishes and
    /// records what is under way, at most for [`GatewayOptions::shutdown_grace`], and records the
    /// rest as truncated by the shutdown.
    ///
    /// # Errors
    /// The listener's, if it fails for good.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        server::serve(&self.inner, listener, shutdown).await
    }

    /// Refuses every new question to a model whose admission has ended, or answers again where it was
    /// admitted anew; answers under way go on to their end. `false` where there is no such model.
    pub fn withdraw(&self, model: &str, withdrawn: bool) -> bool {
        let route = self.inner.routes.find(model);
        route.inspect(|route| route.withdraw(withdrawn)).is_some()
    }

    /// Answers one request without a socket: same controls, same records.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<AnswerBody>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: std::fmt::Display,
    {
        pages::answer(&self.inner, request).await
    }
}

impl Inner {
    /// A name for a request.
    pub(crate) fn new_record(&self) -> RecordId {
        let mut random = [0; 10];
        self.clock.random(&mut random);
        RecordId::new(self.clock.now().millis(), random)
    }
}
