//! `freehold vet bom`: what it writes is what other people's readers take.

use std::{fs, path::Path, process::Command};

use insta::assert_snapshot;

use crate::harness::{Ran, finish, program, run, witness};

const MODEL: &[(&str, &str)] = &[
    (
        "config.json",
        r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64}"#,
    ),
    (
        "README.md",
        "---\nlicense: apache-2.0\ndatasets:\n- c4\nlanguage: en\npipeline_tag: text-generation\n\
         base_model: example/base\n---\n# A model\n",
    ),
    ("sub/it's \"odd\" ü.txt", "x"),
];

fn model(home: &Path) {
    for (name, text) in MODEL {
        let path = home.join("model").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    // A header of eight bytes and two bytes of JSON: safetensors with no tensor.
    fs::write(home.join("model/model.safetensors"), b"\x08\0\0\0\0\0\0\0{}      ").expect("a file");
}

fn bom(home: &Path, epoch: &str, more: &[&str]) -> Ran {
    let mut command = program(home);
    command.args(["vet", "bom"]).arg(home.join("model")).args(more);
    finish(command.env("SOURCE_DATE_EPOCH", epoch))
}

/// What the outside readers say of a file.
fn read(format: &str, file: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/bom.py");
    let output =
        Command::new(witness("FREEHOLD_PYTHON")).arg(script).arg(format).arg(file).output();
    let output = output.expect("Python can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), said + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn documents_are_what_their_standards_say() {
    let home = tempfile::tempdir().expect("a folder");
    model(home.path());
    let known = [
        "--released",
        "2026-11-01",
        "--revision",
        "1",
        "--publisher",
        "Example",
        "--url",
        "https://example.org/model",
    ];
    for (format, broken) in [
        ("cyclonedx", ("\"machine-learning-model\"", "\"model\"")),
        ("spdx", ("\"ai_AIPackage\"", "\"ai_Package\"")),
        ("mof", ("'Model Openness Framework'", "'Framework'")),
    ] {
        let file = home.path().join("document");
        for more in [&[][..], &known] {
            let ran = bom(home.path(), "1795392000", &[&["--format", format], more].concat());
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            fs::write(&file, &ran.stdout).expect("a file");
            let (yes, said) = read(format, &file);
            // The framework wants the day of release, and nobody told us.
            let wanted = format != "mof" || !more.is_empty();
            assert_eq!(yes, wanted, "{format}: {said}");
            assert!(yes || said.contains("release: 'date' is a required property"), "{said}");
            let again = bom(home.path(), "1795392000", &[&["--format", format], more].concat());
            assert_eq!(ran.stdout, again.stdout, "the same files, the same bytes");
            let (before, after) = broken;
            fs::write(&file, ran.stdout.replace(before, after)).expect("a file");
            assert!(!read(format, &file).0, "{format}: the reader takes anything");
        }
    }
}

#[test]
fn all_files_and_facts_are_in_it() {
    let home = tempfile::tempdir().expect("a folder");
    model(home.path());
    let out = home.path().join("model/bom.cdx.json").display().to_string();
    let written = || bom(home.path(), "0", &["--format", "cyclonedx", "--out", &out]);
    let ran = written();
    assert_snapshot!(ran.text(home.path()), @"
    code: 0
    --- out
    written: 4 files of model, in [HOME]/model/bom.cdx.json
    ");
    // Now the first document lies in the model, and is no part of it.
    assert_eq!(written().stdout, ran.stdout);
    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(&out).expect("a file")).expect("JSON");
    assert_eq!(document["metadata"]["timestamp"], "1970-01-01T00:00:00Z");
    let component = &document["metadata"]["component"];
    assert_eq!(component["type"], "machine-learning-model");
    let parameters = &component["modelCard"]["modelParameters"];
    assert_eq!(parameters["architectureFamily"], "llama");
    assert_eq!(parameters["modelArchitecture"], "LlamaForCausalLM");
    assert_eq!(component["licenses"][0]["expression"], "Apache-2.0");
    assert_eq!(component["pedigree"]["ancestors"][0]["name"], "example/base");
    assert_eq!(document["components"][0]["name"], "c4");
    let files = component["components"].as_array().expect("a list");
    let names: Vec<_> = files.iter().map(|file| file["name"].as_str().expect("a text")).collect();
    let expected = ["README.md", "config.json", "model.safetensors", "sub/it's \"odd\" ü.txt"];
    assert_eq!(names, expected);
    assert!(files.iter().all(|file| file["hashes"][0]["alg"] == "SHA-256"), "{files:?}");
}

#[test]
fn no_answer_is_code_2() {
    let home = tempfile::tempdir().expect("a folder");
    let text = |ran: Ran| ran.text(home.path());
    assert_snapshot!(text(bom(home.path(), "0", &["--format", "spdx"])), @"
    code: 2
    --- err
    error: cannot read [HOME]/model
    cause: No such file or directory (os error 2)
    hint: name a file or folder with a model in it that you may read
    ");
    model(home.path());
    assert_snapshot!(text(bom(home.path(), "soon", &["--format", "spdx"])), @"
    code: 2
    --- err
    error: SOURCE_DATE_EPOCH is `soon`, which is no number of seconds
    cause: invalid digit found in string
    hint: unset it, or set it as `date +%s` prints the time
    ");
    let out = home.path().join("no/where").display().to_string();
    assert_snapshot!(text(bom(home.path(), "0", &["--format", "spdx", "--out", &out])), @"
    code: 2
    --- err
    error: cannot write [HOME]/no/where
    cause: No such file or directory (os error 2)
    hint: name a file with --out that you may write
    ");
    let path = home.path().join("model").display().to_string();
    assert_eq!(run(home.path(), &["vet", "bom", &path]).code, 2);
    assert_eq!(run(home.path(), &["vet", "bom", &path, "--format", "xml"]).code, 2);
}
