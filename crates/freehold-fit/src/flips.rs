//! Every one- and two-answer change after which something else comes out.
//!
//! The score is a sum over questions and gates read disjoint questions, so a changed answer changes
//! one term of the sum and at most one gate. A pair of changes costs two terms, never a new
//! evaluation; a test holds that what is found equals evaluating every changed profile.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    Outcome, Profile, Weights,
    evaluate::{self, Ledger, Margins, Removals, add},
    gate::COUNT as GATE_COUNT,
    question::{COUNT, QUESTIONS},
};

/// A question answered otherwise than it is, by the places of both. To a question that is unknown,
/// every answer is a change; no change makes an answer unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The question's place in [`QUESTIONS`].
    pub question: usize,
    /// The new answer's place.
    pub answer: usize,
}

/// As `{"question": name, "answer": name}`.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let question = QUESTIONS[self.question];
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("question", question.id)?;
        map.serialize_entry("answer", question.answers[self.answer].id)?;
        map.end()
    }
}

/// One changed answer, and what comes out then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// The change.
    pub change: Change,
    /// What comes out.
    pub outcome: Outcome,
}

/// Two changed answers, and what comes out then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PairFlip {
    /// The changes, of the earlier question first.
    pub changes: [Change; 2],
    /// What comes out.
    pub outcome: Outcome,
    /// Whether neither of the two changes flips it alone.
    pub needs_both: bool,
}

/// All changes that flip the outcome of a profile, in the order of questions and answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flips {
    /// By one answer.
    pub one: Vec<Flip>,
    /// By two, also where one of them is enough.
    pub two: Vec<PairFlip>,
}

impl Flips {
    /// Those pairs of which neither change flips it alone.
    pub fn needing_both(&self) -> impl Iterator<Item = &PairFlip> {
        self.two.iter().filter(|flip| flip.needs_both)
    }
}

/// Finds all changes that flip what comes out.
pub fn flips(profile: &Profile, weights: &Weights) -> Flips {
    let search = Search::new(profile, weights);
    let changes = search.changes();
    let changed: Vec<Changed> = changes.iter().map(|change| search.changed(*change)).collect();
    let mut found = Flips::default();
    for one in changed.iter().filter(|one| one.outcome != search.outcome) {
        found.one.push(Flip { change: one.change, outcome: one.outcome });
    }
    for (at, first) in changed.iter().enumerate() {
        for second in &changed[at + 1..] {
            if first.change.question == second.change.question {
                continue;
            }
            let outcome = search.both(first, second);
            if outcome != search.outcome {
                let alone = |one: &Changed| one.outcome != search.outcome;
                found.two.push(PairFlip {
                    changes: [first.change, second.change],
                    outcome,
                    needs_both: !alone(first) && !alone(second),
                });
            }
        }
    }
    found
}

/// What is known of the unchanged profile.
struct Search {
    profile: Profile,
    ledger: Ledger,
    margins: Margins,
    gates: [Removals; GATE_COUNT],
    outcome: Outcome,
}

/// What is known of one change.
struct Changed {
    change: Change,
    /// What it adds to the margins.
    added: Margins,
    /// The gate that reads the question, and what it may remove then.
    gate: Option<(usize, Removals)>,
    outcome: Outcome,
}

impl Search {
    fn new(profile: &Profile, weights: &Weights) -> Self {
        let ledger = Ledger::new(weights);
        let margins = ledger.sum(profile);
        let gates = evaluate::gate_removals(profile);
        let outcome = evaluate::outcome(&margins, evaluate::join(&gates));
        Self { profile: *profile, ledger, margins, gates, outcome }
    }

    fn changes(&self) -> Vec<Change> {
        let all = (0..COUNT).flat_map(|question| {
            (0..QUESTIONS[question].answers.len()).map(move |answer| Change { question, answer })
        });
        all.filter(|change| self.profile.at(change.question) != Some(change.answer)).collect()
    }

    fn changed(&self, change: Change) -> Changed {
        let Change { question, answer } = change;
        let mut added = *self.ledger.entry(question, Some(answer));
        add(&mut added, self.ledger.entry(question, self.profile.at(question)), -1);
        let gate = evaluate::gate_of(question).map(|gate| {
            let profile = self.profile.with(question, Some(answer));
            (gate, evaluate::removals_of(gate, &profile))
        });
        let mut margins = self.margins;
        add(&mut margins, &added, 1);
        let outcome = evaluate::outcome(&margins, self.removals(gate, None));
        Changed { change, added, gate, outcome }
    }

    fn both(&self, first: &Changed, second: &Changed) -> Outcome {
        let mut margins = self.margins;
        add(&mut margins, &first.added, 1);
        add(&mut margins, &second.added, 1);
        let removals = match (first.gate, second.gate) {
            (Some((one, _)), Some((other, _))) if one == other => {
                let changes = [first.change, second.change];
                let profile = changes.iter().fold(self.profile, |profile, change| {
                    profile.with(change.question, Some(change.answer))
                });
                self.removals(Some((one, evaluate::removals_of(one, &profile))), None)
            }
            (one, other) => self.removals(one, other),
        };
        evaluate::outcome(&margins, removals)
    }

    fn removals(
        &self,
        first: Option<(usize, Removals)>,
        second: Option<(usize, Removals)>,
    ) -> Removals {
        let mut gates = self.gates;
        for (gate, removals) in [first, second].into_iter().flatten() {
            gates[gate] = removals;
        }
        evaluate::join(&gates)
    }
}
