//! In which order models are shown.
//!
//! With a task, by its benchmarks: models with a score on the first one come first, by that score;
//! then those with a score on the second, and so on. Scores of different benchmarks are never
//! compared. Then by licence (OSI open source, custom, source-available, not confirmed), then the newest
//! release, then the fewest parameters, then the name. The best score of a model on a benchmark counts.

use std::cmp::Ordering;

use super::Candidate;
use crate::{Catalog, Cited, Date, Facts, Model, Score, Task};

/// The ranking in words.
pub(super) fn words(task: Option<&Task>) -> String {
    let rest = "licence category, newest release, fewest parameters, name";
    match task.filter(|task| !task.benchmarks.is_empty()) {
        Some(task) => format!("score on {}; then {rest}", task.benchmarks.join(", else ")),
        None => rest.to_owned(),
    }
}

/// Sorts candidates, the best first.
pub(super) fn sort(catalog: &Catalog, task: Option<&Task>, candidates: &mut [Candidate<'_>]) {
    candidates.sort_by(|one, other| {
        by_score(catalog, task, one.model, other.model)
            .then_with(|| licence(catalog, one.model).cmp(&licence(catalog, other.model)))
            .then_with(|| released(other.model).cmp(&released(one.model)))
            .then_with(|| size(one.model).cmp(&size(other.model)))
            .then_with(|| one.id.cmp(other.id))
    });
}

/// The score by which a model is ranked for a task, as shown.
pub(super) fn score(catalog: &Catalog, task: &Task, model: &Model, today: Date) -> Option<Cited> {
    let (_, score) = best(catalog, task, model)?;
    let places = model.places();
    let place = places.iter().find(|place| {
        place.value.as_ref().is_some_and(|value| {
            value["benchmark"] == *score.benchmark && value["score"] == score.score
        })
    })?;
    catalog.cite(&model.id.0, place, today)
}

/// The first benchmark of the task on which the model has a score, by its place, and the best score.
fn best<'a>(catalog: &Catalog, task: &Task, model: &'a Model) -> Option<(usize, &'a Score)> {
    task.benchmarks.iter().enumerate().find_map(|(at, name)| {
        let of_it = model.scores.iter().filter(|score| score.benchmark == *name);
        let best = of_it.max_by(|one, other| better(catalog, name, one, other))?;
        Some((at, best))
    })
}

fn better(catalog: &Catalog, name: &str, one: &Score, other: &Score) -> Ordering {
    let order = one.score.total_cmp(&other.score);
    match catalog.benchmark(name).is_none_or(|it| it.higher_is_better) {
        true => order,
        false => order.reverse(),
    }
}

fn by_score(catalog: &Catalog, task: Option<&Task>, one: &Model, other: &Model) -> Ordering {
    let Some(task) = task else { return Ordering::Equal };
    match (best(catalog, task, one), best(catalog, task, other)) {
        (Some((at, one)), Some((other_at, other))) => {
            at.cmp(&other_at).then_with(|| better(catalog, &one.benchmark, other, one))
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn licence(catalog: &Catalog, model: &Model) -> u8 {
    catalog.category(model).map_or(u8::MAX, |category| category as u8)
}

fn released(model: &Model) -> Option<Date> {
    model.released.as_ref().map(|fact| fact.is)
}

fn size(model: &Model) -> u64 {
    model.parameters.as_ref().map_or(u64::MAX, |fact| fact.is)
}
