//! A measured row as something that can be predicted with any constants, and quickly.

use crate::inputs::{Deployment, Engine};
use crate::memory::{Memory, groups};
use crate::shape::{Shape, Unknown};
use crate::step::{Batch, Constants, seconds};
use crate::tables::Row;
use crate::work::Work;

/// A row, its work counted.
#[derive(Debug, Clone)]
pub struct Case {
    /// The table.
    pub table: String,
    /// The model's name in the catalogue.
    pub model: String,
    /// The device's name in the catalogue.
    pub device: String,
    /// As the table calls it.
    pub precision: String,
    /// The program.
    pub engine: String,
    /// What was measured, in tokens per second of a replica.
    pub speed: f64,
    /// Seconds to the first token and between tokens.
    pub latency: Option<(f64, f64)>,
    /// Which rows it is like: `dense` or `experts` under a load, `generating` or `reading` on one
    /// device for few.
    pub class: &'static str,
    pub(crate) what: What,
    pub(crate) work: Work<f64>,
    pub(crate) input: f64,
    pub(crate) output: f64,
    /// Sequences that fit, not rounded.
    pub(crate) fits: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What {
    /// As many sequences as fit, of that many requests.
    Maximum { requests: f64 },
    /// That many requests at any time.
    Held { concurrency: f64 },
    /// That many sequences, generating only.
    Generate { sequences: f64 },
    /// That many prompts, reading only.
    Read { prompts: f64 },
}

impl Case {
    pub(crate) fn of(row: &Row, shape: &Shape, deployment: &Deployment) -> Result<Self, Unknown> {
        let one = row.concurrency.unwrap_or(1.0);
        let what = match row.kind.as_str() {
            "stream_decode" | "batch_decode" => What::Generate { sequences: one },
            "stream_prompt" | "batch_prompt" => What::Read { prompts: one },
            _ => match row.concurrency {
                Some(concurrency) => What::Held { concurrency },
                None => What::Maximum { requests: requests(row.input, row.output) },
            },
        };
        let experts = shape.geometry.experts.is_some();
        let class = match (what, deployment.engine) {
            (What::Read { .. }, _) => "reading",
            (_, Engine::LlamaCpp) => "generating",
            (_, _) if experts => "experts",
            (_, _) => "dense",
        };
        // InferenceX draws lengths between .8 and 1 of the nominal one.
        let drawn = if row.table.contains("inferencex") { 0.9 } else { 1.0 };
        let (input, output) = (row.input * drawn, row.output * drawn);
        let memory = Memory::of(shape, deployment, input + output);
        let room = memory.free.value().max(0.0) / memory.cache.value();
        Ok(Self {
            table: row.table.clone(),
            model: shape.name.clone(),
            device: deployment.device.name.clone(),
            precision: row.precision.clone(),
            engine: row.engine.clone(),
            speed: row.speed,
            latency: row.latency,
            class,
            what,
            work: Work::of(shape, deployment, input, output)?.values(),
            input,
            output,
            fits: room * f64::from(groups(deployment)),
        })
    }

    /// Tokens per second of a replica with those constants.
    pub(crate) fn predict(&self, constants: &Constants<f64>) -> f64 {
        let room = (self.fits * constants.occupied).max(1.0);
        let steady = |in_flight: f64| {
            let work = &self.work;
            let batch = Batch::steady(&in_flight, &work.stages, &self.input, &self.output);
            batch.sequences / seconds(work, constants, &batch)
        };
        match self.what {
            What::Maximum { requests } => steady(room.min(requests)),
            What::Held { concurrency } => steady(room.min(concurrency)),
            What::Generate { sequences } => {
                let batch = Batch { sequences, read: 0.0, reading: 0.0 };
                sequences / seconds(&self.work, constants, &batch)
            }
            What::Read { prompts } => {
                let tokens = prompts * self.input;
                let step = tokens.min(MICRO_BATCH);
                let batch = Batch { sequences: 0.0, read: step, reading: 1.0 };
                step / seconds(&self.work, constants, &batch)
            }
        }
    }
}

impl Case {
    /// Seconds to the first token, measured and predicted, where it was measured under a load that
    /// the memory holds: waiting, then reading among the others (see `serve`).
    pub(crate) fn first_token(&self, constants: &Constants<f64>) -> Option<(f64, f64)> {
        let What::Held { concurrency } = self.what else { return None };
        let (measured, _) = self.latency?;
        if concurrency > self.fits * constants.occupied {
            return None;
        }
        let work = &self.work;
        let steady = Batch::steady(&concurrency, &work.stages, &self.input, &self.output);
        let step = seconds(work, constants, &steady) * work.stages;
        let among = |read: f64, reading: f64| {
            let batch = Batch { sequences: concurrency / work.stages, read, reading };
            seconds(work, constants, &batch) * work.stages
        };
        let whole = among(self.input, 1.0);
        let extra = (whole - among(0.0, 0.0)).max(0.0);
        let busy = (concurrency * extra / (self.output * step)).min(0.95);
        Some((measured, crate::serve::first_token(whole, extra, step, busy)))
    }
}

/// How many requests NVIDIA's runs had, by lengths; both pages list them.
fn requests(input: f64, output: f64) -> f64 {
    let longest = input.max(output);
    match (input, output) {
        (128.0, 128.0) => 30_000.0,
        _ if longest >= 20_000.0 => 1_000.0,
        _ if longest > 2_048.0 || input + output >= 3_000.0 => 1_500.0,
        _ => 3_000.0,
    }
}

/// Tokens that llama.cpp reads at once in the tables.
const MICRO_BATCH: f64 = 2048.0;
