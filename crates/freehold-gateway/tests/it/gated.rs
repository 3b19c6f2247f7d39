//! A gateway over an engine that begins at once and ends when the test says so: what happens in the
//! middle of a request needs no guess at how long anything takes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use freehold_engine::{
    BoxFuture, Call, Engine, EngineError, Health, Reply, ScriptedEngine, ServedModel, Whole,
};
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::{BackendId, EgressPermit};
use futures_util::StreamExt;
use tokio::sync::watch;

use crate::support::{Setup, SystemClock, declaration, setup_on};

/// What the test holds.
pub struct Gate {
    open: watch::Sender<bool>,
    begun: Arc<AtomicUsize>,
}

impl Gate {
    /// Lets all answers end, later ones too.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Calls that have come to the engine.
    pub fn count(&self) -> usize {
        self.begun.load(SeqCst)
    }

    /// Waits until this many calls have come to the engine.
    pub async fn begun(&self, count: usize) {
        while self.count() < count {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
}

struct GatedEngine {
    script: ScriptedEngine,
    open: watch::Receiver<bool>,
    begun: Arc<AtomicUsize>,
}

/// A gateway whose answers are "begun", then "secret" once the gate is open.
pub fn gated(options: GatewayOptions) -> (Setup, Gate) {
    let (open, opened) = watch::channel(false);
    let begun = Arc::new(AtomicUsize::new(0));
    let engine = GatedEngine {
        script: ScriptedEngine::saying("near", &["begun", "secret"]),
        open: opened,
        begun: Arc::clone(&begun),
    };
    let setup = setup_on(|log, store| {
        Gateway::new(GatewayDeps {
            options,
            log,
            store,
            backends: vec![Backend::new(declaration(), Arc::new(engine))],
            models: vec![ModelRoute {
                name: "house".into(),
                backend: BackendId("near".into()),
                engine_model: "scripted".into(),
            }],
            clock: Arc::new(SystemClock),
        })
    });
    (setup, Gate { open, begun })
}

impl Engine for GatedEngine {
    fn backend(&self) -> &BackendId {
        self.script.backend()
    }

    fn models(&self) -> Vec<ServedModel> {
        self.script.models()
    }

    fn chat(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Reply, EngineError>> {
        Box::pin(async move {
            self.begun.fetch_add(1, SeqCst);
            let mut open = self.open.clone();
            if !call.stream {
                passed(&mut open).await;
            }
            let mut events = match self.script.chat(permit, call).await? {
                Reply::Stream(events) => events,
                whole => return Ok(whole),
            };
            // The role, then the first text.
            let begun: Vec<_> = events.by_ref().take(2).collect().await;
            let rest = futures_util::stream::once(async move {
                passed(&mut open).await;
                events
            });
            Ok(Reply::Stream(futures_util::stream::iter(begun).chain(rest.flatten()).boxed()))
        })
    }

    fn embed(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Whole, EngineError>> {
        self.script.embed(permit, call)
    }

    fn health(&self) -> BoxFuture<'_, Health> {
        self.script.health()
    }
}

async fn passed(open: &mut watch::Receiver<bool>) {
    // The gate's end opens it too, so that a test that fails does not hang.
    drop(open.wait_for(|open| *open).await);
}
