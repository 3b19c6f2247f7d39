//! Puts a stream's events back together and holds them to OpenAI's order: a role first in each
//! choice, then its deltas, one finish reason, and nothing after it; usage alone and last.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the events of one stream amount to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assembled {
    /// The answer's id.
    pub id: String,
    /// The choices by index.
    pub choices: BTreeMap<u64, Assembly>,
    /// The last event's counts, where asked for.
    pub usage: Option<Value>,
}

/// One choice of a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assembly {
    /// The text.
    pub content: String,
    /// Tool calls as name and arguments.
    pub tool_calls: Vec<(String, String)>,
    /// Entries of `logprobs.content`.
    pub logprobs: Vec<Value>,
    /// The finish reason, once.
    pub finish: Option<String>,
}

/// Assembles events in order.
///
/// # Errors
/// The first event that breaks the protocol, in words.
pub fn assemble<'a>(events: impl IntoIterator<Item = &'a [u8]>) -> Result<Assembled, String> {
    let mut answer = Assembled::default();
    for (place, event) in events.into_iter().enumerate() {
        let event: Value = serde_json::from_slice(event)
            .map_err(|error| format!("event {place} is not JSON: {error}"))?;
        add(&mut answer, place, &event).map_err(|found| format!("event {place}: {found}"))?;
    }
    for (index, choice) in &answer.choices {
        if choice.finish.is_none() {
            return Err(format!("choice {index} has no finish reason"));
        }
    }
    Ok(answer)
}

fn add(answer: &mut Assembled, place: usize, event: &Value) -> Result<(), String> {
    if event["object"] != "chat.completion.chunk" {
        return Err(format!("object is {}", event["object"]));
    }
    let id = event["id"].as_str().ok_or("no id")?;
    if place == 0 {
        id.clone_into(&mut answer.id);
    } else if id != answer.id {
        return Err(format!("id changed to {id}"));
    }
    event["created"].as_u64().ok_or("no created")?;
    event["model"].as_str().ok_or("no model")?;
    if answer.usage.is_some() {
        return Err("comes after the usage".to_owned());
    }
    let choices = event["choices"].as_array().ok_or("no choices")?;
    if choices.is_empty() {
        if !event["usage"].is_object() {
            return Err("neither choices nor usage".to_owned());
        }
        answer.usage = Some(event["usage"].clone());
    }
    choices.iter().try_for_each(|choice| add_choice(answer, choice))
}

fn add_choice(answer: &mut Assembled, event: &Value) -> Result<(), String> {
    let index = event["index"].as_u64().ok_or("choice without index")?;
    let delta = &event["delta"];
    let opening = !answer.choices.contains_key(&index);
    if opening && delta["role"] != "assistant" {
        return Err(format!("choice {index} does not begin with the role"));
    }
    if !opening && !delta["role"].is_null() {
        return Err(format!("choice {index} has a second role"));
    }
    let choice = answer.choices.entry(index).or_default();
    if choice.finish.is_some() {
        return Err(format!("choice {index} goes on after its finish reason"));
    }
    choice.content.push_str(delta["content"].as_str().unwrap_or_default());
    for call in delta["tool_calls"].as_array().into_iter().flatten() {
        let at = call["index"].as_u64().ok_or("tool call without index")? as usize;
        let name = call["function"]["name"].as_str().unwrap_or_default();
        let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
        if at == choice.tool_calls.len() {
            choice.tool_calls.push(Default::default());
        }
        let known = choice.tool_calls.get_mut(at).ok_or("tool calls out of order")?;
        known.0.push_str(name);
        known.1.push_str(arguments);
    }
    choice.logprobs.extend(event["logprobs"]["content"].as_array().into_iter().flatten().cloned());
    choice.finish = event["finish_reason"].as_str().map(str::to_owned);
    Ok(())
}
