//! How one entry of the log looks, as a line, as a page and as JSON.

use freehold_auditlog::{Body, EntryKind, EntryView, Proof};
use serde_json::{Map, Value, json};

use crate::{invoked::with_program, render, system::utc};

/// One line for `tail`.
pub(crate) fn line(entry: &EntryView) -> String {
    let text = |name: &str| match entry.header.get(name) {
        Some(value) => plain(value),
        None => String::new(),
    };
    let summary = match entry.kind {
        EntryKind::Intent => format!("{} asks {}", text("principal"), text("model")),
        EntryKind::Outcome => {
            format!("{} {}", name_of(entry.header.get("ending")), text("http_status"))
        }
        EntryKind::Event => format!("{}{}", text("event"), about(&entry.header["detail"])),
    };
    let kind = kind(entry.kind);
    format!("{:>6}  {}  {}  {kind:<7}  {summary}", entry.sequence, utc(entry.time), entry.id)
}

/// The entry as JSON: what identifies it, how it is proved, and what was recorded.
pub(crate) fn as_json(entry: &EntryView) -> Value {
    let mut fields = Map::new();
    fields.insert("sequence".into(), json!(entry.sequence));
    fields.insert("id".into(), json!(entry.id));
    fields.insert("time".into(), json!(utc(entry.time)));
    fields.insert("kind".into(), json!(kind(entry.kind)));
    fields.insert("leaf".into(), json!(entry.leaf_hash));
    fields.insert("proof".into(), json!(proof(entry.proof).1));
    fields.insert("recorded".into(), entry.header.clone());
    let (state, body) = match &entry.body {
        Body::None => ("none", None),
        Body::Opened(bytes) => ("opened", Some(readable(bytes))),
        Body::Erased => ("erased", None),
        Body::Sealed => ("sealed", None),
        Body::Damaged => ("damaged", None),
    };
    fields.insert("body_state".into(), json!(state));
    if let Some(body) = body {
        fields.insert("body".into(), body);
    }
    Value::Object(fields)
}

/// The entry as a page for `show`.
pub(crate) fn page(entry: &EntryView) {
    let heading = format!("{} (entry {})", kind(entry.kind), entry.sequence);
    render::line(render::styled(render::STRONG, heading));
    field("time", &utc(entry.time));
    field("leaf", &entry.leaf_hash.to_string());
    let (style, word, text) = proof(entry.proof);
    field("proof", &format!("{}: {text}", render::styled(style, word)));
    if let Value::Object(fields) = &entry.header {
        for (name, value) in fields.iter().filter(|(name, _)| !SHOWN.contains(&name.as_str())) {
            match (name.as_str(), value) {
                ("detail", Value::Object(detail)) => details(detail),
                _ => field(name, &plain(value)),
            }
        }
    }
    match &entry.body {
        Body::None => (),
        Body::Opened(bytes) => {
            field("body", "opened with the subject's key");
            let text = match readable(bytes) {
                Value::String(text) => text,
                value => serde_json::to_string_pretty(&value).unwrap_or_default(),
            };
            text.lines().for_each(|line| render::line(format_args!("      {}", visible(line))));
        }
        Body::Erased => field("body", "erased; its key or its ciphertext was deleted"),
        Body::Sealed => field("body", "sealed; the keys that open it are not here"),
        Body::Damaged => {
            let text = "not what the log commits to; run `freehold audit verify`";
            field("body", &render::styled(render::STOP, with_program(text)));
        }
    }
}

/// Of whom or what an event tells, where it says so.
fn about(detail: &Value) -> String {
    let part = |word: &str, name: &str| match detail.get(name) {
        Some(Value::String(text)) => format!("{word}{}", visible(text)),
        _ => String::new(),
    };
    let by = ["signed_off_by", "by"].map(|name| part(" by ", name)).concat();
    let (name, until, reason) = (part(" ", "name"), part(" until ", "until"), part(": ", "reason"));
    format!("{name}{by}{until}{reason}")
}

/// What an event says, a line each; a list has a line for each of its items.
fn details(detail: &Map<String, Value>) {
    for (name, value) in detail {
        match value {
            Value::Array(items) => {
                for item in items {
                    let text = match item {
                        Value::Object(parts) => {
                            let parts: Vec<_> = parts.values().map(plain).collect();
                            parts.join("  ")
                        }
                        item => plain(item),
                    };
                    field(name, &text);
                }
            }
            value => field(name, &plain(value)),
        }
    }
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Intent => "intent",
        EntryKind::Outcome => "outcome",
        EntryKind::Event => "event",
    }
}

fn proof(proof: Proof) -> (anstyle::Style, &'static str, String) {
    match proof {
        Proof::Included { tree_size } => {
            let text = format!("the leaf leads to the signed root of {tree_size} entries");
            (render::DEED, "included", text)
        }
        Proof::Pending => {
            (render::HOLD, "pending", "durable, and not yet under a signed checkpoint".to_owned())
        }
        Proof::Broken => {
            let text = "it does not lead to the signed root; run `freehold audit verify`";
            (render::STOP, "broken", with_program(text))
        }
    }
}

fn field(name: &str, text: &str) {
    render::line(format_args!("  {name:<18} {text}"));
}

/// JSON as JSON, text as text, anything else as how long it is.
fn readable(bytes: &[u8]) -> Value {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return value;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::String(text.to_owned()),
        Err(_) => Value::String(format!("{} bytes that are no text", bytes.len())),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text),
        other => other.to_string(),
    }
}

/// Recorded text can hold what others wrote; nothing in it may steer a terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// An enum as serde writes it: a string, or the one key of an object with its detail.
fn name_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(name)) => visible(name),
        Some(Value::Object(fields)) => {
            fields.iter().next().map_or_else(String::new, |(name, v)| {
                let detail = v.as_object().and_then(|inner| inner.values().next()).map(plain);
                detail
                    .map_or_else(|| visible(name), |detail| format!("{} ({detail})", visible(name)))
            })
        }
        _ => String::new(),
    }
}

/// What the page shows by other means.
const SHOWN: [&str; 5] = ["v", "body", "id", "time", "kind"];
