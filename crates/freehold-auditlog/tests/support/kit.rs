//! A clock and entries for tests that see the crate from outside.

use std::{path::Path, sync::Arc, time::Duration};

use freehold_auditlog::{AuditLog, Ending, Endpoint, Entry, Intent, Options, Outcome};
use freehold_store::Store;
use freehold_types::{Clock, DataClass, Digest, KeyId, Labels, Principal, RecordId, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since.unwrap().as_micros() as u64)
    }

    fn random(&self, buffer: &mut [u8]) {
        SystemRandom::new().fill(buffer).unwrap();
    }
}

/// Opens the log and the key store of a folder.
pub fn open(folder: &Path, checkpoint_interval: Duration, segment_bytes: u64) -> AuditLog {
    let keys = Arc::new(Store::open(&folder.join("keys.sqlite")).unwrap());
    let options = Options { checkpoint_interval, segment_bytes, ..Options::default() };
    AuditLog::open(&folder.join("log"), options, keys, Arc::new(SystemClock)).unwrap()
}

/// Names the record of a writer's number.
pub fn id(writer: u8, number: u64) -> RecordId {
    RecordId::new(1_790_000_000_000 + number, [writer; 10])
}

/// A request of about a kilobyte in its frame.
pub fn intent(id: RecordId, input: &[u8]) -> Entry {
    Entry::Intent(Intent {
        id,
        principal: Principal("ada".into()),
        key: KeyId("abcdefgh".into()),
        model: "house".into(),
        backend: "local".into(),
        served_model: "house".into(),
        model_digest: Some(Digest::from_bytes([1; 32])),
        template_digest: Some(Digest::from_bytes([3; 32])),
        engine: "llama.cpp b1 avx512".into(),
        route_reason: "the only backend".into(),
        labels: Labels { class: DataClass::Internal },
        parameters: serde_json::json!({"temperature": 0.0, "seed": 7}),
        config_digest: Digest::from_bytes([2; 32]),
        stream: false,
        endpoint: Endpoint::ChatCompletions,
        input: bytes::Bytes::copy_from_slice(input),
    })
}

/// How it ended.
#[allow(dead_code)]
pub fn outcome(id: RecordId, output: &[u8]) -> Entry {
    Entry::Outcome(Outcome {
        id,
        principal: Principal("ada".into()),
        ending: Ending::Finished,
        http_status: 200,
        finish_reason: Some("stop".into()),
        reported_model: Some("house".into()),
        usage: None,
        confidence: None,
        tools: Vec::new(),
        findings: Vec::new(),
        first_token_micros: Some(900),
        total_micros: 1800,
        output: bytes::Bytes::copy_from_slice(output),
    })
}
