//! Which unknown answers would help most.
//!
//! A question helps the more, the fewer outcomes are left on average over its answers, each counted
//! once: no answer is thought likelier than another. Equal ones are ordered by how much of the
//! spread between the ways still possible is theirs, then by the order in which they are asked.

use std::cmp::Ordering;

use serde::Serialize;

use crate::{
    Outcome, Profile, Weights,
    evaluate::{self, Ledger, pair},
    flips::Change,
    question::QUESTIONS,
};

/// An unknown answer, and what each answer would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenQuestion {
    /// The question's name.
    pub question: &'static str,
    /// What would come out after each answer, in the order of the answers.
    pub then: Vec<Then>,
    /// How much of the weighted spread between the ways still possible is this question's.
    pub spread: i64,
}

/// What one answer would leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Then {
    /// The answer.
    pub change: Change,
    /// What may come out then.
    pub outcome: Outcome,
}

impl OpenQuestion {
    /// Whether one of its answers would change what may come out.
    fn matters(&self, outcome: Outcome) -> bool {
        self.then.iter().any(|then| then.outcome != outcome)
    }

    fn left(&self) -> (u64, u64) {
        let sum = self.then.iter().map(|then| u64::from(then.outcome.count())).sum();
        (sum, self.then.len() as u64)
    }
}

/// The unknown answers that could change what may come out, the most helpful first.
pub fn open_questions(profile: &Profile, weights: &Weights) -> Vec<OpenQuestion> {
    let ledger = Ledger::new(weights);
    let outcome =
        |profile: &Profile| evaluate::outcome(&ledger.sum(profile), evaluate::removals(profile));
    let now = outcome(profile);
    let mut found: Vec<OpenQuestion> = profile
        .unknown()
        .map(|at| {
            let answers = 0..QUESTIONS[at].answers.len();
            let then = answers.map(|answer| Then {
                change: Change { question: at, answer },
                outcome: outcome(&profile.with(at, Some(answer))),
            });
            OpenQuestion {
                question: QUESTIONS[at].id,
                then: then.collect(),
                spread: spread(&ledger, at, now),
            }
        })
        .filter(|open| open.matters(now))
        .collect();
    // The sort is stable, so that equal ones keep the order in which they are asked.
    found.sort_by(|a, b| fewer_left(a, b).then(b.spread.cmp(&a.spread)));
    found
}

fn fewer_left(one: &OpenQuestion, other: &OpenQuestion) -> Ordering {
    let ((left, of), (other_left, other_of)) = (one.left(), other.left());
    (left * other_of).cmp(&(other_left * of))
}

/// Summed over the pairs of ways that may come out: how far their margin can move by this question.
fn spread(ledger: &Ledger, question: usize, outcome: Outcome) -> i64 {
    let margins = ledger.entry(question, None);
    let ways: Vec<_> = outcome.choices().iter().collect();
    let mut sum = 0;
    for (at, first) in ways.iter().enumerate() {
        for second in &ways[at + 1..] {
            sum -= margins[pair(*first, *second)] + margins[pair(*second, *first)];
        }
    }
    sum
}
