//! What the program prints as JSON is what its documented schema says, as Python's jsonschema reads it.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::harness::{run, witness};

/// Validates each text against `docs/reference/json/NAME.schema.json`.
pub fn validate(schema: &str, texts: &[String]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema: PathBuf = folder.join(format!("../../docs/reference/json/{schema}.schema.json"));
    let mut child = Command::new(witness("FREEHOLD_PYTHON"))
        .arg(folder.join("tests/witness/json_schema.py"))
        .arg(schema)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python can be started");
    let mut input = child.stdin.take().expect("piped");
    let lines: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
    assert!(lines.iter().all(|line| !line.contains('\n')), "one line each");
    input.write_all((lines.join("\n") + "\n").as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    assert_eq!(stdout.trim(), format!("ok {}", texts.len()));
}

#[test]
fn fit() {
    let home = tempfile::tempdir().expect("a folder");
    let examples = crate::fit::examples();
    let mut texts: Vec<String> = examples
        .iter()
        .map(|file| run(home.path(), &["fit", "--json", "--from", file]).stdout)
        .collect();
    let open = ["fit", "--json", "--answer", "task=reasoning", "--weight", "cost=40"];
    texts.push(run(home.path(), &open).stdout);
    texts.push(run(home.path(), &["fit", "--json", "--questions"]).stdout);
    validate("fit", &texts);
}
