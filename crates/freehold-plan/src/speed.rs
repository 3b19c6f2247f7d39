//! How fast a replica is: at most, and with so many requests in flight.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::calibrate::Calibration;
use crate::constants::{FIRST, Regime, Trust, class};
use crate::inputs::Deployment;
use crate::memory::Memory;
use crate::shape::{Shape, Unknown};
use crate::step::{Batch, seconds};
use crate::work::Work;
use crate::{Figure, Source, Unit};

/// A replica's speed with some number of requests in flight.
#[derive(Debug, Clone, Serialize)]
pub struct Speed {
    /// Requests in flight.
    pub in_flight: Figure,
    /// Seconds of a step: the mean time between two tokens of a request.
    pub step: Figure,
    /// Generated tokens per second, all requests together, in `token/s`.
    pub generated: Figure,
    /// Whether the constants were fitted to this device.
    pub trust: Trust,
}

/// A model on a deployment, its work counted once.
#[derive(Debug, Clone)]
pub struct Replica {
    /// What it takes of memory, at the longest sequence.
    pub memory: Memory,
    /// Whether the constants were fitted to this device.
    pub trust: Trust,
    work: Work<Figure>,
    bare: Work<f64>,
    regime: &'static Regime,
    class: &'static str,
    input: f64,
    output: f64,
    read: f64,
    /// What was measured of this deployment, if anything was.
    measured: Option<Calibration>,
}

impl Replica {
    /// For prompts of `input` tokens, of which a share is found in the cache, and `output` generated
    /// ones, on average; `longest` is what a sequence takes at most.
    ///
    /// # Errors
    /// [`Unknown::Compute`] where nothing is known of the device's speed.
    pub fn of(
        shape: &Shape,
        deployment: &Deployment,
        (input, output): (f64, f64),
        (prefix_hits, longest): (f64, f64),
    ) -> Result<Self, Unknown> {
        let work = Work::of(shape, deployment, input, output)?;
        let regime = Regime::of(deployment);
        Ok(Self {
            memory: Memory::of(shape, deployment, longest),
            trust: regime.trust(deployment),
            bare: work.values(),
            work,
            regime,
            class: class(shape, deployment),
            input,
            output: output.max(1.0),
            read: input * (1.0 - prefix_hits.clamp(0.0, 1.0)),
            measured: None,
        })
    }

    /// The same with what was measured of it.
    #[must_use]
    pub fn measured(mut self, calibration: &Calibration) -> Self {
        self.measured = Some(calibration.clone());
        self
    }

    /// How many requests it holds in flight at most on average: what fits, less what stays empty.
    pub fn room(&self) -> f64 {
        let fits = self.memory.sequences.value();
        if fits < 1.0 { 0.0 } else { (fits * self.regime.values().occupied).max(1.0) }
    }

    /// The speed at which every request waits for memory: as many in flight as fit.
    pub fn most(&self) -> Option<Speed> {
        let fits = &self.memory.sequences;
        if fits.value() < 1.0 {
            return None;
        }
        let one = Figure::input("one request", 1.0, Unit::one(), Source::Definition);
        let room = fits.times(&self.regime.figures().occupied).at_least(&one);
        Some(self.at(room.named("requests in flight")))
    }

    /// The speed with that many requests in flight.
    pub fn with(&self, in_flight: f64, source: Source) -> Speed {
        self.at(Figure::input("requests in flight", in_flight, Unit::one(), source))
    }

    fn at(&self, in_flight: Figure) -> Speed {
        let bare = |name: &str, value: f64| Figure::input(name, value, Unit::one(), Source::Stated);
        let batch = Batch::steady(
            &in_flight,
            &self.work.stages,
            &bare("prompt tokens read for a request", self.read),
            &bare("tokens generated for a request", self.output),
        );
        let step = seconds(&self.work, &self.regime.figures(), &batch);
        let error = self.error();
        let token = Figure::input(
            "tokens of a sequence in a step",
            1.0,
            Unit::of("token"),
            Source::Definition,
        );
        let stage = batch.sequences.times(&token).over(&step);
        Speed {
            in_flight,
            generated: stage.times(&error).named("tokens generated per second"),
            step: step.times(&self.work.stages).over(&error).named("time between tokens"),
            trust: self.trust,
        }
    }

    fn error(&self) -> Figure {
        let predicted = || self.regime.error(self.class, self.trust);
        self.measured.as_ref().map_or_else(predicted, |measured| measured.speed.clone())
    }

    /// By what a predicted time to the first token is to be multiplied.
    pub(crate) fn first_token_error(&self) -> Figure {
        let known = self.measured.as_ref().and_then(|measured| measured.first_token.clone());
        known.unwrap_or_else(|| {
            Figure::between(
                "measured over predicted time to the first token",
                FIRST.0,
                (FIRST.1.low, FIRST.1.high),
                Unit::one(),
                Source::Fitted { to: "InferenceX's times to the first token (plan-method)".into() },
            )
        })
    }

    /// The ends of what predictions for this deployment are multiplied by.
    pub(crate) fn spread(&self) -> (f64, f64) {
        let ends = self.regime.error(self.class, self.trust).interval();
        ends.map_or((0.5, 2.0), |ends| (ends.low, ends.high))
    }

    /// Seconds to the first token by the formula alone, with that many in flight.
    pub(crate) fn first_token(&self, in_flight: f64) -> f64 {
        let (whole, extra) = self.reading(in_flight);
        let busy = (self.rate(in_flight) * extra).min(crate::serve::LOADED);
        crate::serve::first_token(whole.value(), extra, self.step(in_flight), busy)
    }

    /// The middle of [`Self::error`], for computing without figures.
    fn factor(&self) -> f64 {
        self.measured.as_ref().map_or(1.0, |measured| measured.speed.value())
    }

    /// Seconds between tokens with that many in flight, quickly.
    pub(crate) fn step(&self, in_flight: f64) -> f64 {
        let batch = Batch::steady(&in_flight, &self.bare.stages, &self.read, &self.output);
        let step = seconds(&self.bare, &self.regime.values(), &batch);
        step * self.bare.stages / self.factor()
    }

    /// Requests answered per second with that many in flight, quickly.
    pub(crate) fn rate(&self, in_flight: f64) -> f64 {
        in_flight / (self.step(in_flight) * self.output)
    }

    /// Seconds that reading one whole prompt takes in a step of that many others, and by how much it
    /// makes the step longer.
    pub fn reading(&self, in_flight: f64) -> (Figure, f64) {
        let per_stage = in_flight / self.bare.stages;
        let bare = |name: &str, value: f64| Figure::input(name, value, Unit::one(), Source::Stated);
        let batch = Batch {
            sequences: bare("sequences beside it", per_stage),
            read: bare("prompt tokens read for a request", self.read.max(1.0)),
            reading: Figure::number(1.0),
        };
        let whole = seconds(&self.work, &self.regime.figures(), &batch).times(&self.work.stages);
        let without = Batch { sequences: per_stage, read: 0.0, reading: 0.0 };
        let short = seconds(&self.bare, &self.regime.values(), &without) * self.bare.stages;
        let extra = (whole.value() - short).max(0.0) / self.factor();
        (whole.over(&Figure::number(self.factor())).named("reading the prompt"), extra)
    }

    /// Mean tokens of a prompt and of an answer.
    pub fn lengths(&self) -> (f64, f64) {
        (self.input, self.output)
    }
}
