//! `freehold audit`: what was recorded is found, proved and handed to others; what was changed is
//! found, too.

use std::{fs, path::Path};

use serde_json::Value;

use crate::harness::{Ran, Server, run};

#[path = "../witness/go/compile.rs"]
mod go;

fn audit(home: &Path, arguments: &[&str]) -> Ran {
    let data = home.join("data").display().to_string();
    let mut all = vec!["audit"];
    all.extend(arguments);
    all.extend(["--dir", &data]);
    run(home, &all)
}

/// A home whose log holds a start, some answers and a stop; and the answers' records.
fn used() -> (tempfile::TempDir, Vec<String>) {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let records = (0..3)
        .map(|n| {
            let answer = server.say("house", &format!("Question {n}?")).expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.body);
            answer.record()
        })
        .collect();
    assert_eq!(server.stop(), 0);
    (home, records)
}

#[test]
fn a_running_log_can_be_read() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let record = server.say("house", "Is it recorded?").expect("an answer").record();
    let shown = audit(home.path(), &["show", &record, "--json"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let shown = shown.json();
    assert_eq!(shown["entries"].as_array().map(Vec::len), Some(2));
    let verified = audit(home.path(), &["verify", "--json"]);
    assert_eq!((verified.code, &verified.json()["ok"]), (0, &Value::Bool(true)));
    assert_eq!(audit(home.path(), &["tail"]).code, 0);
}

#[test]
fn what_was_said_is_found_and_proved() {
    let (home, records) = used();
    let tail = audit(home.path(), &["tail", "-n", "4"]);
    assert_eq!((tail.code, tail.stdout.lines().count()), (0, 4), "{}", tail.stderr);
    assert!(tail.stdout.contains(&records[2]), "{}", tail.stdout);

    let shown = audit(home.path(), &["show", &records[0], "--json"]).json();
    let entries = shown["entries"].as_array().expect("a list");
    assert_eq!(entries[0]["kind"], "intent");
    assert_eq!(entries[0]["body"]["messages"][0]["content"], "Question 0?");
    assert_eq!(entries[0]["recorded"]["model"], "house");
    assert_eq!(entries[1]["kind"], "outcome");
    assert_eq!(entries[1]["recorded"]["http_status"], 200);
    assert!(entries.iter().all(|entry| entry["proof"] == "included"), "{shown}");
    let page = audit(home.path(), &["show", &records[0]]).stdout;
    assert!(page.contains("Question 0?") && page.contains("included"), "{page}");

    let verified = audit(home.path(), &["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn a_record_that_is_not_there() {
    let (home, _) = used();
    let ran = audit(home.path(), &["show", "00000000000000000000000000"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("no record 00000000000000000000000000"), "{}", ran.stderr);
}

#[test]
fn no_log_is_no_answer() {
    let home = tempfile::tempdir().expect("a folder");
    for verb in [&["tail"][..], &["verify"], &["show", "00000000000000000000000000"]] {
        let ran = audit(home.path(), verb);
        assert_eq!(ran.code, 2, "{verb:?}: {}", ran.stdout);
        assert!(ran.stderr.contains("error:") && ran.stderr.contains("hint:"), "{}", ran.stderr);
    }
}

#[test]
fn the_export_has_what_others_need() {
    let (home, _) = used();
    let out = home.path().join("export");
    let ran = audit(home.path(), &["export", &out.display().to_string(), "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = ran.json();
    let files: Vec<&str> = report["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| file["path"].as_str().expect("a path"))
        .collect();
    for name in &files {
        assert!(out.join(name).exists(), "no {name} in {:?}", ran.stdout);
    }
    for entry in std::fs::read_dir(&out).expect("readable") {
        let entry = entry.expect("an entry");
        let mut name = entry.file_name().into_string().expect("plain");
        if entry.path().is_dir() {
            name.push('/');
        }
        assert!(files.contains(&name.as_str()), "{name} is not listed in {files:?}");
    }
    assert!(report["files"].as_array().unwrap().iter().all(|file| file["what"].is_string()));
    let other = home.path().join("other");
    let ran = audit(home.path(), &["export", &other.display().to_string()]);
    assert!(files.iter().all(|name| ran.stdout.contains(name)), "{}", ran.stdout);
    let again = audit(home.path(), &["export", &out.display().to_string()]);
    assert_eq!(again.code, 2, "an export never overwrites: {}", again.stdout);
}

#[test]
fn go_s_verifier_accepts_the_export_and_no_flipped_bit() {
    let (home, records) = used();
    let out = home.path().join("export");
    let ran = audit(home.path(), &["export", &out.display().to_string(), "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let witness = go::compile(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-witness-program"));
    let vkey = fs::read_to_string(out.join("log.vkey")).expect("the key");
    let accepted = format!("accepted: {}\n", ran.json()["entries"]);
    assert_eq!(go::run(&witness, &out, &vkey), (true, accepted));

    let (file, at) = find(&out.join("tile"), records[1].as_bytes()).expect("it is in a tile");
    let mut bytes = fs::read(&file).expect("readable");
    bytes[at + 10] ^= 1;
    fs::write(&file, bytes).expect("writable");
    let (accepted, said) = go::run(&witness, &out, &vkey);
    assert!(!accepted && said.starts_with("refused:"), "{}: {said}", file.display());
}

#[test]
fn one_flipped_bit_is_found() {
    let (home, records) = used();
    // Inside the entry itself, so that it is no unused byte: in the middle of its identifier.
    let log = home.path().join("data/log");
    let (file, at) = find(&log, records[1].as_bytes()).expect("the record is in a file of the log");
    let mut bytes = fs::read(&file).expect("readable");
    bytes[at + 10] ^= 1;
    fs::write(&file, bytes).expect("writable");
    let ran = audit(home.path(), &["verify"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let json = audit(home.path(), &["verify", "--json"]);
    assert_eq!((json.code, &json.json()["ok"]), (1, &Value::Bool(false)));
    assert!(!json.json()["findings"].as_array().expect("a list").is_empty());
}

#[test]
fn a_missing_part_is_a_finding_and_no_log_is_none() {
    let (home, _) = used();
    let out = home.path().join("export");
    let folder = out.display().to_string();
    assert_eq!(audit(home.path(), &["export", &folder]).code, 0);
    fs::remove_file(out.join("records.jsonl")).expect("removed");
    let ran = audit(home.path(), &["verify", &folder]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("records.jsonl is missing"), "{}", ran.stdout);
    fs::remove_dir_all(home.path().join("data/log/tree")).expect("removed");
    let ran = audit(home.path(), &["verify", "--json"]);
    assert_eq!((ran.code, &ran.json()["ok"]), (1, &Value::Bool(false)));
    let finding = ran.json()["findings"][0].as_str().expect("a text").to_owned();
    assert!(finding.contains("tree/") && finding.ends_with("is missing"), "{finding}");
    let other = home.path().join("other");
    fs::create_dir(&other).expect("made");
    assert_eq!(audit(home.path(), &["verify", &other.display().to_string()]).code, 2);
}

#[test]
fn a_lost_log_key_has_a_hint_that_fits() {
    let home = tempfile::tempdir().expect("a folder");
    assert_eq!(Server::start(home.path(), &[]).stop(), 0);
    fs::remove_file(home.path().join("data/log/log.key")).expect("removed");
    let refused = Server::try_start(home.path(), &[]).err().expect("it does not start");
    assert!(refused.contains("put log.key back"), "{refused}");
}

/// The first file below a folder that holds these bytes, and where.
fn find(folder: &Path, wanted: &[u8]) -> Option<(std::path::PathBuf, usize)> {
    let mut entries: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).collect();
    entries.sort();
    entries.into_iter().find_map(|path| {
        if path.is_dir() {
            return find(&path, wanted);
        }
        let bytes = fs::read(&path).ok()?;
        let at = bytes.windows(wanted.len()).position(|window| window == wanted)?;
        Some((path, at))
    })
}
