//! `freehold vet`: could any of these files do harm, and under which terms do they come? Nothing in
//! them is run.

mod admit;
mod bom;
mod inventory;
pub(crate) mod page;
mod sarif;
mod sign;
mod signing;
pub(crate) mod terms;
mod verify;

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use freehold_config::Environment;
use freehold_vet::{Asked, Finding, Report, Rule, ScanError, ScannedFile, policy, report, rules};
use serde_json::{Value, json};

pub(crate) use self::{admit::policy as policy_of, inventory::as_json};

use crate::{
    arguments::{self, VetVerb},
    failure::{Answer, Failure, Hint},
    place::{Directory, load_config},
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
                let mut close: Vec<_> =
                    rules::ALL.iter().filter(close).map(|rule| rule.name).collect();
                let terms = policy::terms::all().map(|rule| rule.name);
                close.extend(terms.filter(|name| name.contains(&last)));
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
        Some(VetVerb::Bom(wanted)) => bom::run(wanted),
        Some(VetVerb::Sign(wanted)) => sign::run(&arguments.place, wanted),
        Some(VetVerb::Verify(wanted)) => verify::run(wanted),
    }
}

fn files(arguments: &arguments::Vet) -> Result<Answer, Failure> {
    if let Some(name) = &arguments.explain {
        if let Some(rule) = policy::terms::find(name) {
            terms::explain(rule, arguments.json);
            return Ok(Answer::Clean);
        }
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
    let environment = Environment::of_process();
    let directory = Directory::named(arguments.place.dir.as_deref(), &environment);
    let flags = arguments.adopter.settings();
    let config = load_config(&arguments.place, &directory, environment, flags)?;
    let catalog = super::catalog::with_overlay(&directory, config.catalog.overlay)?;
    let asked =
        Asked { catalog: &catalog, adopter: &config.adopter, today: super::catalog::today() };
    let report = report(path, asked, &progress()).map_err(VetFailure::Scan)?;
    if arguments.json {
        render::json(&object(&report));
    } else if arguments.sarif {
        render::json_pretty(&sarif::log(&report));
    } else {
        terms::show(&report);
        page::show(&report.files, arguments.all);
    }
    Ok(if report.is_clean() { Answer::Clean } else { Answer::Findings })
}

/// The report: what is said of the one model stands beside the files, too.
fn object(report: &Report) -> Value {
    let files: Vec<_> = report.files.iter().map(file_object).collect();
    let mut object = json!({
        "path": report.path, "verdict": report.verdict, "files": files, "models": report.models,
    });
    if let ([model], Some(whole)) = (report.models.as_slice(), object.as_object_mut()) {
        whole.insert("model".to_owned(), json!(model.model));
        whole.insert("layers".to_owned(), json!(model.layers));
        whole.insert("openness".to_owned(), json!(model.openness));
        whole.insert("shipping".to_owned(), json!(model.shipping));
        whole.insert("terms".to_owned(), json!(model.findings));
        whole.insert("evidence".to_owned(), json!(model.evidence));
        whole.insert("reverify".to_owned(), json!(model.reverify));
    }
    object
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
