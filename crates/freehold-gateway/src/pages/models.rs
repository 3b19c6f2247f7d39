//! `/v1/models` and `/v1/models/ID`.

use std::sync::Arc;

use freehold_wire::{ModelEntry, ModelList};
use http::{Request, Response};

use super::{JSON, plain};
use crate::{
    AnswerBody,
    error::{Refusal, RequestRefusal},
    gateway::Inner,
    pipeline::identify,
    routes::Route,
};

/// All models, or one. A key is needed, as for asking them.
pub(super) fn answer<B>(
    gateway: &Arc<Inner>,
    request: &Request<B>,
) -> Result<Response<AnswerBody>, Refusal> {
    identify::identify(&gateway.store, request.headers())?;
    let body = match request.uri().path().strip_prefix("/v1/models/") {
        None => serde_json::to_vec(&ModelList {
            object: "list",
            data: gateway
                .routes
                .listed
                .iter()
                .filter(|route| !route.withdrawn())
                .map(|route| entry(gateway, route))
                .collect(),
        }),
        Some(name) => {
            let name = percent_decoded(name);
            let route = gateway.routes.find(&name).filter(|route| !route.withdrawn());
            let route = route.ok_or(RequestRefusal::UnknownModel { model: name })?;
            serde_json::to_vec(&entry(gateway, route))
        }
    };
    // Strings and numbers always serialize.
    Ok(plain(200, JSON, body.unwrap_or_default()))
}

fn entry(gateway: &Inner, route: &Route) -> ModelEntry {
    let served = route.served.as_ref();
    ModelEntry {
        id: route.name.clone(),
        object: "model",
        created: gateway.started_seconds,
        owned_by: route.backend.declaration.id.0.clone(),
        digest: served.and_then(|served| served.digest).map(|digest| digest.to_string()),
        max_model_len: served.and_then(|served| served.context),
    }
}

/// Clients encode the slash in `organisation/model`.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = (*byte == b'%').then(|| after.get(..2)).flatten();
        let value = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match value {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_clients_encode() {
        for (text, expected) in
            [("a%2Fb", "a/b"), ("a/b", "a/b"), ("100%", "100%"), ("%zz%e4", "%zz\u{fffd}")]
        {
            assert_eq!(percent_decoded(text), expected);
        }
    }
}
