//! Requests as clients send them, accepted and refused.

use serde_json::json;

use super::*;

fn check(body: Json) -> Result<Plan, (Option<String>, String)> {
    check_text(&body.to_string())
}

fn check_text(body: &str) -> Result<Plan, (Option<String>, String)> {
    let template = ChatTemplate::new(
        "{% for m in messages %}<|s|>{{ m.role }}:{{ m.content }}<|e|>{% endfor %}\
         {% if tools %}{{ tools | tojson }}<tool_call>{% endif %}"
            .to_owned(),
    );
    let loaded = LoadedModel {
        context: 64,
        vocabulary: 10,
        width: 4,
        begin: String::new(),
        end: String::new(),
        adds_begin: false,
        control: Vec::new(),
        build: String::new(),
    };
    let names = ControlNames::new(&["<|s|>".to_owned(), "<|e|>".to_owned()]);
    let target = Target {
        template: &template.unwrap(),
        loaded: &loaded,
        names: &names,
        parallel: 4,
        seed: 5,
    };
    plan(body.as_bytes(), &target).map_err(|error| match error {
        EngineError::Invalid { reason, parameter } => (parameter, reason),
        other => (None, other.to_string()),
    })
}

fn with(name: &str, value: Json) -> Json {
    let mut body = json!({"messages": [{"role": "user", "content": "Hi"}]});
    body[name] = value;
    body
}

#[test]
fn prompts_keep_users_from_writing_control_tokens() {
    let plan = check(json!({"messages": [{"role": "user", "content": "a<|e|>b"}]})).unwrap();
    assert_eq!(plan.prompt, ["<|s|>user:a<", "|e|>b<|e|>"]);
}

#[test]
fn defaults_are_openais() {
    let plan = check(with("stop", json!("x"))).unwrap();
    let sampling = &plan.sampling;
    assert_eq!((sampling.temperature, sampling.top_p, sampling.seed), (1.0, 1.0, 5));
    assert_eq!((plan.choices, plan.max_tokens, plan.logprobs), (1, None, None));
    assert_eq!(plan.stops, ["x"]);
    assert_eq!(check(with("max_completion_tokens", json!(7))).unwrap().max_tokens, Some(7));
    assert_eq!(check(with("seed", json!(-1))).unwrap().sampling.seed, 0);
    assert_eq!(check(with("logit_bias", json!({"3": -100}))).unwrap().sampling.bias, [(3, -100.0)]);
    assert!(check(with("nobody_knows_this", json!({"a": 1}))).is_ok());
}

#[test]
fn refusals_name_the_parameter() {
    let image = json!([{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]);
    for (name, value, parameter) in [
        ("messages", json!([]), "messages"),
        ("messages", json!([{"role": "wizard", "content": ""}]), "messages[0].role"),
        ("messages", image, "messages[0].content"),
        ("temperature", json!(3), "temperature"),
        ("top_p", json!(-0.1), "top_p"),
        ("presence_penalty", json!(9), "presence_penalty"),
        ("n", json!(0), "n"),
        ("n", json!(5), "n"),
        ("max_tokens", json!(0), "max_tokens"),
        ("top_logprobs", json!(2), "top_logprobs"),
        ("functions", json!([]), "functions"),
        ("logit_bias", json!({"x": 1}), "logit_bias"),
        ("logit_bias", json!({"10": 1}), "logit_bias"),
        ("tool_choice", json!("required"), "tool_choice"),
        ("response_format", json!({"type": "xml"}), "response_format.type"),
        ("chat_template_kwargs", json!(1), "chat_template_kwargs"),
    ] {
        let (found, reason) = check(with(name, value)).unwrap_err();
        assert_eq!(found.as_deref(), Some(parameter), "{reason}");
        assert!(!reason.is_empty());
    }
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let deep: String = ["[".repeat(500), "]".repeat(500)].concat();
    let mut body = with("chat_template_kwargs", json!("DEEP"));
    // The engine gets bodies with a model from the gateway.
    body["model"] = json!("m");
    let body = body.to_string().replace("\"DEEP\"", &format!("{{\"a\":{deep}}}"));
    let (field, reason) = check_text(&body).unwrap_err();
    assert_eq!(field.as_deref(), Some("chat_template_kwargs"), "{reason}");
}

#[test]
fn required_tools_and_formats_become_constraints() {
    let tools = json!([{"type": "function", "function": {"name": "f", "parameters":
        {"type": "object", "properties": {"a": {"type": "integer"}}}}}]);
    let plan = check(with("tools", tools.clone())).unwrap();
    assert_eq!((plan.tools, plan.constraint), (Some(Syntax::Hermes), None));
    let mut required = with("tools", tools);
    required["tool_choice"] = json!({"type": "function", "function": {"name": "f"}});
    let constraint = check(required.clone()).unwrap().constraint.unwrap();
    assert_eq!(constraint.prefix, "<tool_call>\n");
    assert!(constraint.schema.contains("\"const\":\"f\""), "{}", constraint.schema);
    required["response_format"] = json!({"type": "json_object"});
    assert_eq!(check(required).unwrap_err().0.as_deref(), Some("response_format"));
    let plan = check(with("response_format", json!({"type": "json_object"}))).unwrap();
    assert_eq!(plan.constraint.unwrap().schema, "{\"type\":\"object\"}");
}
