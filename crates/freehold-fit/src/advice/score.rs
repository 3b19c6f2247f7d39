//! The additive score of each way, with what each driver gives to it.

use serde::Serialize;

use crate::{Choice, Driver, Profile, QUESTIONS, Weights, evaluate};

/// One way's score: the sum over drivers of weight times value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// The way.
    pub choice: Choice,
    /// Whether the gates left it.
    pub left: Left,
    /// The score with the worst unknown answers for it. From 0 to a hundred times the sum of the
    /// weights.
    pub low: u32,
    /// The score with the best unknown answers for it.
    pub high: u32,
    /// What each driver gives.
    pub by_driver: Vec<DriverScore>,
}

/// What one driver gives to one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DriverScore {
    /// The driver.
    pub driver: Driver,
    /// Its value from 0 to 100, with the worst unknown answers.
    pub low: u32,
    /// With the best ones.
    pub high: u32,
}

/// Whether the gates left a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Left {
    /// Yes.
    Yes,
    /// An unknown answer decides.
    Open,
    /// No.
    No,
}

pub(super) fn scores(profile: &Profile, weights: &Weights) -> Vec<Score> {
    let removals = evaluate::removals(profile);
    let score = |choice| {
        let by_driver: Vec<DriverScore> =
            Driver::ALL.into_iter().map(|driver| value(profile, driver, choice)).collect();
        let sum = |bound: fn(&DriverScore) -> u32| {
            by_driver.iter().map(|part| weights.of(part.driver) * bound(part)).sum()
        };
        let left = if removals.certain().has(choice) {
            Left::No
        } else if removals.possible().has(choice) {
            Left::Open
        } else {
            Left::Yes
        };
        Score { choice, left, low: sum(|part| part.low), high: sum(|part| part.high), by_driver }
    };
    Choice::ALL.into_iter().map(score).collect()
}

fn value(profile: &Profile, driver: Driver, choice: Choice) -> DriverScore {
    let mut value = DriverScore { driver, low: 0, high: 0 };
    for (at, question) in QUESTIONS.iter().enumerate() {
        if question.driver == Some(driver) {
            let answers = match profile.at(at) {
                Some(answer) => &question.answers[answer..=answer],
                None => question.answers,
            };
            let points = || answers.iter().map(|answer| answer.points[choice.place()]);
            value.low += question.share * points().min().unwrap_or(0);
            value.high += question.share * points().max().unwrap_or(0);
        }
    }
    value
}
