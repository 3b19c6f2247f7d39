//! Whether an adopter may ship a model: its terms, and those of all it was made from.

pub(crate) mod chain;
mod terms;
#[cfg(test)]
mod tests;

use freehold_catalog::{Catalog, Date, Effect, LicenceCategory, LicenceId, Term};
use serde::Serialize;

use self::chain::Link;
use crate::{Adopter, Evidence, TermsFinding, rules};

/// The answer for one adopter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shipping {
    /// The answer.
    pub may_ship: MayShip,
    /// Terms that stand against it.
    pub conflicts: Vec<Conflict>,
    /// What to do when it is shipped.
    pub obligations: Vec<Obligation>,
    /// What is not known and could change the answer.
    pub not_confirmed: Vec<Open>,
    /// The model, and what it was made from, nearest first; each brings its terms.
    pub chain: Vec<ChainStep>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MayShip {
    /// Nothing stands against it and nothing is to be done.
    Yes,
    /// Yes, if the obligations are met.
    WithObligations,
    /// Something that could change the answer is not known.
    NotConfirmed,
    /// A term stands against it.
    No,
}

/// A term that stands against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Which fact of the adopter, as in `region`.
    pub about: &'static str,
    /// Whose terms: the model itself, or a base by its name.
    pub of: String,
    /// Which licence.
    pub licence: LicenceId,
    /// The clause.
    pub clause: String,
    /// What stands against what, in words.
    pub words: String,
    /// The text's own words, where the text came along, else ours.
    pub quotation: Quotation,
}

/// The words of a term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quotation {
    /// The words.
    pub words: String,
    /// Whether they are the text's own; else they are ours, and say what it says.
    pub literal: bool,
    /// Where: a file that came along, or the address where we read it.
    pub source: String,
    /// The line in that file.
    pub line: Option<u32>,
    /// The day on which it was read there, where it did not come along.
    pub seen: Option<Date>,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Obligation {
    /// What, in words.
    pub what: String,
    /// Exactly these words are to be shown, where the licence says so.
    pub exact: Option<String>,
    /// Whose terms.
    pub of: String,
    /// Which licence.
    pub licence: LicenceId,
    /// The clause.
    pub clause: String,
    /// The words of the term.
    pub quotation: Quotation,
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// What about: a fact of the adopter as in `region`, or `licence`, `base`, `terms`.
    pub about: &'static str,
    /// What is not known, and why it matters.
    pub words: String,
}

/// One model of the chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainStep {
    /// Its name.
    pub model: String,
    /// How the one before was made from it, in words; `itself` for the first.
    pub relation: String,
    /// Its licence; nothing is *not confirmed*.
    pub licence: Option<LicenceId>,
    /// What states the licence.
    pub evidence: Vec<Evidence>,
}

/// Weighs the chain of a model against an adopter.
pub(crate) fn ship(links: &[Link<'_>], adopter: &Adopter, catalog: &Catalog) -> Shipping {
    let mut shipping = Shipping {
        may_ship: MayShip::Yes,
        conflicts: Vec::new(),
        obligations: Vec::new(),
        not_confirmed: Vec::new(),
        chain: links.iter().map(|link| link.step.clone()).collect(),
    };
    for (at, link) in links.iter().enumerate() {
        if !link.open.is_empty() {
            shipping.not_confirmed.push(Open {
                about: if at == 0 { "licence" } else { "base" },
                words: format!("{}: {}", link.step.model, link.open),
            });
        }
        for id in &link.licences {
            terms::weigh(&mut shipping, link, id, adopter, catalog);
        }
    }
    shipping.obligations = distinct(shipping.obligations);
    shipping.may_ship = match () {
        () if !shipping.conflicts.is_empty() => MayShip::No,
        () if !shipping.not_confirmed.is_empty() => MayShip::NotConfirmed,
        () if !shipping.obligations.is_empty() => MayShip::WithObligations,
        () => MayShip::Yes,
    };
    shipping
}

/// The same thing is asked once, by the nearest model that asks it.
fn distinct(all: Vec<Obligation>) -> Vec<Obligation> {
    let mut kept: Vec<Obligation> = Vec::new();
    for one in all {
        let known = |it: &Obligation| {
            it.licence == one.licence && it.clause == one.clause && it.what == one.what
        };
        if !kept.iter().any(known) {
            kept.push(one);
        }
    }
    kept
}

/// What a base's terms ask that the model's own licence does not.
pub(crate) fn dropped(links: &[Link<'_>], catalog: &Catalog) -> Vec<TermsFinding> {
    let Some((own, bases)) = links.split_first() else { return Vec::new() };
    let Some(licence) = own.step.licence.as_ref().and_then(|id| catalog.licence(id)) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut seen = vec![&licence.id];
    for base in bases {
        for theirs in base.licences.iter().filter_map(|id| catalog.licence(id)) {
            if seen.contains(&&theirs.id) {
                continue;
            }
            seen.push(&theirs.id);
            if catalog.category_of(theirs) == Some(LicenceCategory::Osi) {
                continue;
            }
            let lost = |term: &&Term| !licence.watch.iter().any(|own| is_kept(own, term));
            let lost: Vec<&Term> = theirs.watch.iter().filter(lost).collect();
            if lost.is_empty() {
                continue;
            }
            let clauses: Vec<_> =
                lost.iter().map(|term| format!("clause {}: {}", term.clause, term.words)).collect();
            let what = format!(
                "{} is under {}, but {} it was made from is under {}: {}",
                own.step.model,
                licence.name,
                base.step.model,
                theirs.name,
                clauses.join(" "),
            );
            let mut evidence: Vec<_> = own.step.evidence.first().cloned().into_iter().collect();
            evidence.extend(base.step.evidence.first().cloned());
            findings.push(TermsFinding { rule: &rules::DROPPED_CLAUSE, what, evidence });
        }
    }
    findings
}

/// Whether a licence's own term asks what a base's term asks.
fn is_kept(own: &Term, theirs: &Term) -> bool {
    match (&own.effect, &theirs.effect) {
        (Effect::UseRestrictionsFlowDown, Effect::UseRestrictions) => true,
        (Effect::Termination { .. }, Effect::Termination { .. }) => true,
        (one, other) => one == other,
    }
}

/// Whether every licence of the chain is approved by the Open Source Initiative.
pub(crate) fn is_all_osi(links: &[Link<'_>], catalog: &Catalog) -> bool {
    let osi = |link: &Link<'_>| {
        link.open.is_empty()
            && !link.licences.is_empty()
            && link.licences.iter().all(|id| {
                let own = catalog.licence(id).and_then(|licence| catalog.category_of(licence));
                let known = || freehold_license::identify(&id.0).first().and_then(|it| it.category);
                own.or_else(known) == Some(LicenceCategory::Osi)
            })
    };
    links.iter().all(osi)
}
