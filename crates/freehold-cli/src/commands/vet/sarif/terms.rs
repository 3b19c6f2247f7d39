//! What is said about the terms of models, as results of SARIF beside those about files.

use freehold_terms::{Assessment, Gravity, Rule};
use freehold_vet::{
    Report,
    policy::terms::{MAY_NOT_SHIP, NOT_CONFIRMED, all},
};
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
            all.push((&MAY_NOT_SHIP, what, place));
        }
        for it in &model.shipping.not_confirmed {
            all.push((&NOT_CONFIRMED, it.words.clone(), None));
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

fn level(rule: &Rule) -> &'static str {
    match rule.gravity {
        _ if rule.name == MAY_NOT_SHIP.name => "error",
        _ if rule.name == NOT_CONFIRMED.name => "note",
        Gravity::Settle => "warning",
        Gravity::Note => "note",
    }
}
