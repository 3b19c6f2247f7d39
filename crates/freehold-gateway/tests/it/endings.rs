//! Every request ends with one outcome that says how, and a cut stream never ends in good order.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use freehold_auditlog::EntryKind;
use freehold_engine::{EngineError, Step, Whole};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::support::{chat, say, setup, setup_with};

/// What the client sees of a stream cut after `steps`, and the ending in its record.
async fn cut(steps: Vec<Step>, timeout: Duration) -> (String, Value) {
    let setup = setup_with(steps, |options| options.request_timeout = timeout, |backend| backend);
    let answer = setup.ask(&chat(json!({"stream": true}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let events = answer.events();
    let last: Value = serde_json::from_str(events.last().unwrap()).unwrap();
    assert!(!answer.text.contains("[DONE]"), "{}", answer.text);
    assert!(!answer.text.contains("\"finish_reason\":\"stop\""), "{}", answer.text);
    let outcome = setup.outcome(answer.record()).await;
    (last["error"]["code"].as_str().unwrap().to_owned(), outcome.header["ending"].clone())
}

#[tokio::test]
async fn streams_that_engines_cut() {
    let long = Duration::from_secs(60);
    let (code, ending) = cut(vec![say("a"), Step::Cut], long).await;
    assert_eq!((code.as_str(), ending), ("engine_cut", json!({"truncated": {"by": "engine"}})));
    let died = Arc::new(|| EngineError::Unavailable("died".into()));
    let (code, ending) = cut(vec![say("a"), Step::Fail(died)], long).await;
    assert_eq!(
        (code.as_str(), ending),
        ("engine_unavailable", json!({"truncated": {"by": "engine"}}))
    );
    let (code, ending) = cut(vec![say("a"), Step::Wait(long)], Duration::from_millis(200)).await;
    assert_eq!(
        (code.as_str(), ending),
        ("engine_timeout", json!({"truncated": {"by": "deadline"}}))
    );
}

#[tokio::test]
async fn engines_that_fail_before_the_first_token() {
    for stream in [false, true] {
        let busy = Arc::new(|| EngineError::Busy { retry_after: Duration::from_secs(3) });
        let setup = setup(vec![Step::Fail(busy)]);
        let answer = setup.ask(&chat(json!({"stream": stream}))).await;
        assert_eq!((answer.status, answer.code()), (429, "engine_busy".into()));
        assert_eq!(answer.headers["retry-after"], "3");
        let outcome = setup.outcome(answer.record()).await;
        assert_eq!(outcome.header["ending"], json!({"failed": {"code": "engine_busy"}}));
        assert_eq!(setup.entries(answer.record(), EntryKind::Intent).len(), 1);
    }
}

#[tokio::test]
async fn a_backend_s_own_refusal_is_passed_on() {
    let refusal = Whole {
        status: 429,
        body: Bytes::from_static(br#"{"error":{"message":"theirs","code":"their_code"}}"#),
        retry_after: Some("17".into()),
    };
    let setup = setup(vec![Step::Respond(refusal)]);
    let answer = setup.ask(&chat(json!({"stream": true}))).await;
    assert_eq!((answer.status, answer.code()), (429, "their_code".into()));
    assert_eq!(answer.headers["retry-after"], "17");
    let outcome = setup.outcome(answer.record()).await;
    assert_eq!(outcome.header["ending"], json!({"refused": {"code": "backend_429"}}));
}

#[tokio::test]
async fn a_client_that_leaves_is_recorded_and_its_engine_freed() {
    let steps = vec![say("a"), say("b"), Step::Wait(Duration::from_secs(600)), say("c")];
    let setup = setup(steps);
    let request = setup.request("/v1/chat/completions", chat(json!({"stream": true})));
    let response = setup.gateway.handle(request).await;
    let record = response.headers()["x-freehold-record"].to_str().unwrap().parse().unwrap();
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();
    drop(body);
    let outcome = setup.outcome(record).await;
    assert_eq!(outcome.header["ending"], json!({"truncated": {"by": "client"}}));
    assert_eq!((setup.engine.running(), setup.engine.cancelled()), (0, 1));
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_too() {
    let setup = setup(vec![Step::Wait(Duration::from_secs(600))]);
    let request = setup.request("/v1/chat/completions", chat(json!({})));
    let gateway = setup.gateway.clone();
    let waiting = tokio::spawn(async move { gateway.handle(request).await });
    while setup.engine.running() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    waiting.abort();
    let outcome = setup.outcome(setup.newest()).await;
    assert_eq!(outcome.header["ending"], json!({"truncated": {"by": "client"}}));
    assert_eq!(setup.engine.running(), 0);
}

#[tokio::test]
async fn a_closed_log_answers_nothing() {
    let setup = setup(vec![say("secret")]);
    setup.log.close();
    for stream in [false, true] {
        let answer = setup.ask(&chat(json!({"stream": stream}))).await;
        assert_eq!((answer.status, answer.code()), (503, "record_unavailable".into()));
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert!(setup.engine.calls().is_empty(), "nothing was asked either");
}

#[tokio::test]
async fn a_log_that_closes_meanwhile_keeps_the_answer_in() {
    for stream in [false, true] {
        let setup = setup(vec![Step::Wait(Duration::from_millis(200)), say("secret")]);
        let request = setup.request("/v1/chat/completions", chat(json!({"stream": stream})));
        let gateway = setup.gateway.clone();
        let waiting =
            tokio::spawn(async move { crate::support::read(gateway.handle(request).await).await });
        while setup.engine.running() == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        setup.log.close();
        let answer = waiting.await.unwrap();
        assert!(answer.text.contains("record_unavailable"), "{}", answer.text);
        assert!(!answer.text.contains("[DONE]"), "{}", answer.text);
        assert!(stream || !answer.text.contains("secret"), "{}", answer.text);
    }
}
