//! What an answer must look like: `response_format`, and tool calls that are required.

use freehold_engine::EngineError;
use freehold_wire::{ChatRequest, ResponseFormat, Tool, ToolChoice};
use serde_json::{Value as Json, json};

use super::{invalid, value};
use crate::{protocol::Constraint, tools::Syntax};

/// The constraint, if the request asks for one.
pub(super) fn constraint(
    request: &ChatRequest<'_>,
    tools: Option<Syntax>,
) -> Result<Option<Constraint>, EngineError> {
    let format = match &request.response_format {
        ResponseFormat::Text => None,
        ResponseFormat::JsonObject => Some(json!({"type": "object"}).to_string()),
        ResponseFormat::JsonSchema { schema, .. } => Some(schema.get().to_owned()),
    };
    let forced = match (&request.tool_choice, tools) {
        (_, None) | (ToolChoice::Auto | ToolChoice::None, _) => None,
        (ToolChoice::Required, Some(syntax)) => {
            Some(calls(&request.tools.iter().collect::<Vec<_>>(), syntax)?)
        }
        (ToolChoice::Function(name), Some(syntax)) => {
            let tool = request.tools.iter().find(|tool| tool.name == *name).ok_or_else(|| {
                invalid(format!("`tool_choice` names `{name}`, which is no tool"), "tool_choice")
            })?;
            Some(calls(&[tool], syntax)?)
        }
    };
    match (format, forced) {
        (Some(_), Some(_)) => {
            let reason = "an answer cannot be both a required tool call and `response_format`";
            Err(invalid(reason.to_owned(), "response_format"))
        }
        (Some(_), None) if tools.is_some() => {
            let reason = "`response_format` would keep the model from calling `tools`; \
                          leave one out, or set `tool_choice` to none";
            Err(invalid(reason.to_owned(), "response_format"))
        }
        (Some(schema), None) => {
            Ok(Some(Constraint { schema, prefix: String::new(), suffix: String::new() }))
        }
        (None, forced) => Ok(forced),
    }
}

/// One call of one of these tools, as the model's syntax writes it.
fn calls(tools: &[&Tool<'_>], syntax: Syntax) -> Result<Constraint, EngineError> {
    let arguments = syntax.arguments_field();
    let one = tools
        .iter()
        .map(|tool| {
            let parameters: Json = match tool.parameters {
                Some(raw) => value(raw, "tools")?,
                None => json!({"type": "object", "properties": {}}),
            };
            let mut properties = serde_json::Map::new();
            properties.insert("name".to_owned(), json!({"const": tool.name}));
            properties.insert(arguments.to_owned(), parameters);
            Ok(json!({"type": "object", "properties": properties,
                "required": ["name", arguments], "additionalProperties": false}))
        })
        .collect::<Result<Vec<Json>, EngineError>>()?;
    let one = json!({"anyOf": one});
    let (prefix, suffix) = syntax.frame();
    let schema = if syntax == Syntax::Mistral {
        json!({"type": "array", "items": one, "minItems": 1, "maxItems": 1})
    } else {
        one
    };
    Ok(Constraint {
        schema: schema.to_string(),
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
    })
}
