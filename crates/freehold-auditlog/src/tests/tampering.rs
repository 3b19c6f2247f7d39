//! Every change is found and named; a rolled-back log is caught by anyone with an older checkpoint.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::kit::{Place, event, files, intent, outcome, segments};
use crate::{
    Damage, ExportOptions, Known, OpenError, VerifyError, export, frame::Head,
    segment::PREAMBLE_BYTES, verify,
};

fn log_of(place: &Place, entries: u64) {
    let log = place.open();
    for number in 0..entries {
        let entry = if number % 2 == 0 { intent(number) } else { outcome(number) };
        log.append(entry, |result| assert!(result.is_ok()));
    }
    log.close();
}

fn refused(root: &Path) -> Option<VerifyError> {
    verify(root, &Known::default()).err()
}

/// Flips one bit in every `step`-th byte and requires that verification fails unless the byte is
/// free.
fn flip_all(root: &Path, path: &Path, step: usize, free: impl Fn(usize) -> bool) {
    let bytes = fs::read(path).unwrap();
    for place in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        fs::write(path, &changed).unwrap();
        assert_eq!(refused(root).is_none(), free(place), "{} at {place}", path.display());
    }
    fs::write(path, bytes).unwrap();
    assert!(refused(root).is_none());
}

/// The padding of each frame and everything behind the last one: bytes that carry nothing.
fn carries_nothing(segment: &[u8]) -> Vec<std::ops::Range<usize>> {
    let (mut free, mut at) = (Vec::new(), PREAMBLE_BYTES);
    while let Some(head) = segment[at..].first_chunk().and_then(Head::parse) {
        let end = at + 64 + head.body_bytes as usize + head.header_bytes as usize;
        at += head.frame_bytes() as usize;
        free.push(end..at);
    }
    free.push(at..segment.len());
    free
}

#[test]
fn every_flipped_bit_of_a_log_is_found() {
    let place = Place::new();
    log_of(&place, 5);
    let root = place.log_directory();
    for path in files(&root) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "log.key" || name == "lock" || name.ends_with(".index") {
            continue;
        }
        let is_segment = name.ends_with(".segment");
        let free = if is_segment { carries_nothing(&fs::read(&path).unwrap()) } else { Vec::new() };
        flip_all(&root, &path, if is_segment { 7 } else { 1 }, |at| {
            free.iter().any(|range| range.contains(&at))
        });
    }
}

#[test]
fn every_flipped_bit_of_an_export_is_found() {
    let place = Place::new();
    log_of(&place, 260);
    let out = place.folder.path().join("out");
    export(&place.log_directory(), &out, &ExportOptions::default()).unwrap();
    for path in files(&out) {
        let proof = path.extension().is_some_and(|kind| kind == "tlog-proof");
        if proof && !path.ends_with("000.tlog-proof") {
            continue;
        }
        let step = (fs::metadata(&path).unwrap().len() as usize / 40).max(1);
        flip_all(&out, &path, step, |_| false);
    }
}

#[test]
fn the_first_bad_place_is_named() {
    let place = Place::new();
    log_of(&place, 700);
    let root = place.log_directory();
    let flip = |path: &Path, at: usize| {
        let mut bytes = fs::read(path).unwrap();
        bytes[at] ^= 4;
        fs::write(path, bytes).unwrap();
    };
    let tree = root.join("tree/0");
    flip(&tree, 300 * 32 + 5);
    match refused(&root) {
        Some(VerifyError::Tile { path, offset, first, last }) => {
            assert_eq!((path, offset, first, last), (tree.clone(), 300 * 32, 300, 300));
        }
        other => panic!("{other:?}"),
    }
    flip(&tree, 300 * 32 + 5);
    let upper = root.join("tree/1");
    flip(&upper, 32);
    match refused(&root) {
        Some(VerifyError::Tile { first, last, .. }) => assert_eq!((first, last), (256, 511)),
        other => panic!("{other:?}"),
    }
    flip(&upper, 32);

    let out = place.folder.path().join("out");
    export(&root, &out, &ExportOptions { proofs: false }).unwrap();
    let bundle = out.join("tile/entries/001");
    let before = fs::read(&bundle).unwrap();
    let offset = freehold_tlog::entries(&before).nth(44).unwrap().unwrap().0;
    flip(&bundle, offset + 20);
    match refused(&out) {
        Some(VerifyError::Entry { path, offset: found, sequence }) => {
            assert_eq!((path, found, sequence), (bundle, offset as u64, 300));
        }
        other => panic!("{other:?}"),
    }
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target: PathBuf = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
}

#[test]
fn a_pin_catches_a_rolled_back_and_a_forked_log() {
    let place = Place::new();
    let root = place.log_directory();
    log_of(&place, 10);
    let old = place.folder.path().join("old");
    copy(&root, &old);
    log_of(&place, 10);
    let pin = fs::read_to_string(root.join("checkpoint")).unwrap();
    let known = Known { pin: Some(pin), vkey: None };
    assert_eq!(verify(&root, &known).unwrap().pinned, Some(20));

    fs::remove_dir_all(&root).unwrap();
    copy(&old, &root);
    assert!(refused(&root).is_none(), "by itself the older state is a valid log");
    let error = verify(&root, &known);
    assert!(matches!(error, Err(VerifyError::RolledBack { pinned: 20, found: 10 })));

    let log = place.open();
    for number in 0..15 {
        log.append(event(number), |result| assert!(result.is_ok()));
    }
    log.close();
    assert!(refused(&root).is_none());
    assert!(matches!(verify(&root, &known), Err(VerifyError::Forked { size: 20 })));
}

#[test]
fn another_key_does_not_pass() {
    let (place, other) = (Place::new(), Place::new());
    log_of(&place, 3);
    log_of(&other, 3);
    let vkey = fs::read_to_string(other.log_directory().join("log.vkey")).unwrap();
    let known = Known { vkey: Some(vkey), pin: None };
    let error = verify(&place.log_directory(), &known);
    assert!(matches!(error, Err(VerifyError::Checkpoint { .. })));
    let segment = "segments/00000000000000000000.segment";
    fs::copy(other.log_directory().join(segment), place.log_directory().join(segment)).unwrap();
    assert!(matches!(refused(&place.log_directory()), Some(VerifyError::Segment(_))));
}

/// Opening does not repair what had been acknowledged.
#[test]
fn damage_is_not_taken_for_a_torn_write() {
    for entry in [0, 3, 9] {
        let place = Place::new();
        let root = place.log_directory();
        let log = place.open();
        for number in 0..10 {
            log.append_wait(event(number)).unwrap();
        }
        drop(log);
        let offset = frame_offset(&root, entry);
        // Without the last checkpoint only the frames themselves tell what was durable.
        let older = freehold_tlog::Checkpoint {
            origin: String::new(),
            size: 0,
            root: freehold_tlog::EMPTY_ROOT,
        };
        resign(&root, older);
        let segment = segments(&root).remove(0);
        let mut bytes = fs::read(&segment).unwrap();
        bytes[offset + 70] ^= 1;
        fs::write(&segment, bytes).unwrap();
        let opened = place.try_open(super::kit::small());
        if entry == 9 {
            // The last batch looks like one that was never acknowledged.
            assert_eq!(opened.unwrap().status().size, 9);
        } else {
            assert!(matches!(opened, Err(OpenError::Segment(_))), "{entry}");
        }
    }
}

fn frame_offset(root: &Path, entry: usize) -> usize {
    let segment = fs::read(segments(root).remove(0)).unwrap();
    let mut at = PREAMBLE_BYTES;
    for _ in 0..entry {
        at += Head::parse(segment[at..].first_chunk().unwrap()).unwrap().frame_bytes() as usize;
    }
    at
}

fn resign(root: &Path, checkpoint: freehold_tlog::Checkpoint) {
    let random = ring::rand::SystemRandom::new();
    let signer =
        crate::identity::load_or_create(&crate::disk::RealDisk, root, None, &random, false)
            .unwrap();
    let origin = signer.verifier().name().to_owned();
    let note = freehold_tlog::Checkpoint { origin, ..checkpoint }.sign(&signer);
    fs::write(root.join("checkpoint"), note).unwrap();
}

#[test]
fn a_missing_part_is_named() {
    let place = Place::new();
    log_of(&place, 260);
    let root = place.log_directory();
    let out = place.folder.path().join("out");
    export(&root, &out, &ExportOptions::default()).unwrap();
    let check = |folder: &Path, part: &str| {
        let (path, aside) = (folder.join(part), place.folder.path().join("aside"));
        fs::rename(&path, &aside).unwrap();
        match refused(folder) {
            Some(VerifyError::Part { path: named, damage: Damage::Missing }) => {
                assert!(named.starts_with(&path), "{part}: {}", named.display());
            }
            other => panic!("{part}: {other:?}"),
        }
        fs::rename(&aside, &path).unwrap();
        assert!(refused(folder).is_none());
    };
    for part in ["checkpoint", "log.vkey", "segments", "tree", "tree/0", "tree/1"] {
        check(&root, part);
    }
    let proof = crate::export::proof_path(7);
    let parts = ["checkpoint", "log.vkey", "records.jsonl", "tile", "tile/0/000", "tile/1/000.p/1"];
    for part in parts.into_iter().chain(["tile/entries/000", proof.as_str()]) {
        check(&out, part);
    }
    let segments = segments(&root);
    fs::remove_file(segments.last().unwrap()).unwrap();
    assert!(matches!(refused(&root), Some(VerifyError::Missing { .. })));
}

#[test]
fn a_private_key_must_be_the_log_s_own() {
    let (place, other) = (Place::new(), Place::new());
    log_of(&place, 3);
    log_of(&other, 3);
    let key = place.log_directory().join("log.key");
    let check = |content: &[u8], expected: Option<Damage>| {
        fs::write(&key, content).unwrap();
        let found = refused(&place.log_directory()).map(|error| match error {
            VerifyError::Part { path, damage } if path == key => damage,
            error => panic!("{error}"),
        });
        assert_eq!(found, expected);
    };
    let whole = fs::read(&key).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    check(&flipped, Some(Damage::NoKey));
    check(b"", Some(Damage::NoKey));
    check(&[0xff; 90], Some(Damage::NoKey));
    check(&fs::read(other.log_directory().join("log.key")).unwrap(), Some(Damage::OtherKey));
    check(&whole, None);
    fs::remove_file(&key).unwrap();
    assert!(refused(&place.log_directory()).is_none(), "a copy for others has none");
}
