//! The exact weight at which something else comes out, for each driver, the other weights as they
//! are (Triantaphyllou and Sánchez 1997).
//!
//! Each margin between two ways is a straight line in one driver's weight, also where answers are
//! unknown, because every question counts for one driver only. So what comes out changes at most
//! where one of these lines crosses zero, and that is a fraction of whole numbers.

use std::cmp::Ordering;

use serde::Serialize;

use crate::{
    Driver, Outcome, Profile, Weights,
    evaluate::{self, DriverMargins, Removals},
};

/// A fraction in lowest terms, not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fraction {
    /// Above the line.
    pub numerator: i64,
    /// Below the line; above 0.
    pub denominator: i64,
}

impl Fraction {
    fn new(numerator: i64, denominator: i64) -> Self {
        let common = gcd(numerator, denominator).max(1);
        Self { numerator: numerator / common, denominator: denominator / common }
    }

    /// In tenths, rounded down, for people's eyes.
    pub const fn tenths(self) -> i64 {
        self.numerator * 10 / self.denominator
    }

    /// Between two others.
    fn between(self, other: Self) -> Self {
        let numerator = self.numerator * other.denominator + other.numerator * self.denominator;
        Self::new(numerator, 2 * self.denominator * other.denominator)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

/// A weight at which something else comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tip {
    /// The weight.
    pub weight: Fraction,
    /// Its share of all weights then.
    pub share: Fraction,
    /// Whether it flips at this very weight, or only beyond it.
    pub at_it: bool,
    /// What comes out then.
    pub outcome: Outcome,
}

/// How far a driver's weight may go before something else comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tipping {
    /// The driver.
    pub driver: Driver,
    /// Its weight now.
    pub weight: u32,
    /// The nearest lower weight that flips it; none where no weight down to 0 does.
    pub lower: Option<Tip>,
    /// The nearest higher weight that flips it; none where no weight does, however high.
    pub higher: Option<Tip>,
}

/// For each driver.
pub fn tipping(profile: &Profile, weights: &Weights) -> Vec<Tipping> {
    let by_driver = evaluate::driver_margins(profile);
    let removals = evaluate::removals(profile);
    let all = Driver::ALL.into_iter();
    all.map(|driver| Line { by_driver: &by_driver, removals, weights, driver }.tipping()).collect()
}

/// What comes out as a function of one driver's weight.
struct Line<'a> {
    by_driver: &'a DriverMargins,
    removals: Removals,
    weights: &'a Weights,
    driver: Driver,
}

impl Line<'_> {
    fn tipping(&self) -> Tipping {
        let weight = self.weights.of(self.driver);
        let now = Fraction::new(i64::from(weight), 1);
        let outcome = self.outcome(now);
        let crossings = self.crossings();
        let mut below: Vec<Fraction> =
            crossings.iter().copied().filter(|crossing| *crossing < now).collect();
        below.push(Fraction::new(0, 1));
        below.sort_by(|a, b| b.cmp(a));
        below.dedup();
        let mut above: Vec<Fraction> =
            crossings.into_iter().filter(|crossing| *crossing > now).collect();
        above.sort();
        above.dedup();
        let lower = self.first(now, &below, outcome, |_| None);
        let higher = self.first(now, &above, outcome, |last| {
            Some(Fraction::new(last.numerator + last.denominator, last.denominator))
        });
        // Where the present weight lies on a crossing, the next step beyond it may flip.
        Tipping { driver: self.driver, weight, lower, higher }
    }

    /// The first of these weights, going away from the present one, at or beyond which something else
    /// comes out. `beyond` gives a weight past the last one.
    fn first(
        &self,
        now: Fraction,
        weights: &[Fraction],
        outcome: Outcome,
        beyond: impl Fn(Fraction) -> Option<Fraction>,
    ) -> Option<Tip> {
        let mut places = vec![now];
        places.extend_from_slice(weights);
        for (at, weight) in places.iter().copied().enumerate() {
            if at > 0 && self.outcome(weight) != outcome {
                return Some(self.tip(weight, true, self.outcome(weight)));
            }
            let next = places.get(at + 1).map(|next| weight.between(*next));
            if let Some(past) = next.or_else(|| beyond(weight)) {
                let then = self.outcome(past);
                if then != outcome {
                    return Some(self.tip(weight, false, then));
                }
            }
        }
        None
    }

    fn tip(&self, weight: Fraction, at_it: bool, outcome: Outcome) -> Tip {
        let rest = i64::from(self.weights.sum() - self.weights.of(self.driver));
        let sum = weight.numerator + rest * weight.denominator;
        // Without any weight there is no share; nothing comes of it then but ties.
        let share =
            if sum == 0 { Fraction::new(0, 1) } else { Fraction::new(weight.numerator, sum) };
        Tip { weight, share, at_it, outcome }
    }

    /// The weights above 0 at which a margin is 0.
    fn crossings(&self) -> Vec<Fraction> {
        let mut others = self.weights.all().map(i64::from);
        others[self.driver.place()] = 0;
        let fixed = evaluate::weigh(self.by_driver, others);
        let slopes = self.by_driver[self.driver.place()];
        let pairs = fixed.into_iter().zip(slopes);
        let crossing = |(fixed, slope): (i64, i64)| match slope.signum() * fixed.signum() {
            -1 => Some(Fraction::new(fixed.abs(), slope.abs())),
            _ => None,
        };
        pairs.filter_map(crossing).collect()
    }

    fn outcome(&self, weight: Fraction) -> Outcome {
        let mut weights =
            self.weights.all().map(|weight_of| i64::from(weight_of) * weight.denominator);
        weights[self.driver.place()] = weight.numerator;
        evaluate::outcome(&evaluate::weigh(self.by_driver, weights), self.removals)
    }
}

const fn gcd(mut one: i64, mut other: i64) -> i64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.abs()
}
