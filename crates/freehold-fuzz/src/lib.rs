//! What every reader of foreign bytes must hold for any bytes at all, one function a reader.
//!
//! `cargo xtask fuzz` drives them by libFuzzer; the tests of this crate replay the seeds that were
//! found so, with the usual compiler.
#![allow(clippy::expect_used, reason = "a broken promise is to stop the run, whichever drives it")]

mod artifact;
mod others;
mod scan;

/// A reader under test: panics where a promise is broken.
pub type Target = fn(&[u8]);

/// The target of this name.
pub fn find(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(one, _)| *one == name).map(|(_, target)| *target)
}

/// All targets. The seeds of each lie in `fuzz/seeds/NAME`.
pub const TARGETS: &[(&str, Target)] = &[
    ("card", others::card),
    ("gguf", artifact::gguf),
    ("graph", artifact::graph),
    ("hdf5", artifact::hdf5),
    ("hub", others::hub),
    ("keras", artifact::keras),
    ("license", others::license),
    ("marshal", artifact::marshal),
    ("model_signatures", others::model_signatures),
    ("msgpack", artifact::msgpack),
    ("pickle", artifact::pickle),
    ("python", artifact::python),
    ("safetensors", artifact::safetensors),
    ("scan", scan::any),
    ("scan_json", scan::json),
    ("scan_numpy", scan::numpy),
    ("scan_seven", scan::seven),
    ("sentencepiece", artifact::sentencepiece),
    ("tar", artifact::tar),
    ("template", artifact::template),
    ("tlog_bundles", others::tlog_bundles),
    ("tlog_notes", others::tlog_notes),
    ("tlog_proofs", others::tlog_proofs),
    ("wire_requests", others::wire_requests),
    ("zip", artifact::zip),
];
