//! Go's `golang.org/x/mod/sumdb`, which nobody here wrote, accepts an exported log and refuses it
//! after one flipped bit, wherever that is.

// Tests panic when they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::{fs, path::Path, time::Duration};

use freehold_auditlog::{ExportOptions, export};

#[path = "../../freehold/tests/witness/go/compile.rs"]
mod go;
#[path = "support/kit.rs"]
mod kit;

#[test]
fn go_accepts_the_log_and_refuses_any_flipped_bit() {
    let witness = go::compile(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-witness"));
    let folder = tempfile::tempdir().unwrap();
    for entries in [0u64, 1, 256, 700] {
        let log = kit::open(folder.path(), Duration::from_secs(3600), 1 << 20);
        for number in log.status().size..entries {
            log.append(kit::intent(kit::id(1, number), b"question"), |result| {
                assert!(result.is_ok());
            });
        }
        log.close();
        let out = folder.path().join(format!("out-{entries}"));
        export(&folder.path().join("log"), &out, &ExportOptions { proofs: false }).unwrap();
        let vkey = fs::read_to_string(out.join("log.vkey")).unwrap();
        assert_eq!(go::run(&witness, &out, &vkey), (true, format!("accepted: {entries}\n")));
    }

    let out = folder.path().join("out-700");
    let vkey = fs::read_to_string(out.join("log.vkey")).unwrap();
    for name in
        ["checkpoint", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/000"]
    {
        let path = out.join(name);
        let bytes = fs::read(&path).unwrap();
        for place in [1, bytes.len() / 2, bytes.len() - 2] {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            fs::write(&path, changed).unwrap();
            let (accepted, said) = go::run(&witness, &out, &vkey);
            assert!(!accepted && said.starts_with("refused:"), "{name} at {place}: {said}");
        }
        fs::write(&path, bytes).unwrap();
    }
    assert!(go::run(&witness, &out, &vkey).0, "whole again");
}
