//! The engines: the embedded one for models on this disk, and one for each server elsewhere.

use std::{collections::HashMap, sync::Arc};

use freehold_config::{BackendSettings, Config};
use freehold_console::AdmissionView;
use freehold_engine::{ModelKind, ServedModel};
use freehold_engine_local::{LocalAdapter, LocalEngine, LocalModel, LocalOptions};
use freehold_engine_remote::{RemoteEngine, RemoteOptions};
use freehold_gateway::{Backend, ModelRoute};
use freehold_policy::{BackendDeclaration, BackendId};
use freehold_types::{DataClass, Digest, Residency, Tenancy};

use super::{error::UpError, installation::Installation, models::Admitted, serve::part};

/// What answers requests.
pub(crate) struct Engines {
    /// For the gateway.
    pub backends: Vec<Backend>,
    /// What the operator declares about each.
    pub declarations: Vec<BackendDeclaration>,
    /// Which name leads where.
    pub routes: Vec<ModelRoute>,
    /// The embedded one.
    pub local: Arc<LocalEngine>,
    /// How its models and their adapters were admitted, by name.
    pub admissions: HashMap<String, AdmissionView>,
    /// The bytes that each of those names is made of: its own, and an adapter's base.
    pub made_of: Vec<(String, Vec<Digest>)>,
}

/// Starts a worker for each model, and makes a client for each backend. Blocks until the workers
/// serve.
pub(crate) fn start(
    installation: &Installation,
    config: &Config,
    mut admitted: Vec<Admitted>,
) -> Result<Engines, UpError> {
    let id = BackendId(LOCAL.to_owned());
    let admissions = admitted.iter_mut().flat_map(|model| std::mem::take(&mut model.records));
    let admissions = admissions.collect();
    let made_of = admitted.iter().flat_map(made_of).collect();
    let models: Vec<LocalModel> = admitted.into_iter().map(local_model).collect();
    let mut routes: Vec<ModelRoute> = models
        .iter()
        .flat_map(|model| {
            std::iter::once(&model.name).chain(model.adapters.iter().map(|adapter| &adapter.name))
        })
        .map(|name| ModelRoute {
            name: name.clone(),
            backend: id.clone(),
            engine_model: name.clone(),
        })
        .collect();
    let program = std::env::current_exe().map_err(part("program's own path"))?;
    let mut options = LocalOptions::new(program, installation.directory.cache());
    options.threads = config.engine.threads;
    options.context = config.engine.context;
    options.parallel = config.engine.parallel;
    let local = LocalEngine::start(id.clone(), models, &options)?;
    let watched = Arc::clone(&local);
    let restarts = move || watched.status().iter().map(|worker| worker.restarts).sum();
    let declaration = BackendDeclaration {
        id,
        residency: Residency::Machine,
        tenancy: Tenancy::Single,
        accepts: DataClass::Restricted,
    };
    let mut declarations = vec![declaration.clone()];
    let mut backends = vec![
        Backend::new(declaration, Arc::clone(&local) as _)
            .with_logprobs()
            .with_usage_in_streams()
            .with_restarts(restarts),
    ];
    for settings in &config.backends {
        let declaration = declared(settings);
        declarations.push(declaration.clone());
        let mut backend = Backend::new(declaration, remote(settings)?);
        if settings.stream_usage {
            backend = backend.with_usage_in_streams();
        }
        if settings.logprobs {
            backend = backend.with_logprobs();
        }
        backends.push(backend);
        routes.extend(settings.models.iter().map(|model| ModelRoute {
            name: model.name.clone(),
            backend: settings.id.clone(),
            engine_model: model.served_as.clone(),
        }));
    }
    Ok(Engines { backends, declarations, routes, local, admissions, made_of })
}

fn made_of(model: &Admitted) -> Vec<(String, Vec<Digest>)> {
    let own = model.admission.digest();
    let lora = model.lora.iter();
    let lora = lora.map(|(name, admission)| (name.clone(), vec![own, admission.digest()]));
    std::iter::once((model.name.clone(), vec![own])).chain(lora).collect()
}

fn local_model(model: Admitted) -> LocalModel {
    let adapters = model
        .lora
        .into_iter()
        .map(|(name, admission)| LocalAdapter { name, admission, scale: 1.0 })
        .collect();
    LocalModel { adapters, ..LocalModel::new(model.name, model.admission) }
}

fn declared(settings: &BackendSettings) -> BackendDeclaration {
    BackendDeclaration {
        id: settings.id.clone(),
        residency: settings.residency.clone(),
        tenancy: settings.tenancy,
        accepts: settings.accepts,
    }
}

fn remote(settings: &BackendSettings) -> Result<Arc<RemoteEngine>, UpError> {
    let mut options = RemoteOptions::new(settings.id.clone(), settings.url.clone());
    options.api_key = settings.api_key.as_ref().map(|key| key.reveal().to_owned());
    options.models = settings
        .models
        .iter()
        .map(|model| ServedModel {
            name: model.served_as.clone(),
            kind: if model.embedding { ModelKind::Embedding } else { ModelKind::Chat },
            digest: None,
            template: None,
            engine: "remote".to_owned(),
            context: None,
        })
        .collect();
    Ok(Arc::new(RemoteEngine::new(options).map_err(part("backend"))?))
}

const LOCAL: &str = "local";
