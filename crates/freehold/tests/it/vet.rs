//! `freehold vet`: what it says of good and bad files, and how it ends. Nothing here is ever loaded.

mod admit;
mod bom;
mod kills;
mod sign;

use std::{fs, path::Path};

use insta::assert_snapshot;

use crate::harness::{run, witness};

const OS: &[u8] = b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.";

fn vet(home: &Path, more: &[&str]) -> crate::harness::Ran {
    let model = home.join("model").display().to_string();
    run(home, &[&["vet", model.as_str()], more].concat())
}

fn model(home: &Path, files: &[(&str, &[u8])]) {
    let folder = home.join("model");
    fs::create_dir(&folder).expect("it can be made");
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).expect("it can be written");
    }
}

#[test]
fn clean_files_are_clean() {
    let home = tempfile::tempdir().expect("a folder");
    model(home.path(), &[("config.json", b"{}"), ("README.md", b"# A model\n")]);
    assert_snapshot!(vet(home.path(), &[]).text(home.path()), @"
    code: 0
    --- out
    2 files: 2 clean
    ");
    assert_snapshot!(vet(home.path(), &["--all"]).text(home.path()), @"
    code: 0
    --- out
    clean  README.md
    clean  config.json
    2 files: 2 clean
    ");
}

/// Without the day that hangs on today.
fn undated(words: &str) -> String {
    const BEFORE: &str = "holds until ";
    let (before, after) = words.split_once(BEFORE).expect("it holds until a day");
    format!("{before}{BEFORE}[DAY]{}", after.get(10..).expect("a day"))
}

#[test]
fn findings_say_what_would_happen() {
    let home = tempfile::tempdir().expect("a folder");
    let rar = b"Rar!\x1a\x07\x01\0";
    model(home.path(), &[("model.bin", OS), ("old.rar", rar), ("run.js", b"echo off\n")]);
    assert_snapshot!(undated(&vet(home.path(), &[]).text(home.path())), @r#"
    code: 1
    --- out
    model
      whether you may ship it is not confirmed; the files are malicious
      holds until [DAY], then vet it again

      weights  licence not confirmed
               no file states their licence
      code     licence not confirmed
               no file states its licence
      data     not declared, licence not confirmed
               nothing says what it was trained on
      openness no MOF class; OSAID 1.0 not confirmed
               not confirmed: data information: nothing says what it was trained on; code that prepares the data: not among what came along; training code: not among what came along; inference code: not among what came along; parameters: their licence is not confirmed

      Not confirmed
        ? model: no file states their licence

      Next: look at the files below first.

    malicious  model.bin
      pickle/os-system
        calls os.system("id"): byte 21
        It runs a command or touches the system through Python's os. Loading the pickle imports and calls it: whoever made the file acts as you.

    unread  old.rar
      format/not-read
        a rar archive: byte 0
        A format that is not read. Nothing is said about what is not read.

    suspicious  run.js
      file/program
        `run.js` is code: byte 0
        A program or script. Models are data; what comes with them need not be run, and was not read as code.

    3 files: 1 malicious, 1 suspicious, 1 unread
    Nothing is said about what is unread.
    What to do: freehold vet --explain pickle/os-system
    "#);
}

#[test]
fn json_and_sarif_are_what_their_schemas_say() {
    let home = tempfile::tempdir().expect("a folder");
    model(home.path(), &[("a b.bin", OS), ("config.json", b"{}"), ("x", &[0xff, 0xfe, 0xfd])]);
    let ran = vet(home.path(), &["--json"]);
    assert_eq!(ran.code, 1);
    let json = ran.json();
    let files = json["files"].as_array().expect("a list");
    let said = files
        .iter()
        .map(|file| (file["path"].as_str().unwrap(), file["verdict"].as_str().unwrap()));
    let said: Vec<_> = said.collect();
    assert_eq!(said, [("a b.bin", "malicious"), ("config.json", "clean"), ("x", "unread")]);
    assert_eq!(files[0]["findings"][0]["what"], "calls os.system(\"id\")");
    crate::json::valid_text("vet", home.path(), &ran.stdout);
    let explained = run(home.path(), &["vet", "--explain", "pickle/os-system", "--json"]);
    crate::json::valid_text("vet", home.path(), &explained.stdout);

    let sarif = vet(home.path(), &["--sarif"]);
    assert_eq!(sarif.code, 1);
    let file = home.path().join("printed.sarif");
    fs::write(&file, &sarif.stdout).expect("it can be written");
    let schema = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
    crate::json::valid(&witness("FREEHOLD_NODE_MODULES").join(schema), &[file]);
    let sarif = sarif.json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("a list");
    let rules = results.iter().map(|result| result["ruleId"].as_str().unwrap());
    assert_eq!(rules.clone().filter(|rule| !rule.starts_with("terms/")).count(), 2);
    assert!(rules.clone().any(|rule| rule == "terms/not-confirmed"));
    let unread = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(unread.as_array().expect("a list").len(), 1);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let index = usize::try_from(location["index"].as_u64().unwrap()).unwrap();
        assert_eq!(run["artifacts"][index]["location"]["uri"], location["uri"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
    assert_eq!(run["artifacts"][0]["location"]["uri"], "a%20b.bin");
}

#[test]
fn rules_are_explained() {
    let home = tempfile::tempdir().expect("a folder");
    let explained = |rule: &str| run(home.path(), &["vet", "--explain", rule]).text(home.path());
    assert_snapshot!(explained("pickle/frame-crossing"), @"
    code: 0
    --- out
    pickle/frame-crossing  malicious

    An argument crosses the end of its frame. Readers differ on what comes next (CPython issue 154848); no writer makes this but to deceive.

    Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.
    ");
    assert_snapshot!(explained("os-system"), @"
    code: 2
    --- err
    error: there is no rule `os-system`
    hint: did you mean pickle/os-system?
    ");
}

#[test]
fn nothing_to_read_is_no_answer() {
    let home = tempfile::tempdir().expect("a folder");
    assert_snapshot!(vet(home.path(), &[]).text(home.path()), @"
    code: 2
    --- err
    error: cannot read [HOME]/model
    cause: No such file or directory (os error 2)
    hint: name a file or folder that is there and that you may read
    ");
    model(home.path(), &[]);
    assert_snapshot!(vet(home.path(), &[]).text(home.path()), @"
    code: 2
    --- err
    error: [HOME]/model holds no file
    hint: name the folder that the model's files are in
    ");
}

#[test]
fn terms_stand_beside_the_scan() {
    let home = tempfile::tempdir().expect("a folder");
    let weights = b"\x02\0\0\0\0\0\0\0{}";
    let card = b"---\nlicense: cc-by-nc-4.0\ndatasets: [squad]\n---\n# A model\n";
    model(home.path(), &[("model.safetensors", weights), ("README.md", card)]);
    let ran = vet(home.path(), &["--json", "--purpose", "commercial"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let json = ran.json();
    assert_eq!(json["verdict"], "clean");
    assert_eq!(json["layers"]["weights"]["category"], "source_available");
    assert_eq!(json["layers"]["weights"]["evidence"][0]["line"], 2);
    assert_eq!(json["layers"]["data"]["standing"], "declared");
    assert_eq!(json["shipping"]["may_ship"], "no");
    assert_eq!(json["shipping"]["conflicts"][0]["about"], "commercial");
    crate::json::valid_text("vet", home.path(), &ran.stdout);

    // The file says it, too; a flag wins.
    let file = home.path().join("own.toml");
    fs::write(&file, "schema = 1\n[adopter]\npurposes = \"commercial\"\n")
        .expect("it can be written");
    let own = file.display().to_string();
    assert_eq!(vet(home.path(), &["--config", &own]).code, 1);
    assert_eq!(vet(home.path(), &["--config", &own, "--purpose", "research"]).code, 0);
    assert_eq!(vet(home.path(), &["--purpose", "fun"]).code, 2);
    let explained = run(home.path(), &["vet", "--explain", "terms/licence-disagreement", "--json"]);
    crate::json::valid_text("vet", home.path(), &explained.stdout);
}
