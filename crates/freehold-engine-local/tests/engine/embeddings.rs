//! Embeddings of a BERT and of a decoder.

use freehold_engine::{Engine, EngineError, ModelKind, conformance::permit};
use freehold_engine_local::LocalEngine;
use freehold_policy::BackendId;
use freehold_testkit::models::Family;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kit;

struct Embedders {
    engine: std::sync::Arc<LocalEngine>,
    _folder: TempDir,
}

fn start() -> Embedders {
    let folder = TempDir::new().unwrap();
    let bert = kit::model(&folder, Family::Bert, "bert");
    let mut decoder = kit::model(&folder, Family::Qwen3, "decoder");
    decoder.kind = Some(ModelKind::Embedding);
    let options = kit::options(&folder);
    let id = BackendId("local".to_owned());
    let engine = LocalEngine::start(id, vec![bert, decoder], &options).unwrap();
    Embedders { engine, _folder: folder }
}

impl Embedders {
    async fn embed(&self, model: &str, body: Value) -> Result<Value, EngineError> {
        let permit = permit(self.engine.backend()).unwrap();
        let whole = self.engine.embed(permit, kit::call(model, &body)).await?;
        Ok(serde_json::from_slice(&whole.body).unwrap())
    }
}

fn vector(entry: &Value) -> Vec<f64> {
    entry["embedding"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_have_length_one_and_do_not_depend_on_company() {
    let kit = start();
    for model in ["bert", "decoder"] {
        let alone = kit.embed(model, json!({"input": "a word"})).await.unwrap();
        let both =
            kit.embed(model, json!({"input": ["some others here", "a word"]})).await.unwrap();
        assert_eq!(alone["data"][0]["embedding"], both["data"][1]["embedding"], "{model}");
        assert_ne!(both["data"][0]["embedding"], both["data"][1]["embedding"], "{model}");
        let length: f64 = vector(&alone["data"][0]).iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-5, "{model}: {length}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn base64_holds_the_same_numbers_and_tokens_are_taken() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let kit = start();
    let numbers = kit.embed("bert", json!({"input": [5, 6, 7]})).await.unwrap();
    let body = json!({"input": [[5, 6, 7]], "encoding_format": "base64"});
    let encoded = kit.embed("bert", body).await.unwrap();
    let bytes = STANDARD.decode(encoded["data"][0]["embedding"].as_str().unwrap()).unwrap();
    let decoded: Vec<f32> =
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    let numbers: Vec<f32> = vector(&numbers["data"][0]).iter().map(|x| *x as f32).collect();
    assert_eq!(decoded, numbers);
    assert_eq!(encoded["usage"]["prompt_tokens"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_name_the_parameter() {
    let kit = start();
    for (body, parameter) in [
        (json!({"input": []}), "input"),
        (json!({"input": [1_000_000]}), "input"),
        (json!({"input": "word ".repeat(5000)}), "input"),
        (json!({"input": "a", "dimensions": 3}), "dimensions"),
        (json!({"input": "a", "encoding_format": "hex"}), "encoding_format"),
    ] {
        let error = kit.embed("bert", body).await.unwrap_err();
        let EngineError::Invalid { parameter: found, .. } = &error else { panic!("{error:?}") };
        assert_eq!(found.as_deref(), Some(parameter), "{error}");
    }
    let chat = kit::body("Hi", json!({}));
    let permit = permit(kit.engine.backend()).unwrap();
    let refused = kit.engine.chat(permit, kit::call("bert", &chat)).await;
    assert!(matches!(refused, Err(EngineError::Invalid { .. })));
}
