//! What the advice rests on: gates, drivers, scores, weights, lock-in.

use super::{Cell, Report, full_score, grouped, percent, text};
use crate::{
    Advice, Choice, Choices, GateResult, GateState, Left, Outcome, QUESTIONS, Tip, Verdict, Way,
    position, source,
};

impl Report {
    pub(super) fn gates(&mut self, advice: &Advice) {
        self.heading("Hard gates");
        self.text(
            "They are never traded off against anything: a closed gate rules ways out, whatever the \
             score says."
                .to_owned(),
        );
        let rows = advice.gates.iter().map(|gate| {
            let state = match gate.state {
                GateState::Open => Cell::Unknown("open: an answer is missing".to_owned()),
                state => text(state.words()),
            };
            vec![text(gate.name), state, removed(gate), text(sources(gate))]
        });
        self.table("Hard gates", &["Gate", "State", "Rules out", "Sources"], rows.collect());
        let because: Vec<String> = advice
            .gates
            .iter()
            .flat_map(|gate| &gate.because)
            .map(|one| format!("{} To open it: {}", one.because, lower_first(one.way_out)))
            .collect();
        if !because.is_empty() {
            self.list(because.into_iter());
        }
        let ways: Vec<String> =
            advice.gates.iter().flat_map(|gate| &gate.ways).filter_map(followed).collect();
        if !ways.is_empty() {
            self.text("What would follow from the answers that gates wait for:".to_owned());
            self.list(ways.into_iter());
        }
    }

    pub(super) fn case(&mut self, advice: &Advice) {
        let case = &advice.case;
        self.heading("What carries the case for open weights, and what does not");
        self.text(format!(
            "The best open way for these answers, {}, against managed proprietary, in points of score. \
             Cost is weighed here by broad bands of volume; `freehold plan` decides it with figures.",
            case.open.name()
        ));
        let rows = case.drivers.iter().map(|part| {
            let kind = if part.driver.is_value() { "value" } else { "load" };
            let verdict = match part.verdict {
                Verdict::Open => Cell::Unknown(part.verdict.words().to_owned()),
                verdict => text(verdict.words()),
            };
            vec![text(part.driver.name()), text(kind), signed_range(part.low, part.high), verdict]
        });
        let mut rows: Vec<_> = rows.collect();
        rows.push(vec![
            text("all together"),
            text(""),
            signed_range(case.low, case.high),
            text("before the gates"),
        ]);
        self.table("Drivers", &["Driver", "Kind", "Points", "What it does"], rows);
    }

    pub(super) fn scores(&mut self, advice: &Advice) {
        self.heading("The score");
        self.text(format!(
            "Each driver's value from 0 to 100 times its weight, summed; {} at most. Where answers are \
             missing it is an interval from the worst to the best of them.",
            grouped(full_score(&advice.weights))
        ));
        let mut head = vec!["Driver and its weight"];
        head.extend(advice.scores.iter().map(|score| score.choice.name()));
        let drivers = advice.case.drivers.iter().enumerate();
        let mut rows: Vec<Vec<Cell>> = drivers
            .map(|(at, part)| {
                let weight = advice.weights.of(part.driver);
                let mut row = vec![text(format!("{} \u{d7} {weight}", part.driver.name()))];
                let values = advice.scores.iter().map(|score| &score.by_driver[at]);
                row.extend(values.map(|value| range(value.low, value.high)));
                row
            })
            .collect();
        let mut sum = vec![text("score")];
        sum.extend(advice.scores.iter().map(|score| range(score.low, score.high)));
        let mut gates = vec![text("after the gates")];
        gates.extend(advice.scores.iter().map(|score| match score.left {
            Left::Yes => text("left"),
            Left::No => text("ruled out"),
            Left::Open => Cell::Unknown("open".to_owned()),
        }));
        rows.extend([sum, gates]);
        self.table("Scores", &head, rows);
    }

    pub(super) fn weights(&mut self, advice: &Advice) {
        self.heading("The weights");
        self.text(
            "The exact weight at which something else comes out, the other weights as they are; in \
             brackets its share of all weights then."
                .to_owned(),
        );
        let rows = advice.tipping.iter().map(|tipping| {
            vec![
                text(tipping.driver.name()),
                Cell::Number(tipping.weight.to_string()),
                tip(tipping.lower.as_ref(), "under"),
                tip(tipping.higher.as_ref(), "over"),
            ]
        });
        let head =
            ["Driver", "Weight", "Lower weight that flips it", "Higher weight that flips it"];
        self.table("Weights", &head, rows.collect());
        let robustness = &advice.robustness;
        self.text(format!(
            "Over all weights in steps of one in {} that add up to one ({} of them):",
            robustness.steps,
            grouped(i64::from(robustness.tried))
        ));
        let rows = robustness.shares.iter().map(|share| {
            vec![
                text(share.outcome.to_string()),
                Cell::Number(percent(share.count, robustness.tried)),
                Cell::Number(grouped(i64::from(share.count))),
            ]
        });
        self.table("Robustness", &["What comes out", "Share", "Weightings"], rows.collect());
    }

    pub(super) fn lock_in(&mut self, advice: &Advice) {
        if advice.lock_in.is_empty() {
            return;
        }
        self.heading("Where lock-in remains");
        let rows = advice.lock_in.iter();
        let rows = rows.map(|one| vec![text(one.place), text(one.by), text(one.loosened_by)]);
        self.table("Lock-in", &["Where", "By what", "What loosens it"], rows.collect());
    }
}

fn removed(gate: &GateResult) -> Cell {
    let maybe = Choices::of(&[]).or(gate.may_remove);
    match gate.state {
        GateState::Clear => text("nothing"),
        GateState::Closed => text(names(gate.removes)),
        GateState::Open if gate.removes.is_empty() => {
            Cell::Unknown(format!("perhaps {}", names(maybe)))
        }
        GateState::Open => {
            Cell::Unknown(format!("{}; perhaps {}", names(gate.removes), names(maybe)))
        }
    }
}

fn names(choices: Choices) -> String {
    if choices == Choices::ALL {
        return "all four ways".to_owned();
    }
    choices.iter().map(Choice::name).collect::<Vec<_>>().join(", ")
}

fn sources(gate: &GateResult) -> String {
    let titles = gate.sources.iter().filter_map(|id| source(id)).map(|source| source.short);
    titles.collect::<Vec<_>>().join(", ")
}

fn tip(tip: Option<&Tip>, beyond: &str) -> Cell {
    let Some(tip) = tip else { return text("none does") };
    let weight = fraction(tip.weight.numerator, tip.weight.denominator);
    let share = tip.share.numerator * 1000 / tip.share.denominator;
    let where_ = if tip.at_it { format!("at {weight}") } else { format!("{beyond} {weight}") };
    text(format!("{where_} ({}.{} %): {}", share / 10, share % 10, tip.outcome))
}

fn fraction(numerator: i64, denominator: i64) -> String {
    if denominator == 1 {
        return grouped(numerator);
    }
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    match whole {
        0 => format!("{rest}/{denominator}"),
        whole => format!("{} {rest}/{denominator}", grouped(whole)),
    }
}

fn range(low: u32, high: u32) -> Cell {
    let (low, high) = (i64::from(low), i64::from(high));
    if low == high {
        Cell::Number(grouped(low))
    } else {
        Cell::Unknown(format!("{} to {}", grouped(low), grouped(high)))
    }
}

fn signed_range(low: i64, high: i64) -> Cell {
    let signed = |number: i64| match number {
        number if number > 0 => format!("+{}", grouped(number)),
        number => grouped(number),
    };
    if low == high {
        Cell::Number(signed(low))
    } else {
        Cell::Unknown(format!("{} to {}", signed(low), signed(high)))
    }
}

/// What would follow from each answer of a question, answers with the same end together; none where
/// all have the same.
fn followed(way: &Way) -> Option<String> {
    let mut ends: Vec<(Outcome, Vec<&str>)> = Vec::new();
    for then in &way.then {
        let answer = QUESTIONS[then.change.question].answers[then.change.answer].text;
        match ends.iter_mut().find(|(outcome, _)| *outcome == then.outcome) {
            Some((_, answers)) => answers.push(answer),
            None => ends.push((then.outcome, vec![answer])),
        }
    }
    let ends: Vec<String> = ends
        .iter()
        .map(|(outcome, answers)| {
            let quoted = answers.iter().map(|answer| format!("\u{201c}{answer}\u{201d}"));
            format!("{}: {outcome}", quoted.collect::<Vec<_>>().join(" or "))
        })
        .collect();
    let asked = position(way.question).map_or("", |at| QUESTIONS[at].text);
    (ends.len() > 1).then(|| format!("{asked} {}.", ends.join("; ")))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
