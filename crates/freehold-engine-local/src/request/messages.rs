//! Messages as chat templates expect them: contents as one text, tool arguments as values.

use freehold_engine::EngineError;
use freehold_wire::{Content, Message};
use serde_json::{Map, Value as Json, json};

use super::invalid;

/// OpenAI's messages for the template.
pub(super) fn flatten(messages: &[Message<'_>]) -> Result<Json, EngineError> {
    if messages.is_empty() {
        return Err(invalid("`messages` is empty".to_owned(), "messages"));
    }
    messages.iter().enumerate().map(|(place, message)| flat(place, message)).collect()
}

fn flat(place: usize, message: &Message<'_>) -> Result<Json, EngineError> {
    let role = match &*message.role {
        // OpenAI's newer name for the same; no template knows it.
        "developer" => "system",
        role @ ("system" | "user" | "assistant" | "tool") => role,
        other => {
            let reason = format!(
                "role `{other}` is unknown; known are system, developer, user, assistant, tool"
            );
            return Err(invalid(reason, &format!("messages[{place}].role")));
        }
    };
    let content = message.content.as_ref().map(Content::text).transpose().map_err(|kind| {
        let reason = format!("this engine reads text only, not `{kind}`");
        invalid(reason, &format!("messages[{place}].content"))
    })?;
    let mut flat = Map::new();
    flat.insert("role".to_owned(), json!(role));
    flat.insert("content".to_owned(), json!(content.unwrap_or_default()));
    let texts = [
        ("name", &message.name),
        ("tool_call_id", &message.tool_call_id),
        ("reasoning_content", &message.reasoning_content),
    ];
    for (field, text) in texts {
        if let Some(text) = text {
            flat.insert(field.to_owned(), json!(text));
        }
    }
    if let Some(calls) = &message.tool_calls {
        let calls = calls.iter().map(|call| {
            // Templates write arguments as JSON; a text in it would be quoted a second time.
            let arguments = serde_json::from_str::<Json>(&call.function.arguments)
                .ok()
                .filter(Json::is_object)
                .unwrap_or_else(|| json!(call.function.arguments));
            json!({"id": call.id, "type": "function",
                "function": {"name": call.function.name, "arguments": arguments}})
        });
        flat.insert("tool_calls".to_owned(), calls.collect());
    }
    Ok(Json::Object(flat))
}
