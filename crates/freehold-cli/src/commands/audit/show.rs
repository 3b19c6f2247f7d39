//! `freehold audit show`: everything about one record.

use freehold_auditlog::{Body, EntryView, Proof, ReadError};
use freehold_types::RecordId;
use serde_json::json;

use super::{entry, error::AuditError, open};
use crate::{
    failure::{Answer, Failure},
    place::Directory,
    render,
};

/// Prints the record; findings where there is none, or where it is not what the log commits to.
pub(crate) fn run(directory: &Directory, id: RecordId, json: bool) -> Result<Answer, Failure> {
    let record = match open::with_keys(directory)?.show(id) {
        Ok(record) => record,
        Err(ReadError::Unknown { id }) => {
            if json {
                render::json(&json!({ "id": id, "entries": [] }));
            }
            render::progress(format_args!("no record {id} in {}", directory.log().display()));
            return Ok(Answer::Findings);
        }
        Err(error) => return Err(AuditError::from(error).into()),
    };
    if json {
        let entries: Vec<_> = record.entries.iter().map(entry::as_json).collect();
        render::json_pretty(&json!({ "id": id, "entries": entries }));
    } else {
        render::line(format_args!("record {id}"));
        for view in &record.entries {
            render::line("");
            entry::page(view);
        }
    }
    Ok(if record.entries.iter().all(sound) { Answer::Clean } else { Answer::Findings })
}

fn sound(entry: &EntryView) -> bool {
    entry.proof != Proof::Broken && entry.body != Body::Damaged
}
