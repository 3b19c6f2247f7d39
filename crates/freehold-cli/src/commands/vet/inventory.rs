//! The verbs about models that were admitted. Until an admission can be recorded there are none.

use serde_json::json;

use crate::{
    arguments::{VetDue, VetRevoke},
    failure::Answer,
    render,
};

/// Shows what was admitted.
pub(crate) fn list(json: bool) -> Answer {
    if !json {
        render::progress("no model is admitted");
    }
    Answer::Clean
}

/// Shows what must be verified again.
pub(crate) fn due(wanted: &VetDue) -> Answer {
    if !wanted.json {
        let days = wanted.within.unwrap_or(0);
        render::progress(format_args!("no model must be verified again within {days} days"));
    }
    Answer::Clean
}

/// Revokes an admission.
pub(crate) fn revoke(wanted: &VetRevoke) -> Answer {
    if wanted.json {
        let none: [&str; 0] = [];
        render::json(&json!({ "model": wanted.model, "revoked": none }));
    } else {
        let (model, by, reason) = (&wanted.model, &wanted.by, &wanted.reason);
        render::progress(format_args!("no model {model} is admitted for {by} to revoke: {reason}"));
    }
    Answer::Findings
}
