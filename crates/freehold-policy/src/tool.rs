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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tool: &str, offered: &[&str], granted: Option<&[&str]>, expected: &str) {
        let owned =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (offered, granted) = (owned(offered), granted.map(owned));
        let (record, principal) = (RecordId::new(1, [7; 10]), Principal("ada".into()));
        let judged = authorize_tool(record, &principal, tool, &offered, granted.as_deref());
        let shown = match judged {
            Ok(permit) => {
                assert_eq!(permit.record(), record);
                format!("permit for {}", permit.tool())
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_call_must_be_offered_and_granted() {
        check("add", &["add"], None, "permit for add");
        check("add", &["sub", "add"], Some(&["add"]), "permit for add");
        check("add", &[], None, "the model called tool `add`, which the request does not offer");
        check(
            "add",
            &["Add"],
            None,
            "the model called tool `add`, which the request does not offer",
        );
        check("", &["add"], None, "the model called tool ``, which the request does not offer");
        check("add", &["add"], Some(&[]), "`ada` may not call tool `add`");
        check("add", &["add"], Some(&["sub"]), "`ada` may not call tool `add`");
    }
}
