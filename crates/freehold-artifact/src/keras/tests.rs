use super::*;

fn check_rules(json: &str, expected: &[&str]) {
    let found = check(&serde_json::from_str(json).unwrap());
    let names: Vec<_> = found.iter().map(|one| one.rule.name).collect();
    assert_eq!(names, expected, "{json}: {found:?}");
}

#[test]
fn what_configurations_name() {
    // `marshal` of code that names `os` and `system`; nothing ever loads it.
    let harmful = "4wAAAADaAm9z2gZzeXN0ZW0=";
    let calm = "4wAAAADaAXjaAnRm";
    let function = |module: &str, name: &str| {
        format!(
            r#"{{"module": "{module}", "class_name": "function", "config": "{name}",
            "registered_name": "function"}}"#
        )
    };
    for (json, expected) in [
        (r#"{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}}"#.into(), None),
        (r#"{"module": null, "class_name": "Mine", "registered_name": "me>Mine", "config": {}}"#.into(), None),
        (format!(r#"{{"class_name": "Lambda", "config": {{"function": ["{calm}", null, null], "function_type": "lambda"}}}}"#), Some("keras/lambda")),
        (format!(r#"{{"class_name": "Lambda", "config": {{"function": ["{harmful}\n", null], "function_type": "lambda"}}}}"#), Some("keras/lambda-harms")),
        (format!(r#"{{"a": [{{"class_name": "__lambda__", "config": {{"code": "{harmful}"}}}}]}}"#), Some("keras/lambda-harms")),
        (r#"{"class_name": "Lambda", "config": {"function": "system", "function_type": "function", "module": "os"}}"#.into(), Some("keras/dangerous-object")),
        (function("os", "system"), Some("keras/dangerous-object")),
        (function("builtins", "exec"), Some("keras/dangerous-object")),
        (function("builtins", "my_loss"), None),
        (function("keras.activations", "relu"), None),
        (function("keras.utils", "get_file"), Some("keras/dangerous-object")),
        (function("keras.config", "enable_unsafe_deserialization"), Some("keras/dangerous-object")),
        (function("keras.models", "load_model"), Some("keras/dangerous-object")),
        (function("somebody.layers", "f"), Some("keras/custom-object")),
        (r#"{"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}}"#.into(), Some("keras/outside-path")),
        (r#"{"class_name": "StringLookup", "config": {"vocabulary": "words.txt"}}"#.into(), Some("keras/outside-file")),
        (r#"{"class_name": "StringLookup", "config": {"vocabulary": ["a", "b"]}}"#.into(), None),
        (r#"{"class_name": "TFSMLayer", "config": {"filepath": "other"}}"#.into(), Some("keras/outside-file")),
    ] {
        check_rules(&json, expected.as_slice());
    }
}
