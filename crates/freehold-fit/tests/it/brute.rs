//! What comes out, the long way: every combination of the unknown answers is scored and gated by
//! itself, straight from the published tables.

use std::collections::BTreeSet;

use freehold_fit::{Choice, Driver, GATES, Profile, QUESTION_COUNT, QUESTIONS, Weights, position};

/// The tables, with names resolved.
pub struct Judge {
    points: Vec<Vec<[i64; 4]>>,
    rules: Vec<(When, u8)>,
}

impl Judge {
    pub fn new(weights: &Weights) -> Self {
        Self::with(Driver::ALL.map(|driver| i64::from(weights.of(driver))))
    }

    /// With weights in the order of all drivers.
    pub fn with(weights: [i64; Driver::COUNT]) -> Self {
        let points = QUESTIONS.iter().map(|question| {
            let driver = Driver::ALL.iter().position(|driver| Some(*driver) == question.driver);
            let weight = driver.map_or(0, |at| weights[at]) * i64::from(question.share);
            let answers = question.answers.iter();
            answers.map(|answer| answer.points.map(|points| weight * i64::from(points))).collect()
        });
        let rules = GATES.iter().flat_map(|gate| gate.rules).map(|rule| {
            let when = rule.when.iter().map(|(question, answers)| {
                let at = position(question).expect("a question");
                let answers = answers.iter();
                (at, answers.map(|id| QUESTIONS[at].position(id).expect("an answer")).collect())
            });
            let removed = rule.removes.iter().fold(0u8, |set, choice| set | 1 << choice.place());
            (when.collect(), removed)
        });
        Self { points: points.collect(), rules: rules.collect() }
    }

    /// The names of what may come out.
    pub fn outcome(&self, profile: &Profile) -> Vec<&'static str> {
        let mut seen = Seen { removed: BTreeSet::new(), least: [[i64::MAX; 4]; 4] };
        let mut answers = [0; QUESTION_COUNT];
        self.complete(profile, 0, &mut answers, &mut seen);
        let mut found = [false; 5];
        for removed in seen.removed {
            let left: Vec<usize> = (0..4).filter(|way| removed >> way & 1 == 0).collect();
            found[4] |= left.is_empty();
            for way in &left {
                let beaten = left.iter().any(|other| {
                    let margin = seen.least[*other][*way];
                    other != way && (margin > 0 || margin == 0 && other > way)
                });
                found[*way] |= !beaten;
            }
        }
        let names = Choice::ALL.map(Choice::id).into_iter().chain(["not-yet"]);
        names.zip(found).filter(|(_, found)| *found).map(|(name, _)| name).collect()
    }

    fn complete(
        &self,
        profile: &Profile,
        at: usize,
        answers: &mut [usize; QUESTION_COUNT],
        seen: &mut Seen,
    ) {
        if at == QUESTION_COUNT {
            return self.judge(answers, seen);
        }
        let (from, to) = match profile.at(at) {
            Some(answer) => (answer, answer + 1),
            None => (0, QUESTIONS[at].answers.len()),
        };
        for answer in from..to {
            answers[at] = answer;
            self.complete(profile, at + 1, answers, seen);
        }
    }

    fn judge(&self, answers: &[usize; QUESTION_COUNT], seen: &mut Seen) {
        let mut score = [0; 4];
        for (points, answer) in self.points.iter().zip(answers) {
            for (score, points) in score.iter_mut().zip(points[*answer]) {
                *score += points;
            }
        }
        for (one, first) in score.iter().enumerate() {
            for (other, second) in score.iter().enumerate() {
                let least = &mut seen.least[one][other];
                *least = (*least).min(first - second);
            }
        }
        let mut removed = 0;
        for (when, removes) in &self.rules {
            if when.iter().all(|(question, any)| any.contains(&answers[*question])) {
                removed |= removes;
            }
        }
        seen.removed.insert(removed);
    }
}

/// Questions, each with the answers that count.
type When = Vec<(usize, Vec<usize>)>;

struct Seen {
    removed: BTreeSet<u8>,
    least: [[i64; 4]; 4],
}
