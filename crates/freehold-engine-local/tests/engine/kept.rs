//! Prefixes that are kept, and adapters.

use freehold_engine_local::LocalEngine;
use freehold_policy::BackendId;
use freehold_testkit::models::Family;
use serde_json::json;
use tempfile::TempDir;

use crate::kit::{self, Kit};

#[tokio::test(flavor = "multi_thread")]
async fn kept_prefixes_save_work_and_change_no_bit() {
    let body = |end: &str| {
        let long = "This is the beginning that all of them share. ".repeat(6);
        kit::body(&format!("{long}{end}"), json!({"max_tokens": 24, "logprobs": true}))
    };
    let mut answers = Vec::new();
    for keep in [false, true] {
        let kit = kit::start(|options| options.keep_prefixes = keep);
        let mut cached = Vec::new();
        for end in ["One?", "Two?", "Two?"] {
            let answer = kit.whole("tiny", &body(end)).await.unwrap();
            cached
                .push(answer["usage"]["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap());
            answers.push(answer["choices"].clone());
        }
        if keep {
            assert!(cached[0] == 0 && cached[1] > 10 && cached[2] > cached[1], "{cached:?}");
        } else {
            assert_eq!(cached, [0, 0, 0]);
        }
    }
    assert!(answers[..3] == answers[3..], "other bits with kept prefixes");
}

#[tokio::test(flavor = "multi_thread")]
async fn adapters_are_models_of_their_own() {
    let folder = TempDir::new().unwrap();
    let mut model = kit::model(&folder, Family::Qwen2, "base");
    let adapter = kit::adapter(&folder, Family::Qwen2, &model, "adapted");
    model.adapters.push(adapter);
    let options = kit::options(&folder);
    let engine = LocalEngine::start(BackendId("local".to_owned()), vec![model], &options).unwrap();
    let kit = Kit { engine, _folder: folder };
    let body = kit::body("Who are you?", json!({"max_tokens": 24}));
    let (base, adapted) = (kit.text("base", &body).await, kit.text("adapted", &body).await);
    assert_ne!(base, adapted);
    // Both at once, several times: no answer is computed with the other's adapter.
    let names = ["base", "adapted", "adapted", "base", "adapted", "base"];
    let together = names.map(|name| kit.text(name, &body));
    let together = futures_util::future::join_all(together).await;
    for (name, text) in names.iter().zip(together) {
        assert_eq!(text, if *name == "base" { base.clone() } else { adapted.clone() }, "{name}");
    }
}
