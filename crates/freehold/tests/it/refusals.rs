//! Bad requests over HTTP: whatever is wrong, the body is OpenAI's, the field at fault is named,
//! and the words are ours.

use std::{io::Write, net::TcpStream};

use crate::harness::{Answer, Server};

const CHAT: &str = "/v1/chat/completions";
const EMBED: &str = "/v1/embeddings";

/// Path, body, status, code, and the field at fault (`-` where none is). `@` stands for a model
/// and a message that are right.
const BAD: &[(&str, &str, u16, &str, &str)] = &[
    (CHAT, "", 400, "invalid_json", "-"),
    (CHAT, "{", 400, "invalid_json", "-"),
    (CHAT, r#"{"model": house}"#, 400, "invalid_json", "-"),
    (CHAT, "[]", 400, "invalid_json", "-"),
    (CHAT, "\"text\"", 400, "invalid_json", "-"),
    (CHAT, "{\"model\":\"\u{1}\"}", 400, "invalid_json", "-"),
    (CHAT, r#"{@} x"#, 400, "invalid_json", "-"),
    (CHAT, "{}", 400, "missing_field", "model"),
    (CHAT, r#"{"model":null}"#, 400, "missing_field", "model"),
    (CHAT, r#"{"model":7}"#, 400, "invalid_request", "model"),
    (CHAT, r#"{"model":"nobody"}"#, 404, "model_not_found", "model"),
    (CHAT, r#"{@,"model":"house"}"#, 400, "invalid_request", "model"),
    (CHAT, r#"{"model":"house"}"#, 400, "missing_field", "messages"),
    (CHAT, r#"{"model":"house","messages":null}"#, 400, "missing_field", "messages"),
    (CHAT, r#"{"model":"house","messages":[]}"#, 400, "invalid_request", "messages"),
    (CHAT, r#"{"model":"house","messages":"Hi"}"#, 400, "invalid_request", "messages"),
    (CHAT, r#"{"model":"house","messages":["Hi"]}"#, 400, "invalid_request", "messages[0]"),
    (CHAT, r#"{"model":"house","messages":[{}]}"#, 400, "invalid_request", "messages[0].role"),
    (
        CHAT,
        r#"{"model":"house","messages":[{"role":"user","content":5}]}"#,
        400,
        "invalid_request",
        "messages[0].content",
    ),
    (
        CHAT,
        r#"{"model":"house","messages":[{"role":"wizard","content":"x"}]}"#,
        400,
        "invalid_request",
        "messages[0].role",
    ),
    (
        CHAT,
        r#"{"model":"house","messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#,
        400,
        "invalid_request",
        "messages[0].content",
    ),
    (CHAT, r#"{@,"stream":"yes"}"#, 400, "invalid_request", "stream"),
    (CHAT, r#"{@,"stream_options":1}"#, 400, "invalid_request", "stream_options"),
    (CHAT, r#"{@,"temperature":"hot"}"#, 400, "invalid_request", "temperature"),
    (CHAT, r#"{@,"temperature":3}"#, 400, "invalid_request", "temperature"),
    (CHAT, r#"{@,"temperature":1e99}"#, 400, "invalid_request", "temperature"),
    (CHAT, r#"{@,"top_p":-1}"#, 400, "invalid_request", "top_p"),
    (CHAT, r#"{@,"max_tokens":-1}"#, 400, "invalid_request", "max_tokens"),
    (CHAT, r#"{@,"max_tokens":0}"#, 400, "invalid_request", "max_tokens"),
    (CHAT, r#"{@,"n":0}"#, 400, "invalid_request", "n"),
    (CHAT, r#"{@,"n":1.5}"#, 400, "invalid_request", "n"),
    (CHAT, r#"{@,"seed":"x"}"#, 400, "invalid_request", "seed"),
    (CHAT, r#"{@,"stop":{}}"#, 400, "invalid_request", "stop"),
    (CHAT, r#"{@,"logprobs":3}"#, 400, "invalid_request", "logprobs"),
    (CHAT, r#"{@,"top_logprobs":3}"#, 400, "invalid_request", "top_logprobs"),
    (CHAT, r#"{@,"logprobs":false,"top_logprobs":3}"#, 400, "invalid_request", "top_logprobs"),
    (CHAT, r#"{@,"logprobs":true,"top_logprobs":99}"#, 400, "invalid_request", "top_logprobs"),
    (CHAT, r#"{@,"logit_bias":[1]}"#, 400, "invalid_request", "logit_bias"),
    (CHAT, r#"{@,"logit_bias":{"999999":1}}"#, 400, "invalid_request", "logit_bias"),
    (CHAT, r#"{@,"repetition_penalty":"x"}"#, 400, "invalid_request", "repetition_penalty"),
    (CHAT, r#"{@,"tools":{}}"#, 400, "invalid_request", "tools"),
    (CHAT, r#"{@,"tools":[{}]}"#, 400, "invalid_request", "tools[0].function"),
    (CHAT, r#"{@,"tool_choice":"required"}"#, 400, "invalid_request", "tool_choice"),
    (CHAT, r#"{@,"functions":[{"name":"f"}]}"#, 400, "invalid_request", "functions"),
    (CHAT, r#"{@,"response_format":"json"}"#, 400, "invalid_request", "response_format"),
    (
        CHAT,
        r#"{@,"response_format":{"type":"xml"}}"#,
        400,
        "invalid_request",
        "response_format.type",
    ),
    (
        CHAT,
        r#"{@,"response_format":{"type":"json_schema"}}"#,
        400,
        "invalid_request",
        "response_format.json_schema",
    ),
    (
        CHAT,
        r#"{@,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":
        {"type":"object","properties":{"a":{"type":"array","items":{},"minItems":100000}}}}}}"#,
        400,
        "invalid_request",
        "response_format",
    ),
    (CHAT, r#"{@,"chat_template_kwargs":[]}"#, 400, "invalid_request", "chat_template_kwargs"),
    (EMBED, "{}", 400, "missing_field", "model"),
    (EMBED, r#"{"model":"house","input":"x"}"#, 400, "wrong_endpoint", "model"),
];

fn post(server: &Server, path: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(server.gateway()).expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        server.key,
        body.len()
    );
    stream.write_all((head + body).as_bytes()).expect("sent");
    crate::harness::answer(&mut stream).expect("a whole answer")
}

#[test]
fn every_bad_request_is_told_what_is_wrong() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let right = r#""model":"house","messages":[{"role":"user","content":"Hi"}]"#;
    let mut wrong = Vec::new();
    for (path, body, status, code, field) in BAD {
        let body = body.replace('@', right);
        let answer = post(&server, path, &body);
        let error = &answer.json()["error"];
        let text = |name: &str| error[name].as_str().unwrap_or("-").to_owned();
        let found = (answer.status, text("code"), text("param"));
        if found != (*status, (*code).to_owned(), (*field).to_owned()) {
            wrong.push(format!("{body}\n  {found:?}: {}", text("message")));
        }
        let mut names: Vec<&String> = error.as_object().expect("an object").keys().collect();
        names.sort();
        assert_eq!(names, ["code", "message", "param", "type"], "{body}");
        assert_eq!(text("type"), "invalid_request_error", "{body}");
        let message = text("message");
        for theirs in LIBRARIES {
            assert!(!message.contains(theirs), "{body}: {message}");
        }
        // Where a place can be told, it is.
        let place = message.contains("line 1, column") || message.contains("the body is");
        assert_eq!(place, *code == "invalid_json", "{body}: {message}");
        assert!(answer.header("x-freehold-record").is_some(), "{body}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// What serde_json and llama.cpp's bindings say.
const LIBRARIES: &[&str] = &[
    "invalid type",
    "expected value",
    "missing field",
    "at line 1 column",
    "invalid value",
    "EOF while",
    "returned null",
    "trailing characters",
    "did not match any variant",
];
