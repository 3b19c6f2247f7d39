//! Chat templates: Jinja from model files, hence from strangers. Rendered with nothing but the
//! conversation, bounded in steps and depth; no files, no includes, no environment.
//!
//! The settings (`trim_blocks`, `lstrip_blocks`, `raise_exception`, `strftime_now`, JSON as Python
//! writes it) are those of Hugging Face's `apply_chat_template`, for which templates are written.

mod escape;
mod json;

pub(crate) use escape::{ControlNames, pieces};

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, context,
    value::{Serde, Value},
};
use minijinja_contrib::pycompat;
use serde_json::Value as Json;

/// A compiled chat template.
#[derive(Debug)]
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    source: String,
}

/// What a template is rendered with.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    /// OpenAI's messages, contents flattened to text.
    pub(crate) messages: Json,
    /// OpenAI's tools, or null.
    pub(crate) tools: Json,
    /// The client's own variables (`chat_template_kwargs`), or null.
    pub(crate) extra: Json,
    /// Text of the begin token.
    pub(crate) begin: String,
    /// Text of the end token.
    pub(crate) end: String,
}

/// Why a template does not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    /// It does not compile.
    #[error("the model's chat template is not valid: {0}")]
    Syntax(#[source] Error),
    /// It refused the conversation, with `raise_exception` or by a mistake in it.
    #[error("the model's chat template refuses the conversation: {}", reason(.0))]
    Render(#[source] Error),
}

impl ChatTemplate {
    /// Compiles a template.
    pub(crate) fn new(source: String) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        let syntax = minijinja::syntax::SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(TemplateError::Syntax)?;
        environment.set_syntax(syntax);
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(DEPTH);
        environment.set_unknown_method_callback(pycompat::unknown_method_callback);
        environment.add_filter("tojson", json::to_json);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", strftime_now);
        environment.add_template_owned(NAME, source.clone()).map_err(TemplateError::Syntax)?;
        Ok(Self { environment, source })
    }

    /// Whether the template knows of tools.
    pub(crate) fn has_tools(&self) -> bool {
        self.source.contains("tools")
    }

    /// The template's text.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Renders the prompt, ready for the assistant's turn.
    pub(crate) fn render(&self, conversation: &Conversation) -> Result<String, TemplateError> {
        let template = self.environment.get_template(NAME).map_err(TemplateError::Render)?;
        let tools = match &conversation.tools {
            Json::Null => Value::from(()),
            tools => Value::from(Serde(tools)),
        };
        let variables = context! {
            messages => Value::from(Serde(&conversation.messages)),
            tools => tools,
            add_generation_prompt => true,
            bos_token => conversation.begin.as_str(),
            eos_token => conversation.end.as_str(),
            // Last, so that they do not replace the others.
            ..Value::from(Serde(&conversation.extra))
        };
        template.render(variables).map_err(TemplateError::Render)
    }
}

fn raise_exception(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

fn strftime_now(format: String) -> Result<String, Error> {
    let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    jiff::fmt::strtime::format(&format, &now)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

fn reason(error: &Error) -> String {
    error.detail().map_or_else(|| error.to_string(), str::to_owned)
}

/// Steps of the template engine for one prompt; a conversation of a thousand messages takes a
/// few hundred thousand.
const FUEL: u64 = 5_000_000;
/// Depth of macros and recursive loops.
const DEPTH: usize = 64;
const NAME: &str = "chat";

#[cfg(test)]
mod tests;
