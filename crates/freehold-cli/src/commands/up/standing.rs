//! What the console is told about workers and models, asked anew for each page.

use std::{collections::HashMap, sync::Arc};

use freehold_console::{KeyView, Measure, ModelView, StateSource, WorkerState, WorkerView};
use freehold_engine::{Engine, ModelKind};
use freehold_engine_local::{LocalEngine, WorkerState as LocalState};
use freehold_store::Store;
use freehold_types::{DataClass, Digest, KeyId, Residency};
use freehold_vet::admitted;

use super::engines::Engines;

/// The embedded engine to be asked, and the models as they were set up.
pub(crate) struct Standing {
    local: Arc<LocalEngine>,
    models: Vec<ModelView>,
    /// The bytes that each local model is made of.
    made_of: HashMap<String, Vec<Digest>>,
    store: Store,
    /// The console's own key.
    console: KeyId,
}

impl Standing {
    /// Of these engines and keys.
    pub(crate) fn of(engines: &Engines, store: Store, console: KeyId) -> Self {
        let local = engines.local.models();
        let models = engines
            .routes
            .iter()
            .map(|route| {
                let served = local.iter().find(|model| {
                    route.backend == *engines.local.backend() && model.name == route.engine_model
                });
                let declared = engines.declarations.iter().find(|one| one.id == route.backend);
                ModelView {
                    name: route.name.clone(),
                    chat: served.is_none_or(|model| model.kind == ModelKind::Chat),
                    digest: served.and_then(|model| model.digest),
                    admission: served.and_then(|_| engines.admissions.get(&route.name).cloned()),
                    backend: route.backend.0.clone(),
                    place: declared.map_or_else(String::new, |one| place(&one.residency)),
                    accepts: declared.map_or(DataClass::Public, |one| one.accepts),
                }
            })
            .collect();
        let made_of = engines.made_of.iter().cloned().collect();
        Self { local: Arc::clone(&engines.local), models, made_of, store, console }
    }
}

impl StateSource for Standing {
    fn workers(&self) -> Vec<WorkerView> {
        self.local
            .status()
            .into_iter()
            .map(|worker| WorkerView {
                model: worker.model,
                state: match worker.state {
                    LocalState::Starting => WorkerState::Starting,
                    LocalState::Ready => WorkerState::Ready,
                    LocalState::Down(why) => WorkerState::Down(why),
                },
                pid: worker.pid,
                restarts: worker.restarts,
                requests: worker.requests,
                jail: worker
                    .jail
                    .measures
                    .into_iter()
                    .map(|measure| Measure {
                        name: measure.name,
                        in_force: measure.in_force,
                        evidence: measure.evidence,
                    })
                    .collect(),
            })
            .collect()
    }

    fn models(&self) -> Vec<ModelView> {
        let mut models = self.models.clone();
        // Those that were revoked meanwhile are asked no more, and offered no more.
        let admissions = admitted(&self.store).unwrap_or_default();
        let revoked = |digest: &Digest| {
            let newest = admissions.iter().rev().find(|one| one.sign_off.digest == *digest);
            newest.is_some_and(|one| one.revoked.is_some())
        };
        models.retain(|model| {
            !self.made_of.get(&model.name).is_some_and(|made_of| made_of.iter().any(revoked))
        });
        models
    }

    fn keys(&self) -> Vec<KeyView> {
        // A store that cannot be read answers no request either, and says so there.
        let keys = self.store.list_keys().unwrap_or_default().into_iter();
        keys.filter(|key| key.revoked.is_none() && key.id != self.console)
            .map(|key| KeyView { id: key.id, name: key.name, created: key.created })
            .collect()
    }
}

fn place(residency: &Residency) -> String {
    match residency {
        Residency::Machine => "this machine".to_owned(),
        Residency::Premises => "the organisation's own network".to_owned(),
        Residency::Region(region) => region.0.clone(),
        Residency::Unknown => "not declared".to_owned(),
    }
}
