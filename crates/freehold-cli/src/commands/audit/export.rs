//! `freehold audit export`: what an auditor needs, in a folder that other people's tools read.

use std::path::Path;

use freehold_auditlog::{ExportOptions, export};
use serde_json::json;

use super::{error::AuditError, open};
use crate::{
    failure::{Answer, Failure},
    invoked,
    place::Directory,
    render,
};

/// Writes the folder.
pub(crate) fn run(directory: &Directory, out: &Path, json: bool) -> Result<Answer, Failure> {
    let log = open::folder(directory)?;
    let report = export(&log, out, &ExportOptions::default()).map_err(AuditError::from)?;
    if json {
        render::json(&json!({
            "directory": report.directory,
            "origin": report.origin,
            "entries": report.entries,
        }));
    } else {
        let word = render::styled(render::DEED, "exported:");
        render::line(format_args!("{word} {} entries to {}", report.entries, out.display()));
        render::line("  checkpoint  signed; verifies with log.vkey, the log's public key");
        render::line("  tile/       the tree as C2SP tlog-tiles lays it out");
        let folder = invoked::quoted(&out.display().to_string());
        let check = format!("Check it with `{} audit verify {folder}`.", invoked::program());
        render::line(check);
    }
    Ok(Answer::Clean)
}
