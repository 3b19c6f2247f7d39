//! A tool call is released only if the request offers the tool and the operator grants it.

use freehold_engine::Step;
use serde_json::{Value, json};

use crate::support::{chat, key, say, setup};

fn call(tool: &str) -> Step {
    Step::CallTool(tool.to_owned(), r#"{"x":1}"#.to_owned())
}

fn offering(tools: &[&str], stream: bool) -> Value {
    let tools: Vec<_> = tools
        .iter()
        .map(|name| json!({"type": "function", "function": {"name": name, "parameters": {}}}))
        .collect();
    chat(json!({"tools": tools, "stream": stream}))
}

#[tokio::test]
async fn offered_and_granted_calls_pass() {
    for stream in [false, true] {
        let setup = setup(vec![call("add"), call("add")]);
        let answer = setup.ask(&offering(&["add"], stream)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.text.matches(r#""name":"add""#).count(), 2);
        let outcome = setup.outcome(answer.record()).await;
        assert_eq!(outcome.header["tools"][1]["permitted"], true);
        assert_eq!(outcome.header["finish_reason"], "tool_calls");
    }
}

#[tokio::test]
async fn other_calls_are_replaced_by_an_error_and_recorded() {
    for (stream, grant, code) in [
        (false, None, "tool_not_offered"),
        (false, Some("drop"), "tool_not_granted"),
        (true, None, "tool_not_offered"),
        (true, Some("drop"), "tool_not_granted"),
    ] {
        let mut setup = setup(vec![say("Well,"), call("drop")]);
        let offered = match grant {
            None => "add",
            Some(tool) => {
                setup.secret = key(&setup.store, |grant| grant.tools = Some(vec!["add".into()]));
                tool
            }
        };
        let answer = setup.ask(&offering(&[offered], stream)).await;
        assert!(!answer.text.contains("arguments"), "{}", answer.text);
        assert!(!answer.text.contains("[DONE]"), "{}", answer.text);
        let told: Value = match stream {
            true => serde_json::from_str(answer.events().last().unwrap()).unwrap(),
            false => answer.json(),
        };
        assert_eq!(told["error"]["code"], code, "{}", answer.text);
        let outcome = setup.outcome(answer.record()).await;
        assert_eq!(outcome.header["ending"], json!({"refused": {"code": code}}));
        assert_eq!(outcome.header["tools"][0]["tool"], "drop");
        assert_eq!(outcome.header["tools"][0]["permitted"], false);
    }
}
