//! `freehold audit tail`: the newest entries, oldest first.

use super::{entry, error::AuditError, open};
use crate::{
    failure::{Answer, Failure},
    place::Directory,
    render,
};

/// Prints the last `count` entries.
pub(crate) fn run(directory: &Directory, count: usize, json: bool) -> Result<Answer, Failure> {
    let reader = open::sealed(directory)?;
    for view in reader.tail(count).map_err(AuditError::from)? {
        if json {
            render::json(&entry::as_json(&view));
        } else {
            render::line(entry::line(&view));
        }
    }
    Ok(Answer::Clean)
}
