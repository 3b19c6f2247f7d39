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
            "files": FILES
                .iter()
                .map(|(path, what)| json!({ "path": path, "what": what }))
                .collect::<Vec<_>>(),
        }));
    } else {
        let word = render::styled(render::DEED, "exported:");
        render::line(format_args!("{word} {} entries to {}", report.entries, out.display()));
        for (path, what) in FILES {
            render::line(format_args!("  {path:<14}  {what}"));
        }
        let folder = invoked::quoted(&out.display().to_string());
        let check = format!("Check it with `{} audit verify {folder}`.", invoked::program());
        render::line(check);
    }
    Ok(Answer::Clean)
}

/// All that an export holds, and what each part is for. A test compares it with the folder.
const FILES: &[(&str, &str)] = &[
    ("checkpoint", "the tree's size and root, signed by the log's key"),
    ("log.vkey", "the log's public key, to check the signature with"),
    ("tile/", "hashes of the tree, as C2SP tlog-tiles lays them out"),
    ("tile/entries/", "the entries themselves, whose hashes those are"),
    ("records.jsonl", "the same entries for people and scripts, one per line"),
    ("proofs/", "for each entry, that it is under the checkpoint (tlog-proof)"),
];
