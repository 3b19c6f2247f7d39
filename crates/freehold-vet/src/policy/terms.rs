//! What a model's terms have to say when it is signed off: findings that somebody accepts by name,
//! as those of the scan, and what the record says was seen.

use freehold_artifact::finding::Severity;
use freehold_catalog::LicenceId;
use freehold_terms::{Assessment, Gravity, Layer, MayShip, Rule, rules};
use serde::{Deserialize, Serialize};

use super::Found;
use crate::Report;

/// Nobody can say under which terms the weights come.
pub static NOT_CONFIRMED: Rule = Rule {
    name: "terms/not-confirmed",
    gravity: Gravity::Settle,
    title: "the terms of the weights are not confirmed",
    why: "Without a licence nobody but the publisher has any right to the weights; and what a \
          licence that is not known here asks, nobody has looked at.",
    way_out: "Read the text that came along, or ask the publisher for it; then say in the reason \
              which terms hold, and how you know.",
};

/// A term stands against this adopter.
pub static MAY_NOT_SHIP: Rule = Rule {
    name: "terms/may-not-ship",
    gravity: Gravity::Settle,
    title: "a term of the licence stands against what the adopter is or does",
    why: "Whoever uses the weights all the same breaks the licence, and most licences end with that.",
    way_out: "Take another model, or get a licence from the publisher. Only whom [[vet.accept]] in \
              freehold.toml names for this rule may accept it.",
};

/// What the terms of one model were when it was signed off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsSeen {
    /// The model's folder, or what it calls itself.
    pub model: String,
    /// The weights' licence; `None` is *not confirmed*, here as below.
    pub weights: Option<LicenceId>,
    /// The code's.
    pub code: Option<LicenceId>,
    /// The training data's.
    pub data: Option<LicenceId>,
    /// Whether the adopter may ship it: `yes`, `with_obligations`, `not_confirmed` or `no`.
    pub may_ship: String,
    /// What stands against that.
    pub conflicts: Vec<String>,
    /// What is not known and could change the answer.
    pub open: Vec<String>,
    /// How many things are to be done when it is shipped.
    pub obligations: usize,
    /// The rules under which something was found.
    pub rules: Vec<String>,
    /// The last day of the answer.
    pub reverify: String,
}

/// The rule of this name: one of the two of admissions, or one of the terms themselves.
pub fn find(name: &str) -> Option<&'static Rule> {
    [&NOT_CONFIRMED, &MAY_NOT_SHIP]
        .into_iter()
        .find(|rule| rule.name == name)
        .or_else(|| rules::find(name))
}

/// Every rule about terms.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().copied().chain([&NOT_CONFIRMED, &MAY_NOT_SHIP])
}

/// How a policy weighs a rule about terms: what is not known as a file that was not read, what must
/// be settled as suspicious.
pub fn severity(rule: &Rule) -> Severity {
    match rule.gravity {
        Gravity::Note => Severity::Note,
        Gravity::Settle if rule.name == NOT_CONFIRMED.name => Severity::Unread,
        Gravity::Settle => Severity::Suspicious,
    }
}

/// What the terms of the report's models find, each at the file that says it.
pub fn found(report: &Report) -> Vec<Found> {
    let at = |rule: &Rule, place: &str| Found {
        rule: rule.name.to_owned(),
        file: if place.is_empty() { "." } else { place }.to_owned(),
    };
    if report.models.is_empty() {
        return vec![at(&NOT_CONFIRMED, "")];
    }
    let mut all = Vec::new();
    for model in &report.models {
        let place = &model.model.folder;
        all.extend(model.findings.iter().map(|finding| {
            let file = finding.evidence.first().map_or(place, |evidence| &evidence.file);
            at(finding.rule, file)
        }));
        let said = model.findings.iter().any(|it| it.rule.name == rules::UNKNOWN.name);
        if !is_confirmed(model) && !said {
            all.push(at(&NOT_CONFIRMED, place));
        }
        if model.shipping.may_ship == MayShip::No {
            all.push(at(&MAY_NOT_SHIP, place));
        }
    }
    all.sort();
    all.dedup();
    all
}

/// What whoever signs off has seen of the terms.
pub fn seen(report: &Report) -> Vec<TermsSeen> {
    report.models.iter().map(of).collect()
}

fn of(model: &Assessment) -> TermsSeen {
    let licence = |layer: &Layer| layer.licence.clone();
    let shipping = &model.shipping;
    let conflict = |it: &freehold_terms::Conflict| {
        shortened(&format!("{}, clause {}, of {}: {}", it.licence, it.clause, it.of, it.words))
    };
    TermsSeen {
        model: match model.model.folder.is_empty() {
            true => model.model.name.clone(),
            false => model.model.folder.clone(),
        },
        weights: licence(&model.layers.weights),
        code: licence(&model.layers.code),
        data: licence(&model.layers.data.layer),
        may_ship: match shipping.may_ship {
            MayShip::Yes => "yes",
            MayShip::WithObligations => "with_obligations",
            MayShip::NotConfirmed => "not_confirmed",
            MayShip::No => "no",
        }
        .to_owned(),
        conflicts: shipping.conflicts.iter().map(conflict).collect(),
        open: shipping.not_confirmed.iter().map(|it| shortened(&it.words)).collect(),
        obligations: shipping.obligations.len(),
        rules: model.findings.iter().map(|finding| finding.rule.name.to_owned()).collect(),
        reverify: model.reverify.by.to_string(),
    }
}

/// Whether licence and category of the weights are known, and the terms of all that they were made
/// from. What is only not known of the adopter is no part of it.
fn is_confirmed(model: &Assessment) -> bool {
    let weights = &model.layers.weights;
    let open = |about: &str| ["licence", "base", "terms"].contains(&about);
    weights.licence.is_some()
        && weights.category.is_some()
        && !model.shipping.not_confirmed.iter().any(|it| open(it.about))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Characters of a text in the record.
const LONGEST: usize = 400;
