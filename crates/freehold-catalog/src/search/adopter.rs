//! A licence's terms against who wants to use the model.
//!
//! OSI-approved licences exclude nobody by person, field, size or region (Open Source Definition, 5
//! and 6), so their category is enough. Any other licence answers only if its text was read.

use super::{Asked, Outcome, Reason};
use crate::{
    Cited, Consequence, Effect, Facts, Licence, LicenceCategory, Modality, Model, Scope, Span,
    Term,
    regions::{Overlap, overlap},
};

impl<'a> Asked<'a, '_> {
    /// The reasons that come from the licence of the weights, where one is asked.
    pub(super) fn licence(&self, model: &'a Model) -> Vec<Reason> {
        let constraints = self.constraints;
        let mut reasons = Vec::new();
        if !constraints.categories.is_empty() {
            reasons.push(self.category(model));
        }
        if constraints.adopter.asks() {
            reasons.extend(self.terms(model));
        }
        reasons
    }

    /// What its licence asks to watch.
    pub(super) fn watch(&self, model: &'a Model) -> Vec<&'a Term> {
        let weights = model.licence.weights.as_ref();
        let licence = weights.and_then(|fact| self.catalog.licence(&fact.is));
        licence.map(|licence| licence.watch.iter().collect()).unwrap_or_default()
    }

    /// The licence of the weights if it is confirmed: stated by who speaks of its own.
    fn confirmed(&self, model: &'a Model) -> Result<(&'a Licence, Vec<Cited>), Unsure> {
        let Some(weights) = &model.licence.weights else {
            let words = "its weights licence is not confirmed".to_owned();
            return Err(Unsure { words, facts: Vec::new() });
        };
        let mut facts: Vec<Cited> = self.cite(model, "licence.weights").into_iter().collect();
        let primary = facts.first().is_some_and(|fact| fact.primary);
        if !primary && !self.constraints.second_hand {
            let words =
                format!("its weights licence is not confirmed: {} only repeats it", weights.source);
            return Err(Unsure { words, facts });
        }
        match self.catalog.licence(&weights.is) {
            Some(licence) => {
                facts.extend(self.cite_licence(licence, "category"));
                Ok((licence, facts))
            }
            None => {
                let words = format!("nothing is known of its licence, {}", weights.is);
                Err(Unsure { words, facts })
            }
        }
    }

    fn cite_licence(&self, licence: &Licence, place: &str) -> Option<Cited> {
        self.catalog.cite_place(&licence.id.0, licence as &dyn Facts, place, self.today)
    }

    fn category(&self, model: &'a Model) -> Reason {
        let reason =
            |outcome, words, facts| Reason { constraint: "licence", outcome, words, facts };
        let (licence, facts) = match self.confirmed(model) {
            Ok(known) => known,
            Err(Unsure { words, facts }) => return reason(Outcome::NotConfirmed, words, facts),
        };
        match self.catalog.category_of(licence) {
            None => {
                let words =
                    format!("the category of its licence, {}, is not confirmed", licence.id);
                reason(Outcome::NotConfirmed, words, facts)
            }
            Some(category) => {
                let outcome = match self.constraints.categories.contains(&category) {
                    true => Outcome::Match,
                    false => Outcome::Excluded,
                };
                reason(outcome, format!("{}: {category}", licence.name), facts)
            }
        }
    }

    fn terms(&self, model: &'a Model) -> Vec<Reason> {
        let reason =
            |outcome, words, facts| Reason { constraint: "adopter", outcome, words, facts };
        let (licence, facts) = match self.confirmed(model) {
            Ok(known) => known,
            Err(Unsure { words, facts }) => {
                return vec![reason(Outcome::NotConfirmed, words, facts)];
            }
        };
        if self.catalog.category_of(licence) == Some(LicenceCategory::Osi) {
            let words = format!("{}: OSI open source, which excludes nobody", licence.name);
            return vec![reason(Outcome::Match, words, facts)];
        }
        let places = licence.places();
        let mut reasons: Vec<Reason> = Vec::new();
        for (at, term) in licence.watch.iter().enumerate() {
            let multimodal =
                model.input.as_ref().map(|input| input.is.iter().any(|it| *it != Modality::Text));
            let adopter = &self.constraints.adopter;
            let Some((constraint, outcome)) = adopter.against(term, multimodal) else {
                continue;
            };
            let name = format!("watch.{}", at + 1);
            let place = places.iter().find(|place| place.name == name);
            let cited = place.and_then(|place| self.catalog.cite(&licence.id.0, place, self.today));
            let words = format!("{}, clause {}: {}", licence.name, term.clause, term.words);
            let mut facts = facts.clone();
            facts.extend(cited);
            reasons.push(Reason { constraint, outcome, words, facts });
        }
        if licence.read.is_none() {
            let words = format!("whether {} has more terms is not confirmed", licence.name);
            reasons.push(reason(Outcome::NotConfirmed, words, facts));
        } else if reasons.is_empty() {
            let words = format!("no term of {} stands against it", licence.name);
            reasons.push(reason(Outcome::Match, words, facts));
        }
        reasons
    }
}

/// A licence that is not confirmed: why, and what is known nevertheless.
struct Unsure {
    words: String,
    facts: Vec<Cited>,
}

impl super::Adopter {
    fn asks(&self) -> bool {
        *self != Self::default()
    }

    /// What a term means for this adopter, and by which of the answers; nothing where it does not
    /// depend on any. `multimodal` says whether the model takes other input than text.
    pub fn against(
        &self,
        term: &Term,
        multimodal: Option<bool>,
    ) -> Option<(&'static str, Outcome)> {
        match &term.effect {
            Effect::UsersOver { monthly_users, then } => {
                self.monthly_users.filter(|users| users > monthly_users)?;
                Some(("users", outcome_of(*then)))
            }
            Effect::RevenueOver { usd, per, then } => {
                let limit = match per {
                    Span::Year => *usd,
                    Span::Month => usd.saturating_mul(12),
                };
                self.revenue_usd.filter(|revenue| *revenue > limit)?;
                Some(("revenue", outcome_of(*then)))
            }
            Effect::RegionsExcluded { regions, scope } => {
                let region = self.region.as_deref()?;
                let concerned = match scope {
                    Scope::Everything => Some(true),
                    Scope::Multimodal => multimodal,
                };
                let worst = regions.iter().map(|named| match overlap(region, named) {
                    Overlap::Inside => Outcome::Excluded,
                    Overlap::Partly => Outcome::NotConfirmed,
                    Overlap::Apart => Outcome::Match,
                });
                match (worst.max(), concerned) {
                    (None | Some(Outcome::Match), _) | (_, Some(false)) => None,
                    (Some(_), None) => Some(("region", Outcome::NotConfirmed)),
                    (Some(outcome), Some(true)) => Some(("region", outcome)),
                }
            }
            Effect::NonCommercial => self.commercial.then_some(("commercial", Outcome::Excluded)),
            Effect::NoCompetingTraining => {
                self.trains_on_outputs.then_some(("training", Outcome::Excluded))
            }
            Effect::Naming { .. } => self.trains_on_outputs.then_some(("training", Outcome::Match)),
            Effect::Attribution
            | Effect::Notice
            | Effect::UseRestrictionsFlowDown
            | Effect::UseRestrictions
            | Effect::ShareAlike
            | Effect::RemoteRestriction
            | Effect::Termination { .. } => None,
        }
    }
}

/// A name to be shown is a condition and no exclusion.
fn outcome_of(then: Consequence) -> Outcome {
    match then {
        Consequence::AskLicence | Consequence::RightsEnd => Outcome::Excluded,
        Consequence::ShowName => Outcome::Match,
    }
}
