//! The suite that every engine passes.

use std::{sync::Arc, time::Duration};

use freehold_engine::{Engine, conformance};
use freehold_engine_local::LocalEngine;
use freehold_policy::BackendId;
use freehold_testkit::models::Family;
use serde_json::json;
use tempfile::TempDir;

use crate::kit;

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms() {
    let folder = TempDir::new().unwrap();
    let options = kit::options(&folder);
    let models = vec![
        kit::model(&folder, Family::Qwen2, "tiny"),
        kit::model(&folder, Family::Bert, "tiny-bert"),
    ];
    let engine = LocalEngine::start(BackendId("local".to_owned()), models, &options).unwrap();
    let subject = conformance::Subject {
        engine: Arc::clone(&engine) as Arc<dyn Engine>,
        chat_model: "tiny".to_owned(),
        embedding_model: Some("tiny-bert".to_owned()),
        short: kit::body("Say something short.", json!({"max_tokens": 8, "seed": 1})),
        slow: kit::body(
            "Go on for long.",
            json!({"n": 8, "logit_bias": {"0": 0.5}, "logprobs": true, "top_logprobs": 20}),
        ),
        patience: Duration::from_secs(30),
    };
    assert_eq!(conformance::run(&subject).await, []);
}
