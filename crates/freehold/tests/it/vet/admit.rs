//! Admission: who signed off which bytes, what the log says of it, and that nothing else is loaded.

use std::{fs, path::Path};

use freehold_testkit::models::{Family, write};
use insta::assert_snapshot;
use serde_json::Value;

use crate::{
    harness::{Ran, Server, admit, events, run, teach_tools},
    json::valid_text,
};

/// A file of which only the first bytes are there: nothing can be said about it.
const CUT: &[u8] = b"\x89HDF\r\n\x1a\n0123";

fn vet(home: &Path, more: &[&str]) -> Ran {
    let data = home.join("data").display().to_string();
    run(home, &[&["vet"], more, &["--dir", &data]].concat())
}

/// A model that can be served, in `home/tiny`.
fn tiny(home: &Path) -> String {
    let model = home.join("tiny");
    write(Family::Qwen2, &model, 7).expect("a tiny model");
    teach_tools(&model);
    model.display().to_string()
}

/// A folder that holds a clean file and one with a finding.
fn doubtful(home: &Path) -> String {
    let folder = home.join("odd");
    fs::create_dir(&folder).expect("made");
    fs::write(folder.join("config.json"), "{}").expect("written");
    fs::write(folder.join("old.h5"), CUT).expect("written");
    folder.display().to_string()
}

/// What differs from run to run, left out; and the terms, which have tests of their own.
fn plain(home: &Path, ran: &Ran) -> String {
    let mut words = ran.text(home);
    if let (Some(from), Some(to)) = (words.find("odd\n"), words.find("unread  old.h5")) {
        assert!(words[from..to].contains("licence not confirmed"), "{words}");
        words.replace_range(from..to, "[TERMS]\n");
    }
    let words = words.split_inclusive([' ', '\n']).map(|word| {
        let bare = word.trim_end();
        let shown = match bare {
            _ if bare.starts_with("sha256:") => "[DIGEST]",
            _ if bare.len() == 26 && bare.starts_with("01") => "[RECORD]",
            _ if bare.len() == 10 && bare.starts_with("20") => "[DAY]",
            _ => bare,
        };
        word.replace(bare, shown)
    });
    words.collect()
}

/// The entries of the log that are about admissions.
fn recorded(home: &Path, event: &str) -> Vec<Value> {
    let data = home.join("data").display().to_string();
    let tail = run(home, &["audit", "tail", "-n", "1000", "--json", "--dir", &data]);
    let entries = tail.stdout.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        entry["recorded"].clone()
    });
    entries.filter(|entry| entry["event"] == event).map(|entry| entry["detail"].clone()).collect()
}

#[test]
fn what_was_accepted_is_recorded_and_the_log_verifies() {
    let home = tempfile::tempdir().expect("a folder");
    let path = doubtful(home.path());
    let refused = vet(home.path(), &[&path, "--admit", "--by", "ada"]);
    assert_snapshot!(plain(home.path(), &refused), @r#"
    code: 1
    --- out
    [TERMS]
    unread  old.h5
      hdf5/not-read
        `/`: the superblock is not known: byte 0
        A part of an HDF5 file that is not read. An attribute or group of a kind that is not known here, or a damaged one.

    2 files: 1 unread, 1 clean
    Nothing is said about what is unread.
    What to do: freehold vet --explain hdf5/not-read

    odd is not admitted
      old.h5 has a finding hdf5/not-read (unread), and nobody accepts it
        `--explain hdf5/not-read` says what it means; if you know better, `--accept hdf5/not-read="REASON"`
      the terms of the weights are not confirmed (terms/not-confirmed), and nobody accepts it
        `--explain terms/not-confirmed` says what it means; if you know better, `--accept terms/not-confirmed="REASON"`
    "#);
    assert_eq!(events(home.path()), [""; 0]);
    let accept = "hdf5/not-read=read it, line by line";
    let known = ["--admit", "--by", "ada", "--role", "security", "--until", "2027-01-31"];
    let terms = "terms/not-confirmed=nothing that anybody would sue for";
    let known =
        [&[path.as_str()], &known[..], &["--accept", accept, "--accept", terms, "--as", "odd-1"]]
            .concat();
    let ran = vet(home.path(), &known);
    assert_snapshot!(plain(home.path(), &ran), @"
    code: 0
    --- out
    [TERMS]
    unread  old.h5
      hdf5/not-read
        `/`: the superblock is not known: byte 0
        A part of an HDF5 file that is not read. An attribute or group of a kind that is not known here, or a damaged one.

    2 files: 1 unread, 1 clean
    Nothing is said about what is unread.
    What to do: freehold vet --explain hdf5/not-read

    odd-1 is admitted by ada until [DAY]
      digest   [DIGEST]
      licence  not confirmed
      record   [RECORD]
      accepted hdf5/not-read (unread): read it, line by line
      accepted terms/not-confirmed (unread): nothing that anybody would sue for
    The embedded engine will not load it: [HOME]/odd/old.h5 is a model in a format that is not served: only safetensors and GGUF are read. Take the publisher's safetensors or GGUF file, and move this one out of the folder.
    ");
    let printed = vet(home.path(), &[&known[..], &["--json"]].concat());
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    valid_text("vet", home.path(), &printed.stdout);
    let entry = recorded(home.path(), "model_admitted").remove(0);
    assert_eq!(entry["name"], "odd-1");
    assert_eq!(entry["signed_off_by"], "ada");
    assert_eq!(entry["role"], "security");
    assert_eq!(entry["until"], "2027-01-31");
    assert_eq!(entry["accepted"][0]["reason"], "read it, line by line");
    let files = entry["files"].as_array().expect("a list");
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file["digest"].as_str().unwrap().starts_with("sha256:")));
    assert!(entry["recorded_by"].as_str().unwrap().starts_with("os:"));

    let listed = vet(home.path(), &["list", "--json"]);
    valid_text("vet-list", home.path(), &listed.stdout);
    assert_snapshot!(plain(home.path(), &vet(home.path(), &["list"])), @"
    code: 0
    --- out
    odd-1  until [DAY]
      admitted [DAY] by ada (security); licence not confirmed
      accepted hdf5/not-read (unread): read it, line by line
      accepted terms/not-confirmed (unread): nothing that anybody would sue for
      [DIGEST]  record [RECORD]
    ");
    let data = home.path().join("data").display().to_string();
    let verified = run(home.path(), &["audit", "verify", "--dir", &data]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    let tail = run(home.path(), &["audit", "tail", "--dir", &data]).stdout;
    assert!(tail.contains("model_admitted odd-1 by ada until 2027-01-31"), "{tail}");
    let record = listed.json()["record"].as_str().expect("a record").to_owned();
    let shown = run(home.path(), &["audit", "show", &record, "--dir", &data]).stdout;
    assert!(shown.contains("old.h5") && shown.contains("line by line"), "{shown}");
}

#[test]
fn the_operator_s_rules_hold() {
    let home = tempfile::tempdir().expect("a folder");
    let path = doubtful(home.path());
    let file = home.path().join("freehold.toml");
    let text = "schema = 1\n[vet]\nallow = [\"osi\"]\nreverify_days = 30\nrequire_second = true\n\
                [[vet.accept]]\nrules = [\"hdf5/*\"]\nby = [\"role:security\"]\n";
    fs::write(&file, text).expect("written");
    let file = file.display().to_string();
    let ran = vet(
        home.path(),
        &[&path, "--admit", "--by", "eve", "--accept", "hdf5/not-read=fine", "--config", &file],
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for words in ["eve may not accept", "[[vet.accept]]", "not confirmed"] {
        assert!(ran.stdout.contains(words), "no {words}: {}", ran.stdout);
    }
    assert_eq!(recorded(home.path(), "model_admitted"), Vec::<Value>::new());
}

#[test]
fn every_changed_added_or_missing_file_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let path = tiny(home.path());
    admit(home.path(), Path::new(&path));
    let refused = |file: &str, words: &str| {
        let said = Server::try_start(home.path(), &["--model", &path]).err().expect("no start");
        assert!(said.contains(file) && said.contains(words), "{said}");
        assert!(said.contains("vet") && said.contains("--admit --by"), "{said}");
    };
    let weights = Path::new(&path).join("model.safetensors");
    let good = fs::read(&weights).expect("readable");
    let mut bad = good.clone();
    *bad.last_mut().expect("a byte") ^= 1;
    fs::write(&weights, &bad).expect("written");
    refused("model.safetensors", "changed after it was admitted");
    fs::remove_file(&weights).expect("removed");
    refused("model.safetensors", "is not now");
    fs::write(&weights, &good).expect("written");
    let more = Path::new(&path).join("more.json");
    fs::write(&more, "{}").expect("written");
    refused("more.json", "was not there");
    fs::remove_file(&more).expect("removed");
    let server = Server::start(home.path(), &["--model", &path]);
    assert_eq!(server.say("tiny", "Hello").expect("an answer").status, 200);
}

#[test]
fn a_revoked_model_is_refused_at_once_and_later() {
    let home = tempfile::tempdir().expect("a folder");
    let path = tiny(home.path());
    admit(home.path(), Path::new(&path));
    let server = Server::start(home.path(), &["--model", &path]);
    assert_eq!(server.say("tiny", "Hello").expect("an answer").status, 200);
    let by = ["--by", "eve", "--reason", "its licence changed"];
    assert_eq!(vet(home.path(), &[&["revoke", "other"], &by[..]].concat()).code, 1);
    let ran = vet(home.path(), &[&["revoke", "tiny", "--json"], &by[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.json()["revoked"][0], "tiny");
    let answer = server.say("tiny", "Hello").expect("an answer");
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (403, &"model_revoked".into()));
    assert_eq!(server.say("house", "Hello").expect("an answer").status, 200);
    // Beside a running Freehold, through its own door: it answers again without a restart.
    admit(home.path(), Path::new(&path));
    assert_eq!(server.say("tiny", "Hello").expect("an answer").status, 200);
    assert_eq!(vet(home.path(), &[&["revoke", "tiny"], &by[..]].concat()).code, 0);
    assert_eq!(server.stop(), 0);
    let said = Server::try_start(home.path(), &["--model", &path]).err().expect("no start");
    assert!(said.contains("was revoked by eve: its licence changed"), "{said}");
    assert_eq!(recorded(home.path(), "model_revoked").len(), 2);
    // The store is an index of the log and comes back from it.
    let before = vet(home.path(), &["list", "--json"]).stdout;
    assert!(before.contains("its licence changed"), "{before}");
    assert_eq!(vet(home.path(), &["list", "--rebuild", "--json"]).stdout, before);
}

#[test]
fn terms_are_shown_accepted_by_name_and_recorded() {
    let home = tempfile::tempdir().expect("a folder");
    let path = tiny(home.path());
    let card = Path::new(&path).join("README.md");
    fs::write(&card, "---\nlicense: llama3\n---\n# Tiny\n").expect("written");
    let by = [path.as_str(), "--admit", "--by", "ada", "--users", "900000000"];
    let refused = vet(home.path(), &by);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    for words in [
        "you may not ship it",
        "Stands against it",
        "weights",
        "terms/may-not-ship",
        "[[vet.accept]]",
    ] {
        assert!(refused.stdout.contains(words), "no {words}: {}", refused.stdout);
    }
    // A reason is not enough: somebody must be named for it.
    let accept = "terms/may-not-ship=we hold a licence of our own, of 2026-11-02";
    let alone = vet(home.path(), &[&by[..], &["--accept", accept]].concat());
    assert!(alone.code == 1 && alone.stdout.contains("may not accept"), "{}", alone.stdout);
    let file = home.path().join("freehold.toml");
    let text = "schema = 1\n[[vet.accept]]\nrules = [\"terms/*\"]\nby = [\"role:legal\"]\n";
    fs::write(&file, text).expect("written");
    let file = file.display().to_string();
    let legal = ["--accept", accept, "--role", "legal", "--config", &file, "--json"];
    let ran = vet(home.path(), &[&by[..], &legal].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    valid_text("vet", home.path(), &ran.stdout);
    let entry = recorded(home.path(), "model_admitted").remove(0);
    assert_eq!(entry["terms"][0]["may_ship"], "no");
    assert!(entry["terms"][0]["conflicts"][0].as_str().unwrap().contains("900"), "{entry}");
    let rules = entry["accepted"].as_array().expect("a list").iter().map(|it| &it["rule"]);
    assert!(rules.into_iter().any(|rule| rule == "terms/may-not-ship"), "{entry}");
    let explained = vet(home.path(), &["--explain", "terms/may-not-ship"]);
    assert!(explained.stdout.contains("[[vet.accept]]"), "{}", explained.stdout);
}

#[test]
fn thousands_of_files_are_one_admission() {
    let home = tempfile::tempdir().expect("a folder");
    let path = tiny(home.path());
    fs::create_dir(Path::new(&path).join("more")).expect("made");
    for number in 0..2000 {
        let name = format!("more/a-file-with-a-rather-long-name-as-shards-have-{number:05}.json");
        fs::write(Path::new(&path).join(name), format!("{{\"n\":{number}}}")).expect("written");
    }
    admit(home.path(), Path::new(&path));
    let entry = recorded(home.path(), "model_admitted").remove(0);
    let (count, whole) = (entry["count"].as_u64().unwrap(), entry["beside"].as_str().unwrap());
    assert!(count > 2000 && entry["files"] == Value::Array(Vec::new()), "{entry}");
    let listed = vet(home.path(), &["list", "--json"]);
    valid_text("vet-list", home.path(), &listed.stdout);
    assert_eq!(listed.json()["files"].as_array().unwrap().len() as u64, count);
    let server = Server::start(home.path(), &["--model", &path]);
    assert_eq!(server.say("tiny", "Hello").expect("an answer").status, 200);
    assert_eq!(server.stop(), 0);
    let refused = |words: &str| {
        let said = Server::try_start(home.path(), &["--model", &path]).err().expect("no start");
        assert!(said.contains(words), "{said}");
    };
    // The file that changed is named, though the log's entry does not hold its name.
    let changed =
        Path::new(&path).join("more/a-file-with-a-rather-long-name-as-shards-have-01234.json");
    let good = fs::read(&changed).expect("readable");
    fs::write(&changed, "{}").expect("written");
    refused("01234.json");
    fs::write(&changed, good).expect("written");
    // What the entry names by digest is checked, and must be there.
    let beside = format!("data/admissions/{}.json", whole.replace(':', "-"));
    let beside = home.path().join(beside);
    let good = fs::read_to_string(&beside).expect("readable");
    fs::write(&beside, good.replace("ada", "eve")).expect("written");
    refused("is not what the audit log names");
    fs::write(&beside, good).expect("written");
    let server = Server::start(home.path(), &["--model", &path]);
    assert_eq!(server.say("tiny", "Hello").expect("an answer").status, 200);
}

#[test]
fn what_is_due_is_said_in_time() {
    let home = tempfile::tempdir().expect("a folder");
    let path = doubtful(home.path());
    let accept = "hdf5/not-read=known";
    let terms = ["--accept", "terms/not-confirmed=known"];
    let known = [&path, "--admit", "--by", "ada", "--accept", accept];
    let ran = vet(home.path(), &[&known[..], &terms].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(vet(home.path(), &["due"]).code, 0);
    assert_eq!(vet(home.path(), &["due", "--within", "30d"]).code, 0);
    let due = vet(home.path(), &["due", "--within", "53w", "--json"]);
    assert_eq!(due.code, 1, "{}", due.stderr);
    valid_text("vet-list", home.path(), &due.stdout);
    assert_eq!(due.json()["name"], "odd");
}
