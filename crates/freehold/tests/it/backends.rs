//! A server elsewhere, declared in `freehold.toml`: asked through the gateway, recorded, and never
//! sent what it may not get.

use std::{fs, path::Path, sync::Arc};

use freehold_engine::{Call, ScriptedEngine, Step};
use freehold_testkit::backend::Backend;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, request_with, run};

/// A server that says which words it was asked with, on a runtime that lasts as long as it.
struct Far {
    engine: Arc<ScriptedEngine>,
    backend: Backend,
    _runtime: tokio::runtime::Runtime,
}

fn far() -> Far {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let say = |text: &str| Step::Say(text.to_owned());
    let engine = Arc::new(ScriptedEngine::new("behind", move |_: &Call| {
        vec![say("From"), say(" far"), say(" away.")]
    }));
    let backend = runtime.block_on(Backend::of(Arc::clone(&engine) as _)).expect("a port");
    Far { engine, backend, _runtime: runtime }
}

/// A Freehold for which the server is backend `far`, accepting up to internal data.
fn start(home: &Path, far: &Far) -> Server {
    let file = home.join("freehold.toml");
    let text = format!(
        "schema = 1\n[[backends]]\nid = \"far\"\nurl = \"{}\"\nresidency = \"premises\"\n\
         accepts = \"internal\"\nmodels = [{{ name = \"large\", served_as = \"scripted\" }}]\n",
        far.backend.base_url()
    );
    fs::write(&file, text).expect("written");
    Server::start(home, &["--config", &file.display().to_string()])
}

fn ask(server: &Server, class: &str, stream: bool) -> Answer {
    let body = json!({
        "model": "large",
        "messages": [{ "role": "user", "content": "Where are you?" }],
        "stream": stream,
    });
    let headers = [("x-freehold-class", class)];
    let path = "/v1/chat/completions";
    request_with(&server.gateway(), "POST", path, &server.key, &headers, Some(&body))
        .expect("an answer")
}

/// Intent and outcome of an answer, as `audit show` has them.
fn recorded(home: &Path, record: &str) -> (Value, Value) {
    let data = home.join("data").display().to_string();
    let shown = run(home, &["audit", "show", record, "--json", "--dir", &data]).json();
    let entry = |place: usize| shown["entries"][place]["recorded"].clone();
    assert_eq!(shown["entries"].as_array().map(Vec::len), Some(2), "{shown}");
    (entry(0), entry(1))
}

#[test]
fn it_is_asked_and_recorded() {
    let home = tempfile::tempdir().expect("a folder");
    let far = far();
    let server = start(home.path(), &far);
    for stream in [false, true] {
        let answer = ask(&server, "internal", stream);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(text(&answer, stream), "From far away.", "{}", answer.body);
        let (intent, outcome) = recorded(home.path(), &answer.record());
        let route = ["backend", "model", "served_model", "engine"].map(|name| &intent[name]);
        assert_eq!(route, ["far", "large", "scripted", "remote"], "{intent}");
        assert_eq!(outcome["reported_model"], "scripted", "{outcome}");
        let usage = &outcome["usage"];
        assert_eq!(
            (&usage["source"], &usage["completion_tokens"]),
            (&json!("reported"), &json!(3))
        );
        let sent = far.engine.calls();
        let sent: Value = serde_json::from_slice(&sent.last().expect("a call").body).expect("JSON");
        assert_eq!((&sent["model"], sent["stream"] == true), (&json!("scripted"), stream));
    }
}

#[test]
fn what_it_may_not_get_is_not_sent() {
    let home = tempfile::tempdir().expect("a folder");
    let far = far();
    let server = start(home.path(), &far);
    for class in ["confidential", "restricted"] {
        let answer = ask(&server, class, false);
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert_eq!(answer.json()["error"]["code"], "egress_refused", "{}", answer.body);
    }
    assert_eq!(far.engine.calls().len(), 0, "the server was not to see any of it");
    assert_eq!(ask(&server, "public", false).status, 200);
    assert_eq!(far.engine.calls().len(), 1);
}

/// What was said, put together from the events where there are some.
fn text(answer: &Answer, stream: bool) -> String {
    if !stream {
        let body = answer.json();
        return body["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned();
    }
    assert!(answer.body.trim_end().ends_with("data: [DONE]"), "{}", answer.body);
    let events = answer.body.lines().filter_map(|line| line.strip_prefix("data: "));
    events
        .filter_map(|event| serde_json::from_str::<Value>(event).ok())
        .filter_map(|event| Some(event["choices"][0]["delta"]["content"].as_str()?.to_owned()))
        .collect()
}
