//! Which drivers carry the case for open weights: the best open way against managed proprietary.

use serde::Serialize;

use crate::{
    Choice, Choices, Driver, Profile, Weights,
    evaluate::{self, pair},
};

/// The case for open weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// The open way that is compared: the best-scored of those that the gates left; of all three
    /// where they left none.
    pub open: Choice,
    /// By how many points of score it leads at least; negative where it trails.
    pub low: i64,
    /// By how many at most.
    pub high: i64,
    /// What each driver adds to that.
    pub drivers: Vec<DriverCase>,
}

/// What one driver adds to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DriverCase {
    /// The driver.
    pub driver: Driver,
    /// Its weighted points for the open way less those for managed proprietary, at least.
    pub low: i64,
    /// At most.
    pub high: i64,
    /// What that means.
    pub verdict: Verdict,
}

/// What a driver does to the case for open weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It speaks for open weights whatever the unknown answers are.
    Carries,
    /// It makes no difference.
    Neutral,
    /// It speaks against, whatever the unknown answers are.
    Against,
    /// The unknown answers decide.
    Open,
}

impl Verdict {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Carries => "carries it",
            Self::Neutral => "makes no difference",
            Self::Against => "speaks against it",
            Self::Open => "not decided",
        }
    }

    fn of(low: i64, high: i64) -> Self {
        match (low, high) {
            (0, 0) => Self::Neutral,
            (low, _) if low > 0 => Self::Carries,
            (_, high) if high < 0 => Self::Against,
            _ => Self::Open,
        }
    }
}

pub(super) fn case(profile: &Profile, weights: &Weights) -> Case {
    let by_driver = evaluate::driver_margins(profile);
    let open = best_open(profile, weights);
    let (for_it, against) = (pair(open, Choice::Managed), pair(Choice::Managed, open));
    let drivers = Driver::ALL.into_iter().map(|driver| {
        let margins = &by_driver[driver.place()];
        let weight = i64::from(weights.of(driver));
        let (low, high) = (weight * margins[for_it], -weight * margins[against]);
        DriverCase { driver, low, high, verdict: Verdict::of(low, high) }
    });
    let drivers: Vec<DriverCase> = drivers.collect();
    let sum = |bound: fn(&DriverCase) -> i64| drivers.iter().map(bound).sum();
    Case { open, low: sum(|part| part.low), high: sum(|part| part.high), drivers }
}

fn best_open(profile: &Profile, weights: &Weights) -> Choice {
    let open = [Choice::SelfHosted, Choice::SingleTenant, Choice::Hybrid];
    let left = evaluate::removals(profile).certain().others();
    let any_left = open.iter().any(|choice| left.has(*choice));
    let compared = if any_left { left } else { Choices::ALL };
    let scores = super::score::scores(profile, weights);
    let middle = |choice: Choice| {
        let score = &scores[choice.place()];
        score.low + score.high
    };
    // Of equal ones the outer, as everywhere: `max_by_key` takes the last.
    let best =
        open.into_iter().filter(|choice| compared.has(*choice)).max_by_key(|one| middle(*one));
    best.unwrap_or(Choice::Hybrid)
}
