//! What the program tells the console about itself, measured anew whenever a page asks.

use freehold_types::{DataClass, Digest, KeyId, RecordId, Timestamp};
use serde::Serialize;

use crate::Posture;

/// Who knows how workers and models are now. Pages ask it again each time, so it must not wait.
pub trait StateSource: Send + Sync + 'static {
    /// The confined workers of the embedded engine; none where all models are elsewhere.
    fn workers(&self) -> Vec<WorkerView>;

    /// The models that can be asked, in the order of the choice on the page.
    fn models(&self) -> Vec<ModelView>;

    /// The API keys that are valid, but for the console's own.
    fn keys(&self) -> Vec<KeyView>;

    /// What the controls over weights, boundary and tools do now. The control over the record is
    /// measured by the console itself, on the log.
    fn posture(&self) -> Posture {
        Posture::measure(&self.workers(), &self.models())
    }
}

/// One worker process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerView {
    /// The model it serves.
    pub model: String,
    /// Whether it serves.
    pub state: WorkerState,
    /// Its process, while there is one.
    pub pid: Option<u32>,
    /// How often it was started again.
    pub restarts: u64,
    /// Requests that it computes or that wait for it.
    pub requests: usize,
    /// What confines it, each measure as it was tried.
    pub jail: Vec<Measure>,
}

/// Whether a worker serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "because")]
pub enum WorkerState {
    /// It loads the model.
    Starting,
    /// It serves.
    Ready,
    /// It is gone and is about to be started again; the text says how it went.
    Down(String),
}

/// One measure that confines a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// What it prevents.
    pub name: String,
    /// Whether it does.
    pub in_force: bool,
    /// What was tried and what happened, or why the measure is not available.
    pub evidence: String,
}

/// One model that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelView {
    /// Its name in requests.
    pub name: String,
    /// Whether it answers chat messages; only such models are offered in the playground.
    pub chat: bool,
    /// Digest of its weights, where known.
    pub digest: Option<Digest>,
    /// How its weights were admitted here, every byte checked when they were loaded; none where it
    /// runs elsewhere.
    pub admission: Option<AdmissionView>,
    /// The backend that answers.
    pub backend: String,
    /// Where that is, in words: "this machine", "the organisation's own network", "eu".
    pub place: String,
    /// The most sensitive class of data that the backend is declared to accept.
    pub accepts: DataClass,
}

/// What was admitted, and where the log says by whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdmissionView {
    /// How the weights are stored: "safetensors" or "gguf".
    pub format: String,
    /// The files, sorted by name.
    pub files: Vec<FileView>,
    /// The record of the admission.
    pub record: RecordId,
}

/// One admitted file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// Its name relative to the model's folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub digest: Digest,
}

impl AdmissionView {
    /// Length of all files.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// One API key, without what is secret of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// The public part.
    pub id: KeyId,
    /// What the operator calls it.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
}
