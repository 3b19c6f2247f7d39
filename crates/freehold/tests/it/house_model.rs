//! The shipped weights against their gates, through the real engine and gateway.
//!
//! The cases and the least percentages are in `models/eval/`; the answers come by greedy decoding.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};

use crate::harness::Server;

#[test]
fn the_shipped_weights_pass_their_gates() {
    let gates: Value = read("gates.json");
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let mut missed = Vec::new();
    for (size, model) in [("house", "house"), ("small", "house-small")] {
        for set in SETS {
            let score = score(&server, model, set);
            let Some(least) = gates[size][set].as_f64() else {
                println!("{model} {set}: {score:.1} %");
                continue;
            };
            println!("{model} {set}: {score:.1} % (gate {least} %)");
            if score < least {
                missed.push(format!("{model} {set}: {score:.1} % is below {least} %"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("; "));
}

/// What the cards show how to ask, answered as they say.
#[test]
fn the_cards_examples_are_answered_as_they_say() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    for model in ["house", "house-small"] {
        let card = folder().join("..").join(model).join("README.md");
        let card = std::fs::read_to_string(card).expect("the card");
        let examples: Vec<(String, String)> = card
            .lines()
            .filter_map(|line| line.strip_prefix("text = ")?.split_once("  # "))
            .map(|(text, answer)| {
                let read = |quoted: &str| serde_json::from_str::<String>(quoted).expect("a text");
                (read(text), read(answer))
            })
            .collect();
        assert!(!examples.is_empty(), "{model}'s card has an example");
        for (text, expected) in examples {
            let case = json!({ "messages": [{ "role": "user", "content": text }] });
            assert_eq!(answer(&server, model, &case), expected, "{model}: {text}");
        }
    }
}

/// The percentage of a set's cases that the model answers exactly as expected.
fn score(server: &Server, model: &str, set: &str) -> f64 {
    let text = std::fs::read_to_string(folder().join(format!("{set}.jsonl"))).expect("the set");
    let cases: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    let (next, right) = (AtomicUsize::new(0), Mutex::new(0usize));
    std::thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if holds(case, &answer(server, model, case)) {
                        *right.lock().expect("no thread panicked") += 1;
                    }
                }
            });
        }
    });
    let right = *right.lock().expect("no thread panicked");
    100.0 * right as f64 / cases.len() as f64
}

fn answer(server: &Server, model: &str, case: &Value) -> String {
    let mut body = json!({
        "model": model,
        "messages": case["messages"],
        "temperature": 0,
        "max_tokens": 96,
    });
    if let Some(schema) = case["response_format"].as_str() {
        body["response_format"] = json!({
            "type": "json_schema",
            "json_schema": { "name": "answer", "strict": true, "schema": read(schema) },
        });
    }
    let answer = server.chat(&body).expect("an answer");
    assert_eq!(answer.status, 200, "{}: {}", case["id"], answer.body);
    answer.json()["choices"][0]["message"]["content"].as_str().expect("text").to_owned()
}

fn holds(case: &Value, answer: &str) -> bool {
    let expected = &case["expect"];
    if let Some(text) = expected["text"].as_str() {
        return answer.trim() == text;
    }
    serde_json::from_str::<Value>(answer).is_ok_and(|answer| {
        answer["category"] == expected["category"] && answer["urgency"] == expected["urgency"]
    })
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).expect("a file of models/eval");
    serde_json::from_str(&text).expect("JSON")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/eval")
}

const PARALLEL: usize = 8;
/// Files of `models/eval`; those without a gate are printed only.
const SETS: [&str; 8] =
    ["values", "wording", "abstain", "triage", "triage-fresh", "fixed", "long", "hand"];
