//! A clock, keys and entries for tests.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use freehold_store::Store;
use freehold_types::{Clock, DataClass, Digest, KeyId, Labels, Principal, RecordId, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};

use crate::{
    AuditLog, Confidence, Ending, Endpoint, Entry, Event, EventKind, Intent, OpenError, Options,
    Outcome, ToolDecision, Usage, UsageSource,
};

/// A clock that advances a millisecond whenever it is read.
#[derive(Default)]
pub(crate) struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(1_790_000_000_000_000 + 1000 * self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn random(&self, buffer: &mut [u8]) {
        SystemRandom::new().fill(buffer).unwrap();
    }
}

/// A folder with a key store and room for a log.
pub(crate) struct Place {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub clock: Arc<Ticking>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap())
    }

    /// In a file system in memory, where there is one: for tests that sync thousands of times and
    /// simulate what a sync means.
    pub(crate) fn in_memory() -> Self {
        Self::at(memory_folder())
    }

    fn at(folder: tempfile::TempDir) -> Self {
        let store = Store::open(&folder.path().join("keys.sqlite")).unwrap();
        Self { folder, store, clock: Arc::default() }
    }

    pub(crate) fn log_directory(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn try_open(&self, options: Options) -> Result<AuditLog, OpenError> {
        let keys = Arc::new(self.store.clone());
        AuditLog::open(&self.log_directory(), options, keys, self.clock.clone())
    }

    pub(crate) fn open(&self) -> AuditLog {
        self.try_open(small()).unwrap()
    }
}

/// Small segments, and checkpoints only on opening and closing unless a test wants more.
pub(crate) fn small() -> Options {
    Options {
        segment_bytes: 16 << 10,
        checkpoint_interval: Duration::from_secs(3600),
        ..Options::default()
    }
}

pub(crate) fn id(number: u64) -> RecordId {
    RecordId::new(1_790_000_000_000 + number, [7; 10])
}

pub(crate) fn intent(number: u64) -> Entry {
    Entry::Intent(Intent {
        id: id(number),
        principal: Principal("ada".into()),
        key: KeyId("abcdefgh".into()),
        model: "house".into(),
        backend: "local".into(),
        served_model: "house-7m".into(),
        model_digest: Some(Digest::from_bytes([1; 32])),
        template_digest: None,
        engine: "llama.cpp b1".into(),
        route_reason: "only backend".into(),
        labels: Labels { class: DataClass::Internal },
        parameters: serde_json::json!({"temperature": 0.0, "seed": number}),
        config_digest: Digest::from_bytes([2; 32]),
        stream: false,
        endpoint: Endpoint::ChatCompletions,
        input: Bytes::from(format!("question number {number}")),
    })
}

pub(crate) fn outcome(number: u64) -> Entry {
    Entry::Outcome(Outcome {
        id: id(number),
        principal: Principal("ada".into()),
        ending: Ending::Finished,
        http_status: 200,
        finish_reason: Some("stop".into()),
        reported_model: Some("house-7m".into()),
        usage: Some(Usage {
            prompt_tokens: 12,
            completion_tokens: 3,
            source: UsageSource::Reported,
        }),
        confidence: Some(Confidence { value: 0.93, method: "mean token p".into(), tokens: 3 }),
        tools: vec![ToolDecision {
            tool: "search".into(),
            permitted: false,
            reason: "not granted to the key".into(),
        }],
        findings: vec!["pii.email".into()],
        first_token_micros: Some(1200),
        total_micros: 3400,
        output: Bytes::from(format!("answer number {number}")),
    })
}

pub(crate) fn event(number: u64) -> Entry {
    Entry::Event(Event {
        id: id(number),
        kind: EventKind::Started,
        detail: serde_json::json!({"version": "0.1.0"}),
    })
}

/// All regular files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The segments of a log, first one first.
pub(crate) fn segments(log: &Path) -> Vec<PathBuf> {
    let mut found = files(&log.join("segments"));
    found.retain(|path| path.extension().is_some_and(|kind| kind == "segment"));
    found
}

/// A folder in a file system in memory, where there is one.
pub(crate) fn memory_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
