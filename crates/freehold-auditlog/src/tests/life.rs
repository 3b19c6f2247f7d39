//! A log's life: appended, closed, opened again, read, exported, erased.

use std::{os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use freehold_store::SubjectKeys;
use freehold_types::Principal;

use super::kit::{Place, event, files, id, intent, outcome, segments, small};
use crate::{
    AppendError, Body, Entry, EntryKind, ExportError, ExportOptions, Known, OpenError, Proof,
    ReadError, Reader, VerifyReport, export, verify,
};

fn verified(directory: &Path) -> VerifyReport {
    verify(directory, &Known::default()).unwrap()
}

#[test]
fn what_is_recorded_is_found_again() {
    let place = Place::new();
    let log = place.open();
    for (expected, entry) in
        [event(0), intent(1), intent(2), outcome(2), outcome(1)].into_iter().enumerate()
    {
        let (id, kind) = (entry.id(), entry.kind());
        let receipt = log.append_wait(entry).unwrap();
        assert_eq!(
            (receipt.sequence(), receipt.record(), receipt.kind()),
            (expected as u64, id, kind)
        );
    }
    let view = log.show(id(1)).unwrap();
    assert_eq!(view.entries.len(), 2);
    assert_eq!(view.entries[0].body, Body::Opened(b"question number 1".to_vec()));
    assert_eq!(view.entries[1].body, Body::Opened(b"answer number 1".to_vec()));
    assert_eq!(view.entries[1].kind, EntryKind::Outcome);
    assert_eq!(view.entries[1].proof, Proof::Pending);
    assert_eq!(view.entries[0].header["parameters"]["seed"], 1);
    assert!(matches!(log.show(id(9)), Err(ReadError::Unknown { .. })));

    log.close();
    assert_eq!(log.show(id(1)).unwrap().entries[0].proof, Proof::Included { tree_size: 5 });
    assert!(matches!(log.append_wait(event(7)), Err(AppendError::Closed)));
    let report = verified(&place.log_directory());
    assert_eq!((report.entries, report.unsigned, report.bodies, report.erased), (5, 0, 4, 0));
    drop(log);

    let log = place.open();
    assert_eq!(log.append_wait(event(3)).unwrap().sequence(), 5);
    assert_eq!(log.status().size, 6);
    assert_eq!(log.status().checkpoint_size, 5);
    let tail = log.tail(2).unwrap();
    assert_eq!(tail.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(1), id(3)]);
    assert_eq!((&tail[0].body, &tail[1].body), (&Body::Sealed, &Body::None));
    assert_eq!((tail[0].proof, tail[1].proof), (Proof::Included { tree_size: 5 }, Proof::Pending));
}

/// Many segments, entries larger than a segment, partial and full tiles of two levels.
#[test]
fn a_long_log() {
    let place = Place::new();
    let log = place.open();
    let mut last = None;
    for number in 0..700 {
        let mut entry = intent(number);
        if number % 100 == 50
            && let Entry::Intent(intent) = &mut entry
        {
            intent.input = vec![number as u8; 150_000].into();
        }
        log.append(entry, |result| assert!(result.is_ok()));
        if number % 10 == 0 {
            last = Some(log.append_wait(outcome(number)).unwrap().sequence());
        }
    }
    assert_eq!(last, Some(760));
    assert_eq!(log.append_wait(event(999)).unwrap().sequence(), 770);
    for round in 0..2 {
        let view = log.show(id(50)).unwrap();
        assert_eq!(view.entries.len(), 2, "{round}");
        assert_eq!(view.entries[0].body, Body::Opened(vec![50; 150_000]));
        assert_eq!(log.show(id(333)).unwrap().entries.len(), 1);
        assert_eq!(log.tail(1000).unwrap().len(), 771);
        log.close();
    }
    drop(log);
    assert!(segments(&place.log_directory()).len() > 7);

    // Tables and tree files can be computed again.
    for path in files(&place.log_directory()) {
        if path.extension().is_some_and(|kind| kind == "index")
            || path.parent().unwrap().ends_with("tree")
        {
            std::fs::remove_file(path).unwrap();
        }
    }
    let log = place.open();
    assert_eq!(log.show(id(50)).unwrap().entries.len(), 2);
    log.append_wait(event(1000)).unwrap();
    log.close();
    let report = verified(&place.log_directory());
    assert_eq!((report.entries, report.bodies), (772, 770));
    let reader = Reader::open(&place.log_directory(), Some(Arc::new(place.store.clone()))).unwrap();
    assert_eq!(reader.show(id(340)).unwrap().entries[1].proof, Proof::Included { tree_size: 772 });

    let out = place.folder.path().join("out");
    let report = export(&place.log_directory(), &out, &ExportOptions::default()).unwrap();
    assert_eq!(report.entries, 772);
    assert_eq!(verified(&out).entries, 772);
    let names: Vec<String> = files(&out.join("tile"))
        .iter()
        .map(|path| path.strip_prefix(&out).unwrap().display().to_string())
        .collect();
    assert_eq!(
        names,
        [
            "tile/0/000",
            "tile/0/001",
            "tile/0/002",
            "tile/0/003.p/4",
            "tile/1/000.p/3",
            "tile/entries/000",
            "tile/entries/001",
            "tile/entries/002",
            "tile/entries/003.p/4",
        ]
    );
    let again = export(&place.log_directory(), &out, &ExportOptions::default());
    assert!(matches!(again, Err(ExportError::NotEmpty { .. })));
}

#[test]
fn an_empty_log_verifies_and_exports() {
    let place = Place::new();
    place.open().close();
    assert_eq!(verified(&place.log_directory()).entries, 0);
    let out = place.folder.path().join("out");
    export(&place.log_directory(), &out, &ExportOptions::default()).unwrap();
    assert_eq!(verified(&out).entries, 0);
}

#[test]
fn one_process_at_a_time() {
    let place = Place::new();
    let log = place.open();
    assert!(matches!(place.try_open(small()), Err(OpenError::Locked { .. })));
    let reader = Reader::open(&place.log_directory(), None).unwrap();
    assert_eq!(reader.size(), 0);
    drop(log);
    place.open();
}

#[test]
fn keys_are_private_and_each_log_has_its_own() {
    let (one, other) = (Place::new(), Place::new());
    let origins = [&one, &other].map(|place| place.open().status().origin);
    assert_ne!(origins[0], origins[1]);
    let key = one.log_directory().join("log.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(one.open().status().origin, origins[0]);

    std::fs::remove_file(key).unwrap();
    assert!(matches!(one.try_open(small()), Err(OpenError::Identity(_))), "no new key by itself");
}

#[test]
fn what_does_not_fit_is_refused() {
    let place = Place::new();
    let log = place.open();
    let mut large = event(1);
    if let Entry::Event(event) = &mut large {
        event.detail = "x".repeat(65_600).into();
    }
    assert!(matches!(log.append_wait(large), Err(AppendError::TooLarge { .. })));
    assert_eq!(log.append_wait(event(1)).unwrap().sequence(), 0);
}

#[test]
fn erasure_leaves_a_log_that_verifies() {
    let place = Place::new();
    let log = place.open();
    for number in 0..20 {
        log.append_wait(intent(number)).unwrap();
    }
    assert!(place.store.erase_subject(&Principal("ada".into())).unwrap());
    assert_eq!(log.show(id(3)).unwrap().entries[0].body, Body::Erased);
    log.append_wait(intent(20)).unwrap();
    assert_eq!(
        log.show(id(20)).unwrap().entries[0].body,
        Body::Opened(b"question number 20".to_vec())
    );
    log.close();
    assert_eq!(verified(&place.log_directory()).bodies, 21);

    // The ciphertext can go too.
    let segment = segments(&place.log_directory()).remove(0);
    let mut bytes = std::fs::read(&segment).unwrap();
    let start = crate::segment::PREAMBLE_BYTES;
    let head = crate::frame::Head::parse(bytes[start..].first_chunk().unwrap()).unwrap();
    bytes[start + 64..start + 64 + head.body_bytes as usize].fill(0);
    std::fs::write(&segment, bytes).unwrap();
    let report = verified(&place.log_directory());
    assert_eq!((report.bodies, report.erased), (20, 1));
    assert_eq!(log.show(id(0)).unwrap().entries[0].body, Body::Erased);
}

/// No plaintext, and nothing that a guess at the plaintext could be compared with.
#[test]
fn plaintext_is_nowhere() {
    let place = Place::new();
    let log = place.open();
    log.append_wait(intent(1)).unwrap();
    log.append_wait(intent(1)).unwrap();
    log.close();
    let plain = b"question number 1";
    let digest = ring::digest::digest(&ring::digest::SHA256, plain);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    for path in files(place.folder.path()) {
        let bytes = std::fs::read(&path).unwrap();
        for needle in [plain.as_slice(), digest.as_ref(), hex.as_bytes()] {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "{}", path.display());
        }
    }
    let tail = log.tail(2).unwrap();
    assert_ne!(tail[0].header["body"], tail[1].header["body"], "equal bodies look different");
    let key = place.store.current(&Principal("ada".into())).unwrap();
    assert_eq!(key.id(), place.store.current(&Principal("ada".into())).unwrap().id());
}

/// From every leaf the steps lead to the one root, and each can be computed by hand.
#[test]
fn the_way_to_the_root_is_told() {
    let place = Place::new();
    let log = place.open();
    for number in 0..7 {
        log.append_wait(intent(number)).unwrap();
    }
    assert_eq!(log.ascent(&log.tail(1).unwrap()[0]), None, "no checkpoint is signed yet");
    log.close();
    let entries = log.before(u64::MAX, 100).unwrap();
    assert_eq!(
        entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4, 5, 6]
    );
    let mut roots = Vec::new();
    for entry in &entries {
        let ascent = log.ascent(entry).unwrap();
        let mut node = *entry.leaf_hash.as_bytes();
        for step in &ascent.steps {
            let pair = [*step.sibling.as_bytes(), node];
            let [left, right] = if step.left { pair } else { [pair[1], pair[0]] };
            let bytes = [&[1], left.as_slice(), right.as_slice()].concat();
            node.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, &bytes).as_ref());
            assert_eq!(node, *step.node.as_bytes());
        }
        assert_eq!((node, ascent.tree_size), (*ascent.root.as_bytes(), 7));
        roots.push(ascent.root);
    }
    roots.dedup();
    assert_eq!(roots.len(), 1);
    let mut wrong = entries[3].clone();
    wrong.leaf_hash = entries[4].leaf_hash;
    assert_eq!(log.ascent(&wrong), None);

    let places = |place, count| -> Vec<u64> {
        log.before(place, count).unwrap().iter().map(|entry| entry.sequence).collect()
    };
    assert_eq!((places(5, 2), places(1, 9), places(0, 9)), (vec![3, 4], vec![0], vec![]));
    assert_eq!(log.outline(id(2)).unwrap().entries[0].body, Body::Sealed);
    assert!(log.outline(id(99)).unwrap().entries.is_empty());
}
