//! Fits the constants of a step to measured rows, and says how far off rows are that it did not see.
//!
//! Constants are fitted as logarithms, by least squares on logarithms of speed (Levenberg and
//! Marquardt), with a robust loss, each group of rows of one weight whatever its size, and a wide
//! normal prior that keeps what the rows do not say.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Case;
use crate::step::Constants;
use crate::{COVERAGE, Interval};

/// What is fitted, in the order of [`NAMES`].
pub type Fitted = [f64; COUNT];

/// How many constants a step has.
pub const COUNT: usize = 13;

/// What they are called; `docs/reference/plan-method.md` says what each is.
pub const NAMES: [&str; COUNT] = [
    "compute",
    "weights",
    "cache",
    "attention",
    "links",
    "moving",
    "exchange",
    "layer",
    "reading",
    "sequence",
    "waiting",
    "widening",
    "occupied",
];

/// From where a fit begins, and how far it may go: a normal prior on the logarithms.
#[derive(Debug, Clone, Copy)]
pub struct Prior {
    /// The median.
    pub median: Fitted,
    /// The standard deviation of the logarithm; next to nothing holds a constant.
    pub spread: Fitted,
}

/// For engines that serve many at once. Rows of such engines do not tell reading weights and
/// attention's peak from the program's time: those two are held.
pub const MANY: Prior = Prior {
    median: [0.6, 0.9, 0.7, 0.8, 0.4, 1e12, 8e-6, 60e-6, 100e-6, 5e-6, 1.2, 1.5, 0.85],
    spread: [1.0, HELD, 1.0, HELD, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.05],
};

/// For llama.cpp and the like, on one device: nothing is exchanged, and all weights are widened.
pub const ONE: Prior = Prior {
    median: [0.5, 0.7, 0.6, 0.5, 0.4, 1e12, 8e-6, 20e-6, 1e-6, 20e-6, 1.0, 1.0, 0.95],
    spread: [1.0, 0.5, 0.5, 0.5, HELD, 1.0, HELD, 1.0, HELD, 1.0, HELD, HELD, HELD],
};

const HELD: f64 = 1e-4;

/// Residuals of the logarithm beyond this many are taken to be something else, and count less.
const ROBUST: f64 = 0.2;

pub(crate) fn constants(values: &Fitted) -> Constants<f64> {
    let [
        compute,
        weights,
        cache,
        attention,
        links,
        moving,
        exchange,
        layer,
        reading,
        sequence,
        waiting,
        widening,
        occupied,
    ] = *values;
    Constants {
        compute,
        weights,
        cache,
        attention,
        links,
        moving,
        exchange,
        layer,
        reading,
        sequence,
        waiting,
        widening,
        occupied,
    }
}

/// Fits to those rows.
pub fn fit(cases: &[&Case], prior: &Prior) -> Fitted {
    let mut sizes: BTreeMap<_, f64> = BTreeMap::new();
    for case in cases {
        *sizes.entry(group(case)).or_default() += 1.0;
    }
    let weights: Vec<f64> = cases
        .iter()
        .map(|case| 3.0 / sizes.get(&group(case)).copied().unwrap_or(1.0).sqrt())
        .collect();
    let mut logs = prior.median.map(f64::ln);
    let mut damping = 1e-2;
    let mut cost = total(cases, &weights, &logs, prior);
    for _ in 0..60 {
        let (matrix, gradient) = normal(cases, &weights, &logs, prior);
        let mut damped = matrix;
        for (index, row) in damped.iter_mut().enumerate() {
            if let Some(own) = row.get_mut(index) {
                *own *= 1.0 + damping;
            }
        }
        let Some(step) = solve(damped, gradient) else { break };
        let mut next = logs;
        for (value, change) in next.iter_mut().zip(step) {
            *value -= change.clamp(-0.5, 0.5);
        }
        let there = total(cases, &weights, &next, prior);
        if there < cost {
            let small = (cost - there) < 1e-10 * cost;
            (logs, cost, damping) = (next, there, (damping / 3.0).max(1e-9));
            if small {
                break;
            }
        } else {
            damping *= 4.0;
            if damping > 1e9 {
                break;
            }
        }
    }
    logs.map(f64::exp)
}

/// By how much predictions with those constants are off: logarithms of predicted over measured.
pub fn residuals(cases: &[&Case], values: &Fitted) -> Vec<f64> {
    let constants = constants(values);
    cases.iter().map(|case| (case.predict(&constants) / case.speed).ln()).collect()
}

/// The residual of every row, by constants fitted without the rows that share its key.
pub fn held_out(cases: &[&Case], prior: &Prior, key: impl Fn(&Case) -> String) -> Vec<f64> {
    let keys: Vec<String> = cases.iter().map(|case| key(case)).collect();
    let mut all = vec![f64::NAN; cases.len()];
    for one in keys.iter().collect::<BTreeSet<_>>() {
        let seen: Vec<&Case> =
            cases.iter().zip(&keys).filter(|(_, key)| *key != one).map(|(case, _)| *case).collect();
        let values = constants(&fit(&seen, prior));
        for ((case, key), residual) in cases.iter().zip(&keys).zip(&mut all) {
            if key == one {
                *residual = (case.predict(&values) / case.speed).ln();
            }
        }
    }
    all
}

/// By how much predicted times to the first token are off, of rows that have them: logarithms of
/// predicted over measured.
pub fn first_tokens(cases: &[&Case], values: &Fitted) -> Vec<f64> {
    let constants = constants(values);
    let pair = |case: &&Case| case.first_token(&constants);
    cases.iter().filter_map(pair).map(|(measured, predicted)| (predicted / measured).ln()).collect()
}

/// How far residuals spread within groups of one table, model, device and precision, by
/// [`Case::class`]: their standard deviation about each group's mean.
pub fn within(cases: &[&Case], residuals: &[f64]) -> BTreeMap<&'static str, f64> {
    let mut groups: BTreeMap<_, Vec<f64>> = BTreeMap::new();
    for (case, residual) in cases.iter().zip(residuals) {
        groups.entry((case.class, group(case))).or_default().push(*residual);
    }
    let mut sums: BTreeMap<&'static str, (f64, f64)> = BTreeMap::new();
    for ((class, _), all) in groups {
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let sum = sums.entry(class).or_default();
        sum.0 += all.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>();
        sum.1 += all.len() as f64 - 1.0;
    }
    sums.into_iter().map(|(class, (sum, free))| (class, (sum / free.max(1.0)).sqrt())).collect()
}

/// How far off predictions are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Error {
    /// Mean of |predicted / measured − 1|.
    pub mape: f64,
    /// Share of rows between measured / 1.5 and measured × 1.5.
    pub near: f64,
    /// Mean logarithm of predicted over measured.
    pub bias: f64,
}

impl Error {
    /// Of those residuals.
    pub fn of(residuals: &[f64]) -> Self {
        let count = residuals.len().max(1) as f64;
        let mean = |value: &dyn Fn(f64) -> f64| {
            residuals.iter().map(|one| value(*one)).sum::<f64>() / count
        };
        Self {
            mape: mean(&|one| (one.exp() - 1.0).abs()),
            near: mean(&|one| f64::from(u8::from(one.abs() <= 1.5_f64.ln()))),
            bias: mean(&|one| one),
        }
    }
}

/// Factors by which a prediction is multiplied to get the ends of its interval, by [`Case::class`]:
/// quantiles of measured over predicted of rows that were held out.
pub fn intervals(cases: &[&Case], residuals: &[f64]) -> BTreeMap<&'static str, Interval> {
    let mut classes: BTreeMap<&'static str, Vec<(String, f64)>> = BTreeMap::new();
    for (case, residual) in cases.iter().zip(residuals) {
        classes.entry(case.class).or_default().push((pair(case), -residual));
    }
    classes.into_iter().map(|(class, rows)| (class, ends(&rows))).collect()
}

/// Whether such intervals cover each row, with the quantiles of the other groups alone: a model on a
/// device has no part in the interval that it is compared with.
pub fn covered(cases: &[&Case], residuals: &[f64]) -> Vec<bool> {
    let groups: BTreeSet<(&'static str, String)> =
        cases.iter().map(|case| (case.class, pair(case))).collect();
    let without: BTreeMap<_, Interval> = groups
        .into_iter()
        .map(|group| {
            let others: Vec<(String, f64)> = cases
                .iter()
                .zip(residuals)
                .map(|(case, residual)| (case.class, pair(case), -residual))
                .filter(|(class, pair, _)| *class == group.0 && *pair != group.1)
                .map(|(_, pair, value)| (pair, value))
                .collect();
            let ends = ends(&others);
            (group, ends)
        })
        .collect();
    let inside = |(case, residual): (&&Case, &f64)| {
        let ends = without.get(&(case.class, pair(case)));
        ends.is_some_and(|ends| (ends.low..=ends.high).contains(&(-residual).exp()))
    };
    cases.iter().zip(residuals).map(inside).collect()
}

fn pair(case: &Case) -> String {
    format!("{} {}", case.model, case.device)
}

/// The quantiles that leave out half of what [`COVERAGE`] leaves out on either side.
fn ends(rows: &[(String, f64)]) -> Interval {
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for (group, _) in rows {
        *sizes.entry(group).or_default() += 1.0;
    }
    // Between one row, one weight and one group, one weight: groups are what repeats, but a group of
    // one row says less than a group of a hundred.
    let mut weighted: Vec<(f64, f64)> = rows
        .iter()
        .map(|(group, value)| {
            (*value, 1.0 / sizes.get(group.as_str()).copied().unwrap_or(1.0).sqrt())
        })
        .collect();
    weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let quantile = |share: f64| {
        let mut sum = 0.0;
        let at = weighted.iter().find(|(_, weight)| {
            sum += weight;
            sum >= share * total
        });
        at.or(weighted.last()).map_or(1.0, |(value, _)| value.exp())
    };
    // Groups are few: the level is raised by their number, as in split conformal prediction.
    let groups = sizes.len().max(1) as f64;
    let outside = (1.0 - (COVERAGE * (1.0 + 1.0 / groups)).min(1.0)) / 2.0;
    Interval { low: quantile(outside), high: quantile(1.0 - outside) }
}

/// Rows of one table, model, device and precision have the same unknown causes.
fn group(case: &Case) -> (&str, &str, &str, &str) {
    (&case.table, &case.model, &case.device, &case.precision)
}

fn errors(cases: &[&Case], weights: &[f64], logs: &Fitted) -> Vec<f64> {
    let values = logs.map(f64::exp);
    residuals(cases, &values)
        .iter()
        .zip(weights)
        .map(|(error, weight)| error * weight / ROBUST)
        .collect()
}

/// Soft absolute loss: 2·(√(1 + z²) − 1), as `soft_l1` elsewhere.
fn total(cases: &[&Case], weights: &[f64], logs: &Fitted, prior: &Prior) -> f64 {
    let loss = |z: f64| 2.0 * ((1.0 + z * z).sqrt() - 1.0);
    let rows: f64 = errors(cases, weights, logs).into_iter().map(loss).sum();
    let own = |((log, median), spread): ((&f64, f64), f64)| loss((log - median.ln()) / spread);
    rows + logs.iter().zip(prior.median).zip(prior.spread).map(own).sum::<f64>()
}

type Matrix = [[f64; COUNT]; COUNT];

/// The normal equations of the reweighted problem: its matrix and right side.
fn normal(cases: &[&Case], weights: &[f64], logs: &Fitted, prior: &Prior) -> (Matrix, Fitted) {
    let here = errors(cases, weights, logs);
    let slopes: Vec<Vec<f64>> = (0..COUNT)
        .map(|index| {
            let mut moved = *logs;
            if let Some(value) = moved.get_mut(index) {
                *value += STEP;
            }
            let there = errors(cases, weights, &moved);
            there.iter().zip(&here).map(|(there, here)| (there - here) / STEP).collect()
        })
        .collect();
    let mut matrix = [[0.0; COUNT]; COUNT];
    let mut gradient = [0.0; COUNT];
    for (row, left) in slopes.iter().enumerate() {
        for (column, right) in slopes.iter().enumerate() {
            let products = left.iter().zip(right).zip(&here);
            set(&mut matrix, row, column, products.map(|((l, r), z)| l * r * weight(*z)).sum());
        }
        let products: f64 = left.iter().zip(&here).map(|(l, z)| l * z * weight(*z)).sum();
        let (median, spread) = (at(&prior.median, row).ln(), at(&prior.spread, row));
        let z = (at(logs, row) - median) / spread;
        let own = matrix.get(row).and_then(|line| line.get(row)).copied().unwrap_or_default();
        set(&mut matrix, row, row, own + weight(z) / (spread * spread));
        if let Some(value) = gradient.get_mut(row) {
            *value = products + weight(z) * z / spread;
        }
    }
    (matrix, gradient)
}

fn weight(z: f64) -> f64 {
    1.0 / (1.0 + z * z).sqrt()
}

fn at(values: &Fitted, index: usize) -> f64 {
    values.get(index).copied().unwrap_or(f64::NAN)
}

fn set(matrix: &mut Matrix, row: usize, column: usize, value: f64) {
    if let Some(cell) = matrix.get_mut(row).and_then(|line| line.get_mut(column)) {
        *cell = value;
    }
}

/// Gauss with the largest pivot; nothing where the matrix is singular.
#[expect(clippy::indexing_slicing, reason = "all indices are below COUNT")]
fn solve(mut matrix: Matrix, mut right: Fitted) -> Option<Fitted> {
    for column in 0..COUNT {
        let largest = (column..COUNT)
            .max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[largest][column].abs() < 1e-12 || !matrix[largest][column].is_finite() {
            return None;
        }
        matrix.swap(column, largest);
        right.swap(column, largest);
        for row in column + 1..COUNT {
            let factor = matrix[row][column] / matrix[column][column];
            let above = matrix[column];
            for (cell, above) in matrix[row].iter_mut().zip(above).skip(column) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..COUNT).rev() {
        let known: f64 = (row + 1..COUNT).map(|next| matrix[row][next] * right[next]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

const STEP: f64 = 1e-4;
