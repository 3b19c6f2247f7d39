//! JSON as the data files have it: what fits into a line stands in one line.

use serde_json::Value;

/// A file's text.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, WIDTH, true, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, indent: usize, width: usize, top: bool, text: &mut String) {
    let one = one_line(value);
    if !top && one.chars().count() + indent <= width {
        text.push_str(&one);
        return;
    }
    let pad = " ".repeat(indent + 1);
    let end = " ".repeat(indent);
    match value {
        Value::Object(fields) => {
            text.push_str("{\n");
            for (at, (name, value)) in fields.iter().enumerate() {
                text.push_str(if at > 0 { ",\n" } else { "" });
                text.push_str(&format!("{pad}{}: ", Value::from(name.as_str())));
                let left = width.saturating_sub(name.len() + 4);
                write(value, indent + 1, left, false, text);
            }
            text.push_str(&format!("\n{end}}}"));
        }
        Value::Array(values) => {
            text.push_str("[\n");
            for (at, value) in values.iter().enumerate() {
                text.push_str(if at > 0 { ",\n" } else { "" });
                text.push_str(&pad);
                write(value, indent + 1, width, false, text);
            }
            text.push_str(&format!("\n{end}]"));
        }
        other => text.push_str(&other.to_string()),
    }
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), one_line(value))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(one_line).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

const WIDTH: usize = 150;
