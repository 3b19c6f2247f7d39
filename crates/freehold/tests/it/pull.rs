//! `freehold pull` from a hub on this machine. What a pull bears is shown in `freehold-hub`'s own tests;
//! here is what people and scripts see, and what a kill in the middle leaves.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use freehold_testkit::hub::{File, Hub, Redirect, commit};
use insta::assert_snapshot;

use crate::harness::{Ran, finish, program, run, wait_until, witness};

/// `os.system("id")` as a pickle: never loaded, only read.
const PICKLE: &[u8] = b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.";

fn serve(repository: &str, files: &[(&str, File)]) -> Hub {
    Hub::serve(repository, files).expect("a port")
}

fn model() -> Vec<(&'static str, File)> {
    vec![
        (".gitattributes", File::text("*.safetensors filter=lfs\n")),
        ("README.md", File::text("---\nlicense: apache-2.0\n---\n# A model\n")),
        ("config.json", File::text("{\"model_type\": \"llama\"}\n")),
        ("model.safetensors", File::large(&weights())),
        ("pytorch_model.bin", File::large(PICKLE)),
    ]
}

/// 100 kB in one tensor.
fn weights() -> Vec<u8> {
    let header = r#"{"w":{"dtype":"U8","shape":[100000],"data_offsets":[0,100000]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend((0..100_000_u32).map(|at| u8::try_from(at * 31 % 251).unwrap()));
    bytes
}

fn pull(home: &Path, hub: &Hub, more: &[&str]) -> Ran {
    let (data, endpoint) = (home.join("data").display().to_string(), hub.endpoint());
    let first = ["pull", "a/model", "--dir", &data, "--endpoint", &endpoint];
    let mut ran = run(home, &[&first, more].concat());
    for text in [&mut ran.stdout, &mut ran.stderr] {
        *text = text.replace(&hub.address.to_string(), "HUB").replace(&commit(1), "[COMMIT]");
    }
    // The terms have tests of their own.
    if let (Some(from), Some(to)) = (ran.stdout.find("\n\n"), ran.stdout.find("3 files: 3 clean")) {
        assert!(ran.stdout[from..to].contains("weights  Apache License 2.0"), "{}", ran.stdout);
        ran.stdout.replace_range(from + 2..to, "[TERMS]\n");
    }
    // Files come side by side.
    let (mut lines, rest): (Vec<_>, Vec<_>) = ran
        .stderr
        .lines()
        .map(str::to_owned)
        .partition(|line| line.get(1..2) == Some("/") && line.contains("  "));
    lines.iter_mut().for_each(|line| line.replace_range(..1, "n"));
    lines.sort();
    let all: Vec<_> = lines.into_iter().chain(rest).collect();
    ran.stderr = if all.is_empty() { String::new() } else { all.join("\n") + "\n" };
    ran
}

#[test]
fn a_model_is_pulled_vetted_and_named() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = serve("a/model", &model());
    assert_snapshot!(pull(home.path(), &hub, &[]).text(home.path()), @r#"
    code: 2
    --- out
    a/model  from http://HUB
      commit    [COMMIT]  (main as of now)
      licence   apache-2.0, as the card declares; not checked
      files     3, 100.1 kB
      left out  1, 23 bytes: pickles, which can run code; the folder has safetensors
                1, 25 bytes: names that begin with a dot, no part of a model

    --- err
    error: 100.1 kB in 3 files would be fetched, and there is no terminal to ask
    hint: add --yes, or choose files with --include and --exclude
    "#);
    assert_snapshot!(pull(home.path(), &hub, &["--yes"]).text(home.path()), @r#"
    code: 0
    --- out
    a/model  from http://HUB
      commit    [COMMIT]  (main as of now)
      licence   apache-2.0, as the card declares; not checked
      files     3, 100.1 kB
      left out  1, 23 bytes: pickles, which can run code; the folder has safetensors
                1, 25 bytes: names that begin with a dot, no part of a model

    [TERMS]
    3 files: 3 clean
    Vetted and visible; 100.1 kB came:

      [HOME]/data/models/snapshots/a--model@[COMMIT]

    To sign it off under these terms, on record, and then to serve it:

      freehold vet --dir [HOME]/data [HOME]/data/models/snapshots/a--model@[COMMIT] --admit --by "$USER"
      freehold up --dir [HOME]/data --model [HOME]/data/models/snapshots/a--model@[COMMIT]
    --- err
    n/3  README.md  38 bytes
    n/3  config.json  24 bytes
    n/3  model.safetensors  100.0 kB
    "#);
    let into = home.path().join("copy").display().to_string();
    assert_snapshot!(pull(home.path(), &hub, &["--into", &into]).text(home.path()), @r#"
    code: 0
    --- out
    a/model  from http://HUB
      commit    [COMMIT]  (main as of now)
      licence   apache-2.0, as the card declares; not checked
      files     3, 100.1 kB
      left out  1, 23 bytes: pickles, which can run code; the folder has safetensors
                1, 25 bytes: names that begin with a dot, no part of a model

    [TERMS]
    3 files: 3 clean
    It was here already, and is as it was:

      [HOME]/data/models/snapshots/a--model@[COMMIT]
      [HOME]/copy  (a copy)

    To sign it off under these terms, on record, and then to serve it:

      freehold vet --dir [HOME]/data [HOME]/data/models/snapshots/a--model@[COMMIT] --admit --by "$USER"
      freehold up --dir [HOME]/data --model [HOME]/data/models/snapshots/a--model@[COMMIT]
    "#);
    assert_eq!(fs::read(home.path().join("copy/model.safetensors")).unwrap(), weights());
    let offline = ["pull", "a/model", "--offline", "--json", "--dir"];
    let data = home.path().join("data").display().to_string();
    drop(hub);
    let ran = run(home.path(), &[&offline[..], &[&data]].concat());
    assert_eq!((ran.code, ran.json()["state"].as_str()), (0, Some("visible")), "{}", ran.stderr);
    crate::json::valid_text("pull", home.path(), &ran.stdout);
}

#[test]
fn what_could_do_harm_stays_in_quarantine() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = serve("a/model", &model());
    let ran = pull(home.path(), &hub, &["--yes", "--include", "*.bin", "--include", "*.json"]);
    assert_snapshot!(ran.text(home.path()), @r#"
    code: 1
    --- out
    a/model  from http://HUB
      commit    [COMMIT]  (main as of now)
      licence   apache-2.0, as the card declares; not checked
      files     2, 47 bytes
      left out  1, 25 bytes: names that begin with a dot, no part of a model
                2, 100.1 kB: left out by --include or --exclude

    malicious  pytorch_model.bin
      pickle/os-system
        calls os.system("id"): byte 21
        It runs a command or touches the system through Python's os. Loading the pickle imports and calls it: whoever made the file acts as you.

    2 files: 1 malicious, 1 clean
    What to do: freehold vet --explain pickle/os-system

    It stays in quarantine, where no engine looks:

      [HOME]/data/models/quarantine/a--model@[COMMIT]+e43e333b

    To take the rest of it without what was found:

      freehold pull a/model@[COMMIT] --dir [HOME]/data --endpoint http://HUB --include '*.bin' --include '*.json' --exclude pytorch_model.bin

    To see all that was found, and to be rid of it:

      freehold vet [HOME]/data/models/quarantine/a--model@[COMMIT]+e43e333b --all
      rm -r [HOME]/data/models/quarantine/a--model@[COMMIT]+e43e333b
    --- err
    n/2  config.json  24 bytes
    n/2  pytorch_model.bin  23 bytes
    "#);
    let ran = pull(home.path(), &hub, &["--yes", "--json", "--include", "*"]);
    assert_eq!((ran.code, ran.json()["state"].as_str()), (1, Some("quarantined")));
    crate::json::valid_text("pull", home.path(), &ran.stdout.replace("[COMMIT]", &commit(1)));
    let snapshots = home.path().join("data/models/snapshots");
    assert!(!snapshots.exists());
}

#[test]
fn no_answer_says_the_way_out() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = serve("a/model", &model());
    hub.state().token = Some("hf_right".to_owned());
    hub.state().gated = true;
    assert_snapshot!(pull(home.path(), &hub, &["--yes"]).text(home.path()), @r#"
    code: 2
    --- err
    error: access to a/model has to be asked for at the hub
    hint: accept the terms at http://HUB/a/model, and give your token in HF_TOKEN
    "#);
    assert_snapshot!(run(home.path(), &["pull", "../model"]).text(home.path()), @r#"
    code: 2
    --- err
    error: `../model` is no repository's name
    hint: a repository is called OWNER/NAME, as in `freehold pull Qwen/Qwen3-0.6B`; a revision follows after @
    "#);
    let plain = ["pull", "a/model", "--endpoint", "http://hub.example"];
    assert_snapshot!(run(home.path(), &plain).text(home.path()), @r#"
    code: 2
    --- err
    error: `http://hub.example` is not encrypted
    hint: use https://; only a hub on this machine may go without
    "#);
    let mut command = program(home.path());
    command.args(["pull", "a/model"]).env("HF_HUB_OFFLINE", "1");
    assert_snapshot!(finish(&mut command).text(home.path()), @r#"
    code: 2
    --- err
    error: a/model at `main` was never pulled here, and nothing is asked of a hub
    hint: pull it once without --offline and without HF_HUB_OFFLINE
    "#);
}

#[test]
fn the_environment_is_read_as_huggingface_hub_reads_it() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = serve("a/model", &model());
    hub.state().token = Some("hf_right".to_owned());
    hub.state().redirect = Redirect::Elsewhere;
    let kept = home.path().join(".cache/huggingface");
    fs::create_dir_all(&kept).expect("it can be made");
    fs::write(kept.join("token"), "hf_right\n").expect("it can be written");
    let pull = |token: Option<&str>| {
        let mut command = program(home.path());
        command.args(["pull", "a/model", "--yes"]).env("HF_ENDPOINT", hub.endpoint());
        if let Some(token) = token {
            command.env("HF_TOKEN", token);
        }
        finish(&mut command).code
    };
    // What the public hub gave out is not shown to another one.
    assert_eq!(pull(None), 2);
    assert!(hub.state().seen.iter().all(|seen| !seen.headers.contains_key("authorization")));
    assert_eq!(pull(Some("hf_right")), 0);
    let state = hub.state();
    let mut elsewhere = state.seen.iter().filter(|seen| seen.elsewhere);
    assert!(elsewhere.all(|seen| !seen.headers.contains_key("authorization")));
}

#[test]
fn a_kill_in_the_middle_loses_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let hub = serve("a/model", &model());
    hub.state().stall_after = Some(60_000);
    let data = home.path().join("data").display().to_string();
    let mut child = program(home.path())
        .args(["pull", "a/model", "--yes", "--dir", &data, "--endpoint", &hub.endpoint()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program can be started");
    let incoming = home.path().join("data/models/incoming/a--model");
    wait_until(Duration::from_secs(60), "the first part of the weights", || {
        let parts = fs::read_dir(&incoming).into_iter().flatten().flatten();
        parts.filter_map(|part| part.metadata().ok()).any(|part| part.len() == 60_000)
    });
    child.kill().expect("it can be killed");
    child.wait().expect("it can be waited for");
    assert!(!home.path().join("data/models/snapshots").exists());
    hub.state().stall_after = None;
    hub.state().seen.clear();
    let ran = pull(home.path(), &hub, &["--yes", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Only what was missing came.
    let left = weights().len() - 60_000;
    assert_eq!(ran.json()["fetched"], left, "{}", ran.stdout);
    let ranges: Vec<_> =
        hub.state().seen.iter().filter_map(|seen| seen.headers.get("range").cloned()).collect();
    assert_eq!(ranges, ["bytes=60000-"]);
    let path = ran.json()["path"].as_str().expect("a path").replace("[COMMIT]", &commit(1));
    assert_eq!(fs::read(Path::new(&path).join("model.safetensors")).unwrap(), weights());
}

/// The public hub's own client takes the tests' hub for one, and gets the same bytes.
#[test]
fn huggingface_hub_pulls_from_the_same_hub() {
    for redirect in [Redirect::None, Redirect::SameHost, Redirect::Elsewhere] {
        let home = tempfile::tempdir().expect("a folder");
        let hub = serve("a/model", &model());
        hub.state().redirect = redirect;
        hub.state().page = 2;
        hub.state().token = Some("hf_right".to_owned());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/hub_client.py");
        let output = Command::new(witness("FREEHOLD_PYTHON"))
            .arg(script)
            .args([&hub.endpoint(), "a/model", &home.path().display().to_string()])
            .env("TOKEN", "hf_right")
            .output()
            .expect("Python can be started");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let mut expected = vec![commit(1)];
        for (name, file) in model() {
            expected.push(format!("{name} {}", sha256(&file.given)));
        }
        assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    }
}

fn sha256(bytes: &[u8]) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
