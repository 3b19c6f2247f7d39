//! `freehold up`: it starts, starts again, and says the way out where it cannot.

use std::{fs, net::TcpListener, path::Path, time::Duration};

use insta::assert_snapshot;
use serde_json::json;

use crate::harness::{
    Ran, Server, admit, children, events, finish, program, request, run, wait_until,
};

fn up(home: &Path, more: &[&str]) -> Ran {
    let mut command = program(home);
    command.env("RUST_LOG", "off").args([
        "up",
        "--json",
        "--listen",
        "127.0.0.1:0",
        "--console",
        "127.0.0.1:0",
    ]);
    finish(command.args(more))
}

fn data(home: &Path) -> String {
    home.join("data").display().to_string()
}

#[test]
fn it_answers_and_starts_again_with_all_it_had() {
    let home = tempfile::tempdir().expect("a folder");
    let first = Server::start(home.path(), &[]);
    assert_eq!(first.ready["first_start"], true);
    assert_eq!(first.ready["pid"], first.pid());
    let answer = first.say("house", "Who are you?").expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!answer.json()["choices"][0]["message"]["content"].as_str().unwrap().is_empty());
    let (key, record) = (first.key.clone(), answer.record());
    assert_eq!(first.stop(), 0);

    let second = Server::start(home.path(), &[]);
    assert_eq!(second.ready["first_start"], false);
    assert_eq!(second.key, key);
    let shown = run(home.path(), &["audit", "show", &record, "--dir", &data(home.path())]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("Who are you?"), "{}", shown.stdout);
    assert_eq!(second.stop(), 0);

    let events = events(home.path());
    let count = |kind: &str| events.iter().filter(|event| *event == kind).count();
    assert_eq!((count("started"), count("stopped"), count("config_loaded")), (2, 2, 2));
    assert!(count("model_admitted") >= 2, "{events:?}");
    assert!(count("key_created") >= 1, "{events:?}");
}

#[test]
fn its_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&server.directory), 0o700);
    assert_eq!(mode(&server.directory.join("api-key")), 0o600);
    for entry in fs::read_dir(&server.directory).expect("readable") {
        let path = entry.expect("an entry").path();
        let open = mode(&path) & 0o077;
        assert!(open == 0 || path.is_file(), "{} has mode {open:o}", path.display());
    }
}

#[test]
fn a_key_is_needed_and_a_wrong_one_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let body = json!({ "model": "house", "messages": [] });
    let refused = request(&server.gateway(), "POST", "/v1/chat/completions", "fh_no", Some(&body));
    assert_eq!(refused.expect("an answer").status, 401);
    let models = request(&server.gateway(), "GET", "/v1/models", &server.key, None);
    let models = models.expect("an answer").json();
    assert!(models["data"].as_array().unwrap().iter().any(|model| model["id"] == "house"));
}

#[test]
fn one_directory_one_freehold() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let ran = up(home.path(), &["--dir", &data(home.path())]);
    let text = ran.text(home.path()).replace(&server.pid().to_string(), "[PID]");
    assert_snapshot!(text, @"
    code: 2
    --- err
    error: another Freehold (process [PID]) is using [HOME]/data
    hint: use that one, stop it, or start beside it with `freehold up --dir DIR --listen 127.0.0.1:0 --console 127.0.0.1:0`
    ");
}

#[test]
fn a_busy_port_has_a_way_out() {
    let home = tempfile::tempdir().expect("a folder");
    let busy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = busy.local_addr().expect("an address").to_string();
    let ran =
        finish(program(home.path()).args(["up", "--console", "127.0.0.1:0", "--listen", &address]));
    assert_snapshot!(ran.text(home.path()).replace(&address, "[ADDRESS]"), @"
    code: 2
    --- err
    error: the gateway cannot listen on [ADDRESS]
    cause: Address already in use (os error 98)
    hint: another program has this port; take a free one with `freehold up --listen 127.0.0.1:0`
    ");
    let left = fs::read_dir(home.path()).expect("readable").count();
    assert_eq!(left, 0, "nothing is made for a port that is not to be had");
}

#[test]
fn gateway_and_console_need_an_address_each() {
    let home = tempfile::tempdir().expect("a folder");
    // A port that was free a moment ago; nothing tries to take it.
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let free = free.to_string();
    let ran = finish(program(home.path()).args(["up", "--console", &free, "--listen", &free]));
    assert_snapshot!(ran.text(home.path()).replace(&free, "[ADDRESS]"), @"
    code: 2
    --- err
    error: gateway and console are both to listen on [ADDRESS]
    hint: each needs a port of its own: `freehold up --console 127.0.0.1:0` takes a free one
    ");
}

#[test]
fn configuration_files_that_are_none() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("odd.toml");
    fs::write(&file, b"\xff\xfe").expect("written");
    let ran = up(home.path(), &["--config", &file.display().to_string()]);
    assert_snapshot!(ran.text(home.path()), @"
    code: 2
    --- err
    error: cannot read the configuration file [HOME]/odd.toml
    cause: stream did not contain valid UTF-8
    hint: save [HOME]/odd.toml as UTF-8 text
    ");
    let ran = up(home.path(), &["--config", &home.path().display().to_string()]);
    assert_snapshot!(ran.text(home.path()), @"
    code: 2
    --- err
    error: cannot read the configuration file [HOME]
    cause: Is a directory (os error 21)
    hint: name the file itself, as in `--config [HOME]/freehold.toml`
    ");
}

#[test]
fn addresses_that_are_none_have_a_way_out() {
    let home = tempfile::tempdir().expect("a folder");
    let addresses = ["8484", "localhost:8484", ":8484", "127.0.0.1", "127.0.0.1:99999"];
    let told = |address: &str| {
        let ran = finish(program(home.path()).args(["up", "--listen", address]));
        ran.text(home.path()).replace(&format!("\"{address}\""), "[ADDRESS]")
    };
    let first = told(addresses[0]);
    assert!(addresses.iter().all(|address| told(address) == first), "{first}");
    assert_snapshot!(first, @r#"
    code: 2
    --- err
    error: the configuration has a problem

    flag --listen: `gateway.listen` is [ADDRESS]; expected an address and a port, as "127.0.0.1:8484"
    hint: a numeric address and a port belong there, as in `freehold up --listen 127.0.0.1:8484`; port 0 takes a free one
    "#);
    assert_eq!(fs::read_dir(home.path()).expect("readable").count(), 0);
}

#[test]
fn a_directory_that_cannot_be_written() {
    let home = tempfile::tempdir().expect("a folder");
    // Nobody can make a folder there, not even root.
    let ran = up(home.path(), &["--dir", "/proc/self/freehold"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error: cannot write /proc/self/freehold"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: name a directory that you may write"), "{}", ran.stderr);
}

#[test]
fn a_broken_configuration() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("freehold.toml");
    fs::write(&file, "schema = 1\n[gateway]\nlisten = 8484\n").expect("written");
    let ran = up(home.path(), &["--config", &file.display().to_string()]);
    assert_snapshot!(ran.text(home.path()), @r#"
    code: 2
    --- err
    error: the configuration has a problem

    [HOME]/freehold.toml:3:10: `listen` is 8484; expected an address and a port, as "127.0.0.1:8484"
       |
     3 | listen = 8484
       |          ^^^^
    hint: change it and try `freehold config check`
    "#);
}

#[test]
fn models_that_are_not_admitted_or_not_known() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("odd");
    fs::create_dir(&folder).expect("made");
    let path = folder.display().to_string();
    let person = |text: String| {
        // Whoever runs the tests is suggested as the one who signs it off.
        let after = text.split("--by ").nth(1).and_then(|rest| rest.split(' ').next());
        let name = after.map(str::to_owned).unwrap_or_default();
        text.replace(&format!("--by {name} "), "--by [USER] ")
    };
    let config = json!({ "architectures": ["MambaForCausalLM"], "model_type": "mamba" });
    fs::write(folder.join("config.json"), config.to_string()).expect("written");
    fs::write(folder.join("tokenizer.json"), "{}").expect("written");
    // A header of two bytes and no tensors: the smallest file that is valid.
    fs::write(folder.join("model.safetensors"), b"\x02\0\0\0\0\0\0\0{}").expect("written");
    let ran = up(home.path(), &["--dir", &data(home.path()), "--model", &path]);
    assert_snapshot!(person(ran.text(home.path())), @"
    code: 2
    --- err
    error: model `odd` is not loaded
    cause: nobody admitted [HOME]/odd
    hint: `freehold vet [HOME]/odd --admit --by [USER] --dir [HOME]/data` reads every byte and signs it off; then start again
    ");

    admit(home.path(), &folder);
    let ran = up(home.path(), &["--dir", &data(home.path()), "--model", &path]);
    assert_snapshot!(ran.text(home.path()), @"
    code: 2
    --- err
    error: the engine did not start
    cause: model `odd` cannot be converted to GGUF
    cause: architecture `MambaForCausalLM` is not known; known are LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM, Gemma2ForCausalLM, Gemma3ForCausalLM, Gemma3ForConditionalGeneration, BertModel, BertForMaskedLM, BertForPreTraining
    hint: start without this model, or with a folder or GGUF file of a known family
    ");

    // A pickle may be signed off, for whoever else loads it; our engine never does.
    fs::write(folder.join("pytorch_model.bin"), b"\x80\x04}.").expect("written");
    admit(home.path(), &folder);
    let ran = up(home.path(), &["--dir", &data(home.path()), "--model", &path]);
    assert_snapshot!(ran.text(home.path()), @"
    code: 2
    --- err
    error: model `odd` is not loaded
    cause: [HOME]/odd/pytorch_model.bin is a pickle or could hold one: loading it runs whatever code its author put in. Take the publisher's safetensors file instead (or convert it on a machine that holds nothing of value), and move this one out of the folder.
    hint: start without it, or with a copy that holds only the model
    ");
    assert!(events(home.path()).contains(&"model_refused".to_owned()));
}

#[test]
fn the_worker_dies_with_its_parent() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let workers = children(server.pid());
    assert!(!workers.is_empty());
    server.kill();
    wait_until(Duration::from_secs(10), "the worker is gone", || {
        workers.iter().all(|pid| !Path::new(&format!("/proc/{pid}")).exists())
    });
}

#[test]
fn what_a_person_sees() {
    use std::io::Read;
    let home = tempfile::tempdir().expect("a folder");
    let mut child = program(home.path())
        .args(["up", "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", "--dir"])
        .arg(home.path().join("data"))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdout = child.stdout.take().expect("piped");
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains("Ctrl-C") {
        let read = stdout.read(&mut buffer).expect("readable");
        assert!(read > 0, "it ended after: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    child.kill().expect("killed");
    child.wait().expect("reaped");
    let key = fs::read_to_string(home.path().join("data/api-key")).expect("the key file");
    assert!(text.contains(key.trim()), "the first key is shown once: {text}");
    for part in ["/v1", "curl", "audit verify", "console"] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
}
