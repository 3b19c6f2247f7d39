//! Answers: lengths, seeds, schemas, tools, stop strings, probabilities.

use freehold_engine::{Engine, EngineError};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::kit;

#[tokio::test(flavor = "multi_thread")]
async fn lengths_and_usage_are_counted() {
    let kit = kit::start(|_| {});
    let answer =
        kit.whole("tiny", &kit::body("Hi", json!({"max_tokens": 5, "n": 3}))).await.unwrap();
    assert_eq!(answer["choices"].as_array().unwrap().len(), 3);
    assert_eq!(answer["choices"][0]["message"], answer["choices"][2]["message"], "greedy");
    let counted: u64 = answer["usage"]["completion_tokens"].as_u64().unwrap();
    assert!(counted <= 15, "{counted}");
    for choice in answer["choices"].as_array().unwrap() {
        assert!(["length", "stop"].contains(&choice["finish_reason"].as_str().unwrap()));
    }
    assert!(answer["system_fingerprint"].as_str().unwrap().starts_with("llama.cpp"));
}

#[tokio::test(flavor = "multi_thread")]
async fn seeds_repeat_and_differ() {
    let kit = kit::start(|_| {});
    let body = |seed: u64| {
        kit::body(
            "Hi",
            json!({"max_tokens": 24, "temperature": 1.5, "seed": seed, "top_p": 0.99, "top_k": 50, "min_p": 0.0001, "presence_penalty": 0.5}),
        )
    };
    let (one, again, other) = (
        kit.text("tiny", &body(1)).await,
        kit.text("tiny", &body(1)).await,
        kit.text("tiny", &body(2)).await,
    );
    assert_eq!(one, again);
    assert_ne!(one, other);
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_are_kept_by_any_model() {
    let kit = kit::start(|_| {});
    let schema = json!({
        "type": "object",
        "properties": {
            "category": {"enum": ["invoice", "complaint"]},
            "urgent": {"type": "boolean"},
            "count": {"type": "integer", "minimum": 0, "maximum": 99},
            "year": {"type": "string", "pattern": r"\d{4}"}
        },
        "required": ["category", "urgent", "count", "year"],
        "additionalProperties": false
    });
    let format = json!({"type": "json_schema", "json_schema": {"name": "it", "schema": schema}});
    for seed in 0..6 {
        let more = json!({"response_format": format, "temperature": 1.2, "seed": seed});
        let text = kit.text("tiny", &kit::body("Which?", more)).await;
        let value: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(["invoice", "complaint"].contains(&value["category"].as_str().unwrap()), "{text}");
        assert!(value["urgent"].is_boolean() && value["count"].as_u64().unwrap() < 100, "{text}");
        let year = value["year"].as_str().unwrap();
        assert!(year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
        assert_eq!(value.as_object().unwrap().len(), 4, "{text}");
    }
    let broken =
        json!({"type": "json_schema", "json_schema": {"name": "it", "schema": {"type": 7}}});
    let error = kit.whole("tiny", &kit::body("?", json!({"response_format": broken}))).await;
    let Err(EngineError::Invalid { parameter, .. }) = error else { panic!("{error:?}") };
    assert_eq!(parameter.as_deref(), Some("response_format"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_schema_asks_in_vain_is_named() {
    let kit = kit::start(|_| {});
    let name = json!({"type": "string", "pattern": "^(?!a)b$"});
    let many = json!({"type": "array", "items": {"type": "integer"}, "minItems": 100_000});
    let shared = json!({"type": "object", "properties": {"x": {"$ref": "#/$defs/x"}},
        "required": ["x"], "$defs": {"x": {"type": "strange"}}});
    for (part, place) in [
        (name, "/properties/it/pattern"),
        (many, "/properties/it/minItems"),
        (json!({"type": 7}), "/properties/it/type"),
        (json!({"$ref": "#/nowhere"}), "/properties/it/$ref"),
    ] {
        let schema = json!({"type": "object", "required": ["it"],
            "properties": {"fine": {"type": "string"}, "it": part}});
        refused_schema(&kit, schema, place).await;
    }
    refused_schema(&kit, shared, "/$defs/x/type").await;
    // As a text: no reader of JSON gives such a value.
    let deep = format!("{}{{}}{}", r#"{"items":"#.repeat(100_000), "}".repeat(100_000));
    let body = kit::body(
        "?",
        json!({"model": "tiny", "response_format": {"type": "json_schema",
        "json_schema": {"name": "it", "schema": "DEEP"}}}),
    );
    let mut call = kit::call("tiny", &body);
    call.body = body.to_string().replace("\"DEEP\"", &deep).into();
    let permit = freehold_engine::conformance::permit(kit.engine.backend()).unwrap();
    match kit.engine.chat(permit, call).await {
        Err(EngineError::Invalid { reason, .. }) => assert!(reason.contains("deep"), "{reason}"),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("answered"),
    }
}

async fn refused_schema(kit: &kit::Kit, schema: Value, place: &str) {
    let format = json!({"type": "json_schema", "json_schema": {"name": "it", "schema": schema}});
    let more = json!({"response_format": format});
    match kit.whole("tiny", &kit::body("?", more)).await {
        Err(EngineError::Invalid { reason, parameter }) => {
            assert!(reason.contains(&format!("`{place}`")), "{place}: {reason}");
            assert_eq!(parameter.as_deref(), Some("response_format"));
        }
        other => panic!("{place}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn required_tools_are_called() {
    let kit = kit::start(|_| {});
    let tools = json!([{"type": "function", "function": {"name": "weather", "parameters": {
        "type": "object", "properties": {"celsius": {"type": "boolean"}},
        "required": ["celsius"], "additionalProperties": false}}}]);
    let more = json!({"tools": tools, "tool_choice": "required", "max_tokens": 200});
    let answer = kit.whole("tiny", &kit::body("Weather?", more)).await.unwrap();
    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls", "{answer}");
    let call = &choice["message"]["tool_calls"][0];
    assert_eq!(call["function"]["name"], "weather");
    let arguments: Value =
        serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
    assert!(arguments["celsius"].is_boolean());
    assert!(choice["message"]["content"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_strings_end_the_answer_before_them() {
    let kit = kit::start(|_| {});
    let body = |more: Value| kit::body("Say much", more);
    let whole = kit.text("tiny", &body(json!({"max_tokens": 40}))).await;
    let characters: Vec<char> = whole.chars().collect();
    assert!(characters.len() > 6, "{whole:?}");
    let stop: String = characters[3..5].iter().collect();
    let expected = &whole[..whole.find(&stop).unwrap()];
    let answer = kit.whole("tiny", &body(json!({"max_tokens": 40, "stop": [stop]}))).await.unwrap();
    assert_eq!(answer["choices"][0]["message"]["content"], *expected);
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn probabilities_of_all_tokens_sum_to_one() {
    let kit = kit::start(|_| {});
    let more = json!({"max_tokens": 6, "logprobs": true, "top_logprobs": 20});
    let answer = kit.whole("tiny", &kit::body("Hi", more)).await.unwrap();
    let tokens = answer["choices"][0]["logprobs"]["content"].as_array().unwrap();
    assert!(!tokens.is_empty());
    for token in tokens {
        // Greedy: the chosen token is the likeliest.
        assert_eq!(token["logprob"], token["top_logprobs"][0]["logprob"]);
        let mass: f64 = token["top_logprobs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["logprob"].as_f64().unwrap().exp())
            .sum();
        assert!(mass > 0.0 && mass <= 1.0 + 1e-6, "{mass}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_that_does_not_fit_is_refused_before_the_work() {
    let kit = kit::start(|_| {});
    let long = kit::body(&"word ".repeat(2000), json!({}));
    for stream in [false, true] {
        let mut body = long.clone();
        body["stream"] = json!(stream);
        let Err(EngineError::Invalid { reason, parameter }) = kit.reply("tiny", &body).await else {
            panic!("answered");
        };
        assert_eq!(parameter.as_deref(), Some("messages"));
        assert!(reason.contains("tokens"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_streams_are_said_together() {
    let kit = kit::start(|_| {});
    let mut streams = Vec::new();
    for number in 0..8 {
        let body = kit::body(&format!("Number {number}"), json!({"max_tokens": 64}));
        streams.push(kit.stream("tiny", &body).await.unwrap());
    }
    let mut order = Vec::new();
    let mut all = futures_util::stream::select_all(
        streams
            .into_iter()
            .enumerate()
            .map(|(place, stream)| stream.map(move |event| (place, event)).boxed()),
    );
    while let Some((place, event)) = all.next().await {
        event.unwrap();
        order.push(place);
    }
    // Not one after the other: the first stream is not through when the last one begins.
    let first_of_last = order.iter().position(|place| *place == 7).unwrap();
    let last_of_first = order.iter().rposition(|place| *place == 0).unwrap();
    assert!(first_of_last < last_of_first, "{order:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_fit_is_refused_before_it_is_cut_into_tokens() {
    let kit = kit::start(|_| {});
    // No blanks, and more bytes than 512 of the longest tokens have.
    let body = kit::body(&"word,".repeat(1_500_000), json!({}));
    match kit.whole("tiny", &body).await {
        Err(EngineError::Invalid { reason, parameter }) => {
            assert!(reason.contains("bytes without its blanks"), "{reason}");
            assert_eq!(parameter.as_deref(), Some("messages"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blanks_do_not_take_the_worker_s_memory() {
    let kit = kit::start(|_| {});
    let pid = kit.pid();
    for (blanks, part) in [(900_000, "900012 tokens"), (7_000_000, "7000002 blanks")] {
        let body = kit::body(&" ".repeat(blanks), json!({}));
        match kit.whole("tiny", &body).await {
            Err(EngineError::Invalid { reason, parameter }) => {
                assert!(reason.contains(part), "{reason}");
                assert_eq!(parameter.as_deref(), Some("messages"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(kit.pid(), pid);
}
