//! What the hard gates do to a profile, and what would open them.

use serde::Serialize;

use crate::{
    Change, Choices, GATES, Gate, Outcome, Profile, Weights, evaluate, open::Then,
    question::QUESTIONS,
};

/// One gate against these answers.
#[derive(Debug, Serialize)]
pub struct GateResult {
    /// The gate's name.
    pub gate: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it does.
    pub state: GateState,
    /// What it rules out for certain.
    pub removes: Choices,
    /// What it may rule out, with what is certain.
    pub may_remove: Choices,
    /// Why, and what would open it: of the rules that hold.
    pub because: Vec<Missing>,
    /// Where it is open: what would come out after each answer that it waits for.
    pub ways: Vec<Way>,
    /// The names of its sources.
    pub sources: &'static [&'static str],
}

/// What a gate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// It rules nothing out.
    Clear,
    /// It rules something out.
    Closed,
    /// An unknown answer decides.
    Open,
}

impl GateState {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Closed => "closed",
            Self::Open => "open",
        }
    }
}

/// Why something is ruled out, and what would have to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Why.
    pub because: &'static str,
    /// What would have to change.
    pub way_out: &'static str,
}

/// An answer that a gate waits for.
#[derive(Debug, Serialize)]
pub struct Way {
    /// The question.
    pub question: &'static str,
    /// What would come out after each answer.
    pub then: Vec<Then>,
}

pub(super) fn results(profile: &Profile, weights: &Weights) -> Vec<GateResult> {
    let gates = GATES.iter().enumerate();
    gates.map(|(place, gate)| result(place, gate, profile, weights)).collect()
}

fn result(place: usize, gate: &Gate, profile: &Profile, weights: &Weights) -> GateResult {
    let removals = evaluate::removals_of(place, profile);
    let (removes, may_remove) = (removals.certain(), removals.possible());
    let state = if removes != may_remove {
        GateState::Open
    } else if removes.is_empty() {
        GateState::Clear
    } else {
        GateState::Closed
    };
    let because = gate
        .rules
        .iter()
        .enumerate()
        .filter(|(rule, _)| evaluate::rule_holds(place, *rule, profile));
    let because = because.map(|(_, rule)| Missing { because: rule.because, way_out: rule.way_out });
    GateResult {
        gate: gate.id,
        name: gate.name,
        state,
        removes,
        may_remove,
        because: because.collect(),
        ways: if state == GateState::Open { ways(place, profile, weights) } else { Vec::new() },
        sources: gate.sources,
    }
}

fn ways(place: usize, profile: &Profile, weights: &Weights) -> Vec<Way> {
    let unknown = evaluate::questions_of(place).iter().filter(|at| profile.at(**at).is_none());
    let way = |at: &usize| {
        let answers = 0..QUESTIONS[*at].answers.len();
        let then = answers.map(|answer| Then {
            change: Change { question: *at, answer },
            outcome: crate::outcome(&profile.with(*at, Some(answer)), weights),
        });
        Way { question: QUESTIONS[*at].id, then: then.collect() }
    };
    unknown.map(way).collect()
}

/// What keeps every way out, where that may be so.
pub(super) fn missing(gates: &[GateResult], outcome: Outcome) -> Vec<Missing> {
    if !outcome.may_be_not_yet() {
        return Vec::new();
    }
    gates.iter().flat_map(|gate| gate.because.iter().copied()).collect()
}
