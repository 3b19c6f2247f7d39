//! The remote engine against servers that behave, and against servers that do not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod connections;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use freehold_engine::{
    Call, Engine, EngineError, Reply, ScriptedEngine, Step,
    conformance::{self, Subject},
};
use freehold_engine_remote::{RemoteEngine, RemoteOptions};
use freehold_policy::BackendId;
use freehold_testkit::backend::{Backend, Fault};
use futures_util::StreamExt;
use serde_json::json;

fn remote(backend: &Backend, change: impl FnOnce(&mut RemoteOptions)) -> RemoteEngine {
    let mut options = RemoteOptions::new(BackendId("far".into()), backend.base_url());
    change(&mut options);
    RemoteEngine::new(options).unwrap()
}

fn scripted() -> Arc<ScriptedEngine> {
    Arc::new(ScriptedEngine::new("behind", |call: &Call| {
        let say = |text: &str| Step::Say(text.to_owned());
        if String::from_utf8_lossy(&call.body).contains("slow") {
            return vec![say("a"), Step::Wait(Duration::from_secs(30)), say("b")];
        }
        vec![say("Hello"), say(", you"), say(".")]
    }))
}

#[tokio::test]
async fn it_conforms() {
    let engine = scripted();
    let backend = Backend::of(engine.clone()).await.unwrap();
    let subject = Subject {
        engine: Arc::new(remote(&backend, |options| options.models = engine.models())),
        chat_model: "scripted".to_owned(),
        embedding_model: Some("scripted-embedding".to_owned()),
        short: json!({"messages": [{"role": "user", "content": "short"}], "temperature": 0}),
        slow: json!({"messages": [{"role": "user", "content": "slow"}]}),
        patience: Duration::from_secs(10),
    };
    assert_eq!(conformance::run(&subject).await, []);
}

#[tokio::test]
async fn the_server_hears_that_the_client_left() {
    let engine = scripted();
    let backend = Backend::of(engine.clone()).await.unwrap();
    let far = remote(&backend, |_| {});
    let body = json!({"model": "alias", "messages": ["slow"], "stream": true});
    let call = conformance::call("scripted", &body, Duration::from_secs(60));
    let permit = conformance::permit(far.backend()).unwrap();
    let Ok(Reply::Stream(mut events)) = far.chat(permit, call).await else { panic!("no stream") };
    events.next().await.unwrap().unwrap();
    assert_eq!(engine.running(), 1);
    drop(events);
    while engine.running() > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(engine.cancelled(), 1);
    let sent = engine.calls().remove(0);
    assert_eq!(
        sent.body,
        json!({"model": "scripted", "messages": ["slow"], "stream": true}).to_string()
    );
}

/// What the engine makes of a fault: the error, or the status of what it passes on.
async fn outcome(fault: Fault, stream: bool) -> String {
    let backend = Backend::failing(fault).await.unwrap();
    let far = remote(&backend, |options| {
        options.idle_timeout = Duration::from_millis(300);
        options.max_answer_bytes = 1 << 20;
    });
    let call = Call {
        body: Bytes::from_static(br#"{"model":"m","messages":[]}"#),
        model: "m".to_owned(),
        stream,
        timeout: Duration::from_millis(500),
    };
    let permit = conformance::permit(far.backend()).unwrap();
    match far.chat(permit, call).await {
        Err(error) => kind(&error),
        Ok(Reply::Whole(whole)) => {
            let body = String::from_utf8_lossy(&whole.body).into_owned();
            format!("{} {} {body}", whole.status, whole.retry_after.unwrap_or_default())
        }
        Ok(Reply::Stream(events)) => {
            let events: Vec<_> = events.collect().await;
            let good = events.iter().filter(|event| event.is_ok()).count();
            let last = events.last().and_then(|event| event.as_ref().err()).map(kind);
            format!("{good} events, {}", last.unwrap_or_default())
        }
    }
}

fn kind(error: &EngineError) -> String {
    let debug = format!("{error:?}");
    debug.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn ten_faults() {
    let busy =
        r#"429 17 {"error":{"message":"theirs","type":"rate_limit_error","code":"their_limit"}}"#;
    let failed =
        r#"500  {"error":{"message":"theirs","type":"server_error","code":"their_failure"}}"#;
    let answer = r#"200  {"choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#;
    for fault in Fault::ALL {
        let (whole, stream) = match fault {
            Fault::Refuses | Fault::Closes => ("Unavailable", "Unavailable"),
            Fault::Busy => (busy, busy),
            Fault::Fails => (failed, failed),
            Fault::Silent => ("Timeout", "Timeout"),
            // Asked for a whole answer such servers would send one; what they send is no answer.
            Fault::Cuts => ("Cut", "2 events, Cut"),
            Fault::Garbage => ("Protocol", "Protocol"),
            Fault::NotAStream => (answer, "Protocol"),
            Fault::Endless => ("Protocol", "Protocol"),
            Fault::Stalls => ("Cut", "2 events, Cut"),
        };
        assert_eq!(outcome(fault, false).await, whole, "{fault:?}, whole");
        assert_eq!(outcome(fault, true).await, stream, "{fault:?}, stream");
    }
}

#[test]
fn addresses_that_are_none_are_refused() {
    for url in ["", "localhost:8000", "ftp://x/v1", "/v1", "http://"] {
        let options = RemoteOptions::new(BackendId("far".into()), url);
        assert!(RemoteEngine::new(options).is_err(), "{url}");
    }
}
