//! The format on disk: every version ever written is still read, and no bytes make a reader panic.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use freehold_store::Store;
use proptest::prelude::*;

use super::kit::{files, memory_folder};
use crate::{
    Body, Known, Reader,
    frame::{self, Head},
    segment::{Frames, PREAMBLE_BYTES, preamble},
    verify,
};

/// A log and its keys as version 1 wrote them: an event, an intent and an outcome, then an event.
#[test]
fn version_1_is_still_read() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let folder = tempfile::tempdir().unwrap();
    for path in files(&testdata.join("v1")) {
        let target: PathBuf = folder.path().join(path.strip_prefix(testdata.join("v1")).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
    let directory = folder.path().join("log");
    let store = Store::open(&folder.path().join("keys.sqlite")).unwrap();
    let reader = Reader::open(&directory, Some(Arc::new(store))).unwrap();
    let mut found = Vec::new();
    for entry in reader.tail(10).unwrap() {
        let shown = reader.show(entry.id).unwrap();
        let shown = shown.entries.iter().find(|shown| shown.sequence == entry.sequence).unwrap();
        found.push(serde_json::json!({
            "sequence": entry.sequence,
            "leaf_hash": entry.leaf_hash,
            "id": entry.id,
            "kind": entry.kind,
            "time": entry.time,
            "header": entry.header,
            "body": match &shown.body {
                Body::Opened(body) => String::from_utf8(body.clone()).unwrap(),
                other => format!("{other:?}"),
            },
            "proof": format!("{:?}", shown.proof),
        }));
    }
    let expected = fs::read_to_string(testdata.join("v1.expected.json")).unwrap();
    let expected: Vec<serde_json::Value> = serde_json::from_str(&expected).unwrap();
    assert_eq!(found, expected);
    assert_eq!(verify(&directory, &Known::default()).unwrap().bodies, 2);
}

/// A segment of any bytes ends or names a fault; what it yields lies inside.
fn walk(bytes: &[u8]) {
    let folder = memory_folder();
    let path = folder.path().join("x.segment");
    fs::write(&path, bytes).unwrap();
    let Ok(mut frames) = Frames::open(&path, 3, &[9; 32], 0) else { return };
    let mut read = PREAMBLE_BYTES as u64;
    while let Ok(Some(frame)) = frames.next() {
        assert_eq!(frame.offset, read);
        read += frame.head.frame_bytes();
        assert_eq!(frame.body.len(), frame.head.body_bytes as usize);
    }
    assert!(read <= bytes.len() as u64);
    let _ = frames.acknowledged_beyond();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_segment_panics(
        tail in proptest::collection::vec(any::<u8>(), 0..400),
        body in proptest::collection::vec(any::<u8>(), 0..90),
        flip in any::<prop::sample::Index>(),
        lengths in any::<[u32; 2]>(),
    ) {
        let mut segment = preamble(3, &[9; 32]).to_vec();
        let mut entry = frame::begin(100);
        entry.extend_from_slice(&body);
        let body_end = entry.len();
        entry.extend_from_slice(b"{}");
        frame::finish(&mut entry, body_end);
        frame::stamp(&mut entry, 3, 0);
        segment.extend_from_slice(&entry);
        segment.extend_from_slice(&tail);
        walk(&segment);
        walk(&tail);
        let mut changed = segment.clone();
        let place = flip.index(changed.len());
        changed[place] ^= 16;
        walk(&changed);
        // A head whose checksum is right and whose lengths are anything.
        let mut lying = segment.clone();
        let head = &mut lying[PREAMBLE_BYTES..];
        head[20..24].copy_from_slice(&lengths[0].to_le_bytes());
        head[28..32].copy_from_slice(&lengths[1].to_le_bytes());
        frame::stamp(head, 3, 0);
        walk(&lying);
        prop_assert!(Head::parse(&[0; 64]).is_none());
    }

    #[test]
    fn no_header_panics_a_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = crate::catalog::id_of(&bytes);
    }
}

/// The frame of an entry as it is first written.
#[test]
fn a_frame_byte_by_byte() {
    let mut bytes = frame::begin(16);
    bytes.extend_from_slice(b"body");
    bytes.extend_from_slice(b"{}");
    let leaf = frame::finish(&mut bytes, 68);
    frame::stamp(&mut bytes, 0x0102, 5);
    assert_eq!(bytes.len(), 72);
    assert_eq!(&bytes[..4], b"FHR1");
    assert_eq!(&bytes[8..16], &[2, 1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(&bytes[16..20], &[5, 0, 0, 0]);
    assert_eq!(&bytes[20..24], &[4, 0, 0, 0]);
    assert_eq!(&bytes[28..32], &[2, 0, 0, 0]);
    assert_eq!(&bytes[32..64], &leaf);
    assert_eq!(&bytes[64..], b"body{}\0\0");
}
