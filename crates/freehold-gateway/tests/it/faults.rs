//! Ten ways in which a backend fails, seen through the whole gateway: the client gets what the
//! backend gave, or an error that names what happened, and the record says the same.

use std::{sync::Arc, time::Duration};

use freehold_engine_remote::{RemoteEngine, RemoteOptions};
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::BackendId;
use freehold_testkit::backend::{self, Canned, Fault};
use serde_json::{Value, json};

use crate::support::{Answer, Setup, SystemClock, chat, declaration, setup_on};

/// A gateway before a server, by way of the remote engine.
async fn before(server: &backend::Backend) -> Setup {
    let options = RemoteOptions {
        idle_timeout: Duration::from_millis(300),
        max_answer_bytes: 1 << 20,
        ..RemoteOptions::new(BackendId("near".into()), server.base_url())
    };
    let engine = Arc::new(RemoteEngine::new(options).unwrap());
    setup_on(|log, store| {
        Gateway::new(GatewayDeps {
            options: GatewayOptions {
                request_timeout: Duration::from_millis(600),
                ..GatewayOptions::default()
            },
            log,
            store,
            backends: vec![Backend::new(declaration(), engine)],
            models: vec![ModelRoute {
                name: "house".into(),
                backend: BackendId("near".into()),
                engine_model: "theirs".into(),
            }],
            clock: Arc::new(SystemClock),
        })
    })
}

/// Status and code that the client sees (of a stream: of its last event), and the ending recorded.
async fn seen(fault: Fault, stream: bool) -> (u16, String, Value) {
    let server = backend::Backend::failing(fault).await.unwrap();
    let setup = before(&server).await;
    let answer = setup.ask(&chat(json!({"stream": stream}))).await;
    assert!(!answer.text.contains("[DONE]"), "{fault:?}: {}", answer.text);
    let ending = setup.outcome(answer.record()).await.header["ending"].clone();
    (answer.status, code(&answer), ending)
}

fn code(answer: &Answer) -> String {
    let last = answer.events().pop().unwrap_or_else(|| answer.text.clone());
    let last: Value = serde_json::from_str(&last).unwrap();
    last["error"]["code"].as_str().unwrap_or("-").to_owned()
}

#[tokio::test]
async fn ten_faults() {
    let failed = |code: &str| json!({"failed": {"code": code}});
    let refused = |code: &str| json!({"refused": {"code": code}});
    let truncated = |by: &str| json!({"truncated": {"by": by}});
    let no_server = (503, "engine_unavailable", failed("engine_unavailable"));
    let no_sense = (502, "engine_protocol", failed("engine_protocol"));
    for fault in Fault::ALL {
        let (whole, stream) = match fault {
            Fault::Refuses | Fault::Closes => (no_server.clone(), no_server.clone()),
            Fault::Busy => {
                let theirs = (429, "their_limit", refused("backend_429"));
                (theirs.clone(), theirs)
            }
            Fault::Fails => {
                let theirs = (500, "their_failure", failed("backend_500"));
                (theirs.clone(), theirs)
            }
            Fault::Silent => {
                let late = (504, "engine_timeout", truncated("deadline"));
                (late.clone(), late)
            }
            Fault::Cuts | Fault::Stalls => {
                ((502, "engine_cut", truncated("engine")), (200, "engine_cut", truncated("engine")))
            }
            Fault::Garbage | Fault::Endless => (no_sense.clone(), no_sense.clone()),
            Fault::NotAStream => ((200, "-", json!("finished")), no_sense.clone()),
        };
        for (streams, (status, code, ending)) in [(false, whole), (true, stream)] {
            let expected = (status, code.to_owned(), ending);
            assert_eq!(seen(fault, streams).await, expected, "{fault:?}, stream: {streams}");
        }
    }
}

#[tokio::test]
async fn a_good_server_s_answer_comes_through_byte_for_byte() {
    let server = backend::Backend::canned(Canned { text: "x".into(), events: 3 }).await.unwrap();
    let setup = before(&server).await;
    let whole = setup.ask(&chat(json!({}))).await;
    let expected = r#"{"id":"chatcmpl-mock","object":"chat.completion","created":1767225600,"model":"mock-1","choices":[{"index":0,"message":{"role":"assistant","content":"x","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":60,"total_tokens":80}}"#;
    assert_eq!(whole.text, expected);
    assert_eq!(setup.outcome(whole.record()).await.header["reported_model"], "mock-1");
    let stream = setup.ask(&chat(json!({"stream": true}))).await;
    assert_eq!(stream.events().len(), 6);
    assert!(stream.text.ends_with("data: [DONE]\n\n"), "{}", stream.text);
}
