//! From answers to what may come out: margins between ways, what gates may remove, and which ways
//! are not beaten.

use std::sync::LazyLock;

use crate::{
    Choice, Choices, Driver, GATES, Outcome, Profile, Weights,
    gate::COUNT as GATE_COUNT,
    question::{COUNT, QUESTIONS, position},
};

/// For each ordered pair of ways, by how much the first one's score exceeds the second one's at
/// least, whatever the unknown answers are.
pub(crate) type Margins = [i64; PAIRS];

/// For each driver, the margins that it alone gives, before its weight.
pub(crate) type DriverMargins = [Margins; Driver::COUNT];

/// Sets of ways that the gates may remove, as a set of [`Choices`]: bit `n` stands for the set with
/// the bits of `n`. One bit where every answer that a gate reads is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Removals(u16);

impl Removals {
    /// Nothing is removed.
    const NOTHING: Self = Self(1);

    /// What two gates remove together.
    fn and(self, other: Self) -> Self {
        let mut both = 0;
        for one in self.each() {
            for another in other.each() {
                both |= 1 << one.or(another).0;
            }
        }
        Self(both)
    }

    /// Each set that may be removed.
    pub(crate) fn each(self) -> impl Iterator<Item = Choices> {
        (0..16u8).filter(move |set| self.0 >> set & 1 == 1).map(Choices)
    }

    /// The ways that are removed whatever the unknown answers are.
    pub(crate) fn certain(self) -> Choices {
        Choices(self.each().fold(Choices::ALL.0, |all, set| all & set.0))
    }

    /// The ways that may be removed.
    pub(crate) fn possible(self) -> Choices {
        self.each().fold(Choices::NONE, Choices::or)
    }
}

/// The place of a pair of ways in [`Margins`].
pub(crate) const fn pair(first: Choice, second: Choice) -> usize {
    first.place() * 4 + second.place()
}

/// What may come out, with these margins and removals.
///
/// For each set of ways that the gates may remove, the others are compared: one is out where another
/// that is left beats it whatever the unknown answers are. Equal scores go to the outer way, which
/// asks less of whoever takes it.
pub(crate) fn outcome(margins: &Margins, removals: Removals) -> Outcome {
    let (mut choices, mut not_yet) = (Choices::NONE, false);
    for removed in removals.each() {
        let left = removed.others();
        not_yet |= left.is_empty();
        for choice in left.iter() {
            if !left.iter().any(|other| beats(margins, other, choice)) {
                choices = choices.or(Choices::of(&[choice]));
            }
        }
    }
    Outcome::new(choices, not_yet)
}

/// Whether `first` comes before `second` whatever the unknown answers are.
fn beats(margins: &Margins, first: Choice, second: Choice) -> bool {
    let margin = margins[pair(first, second)];
    first != second && (margin > 0 || (margin == 0 && first > second))
}

/// The margins that a profile gives by each driver.
pub(crate) fn driver_margins(profile: &Profile) -> DriverMargins {
    let mut all = [[0; PAIRS]; Driver::COUNT];
    for (at, question) in QUESTIONS.iter().enumerate() {
        if let Some(driver) = question.driver {
            add(&mut all[driver.place()], &question_margins(at, profile.at(at)), 1);
        }
    }
    all
}

/// The margins with these weights.
pub(crate) fn weigh(by_driver: &DriverMargins, weights: [i64; Driver::COUNT]) -> Margins {
    let mut sum = [0; PAIRS];
    for (margins, weight) in by_driver.iter().zip(weights) {
        add(&mut sum, margins, weight);
    }
    sum
}

/// The margins that one question gives to its driver, with its share, for an answer or for none.
pub(crate) fn question_margins(question: usize, answer: Option<usize>) -> Margins {
    let question = QUESTIONS[question];
    let share = i64::from(question.share);
    let answers = match answer {
        Some(answer) => &question.answers[answer..=answer],
        None => question.answers,
    };
    let mut margins = [0; PAIRS];
    for first in Choice::ALL {
        for second in Choice::ALL {
            let differences = answers.iter().map(|answer| {
                let points = |choice: Choice| i64::from(answer.points[choice.place()]);
                points(first) - points(second)
            });
            margins[pair(first, second)] = share * differences.min().unwrap_or(0);
        }
    }
    margins
}

/// Adds `times` the second to the first.
pub(crate) fn add(sum: &mut Margins, margins: &Margins, times: i64) {
    for (sum, margin) in sum.iter_mut().zip(margins) {
        *sum += times * margin;
    }
}

/// Weights as they are multiplied.
pub(crate) fn factors(weights: &Weights) -> [i64; Driver::COUNT] {
    weights.all().map(i64::from)
}

/// What all gates may remove.
pub(crate) fn removals(profile: &Profile) -> Removals {
    join(&gate_removals(profile))
}

/// What each gate may remove.
pub(crate) fn gate_removals(profile: &Profile) -> [Removals; GATE_COUNT] {
    std::array::from_fn(|gate| removals_of(gate, profile))
}

/// What these gates may remove together. No two gates read the same question, so each combination
/// of theirs can happen.
pub(crate) fn join(gates: &[Removals]) -> Removals {
    gates.iter().fold(Removals::NOTHING, |all, gate| all.and(*gate))
}

/// What one gate may remove: its rules are applied to every combination of the answers that it reads
/// and that are unknown.
pub(crate) fn removals_of(gate: usize, profile: &Profile) -> Removals {
    let gate = &READ[gate];
    let unknown: Vec<usize> =
        gate.questions.iter().copied().filter(|at| profile.at(*at).is_none()).collect();
    let mut found = 0;
    let mut complete = *profile;
    each_completion(&unknown, &mut complete, &mut |complete| {
        found |= 1 << gate.removed_by(complete).0;
    });
    Removals(found)
}

/// The gate that reads a question.
pub(crate) fn gate_of(question: usize) -> Option<usize> {
    READ.iter().position(|gate| gate.questions.contains(&question))
}

/// The questions that a gate reads, by their places.
pub(crate) fn questions_of(gate: usize) -> &'static [usize] {
    &READ[gate].questions
}

/// Whether a rule of a gate holds for certain.
pub(crate) fn rule_holds(gate: usize, rule: usize, profile: &Profile) -> bool {
    READ[gate].rules[rule].holds(profile)
}

fn each_completion(unknown: &[usize], profile: &mut Profile, see: &mut impl FnMut(&Profile)) {
    let Some((first, rest)) = unknown.split_first() else { return see(profile) };
    for answer in 0..QUESTIONS[*first].answers.len() {
        *profile = profile.with(*first, Some(answer));
        each_completion(rest, profile, see);
    }
}

/// A gate with its questions and answers by their places.
struct Read {
    questions: Vec<usize>,
    rules: Vec<ReadRule>,
}

struct ReadRule {
    /// Questions, each with the answers that count as a set of bits.
    when: Vec<(usize, u32)>,
    removes: Choices,
}

impl Read {
    fn removed_by(&self, profile: &Profile) -> Choices {
        let holding = self.rules.iter().filter(|rule| rule.holds(profile));
        holding.fold(Choices::NONE, |all, rule| all.or(rule.removes))
    }
}

impl ReadRule {
    /// Whether every answer that it reads is known and counts.
    fn holds(&self, profile: &Profile) -> bool {
        let mut when = self.when.iter();
        when.all(|(at, any)| profile.at(*at).is_some_and(|answer| any >> answer & 1 == 1))
    }
}

/// Names resolved once. A name that does not exist would make a rule that holds more often than it
/// should; a test rules that out.
static READ: LazyLock<[Read; GATE_COUNT]> = LazyLock::new(|| {
    std::array::from_fn(|gate| {
        let gate = &GATES[gate];
        let rules = gate.rules.iter().map(|rule| {
            let when = rule.when.iter().filter_map(|(question, answers)| {
                let at = position(question)?;
                let places = answers.iter().filter_map(|answer| QUESTIONS[at].position(answer));
                Some((at, places.fold(0, |any, place| any | 1 << place)))
            });
            ReadRule { when: when.collect(), removes: rule.removes }
        });
        Read {
            questions: gate.questions().into_iter().filter_map(position).collect(),
            rules: rules.collect(),
        }
    })
});

/// The weighted margins of every question for every answer, so that a changed answer costs one
/// subtraction and one addition.
pub(crate) struct Ledger {
    /// By question; the first entry for "unknown", then one for each answer.
    entries: Vec<Vec<Margins>>,
}

impl Ledger {
    /// With these weights.
    pub(crate) fn new(weights: &Weights) -> Self {
        let entries = (0..COUNT).map(|at| {
            let question = QUESTIONS[at];
            let weight = question.driver.map_or(0, |driver| i64::from(weights.of(driver)));
            let answers = std::iter::once(None).chain((0..question.answers.len()).map(Some));
            let weighted =
                answers.map(|answer| question_margins(at, answer).map(|margin| weight * margin));
            weighted.collect()
        });
        Self { entries: entries.collect() }
    }

    /// What a question adds with an answer.
    pub(crate) fn entry(&self, question: usize, answer: Option<usize>) -> &Margins {
        &self.entries[question][answer.map_or(0, |answer| answer + 1)]
    }

    /// The sum of a profile.
    pub(crate) fn sum(&self, profile: &Profile) -> Margins {
        let mut sum = [0; PAIRS];
        for at in 0..COUNT {
            add(&mut sum, self.entry(at, profile.at(at)), 1);
        }
        sum
    }
}

const PAIRS: usize = 16;
