//! How workers are, for status pages and the doctor.

use crate::JailReport;

/// One worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerStatus {
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
    /// What confines it.
    pub jail: JailReport,
}

/// Whether a worker serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerState {
    /// It loads the model.
    Starting,
    /// It serves.
    Ready,
    /// It is gone and is about to be started again; the text says how it went.
    Down(String),
}
