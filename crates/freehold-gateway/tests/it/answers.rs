//! Answers come as the engine gave them, with their record.

use freehold_auditlog::{Body, EntryKind};
use freehold_engine::Step;
use freehold_gateway::Backend;
use serde_json::json;

use crate::support::{Setup, chat, say, setup, setup_with};

fn with_all(steps: Vec<Step>) -> Setup {
    setup_with(steps, |_| {}, |backend: Backend| backend.with_logprobs().with_usage_in_streams())
}

#[tokio::test]
async fn a_whole_answer_and_its_record() {
    let setup = with_all(vec![say("Hello"), say(" you")]);
    let body = chat(json!({"temperature": 0.5, "seed": 7, "novel": {"kept": true}}));
    let answer = setup.ask(&body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["choices"][0]["message"]["content"], "Hello you");
    assert_eq!(answer.json()["model"], "scripted", "the true model, not our alias");
    assert!(answer.json()["choices"][0]["logprobs"].is_null(), "nobody asked for them");
    assert_eq!(answer.headers["x-request-id"], answer.headers["x-freehold-record"]);

    let asked = setup.engine.calls().remove(0);
    let sent: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(sent["novel"], json!({"kept": true}));
    assert_eq!(sent["logprobs"], true);

    let intent = setup.entries(answer.record(), EntryKind::Intent).remove(0);
    assert_eq!(intent.body, Body::Opened(body.to_string().into_bytes()), "as the client wrote it");
    assert_eq!(intent.header["parameters"], json!({"temperature": 0.5, "seed": 7}));
    assert_eq!(intent.header["principal"], json!("ada"));
    let outcome = setup.outcome(answer.record()).await;
    assert!(intent.sequence < outcome.sequence);
    assert_eq!(outcome.body, Body::Opened(answer.text.clone().into_bytes()), "as it was released");
    assert_eq!(outcome.header["ending"], json!("finished"));
    assert_eq!(outcome.header["reported_model"], json!("scripted"));
    assert_eq!(outcome.header["usage"]["source"], json!("reported"));
    // Two tokens of ln p = -0.25 each: exp(-0.25).
    assert_eq!(outcome.header["confidence"]["method"], "mean-token-probability");
    let value = outcome.header["confidence"]["value"].as_f64().unwrap();
    assert!((value - (-0.25f64).exp()).abs() < 1e-6, "{value}");
    for entry in [&intent, &outcome] {
        let header = entry.header.to_string();
        assert!(!header.contains("private") && !header.contains("Hello"), "{header}");
    }
}

#[tokio::test]
async fn a_stream_and_its_record() {
    let setup = with_all(vec![say("Hello"), say(" you")]);
    let answer = setup.ask(&chat(json!({"stream": true}))).await;
    assert_eq!(answer.headers["content-type"], "text/event-stream");
    let events = answer.events();
    assert_eq!(events.last().unwrap(), "[DONE]");
    let said: String = events[..events.len() - 1]
        .iter()
        .map(|event| serde_json::from_str::<serde_json::Value>(event).unwrap())
        .inspect(|event| assert!(event["usage"].is_null(), "usage was not asked for"))
        .inspect(|event| assert!(event["choices"][0]["logprobs"].is_null(), "nor were logprobs"))
        .filter_map(|event| event["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(said, "Hello you");
    let outcome = setup.outcome(answer.record()).await;
    assert_eq!(outcome.header["ending"], json!("finished"));
    assert_eq!(outcome.header["finish_reason"], "stop");
    assert_eq!(outcome.header["usage"]["completion_tokens"], 2);
    assert_eq!(outcome.header["usage"]["source"], json!("reported"));
    assert_eq!(outcome.header["confidence"]["tokens"], 2);
    assert!(outcome.header["first_token_micros"].is_u64());
    let Body::Opened(recorded) = outcome.body else { panic!("{:?}", outcome.body) };
    let recorded = String::from_utf8(recorded).unwrap();
    assert_eq!(recorded.lines().collect::<Vec<_>>(), events[..events.len() - 1]);
}

#[tokio::test]
async fn what_a_client_asks_for_it_gets() {
    let setup = with_all(vec![say("Hello")]);
    let answer = setup.ask(&chat(json!({"logprobs": true, "top_logprobs": 2}))).await;
    assert_eq!(answer.json()["choices"][0]["logprobs"]["content"][0]["logprob"], -0.25);
    let answer =
        setup.ask(&chat(json!({"stream": true, "stream_options": {"include_usage": true}}))).await;
    let events = answer.events();
    let usage: serde_json::Value = serde_json::from_str(&events[events.len() - 2]).unwrap();
    assert_eq!(usage["usage"]["completion_tokens"], 1);
}

#[tokio::test]
async fn without_reports_tokens_are_marked_as_estimated() {
    let setup = setup(vec![say("Hello"), say(" you")]);
    let answer = setup.ask(&chat(json!({"stream": true}))).await;
    let outcome = setup.outcome(answer.record()).await;
    assert_eq!(outcome.header["usage"]["source"], json!("estimated"));
    assert_eq!(outcome.header["usage"]["completion_tokens"], 2);
    assert!(outcome.header["confidence"].is_null());
}

#[tokio::test]
async fn embeddings_and_models() {
    let setup = setup(vec![]);
    let answer =
        setup.post("/v1/embeddings", json!({"model": "org/embed", "input": ["a", "bb"]})).await;
    assert_eq!(answer.json()["data"][1]["index"], 1, "{}", answer.text);
    assert_eq!(setup.outcome(answer.record()).await.header["usage"]["prompt_tokens"], 2);

    let models = setup.get("/v1/models").await;
    assert_eq!(models.json()["data"][0]["id"], "house");
    assert_eq!(setup.get("/v1/models/org%2Fembed").await.json()["id"], "org/embed");
    assert_eq!(setup.get("/v1/models/none").await.code(), "model_not_found");
    let wrong = setup.post("/v1/embeddings", json!({"model": "house", "input": "a"})).await;
    assert_eq!((wrong.status, wrong.code()), (400, "wrong_endpoint".into()));
}

#[tokio::test]
async fn health_and_figures() {
    let setup = setup(vec![say("x")]);
    assert_eq!(setup.get("/health").await.json()["ready"], true);
    setup.engine.set_health(freehold_engine::Health::Unavailable("restarting".into()));
    let health = setup.get("/health").await;
    assert_eq!(
        (health.status, &health.json()["backends"][0]["reason"]),
        (503, &json!("restarting"))
    );
    assert_eq!(setup.get("/health/live").await.status, 200);
    setup.ask(&chat(json!({}))).await;
    let figures = setup.get("/metrics").await.text;
    assert!(
        figures.contains("freehold_requests_total{page=\"chat\",status=\"200\"} 1\n"),
        "{figures}"
    );
    assert!(figures.contains("freehold_record_seconds_count 2\n"), "{figures}");
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let setup = setup(vec![]);
    for path in ["/health", "/health/live", "/metrics", "/v1/models", "/v1/models/absent", "/no"] {
        let (one, two) = (setup.get(path).await, setup.get(path).await);
        assert_eq!(one.headers["x-request-id"].len(), 26, "{path}");
        assert_ne!(one.headers["x-request-id"], two.headers["x-request-id"], "{path}");
        assert!(!one.headers.contains_key("x-freehold-record"), "{path}: nothing is recorded");
    }
}
