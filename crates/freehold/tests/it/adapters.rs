//! A LoRA adapter in `freehold.toml`: served as a model of its own, which answers differently.

use std::fs;

use freehold_testkit::models::{Family, write, write_adapter};
use serde_json::{Value, json};

use crate::harness::{Server, admit, run, teach_tools};

#[test]
fn an_adapter_is_a_model_of_its_own() {
    let home = tempfile::tempdir().expect("a folder");
    write(Family::Qwen2, &home.path().join("base"), 7).expect("a tiny model");
    teach_tools(&home.path().join("base"));
    write_adapter(Family::Qwen2, &home.path().join("tuned"), 9).expect("a tiny adapter");
    let file = home.path().join("freehold.toml");
    let text = "schema = 1\n[[models]]\nname = \"base\"\npath = \"base\"\n\
                lora = [{ name = \"tuned\", path = \"tuned\" }]\n";
    fs::write(&file, text).expect("written");
    admit(home.path(), &home.path().join("base"));
    admit(home.path(), &home.path().join("tuned"));
    let server = Server::start(home.path(), &["--config", &file.display().to_string()]);

    let base = logprobs(&server, "base");
    let tuned = logprobs(&server, "tuned");
    assert_eq!(logprobs(&server, "base"), base, "the same question has the same answer");
    assert_ne!(base, tuned, "the adapter changes nothing");

    let data = home.path().join("data").display().to_string();
    let tail = run(home.path(), &["audit", "tail", "-n", "100", "--json", "--dir", &data]);
    let admitted = tail.stdout.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        entry["recorded"].clone()
    });
    let admitted: Vec<_> = admitted
        .filter(|entry| entry["event"] == "model_admitted")
        .map(|entry| entry["detail"]["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(admitted[..2], ["base".to_owned(), "tuned".to_owned()], "{admitted:?}");
}

/// The probabilities of the first tokens of an answer.
fn logprobs(server: &Server, model: &str) -> Vec<f64> {
    let answer = server.chat(&json!({
        "model": model,
        "messages": [{ "role": "user", "content": "Say something." }],
        "temperature": 0,
        "max_tokens": 4,
        "logprobs": true,
    }));
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, 200, "{model}: {}", answer.body);
    let body = answer.json();
    let tokens = body["choices"][0]["logprobs"]["content"].as_array().cloned();
    let tokens = tokens.unwrap_or_else(|| panic!("no logprobs: {body}"));
    assert!(!tokens.is_empty());
    tokens.iter().filter_map(|token| token["logprob"].as_f64()).collect()
}
