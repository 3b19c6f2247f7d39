//! Notes, checkpoints, paths, bundles and proof files: known answers, and no panic on anything.

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use crate::{
    Checkpoint, RecordProof, Signer, TileId, Verifier, entries, index_path, leaf_hash, open_note,
    push_entry,
};

/// Key, text and signature of the documentation of Go's `golang.org/x/mod/sumdb/note`.
const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// Key and note of the signed-note specification's test vectors.
const SPEC_VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SPEC_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn signer() -> Signer {
    let seed: [u8; 32] = STANDARD.decode(SEED).unwrap()[1..].try_into().unwrap();
    Signer::from_seed("PeterNeumann", &seed).unwrap()
}

fn verifier() -> Verifier {
    VKEY.parse().unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "PeterNeumann".into(), size: 1, root: leaf_hash(b"entry") }
}

#[test]
fn known_notes() {
    let note = format!("{TEXT}\n{SIGNATURE}");
    assert_eq!(signer().sign(TEXT), note);
    assert_eq!(signer().verifier().to_string(), VKEY);
    assert_eq!(open_note(&note, &verifier()), Ok(TEXT));
    assert_eq!(
        open_note(SPEC_NOTE, &SPEC_VKEY.parse().unwrap()),
        Ok("This is an example message.\n")
    );
}

#[test]
fn notes_that_must_be_refused() {
    let note = format!("{TEXT}\n{SIGNATURE}");
    for (wrong, why) in [
        (note.replace("problem is", "problem was"), "text changed"),
        (note.replace("x08go", "x08gp"), "another key id: unsigned"),
        (note.replace("/ZJku", "/ZJkv"), "signature changed"),
        (note.replace("\u{2014} ", "-- "), "no em dash"),
        (note.trim_end().to_owned(), "no final newline"),
        (TEXT.to_owned(), "no signature"),
        (note.replace("answer", "ans\twer"), "control character"),
        (format!("{note}{}", SIGNATURE.replace("/ZJku", "/ZJkv")), "a second one that fails"),
    ] {
        assert!(open_note(&wrong, &verifier()).is_err(), "{why}");
    }
    let cosigned = format!("{note}\u{2014} someone.else AAAAAAAA\n");
    assert_eq!(open_note(&cosigned, &verifier()), Ok(TEXT), "unknown signers are ignored");
}

#[test]
fn keys_that_must_be_refused() {
    for wrong in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        &VKEY.replace("c74f20a3", "c74f20a4"),
        &VKEY.replace("Peter", "Peter "),
        &VKEY.replace("ARpc", "AhpC"),
        &VKEY[..VKEY.len() - 4],
    ] {
        assert!(wrong.parse::<Verifier>().is_err(), "{wrong}");
    }
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
        assert!(Signer::from_seed(name, &[1; 32]).is_err(), "{name}");
    }
}

#[test]
fn checkpoints() {
    let note = checkpoint().sign(&signer());
    assert_eq!(Checkpoint::open(&note, &verifier()), Ok(checkpoint()));
    let foreign = Checkpoint { origin: "another".into(), ..checkpoint() }.sign(&signer());
    assert!(Checkpoint::open(&foreign, &verifier()).is_err());
    let root = STANDARD.encode([0; 32]);
    assert!(Checkpoint::parse(&format!("a\n7\n{root}\nextension\n")).is_ok());
    for wrong in [
        format!("a\n07\n{root}\n"),
        format!("a\n+7\n{root}\n"),
        format!("a\n-1\n{root}\n"),
        format!("\n7\n{root}\n"),
        format!("a\n7\n{root}"),
        format!("a\n7\n{root}\n\n"),
        "a\n7\nAAAA\n".into(),
        "a\n7\n".into(),
        format!("a\n18446744073709551616\n{root}\n"),
    ] {
        assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn paths() {
    for (index, path) in
        [(0, "000"), (999, "999"), (1000, "x001/000"), (1_234_067, "x001/x234/067")]
    {
        assert_eq!(index_path(index), path);
        for width in [256, 8] {
            let tile = TileId { level: 3, index, width };
            assert_eq!(tile.to_string().parse(), Ok(tile));
        }
    }
    let tile = TileId { level: 0, index: 1_234_067, width: 8 };
    assert_eq!(tile.entries_path(), "tile/entries/x001/x234/067.p/8");
    for wrong in [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/08",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/+01",
        "tile//000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(wrong.parse::<TileId>().is_err(), "{wrong}");
    }
}

#[test]
fn bundles() {
    let mut bundle = Vec::new();
    let longest = vec![7; 65_535];
    for entry in [&b""[..], b"a", &longest] {
        push_entry(&mut bundle, entry).unwrap();
    }
    let found: Vec<_> = entries(&bundle).map(Result::unwrap).collect();
    assert_eq!(found, [(0, &b""[..]), (2, b"a"), (5, &longest)]);
    assert!(push_entry(&mut bundle, &vec![0; 65_536]).is_err());
    let cut: Vec<_> = entries(&bundle[..bundle.len() - 1]).collect();
    assert_eq!((cut.len(), cut[2].is_err()), (3, true));
}

#[test]
fn proof_files() {
    let proof = RecordProof { index: 0, hashes: vec![], checkpoint: checkpoint().sign(&signer()) };
    let text = proof.text();
    let read = RecordProof::parse(&text).unwrap();
    assert_eq!(read, proof);
    assert_eq!(read.verify(&leaf_hash(b"entry"), &verifier()), Ok(checkpoint()));
    assert!(read.verify(&leaf_hash(b"entries"), &verifier()).is_err());
    assert!(RecordProof::parse(&text.replace("v1\n", "v1\nextra AAAA\n")).is_ok());
    for wrong in [
        text.replace("@v1", "@v2"),
        text.replace("index 0", "index 00"),
        text.replace("index 0", "index -1"),
        text.replace("index 0\n", "index 0\nAAAA\n"),
        text.replace(
            "index 0\n",
            &format!("index 0\n{}", format!("{}\n", STANDARD.encode([0; 32])).repeat(65)),
        ),
    ] {
        assert!(RecordProof::parse(&wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC*", bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let lossy = String::from_utf8_lossy(&bytes);
        for text in [text.as_str(), lossy.as_ref()] {
            let _ = text.parse::<Verifier>();
            let _ = text.parse::<TileId>();
            let _ = Checkpoint::parse(text);
            let _ = Checkpoint::parse(&format!("{text}\n7\n{text}\n"));
            let _ = open_note(&format!("{text}\n\n\u{2014} {text}\n"), &verifier());
            let _ = RecordProof::parse(&format!("c2sp.org/tlog-proof@v1\nindex 3\n{text}\n\n{text}"));
            let _ = format!("tile/{text}").parse::<TileId>();
        }
        let read: usize = entries(&bytes).filter_map(Result::ok).map(|(_, entry)| 2 + entry.len()).sum();
        prop_assert!(read <= bytes.len());
    }

    #[test]
    fn what_is_written_is_read(
        index in any::<u64>(), level in 0u8..64, width in 1u16..=256, size in any::<u64>(),
        root in any::<[u8; 32]>(), hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..64),
    ) {
        let tile = TileId { level, index, width };
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        let checkpoint = Checkpoint { origin: "PeterNeumann".into(), size, root };
        let note = checkpoint.sign(&signer());
        prop_assert_eq!(Checkpoint::open(&note, &verifier()), Ok(checkpoint));
        let proof = RecordProof { index, hashes, checkpoint: note };
        prop_assert_eq!(RecordProof::parse(&proof.text()), Ok(proof.clone()));
    }
}
