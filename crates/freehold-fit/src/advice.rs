//! Everything that is said to somebody about their answers, put together.

mod case;
mod gates;
mod lock_in;
mod next;
mod score;

use serde::Serialize;

use crate::{
    Choices, Constraints, Flip, GATES, Outcome, PairFlip, Profile, Robustness, SOURCES, Source,
    Tipping, Weights, flips, open::OpenQuestion, open_questions, robustness, tipping,
};

pub use case::{Case, DriverCase, Verdict};
pub use gates::{GateResult, GateState, Missing, Way};
pub use lock_in::LockIn;
pub use next::Command;
pub use score::{DriverScore, Left, Score};

/// A recommendation and what it rests on. The same answers, weights and day give the same bytes.
#[derive(Debug, Serialize)]
pub struct Advice {
    /// What may come out; one thing where it is decided.
    pub outcome: Outcome,
    /// The advice in one sentence, which says where it is a close call.
    pub sentence: String,
    /// The answers it rests on.
    pub answers: Profile,
    /// The weights it rests on.
    pub weights: Weights,
    /// The hard gates, each with what it does to these answers.
    pub gates: Vec<GateResult>,
    /// What is missing, where "not yet" may come out.
    pub missing: Vec<Missing>,
    /// What was answered to come, and has to be there first.
    pub conditions: Vec<&'static str>,
    /// The four ways with their scores, in outward order.
    pub scores: Vec<Score>,
    /// Which drivers carry the case for open weights, and which do not.
    pub case: Case,
    /// Where lock-in remains.
    pub lock_in: Vec<LockIn>,
    /// Every answer and pair of answers that would change the advice.
    pub changes: Changes,
    /// The exact weights at which the advice changes.
    pub tipping: Vec<Tipping>,
    /// For which share of all weights it holds.
    pub robustness: Robustness,
    /// The unknown answers that would help most, at most three.
    pub open_questions: Vec<OpenQuestion>,
    /// The commands to run next.
    pub next: Vec<Command>,
    /// What a search for models should ask for.
    pub constraints: Constraints,
    /// What the check does not know and cannot do.
    pub limits: &'static [&'static str],
    /// The sources of the gates, the prices and the method.
    pub sources: Vec<&'static Source>,
    /// Those of all sources that were to be read again by the day of the advice.
    pub stale_sources: Vec<&'static str>,
}

/// What would change the advice.
#[derive(Debug, Serialize)]
pub struct Changes {
    /// Every single answer.
    pub one: Vec<Flip>,
    /// Every pair of answers of which neither is enough alone.
    pub two: Vec<PairFlip>,
    /// How many pairs there are in all, with those of which one answer is enough.
    pub pairs_in_all: usize,
}

/// Puts together what is said about a profile. `today` (`YYYY-MM-DD`) decides which sources are to be
/// read again.
pub fn advise(profile: &Profile, weights: &Weights, today: &str) -> Advice {
    let outcome = crate::outcome(profile, weights);
    let found = flips(profile, weights);
    let gates = gates::results(profile, weights);
    let robustness = robustness(profile);
    let mut open = open_questions(profile, weights);
    open.truncate(MOST_HELPFUL);
    Advice {
        outcome,
        sentence: sentence(outcome, &robustness),
        answers: *profile,
        weights: *weights,
        missing: gates::missing(&gates, outcome),
        gates,
        conditions: conditions(profile),
        scores: score::scores(profile, weights),
        case: case::case(profile, weights),
        lock_in: lock_in::remaining(profile, outcome),
        changes: Changes {
            two: found.needing_both().copied().collect(),
            pairs_in_all: found.two.len(),
            one: found.one,
        },
        tipping: tipping(profile, weights),
        robustness,
        open_questions: open,
        next: next::commands(profile, outcome),
        constraints: profile.constraints(),
        limits: LIMITS,
        sources: sources(),
        stale_sources: SOURCES
            .iter()
            .filter(|source| source.is_stale(today))
            .map(|source| source.id)
            .collect(),
    }
}

fn sources() -> Vec<&'static Source> {
    let gates = || GATES.iter().flat_map(|gate| gate.sources);
    let named =
        |source: &&Source| ALWAYS.contains(&source.id) || gates().any(|id| *id == source.id);
    SOURCES.iter().filter(named).collect()
}

/// The headline; where the weights alone decide between two, it says so first.
fn sentence(outcome: Outcome, robustness: &Robustness) -> String {
    let advice = verdict(outcome);
    let rival = robustness.rival(outcome).map(|share| share.outcome);
    match rival.filter(|rival| outcome.is_settled() && rival.is_settled()) {
        Some(rival) => {
            format!("A close call between {outcome} and {rival}; with these weights: {advice}")
        }
        None => advice,
    }
}

fn verdict(outcome: Outcome) -> String {
    use crate::Choice::{Hybrid, Managed, SelfHosted, SingleTenant};
    let fixed = match outcome.decided() {
        Some(SelfHosted) => "Run open-weight models yourselves.",
        Some(SingleTenant) => {
            "Have open-weight models run for you, on capacity reserved for you alone."
        }
        Some(Hybrid) => {
            "Use open-weight models for the routine, and buy a premium model for the hardest requests."
        }
        Some(Managed) => "A hosted frontier model is the better call for you.",
        None if outcome.is_not_yet() => "Not yet: with these answers none of the four ways holds.",
        None if outcome.choices() == Choices::ALL => {
            "Not decided: the answers so far rule out none of the four ways."
        }
        None => return format!("Not decided between {outcome}."),
    };
    fixed.to_owned()
}

fn conditions(profile: &Profile) -> Vec<&'static str> {
    let planned = [
        ("privilege", "Tool calls are denied by default before the first real use."),
        ("filters", "Inputs and outputs are checked before the first real use."),
        ("logging", "Every answer is recorded before the first real use."),
    ];
    let given = planned.into_iter().filter(|(id, _)| profile.answer(id) == Some("planned"));
    given.map(|(_, condition)| condition).collect()
}

/// What it says of itself, wherever its advice is shown.
const LIMITS: &[&str] = &[
    "This is a guide to a decision and not the decision; it knows what was answered and nothing else.",
    "The points of the answers and the default weights are our judgement. That is why every weight and \
     every answer at which the advice changes is shown.",
    "The score is a sum: it does not know that two answers may be worth more, or less, together.",
    "The gates are coarse. None of this is legal advice; whether a law applies is for counsel to say.",
    "It does not know which models, offers or prices there are on the day you decide: `freehold catalog` \
     and `freehold plan` reckon with dated facts.",
    "Which model is good enough for your task is measured on your own test set, not asked.",
];

/// The method, and what the points rest on.
const ALWAYS: &[&str] = &["sensitivity", "smaa", "prices", "freehold"];
const MOST_HELPFUL: usize = 3;
