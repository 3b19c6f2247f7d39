//! What is said about the terms of models, as results of SARIF beside those about files.

use freehold_terms::{Assessment, Gravity, Rule, rules};
use freehold_vet::Report;
use serde_json::{Value, json};

use super::{FINGERPRINT, described, fingerprint, uri};

/// The rules about terms.
pub(super) fn descriptors() -> Vec<Value> {
    let mut all: Vec<_> =
        all().map(|it| described(it.name, it.title, it.why, it.way_out, level(it))).collect();
    for one in &mut all {
        one["properties"] = json!({ "tags": ["licence"] });
    }
    all
}

/// Findings in the terms, and what stands against shipping or is not confirmed, of every model.
pub(super) fn results(report: &Report, first_rule: usize) -> Vec<Value> {
    let said = |model: &Assessment| {
        let mut all = Vec::new();
        for it in &model.findings {
            let place = it.evidence.first().map(|one| (one.file.as_str(), one.line));
            all.push((it.rule, it.what.clone(), place));
        }
        for it in &model.shipping.conflicts {
            let what = format!("{} {}, clause {}: {}", it.of, it.licence, it.clause, it.words);
            let place = it.quotation.literal.then_some(it.quotation.source.as_str());
            let place = place.map(|file| (file, it.quotation.line));
            all.push((&AGAINST, what, place));
        }
        for it in &model.shipping.not_confirmed {
            all.push((&OPEN, it.words.clone(), None));
        }
        let own = model.model.weights.first().map(|file| (file.as_str(), None));
        all.into_iter()
            .map(|(rule, what, place)| {
                let place = place.filter(|(file, _)| is_there(report, file)).or(own);
                result(report, first_rule, rule, &what, place)
            })
            .collect::<Vec<_>>()
    };
    report.models.iter().flat_map(said).collect()
}

fn result(
    report: &Report,
    first_rule: usize,
    rule: &Rule,
    what: &str,
    place: Option<(&str, Option<u32>)>,
) -> Value {
    let at = first_rule + all().position(|it| it.name == rule.name).unwrap_or_default();
    let mut object = json!({
        "ruleId": rule.name,
        "ruleIndex": at,
        "level": level(rule),
        "message": { "text": what },
        "partialFingerprints": {
            FINGERPRINT: fingerprint(&[rule.name, place.map_or("", |it| it.0), what]),
        },
    });
    if let Some((file, line)) = place {
        let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
        if let Some(index) = report.files.iter().position(|one| one.path == file) {
            physical["artifactLocation"]["index"] = index.into();
        }
        if let Some(line) = line {
            physical["region"] = json!({ "startLine": line });
        }
        object["locations"] = json!([{ "physicalLocation": physical }]);
    }
    object
}

/// Places outside what was vetted are none that a reader of the log can open.
fn is_there(report: &Report, file: &str) -> bool {
    report.files.iter().any(|one| one.path == file)
}

fn all() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().copied().chain(&ANSWERS)
}

fn level(rule: &Rule) -> &'static str {
    match rule.gravity {
        _ if rule.name == AGAINST.name => "error",
        Gravity::Settle => "warning",
        Gravity::Note => "note",
    }
}

/// What an answer about shipping is called here, beside the findings.
pub(in super::super) static ANSWERS: [Rule; 2] = [AGAINST, OPEN];

const AGAINST: Rule = Rule {
    name: "terms/may-not-ship",
    gravity: Gravity::Settle,
    title: "a term stands against shipping the model",
    why: "A clause of the licence and what was said of who ships the model cannot both hold.",
    way_out: "Take another model, or ask the publisher for a licence.",
};
const OPEN: Rule = Rule {
    name: "terms/not-confirmed",
    gravity: Gravity::Note,
    title: "something that could change whether the model may be shipped is not known",
    why: "No file states it, or nobody said who ships the model. It is not guessed.",
    way_out: "Say who ships it in [adopter] of freehold.toml, and ask the publisher for the rest.",
};
