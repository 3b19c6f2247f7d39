//! Paper and practice as a part of the report.

use freehold_fit::{Block, Cell, QUESTIONS, Table, position, source};

use super::{Comparison, Measured, Verdict};
use crate::commands::doctor::State;

impl Measured {
    /// The part of the report that says where paper and practice differ.
    pub(in crate::commands::fit) fn blocks(&self) -> Vec<Block> {
        let differ = self.comparisons.iter().filter(|one| one.verdict == Verdict::Differs).count();
        let head = match differ {
            0 => "Practice is what was said, as far as it can be measured.".to_owned(),
            1 => "Practice is not what was said in one place.".to_owned(),
            many => format!("Practice is not what was said in {many} places."),
        };
        let rows = self.comparisons.iter().map(row).collect();
        let heads = ["Question", "You said", "Measured", "Verdict", "Seen"];
        vec![
            Block::Heading("You said, and what was measured".to_owned()),
            Block::Text(format!("{head} The advice goes by what was measured.")),
            Block::Table(Table {
                caption: "You said, and what was measured",
                head: heads.map(str::to_owned).to_vec(),
                rows,
            }),
            Block::Text(self.tokens()),
            Block::Text(self.jail()),
        ]
    }

    fn tokens(&self) -> String {
        let record = &self.record;
        let cents = record.list_price_microdollars / 10_000;
        let prices = source("prices").map_or("", |source| source.seen);
        let uncounted = match record.uncounted {
            0 => String::new(),
            some => format!(" {some} outcomes say nothing of tokens."),
        };
        format!(
            "On record in {}: {} requests, {} tokens read and {} written.{uncounted} At list prices \
             of 3 and 15 US dollars a million, seen {prices}, these tokens would have cost {}.{:02} \
             dollars.",
            self.directory.display(),
            record.requests,
            record.prompt_tokens,
            record.completion_tokens,
            cents / 100,
            cents % 100,
        )
    }

    fn jail(&self) -> String {
        let missing: Vec<&str> = self
            .permits
            .iter()
            .filter(|check| check.state != State::InForce)
            .map(|check| check.name.as_str())
            .collect();
        let all = self.permits.len();
        if missing.is_empty() {
            format!("A worker started now is confined: {all} of {all} measures are in force.")
        } else {
            format!(
                "A worker started now is confined by {} of {all} measures; not in force: {}. \
                 `freehold doctor` says more.",
                all - missing.len(),
                missing.join(", ")
            )
        }
    }
}

fn row(comparison: &Comparison) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let unknown = |text: &str| Cell::Unknown(text.to_owned());
    let words = |answer: &'static str| {
        let at = position(comparison.question);
        let question = at.map(|at| QUESTIONS[at]);
        let found =
            question.and_then(|question| Some(&question.answers[question.position(answer)?]));
        found.map_or(answer, |answer| answer.text)
    };
    let verdict = match comparison.verdict {
        Verdict::Same => text("same"),
        Verdict::Differs => unknown("differs"),
        Verdict::Found => text("found"),
        Verdict::NotMeasured => unknown("not measured"),
    };
    vec![
        text(position(comparison.question).map_or("", |at| QUESTIONS[at].name)),
        comparison.said.map_or_else(|| unknown("don\u{2019}t know"), |said| text(words(said))),
        comparison.measured.map_or_else(|| unknown("\u{2013}"), |found| text(words(found))),
        verdict,
        text(&comparison.because),
    ]
}
