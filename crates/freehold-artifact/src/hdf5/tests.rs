//! Files as h5py and Keras write them (`testdata/vet/make_formats.py`), and what is made of them.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../../testdata/vet/formats/", $name)).as_slice()
    };
}

fn all(bytes: &[u8]) -> (Vec<String>, Vec<&'static str>) {
    let mut texts = Vec::new();
    let base = begins(bytes).unwrap_or(0);
    let findings = read(&mut Cursor::new(bytes), bytes.len() as u64, base, &mut |one| {
        let value = String::from_utf8_lossy(&one.value).into_owned();
        texts.push(format!("{} {}={value}", one.object, one.name));
    })
    .unwrap();
    texts.sort();
    (texts, findings.iter().map(|one| one.rule.name).collect())
}

fn check(bytes: &[u8], texts: &[&str], rules: &[&str]) {
    let (found, named) = all(bytes);
    assert_eq!(named, rules);
    for text in texts {
        assert!(found.iter().any(|one| one.starts_with(text)), "{text} is not in {found:#?}");
    }
}

#[test]
fn files_of_h5py() {
    let both = [
        "/ model_config={\"class_name\": \"Sequential\"",
        "/ backend=jax",
        "/ names=one",
        "/ names=twelve",
        "/ words=x",
        "/ words=yy",
        "/weights/inner deep=down",
        "/g11 last=end",
    ];
    check(golden!("earliest.h5"), &both, &[]);
    check(golden!("latest.h5"), &both, &[]);
    let dense = ["/many/child_039 deep=found", "/ text_000=value 0", "/ text_029=value 29"];
    check(golden!("dense.h5"), &dense, &[]);
    check(golden!("user-block.h5"), &["/ model_config="], &[]);
    check(golden!("leads-out.h5"), &[], &["hdf5/outside-file"]);
    check(golden!("outside.h5"), &[], &["hdf5/outside-file"]);
    check(golden!("lambda.h5"), &["/ model_config=", "/ keras_version="], &[]);
    check(golden!("sequential.h5"), &["/ model_config=", "/model_weights layer_names=dense"], &[]);
}

#[test]
fn damage_is_said() {
    for golden in [golden!("latest.h5"), golden!("earliest.h5"), golden!("dense.h5")] {
        for cut in [9, 40, 100, golden.len() / 2, golden.len() - 1] {
            let (_, rules) = all(&golden[..cut]);
            assert!(cut == golden.len() - 1 || !rules.is_empty(), "cut at {cut}");
        }
    }
}

proptest! {
    #[test]
    fn changed_bytes_are_read(places in prop::collection::vec((0usize..8000, any::<u8>()), 1..12)) {
        for golden in [golden!("latest.h5"), golden!("earliest.h5"), golden!("dense.h5")] {
            let mut bytes = golden.to_vec();
            for (at, byte) in &places {
                let length = bytes.len();
                bytes[at % length] = *byte;
            }
            all(&bytes);
        }
    }
}
