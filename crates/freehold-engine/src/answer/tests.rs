//! Whole answers and events against OpenAI's documented shapes.

use serde_json::{Value, json};

use super::*;

fn head() -> Head {
    Head {
        id: "chatcmpl-1".to_owned(),
        created: 7,
        model: "m".to_owned(),
        fingerprint: "f".to_owned(),
    }
}

fn check(parts: Vec<Part>, expected: Value) {
    let body = head().whole(parts, Usage::default());
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["choices"], expected);
}

#[test]
fn whole_answers() {
    let finish = |reason| Part::Finish { choice: 0, reason };
    check(
        vec![Part::Role { choice: 0 }, finish(FinishReason::Length)],
        json!([{"index": 0, "message": {"role": "assistant", "content": "", "refusal": null},
            "logprobs": null, "finish_reason": "length"}]),
    );
    let call = Part::ToolCall {
        choice: 0,
        index: 0,
        id: "call_1".to_owned(),
        name: "f".to_owned(),
        arguments: "{}".to_owned(),
    };
    check(
        vec![Part::Role { choice: 0 }, call, finish(FinishReason::ToolCalls)],
        json!([{"index": 0, "message": {"role": "assistant", "content": null, "refusal": null,
            "tool_calls": [{"id": "call_1", "type": "function",
                "function": {"name": "f", "arguments": "{}"}}]},
            "logprobs": null, "finish_reason": "tool_calls"}]),
    );
}

#[test]
fn logprobs_keep_bytes_that_are_no_text_and_know_no_infinity() {
    let token = TokenLogprob {
        bytes: vec![0xe2, 0x82],
        logprob: f32::NEG_INFINITY,
        top: vec![(b"a".to_vec(), -0.5)],
    };
    let part = Part::Content { choice: 1, text: "x".to_owned(), logprobs: Some(vec![token]) };
    let event: Value = serde_json::from_slice(&head().event(&part, true)).unwrap();
    assert_eq!(
        event["choices"],
        json!([{"index": 1, "delta": {"content": "x"}, "finish_reason": null,
            "logprobs": {"refusal": null, "content": [{"token": "\u{fffd}", "logprob": -9999.0,
                "bytes": [0xe2, 0x82],
                "top_logprobs": [{"token": "a", "logprob": -0.5, "bytes": [97]}]}]}}])
    );
    assert!(event["usage"].is_null() && event.get("usage").is_some());
}
