//! For which share of all weights the advice holds (SMAA, Lahdelma and Salminen 2001), counted and
//! not drawn at random.
//!
//! All weights in steps of a twentieth that add up to one are tried: 53,130 of them. A share is
//! therefore exact for this lattice, and stands for the whole space of weights no finer than its
//! step.

use serde::Serialize;

use crate::{
    Driver, Outcome, Profile,
    evaluate::{self, DriverMargins, Margins, Removals, add},
};

/// How many of the tried weights give what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Robustness {
    /// The step of the lattice is one divided by this.
    pub steps: u32,
    /// How many weights were tried.
    pub tried: u32,
    /// What came out, and how often; the most frequent first, equal ones in the order of outcomes.
    pub shares: Vec<Share>,
}

/// How often something came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// What.
    pub outcome: Outcome,
    /// For how many of the tried weights.
    pub count: u32,
}

impl Robustness {
    /// How many of the tried weights give this.
    pub fn count(&self, outcome: Outcome) -> u32 {
        let share = self.shares.iter().find(|share| share.outcome == outcome);
        share.map_or(0, |share| share.count)
    }

    /// For how many of the tried weights unknown answers leave it open what comes out.
    pub fn open(&self) -> u32 {
        let open = self.shares.iter().filter(|share| !share.outcome.is_settled());
        open.map(|share| share.count).sum()
    }

    /// What else comes out nearly as often as this, or more often: the two are a close call.
    pub fn rival(&self, outcome: Outcome) -> Option<Share> {
        let held = u64::from(self.count(outcome));
        let other = self.shares.iter().find(|share| share.outcome != outcome);
        other.filter(|other| u64::from(other.count) * 3 >= held * 2).copied()
    }
}

/// Tries all weights of the lattice.
pub fn robustness(profile: &Profile) -> Robustness {
    let mut lattice = Lattice {
        by_driver: evaluate::driver_margins(profile),
        removals: evaluate::removals(profile),
        shares: Vec::new(),
    };
    lattice.from(0, STEPS, &[0; 16]);
    let mut shares = lattice.shares;
    shares.sort_by(|a, b| b.count.cmp(&a.count).then(a.outcome.cmp(&b.outcome)));
    Robustness { steps: STEPS, tried: shares.iter().map(|share| share.count).sum(), shares }
}

struct Lattice {
    by_driver: DriverMargins,
    removals: Removals,
    shares: Vec<Share>,
}

impl Lattice {
    /// Tries everything that the drivers from `driver` on can make of what is left.
    fn from(&mut self, driver: usize, left: u32, sum: &Margins) {
        let mut sum = *sum;
        let margins = self.by_driver[driver];
        if driver + 1 == Driver::COUNT {
            add(&mut sum, &margins, i64::from(left));
            return self.see(evaluate::outcome(&sum, self.removals));
        }
        for taken in 0..=left {
            self.from(driver + 1, left - taken, &sum);
            add(&mut sum, &margins, 1);
        }
    }

    fn see(&mut self, outcome: Outcome) {
        match self.shares.iter_mut().find(|share| share.outcome == outcome) {
            Some(share) => share.count += 1,
            None => self.shares.push(Share { outcome, count: 1 }),
        }
    }
}

const STEPS: u32 = 20;
