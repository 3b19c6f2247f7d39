//! Turns a JSON schema, with literal text around it, into the grammar that llama.cpp samples by.

use llama_cpp_2::{model::LlamaModel, sampling::LlamaSampler};
use serde_json::{Value as Json, json};

use crate::protocol::Constraint;

/// What keeps a text to the constraint, or why nothing can, in words for whoever asked.
pub(super) fn sampler(model: &LlamaModel, constraint: &Constraint) -> Result<LlamaSampler, String> {
    let made = |text: &str| LlamaSampler::grammar(model, text, "root").ok();
    let Ok(mut schema) = serde_json::from_str::<Json>(&constraint.schema) else {
        let reason = "the JSON schema is nested more than 127 deep, or holds a number too large";
        return Err(reason.to_owned());
    };
    spell_out(&mut schema);
    if let Some(place) = loose_pattern(&schema, "") {
        return Err(unsupported(&place));
    }
    if let Some(sampler) = grammar(&schema, constraint).and_then(|text| made(&text)) {
        return Ok(sampler);
    }
    let works = |part: &Json| {
        let text = llama_cpp_2::json_schema_to_grammar(&part.to_string());
        text.is_ok_and(|text| made(&text).is_some())
    };
    let place = culprit(&schema, &schema, String::new(), &mut PATIENCE.clone(), &works);
    Err(unsupported(&place))
}

fn unsupported(place: &str) -> String {
    let part = if place.is_empty() { "it".to_owned() } else { format!("`{place}` in it") };
    format!(
        "the JSON schema cannot be enforced: {part} is not supported here. Leave that out and \
         check the answer yourself, or ask with `response_format` json_object"
    )
}

/// The first pattern that llama.cpp would take for any text at all, without a word.
fn loose_pattern(schema: &Json, place: &str) -> Option<String> {
    if let Some(pattern) = schema.get("pattern").and_then(Json::as_str) {
        let schema = json!({"type": "string", "pattern": pattern}).to_string();
        let rules = llama_cpp_2::json_schema_to_grammar(&schema).unwrap_or_default();
        if rules.lines().any(|rule| rule == ANY_TEXT) {
            return Some(format!("{place}/pattern"));
        }
    }
    parts(schema).iter().find_map(|(step, part)| loose_pattern(part, &format!("{place}/{step}")))
}

/// The smallest part of a schema that keeps it from working, as a JSON pointer.
fn culprit(
    schema: &Json,
    root: &Json,
    place: String,
    patience: &mut u32,
    works: &dyn Fn(&Json) -> bool,
) -> String {
    for (step, part) in parts(schema) {
        if *patience == 0 {
            return place;
        }
        *patience -= 1;
        if !works(&with_definitions(part, root)) {
            return culprit(part, root, format!("{place}/{step}"), patience, works);
        }
    }
    let Some(fields) = schema.as_object() else { return place };
    for name in fields.keys() {
        if *patience == 0 {
            break;
        }
        *patience -= 1;
        let mut rest = fields.clone();
        rest.shift_remove(name);
        if works(&with_definitions(&Json::Object(rest), root)) {
            return format!("{place}/{name}");
        }
    }
    place
}

/// The schemas within a schema, each with the way to it.
fn parts(schema: &Json) -> Vec<(String, &Json)> {
    let named = ["$defs", "definitions", "properties"].into_iter().flat_map(|field| {
        let parts = schema.get(field).and_then(Json::as_object).into_iter().flatten();
        parts.map(move |(name, part)| (format!("{field}/{name}"), part))
    });
    let listed = ["anyOf", "oneOf", "allOf", "prefixItems"].into_iter().flat_map(|field| {
        let parts = schema.get(field).and_then(Json::as_array).into_iter().flatten();
        parts.enumerate().map(move |(number, part)| (format!("{field}/{number}"), part))
    });
    let single = ["items", "additionalProperties"].into_iter().filter_map(|field| {
        let part = schema.get(field).filter(|part| part.is_object())?;
        Some((field.to_owned(), part))
    });
    named.chain(listed).chain(single).collect()
}

/// A part by itself, with what its references lead to.
fn with_definitions(part: &Json, root: &Json) -> Json {
    let mut part = part.clone();
    if let Some(fields) = part.as_object_mut() {
        for name in ["$defs", "definitions"] {
            if let Some(definitions) = root.get(name) {
                fields.entry(name).or_insert_with(|| definitions.clone());
            }
        }
    }
    part
}

/// Writes patterns as llama.cpp reads them: from beginning to end, and with classes of letters
/// spelled out. What a model writes by it satisfies the pattern as it was, which may allow more.
fn spell_out(schema: &mut Json) {
    match schema {
        Json::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Json::String(pattern) if name == "pattern" => *pattern = spelled_out(pattern),
                    _ if VALUES.contains(&name.as_str()) => {}
                    _ => spell_out(value),
                }
            }
        }
        Json::Array(parts) => parts.iter_mut().for_each(spell_out),
        _ => {}
    }
}

fn spelled_out(pattern: &str) -> String {
    let mut text = String::from(if pattern.starts_with('^') { "" } else { "^" });
    let mut letters = pattern.chars();
    let mut within = false;
    while let Some(letter) = letters.next() {
        match letter {
            '[' => within = true,
            ']' => within = false,
            _ => {}
        }
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        let class = match letters.next() {
            Some('d') => "0-9",
            Some('w') => "A-Za-z0-9_",
            Some('s') => " \\t\\n\\r",
            other => {
                text.push('\\');
                text.extend(other);
                continue;
            }
        };
        if within {
            text.push_str(class);
        } else {
            text.extend(["[", class, "]"]);
        }
    }
    let before = text.strip_suffix('$').unwrap_or_default();
    let escapes = before.len() - before.trim_end_matches('\\').len();
    if before.is_empty() || !escapes.is_multiple_of(2) {
        text.push('$');
    }
    text
}

/// The grammar, in GBNF; its first rule is `root`.
fn grammar(schema: &Json, constraint: &Constraint) -> Option<String> {
    let inner = llama_cpp_2::json_schema_to_grammar(&schema.to_string()).ok()?;
    if constraint.prefix.is_empty() && constraint.suffix.is_empty() {
        return Some(inner);
    }
    let renamed: Vec<String> = inner
        .lines()
        .map(|line| match line.strip_prefix("root ::=") {
            Some(rule) => format!("framed ::={rule}"),
            None => line.to_owned(),
        })
        .collect();
    let (prefix, suffix) = (literal(&constraint.prefix), literal(&constraint.suffix));
    Some(format!("root ::= {prefix} framed {suffix}\n{}\n", renamed.join("\n")))
}

fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Parts of a schema that are tried before whoever asked gets a less exact answer.
const PATIENCE: u32 = 200;
/// Keywords that hold values and no schemas.
const VALUES: [&str; 4] = ["enum", "const", "default", "examples"];
/// The rule that llama.cpp writes for a pattern that it cannot.
const ANY_TEXT: &str = "root ::= string";

#[cfg(test)]
mod tests {
    use super::*;

    fn grammar_of(schema: &Json, prefix: &str) -> Option<String> {
        let (prefix, suffix) = (prefix.to_owned(), String::new());
        grammar(schema, &Constraint { schema: String::new(), prefix, suffix })
    }

    #[test]
    fn literal_text_goes_around_the_schema() {
        let grammar = grammar_of(&json!({"type": "boolean"}), "say \"it\"\n").unwrap();
        assert!(grammar.starts_with(r#"root ::= "say \"it\"\n" framed """#), "{grammar}");
        assert!(grammar.contains("framed ::="), "{grammar}");
        assert!(!grammar[1..].contains("\nroot ::="), "{grammar}");
    }

    #[test]
    fn a_broken_schema_is_an_error() {
        let broken = json!({"type": "no such type"});
        assert_eq!(grammar_of(&broken, ""), None);
    }

    #[test]
    fn patterns_that_would_be_any_text_are_found() {
        for (pattern, loose) in
            [("^[a-z]{2,3}-[0-9]+$", false), ("^yes|no$", false), ("^(?=b)b$", true)]
        {
            let schema = json!({"properties": {"pattern": {"items": {"pattern": pattern}}}});
            let found = loose_pattern(&schema, "");
            let place = loose.then(|| "/properties/pattern/items/pattern".to_owned());
            assert_eq!(found, place, "{pattern}");
        }
    }

    #[test]
    fn classes_are_spelled_out() {
        for (pattern, expected) in [
            (r"^\d{4}-\w+\s$", r"^[0-9]{4}-[A-Za-z0-9_]+[ \t\n\r]$"),
            (r"^[\d.]\\d\.$", r"^[0-9.]\\d\.$"),
            (r"^[^\s\]]\d\", r"^[^ \t\n\r\]][0-9]\$"),
            (r"ab|c", r"^ab|c$"),
            (r"^ab\$", r"^ab\$$"),
            (r"ab\\$", r"^ab\\$"),
            ("", "^$"),
        ] {
            let mut schema = json!({"items": {"pattern": pattern}, "enum": [{"pattern": pattern}]});
            spell_out(&mut schema);
            assert_eq!(schema["items"]["pattern"], expected);
            assert_eq!(schema["enum"][0]["pattern"], pattern);
        }
        for pattern in [r"^[\w-]+@\d+$", "ab|c", r"^ab\$"] {
            let mut schema = json!({"pattern": pattern});
            spell_out(&mut schema);
            assert_eq!(loose_pattern(&schema, ""), None, "{schema}");
        }
    }

    #[test]
    fn the_smallest_part_is_named() {
        // Everything works but the field `bad`, wherever it stands.
        let works = |part: &Json| {
            let mut part = part.clone();
            part.as_object_mut().map(|fields| fields.shift_remove("$defs"));
            !part.to_string().contains("\"bad\"")
        };
        for (schema, place) in [
            (json!({"type": "object", "bad": 1}), "/bad"),
            (
                json!({"properties": {"a": {}, "b": {"items": {"bad": 1}}}}),
                "/properties/b/items/bad",
            ),
            (json!({"anyOf": [{"type": "null"}, {"bad": 1}]}), "/anyOf/1/bad"),
            (json!({"$defs": {"x": {"bad": 1}}, "$ref": "#/$defs/x"}), "/$defs/x/bad"),
            (json!({"enum": ["bad"]}), "/enum"),
        ] {
            let found = culprit(&schema, &schema, String::new(), &mut PATIENCE.clone(), &works);
            assert_eq!(found, place, "{schema}");
        }
    }
}
