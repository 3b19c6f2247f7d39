//! Templates as publishers write them, and hostile ones.

use serde_json::json;

use super::*;

const CHATML: &str = "{%- for message in messages %}\n{{- '<|im_start|>' + message.role + '\\n' + \
    message.content + '<|im_end|>' + '\\n' }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n\
    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}";

fn conversation(messages: Json) -> Conversation {
    Conversation {
        messages,
        tools: Json::Null,
        extra: Json::Null,
        begin: "<s>".to_owned(),
        end: "</s>".to_owned(),
    }
}

#[track_caller]
fn check(template: &str, expected: &str) {
    let template = ChatTemplate::new(template.to_owned()).unwrap();
    let messages = json!([{"role": "user", "content": " Hi <b> "}]);
    let mut conversation = conversation(messages);
    conversation.tools =
        json!([{"type": "function", "function": {"name": "f", "z": 1, "a": [1.5, null]}}]);
    assert_eq!(template.render(&conversation).unwrap(), expected);
}

#[test]
fn publishers_idioms() {
    check(CHATML, "<|im_start|>user\n Hi <b> <|im_end|>\n<|im_start|>assistant\n");
    check("{{ bos_token }}{{ messages[0]['content'].strip() }}{{ eos_token }}", "<s>Hi <b></s>");
    check(
        "{% for tool in tools %}{{ tool | tojson }}{% endfor %}",
        r#"{"type": "function", "function": {"name": "f", "z": 1, "a": [1.5, null]}}"#,
    );
    check("{{ tools[0].function.a | tojson(indent=4) }}", "[\n    1.5,\n    null\n]");
    check(
        "{% set ns = namespace(n=0) %}{% for m in messages[::-1] %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
        "1",
    );
    check("{% if nothing is defined %}a{% else %}b{% endif %}{{ nothing }}", "b");
    check("{% for i in [1,2,3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "1");
}

#[test]
fn refusals_say_what_the_template_says() {
    let template = "{{ raise_exception('roles must alternate') }}".to_owned();
    let error = ChatTemplate::new(template).unwrap().render(&conversation(json!([]))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model's chat template refuses the conversation: roles must alternate"
    );
}

#[test]
fn hostile_templates_end() {
    for hostile in [
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include '/etc/passwd' %}",
        "{{ 'x' * 10000000000 }}",
        "{{ range(10000000000) | list }}",
    ] {
        let template = ChatTemplate::new(hostile.to_owned()).unwrap();
        assert!(template.render(&conversation(json!([]))).is_err(), "{hostile}");
    }
    assert!(ChatTemplate::new("{% for".to_owned()).is_err());
}

#[test]
fn the_date_can_be_asked_for() {
    let template = ChatTemplate::new("{{ strftime_now('%Y') }}".to_owned()).unwrap();
    let year: u32 = template.render(&conversation(json!([]))).unwrap().parse().unwrap();
    assert!(year >= 2026);
}

#[test]
fn client_variables_do_not_replace_the_conversation() {
    let template = ChatTemplate::new("{{ messages | length }}{{ thinking }}".to_owned()).unwrap();
    let mut conversation = conversation(json!([{"role": "user", "content": ""}]));
    conversation.extra = json!({"messages": [], "thinking": "on"});
    assert_eq!(template.render(&conversation).unwrap(), "1on");
}
