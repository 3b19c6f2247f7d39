//! What real libraries write is called clean.

use std::path::Path;

use freehold_vet::{Verdict, scan};

#[test]
fn ordinary_files_are_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vet/ordinary");
    let files = scan(&folder, &|_, _| {}).expect("they are there");
    assert!(files.len() > 40, "{}", files.len());
    for file in files {
        assert_eq!(file.verdict, Verdict::Clean, "{}: {:?}", file.path, file.findings);
    }
}
