//! What is called to somebody's attention, and what not.

use std::path::PathBuf;

use freehold_auditlog::LogStatus;

use super::*;
use crate::{Control, Measure, Posture, Terminal, WorkerView};

/// All is well: one confined worker, one admitted model, a log without entries.
fn well() -> Measured {
    let control = || Control::new(Standing::Enforced, "");
    Measured {
        time: Timestamp(100_000_000),
        posture: Posture { admission: control(), boundary: control(), tools: control() },
        record: control(),
        workers: vec![WorkerView {
            model: "m".into(),
            state: WorkerState::Ready,
            pid: None,
            restarts: 2,
            requests: 0,
            jail: vec![Measure {
                name: "no network".into(),
                in_force: true,
                evidence: String::new(),
            }],
        }],
        models: vec![crate::standing::tests::model(true)],
        log: LogStatus {
            directory: PathBuf::from("/d/log"),
            origin: String::new(),
            size: 0,
            checkpoint_size: 0,
            checkpoint_time: None,
            failed: None,
            free_bytes: None,
        },
        disk: Some((500_000_000_000, 1_000_000_000_000)),
        terminal: Terminal { program: "freehold".into(), directory: Some("/d".into()) },
    }
}

#[test]
fn only_what_is_wrong_is_told_with_its_way_out() {
    let check = |change: fn(&mut Measured), expected: &[(&str, bool, Way)]| {
        let mut measured = well();
        change(&mut measured);
        let found: Vec<_> =
            due(&measured).into_iter().map(|due| (due.what, due.urgent, due.way)).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(what, urgent, way)| ((*what).to_owned(), *urgent, way.clone()))
            .collect();
        assert_eq!(found, expected);
    };
    let command = |words: &str| Way::Command(format!("freehold {words} --dir /d"));
    check(|_| {}, &[]);
    check(
        |all| {
            all.log.failed = Some("disk full".into());
            all.disk = Some((100_000_000, 1_000_000_000_000));
        },
        &[
            ("the log takes no entries, so nothing is answered", true, command("up")),
            ("the disk is nearly full: 100.0 MB free", true, Way::Page("/state")),
        ],
    );
    check(
        |all| {
            all.log.size = 3;
            all.log.checkpoint_time = Some(Timestamp(1));
        },
        &[("the checkpoint is late", false, command("audit verify"))],
    );
    check(
        |all| {
            all.workers[0].state = WorkerState::Down("killed".into());
            all.workers[0].jail[0].in_force = false;
        },
        &[
            ("the worker of m is down", true, Way::Page("/state")),
            ("the worker of m is not fully confined", true, command("doctor")),
        ],
    );
    check(
        |all| {
            all.models = vec![crate::standing::tests::model(false)];
            all.posture.admission.standing = Standing::NotInForce;
        },
        &[("the weights of 1 model are not seen here", false, Way::Page("/models"))],
    );
    check(
        |all| all.models.clear(),
        &[("no model answers questions", false, command("up --model PATH"))],
    );
}
