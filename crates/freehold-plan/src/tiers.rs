//! Most requests to a cheap model, the hardest to a premium one: what each share costs, and from which
//! share on it is no longer worth having both.

use serde::Serialize;

use crate::{
    Figure, Unit,
    bill::{Bill, Column},
};

/// What sending a share of the requests to a premium model does to a bill.
#[derive(Debug, Clone, Serialize)]
pub struct Tiers {
    /// Who answers the rest.
    pub routine: String,
    /// Who answers the share.
    pub premium: String,
    /// The bill at each share that was asked for, the smallest first.
    pub at: Vec<Tier>,
    /// The share at which both together cost as much as the premium model alone: below it, they cost
    /// less. None where both together never cost less.
    pub worth_below: Option<f64>,
}

/// Both bills at one share.
#[derive(Debug, Clone, Serialize)]
pub struct Tier {
    /// The part of the requests that goes to the premium model.
    pub share: Figure,
    /// What the routine model costs for the rest.
    pub routine: Option<Bill>,
    /// What the premium model costs for the share.
    pub premium: Option<Bill>,
    /// Both.
    pub total: Figure,
}

/// Bills for shares of a volume in `Mtoken/month`, each share from 0 to 1.
///
/// Requests of both tiers have the same lengths here. Where both tiers are used, both need their
/// people.
pub fn tiers(routine: &Column, premium: &Column, today: &Figure, shares: &[Figure]) -> Tiers {
    let mut at: Vec<Tier> =
        shares.iter().map(|share| tier(routine, premium, today, share)).collect();
    at.sort_by(|a, b| a.share.value().total_cmp(&b.share.value()));
    Tiers {
        routine: routine.name.clone(),
        premium: premium.name.clone(),
        worth_below: worth_below(routine, premium, today),
        at,
    }
}

/// Both bills at one share.
pub fn tier(routine: &Column, premium: &Column, today: &Figure, share: &Figure) -> Tier {
    let rest = Figure::number(1.0).minus(share).named("share of requests to the routine model");
    let part = |column: &Column, share: &Figure| {
        (share.value() > 0.0).then(|| column.bill(&today.times(share).named("its tokens a month")))
    };
    let (routine, premium) = (part(routine, &rest), part(premium, share));
    let totals = routine.iter().chain(&premium).map(|bill| bill.total.clone()).collect();
    let total = Figure::sum(totals, crate::bill::per_month()).named("both tiers");
    Tier { share: share.clone(), routine, premium, total }
}

/// The largest share below which both cost less than the premium model alone, to a thousandth.
fn worth_below(routine: &Column, premium: &Column, today: &Figure) -> Option<f64> {
    let alone = premium.bill(today).total.value();
    let saves = |thousandths: u32| {
        let share = Figure::number(f64::from(thousandths) / 1000.0);
        tier(routine, premium, today, &share).total.value() < alone
    };
    // Steps of replicas make it jump, so every share is tried, from above.
    (0..1000).rev().find(|share| saves(*share)).map(|share| f64::from(share + 1) / 1000.0)
}

/// A share of requests that the person gave, 0 to 1.
pub fn share(value: f64) -> Figure {
    Figure::input(
        "share of requests to the premium model",
        value,
        Unit::one(),
        crate::Source::Stated,
    )
}

#[cfg(test)]
mod tests;
