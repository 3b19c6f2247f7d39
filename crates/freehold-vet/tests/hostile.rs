//! A small part of the hostile corpus (testdata/vet/make_hostile.py), so that what was once found
//! stays found: every file is called as `expected.json` says.

use std::{collections::BTreeMap, fs, path::Path};

use freehold_vet::scan;

#[test]
fn hostile_files_are_called_what_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vet/hostile");
    let expected = fs::read(folder.join("expected.json")).expect("it is there");
    let expected: BTreeMap<String, String> = serde_json::from_slice(&expected).expect("JSON");
    assert!(expected.len() > 200, "{}", expected.len());
    let mut seen = 0;
    for file in scan(&folder, &|_, _| {}).expect("they are there") {
        let Some(expected) = expected.get(&file.path) else { continue };
        seen += 1;
        assert_eq!(&file.verdict.to_string(), expected, "{}: {:?}", file.path, file.findings);
    }
    assert_eq!(seen, expected.len());
}
