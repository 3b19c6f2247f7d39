//! The adoption check: from answers about a situation to a recommendation that explains itself.
//!
//! [`QUESTIONS`] ask for what can be observed, [`GATES`] rule ways out and are never traded off, and
//! what the gates left is compared by an additive score with visible [`Weights`]. An unknown answer
//! is an interval over its answers, never a guess. Everything is counted in whole numbers and exact
//! fractions, so that the same answers give the same bytes everywhere.

mod advice;
mod constraints;
mod evaluate;
mod flips;
mod gate;
mod models;
mod open;
mod profile;
mod question;
mod reference;
mod report;
mod robustness;
mod source;
mod tipping;
mod vocabulary;
mod weights;

pub use advice::{
    Advice, Case, Changes, Command, DriverCase, DriverScore, GateResult, GateState, Left, LockIn,
    Missing, Score, Verdict, Way, advise,
};
pub use constraints::Constraints;
pub use flips::{Change, Flip, Flips, PairFlip, flips};
pub use gate::{GATES, Gate, Rule};
pub use open::{OpenQuestion, Then, open_questions};
pub use profile::{Place, Profile, ProfileError, Statement, UNKNOWN};
pub use question::{Answer, COUNT as QUESTION_COUNT, QUESTIONS, Question, position};
pub use reference::reference;
pub use report::{Block, Cell, Extent, Report, Table};
pub use robustness::{Robustness, Share, robustness};
pub use source::{SOURCES, Source, Standing, source};
pub use tipping::{Fraction, Tip, Tipping, tipping};
pub use vocabulary::{Choice, Choices, Driver, Factor, Outcome};
pub use weights::{Weights, WeightsError};

/// What may come out of these answers with these weights: one thing, or several where unknown
/// answers leave it open.
pub fn outcome(profile: &Profile, weights: &Weights) -> Outcome {
    let margins = evaluate::driver_margins(profile);
    let margins = evaluate::weigh(&margins, evaluate::factors(weights));
    evaluate::outcome(&margins, evaluate::removals(profile))
}
