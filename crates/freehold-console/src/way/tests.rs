//! What a record says, in words.

use freehold_types::{Digest, RecordId};
use serde_json::json;

use super::*;

fn entry(kind: EntryKind, header: Value, proof: Proof) -> EntryView {
    EntryView {
        sequence: u64::from(kind == EntryKind::Outcome),
        leaf_hash: Digest::from_bytes([0; 32]),
        id: RecordId::new(0, [0; 10]),
        kind,
        time: Timestamp(0),
        header,
        body: freehold_auditlog::Body::None,
        proof,
    }
}

/// A record with an intent, an outcome that ended like this, or both.
fn record(intent: bool, ending: Option<Value>) -> RecordView {
    let intent = intent.then(|| entry(EntryKind::Intent, json!({}), Proof::Pending));
    let outcome =
        ending.map(|ending| entry(EntryKind::Outcome, json!({"ending": ending}), Proof::Pending));
    RecordView {
        id: RecordId::new(0, [0; 10]),
        entries: intent.into_iter().chain(outcome).collect(),
    }
}

#[test]
fn tells_where_a_request_was_stopped() {
    let check = |intent, ending: Option<Value>, expected: &str, says: &str| {
        let record = record(intent, ending);
        let entries = Entries::of(&record);
        let letters: String = entries
            .way()
            .iter()
            .map(|(_, passed)| match passed {
                Passed::Yes => 'y',
                Passed::Stopped => 's',
                Passed::NotReached => '-',
                Passed::Open => '?',
            })
            .collect();
        assert_eq!(letters, expected, "{record:?}");
        let words = entries.end().words;
        assert!(words.contains(says), "{words}");
    };
    let refused = |code: &str| Some(json!({"refused": {"code": code}}));
    let cut = |by: &str| Some(json!({"truncated": {"by": by}}));
    check(true, None, "yyyyyy???", "not recorded yet");
    check(true, Some(json!("finished")), "yyyyyyyyy", "recorded before release");
    check(false, refused("invalid_json"), "ys------y", "invalid json");
    check(false, refused("unknown_label"), "yys-----y", "unknown label");
    check(false, refused("class_limit"), "yyys----y", "class limit");
    check(false, refused("egress_refused"), "yyyys---y", "egress refused");
    check(true, refused("tool_not_granted"), "yyyyyyysy", "tool not granted");
    check(true, Some(json!({"failed": {"code": "engine_cut"}})), "yyyyyys-y", "engine cut");
    check(true, cut("client"), "yyyyyys-y", "the one who asked");
    check(true, cut("deadline"), "yyyyyys-y", "time was over");
    check(true, Some(json!({"news": 1})), "yyyyyys-y", "does not know");
}

#[test]
fn a_proof_is_as_good_as_its_weakest_entry() {
    let log = LogStatus {
        directory: "log".into(),
        origin: String::new(),
        size: 1_300,
        checkpoint_size: 1_206,
        checkpoint_time: Some(Timestamp(0)),
        failed: None,
        free_bytes: None,
    };
    let included = Proof::Included { tree_size: 1_206 };
    for (proofs, mark, says) in [
        (
            [included, included],
            Passed::Yes,
            "Entries 0 and 1 are in the checkpoint of 1,206 entries",
        ),
        ([included, included], Passed::Yes, "signed 1970-01-01 00:00:00 UTC"),
        ([included, Proof::Pending], Passed::Open, "wait for the next checkpoint"),
        ([included, Proof::Broken], Passed::Stopped, "freehold audit verify"),
    ] {
        let mut record = record(true, Some(json!("finished")));
        for (entry, proof) in record.entries.iter_mut().zip(proofs) {
            entry.proof = proof;
        }
        let proven = proven(&record, &log, "freehold audit verify");
        assert_eq!(proven.mark, mark);
        assert!(proven.words.contains(says), "{}", proven.words);
    }
}
