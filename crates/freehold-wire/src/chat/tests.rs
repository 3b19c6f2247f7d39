//! What a request body means, and what each wrong one is told.

use super::*;

#[track_caller]
fn check(body: &str, read: impl Fn(&ChatRequest<'_>) -> String, expected: &str) {
    let shown = match ChatRequest::parse(body.as_bytes()) {
        Ok(request) => read(&request),
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected, "{body}");
}

fn with(fields: &str) -> String {
    format!(r#"{{"model":"m","messages":[],{fields}}}"#)
}

#[test]
fn reads_the_fields_that_an_engine_needs() {
    check(
        &with(r#""max_tokens":3,"max_completion_tokens":4"#),
        |r| format!("{:?}", r.max_tokens),
        "Some(4)",
    );
    check(&with(r#""seed":-1"#), |r| format!("{:?}", r.seed), "Some(18446744073709551615)");
    check(&with(r#""stop":"a""#), |r| format!("{:?}", r.stop.len()), "1");
    check(&with(r#""stop":["a","b"]"#), |r| format!("{:?}", r.stop.len()), "2");
    check(&with(r#""stop":null,"n":2"#), |r| format!("{} {}", r.stop.len(), r.n), "0 2");
    check(
        &with(
            r#""tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"add"}}"#,
        ),
        |r| format!("{} {} {:?}", r.tools[0].name, r.tools[0].parameters.unwrap(), r.tool_choice),
        r#"add {"type":"object"} Function(Text("add"))"#,
    );
    check(
        &with(
            r#""response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"a":1},"strict":true}}"#,
        ),
        |r| match &r.response_format {
            ResponseFormat::JsonSchema { name, schema } => format!("{name} {schema}"),
            other => format!("{other:?}"),
        },
        r#"x {"a":1}"#,
    );
}

#[test]
fn keeps_what_nobody_knows() {
    check(
        &with(r#""novel":{"b":[1, 2]},"user":"u""#),
        |r| r.other.iter().map(|(name, value)| format!("{name}={value};")).collect(),
        r#"novel={"b":[1, 2]};user="u";"#,
    );
}

#[test]
fn reads_messages() {
    let body = r#"{"model":"m","messages":[
        {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
        {"role":"tool","tool_call_id":"1","content":"line\nbreak"},
        {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}}]}]}"#;
    let request = ChatRequest::parse(body.as_bytes()).unwrap();
    let texts: Vec<_> = request
        .messages
        .iter()
        .map(|message| {
            message.content.as_ref().map(|content| content.text().map_err(str::to_owned))
        })
        .collect();
    assert_eq!(texts[0], Some(Ok("ab".into())));
    assert_eq!(texts[1], None);
    assert_eq!(texts[2], Some(Ok("line\nbreak".into())));
    assert_eq!(texts[3], Some(Err("image_url".to_owned())));
    let call = &request.messages[1].tool_calls.as_ref().unwrap()[0];
    assert_eq!(&*call.function.arguments, r#"{"x":1}"#);
}

#[test]
fn names_the_field_at_fault() {
    let nothing = |_: &ChatRequest<'_>| String::new();
    check("{}", nothing, "`model` is missing");
    check(r#"{"model":"m"}"#, nothing, "`messages` is missing");
    for (fields, told) in [
        (r#""n":"x""#, "`n` is a text; a whole number, 0 or more, is expected"),
        (r#""n":-1"#, "`n` is -1; a whole number, 0 or more, is expected"),
        (r#""temperature":[]"#, "`temperature` is a list; a number is expected"),
        (r#""seed":0.5"#, "`seed` is 0.5; a whole number of 64 bits is expected"),
        (r#""stop":[1]"#, "`stop` is a list; a text or a list of texts is expected"),
        (
            r#""tool_choice":"maybe""#,
            "`tool_choice` is `maybe`; allowed: auto, none, required, or a function",
        ),
        (r#""tool_choice":{}"#, "`tool_choice.function` is missing"),
        (r#""tools":[{}]"#, "`tools[0].function` is missing"),
        (
            r#""tools":[{"function":{"name":1}}]"#,
            "`tools[0].function.name` is 1; a text is expected",
        ),
        (
            r#""response_format":{"type":"xml"}"#,
            "`response_format.type` is `xml`; allowed: text, json_object, json_schema",
        ),
        (r#""response_format":{}"#, "`response_format.type` is missing"),
        (
            r#""response_format":{"type":"json_schema","json_schema":{"name":"n"}}"#,
            "`response_format.json_schema.schema` is missing",
        ),
    ] {
        check(&with(fields), nothing, told);
    }
    for (message, told) in [
        ("1", "`messages[1]` is 1; an object with `role` and `content` is expected"),
        ("{}", "`messages[1].role` is missing"),
        (r#"{"role":null}"#, "`messages[1].role` is null; a text is expected"),
        (
            r#"{"role":"user","content":7}"#,
            "`messages[1].content` is 7; a text or a list of parts, each with `type`, is expected",
        ),
        (r#"{"role":"user","role":"user"}"#, "`messages[1].role` is there twice"),
        (
            r#"{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{}}}]}"#,
            "`messages[1].tool_calls` is a list; a list of calls, each with `function.name` and \
             `function.arguments`, a text, is expected",
        ),
    ] {
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user"}},{message}]}}"#);
        check(&body, nothing, told);
    }
    check("{", nothing, "the body is not valid JSON: it breaks off at line 1, column 1");
    check(r#"{"a":1,"a":1}"#, nothing, "`a` is there twice");
}

#[test]
fn many_names_are_read_in_one_go() {
    // Each compared with all before it would take minutes.
    let names: String = (0..400_000).map(|number| format!(r#""{number}":0,"#)).collect();
    let body = with(&format!(r#"{names}"last":1"#));
    check(&body, |request| request.other.iter().count().to_string(), "400001");
}

proptest::proptest! {
    #[test]
    fn any_bytes_do_no_harm(bytes in proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..200)) {
        let _ = ChatRequest::parse(&bytes);
        let _ = crate::RequestHead::parse(&bytes);
        let _ = crate::AnswerHead::parse(&bytes);
        let _ = crate::EmbeddingRequest::parse(&bytes);
    }
}
