//! Who may ask, and how much.

use std::time::Duration;

use freehold_engine::Step;
use freehold_types::DataClass;
use http::Request;
use http_body_util::Full;
use serde_json::json;

use crate::support::{Setup, chat, key, read, say, setup, setup_with};

#[tokio::test]
async fn only_known_keys_ask() {
    let mut setup = setup(vec![say("x")]);
    let bare = Request::post("/v1/chat/completions").body(Full::default()).unwrap();
    let answer = read(setup.gateway.handle(bare).await).await;
    assert_eq!((answer.status, answer.code()), (401, "missing_api_key".into()));
    assert!(answer.headers.contains_key("x-request-id"));
    assert!(!answer.headers.contains_key("x-freehold-record"), "nobody to record it under");
    setup.secret.replace_range(20..21, "!");
    for path in ["/v1/chat/completions", "/v1/embeddings"] {
        assert_eq!(setup.post(path, "{}").await.code(), "invalid_api_key");
    }
    assert_eq!(setup.get("/v1/models").await.status, 401);
    assert!(setup.log.tail(1).unwrap().is_empty());
}

#[tokio::test]
async fn refusals_have_codes_and_records() {
    let setup = setup_with(vec![], |options| options.max_body_bytes = 200, |backend| backend);
    for (body, status, code) in [
        ("{".to_owned(), 400, "invalid_json"),
        ("{}".to_owned(), 400, "missing_field"),
        (r#"{"model":"none"}"#.to_owned(), 404, "model_not_found"),
        (r#"{"model":null}"#.to_owned(), 400, "missing_field"),
        (r#"{"model":"house","model":"house"}"#.to_owned(), 400, "invalid_request"),
        (r#"{"model":"house","stream":1}"#.to_owned(), 400, "invalid_request"),
        (r#"{"model":"house","top_logprobs":1}"#.to_owned(), 400, "invalid_request"),
        ("x".repeat(201), 413, "body_too_large"),
    ] {
        let answer = setup.post("/v1/chat/completions", &body).await;
        assert_eq!((answer.status, answer.code()), (status, code.into()), "{body}");
        let outcome = setup.outcome(answer.record()).await;
        assert_eq!(outcome.header["ending"], json!({"refused": {"code": code}}));
    }
    assert_eq!(setup.get("/nowhere").await.code(), "unknown_path");
    assert_eq!(setup.get("/v1/chat/completions").await.status, 405);
}

#[tokio::test]
async fn data_stay_within_their_class() {
    let mut setup = setup(vec![say("x")]);
    let labelled = |setup: &Setup, class: &'static str| {
        let mut request = setup.request("/v1/chat/completions", chat(json!({})));
        request.headers_mut().insert("x-freehold-class", class.parse().unwrap());
        request
    };
    for (class, code) in
        [("restricted", "egress_refused"), ("secret", "unknown_label"), ("confidential", "-")]
    {
        let answer = read(setup.gateway.handle(labelled(&setup, class)).await).await;
        assert_eq!(answer.code(), code, "{class}");
    }
    setup.secret = key(&setup.store, |grant| grant.class_limit = Some(DataClass::Public));
    let answer = setup.ask(&chat(json!({}))).await;
    assert_eq!((answer.status, answer.code()), (403, "class_limit".into()));
    assert_eq!(setup.engine.calls().len(), 1);
}

#[tokio::test]
async fn too_many_at_once_are_told_when_to_come_back() {
    for (all, each, expected) in
        [(1, 9, (503, "gateway_busy")), (9, 1, (429, "rate_limit_exceeded"))]
    {
        let setup = setup_with(
            vec![Step::Wait(Duration::from_secs(600))],
            |options| (options.max_in_flight, options.max_in_flight_per_key) = (all, each),
            |backend| backend,
        );
        let gateway = setup.gateway.clone();
        let request = setup.request("/v1/chat/completions", chat(json!({})));
        let waiting = tokio::spawn(async move { gateway.handle(request).await });
        while setup.engine.running() == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let answer = setup.ask(&chat(json!({}))).await;
        assert_eq!((answer.status, answer.code()), (expected.0, expected.1.to_owned()));
        assert_eq!(answer.headers["retry-after"], "1");
        waiting.abort();
    }
}
