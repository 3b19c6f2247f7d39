//! What is wrong with the catalogue, what is stale, and what is not confirmed.

mod consistent;

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{Catalog, Date, Facts, LicenceId, Place};

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Its stable name, as in `stale`.
    pub rule: Rule,
    /// Which record: a model, a licence, a piece of hardware, a price, a task.
    pub record: String,
    /// Which of its facts, or what of it.
    pub place: String,
    /// What is the matter, in words.
    pub words: String,
    /// The source of the fact, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// When it was read there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Date>,
    /// By when it was to be read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverify: Option<Date>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The data contradict themselves, or name what is not there.
    Error,
    /// A fact is to be read again.
    Warning,
    /// Nobody was found to state it, or only somebody who repeats others.
    Note,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A fact names a source that is not declared.
    UnknownSource,
    /// A record names a licence, form, benchmark, model or hardware that is not there.
    UnknownName,
    /// Two facts cannot both hold.
    Inconsistent,
    /// A day that has not been yet.
    Future,
    /// A fact was to be read again before today.
    Stale,
    /// A fact that nobody was found to state.
    NotConfirmed,
    /// A licence that only a dataset or the press states, which is not confirmed either.
    Repeated,
}

impl Catalog {
    /// All findings on that day: errors first, then warnings, then notes; within those by record.
    pub fn check(&self, today: Date) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (record, facts) in self.records() {
            for place in facts.places() {
                findings.extend(self.check_place(&record, &place, today));
            }
        }
        findings.extend(consistent::findings(self, today));
        findings.sort_by(|one, other| {
            let key = |it: &Finding| (it.severity, it.rule);
            key(one)
                .cmp(&key(other))
                .then_with(|| one.record.cmp(&other.record))
                .then_with(|| one.place.cmp(&other.place))
                .then_with(|| one.words.cmp(&other.words))
        });
        findings.dedup();
        findings
    }

    /// Every record that states facts, with its name.
    pub fn records(&self) -> Vec<(String, &dyn Facts)> {
        let mut all: Vec<(String, &dyn Facts)> = Vec::new();
        all.extend(self.models().map(|it| (it.id.0.clone(), it as &dyn Facts)));
        all.extend(self.licences().map(|it| (it.id.0.clone(), it as &dyn Facts)));
        all.extend(self.quantisations().iter().map(|it| (it.id.0.clone(), it as &dyn Facts)));
        all.extend(self.hardware().iter().map(|it| (it.id.0.clone(), it as &dyn Facts)));
        all.extend(self.hosted().iter().map(|it| (it.name(), it as &dyn Facts)));
        all.extend(self.rental().iter().map(|it| (it.name(), it as &dyn Facts)));
        all.extend(self.purchase().iter().map(|it| (it.name(), it as &dyn Facts)));
        all.extend(self.benchmarks().iter().map(|it| (it.id.clone(), it as &dyn Facts)));
        all.extend(self.tasks().iter().map(|it| (it.id.0.clone(), it as &dyn Facts)));
        all
    }

    fn check_place(&self, record: &str, place: &Place<'_>, today: Date) -> Option<Finding> {
        let Some(fact) = place.fact else {
            let words = "nobody was found to state it".to_owned();
            let expected = !OPTIONAL.contains(&place.name.as_str());
            return expected.then(|| {
                Finding::new(Severity::Note, Rule::NotConfirmed, record, &place.name, words)
            });
        };
        let Some(provenance) = self.provenance(fact, place.kind, today) else {
            let words = format!("source `{}` is not declared", fact.source());
            let rule = Rule::UnknownSource;
            return Some(Finding::new(Severity::Error, rule, record, &place.name, words));
        };
        let (severity, rule, words) = if provenance.seen > today {
            (
                Severity::Error,
                Rule::Future,
                format!("seen on {}, which is to come", provenance.seen),
            )
        } else if provenance.stale {
            let words =
                format!("seen {}, to be read again by {}", provenance.seen, provenance.reverify);
            (Severity::Warning, Rule::Stale, words)
        } else if !provenance.primary && LICENCE_PLACES.contains(&place.name.as_str()) {
            let words = format!("only {} states it, and repeats others", provenance.source.id);
            (Severity::Note, Rule::Repeated, words)
        } else {
            return None;
        };
        let mut finding = Finding::new(severity, rule, record, &place.name, words);
        finding.source = Some(provenance.source.id.0.clone());
        finding.seen = Some(provenance.seen);
        finding.reverify = Some(provenance.reverify);
        Some(finding)
    }

    pub(crate) fn knows_licence(&self, id: &LicenceId) -> bool {
        self.licence(id).is_some()
    }
}

impl Finding {
    fn new(severity: Severity, rule: Rule, record: &str, place: &str, words: String) -> Self {
        Self {
            severity,
            rule,
            record: record.to_owned(),
            place: place.to_owned(),
            words,
            source: None,
            seen: None,
            reverify: None,
        }
    }

    /// How often each place of a rule is found, the most frequent first: for a summary of notes.
    pub fn by_place(findings: &[Self], rule: Rule) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.rule == rule) {
            *counts.entry(finding.place.as_str()).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        counts
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Places whose absence says nothing: not every record has such a thing.
const OPTIONAL: &[&str] = &[
    "base_model",
    "cached_input",
    "cache_write",
    "class",
    "compute.fp4",
    "compute.fp8",
    "compute.int8",
    "compute.fp32",
    "interconnect",
    "regions",
];

const LICENCE_PLACES: &[&str] = &["licence.weights", "licence.code", "licence.data", "category"];

#[cfg(test)]
mod tests;
