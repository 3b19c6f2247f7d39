//! Who answers: the backend of the model asked for, with the permit to send the data there.

use std::sync::Arc;

use freehold_auditlog::Endpoint;
use freehold_engine::ModelKind;
use freehold_policy::{EgressPermit, authorize_egress};
use freehold_types::{Labels, RecordId};
use freehold_wire::{RequestError, RequestHead};

use crate::{
    error::{PolicyRefusal, Refusal, RequestRefusal},
    gateway::Inner,
    routes::Route,
};

/// Finds the model's route and asks policy whether these data may go that way.
pub(super) fn route(
    gateway: &Inner,
    id: RecordId,
    endpoint: Endpoint,
    head: &RequestHead<'_>,
    labels: &Labels,
) -> Result<(Arc<Route>, EgressPermit), Refusal> {
    let model = head
        .model
        .as_deref()
        .ok_or_else(|| RequestError::Missing("model".into()))
        .map_err(RequestRefusal::Body)?;
    let unknown = || RequestRefusal::UnknownModel { model: model.to_owned() };
    let route = gateway.routes.find(model).ok_or_else(unknown)?;
    if route.withdrawn() {
        return Err(PolicyRefusal::Withdrawn { model: model.to_owned() }.into());
    }
    let (kind, endpoint, question) = match endpoint {
        Endpoint::ChatCompletions => (ModelKind::Chat, "/v1/chat/completions", "messages"),
        Endpoint::Embeddings => (ModelKind::Embedding, "/v1/embeddings", "input"),
    };
    if !route.answers(kind) {
        return Err(RequestRefusal::WrongEndpoint { model: model.to_owned(), endpoint }.into());
    }
    if !head.question {
        return Err(RequestRefusal::Body(RequestError::Missing(question.into())).into());
    }
    let permit = authorize_egress(id, labels, &route.backend.declaration)
        .map_err(|refusal| Refusal::Policy(PolicyRefusal::Egress(refusal)))?;
    Ok((Arc::clone(route), permit))
}

/// Why the backend was chosen: so far a model has exactly one.
pub(super) const REASON: &str = "the only backend of this model";
