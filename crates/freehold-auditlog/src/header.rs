//! The persisted shape of an entry's header: what the Merkle leaf covers, readable by anyone.
//!
//! One JSON object per entry. `body` comes first, so that a reader finds the digests without
//! reading the rest. No digest of plaintext is in it: short inputs could be guessed from one.

use freehold_types::{Digest, KeyId, Labels, Principal, RecordId, Timestamp};
use serde::Serialize;

use crate::{
    Confidence, Ending, Endpoint, Entry, EventKind, ToolDecision, Usage, seal::Commitment,
};

/// Serializes the header of an entry; the digests of its body, if it has one, are committed to.
pub(crate) fn encode(
    entry: &Entry,
    time: Timestamp,
    body: Option<&Commitment>,
    out: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let kind = match entry {
        Entry::Intent(intent) => Kind::Intent(IntentHeader {
            principal: &intent.principal,
            key: &intent.key,
            model: &intent.model,
            backend: &intent.backend,
            served_model: &intent.served_model,
            model_digest: intent.model_digest,
            template_digest: intent.template_digest,
            engine: &intent.engine,
            route_reason: &intent.route_reason,
            labels: &intent.labels,
            parameters: &intent.parameters,
            config_digest: &intent.config_digest,
            stream: intent.stream,
            endpoint: intent.endpoint,
        }),
        Entry::Outcome(outcome) => Kind::Outcome(OutcomeHeader {
            principal: &outcome.principal,
            ending: &outcome.ending,
            http_status: outcome.http_status,
            finish_reason: outcome.finish_reason.as_deref(),
            reported_model: outcome.reported_model.as_deref(),
            usage: outcome.usage,
            confidence: outcome.confidence.as_ref(),
            tools: &outcome.tools,
            findings: &outcome.findings,
            first_token_micros: outcome.first_token_micros,
            total_micros: outcome.total_micros,
        }),
        Entry::Event(event) => {
            Kind::Event(EventHeader { event: event.kind, detail: &event.detail })
        }
    };
    let header = Header { v: VERSION, body: body.map(BodyHeader::new), id: entry.id(), time, kind };
    serde_json::to_writer(out, &header)
}

#[derive(Serialize)]
struct Header<'a> {
    v: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<BodyHeader>,
    id: RecordId,
    time: Timestamp,
    #[serde(flatten)]
    kind: Kind<'a>,
}

#[derive(Serialize)]
struct BodyHeader {
    ciphertext: Digest,
    key_commitment: Digest,
    bytes: u32,
}

impl BodyHeader {
    fn new(commitment: &Commitment) -> Self {
        Self {
            ciphertext: commitment.ciphertext,
            key_commitment: commitment.key,
            bytes: commitment.bytes,
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kind<'a> {
    Intent(IntentHeader<'a>),
    Outcome(OutcomeHeader<'a>),
    Event(EventHeader<'a>),
}

#[derive(Serialize)]
struct IntentHeader<'a> {
    principal: &'a Principal,
    key: &'a KeyId,
    endpoint: Endpoint,
    stream: bool,
    model: &'a str,
    backend: &'a str,
    served_model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_digest: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_digest: Option<Digest>,
    engine: &'a str,
    route_reason: &'a str,
    labels: &'a Labels,
    parameters: &'a serde_json::Value,
    config_digest: &'a Digest,
}

#[derive(Serialize)]
struct OutcomeHeader<'a> {
    principal: &'a Principal,
    ending: &'a Ending,
    http_status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    finish_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'a Confidence>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tools: &'a [ToolDecision],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    findings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    first_token_micros: Option<u64>,
    total_micros: u64,
}

#[derive(Serialize)]
struct EventHeader<'a> {
    event: EventKind,
    detail: &'a serde_json::Value,
}

/// Of this shape. Readers refuse what they do not know.
const VERSION: u8 = 1;
