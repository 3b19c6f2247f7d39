//! That what verbs print as JSON is what their schemas in `docs/reference/json/` say, by a validator
//! that we did not write. One line a case: the schema's name, and the command.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::run;

/// A program that `cargo xtask test` installs and names in the environment.
fn python() -> PathBuf {
    let path = std::env::var_os("FREEHOLD_PYTHON");
    path.unwrap_or_else(|| panic!("FREEHOLD_PYTHON is not set: run `cargo xtask test`")).into()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Asserts that files are what a schema says.
pub fn valid(schema: &Path, instances: &[PathBuf]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/validate.py");
    let output = Command::new(python())
        .arg(script)
        .arg(schema)
        .args(instances)
        .output()
        .expect("Python can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}{failed}", schema.display());
}

/// The same of what a command printed, by the name of the schema.
pub fn valid_text(schema: &str, folder: &Path, text: &str) {
    let file = folder.join("printed.json");
    fs::write(&file, text).expect("it can be written");
    let schema = repository().join(format!("docs/reference/json/{schema}.schema.json"));
    valid(&schema, &[file]);
}

#[test]
fn what_verbs_print_is_what_their_schemas_say() {
    let home = tempfile::tempdir().expect("a folder");
    for (at, (schema, command)) in CASES.iter().enumerate() {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--json");
        let ran = run(home.path(), &arguments);
        assert!([0, 1].contains(&ran.code), "{command}: {}", ran.stderr);
        let file = home.path().join(format!("{at}.json"));
        fs::write(&file, &ran.stdout).expect("it can be written");
        let schema = repository().join(format!("docs/reference/json/{schema}.schema.json"));
        valid(&schema, &[file]);
    }
}

#[test]
fn fit_prints_what_its_schema_says() {
    let home = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    let mut print = |arguments: &[&str]| {
        let ran = run(home.path(), arguments);
        let file = home.path().join(format!("{}.json", files.len()));
        fs::write(&file, &ran.stdout).expect("it can be written");
        files.push(file);
    };
    for file in crate::fit::examples() {
        print(&["fit", "--json", "--from", &file]);
    }
    print(&["fit", "--json", "--answer", "task=reasoning", "--weight", "cost=40"]);
    print(&["fit", "--json", "--questions"]);
    valid(&repository().join("docs/reference/json/fit.schema.json"), &files);
}

#[test]
fn the_catalogue_s_data_are_what_their_schema_says() {
    let data = repository().join("crates/freehold-catalog/data");
    let mut files = Vec::new();
    for folder in [data.clone(), data.join("models")] {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            let json = path.extension().is_some_and(|it| it == "json");
            if json && path.file_name().is_some_and(|it| it != "schema.json") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 5, "{files:?}");
    valid(&data.join("schema.json"), &files);
}

const CASES: &[(&str, &str)] = &[
    ("catalog-search", "catalog search"),
    ("catalog-search", "catalog search no-such-model"),
    ("catalog-search", "catalog search --all --task code --hardware h100 --region DE --users 1B"),
    ("catalog-show", "catalog show llama-3.1-8b-instruct"),
    ("catalog-show", "catalog show deepseek-ai/DeepSeek-R1 --on 2031-01-01"),
    ("catalog-compare", "catalog compare deepseek-r1 gpt-oss-120b llama-3.1-8b-instruct"),
    ("catalog-hardware", "catalog hardware"),
    ("catalog-hardware", "catalog hardware h100"),
    ("catalog-prices", "catalog prices"),
    ("catalog-tasks", "catalog tasks"),
    ("catalog-licences", "catalog licences"),
    ("catalog-check", "catalog check"),
    ("catalog-check", "catalog check --on 2031-01-01"),
];
