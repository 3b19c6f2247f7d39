//! What is admitted, what is refused and why, and that a changed byte is found.

use std::{fs, path::Path};

use freehold_types::Principal;
use tempfile::TempDir;

use super::*;

fn safetensors() -> Vec<u8> {
    let header = br#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    [&(header.len() as u64).to_le_bytes()[..], header, &[0; 8]].concat()
}

fn gguf() -> Vec<u8> {
    [&b"GGUF\x03\0\0\0"[..], &[0; 16], &[0; 8]].concat()
}

fn model(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// The permit as it follows from an admission; [`crate::inventory`] has the tests of that.
fn try_admit(path: &Path) -> Result<Admission, VetError> {
    grant(hash(path)?, &Principal("tester".to_owned()))
}

/// Adds one file to a good model; `None` expects admission, `Some` a refusal with these words.
fn check(name: &str, bytes: &[u8], refusal: Option<&str>) {
    let weights = safetensors();
    let folder = model(&[("config.json", b"{}"), ("model.safetensors", &weights), (name, bytes)]);
    match (try_admit(folder.path()), refusal) {
        (Ok(admission), None) => assert!(admission.file(name).is_some(), "{name}"),
        (Ok(_), Some(words)) => panic!("{name} was admitted, expected: {words}"),
        (Err(error), None) => panic!("{name}: {error}"),
        (Err(error), Some(words)) => {
            let text = error.to_string();
            assert!(text.contains(words), "{name}: `{text}` lacks `{words}`");
            assert!(text.contains(name), "{name}: `{text}` does not name the file");
        }
    }
}

#[test]
fn content_decides() {
    check("README.md", "Größe".as_bytes(), None);
    check("LICENSE", b"Apache", None);
    check("1_Pooling/config.json", b"{\"a\":[1]}", None);
    check("tokenizer.model", b"\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0\x18\x02", None);
    check("tokenizer.json", b"{", Some("not valid JSON"));
    check("more.safetensors", b"\x02\0\0\0\0\0\0\0{}", None);
    check("more.safetensors", b"\x02\0\0\0\0\0\0\0{}x", Some("not valid safetensors"));
    check("pytorch_model.bin", b"anything", Some("pickle"));
    check("notes.txt", b"\x80\x04\x95\x01", Some("pickle"));
    check("notes.txt", b"cos\nsystem\n(S'ls'\ntR.", Some("runs whatever code"));
    check("model2.safetensors", b"PK\x03\x04....", Some("an archive"));
    check("modeling_custom.py", b"import os", Some("a program"));
    check("run", b"#!/bin/sh\n", Some("a program"));
    check("lib.txt", b"\x7fELF\x02\x01", Some("a program"));
    check("picture.png", b"\x89PNG\r\n\x1a\n\0\0", Some("nothing that a model needs"));
    check("tokenizer.model", b"\xff\xff\xff", Some("tokenizer model"));
    check("second.gguf", b"GGUFxxxx", Some("not valid GGUF"));
    check("model.safetensors.index.json", br#"{"weight_map":{"w":"../x"}}"#, Some("index"));
}

#[test]
fn the_set_must_be_a_model() {
    let expect = |folder: TempDir, lack: Lack| match try_admit(folder.path()) {
        Err(VetError::Incomplete { lack: found, .. }) => assert_eq!(found, lack),
        other => panic!("expected {lack:?}, got {other:?}"),
    };
    let (weights, gguf) = (safetensors(), gguf());
    expect(model(&[("config.json", b"{}")]), Lack::Weights);
    expect(model(&[("model.safetensors", &weights)]), Lack::File("config.json".to_owned()));
    let both: [(&str, &[u8]); 2] = [("a.gguf", &gguf), ("a.safetensors", &weights)];
    expect(model(&both), Lack::OneFormat);
    let index = br#"{"weight_map":{"w":"a-00001-of-00002.safetensors"}}"#;
    let sharded: [(&str, &[u8]); 3] = [
        ("config.json", b"{}"),
        ("model.safetensors", &weights),
        ("model.safetensors.index.json", index),
    ];
    expect(model(&sharded), Lack::File("a-00001-of-00002.safetensors".to_owned()));
}

#[test]
fn an_adapter_is_admitted_like_a_model() {
    let weights = safetensors();
    let files: [(&str, &[u8]); 2] =
        [("adapter_config.json", b"{}"), ("adapter_model.safetensors", &weights)];
    assert_eq!(try_admit(model(&files).path()).unwrap().format(), Format::Safetensors);
}

#[test]
fn one_gguf_file_is_a_model_and_one_safetensors_file_is_not() {
    let (weights, gguf) = (safetensors(), gguf());
    let folder = model(&[("a.gguf", &gguf), ("w.safetensors", &weights)]);
    assert_eq!(try_admit(&folder.path().join("a.gguf")).unwrap().format(), Format::Gguf);
    let refused = try_admit(&folder.path().join("w.safetensors"));
    assert!(matches!(refused, Err(VetError::Incomplete { lack: Lack::Folder, .. })));
}

#[test]
fn links_may_not_leave_the_folder() {
    let weights = safetensors();
    let folder = model(&[("config.json", b"{}"), ("blob.safetensors", &weights)]);
    let outside = model(&[("secret.json", b"{}")]);
    std::os::unix::fs::symlink("blob.safetensors", folder.path().join("model.safetensors"))
        .unwrap();
    assert_eq!(try_admit(folder.path()).unwrap().files().len(), 3);
    let target = outside.path().join("secret.json");
    std::os::unix::fs::symlink(target, folder.path().join("tokenizer.json")).unwrap();
    assert!(matches!(try_admit(folder.path()), Err(VetError::LeavesFolder { .. })));
}

#[test]
fn digest_is_of_names_sizes_and_bytes() {
    let weights = safetensors();
    let one = model(&[("config.json", b"{}"), ("model.safetensors", &weights)]);
    let same = model(&[("model.safetensors", &weights), ("config.json", b"{}")]);
    let renamed = model(&[("config.json", b"{}"), ("other.safetensors", &weights)]);
    let changed = model(&[("config.json", b"{ }"), ("model.safetensors", &weights)]);
    let digest = |folder: &TempDir| try_admit(folder.path()).unwrap().digest();
    assert_eq!(digest(&one), digest(&same));
    assert_ne!(digest(&one), digest(&renamed));
    assert_ne!(digest(&one), digest(&changed));
}

#[test]
fn a_changed_byte_refuses_to_load() {
    let weights = safetensors();
    let folder = model(&[("config.json", b"{}"), ("model.safetensors", &weights)]);
    let admission = try_admit(folder.path()).unwrap();
    assert_eq!(admission.reopen().unwrap().len(), 2);
    let path = fs::canonicalize(folder.path().join("model.safetensors")).unwrap();
    for place in 0..weights.len() {
        let mut bytes = weights.clone();
        bytes[place] ^= 1;
        fs::write(&path, bytes).unwrap();
        match admission.reopen() {
            Err(VetError::Changed { path: named, .. }) => assert_eq!(named, path),
            other => panic!("byte {place}: {other:?}"),
        }
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(admission.reopen(), Err(VetError::Read { .. })));
}

#[test]
fn what_comes_with_the_program_is_known_by_its_bytes() {
    for (name, known) in ["house", "house-small"].into_iter().zip(SHIPPED) {
        let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models").join(name);
        let copy = model(&[]);
        for name in SHIPPED_FILES {
            fs::copy(house.join(name), copy.path().join(name)).unwrap();
        }
        // Who trains it anew reads here what to write there.
        assert_eq!(identity(copy.path()).unwrap().to_string(), known.to_string(), "{name}");
        assert_eq!(shipped(copy.path()).unwrap().signed_off_by().0, RELEASE);
        fs::write(copy.path().join("README.md"), "another").unwrap();
        assert!(matches!(shipped(copy.path()), Err(VetError::NotShipped { .. })));
    }
}

const SHIPPED_FILES: [&str; 7] = [
    "LICENSE",
    "README.md",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
];
