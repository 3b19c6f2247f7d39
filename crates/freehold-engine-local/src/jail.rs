//! The worker's confinement, and a report of it that is true: each measure was tried from inside,
//! and says what happened.
//!
//! Weights are untrusted input to C++ code. What a hijacked worker could still do: compute, and
//! answer its one socket wrongly. The server therefore trusts no byte of it (see `protocol`).

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod filter;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod probe;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{begin, enter, seal};
#[cfg(target_os = "linux")]
pub(crate) use linux::{begin, enter, seal};

use serde::{Deserialize, Serialize};

/// What confines a worker on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JailReport {
    /// One entry per measure.
    pub measures: Vec<Measure>,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What it prevents.
    pub name: String,
    /// Whether it does.
    pub in_force: bool,
    /// What was tried and what happened, or why the measure is not available.
    pub evidence: String,
}

impl JailReport {
    /// Whether every measure is in force.
    pub fn complete(&self) -> bool {
        self.measures.iter().all(|measure| measure.in_force)
    }

    /// The measure of this name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    pub(crate) fn note(&mut self, name: &str, outcome: Result<String, String>) {
        let in_force = outcome.is_ok();
        let evidence = outcome.unwrap_or_else(|why| why);
        self.measures.push(Measure { name: name.to_owned(), in_force, evidence });
    }
}
