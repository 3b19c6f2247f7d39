//! `freehold key`: keys with less than all rights, made and revoked beside a running Freehold and
//! without one.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Ran, Server, events, request, request_with, run};

fn key(home: &Path, arguments: &[&str]) -> Ran {
    let data = home.join("data").display().to_string();
    run(home, &[&["key"], arguments, &["--dir", &data]].concat())
}

fn models(server: &Server, secret: &str) -> u16 {
    let path = "/v1/models";
    request(&server.gateway(), "GET", path, secret, None).expect("an answer").status
}

fn ask(server: &Server, secret: &str, class: &str) -> (u16, String) {
    let body = json!({
        "model": "house",
        "messages": [{ "role": "user", "content": "Who are you?" }],
        "max_tokens": 4,
    });
    let headers = [("x-freehold-class", class)];
    let path = "/v1/chat/completions";
    let answer = request_with(&server.gateway(), "POST", path, secret, &headers, Some(&body));
    let answer = answer.expect("an answer");
    let code = answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned();
    (answer.status, code)
}

/// What the log says about keys: event, key, name, by whom, in order.
fn recorded(home: &Path, id: &str) -> Vec<(String, Value)> {
    let data = home.join("data").display().to_string();
    let tail = run(home, &["audit", "tail", "-n", "1000", "--json", "--dir", &data]);
    let entries = tail.stdout.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        entry["recorded"].clone()
    });
    entries
        .filter(|entry| entry["detail"]["key"] == id)
        .map(|entry| {
            let event = entry["event"].as_str().expect("an event's name").to_owned();
            (event, entry["detail"].clone())
        })
        .collect()
}

#[test]
fn a_running_freehold_makes_and_revokes_keys_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let made =
        key(home.path(), &["create", "batch", "--tools", "a,b", "--max-class", "public", "--json"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let made = made.json();
    let (id, secret) = (made["id"].as_str().expect("id"), made["secret"].as_str().expect("secret"));
    assert!(secret.starts_with(&format!("fh_{id}")), "{id}");

    assert_eq!(ask(&server, secret, "public"), (200, String::new()));
    assert_eq!(ask(&server, secret, "internal"), (403, "class_limit".to_owned()));
    let listed = key(home.path(), &["list", "--json"]);
    let listed: Vec<Value> =
        listed.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ours = listed.iter().find(|key| key["id"] == id).expect("it is listed");
    assert_eq!((&ours["tools"], &ours["max_class"]), (&json!(["a", "b"]), &json!("public")));
    assert!(!listed.iter().any(|key| key.to_string().contains(secret)));

    assert_eq!(key(home.path(), &["revoke", id]).code, 0);
    assert_eq!(models(&server, secret), 401);
    assert_eq!(key(home.path(), &["revoke", id]).code, 1, "only once");
    assert_eq!(models(&server, &server.key), 200);

    let recorded = recorded(home.path(), id);
    let events: Vec<_> = recorded.iter().map(|(event, _)| event.as_str()).collect();
    assert_eq!(events, ["key_created", "key_revoked"]);
    let detail = &recorded[0].1;
    assert_eq!((&detail["name"], &detail["principal"]), (&json!("batch"), &json!("key:batch")));
    assert!(detail["by"].as_str().is_some_and(|by| by.starts_with("os:")), "{detail}");
    assert_eq!(server.stop(), 0);
}

#[test]
fn keys_made_and_revoked_without_one_are_recorded_too() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = key(home.path(), &["create", "early"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("hint:") && ran.stderr.contains(" up` makes"), "{}", ran.stderr);

    assert_eq!(Server::start(home.path(), &[]).stop(), 0);
    let make = |name| key(home.path(), &["create", name, "--json"]).json();
    let (kept, gone) = (make("kept"), make("gone"));
    assert_eq!(key(home.path(), &["revoke", gone["secret"].as_str().expect("secret")]).code, 0);

    let server = Server::start(home.path(), &[]);
    assert_eq!(models(&server, kept["secret"].as_str().expect("secret")), 200);
    assert_eq!(models(&server, gone["secret"].as_str().expect("secret")), 401);
    let events = |made: &Value| {
        let recorded = recorded(home.path(), made["id"].as_str().expect("id"));
        recorded.into_iter().map(|(event, _)| event).collect::<Vec<_>>()
    };
    assert_eq!(events(&kept), ["key_created"]);
    assert_eq!(events(&gone), ["key_created", "key_revoked"]);
}

#[test]
fn the_first_key_once_revoked_has_no_successor() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let first = server.key.clone();
    assert_eq!(key(home.path(), &["revoke", &first]).code, 0);
    assert_eq!(models(&server, &first), 401);
    assert_eq!(server.stop(), 0);
    let server = Server::start(home.path(), &[]);
    assert_eq!((server.key.as_str(), models(&server, &server.key)), (first.as_str(), 401));
    let listed = key(home.path(), &["list", "--json"]).stdout;
    assert_eq!(listed.lines().filter(|line| line.contains("\"first key\"")).count(), 1, "{listed}");
}

#[test]
fn its_socket_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let socket = std::fs::metadata(server.directory.join("control")).expect("it is there");
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_lost_first_key_has_no_silent_successor() {
    let home = tempfile::tempdir().expect("a folder");
    assert_eq!(Server::start(home.path(), &[]).stop(), 0);
    std::fs::remove_file(home.path().join("data/api-key")).expect("removed");
    let server = Server::start(home.path(), &[]);
    let (ready, lost) = (server.ready.clone(), server.key.is_empty());
    assert!(lost && ready["api_key_file"].is_null() && ready["first_start"] == false, "{ready}");
    let listed = key(home.path(), &["list", "--json"]).stdout;
    assert_eq!(listed.lines().filter(|line| line.contains("\"first key\"")).count(), 1, "{listed}");
    let made = key(home.path(), &["create", "next", "--json"]).json();
    assert_eq!(models(&server, made["secret"].as_str().expect("secret")), 200);
}

#[test]
fn a_lost_store_is_not_replaced_unless_ordered() {
    for lost in ["freehold.sqlite", "freehold.epoch-keys"] {
        let home = tempfile::tempdir().expect("a folder");
        let data = home.path().join("data");
        let server = Server::start(home.path(), &[]);
        let old = server.key.clone();
        let record = server.say("house", "Who are you?").expect("an answer").record();
        assert_eq!(server.stop(), 0);
        std::fs::remove_file(data.join(lost)).expect("removed");

        let place = data.display().to_string();
        let shown = run(home.path(), &["audit", "show", &record, "--json", "--dir", &place]);
        assert_eq!(shown.json()["entries"][0]["body_state"], "sealed", "{}", shown.stderr);
        let verbs = [&["up", "--dir", &place][..], &["key", "list", "--dir", &place]];
        for verb in verbs {
            let ran = run(home.path(), verb);
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{verb:?}: {}", ran.stderr);
            let named = ran.stderr.contains(&format!("{lost} is missing"));
            assert!(named && ran.stderr.contains("--new-store"), "{}", ran.stderr);
            assert!(!data.join(lost).exists(), "{verb:?} made it");
        }

        let server = Server::start(home.path(), &["--new-store"]);
        assert_eq!((models(&server, &old), models(&server, &server.key)), (401, 200));
        assert!(events(home.path()).contains(&"store_replaced".to_owned()));
        assert_eq!(server.stop(), 0);
        let left = if lost == "freehold.sqlite" { "epoch-keys" } else { "sqlite" };
        assert!(data.join(format!("freehold.{left}.lost-1")).exists(), "what is left is kept");
        let again = Server::try_start(home.path(), &["--new-store"]).err().expect("refused");
        assert!(again.contains("nothing of the key store"), "{again}");
    }
}
