//! Tool calls as models write them, found in their text.
//!
//! Hermes and Qwen: `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, several in a row.
//! Mistral: `[TOOL_CALLS][{"name": …, "arguments": {…}}]`, or `[TOOL_CALLS]name[ARGS]{…}`.
//! Llama 3: `{"name": …, "parameters": {…}}` alone, perhaps after `<|python_tag|>`.

use serde::Deserialize;
use serde_json::Value as Json;

/// How a model writes calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Hermes, Qwen, and our own models.
    Hermes,
    /// Mistral.
    Mistral,
    /// Llama 3.1 and later.
    Llama,
}

/// A call found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundCall {
    pub(crate) name: String,
    /// JSON text of an object.
    pub(crate) arguments: String,
}

impl Syntax {
    /// The syntax that a chat template teaches.
    pub(crate) fn of(template: &str) -> Self {
        if template.contains("[TOOL_CALLS]") {
            Self::Mistral
        } else if template.contains("<|python_tag|>")
            || (template.contains("\"parameters\":") && !template.contains("<tool_call>"))
        {
            Self::Llama
        } else {
            Self::Hermes
        }
    }

    /// What a call begins with; text from there on is held back.
    pub(crate) const fn marker(self) -> &'static str {
        match self {
            Self::Hermes => "<tool_call>",
            Self::Mistral => "[TOOL_CALLS]",
            Self::Llama => "<|python_tag|>",
        }
    }

    /// Whether a text that begins like this is a call from its first letter on.
    pub(crate) fn begins(self, text: &str) -> bool {
        self == Self::Llama && text.trim_start().starts_with('{')
    }

    /// What stands around one call.
    pub(crate) const fn frame(self) -> (&'static str, &'static str) {
        match self {
            Self::Hermes => ("<tool_call>\n", "\n</tool_call>"),
            Self::Mistral => ("[TOOL_CALLS]", ""),
            Self::Llama => ("<|python_tag|>", ""),
        }
    }

    /// The name of the arguments.
    pub(crate) const fn arguments_field(self) -> &'static str {
        match self {
            Self::Hermes | Self::Mistral => "arguments",
            Self::Llama => "parameters",
        }
    }

    /// The calls in a text that was held back, or none if it is not what it seemed.
    pub(crate) fn parse(self, text: &str) -> Option<Vec<FoundCall>> {
        let calls = match self {
            Self::Hermes => text
                .split("<tool_call>")
                .filter(|part| !part.trim().is_empty())
                .map(|part| call(part.split("</tool_call>").next().unwrap_or(part)))
                .collect::<Option<Vec<_>>>()?,
            Self::Mistral => mistral(text.trim().strip_prefix("[TOOL_CALLS]")?)?,
            Self::Llama => {
                let text = text.trim();
                let text = text.strip_prefix("<|python_tag|>").unwrap_or(text);
                text.split(';')
                    .map(call)
                    .collect::<Option<Vec<_>>>()
                    .or_else(|| Some(vec![call(text)?]))?
            }
        };
        (!calls.is_empty()).then_some(calls)
    }
}

/// Control tokens that must reach the parser as text.
pub(crate) const VISIBLE: &[&str] = &[
    "<tool_call>",
    "</tool_call>",
    "[TOOL_CALLS]",
    "[ARGS]",
    "<|python_tag|>",
    "<think>",
    "</think>",
];

#[derive(Deserialize)]
struct Written {
    name: String,
    #[serde(alias = "parameters")]
    arguments: Option<Json>,
}

fn call(text: &str) -> Option<FoundCall> {
    serde_json::from_str(text.trim()).ok().and_then(found)
}

fn found(written: Written) -> Option<FoundCall> {
    let arguments = match written.arguments {
        None | Some(Json::Null) => "{}".to_owned(),
        Some(Json::String(text)) => text,
        Some(object @ Json::Object(_)) => object.to_string(),
        Some(_) => return None,
    };
    (!written.name.is_empty()).then_some(FoundCall { name: written.name, arguments })
}

fn mistral(text: &str) -> Option<Vec<FoundCall>> {
    if let Ok(calls) = serde_json::from_str::<Vec<Written>>(text.trim()) {
        return calls.into_iter().map(found).collect();
    }
    text.split("[TOOL_CALLS]")
        .map(|part| {
            let (name, arguments) = part.split_once("[ARGS]")?;
            let arguments: Json = serde_json::from_str(arguments.trim()).ok()?;
            found(Written { name: name.trim().to_owned(), arguments: Some(arguments) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(syntax: Syntax, text: &str, expected: &[(&str, &str)]) {
        let calls = syntax.parse(text).unwrap_or_default();
        let found: Vec<_> =
            calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn calls_are_found() {
        let f = ("f", r#"{"a":1}"#);
        check(
            Syntax::Hermes,
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>",
            &[f],
        );
        check(
            Syntax::Hermes,
            "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":1}}</tool_call>\n<tool_call>{\"name\":\"g\"}</tool_call>",
            &[f, ("g", "{}")],
        );
        check(Syntax::Hermes, "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":1}}", &[f]);
        check(Syntax::Mistral, "[TOOL_CALLS][{\"name\":\"f\",\"arguments\":{\"a\":1}}]", &[f]);
        check(Syntax::Mistral, "[TOOL_CALLS]f[ARGS]{\"a\":1}", &[f]);
        check(Syntax::Llama, "{\"name\":\"f\",\"parameters\":{\"a\":1}}", &[f]);
        check(Syntax::Llama, "<|python_tag|>{\"name\":\"f\",\"parameters\":{\"a\":1}}", &[f]);
        check(
            Syntax::Llama,
            "{\"name\":\"f\",\"parameters\":{\"a\":\";\"}}",
            &[("f", "{\"a\":\";\"}")],
        );
    }

    #[test]
    fn what_is_no_call_is_none() {
        for syntax in [Syntax::Hermes, Syntax::Mistral, Syntax::Llama] {
            for text in [
                "",
                "{}",
                "<tool_call>no</tool_call>",
                "[TOOL_CALLS]",
                "{\"a\": 1}",
                "[TOOL_CALLS][]",
            ] {
                check(syntax, text, &[]);
            }
        }
    }
}
