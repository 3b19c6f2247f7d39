//! What follows from measurements.

use std::path::PathBuf;

use freehold_types::{DataClass, RecordId};

use super::*;
use crate::{AdmissionView, Measure, WorkerState};

fn worker(measures: &[(&str, bool)]) -> WorkerView {
    WorkerView {
        model: "m".into(),
        state: WorkerState::Ready,
        pid: Some(1),
        restarts: 0,
        requests: 0,
        jail: measures
            .iter()
            .map(|(name, in_force)| Measure {
                name: (*name).into(),
                in_force: *in_force,
                evidence: "tried".into(),
            })
            .collect(),
    }
}

pub(crate) fn model(admitted: bool) -> ModelView {
    ModelView {
        name: "m".into(),
        chat: true,
        digest: None,
        admission: admitted.then(|| AdmissionView {
            format: "gguf".into(),
            files: Vec::new(),
            record: RecordId::new(0, [0; 10]),
        }),
        backend: "b".into(),
        place: "this machine".into(),
        accepts: DataClass::Internal,
    }
}

#[test]
fn admission_counts_what_was_checked_here() {
    for (models, expected) in [
        (vec![], Standing::Nothing),
        (vec![model(true)], Standing::Enforced),
        (vec![model(true), model(false)], Standing::Partly),
        (vec![model(false)], Standing::NotInForce),
    ] {
        assert_eq!(Posture::measure(&[], &models).admission.standing, expected, "{models:?}");
    }
}

#[test]
fn boundary_is_what_the_workers_measured() {
    for (workers, expected) in [
        (vec![], Standing::Enforced),
        (vec![worker(&[])], Standing::Partly),
        (vec![worker(&[("no network", true)])], Standing::Enforced),
        (vec![worker(&[("no network", true), ("no programs", false)])], Standing::Partly),
        (vec![worker(&[("no network", true)]), worker(&[])], Standing::Partly),
        (vec![worker(&[("confinement", false)])], Standing::NotInForce),
    ] {
        let boundary = Posture::measure(&workers, &[model(true)]).boundary;
        assert_eq!(boundary.standing, expected, "{workers:?}");
    }
    let boundary =
        Posture::measure(&[worker(&[("a", true), ("b", false), ("b", false)])], &[]).boundary;
    assert!(boundary.because.ends_with(": b"), "{}", boundary.because);
}

#[test]
fn record_tells_faults() {
    let log = |size, checkpoint_size, signed: Option<u64>, failed: Option<&str>| LogStatus {
        directory: PathBuf::new(),
        origin: String::new(),
        size,
        checkpoint_size,
        checkpoint_time: signed.map(Timestamp),
        failed: failed.map(str::to_owned),
        free_bytes: None,
    };
    let now = Timestamp(100_000_000);
    for (log, expected, says) in [
        (log(0, 0, None, None), Standing::Enforced, "no entries yet"),
        (log(2, 0, None, None), Standing::Partly, "no checkpoint is signed"),
        (log(2, 2, None, None), Standing::Partly, "no outside witness"),
        (log(9, 9, Some(1), None), Standing::Partly, "no outside witness"),
        (log(9, 2, Some(1), None), Standing::Partly, "7 entries wait"),
        (log(9, 2, Some(99_000_000), None), Standing::Partly, "no outside witness"),
        (log(9, 9, Some(1), Some("disk full")), Standing::NotInForce, "disk full"),
    ] {
        let control = record(&log, now);
        assert_eq!(control.standing, expected, "{log:?}");
        assert!(control.because.contains(says), "{}", control.because);
    }
}
