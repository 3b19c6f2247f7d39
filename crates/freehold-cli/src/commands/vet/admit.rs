//! `freehold vet PATH --admit`: who signs off what, recorded before it counts.

use std::{collections::BTreeSet, path::Path};

use freehold_catalog::LicenceCategory;
use freehold_config::{Environment, VetSettings};
use freehold_types::Principal;
use freehold_vet::{
    Asked, Report, ScannedFile, Severity, SignedFile, VetError, loadable,
    policy::{Case, Found, MayAccept, OnDue, Policy, category_name, terms as of_terms},
    report,
};
use serde_json::{Value, json};

use super::{VetFailure, object, page, progress, terms};
use crate::{
    arguments,
    commands::{
        catalog::{today, with_overlay},
        key::{error::KeyError, order},
        up::{
            control::{Done, Order},
            models::name_of,
        },
    },
    failure::{Answer, Failure},
    invoked::{program, quoted, with_program},
    place::{Directory, load_config},
    render,
    system::operator,
};

/// Reads everything, asks for the admission of exactly that, and says what came of it.
pub(super) fn run(arguments: &arguments::Vet, path: &Path) -> Result<Answer, Failure> {
    let directory = Directory::named(arguments.place.dir.as_deref(), &Environment::of_process());
    let flags = arguments.adopter.settings();
    let config = load_config(&arguments.place, &directory, Environment::of_process(), flags)?;
    let catalog = with_overlay(&directory, config.catalog.overlay.clone())?;
    let asked = Asked { catalog: &catalog, adopter: &config.adopter, today: today() };
    let report = report(path, asked, &progress()).map_err(VetFailure::Scan)?;
    let files = &report.files;
    let loaded = loadable(path);
    let mut case = case(&arguments.admission, path, files, loaded.as_ref().ok())?;
    add_terms(&mut case, &report, config.vet.reverify_days);
    let name = case.name.clone();
    let done = order(&arguments.place, directory, Order::Admit(Box::new(case)))?;
    let (admission, objections) = match done {
        Done::Admitted(admission) => (admission, Vec::new()),
        Done::NotAdmitted(objections) => (Value::Null, objections),
        _ => return Err(KeyError::Odd.into()),
    };
    if arguments.json {
        let mut printed = object(&report);
        printed["admission"] = admission;
        let told = objections.iter().map(|(what, out)| json!({ "what": what, "way_out": out }));
        printed["objections"] = told.collect();
        render::json(&printed);
    } else {
        terms::show(&report);
        page::show(files, arguments.all);
        render::line("");
        if objections.is_empty() {
            let path = quoted(&path.display().to_string());
            let next = format!("{} up --model {path}{}", program(), arguments.place.flags());
            admitted(&name, &admission, &next, loaded.err());
        } else {
            refused(&name, &objections);
        }
    }
    Ok(if objections.is_empty() { Answer::Clean } else { Answer::Findings })
}

/// What is known of the weights' terms: their licence, and the day on which that is to be asked again.
/// Where several models lie there, none of them speaks for all, and the earliest day counts.
fn add_terms(case: &mut Case, report: &Report, longest: u32) {
    case.findings.extend(of_terms::found(report));
    case.terms = of_terms::seen(report);
    if let [model] = &report.models[..] {
        let weights = &model.layers.weights;
        case.licence = weights.licence.as_ref().map(ToString::to_string);
        case.category = weights.category;
    }
    let Some(earliest) = report.models.iter().map(|model| model.reverify.by).min() else { return };
    let earlier = earliest.min(today().plus_days(longest));
    case.until = case.until.or((earlier >= today()).then_some(earlier));
}

/// The rules of admission that the configuration makes.
pub(crate) fn policy(settings: &VetSettings) -> Policy {
    let category = |word: &String| match word.as_str() {
        "osi" => Some(LicenceCategory::Osi),
        "custom" => Some(LicenceCategory::Custom),
        "source-available" => Some(LicenceCategory::SourceAvailable),
        _ => None,
    };
    let severities = [Severity::Note, Severity::Unread, Severity::Suspicious, Severity::Malicious];
    let refused = |severity: &Severity| settings.refuse.contains(&severity.to_string());
    let accept = settings.accept.iter();
    Policy {
        allow: settings.allow.iter().map(category).collect(),
        refuse: severities.into_iter().filter(refused).collect(),
        accept: accept
            .map(|may| MayAccept { rules: may.rules.clone(), by: may.by.clone() })
            .collect(),
        reverify_days: Some(settings.reverify_days),
        on_due: if settings.refuse_when_due { OnDue::Refuse } else { OnDue::Warn },
        require_second: settings.require_second,
    }
}

fn case(
    wanted: &arguments::Admit,
    path: &Path,
    files: &[ScannedFile],
    format: Option<&freehold_vet::Format>,
) -> Result<Case, Failure> {
    // What begins with a dot is no part of a model, as `up` sees it; its findings count.
    let part = |file: &&ScannedFile| !file.path.split('/').any(|name| name.starts_with('.'));
    let signed = |file: &ScannedFile| match file.digest {
        Some(digest) => Ok(SignedFile { name: file.path.clone(), digest, bytes: file.bytes }),
        None => Err(VetFailure::Unsigned { file: file.path.clone() }),
    };
    let found = files.iter().flat_map(|file| {
        file.findings
            .iter()
            .map(|found| Found { rule: found.rule.name.to_owned(), file: file.path.clone() })
    });
    let found: BTreeSet<Found> = found.collect();
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let person = |name: &Option<String>| name.clone().map(Principal);
    Ok(Case {
        name: match &wanted.name {
            Some(name) => name.clone(),
            None => name_of(path)?,
        },
        path: place.display().to_string(),
        format: format.map(|format| format!("{format:?}").to_lowercase()),
        files: files.iter().filter(part).map(signed).collect::<Result<_, _>>()?,
        findings: found.into_iter().collect(),
        licence: None,
        category: None,
        terms: Vec::new(),
        by: Principal(wanted.by.clone().unwrap_or_default()),
        role: wanted.role.clone(),
        second: person(&wanted.second),
        until: wanted.until,
        accept: wanted.accept.iter().cloned().collect(),
        recorded_by: operator(),
    })
}

fn admitted(name: &str, admission: &Value, next: &str, unloadable: Option<VetError>) {
    let text = |key: &str| admission[key].as_str().unwrap_or("not known").to_owned();
    let word = render::styled(render::DEED.bold(), "admitted");
    render::line(format_args!(
        "{name} is {word} by {} until {}",
        text("signed_off_by"),
        text("until")
    ));
    let licence = match admission["licence"].as_str() {
        Some(licence) => {
            let category = serde_json::from_value(admission["category"].clone()).ok().flatten();
            format!("{licence}, {}", category_name(category))
        }
        None => category_name(None),
    };
    render::paragraph(2, &format!("digest   {}", text("digest")), render::PLAIN);
    render::paragraph(2, &format!("licence  {licence}"), render::PLAIN);
    render::paragraph(2, &format!("record   {}", text("record")), render::PLAIN);
    for one in admission["accepted"].as_array().into_iter().flatten() {
        let text = |key: &str| one[key].as_str().unwrap_or_default();
        let line = format!("accepted {} ({}): {}", text("rule"), text("severity"), text("reason"));
        render::paragraph(2, &line, render::HOLD);
    }
    match unloadable {
        None => render::line(format_args!("Serve it: {next}")),
        Some(error) => {
            let why = format!("The embedded engine will not load it: {}", render::chain(&error));
            render::paragraph(0, &why, render::SOFT);
        }
    }
}

fn refused(name: &str, objections: &[(String, String)]) {
    let word = render::styled(render::STOP.bold(), "not admitted");
    render::line(format_args!("{name} is {word}"));
    for (what, way_out) in objections {
        render::paragraph(2, what, render::PLAIN);
        render::paragraph(4, &with_program(way_out), render::SOFT);
    }
}
