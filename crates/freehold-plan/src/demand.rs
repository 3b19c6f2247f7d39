//! What is asked of a model, from what a person said and from defaults that are shown: how many
//! requests, how long, how fast; and the tokens that follow.

use serde::Serialize;

use crate::{
    Figure, Lengths, Load, Source, Unit,
    ask::{Ask, Kind, question},
    bill::{defaults, hosted::Mix},
    prices::Mixed,
};

/// The load, as the machine's half and the money's half need it.
#[derive(Debug, Clone)]
pub struct Demand {
    /// For the machine.
    pub load: Load,
    /// Million tokens a month.
    pub volume: Figure,
    /// Tokens of an average request, in `token/request`.
    pub request: Figure,
    /// How many times the mean the busiest hour is.
    pub peak: Figure,
    /// Of which tokens.
    pub mixed: Mixed,
    /// What was asked and what was taken.
    pub asked: Vec<Asked>,
}

/// An input of a plan and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    /// The question.
    pub key: &'static str,
    /// In words.
    pub label: &'static str,
    /// What was taken.
    pub value: String,
    /// Who said so.
    pub origin: Origin,
    /// The reason or source of a default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The person who asks.
    Given,
    /// Nobody; it is a default.
    Default,
    /// It follows from what was given.
    Follows,
}

impl Demand {
    /// From what was said.
    pub fn of(ask: &Ask) -> Self {
        let mut asked = Vec::new();
        let mut take = |key, default: Figure| taken(ask, key, default, &mut asked);
        let mut lengths = |low, high, (p50, p95): (f64, f64)| {
            // A default never contradicts what was given: beyond it, it keeps its proportion.
            let (below, above) = (ask.number(high).unwrap_or(p95), ask.number(low).unwrap_or(p50));
            let median = if below < p50 { (below * p50 / p95).max(1.0) } else { p50 };
            let long = if above > p95 { above * p95 / p50 } else { p95 };
            Lengths {
                median: take(low, assumed_tokens(median)).value(),
                p95: take(high, assumed_tokens(long)).value(),
            }
        };
        let input = lengths("input-p50", "input-p95", (1000.0, 4000.0));
        let output = lengths("output-p50", "output-p95", (250.0, 1000.0));
        let hits = take("prefix-hits", hits());
        let peak = take("peak", defaults::peak());
        let first =
            take("first-token", seconds(2.0, "people notice waits beyond about two seconds"));
        let between =
            take("between-tokens", seconds(0.1, "ten tokens a second, faster than reading"));

        let read = mean("tokens read a request, on average", input);
        let written = mean("tokens written a request, on average", output);
        let request = read.plus(&written).named("tokens a request, on average");
        let (day, volume) = requests(ask, &request, &mut asked);
        let a_second = day.value() / 86_400.0;
        let load = Load {
            requests_per_second: hours(a_second, peak.value()),
            input,
            output,
            prefix_hits: hits.value(),
            first_token: Some(first.value()),
            between_tokens: Some(between.value()),
        };
        let mixed = Mixed { mix: Mix::of(&read, &written, &hits), input };
        asked.sort_by_key(|one| place(one.key));
        Self { load, volume, request, peak, mixed, asked }
    }
}

/// Requests a day and million tokens a month, of which one follows from the other.
fn requests(ask: &Ask, request: &Figure, asked: &mut Vec<Asked>) -> (Figure, Figure) {
    let days =
        Figure::input("days in a month", 30.4375, Unit::per("day", "month"), Source::Definition);
    let millions = Unit::per("Mtoken", "token");
    if let (Some(tokens), None) = (ask.number("tokens-a-month"), ask.text("requests-a-day")) {
        let volume =
            Figure::input("tokens a month", tokens / 1e6, crate::bill::volume(), Source::Stated);
        let per = Unit::per("token", "month");
        let day = volume.converted(per, 1e6).over(request).over(&days).named("requests a day");
        follows("requests-a-day", &day, asked);
        asked.push(given(ask, "tokens-a-month"));
        return (day, volume);
    }
    let day = taken(ask, "requests-a-day", requests_a_day(), asked);
    let tokens = day.times(&days).times(request);
    let volume = tokens.times(&Figure::input(
        "millions of tokens in a token",
        1e-6,
        millions,
        Source::Definition,
    ));
    let volume = volume.named("tokens a month");
    follows("tokens-a-month", &volume, asked);
    (day, volume)
}

/// A day whose busiest hour is `peak` times the mean, and whose other hours share the rest.
fn hours(mean: f64, peak: f64) -> Vec<f64> {
    let rest = mean * (24.0 - peak) / 23.0;
    let mut hours = vec![rest; 24];
    if let Some(busiest) = hours.get_mut(10) {
        *busiest = mean * peak;
    }
    hours
}

/// What was given, or else a default; either is told.
pub(crate) fn taken(
    ask: &Ask,
    key: &'static str,
    default: Figure,
    asked: &mut Vec<Asked>,
) -> Figure {
    match ask.number(key) {
        Some(value) => {
            asked.push(given(ask, key));
            let name = default.name().unwrap_or(key).to_owned();
            Figure::input(name, value, default.unit().clone(), Source::Stated)
        }
        None => {
            let why = default.sources().first().map(ToString::to_string);
            let value = default.shown();
            asked.push(Asked { key, label: label(key), value, origin: Origin::Default, why });
            default
        }
    }
}

/// What was given, as it was written.
pub(crate) fn given(ask: &Ask, key: &'static str) -> Asked {
    let value = ask.text(key).unwrap_or_default();
    let unit = match question(key).map(|question| question.kind) {
        Some(Kind::Number(_, _, unit)) if !unit.is_empty() => format!(" {unit}"),
        _ => String::new(),
    };
    Asked {
        key,
        label: label(key),
        value: format!("{value}{unit}"),
        origin: Origin::Given,
        why: None,
    }
}

/// The question's words.
pub(crate) fn label(key: &'static str) -> &'static str {
    question(key).map_or(key, |question| question.label)
}

/// Where a question stands among all.
pub(crate) fn place(key: &str) -> usize {
    crate::ask::QUESTIONS.iter().position(|question| question.key == key).unwrap_or(usize::MAX)
}

fn follows(key: &'static str, figure: &Figure, asked: &mut Vec<Asked>) {
    // Written as what is given is: the label says that it is a day's.
    let value = if figure.unit() == &Unit::per("request", "day") {
        format!("{} requests", crate::shown(figure.value(), &Unit::one()))
    } else {
        figure.shown()
    };
    asked.push(Asked { key, label: label(key), value, origin: Origin::Follows, why: None });
}

fn mean(name: &str, lengths: Lengths) -> Figure {
    let why = format!(
        "the mean of lengths of which half are at most {} and 95 of 100 at most {} (lognormal)",
        lengths.median, lengths.p95
    );
    Figure::input(name, lengths.mean(), Unit::per("token", "request"), Source::assumed(&why))
}

fn assumed_tokens(value: f64) -> Figure {
    let why = "a question with a page of context and an answer of a paragraph or two";
    Figure::input("length", value, Unit::of("token"), Source::assumed(why))
}

fn seconds(value: f64, why: &str) -> Figure {
    Figure::input("target", value, Unit::of("s"), Source::assumed(why))
}

fn requests_a_day() -> Figure {
    let why = "nothing is known of your load: give it, it decides more than anything else";
    Figure::input("requests a day", 10_000.0, Unit::per("request", "day"), Source::assumed(why))
}

fn hits() -> Figure {
    let why = "no part of a prompt was sent before; instructions that are always the same raise it";
    Figure::input("part of prompts that was sent before", 0.0, Unit::one(), Source::assumed(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(answers: &[(&str, &str)]) -> Demand {
        let mut ask = Ask::default();
        for (key, value) in answers {
            ask.set(key, value).unwrap();
        }
        Demand::of(&ask)
    }

    #[test]
    fn requests_and_tokens_follow_from_each_other() {
        let lengths = [
            ("input-p50", "1000"),
            ("input-p95", "1000"),
            ("output-p50", "200"),
            ("output-p95", "200"),
        ];
        let by_day = demand(&[&lengths[..], &[("requests-a-day", "1000")]].concat());
        // 1,000 × 30.4375 × 1,200 tokens.
        assert!((by_day.volume.value() - 36.525).abs() < 1e-9);
        let by_month = demand(&[&lengths[..], &[("tokens-a-month", "36525000")]].concat());
        assert!((by_month.load.mean() - by_day.load.mean()).abs() < 1e-9);
        // Both are printed in units that a person knows.
        let shown = |demand: &Demand, key| {
            demand.asked.iter().find(|one| one.key == key).map(|one| one.value.clone())
        };
        assert_eq!(shown(&by_month, "requests-a-day").as_deref(), Some("1,000 requests"));
        assert_eq!(shown(&by_day, "tokens-a-month").as_deref(), Some("36.52 Mtoken/month"));
        for demand in [by_day, by_month] {
            assert_eq!(demand.volume.unit(), &crate::bill::volume());
            assert_eq!(demand.volume.disagreements(), Vec::<String>::new());
            assert!((demand.load.peak() / demand.load.mean() - 3.0).abs() < 1e-9);
            assert!((demand.load.mean() - 1000.0 / 86_400.0).abs() < 1e-9);
        }
    }

    #[test]
    fn defaults_do_not_contradict_what_was_given() {
        let one = demand(&[("input-p50", "8000"), ("output-p95", "200")]).load;
        assert_eq!((one.input.median, one.input.p95), (8000.0, 32_000.0));
        assert_eq!((one.output.median, one.output.p95), (50.0, 200.0));
    }

    #[test]
    fn everything_taken_is_told_with_its_origin() {
        let demand = demand(&[("prefix-hits", "30%")]);
        let origin = |key| demand.asked.iter().find(|one| one.key == key).map(|one| one.origin);
        assert_eq!(origin("prefix-hits"), Some(Origin::Given));
        assert_eq!(origin("requests-a-day"), Some(Origin::Default));
        assert_eq!(origin("tokens-a-month"), Some(Origin::Follows));
        for asked in &demand.asked {
            assert_eq!(asked.why.is_some(), asked.origin == Origin::Default, "{}", asked.key);
        }
        assert!(
            (demand.mixed.mix.cached.value() / demand.mixed.mix.input.value() - 0.3).abs() < 1e-9
        );
    }
}
