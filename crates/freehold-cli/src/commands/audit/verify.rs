//! `freehold audit verify`: every entry, every proof, every signature.

use std::{
    fs,
    path::{Path, PathBuf},
};

use freehold_auditlog::{Known, VerifyError, VerifyReport, verify};
use serde_json::json;

use super::{error::AuditError, open};
use crate::{
    arguments,
    failure::{Answer, Failure},
    place::Directory,
    render,
};

/// Verifies the log of a data directory, or the folder that was named; findings where something
/// does not fit.
pub(crate) fn run(directory: &Directory, arguments: &arguments::Verify) -> Result<Answer, Failure> {
    let folder = match &arguments.folder {
        Some(folder) if folder.is_dir() => folder.clone(),
        Some(folder) => return Err(AuditError::NoLog { path: folder.clone() }.into()),
        None => open::folder(directory)?,
    };
    if !PARTS.iter().any(|part| folder.join(part).exists()) {
        return Err(AuditError::NoLog { path: folder }.into());
    }
    let known = Known {
        vkey: arguments.vkey.as_deref().map(read).transpose()?.map(|key| key.trim().to_owned()),
        pin: arguments.pin.as_deref().map(read).transpose()?,
    };
    match verify(&folder, &known) {
        Ok(report) => {
            show(&folder, &report, &known, arguments.json);
            Ok(Answer::Clean)
        }
        // What cannot be read is neither right nor wrong.
        Err(VerifyError::Io { path, source }) => Err(AuditError::File { path, source }.into()),
        Err(VerifyError::Key { source }) => {
            let path = arguments.vkey.clone().unwrap_or_default();
            Err(AuditError::Vkey { path, source: Box::new(source) }.into())
        }
        Err(finding) => {
            let text = render::chain(&finding);
            if arguments.json {
                render::json(&json!({ "ok": false, "directory": folder, "findings": [text] }));
            } else {
                let word = render::styled(render::STOP, "does not verify:");
                render::line(format_args!("{word} {}", folder.display()));
                render::line(format_args!("  {text}"));
            }
            Ok(Answer::Findings)
        }
    }
}

fn show(folder: &Path, report: &VerifyReport, known: &Known, json: bool) {
    if json {
        render::json(&json!({
            "ok": true,
            "directory": folder,
            "origin": report.origin,
            "vkey": report.vkey,
            "entries": report.entries,
            "root": report.root,
            "unsigned": report.unsigned,
            "bodies": report.bodies,
            "findings": [],
        }));
        return;
    }
    let word = render::styled(render::DEED, "verifies:");
    render::line(format_args!("{word} {}", folder.display()));
    render::line(format_args!("  log       {}", report.origin));
    render::line(format_args!("  entries   {}, each leads to the signed root", report.entries));
    render::line(format_args!("  root      {}", report.root));
    render::line(format_args!("  key       {}", report.vkey));
    render::line(format_args!("  bodies    {} sealed ones are what was recorded", report.bodies));
    if report.unsigned > 0 {
        render::line(format_args!("  unsigned  {} whole entries after the checkpoint", {
            report.unsigned
        }));
    }
    if known.pin.is_none() {
        let note = "a log that was rolled back verifies, too; keep a copy of its `checkpoint` \
                    elsewhere and name it with --pin";
        render::line(render::styled(render::SOFT, format_args!("  {note}")));
    }
}

fn read(path: &Path) -> Result<String, AuditError> {
    fs::read_to_string(path)
        .map_err(|source| AuditError::File { path: PathBuf::from(path), source })
}

// What a log or an export has; a folder with none of it is something else.
const PARTS: [&str; 5] = ["checkpoint", "log.vkey", "segments", "tree", "tile"];
