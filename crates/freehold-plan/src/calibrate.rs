//! Measurements of the user's own, and what they change: the plan's speeds move towards them, and the
//! intervals become as narrow as the measurements allow.

mod check;
mod read;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use check::{Refused, implausible, same_model};
pub use read::{CalibrateError, Tool, calibrate};

use crate::constants::{FIRST, SPREAD, class};
use crate::inputs::Deployment;
use crate::shape::{Shape, Unknown};
use crate::speed::Replica;
use crate::{Figure, Interval, Source, Unit};

/// What a file of measurements says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Observations {
    /// Who wrote it.
    pub tool: Tool,
    /// The model, where the file names it.
    pub model: Option<String>,
    /// One for each load that was tried.
    pub runs: Vec<Run>,
}

/// One load and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Run {
    /// Requests in flight, on average.
    pub concurrency: f64,
    /// Tokens of a prompt, on average.
    pub input: f64,
    /// Tokens of an answer, on average.
    pub output: f64,
    /// Generated tokens per second, all requests together.
    pub generated: f64,
    /// Seconds to the first token, on average, where measured.
    pub first_token: Option<f64>,
    /// Seconds between tokens, on average, where measured.
    pub between_tokens: Option<f64>,
}

/// What measurements say of a deployment: factors by which predictions are to be multiplied.
#[derive(Debug, Clone, Serialize)]
pub struct Calibration {
    /// Of speeds.
    pub speed: Figure,
    /// Of times to the first token, where those were measured.
    pub first_token: Option<Figure>,
    /// The files.
    pub from: String,
    /// Each run with what was predicted for it, in tokens per second.
    pub predicted: Vec<f64>,
}

/// What measurements of a deployment say of it; nothing where there are none.
///
/// The logarithm of measured over predicted speed is the sum of what is common to a model on a device
/// (normal, of the spread that held-out rows have between groups) and of what differs from load to
/// load (of their spread within groups). The posterior of the former is normal: its precision is
/// `1/between² + n/within²`, its mean the sum of logarithms over `within²` over that. The interval is
/// that of another load: posterior variance plus `within²`.
///
/// # Errors
/// [`Unknown::Compute`] where nothing is known of the device's speed.
pub fn posterior(
    shape: &Shape,
    deployment: &Deployment,
    observations: &Observations,
    from: &str,
) -> Result<Option<Calibration>, Unknown> {
    let (mut speeds, mut firsts, mut predicted) = (Vec::new(), Vec::new(), Vec::new());
    let mut prior = None;
    for run in &observations.runs {
        let lengths = (run.input, run.output);
        let replica = Replica::of(shape, deployment, lengths, (0.0, run.input + run.output))?;
        let room = replica.room();
        if room <= 0.0 {
            continue;
        }
        let in_flight = run.concurrency.min(room);
        let rate = replica.rate(in_flight) * run.output;
        predicted.push(rate);
        speeds.push((run.generated / rate).ln());
        if let Some(first) = run.first_token.filter(|_| run.concurrency <= room) {
            firsts.push((first / replica.first_token(in_flight)).ln());
        }
        prior.get_or_insert_with(|| replica.spread());
    }
    let Some(ends) = prior else { return Ok(None) };
    let within = SPREAD.iter().find(|(name, _)| *name == class(shape, deployment));
    let within = within.map_or(0.2, |(_, within)| *within);
    let source = || Source::Measured { from: from.to_owned() };
    let factor = |name: &str, (middle, ends): (f64, Interval)| {
        Figure::between(name, middle, (ends.low, ends.high), Unit::one(), source())
    };
    let speed =
        factor("measured over predicted speed, calibrated", shrunk(&speeds, 0.0, ends, within));
    let first_token = (!firsts.is_empty()).then(|| {
        let ends = (FIRST.1.low, FIRST.1.high);
        let own = shrunk(&firsts, FIRST.0.ln(), ends, FIRST_WITHIN);
        factor("measured over predicted time to the first token, calibrated", own)
    });
    Ok(Some(Calibration { speed, first_token, from: from.to_owned(), predicted }))
}

/// The middle and the ends for another load, of logarithms with a prior of that mean whose 90 % lie
/// between `ends`.
fn shrunk(logs: &[f64], mean: f64, (low, high): (f64, f64), within: f64) -> (f64, Interval) {
    let all = (high / low).ln() / (2.0 * NORMAL_95);
    let between = (all * all - within * within).max(0.01 * all * all);
    let within = within * within;
    let precision = 1.0 / between + logs.len() as f64 / within;
    let middle = (mean / between + logs.iter().sum::<f64>() / within) / precision;
    let reach = NORMAL_95 * (1.0 / precision + within).sqrt();
    let ends = Interval { low: (middle - reach).exp(), high: (middle + reach).exp() };
    (middle.exp(), ends)
}

/// How far times to the first token differ from load to load of one deployment, of the logarithm.
const FIRST_WITHIN: f64 = 0.4;

/// The 95th percentile of the standard normal distribution.
const NORMAL_95: f64 = 1.644_853_626_951_472_2;
