//! Which models there are, and which backend answers for each.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use freehold_engine::{Engine, ModelKind, ServedModel};
use freehold_policy::{BackendDeclaration, BackendId};

/// A backend: what the operator declares about it, and the engine that speaks to it.
#[derive(Clone)]
pub struct Backend {
    pub(crate) declaration: BackendDeclaration,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) asks: Asks,
    pub(crate) restarts: Option<Arc<dyn Fn() -> u64 + Send + Sync>>,
}

/// What the gateway asks a backend for on its own account and keeps from clients who did not.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asks {
    pub(crate) logprobs: bool,
    pub(crate) usage: bool,
}

impl Backend {
    /// A backend of which nothing is known but that it speaks the protocol.
    pub fn new(declaration: BackendDeclaration, engine: Arc<dyn Engine>) -> Self {
        Self { declaration, engine, asks: Asks::default(), restarts: None }
    }

    /// Says that it gives token probabilities at no cost worth mentioning: every chat answer is
    /// then recorded with a confidence.
    #[must_use]
    pub fn with_logprobs(mut self) -> Self {
        self.asks.logprobs = true;
        self
    }

    /// Says that it knows `stream_options.include_usage`: streams are then recorded with the
    /// backend's own count of tokens.
    #[must_use]
    pub fn with_usage_in_streams(mut self) -> Self {
        self.asks.usage = true;
        self
    }

    /// Says how often its engine was restarted, for the metrics.
    #[must_use]
    pub fn with_restarts(mut self, restarts: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.restarts = Some(Arc::new(restarts));
        self
    }
}

/// A model's public name and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRoute {
    /// The name in requests.
    pub name: String,
    /// The backend that answers.
    pub backend: BackendId,
    /// The model's name there.
    pub engine_model: String,
}

/// A route whose backend exists.
pub(crate) struct Route {
    pub(crate) name: String,
    pub(crate) engine_model: String,
    pub(crate) backend: Backend,
    /// What the engine says about the model, if it knows it.
    pub(crate) served: Option<ServedModel>,
    withdrawn: AtomicBool,
}

impl Route {
    /// Whether the model may no longer be asked.
    pub(crate) fn withdrawn(&self) -> bool {
        self.withdrawn.load(Ordering::Acquire)
    }

    /// Refuses every question from now on, or answers again.
    pub(crate) fn withdraw(&self, withdrawn: bool) {
        self.withdrawn.store(withdrawn, Ordering::Release);
    }

    /// Whether the model answers this kind of question; one of which nothing is known may.
    pub(crate) fn answers(&self, kind: ModelKind) -> bool {
        self.served.as_ref().is_none_or(|served| served.kind == kind)
    }
}

/// All routes by public name.
pub(crate) struct Routes {
    by_name: HashMap<String, Arc<Route>>,
    pub(crate) backends: Vec<Backend>,
    /// In the operator's order.
    pub(crate) listed: Vec<Arc<Route>>,
}

impl Routes {
    /// Routes to backends that exist; others lead nowhere and are left out.
    pub(crate) fn new(backends: Vec<Backend>, models: Vec<ModelRoute>) -> Self {
        let mut routes = Self { by_name: HashMap::new(), backends, listed: Vec::new() };
        for model in models {
            let found = routes.backends.iter().find(|one| one.declaration.id == model.backend);
            let Some(backend) = found.cloned() else {
                tracing::warn!(
                    model = model.name,
                    backend = model.backend.0,
                    "route without backend"
                );
                continue;
            };
            let served =
                backend.engine.models().into_iter().find(|one| one.name == model.engine_model);
            let route = Arc::new(Route {
                name: model.name,
                engine_model: model.engine_model,
                backend,
                served,
                withdrawn: AtomicBool::new(false),
            });
            routes.by_name.insert(route.name.clone(), Arc::clone(&route));
            routes.listed.push(route);
        }
        routes
    }

    /// The route of a model.
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Route>> {
        self.by_name.get(name)
    }
}
