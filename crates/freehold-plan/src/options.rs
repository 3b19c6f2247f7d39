//! What to do when a model does not fit, or does not fit well: more devices, fewer bits, or a smaller
//! model, each computed.

#[cfg(test)]
mod tests;

use freehold_catalog::{Catalog, Covers, Model, Purpose};
use serde::Serialize;

use crate::inputs::{Deployment, Engine, Parallelism};
use crate::memory::Memory;
use crate::shape::Shape;
use crate::{Figure, Format};

/// A way out.
#[derive(Debug, Clone, Serialize)]
pub struct Alternative {
    /// What changes.
    pub change: Change,
    /// What one device then needs for one sequence, in `B`.
    pub needed: Figure,
    /// Sequences that then fit at once, on one replica.
    pub sequences: Figure,
    /// Devices of one replica.
    pub devices: u32,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    /// More of the same device, each layer split among them.
    Devices {
        /// How many.
        count: u32,
    },
    /// The weights in another form.
    Weights {
        /// Its name.
        format: String,
    },
    /// Fewer bits and more devices.
    Both {
        /// The form.
        format: String,
        /// How many devices.
        count: u32,
    },
    /// A smaller model, which knows less: what it lacks has to be retrieved and put before it.
    Smaller {
        /// Its repository.
        model: String,
        /// What people call it.
        name: String,
    },
}

/// The ways in which a model gets onto that kind of device, for sequences of that many tokens: the
/// fewest devices, the widest form that fits as it is, the widest on the fewest devices, and the
/// largest smaller models of the catalogue. Empty parts are left out: there is none where nothing
/// helps.
pub fn options(
    shape: &Shape,
    deployment: &Deployment,
    tokens: f64,
    catalog: &Catalog,
) -> Vec<Alternative> {
    let mut all = Vec::new();
    let formats = narrower(catalog, deployment);
    let one = deployment.parallelism.devices().max(1);
    let counts = || COUNTS.into_iter().filter(move |count| *count > one);
    let spread = |count| with(deployment, None, Some(count));
    let first =
        counts().find_map(|count| found(shape, &spread(count), tokens, Change::Devices { count }));
    all.extend(first);
    let first = formats.iter().find_map(|format| {
        let change = Change::Weights { format: format.id.clone() };
        found(shape, &with(deployment, Some(format), None), tokens, change)
    });
    let neither = first.is_none();
    all.extend(first);
    if neither {
        let both = counts().find_map(|count| {
            formats.iter().find_map(|format| {
                let change = Change::Both { format: format.id.clone(), count };
                found(shape, &with(deployment, Some(format), Some(count)), tokens, change)
            })
        });
        let fewer = |option: &Alternative| {
            !all.iter().any(|known: &Alternative| known.devices <= option.devices)
        };
        let both = both.filter(fewer);
        all.extend(both);
    }
    all.extend(smaller(shape, deployment, tokens, catalog));
    all
}

/// The same deployment on the fewest devices, of one to 32, that hold that many sequences of that many
/// tokens at once; nothing where none do.
pub fn fewest(
    shape: &Shape,
    deployment: &Deployment,
    tokens: f64,
    sequences: f64,
) -> Option<Deployment> {
    let all = [1].into_iter().chain(COUNTS).map(|count| with(deployment, None, Some(count)));
    let holds =
        |one: &Deployment| Memory::of(shape, one, tokens).sequences.value() >= sequences.max(1.0);
    all.into_iter().find(holds)
}

/// The largest models of the catalogue that are for chat, smaller than this one, and fit.
fn smaller(
    shape: &Shape,
    deployment: &Deployment,
    tokens: f64,
    catalog: &Catalog,
) -> Vec<Alternative> {
    let chats = |model: &&Model| {
        let purposes = model.purposes.as_ref();
        purposes.is_some_and(|fact| fact.is.contains(&Purpose::Chat))
    };
    let mut fitting: Vec<(f64, Alternative)> = catalog
        .models()
        .filter(chats)
        .filter_map(|model| Some((Shape::of(model, catalog).ok()?, model)))
        .filter(|(other, _)| other.parameters < 0.9 * shape.parameters)
        .filter(|(other, _)| other.context.is_none_or(|context| context >= tokens))
        .filter_map(|(other, model)| {
            let name = model.name.clone();
            let change = Change::Smaller { model: model.id.0.clone(), name };
            Some((other.parameters, found(&other, deployment, tokens, change)?))
        })
        .collect();
    fitting.sort_by(|a, b| b.0.total_cmp(&a.0));
    fitting.into_iter().take(SMALLER).map(|(_, option)| option).collect()
}

fn found(
    shape: &Shape,
    deployment: &Deployment,
    tokens: f64,
    change: Change,
) -> Option<Alternative> {
    let memory = Memory::of(shape, deployment, tokens);
    memory.fits().then(|| Alternative {
        change,
        needed: memory.least(),
        sequences: memory.sequences,
        devices: deployment.parallelism.devices(),
    })
}

fn with(deployment: &Deployment, format: Option<&Format>, devices: Option<u32>) -> Deployment {
    let mut other = deployment.clone();
    if let Some(format) = format {
        let devices = other.parallelism.devices();
        let (device, cache) = (other.device.clone(), other.cache.clone());
        let made = Deployment::on(device, devices, format.clone(), cache, other.engine);
        (other.weights, other.dense) = (made.weights, made.dense);
    }
    if let Some(devices) = devices {
        other.parallelism = Parallelism { tensor: devices, pipeline: 1, ..deployment.parallelism };
    }
    other
}

/// Forms of fewer bits that the engine reads, wide to narrow: llama.cpp reads GGUF, the others do not
/// do so well.
pub(crate) fn narrower(catalog: &Catalog, deployment: &Deployment) -> Vec<Format> {
    let gguf = deployment.engine == Engine::LlamaCpp;
    let bits = deployment.weights.bits.value();
    let mut all: Vec<Format> = Format::all(catalog)
        .into_iter()
        .filter(|format| (format.covers == Covers::File) == gguf)
        .filter(|format| !SPECIAL.contains(&format.id.as_str()))
        .filter(|format| format.bits.value() < bits)
        .collect();
    all.sort_by(|a, b| b.bits.value().total_cmp(&a.bits.value()));
    all
}

/// Forms that nobody makes to save memory: for tuning, of one publisher, or of older devices.
const SPECIAL: [&str; 4] = ["nf4", "int8", "int4-g32", "fp16"];

/// Devices of one machine as they are sold.
const COUNTS: [u32; 5] = [2, 4, 8, 16, 32];

/// How many smaller models are named.
const SMALLER: usize = 3;
