//! What the program tells the console about itself, measured anew whenever a page asks.

use freehold_types::{DataClass, Digest};
use serde::Serialize;

use crate::Posture;

/// Who knows how workers and models are now. Pages ask it again each time, so it must not wait.
pub trait StateSource: Send + Sync + 'static {
    /// The confined workers of the embedded engine; none where all models are elsewhere.
    fn workers(&self) -> Vec<WorkerView>;

    /// The models that can be asked, in the order of the choice on the page.
    fn models(&self) -> Vec<ModelView>;

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
    /// Whether its weights were admitted here, every byte checked when they were loaded.
    pub admitted: bool,
    /// The backend that answers.
    pub backend: String,
    /// Where that is, in words: "this machine", "the organisation's own network", "eu".
    pub place: String,
    /// The most sensitive class of data that the backend is declared to accept.
    pub accepts: DataClass,
}
