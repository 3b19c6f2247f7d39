//! The engine as the gateway sees it.

mod chat;
mod embed;

use std::{collections::HashMap, sync::Arc, time::Duration};

use freehold_engine::{
    BoxFuture, Call, Engine, EngineError, Health, ModelKind, Reply, ServedModel, Whole,
    check_permit,
};
use freehold_policy::{BackendId, EgressPermit};
use freehold_vet::Admission;

use crate::{
    LocalModel, LocalOptions, StartError, WorkerStatus, memory,
    protocol::{LoadedModel, ModelSpec, ToWorker, VERSION},
    source,
    supervisor::{Deadline, Recipe, Worker},
    template::{ChatTemplate, ControlNames},
    tools,
};

/// Serves admitted models, each by a confined worker process of its own.
#[derive(Debug)]
pub struct LocalEngine {
    backend: BackendId,
    models: Vec<Served>,
    /// Name to model and adapter.
    names: HashMap<String, (usize, Option<u32>)>,
}

/// A model and its worker.
#[derive(Debug)]
struct Served {
    worker: Worker,
    kind: ModelKind,
    template: Option<Arc<ChatTemplate>>,
    control: Arc<ControlNames>,
    parallel: u32,
    strips_first_space: bool,
    facts: Vec<ServedModel>,
    /// Kept for as long as the weights are loaded.
    _admissions: Vec<Admission>,
}

impl LocalEngine {
    /// Starts a worker for each model and waits until all of them serve. Blocks while models are
    /// converted and loaded; call it outside of async code.
    ///
    /// # Errors
    /// [`StartError`] names the model, what is wrong, and the way out.
    pub fn start(
        id: BackendId,
        models: Vec<LocalModel>,
        options: &LocalOptions,
    ) -> Result<Arc<Self>, StartError> {
        let mut names = HashMap::new();
        let mut served = Vec::new();
        for (place, model) in models.into_iter().enumerate() {
            let adapters = (0..).zip(&model.adapters).map(|(n, it)| (&it.name, Some(n)));
            for (name, adapter) in std::iter::once((&model.name, None)).chain(adapters) {
                if names.insert(name.clone(), (place, adapter)).is_some() {
                    return Err(StartError::SameName(name.clone()));
                }
            }
            served.push(serve(model, options)?);
        }
        Ok(Arc::new(Self { backend: id, models: served, names }))
    }

    /// How the workers are, one entry per model.
    pub fn status(&self) -> Vec<WorkerStatus> {
        self.models.iter().map(|model| model.worker.status()).collect()
    }

    fn find(
        &self,
        permit: &EgressPermit,
        name: &str,
        kind: ModelKind,
    ) -> Result<(&Served, Option<u32>), EngineError> {
        check_permit(permit, &self.backend)?;
        let unknown = || EngineError::UnknownModel(name.to_owned());
        let (place, adapter) = *self.names.get(name).ok_or_else(unknown)?;
        let served = self.models.get(place).ok_or_else(unknown)?;
        if served.kind != kind {
            let (is, wanted) = match kind {
                ModelKind::Chat => ("an embedding model", "chats"),
                ModelKind::Embedding => ("a chat model", "embeddings"),
            };
            return Err(EngineError::Invalid {
                reason: format!("`{name}` is {is}; it does not answer {wanted}"),
                parameter: Some("model".to_owned()),
            });
        }
        Ok((served, adapter))
    }
}

impl Engine for LocalEngine {
    fn backend(&self) -> &BackendId {
        &self.backend
    }

    fn models(&self) -> Vec<ServedModel> {
        self.models.iter().flat_map(|model| model.facts.iter().cloned()).collect()
    }

    fn chat(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Reply, EngineError>> {
        Box::pin(async move {
            let deadline = Deadline::after(call.timeout);
            let (served, adapter) = self.find(&permit, &call.model, ModelKind::Chat)?;
            chat::chat(served, adapter, call, deadline).await
        })
    }

    fn embed(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Whole, EngineError>> {
        Box::pin(async move {
            let deadline = Deadline::after(call.timeout);
            let (served, adapter) = self.find(&permit, &call.model, ModelKind::Embedding)?;
            embed::embed(served, adapter, call, deadline).await
        })
    }

    fn health(&self) -> BoxFuture<'_, Health> {
        Box::pin(async move {
            for model in &self.models {
                let asked = async {
                    let mut ticket = model.worker.ask(1, |id, _| ToWorker::Ping(id))?;
                    ticket.next(Deadline::after(HEALTH_PATIENCE)).await
                };
                match asked.await {
                    // A full queue is a sign of life.
                    Ok(_) | Err(EngineError::Busy { .. }) => {}
                    Err(error) => {
                        let name = &model.worker.status().model;
                        return Health::Unavailable(format!("model `{name}`: {error}"));
                    }
                }
            }
            Health::Ready
        })
    }
}

fn serve(model: LocalModel, options: &LocalOptions) -> Result<Served, StartError> {
    let prepared = source::prepare(&model, options)?;
    memory::check(&model.name, &prepared, options)?;
    let template = match prepared.kind {
        ModelKind::Embedding => None,
        ModelKind::Chat => {
            let template = ChatTemplate::new(prepared.template.clone()).map_err(|error| {
                StartError::Template { model: model.name.clone(), reason: error.to_string() }
            })?;
            Some(Arc::new(template))
        }
    };
    let mut adapters = Vec::new();
    for adapter in &model.adapters {
        adapters.push(source::prepare_adapter(adapter, &model, options)?);
    }
    let memory = memory::limit(&prepared, &adapters, options, BATCH);
    let spec = ModelSpec {
        version: VERSION,
        scales: model.adapters.iter().map(|adapter| adapter.scale).collect(),
        embedding: prepared.kind == ModelKind::Embedding,
        context: options.context,
        parallel: options.parallel.max(1),
        batch: BATCH,
        threads: options.threads(prepared.bytes),
        gpu_layers: options.gpu_layers,
        keep_prefixes: options.keep_prefixes,
        memory,
        visible: tools::VISIBLE.iter().map(|name| (*name).to_owned()).collect(),
    };
    let files = std::iter::once(prepared.file).chain(adapters).collect();
    let worker =
        Worker::start(Recipe { model: model.name.clone(), spec, files, options: options.clone() })?;
    let loaded = worker.loaded().map_err(|error| StartError::Worker {
        model: model.name.clone(),
        reason: error.to_string(),
    })?;
    let facts = facts(&model, &prepared.template_digest, prepared.kind, &loaded);
    let LocalModel { admission, adapters, .. } = model;
    let adapters = adapters.into_iter().map(|adapter| adapter.admission);
    Ok(Served {
        worker,
        kind: prepared.kind,
        template,
        control: Arc::new(ControlNames::new(&loaded.control)),
        parallel: options.parallel.max(1),
        strips_first_space: prepared.strips_first_space,
        facts,
        _admissions: std::iter::once(admission).chain(adapters).collect(),
    })
}

/// What is known of a model and of each of its adapters.
fn facts(
    model: &LocalModel,
    template: &freehold_types::Digest,
    kind: ModelKind,
    loaded: &LoadedModel,
) -> Vec<ServedModel> {
    let fact = |name: &str, admission: &Admission| ServedModel {
        name: name.to_owned(),
        kind,
        digest: Some(admission.digest()),
        template: Some(*template),
        engine: loaded.build.clone(),
        context: Some(loaded.context),
    };
    let adapters = model.adapters.iter().map(|adapter| fact(&adapter.name, &adapter.admission));
    std::iter::once(fact(&model.name, &model.admission)).chain(adapters).collect()
}

/// Tokens computed in one pass at most: long prompts are computed in pieces of this size, between
/// which the other texts go on.
const BATCH: u32 = 512;
const HEALTH_PATIENCE: Duration = Duration::from_secs(10);
