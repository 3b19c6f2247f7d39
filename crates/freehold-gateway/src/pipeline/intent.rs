//! The record that someone is about to ask an engine; durable before the engine is called.

use bytes::Bytes;
use freehold_auditlog::{Entry, Intent, Receipt};
use freehold_types::Labels;
use freehold_wire::RequestHead;
use serde_json::Value;

use super::{Exchange, outcome, route};
use crate::{error::Refusal, routes::Route};

/// Records the intent and waits until it is durable.
pub(super) async fn record(
    exchange: &Exchange,
    head: &RequestHead<'_>,
    labels: &Labels,
    route: &Route,
    body: &Bytes,
) -> Result<Receipt, Refusal> {
    let served = route.served.as_ref();
    let intent = Intent {
        id: exchange.id,
        principal: exchange.caller.principal.clone(),
        key: exchange.caller.id.clone(),
        model: route.name.clone(),
        backend: route.backend.declaration.id.0.clone(),
        served_model: route.engine_model.clone(),
        model_digest: served.and_then(|served| served.digest),
        template_digest: served.and_then(|served| served.template),
        engine: served.map(|served| served.engine.clone()).unwrap_or_default(),
        route_reason: route::REASON.to_owned(),
        labels: labels.clone(),
        parameters: Value::Object(head.parameters.clone()),
        config_digest: exchange.gateway.options.config_digest,
        stream: head.stream,
        endpoint: exchange.endpoint,
        input: body.clone(),
    };
    outcome::append(&exchange.gateway, Entry::Intent(intent)).await
}
