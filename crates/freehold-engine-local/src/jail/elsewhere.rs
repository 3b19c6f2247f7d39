//! Systems for which no confinement is written yet: the report says so.

use super::JailReport;

/// Confines nothing and says so.
pub(crate) fn begin() -> JailReport {
    let mut report = JailReport::default();
    report.note("confinement", Err("not available: written for Linux only".to_owned()));
    report
}

/// Confines nothing.
pub(crate) fn enter(_report: &mut JailReport, _files: &[String], _memory: u64) {}

/// Confines nothing.
pub(crate) fn seal(_report: &mut JailReport) {}
