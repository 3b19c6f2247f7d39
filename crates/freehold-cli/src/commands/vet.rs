//! `freehold vet`: could any of these files do harm? Nothing in them is run.

mod admit;
mod inventory;
pub(crate) mod page;
mod sarif;
mod sign;
mod signing;
mod verify;

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use freehold_vet::{Finding, Rule, ScanError, ScannedFile, Verdict, rules, scan};
use serde_json::{Value, json};

pub(crate) use self::{admit::policy, inventory::as_json};

use crate::{
    arguments::{self, VetVerb},
    failure::{Answer, Failure, Hint},
    render,
};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VetFailure {
    /// Nothing was scanned.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// A file that could not be read to its end.
    #[error("{file} could not be read, so its bytes cannot be signed off")]
    Unsigned {
        /// The file.
        file: String,
    },
    /// No such rule.
    #[error("there is no rule `{name}`")]
    Rule {
        /// What was asked for.
        name: String,
    },
}

impl Hint for VetFailure {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Scan(ScanError::Read { .. }) => {
                Some("name a file or folder that is there and that you may read".to_owned())
            }
            Self::Scan(ScanError::Empty { .. }) => {
                Some("name the folder that the model's files are in".to_owned())
            }
            Self::Unsigned { .. } => Some("`freehold vet PATH` says why".to_owned()),
            Self::Rule { name } => {
                let last = name.rsplit('/').next().unwrap_or(name).to_lowercase();
                let close = |rule: &&&Rule| {
                    rule.name.contains(&last) || rule.name.split('/').any(|part| part == last)
                };
                let close: Vec<_> = rules::ALL.iter().filter(close).map(|rule| rule.name).collect();
                Some(match close.is_empty() || close.len() > 12 {
                    true => "rules are called as findings show them, `pickle/os-system`".to_owned(),
                    false => format!("did you mean {}?", close.join(", ")),
                })
            }
        }
    }
}

/// Runs one of the verbs; without one, scans and shows. Findings where a file is not clean.
pub(crate) fn run(arguments: &arguments::Vet) -> Result<Answer, Failure> {
    match &arguments.verb {
        None => files(arguments),
        Some(VetVerb::List(wanted)) => inventory::list(&arguments.place, wanted),
        Some(VetVerb::Due(wanted)) => inventory::due(&arguments.place, wanted),
        Some(VetVerb::Revoke(wanted)) => inventory::revoke(&arguments.place, wanted),
        Some(VetVerb::Sign(wanted)) => sign::run(wanted),
        Some(VetVerb::Verify(wanted)) => verify::run(wanted),
    }
}

fn files(arguments: &arguments::Vet) -> Result<Answer, Failure> {
    if let Some(name) = &arguments.explain {
        let rule = rules::find(name).ok_or_else(|| VetFailure::Rule { name: name.clone() })?;
        if arguments.json {
            render::json(&rule_object(rule));
        } else {
            page::explain(rule);
        }
        return Ok(Answer::Clean);
    }
    let path = arguments.path.as_deref().unwrap_or(Path::new("."));
    if arguments.admission.admit {
        return admit::run(arguments, path);
    }
    let files = scan(path, &progress()).map_err(VetFailure::Scan)?;
    let verdict = files.iter().map(|file| file.verdict).max().unwrap_or(Verdict::Unread);
    if arguments.json {
        let files: Vec<_> = files.iter().map(file_object).collect();
        let path = path.display().to_string();
        render::json(&json!({ "path": path, "verdict": verdict, "files": files }));
    } else if arguments.sarif {
        render::json_pretty(&sarif::log(path, &files));
    } else {
        page::show(&files, arguments.all);
    }
    Ok(if verdict == Verdict::Clean { Answer::Clean } else { Answer::Findings })
}

/// One line on a terminal that says how far it is; nothing anywhere else.
pub(crate) fn progress() -> impl Fn(usize, usize) + Sync {
    let terminal = io::stderr().is_terminal();
    move |done, all| {
        if terminal {
            let end = if done == all { "\r\u{1b}[K" } else { "" };
            let mut stream = io::stderr().lock();
            let _closed = write!(stream, "\r{done} of {all} files{end}");
            let _closed = stream.flush();
        }
    }
}

/// Where a finding is: the file, and the members on the way.
fn place(file: &ScannedFile, finding: &Finding) -> String {
    let mut place = file.path.clone();
    for member in &finding.inside {
        place.push('!');
        place.push_str(member);
    }
    place
}

fn rule_object(rule: &Rule) -> Value {
    json!({
        "rule": rule.name, "severity": rule.severity, "title": rule.title, "why": rule.why,
        "way_out": rule.way_out,
    })
}

/// A file as `--json` has it.
pub(crate) fn file_object(file: &ScannedFile) -> Value {
    let findings: Vec<_> = file
        .findings
        .iter()
        .map(|finding| {
            let mut object = rule_object(finding.rule);
            object["place"] = place(file, finding).into();
            object["offset"] = finding.offset.into();
            object["what"] = finding.what.clone().into();
            object
        })
        .collect();
    json!({
        "path": file.path, "verdict": file.verdict, "digest": file.digest, "bytes": file.bytes,
        "findings": findings,
    })
}
