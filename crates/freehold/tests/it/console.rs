//! The console in a real browser, judged by axe-core, against a running Freehold.

use std::{path::PathBuf, process::Command};

use crate::harness::Server;

/// A program or folder that `cargo xtask test` installs and names in the environment.
fn witness(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable);
    path.unwrap_or_else(|| panic!("{variable} is not set: run `cargo xtask test`")).into()
}

#[test]
fn a_browser_asks_and_reads_the_receipt() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let address = server.ready["console_sign_in"].as_str().expect("the sign-in address");
    let (console, token) = address.split_once("sign-in?token=").expect("an address with a token");
    witness("FREEHOLD_NODE_MODULES");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/witness/console.mjs");
    let output = Command::new(witness("FREEHOLD_NODE"))
        .arg(script)
        .args([console, token])
        .output()
        .expect("the browser's driver can be started");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains(" checks passed"), "{stdout}");
}
