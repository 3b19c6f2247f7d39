//! What would change the advice, and which missing answers would help most.

use super::{Cell, Report, grouped, text};
use crate::{Advice, Change, Outcome, Profile, QUESTIONS};

impl Report {
    pub(super) fn changes(&mut self, advice: &Advice, pairs: usize) {
        self.heading("What would change it");
        let changes = &advice.changes;
        if changes.one.is_empty() {
            self.text("No single other answer changes it.".to_owned());
        } else {
            self.text(format!("Each of these {} answers, alone:", changes.one.len()));
            let rows =
                changes.one.iter().map(|flip| row(&advice.answers, &[flip.change], flip.outcome));
            self.table("Single answers that change it", HEAD, rows.collect());
        }
        if changes.two.is_empty() {
            self.text("No two other answers that are not enough alone change it.".to_owned());
            return;
        }
        let shown = changes.two.len().min(pairs);
        let all = grouped(changes.two.len() as i64);
        self.text(match shown {
            0 => format!("{all} pairs of answers change it together, neither alone."),
            shown if shown < changes.two.len() => {
                format!(
                    "{all} pairs of answers change it together, neither alone; the first {shown}:"
                )
            }
            _ => format!("Each of these {all} pairs of answers, together and neither alone:"),
        });
        if shown > 0 {
            let rows = changes.two.iter().take(shown);
            let rows = rows.map(|flip| row(&advice.answers, &flip.changes, flip.outcome));
            self.table("Pairs of answers that change it", HEAD, rows.collect());
        }
    }

    pub(super) fn open_questions(&mut self, advice: &Advice) {
        if advice.open_questions.is_empty() {
            if advice.answers.unknown().next().is_some() {
                self.text(
                    "The questions that are not answered cannot change it one by one.".to_owned(),
                );
            }
            return;
        }
        self.heading("Find out first");
        self.text("The missing answers that would settle most:".to_owned());
        let rows = advice.open_questions.iter().flat_map(|open| {
            open.then.iter().enumerate().map(|(place, then)| {
                let question = QUESTIONS[then.change.question];
                let asked = if place == 0 { question.text } else { "" };
                vec![
                    text(asked),
                    text(question.answers[then.change.answer].text),
                    outcome(then.outcome),
                ]
            })
        });
        self.table("Missing answers", &["Question", "If the answer is", "Then"], rows.collect());
    }
}

fn row(profile: &Profile, changes: &[Change], then: Outcome) -> Vec<Cell> {
    let joined = |part: &dyn Fn(&Change) -> &'static str| {
        changes.iter().map(part).collect::<Vec<_>>().join(" + ")
    };
    let asked = joined(&|change| QUESTIONS[change.question].name);
    let now = joined(&|change| {
        let known = profile.at(change.question);
        known.map_or("don't know", |answer| QUESTIONS[change.question].answers[answer].text)
    });
    let other = joined(&|change| QUESTIONS[change.question].answers[change.answer].text);
    vec![text(asked), text(now), text(other), outcome(then)]
}

fn outcome(outcome: Outcome) -> Cell {
    if outcome.is_settled() {
        text(outcome.to_string())
    } else {
        Cell::Unknown(outcome.to_string())
    }
}

const HEAD: &[&str] = &["Question", "Now", "If instead", "Then"];
