//! The judgement of the tool calls in an answer: each needs a permit, and each decision is recorded.

use freehold_auditlog::ToolDecision;
use freehold_policy::authorize_tool;

use super::Exchange;
use crate::{
    error::{PolicyRefusal, RecordFailure, Refusal},
    release::{Cleared, Gate, Held},
};

/// Which tools may be called in an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer<'a> {
    /// Those that the request offers.
    pub(super) names: &'a [String],
    /// Those that the key's owner may use; `None` for all.
    pub(super) granted: Option<&'a [String]>,
}

/// Clears an answer, or an event of one, if each tool call in it is permitted.
pub(super) fn judge(
    exchange: &mut Exchange,
    gate: &mut Gate,
    held: Held,
    offer: Offer<'_>,
) -> Result<Cleared, Refusal> {
    let mut permits = Vec::new();
    for tool in gate.demands(&held) {
        let principal = &exchange.caller.principal;
        let judged = authorize_tool(exchange.id, principal, &tool, offer.names, offer.granted);
        exchange.account.tools.push(ToolDecision {
            tool,
            permitted: judged.is_ok(),
            reason: match &judged {
                Ok(_) => "offered by the request and granted to the caller".to_owned(),
                Err(refusal) => refusal.to_string(),
            },
        });
        permits.push(judged.map_err(PolicyRefusal::Tool)?);
    }
    // A permit for each demand was made just now; what is missing all the same is a defect.
    gate.clear(held, permits).map_err(|_| RecordFailure::WrongReceipt.into())
}
