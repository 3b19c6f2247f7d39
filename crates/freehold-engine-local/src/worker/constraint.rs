//! Turns a JSON schema, with literal text around it, into the grammar that llama.cpp samples by.

use crate::protocol::Constraint;

/// The grammar, in GBNF; its first rule is `root`.
pub(super) fn grammar(constraint: &Constraint) -> Result<String, String> {
    let inner = llama_cpp_2::json_schema_to_grammar(&constraint.schema)
        .map_err(|_| "the JSON schema uses something that cannot be enforced".to_owned())?;
    if constraint.prefix.is_empty() && constraint.suffix.is_empty() {
        return Ok(inner);
    }
    let renamed: Vec<String> = inner
        .lines()
        .map(|line| match line.strip_prefix("root ::=") {
            Some(rule) => format!("framed ::={rule}"),
            None => line.to_owned(),
        })
        .collect();
    let (prefix, suffix) = (literal(&constraint.prefix), literal(&constraint.suffix));
    Ok(format!("root ::= {prefix} framed {suffix}\n{}\n", renamed.join("\n")))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn constraint(schema: &str, prefix: &str) -> Constraint {
        Constraint { schema: schema.to_owned(), prefix: prefix.to_owned(), suffix: String::new() }
    }

    #[test]
    fn literal_text_goes_around_the_schema() {
        let grammar = grammar(&constraint(r#"{"type":"boolean"}"#, "say \"it\"\n")).unwrap();
        assert!(grammar.starts_with(r#"root ::= "say \"it\"\n" framed """#), "{grammar}");
        assert!(grammar.contains("framed ::="), "{grammar}");
        assert!(!grammar[1..].contains("\nroot ::="), "{grammar}");
    }

    #[test]
    fn a_broken_schema_is_an_error() {
        for broken in ["", "{", r#"{"type": "no such type"}"#] {
            assert!(grammar(&constraint(broken, "")).is_err(), "{broken}");
        }
    }
}
