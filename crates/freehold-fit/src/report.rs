//! The advice as a report to read: one text for the terminal, the console and a meeting. What it is
//! made of says how it is meant, never how it looks.

mod changes;
mod grounds;
mod markdown;

use serde::Serialize;

use crate::{
    Advice, Command, Left, OpenQuestion, QUESTIONS, Robustness, Standing, Weights, position,
};

/// A report, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// One part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// The heading of a section.
    Heading(String),
    /// The advice: one sentence, to be set apart.
    Advice(String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// Commands to type, each with what it is for.
    Commands(Vec<Command>),
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: &'static str,
    /// The heads of its columns.
    pub head: Vec<String>,
    /// Its rows; each has as many cells as there are heads.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number, to be set so that numbers can be compared.
    Number(String),
    /// What is not known, or not decided for want of an answer.
    Unknown(String),
}

impl Cell {
    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Unknown(text) => text,
        }
    }
}

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// At most how many pairs of answers are listed; how many there are is said in any case.
    pub pairs: usize,
    /// Whether the answers and the sources stand at its end.
    pub appendix: bool,
}

impl Extent {
    /// For a meeting: everything.
    pub const WHOLE: Self = Self { pairs: usize::MAX, appendix: true };
    /// For a screen beside which the answers stand.
    pub const SCREEN: Self = Self { pairs: 5, appendix: false };
}

impl Report {
    /// The whole report of an advice.
    pub fn of(advice: &Advice, extent: Extent) -> Self {
        let mut parts = vec![
            Self::verdict_of(advice),
            Self::open_questions_of(advice),
            Self::changes_of(advice, extent.pairs),
            Self::grounds_of(advice),
            Self::end_of(advice),
        ];
        if extent.appendix {
            parts.push(Self::appendix_of(advice));
        }
        Self { blocks: parts.into_iter().flat_map(|part| part.blocks).collect() }
    }

    /// The advice, how sure it is, and what it depends on.
    pub fn verdict_of(advice: &Advice) -> Self {
        let mut report = Self::default();
        report.verdict(advice);
        report.conditions(advice);
        report
    }

    /// What to find out first.
    pub fn open_questions_of(advice: &Advice) -> Self {
        let mut report = Self::default();
        report.open_questions(advice);
        report
    }

    /// What would change the advice; at most `pairs` pairs are listed.
    pub fn changes_of(advice: &Advice, pairs: usize) -> Self {
        let mut report = Self::default();
        report.changes(advice, pairs);
        report
    }

    /// What it rests on.
    pub fn grounds_of(advice: &Advice) -> Self {
        let mut report = Self::default();
        report.gates(advice);
        report.case(advice);
        report.scores(advice);
        report.weights(advice);
        report.lock_in(advice);
        report
    }

    /// What to do next, and what the report is not.
    pub fn end_of(advice: &Advice) -> Self {
        let mut report = Self::default();
        report.heading("What to do next");
        report.blocks.push(Block::Commands(advice.next.clone()));
        report.heading("What this is not");
        report.list(advice.limits.iter().map(|limit| (*limit).to_owned()));
        report
    }

    /// The answers and the sources.
    pub fn appendix_of(advice: &Advice) -> Self {
        let mut report = Self::default();
        report.answers(advice);
        report.sources(advice);
        report
    }

    fn verdict(&mut self, advice: &Advice) {
        self.blocks.push(Block::Advice(advice.sentence.clone()));
        let known = advice.answers.known();
        let held = advice.robustness.count(advice.outcome);
        let hold = match known {
            known if known == QUESTIONS.len() => "All questions are answered".to_owned(),
            known => format!("{known} of {} questions are answered", QUESTIONS.len()),
        };
        if !advice.outcome.is_settled() {
            return self.text(format!("{hold}. {}", still_open(advice)));
        }
        let mut said = format!(
            "{hold}. The same comes out under {} of all weightings tried ({} of {}).",
            percent(held, advice.robustness.tried),
            grouped(i64::from(held)),
            grouped(i64::from(advice.robustness.tried)),
        );
        if let Some(more) = advice.robustness.rival(advice.outcome) {
            let share = percent(more.count, advice.robustness.tried);
            said.push_str(&format!(" It is a close call: {share} give {}.", more.outcome));
        }
        if let Some((lead, next)) = lead(advice) {
            said.push_str(&format!(
                " It leads {next} by {} of {} points.",
                grouped(i64::from(lead)),
                grouped(full_score(&advice.weights))
            ));
        }
        self.text(said);
    }

    fn conditions(&mut self, advice: &Advice) {
        if !advice.missing.is_empty() {
            self.heading("What is missing");
            let missing = advice.missing.iter();
            self.list(missing.map(|one| format!("{} {}", one.because, one.way_out)));
        }
        if !advice.conditions.is_empty() {
            self.heading("It holds once this is in force");
            self.list(advice.conditions.iter().map(|one| (*one).to_owned()));
        }
    }

    fn answers(&mut self, advice: &Advice) {
        self.heading("The answers");
        let rows = QUESTIONS.iter().enumerate().map(|(at, question)| {
            let answer = match advice.answers.at(at) {
                Some(answer) => text(question.answers[answer].text),
                None => Cell::Unknown("don't know".to_owned()),
            };
            vec![text(question.factor.name()), text(question.text), answer]
        });
        self.table("What was answered", &["Factor", "Question", "Answer"], rows.collect());
    }

    fn sources(&mut self, advice: &Advice) {
        self.heading("Sources");
        let lines = advice.sources.iter().map(|source| {
            let stale = if advice.stale_sources.contains(&source.id) {
                format!("; was to be read again by {}", source.recheck)
            } else {
                format!(", to be read again by {}", source.recheck)
            };
            let address = if source.url.is_empty() { "" } else { ", " };
            let standing = match source.standing {
                Standing::Read => format!("read {}", source.seen),
                other => format!("{}, {}", other.words(), source.seen),
            };
            format!("{}{address}{}: {} ({standing}{stale}.)", source.title, source.url, source.says)
        });
        self.list(lines);
    }

    fn heading(&mut self, heading: &str) {
        self.blocks.push(Block::Heading(heading.to_owned()));
    }

    fn text(&mut self, text: String) {
        self.blocks.push(Block::Text(text));
    }

    fn list(&mut self, items: impl Iterator<Item = String>) {
        self.blocks.push(Block::List(items.collect()));
    }

    fn table(&mut self, caption: &'static str, head: &[&str], rows: Vec<Vec<Cell>>) {
        let head = head.iter().map(|head| (*head).to_owned()).collect();
        self.blocks.push(Block::Table(Table { caption, head, rows }));
    }
}

/// What is said of the weights where answers are missing: no weighting makes up for them, so that
/// "the same under all" would sound sure of what is not decided.
fn still_open(advice: &Advice) -> String {
    let Robustness { tried, .. } = advice.robustness;
    let open = advice.robustness.open();
    let under = match open == tried {
        true => "any weighting tried".to_owned(),
        false => format!("{} of all weightings tried", percent(open, tried)),
    };
    let named = |open: &OpenQuestion| position(open.question).map(|at| QUESTIONS[at].name);
    let first: Vec<&str> = advice.open_questions.iter().filter_map(named).collect();
    match first.as_slice() {
        [] => format!("Under {under} it stays open until more than one of the others is answered."),
        first => format!(
            "Under {under} it stays open until more is answered; these questions first: {}.",
            first.join("; ")
        ),
    }
}

/// By how many points a decided way leads the best other one that the gates left, and which that is;
/// none where nothing is decided, another is not left, or a score is an interval.
fn lead(advice: &Advice) -> Option<(u32, &'static str)> {
    let chosen = advice.outcome.decided()?;
    let exact = advice.scores.iter().all(|score| score.low == score.high);
    let others = advice.scores.iter().filter(|one| one.choice != chosen && one.left == Left::Yes);
    let next = others.max_by_key(|score| score.low)?;
    let lead = advice.scores.get(chosen.place())?.low.checked_sub(next.low)?;
    exact.then_some((lead, next.choice.name()))
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A whole number with its thousands apart.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if number < 0 { format!("\u{2212}{shown}") } else { shown }
}

/// A share in per cent with one decimal, never rounded to all or nothing where it is neither.
fn percent(part: u32, whole: u32) -> String {
    let tenths = u64::from(part) * 1000 / u64::from(whole.max(1));
    match tenths {
        0 if part > 0 => "less than 0.1 %".to_owned(),
        tenths => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// The largest score that these weights allow.
fn full_score(weights: &Weights) -> i64 {
    i64::from(weights.sum()) * 100
}
