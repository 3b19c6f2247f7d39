//! OpenAI's own clients, in Python and JavaScript, against a running Freehold.

use std::{path::PathBuf, process::Command};

use freehold_testkit::models::{Family, write};

use crate::harness::{Server, admit, teach_tools, witness};

/// Runs a client's checks; its whole output is shown if one fails.
fn check(program: PathBuf, script: &str) {
    let home = tempfile::tempdir().expect("a folder");
    let (embedder, tools) = (home.path().join("embedder"), home.path().join("tools"));
    write(Family::Bert, &embedder, 7).expect("a tiny embedding model");
    write(Family::Qwen2, &tools, 7).expect("a tiny chat model");
    teach_tools(&tools);
    admit(home.path(), &embedder);
    admit(home.path(), &tools);
    let paths = [embedder, tools].map(|path| path.display().to_string());
    let server = Server::start(home.path(), &["--model", &paths[0], "--model", &paths[1]]);
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/witness").join(script);
    let base = format!("http://{}/v1", server.gateway());
    let output = Command::new(program)
        .arg(script)
        .args([base.as_str(), server.key.as_str(), "house", "embedder", "tools"])
        .output()
        .expect("the client can be started");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.lines().filter(|line| line.starts_with("ok ")).count() >= 8, "{stdout}");
}

#[test]
fn openai_s_python_client() {
    check(witness("FREEHOLD_PYTHON"), "openai_client.py");
}

#[test]
fn openai_s_javascript_client() {
    // The client looks for its modules there by itself.
    witness("FREEHOLD_NODE_MODULES");
    check(witness("FREEHOLD_NODE"), "openai_client.mjs");
}
