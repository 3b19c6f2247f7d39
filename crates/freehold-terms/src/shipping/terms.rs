//! One licence's terms against one adopter: what stands against shipping, what must be done, and what
//! cannot be told.

use freehold_catalog::{
    Catalog, Consequence, Effect, Licence, LicenceCategory, LicenceId, Outcome, Scope, Term,
};

use super::chain::Link;
use crate::{
    Adopter, Conflict, Obligation, Open, Purpose, Quotation, Shipping, openness::is_approved,
};

/// Adds what one licence of a link brings.
pub(super) fn weigh(
    shipping: &mut Shipping,
    link: &Link<'_>,
    id: &LicenceId,
    adopter: &Adopter,
    catalog: &Catalog,
) {
    let Some(licence) = catalog.licence(id) else {
        shipping.not_confirmed.push(Open {
            about: "terms",
            words: format!(
                "{}: what {id} asks is not in the catalogue; read its text",
                link.step.model
            ),
        });
        return;
    };
    let asked = Asked { link, licence, adopter, catalog };
    for term in &licence.watch {
        asked.term(shipping, term);
    }
    if licence.read.is_none() {
        shipping.not_confirmed.push(Open {
            about: "terms",
            words: format!(
                "{}: whether {} has more terms than these is not confirmed",
                link.step.model, licence.name
            ),
        });
    }
}

struct Asked<'a, 'g> {
    link: &'a Link<'g>,
    licence: &'a Licence,
    adopter: &'a Adopter,
    catalog: &'a Catalog,
}

impl Asked<'_, '_> {
    fn term(&self, shipping: &mut Shipping, term: &Term) {
        let osi = self.catalog.category_of(self.licence) == Some(LicenceCategory::Osi);
        if let Some(about) = self.lacking(term).filter(|_| !osi) {
            shipping.not_confirmed.push(Open {
                about,
                words: format!("{} Your {} is not given.", self.cited(term), named(about)),
            });
            return;
        }
        let asking = freehold_catalog::Adopter {
            region: self.adopter.region.clone(),
            monthly_users: self.adopter.users_per_month,
            revenue_usd: self.adopter.revenue_usd,
            commercial: self.has(Purpose::Commercial),
            trains_on_outputs: self.has(Purpose::TrainModels),
        };
        match asking.against(term, self.link.multimodal) {
            Some((about, Outcome::Excluded)) => shipping.conflicts.push(self.conflict(about, term)),
            Some((about, Outcome::NotConfirmed)) => shipping.not_confirmed.push(Open {
                about,
                words: format!(
                    "{} Whether that applies to you is not confirmed.",
                    self.cited(term)
                ),
            }),
            Some((_, Outcome::Match)) => shipping.obligations.push(self.obligation(term)),
            None => self.other(shipping, term),
        }
    }

    /// What depends on no number: obligations, and the product's licence.
    fn other(&self, shipping: &mut Shipping, term: &Term) {
        let product = self.adopter.product_licence.as_deref();
        let passes_on = self.has(Purpose::Redistribute);
        match &term.effect {
            // Not met by this adopter.
            Effect::UsersOver { .. }
            | Effect::RevenueOver { .. }
            | Effect::RegionsExcluded { .. } => {}
            Effect::NoCompetingTraining if self.adopter.purposes.is_some() => {}
            // Whoever gets such a product may use it for business; the model may not be.
            Effect::NonCommercial if passes_on && product.is_some_and(is_approved) => {
                shipping.conflicts.push(self.conflict("product licence", term));
            }
            Effect::NonCommercial if self.has(Purpose::Service) || self.has(Purpose::Internal) => {
                shipping.not_confirmed.push(Open {
                    about: "purposes",
                    words: format!(
                        "{} Whether your use counts as commercial is not confirmed.",
                        self.cited(term)
                    ),
                });
            }
            Effect::ShareAlike if passes_on && product.is_some_and(|it| !self.is_own(it)) => {
                shipping.conflicts.push(self.conflict("product licence", term));
            }
            Effect::UseRestrictionsFlowDown if passes_on && product.is_some_and(is_approved) => {
                shipping.conflicts.push(self.conflict("product licence", term));
                shipping.obligations.push(self.obligation(term));
            }
            _ => shipping.obligations.push(self.obligation(term)),
        }
    }

    /// The fact of the adopter on which a term depends and which is not given.
    fn lacking(&self, term: &Term) -> Option<&'static str> {
        match &term.effect {
            Effect::UsersOver { .. } if self.adopter.users_per_month.is_none() => Some("users"),
            Effect::RevenueOver { .. } if self.adopter.revenue_usd.is_none() => Some("revenue"),
            Effect::RegionsExcluded { scope: Scope::Multimodal, .. }
                if self.link.multimodal == Some(false) =>
            {
                None
            }
            Effect::RegionsExcluded { .. } if self.adopter.region.is_none() => Some("region"),
            Effect::NonCommercial | Effect::NoCompetingTraining
                if self.adopter.purposes.is_none() =>
            {
                Some("purposes")
            }
            _ => None,
        }
    }

    /// Whether a product's licence is this one, by whatever id (`GPL-3.0-or-later`), or one that this one
    /// lets its adaptations be under.
    fn is_own(&self, product: &str) -> bool {
        let own = self.licence.id.0.as_str();
        freehold_license::identify(product)
            .iter()
            .any(|it| it.id == own || COMPATIBLE.contains(&(own, it.id.as_str())))
    }

    fn has(&self, purpose: Purpose) -> bool {
        self.adopter.purposes.as_ref().is_some_and(|all| all.contains(&purpose))
    }

    fn cited(&self, term: &Term) -> String {
        format!("{}, clause {}: {}", self.licence.name, term.clause, term.words)
    }

    fn conflict(&self, about: &'static str, term: &Term) -> Conflict {
        let fact = match about {
            "region" => self.adopter.region.clone().map(|it| format!("you are in {it}")),
            "users" => self.adopter.users_per_month.map(|it| {
                format!("you have {} users a month", freehold_catalog::words::thousands(it))
            }),
            "revenue" => self.adopter.revenue_usd.map(|it| {
                format!("your revenue is USD {} a year", freehold_catalog::words::thousands(it))
            }),
            "commercial" => Some("your use is commercial".to_owned()),
            "training" => Some("outputs will train other models".to_owned()),
            "product licence" => self
                .adopter
                .product_licence
                .clone()
                .map(|it| format!("your product is under {it} and is passed on")),
            _ => None,
        };
        Conflict {
            about,
            of: self.link.step.model.clone(),
            licence: self.licence.id.clone(),
            clause: term.clause.clone(),
            words: format!("{} But {}.", term.words, fact.unwrap_or_else(|| about.to_owned())),
            quotation: self.quotation(term),
        }
    }

    fn obligation(&self, term: &Term) -> Obligation {
        let shows = matches!(
            term.effect,
            Effect::Attribution
                | Effect::Notice
                | Effect::UsersOver { then: Consequence::ShowName, .. }
                | Effect::RevenueOver { then: Consequence::ShowName, .. }
        );
        let exact = quoted(&term.words).filter(|_| shows);
        Obligation {
            what: term.words.clone(),
            exact,
            of: self.link.step.model.clone(),
            licence: self.licence.id.clone(),
            clause: term.clause.clone(),
            quotation: self.quotation(term),
        }
    }

    /// The term's words in a text that came along, else ours with where we read them.
    fn quotation(&self, term: &Term) -> Quotation {
        let texts = self.link.gathered.iter().flat_map(|it| it.texts());
        for document in texts {
            let own = freehold_license::recognise(&document.text);
            let is_it = own
                .iter()
                .any(|it| it.known.as_ref().is_some_and(|known| known.id == self.licence.id.0));
            if !is_it {
                continue;
            }
            if let Some(found) =
                freehold_license::place(&document.text, &term.clause, &[&term.words])
            {
                return Quotation {
                    words: found.words,
                    literal: true,
                    source: document.path.clone(),
                    line: u32::try_from(found.line).ok(),
                    seen: None,
                };
            }
        }
        let source = self.catalog.source(&term.source);
        Quotation {
            words: term.words.clone(),
            literal: false,
            source: source.map_or_else(|| term.source.0.clone(), |it| it.url.clone()),
            line: None,
            seen: Some(term.seen),
        }
    }
}

fn named(about: &str) -> &str {
    match about {
        "users" => "number of monthly users",
        "purposes" => "purpose",
        other => other,
    }
}

/// What stands in quotation marks in our words: the exact text to show.
fn quoted(words: &str) -> Option<String> {
    let parts: Vec<&str> = words.split('"').skip(1).step_by(2).collect();
    (!parts.is_empty()).then(|| parts.join("\" or \""))
}

/// What may be adapted under another copyleft licence. Creative Commons declared GPL-3.0 compatible, one
/// way, on 8 October 2015 (<https://creativecommons.org/compatiblelicenses/>).
const COMPATIBLE: [(&str, &str); 1] = [("CC-BY-SA-4.0", "GPL-3.0-only")];
