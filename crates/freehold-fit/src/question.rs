//! What a question is. The questions themselves are the tables below this module.

mod data;
mod expertise;
mod infrastructure;
mod use_case;

use serde::Serialize;

use crate::{Driver, Factor};

/// One concrete thing to be observed, with closed answers. "Don't know" is always one of them and
/// not in the list.
#[derive(Debug, Serialize)]
pub struct Question {
    /// Its name in files, flags and JSON.
    pub id: &'static str,
    /// Its name for people, for tables.
    pub name: &'static str,
    /// What it is about.
    pub factor: Factor,
    /// The question.
    pub text: &'static str,
    /// How to find the answer.
    pub help: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// The driver that its points count for; none where it only opens or closes gates.
    pub driver: Option<Driver>,
    /// Its share of that driver, in tenths; the shares of a driver's questions add up to ten.
    pub share: u32,
    /// The answers. For data sensitivity they go from less to more sensitive, for expertise from more
    /// to less of it.
    pub answers: &'static [Answer],
    /// The [sources](crate::SOURCES) of why it matters, by name.
    pub sources: &'static [&'static str],
}

/// One of a question's answers.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Its name in files, flags and JSON.
    pub id: &'static str,
    /// What it says.
    pub text: &'static str,
    /// From 0 to 10, for each of the four ways in outward order: how well that way serves somebody
    /// who answers this. The same number four times where it makes no difference.
    pub points: [u32; 4],
}

/// All questions, in the order in which they are asked.
pub static QUESTIONS: [&Question; COUNT] = [
    &use_case::TASK,
    &use_case::PREMIUM,
    &use_case::TOKENS,
    &use_case::CUSTOM,
    &use_case::RETIRED,
    &use_case::ACTION,
    &data::CLASS,
    &data::LEAVE,
    &data::RESIDENCY,
    &data::PROVIDERS,
    &data::RETENTION,
    &data::ORDERS,
    &infrastructure::HARDWARE,
    &infrastructure::SHAPE,
    &infrastructure::DOWNTIME,
    &infrastructure::PRIVILEGE,
    &infrastructure::FILTERS,
    &infrastructure::LOGGING,
    &expertise::ONCALL,
    &expertise::PATCH,
    &expertise::RAN,
    &expertise::EVALUATE,
    &expertise::LICENCE,
];

/// How many questions there are.
pub const COUNT: usize = 23;

/// The place of a question in [`QUESTIONS`].
pub fn position(id: &str) -> Option<usize> {
    QUESTIONS.iter().position(|question| question.id == id)
}

impl Question {
    /// The place of an answer in [`Question::answers`].
    pub fn position(&self, answer: &str) -> Option<usize> {
        self.answers.iter().position(|known| known.id == answer)
    }
}

const fn answer(id: &'static str, points: [u32; 4], text: &'static str) -> Answer {
    Answer { id, text, points }
}

/// The points of an answer that a gate reads and nothing else.
const EVEN: [u32; 4] = [0; 4];
