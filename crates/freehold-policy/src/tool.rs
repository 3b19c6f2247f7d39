//! The permit to release a model's tool call to whoever would execute it.

use freehold_types::{Principal, RecordId};

/// Allows one call of one tool, for one principal, to leave the gateway. Only [`authorize_tool`]
/// makes one.
#[derive(Debug)]
pub struct ToolPermit {
    record: RecordId,
    tool: String,
}

impl ToolPermit {
    /// The request for which it was made.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// The tool that may be called.
    pub fn tool(&self) -> &str {
        &self.tool
    }
}

/// Why a tool may not be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolRefusal {
    /// The model asked for a tool that the request did not offer.
    #[error("the model called tool `{tool}`, which the request does not offer")]
    NotOffered {
        /// The name the model used.
        tool: String,
    },
    /// The operator did not grant this tool to the principal.
    #[error("`{}` may not call tool `{tool}`", principal.0)]
    NotGranted {
        /// The name the model used.
        tool: String,
        /// Who asked.
        principal: Principal,
    },
}

/// Decides whether a call of `tool`, which the model made while it answered `record`, may be
/// released. `offered` are the tools of the request; `granted` those that the operator lets this
/// principal use (`None`: all that it offers).
///
/// # Errors
/// [`ToolRefusal`] with the rule that forbids it.
pub fn authorize_tool(
    record: RecordId,
    principal: &Principal,
    tool: &str,
    offered: &[String],
    granted: Option<&[String]>,
) -> Result<ToolPermit, ToolRefusal> {
    if !offered.iter().any(|name| name == tool) {
        return Err(ToolRefusal::NotOffered { tool: tool.to_owned() });
    }
    if granted.is_some_and(|granted| !granted.iter().any(|name| name == tool)) {
        return Err(ToolRefusal::NotGranted {
            tool: tool.to_owned(),
            principal: principal.clone(),
        });
    }
    Ok(ToolPermit { record, tool: tool.to_owned() })
}
