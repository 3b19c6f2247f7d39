//! What a model takes of a device's memory, and how many sequences the rest holds.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::inputs::{Deployment, Engine};
use crate::shape::Shape;
use crate::{Figure, Format, Source, Unit};

/// One device's memory, part by part. All in `B` but the counts.
#[derive(Debug, Clone, Serialize)]
pub struct Memory {
    /// What an engine takes of the memory at most.
    pub usable: Figure,
    /// Weights on this device.
    pub weights: Figure,
    /// Working memory of one step.
    pub activations: Figure,
    /// The program itself: driver context, graphs, buffers.
    pub overhead: Figure,
    /// What is left for caches; below 0 where the model does not fit.
    pub free: Figure,
    /// Cache of one sequence of `tokens`, on this device.
    pub cache: Figure,
    /// Tokens of a sequence at its longest, in `token`.
    pub tokens: Figure,
    /// Sequences that one replica holds at once; 0 where the model does not fit.
    pub sequences: Figure,
}

impl Memory {
    /// The parts, for a sequence of that many tokens.
    pub fn of(shape: &Shape, deployment: &Deployment, tokens: f64) -> Self {
        let device = &deployment.device;
        let share = usable(deployment.engine);
        let rest = deployment.engine == Engine::TensorRt;
        let usable = if rest { device.memory.clone() } else { device.memory.times(&share) };
        let usable = usable.named("usable memory");
        let weights = weights(shape, deployment);
        let activations = activations(shape, deployment);
        let overhead = overhead(deployment.engine);
        let free = usable.minus(&weights).minus(&activations).minus(&overhead);
        let free = if rest && free.value() > 0.0 { free.times(&share) } else { free };
        let free = free.named("memory left for caches");
        let cache = cache(shape, deployment, tokens);
        let groups = f64::from(groups(deployment));
        let none = Figure::input("nothing left", 0.0, Unit::of("B"), Source::Definition);
        let sequences = free.at_least(&none).over(&cache).floor();
        let sequences = match groups {
            1.0 => sequences,
            many => sequences.times(&Figure::input(
                "devices with sequences of their own",
                many,
                Unit::one(),
                Source::Stated,
            )),
        };
        Self {
            usable,
            weights,
            activations,
            overhead,
            free,
            cache,
            tokens: Figure::input(
                "tokens of a sequence",
                tokens,
                Unit::of("token"),
                Source::Stated,
            ),
            sequences: sequences.named("sequences at once"),
        }
    }

    /// Whether the weights fit and leave room for one sequence.
    pub fn fits(&self) -> bool {
        self.sequences.value() >= 1.0
    }

    /// What one device needs for one sequence, in `B`.
    pub fn least(&self) -> Figure {
        let parts = self.weights.plus(&self.activations).plus(&self.overhead).plus(&self.cache);
        parts.named("memory needed for one sequence")
    }
}

/// Bytes of the weights of a whole model in that form, on however many devices, without copies: what
/// [`freehold_catalog::Quantisation::weight_bytes`] comes to, with its arithmetic.
pub fn weight_bytes(shape: &Shape, format: &Format) -> Figure {
    let (dense, outer) = format.around(shape);
    let inner = bytes(&shape.dense(), &dense).plus(&bytes(&shape.routed(), format));
    inner.plus(&bytes(&shape.embeddings(), &outer)).named("weights")
}

/// Weights on one device: experts are dealt out; so are dense layers, unless each device keeps them
/// for the attention of its own sequences.
fn weights(shape: &Shape, deployment: &Deployment) -> Figure {
    let parts = parts(shape, deployment);
    parts.dense.plus(&parts.experts).plus(&parts.embeddings).named("weights on one device")
}

/// The bytes of the parts of a model on one device.
pub(crate) struct Parts {
    pub(crate) dense: Figure,
    pub(crate) experts: Figure,
    pub(crate) embeddings: Figure,
}

pub(crate) fn parts(shape: &Shape, deployment: &Deployment) -> Parts {
    let weights = &deployment.weights;
    let (dense, outer) = weights.around(shape);
    let dense = deployment.dense.as_ref().unwrap_or(&dense);
    let parallel = deployment.parallelism;
    let tensor = layout("devices of a tensor group", parallel.tensor);
    let stages = layout("stages", parallel.pipeline);
    let copies = if parallel.attention_by_data { None } else { Some(&tensor) };
    let shared = |bytes: Figure, among: Option<&Figure>, name: &str| {
        let among = among.map_or_else(|| bytes.clone(), |among| split(&bytes, among));
        split(&among, &stages).named(name)
    };
    Parts {
        dense: shared(bytes(&shape.dense(), dense), copies, "attention and dense weights"),
        experts: shared(bytes(&shape.routed(), weights), Some(&tensor), "expert weights"),
        embeddings: shared(bytes(&shape.embeddings(), &outer), Some(&tensor), "embeddings"),
    }
}

fn split(whole: &Figure, among: &Figure) -> Figure {
    if (among.value() - 1.0).abs() < f64::EPSILON { whole.clone() } else { whole.over(among) }
}

/// Cache of one sequence of that many tokens on one device.
pub(crate) fn cache(shape: &Shape, deployment: &Deployment, tokens: f64) -> Figure {
    let parallel = deployment.parallelism;
    let (numbers, states) = shape.kept(tokens);
    let name = format!("numbers in the cache of {tokens:.0} tokens");
    let numbers = Figure::input(name, numbers, Unit::of("weight"), shape.drawn.clone());
    let mut all = bytes(&numbers, &deployment.cache);
    if states > 0.0 {
        let name = "states of one sequence";
        all = all.plus(&Figure::input(name, states, Unit::of("B"), shape.drawn.clone()));
    }
    let among = if parallel.attention_by_data { 1 } else { shape.split(parallel.tensor) };
    let all = split(&all, &layout("devices that share a cache", among));
    split(&all, &layout("stages", parallel.pipeline)).named("cache of one sequence")
}

/// Sets of sequences side by side: one, or one for each device that attends on its own.
pub(crate) fn groups(deployment: &Deployment) -> u32 {
    let parallel = deployment.parallelism;
    if parallel.attention_by_data { parallel.tensor } else { 1 }
}

fn bytes(numbers: &Figure, format: &Format) -> Figure {
    let eight = Figure::input(
        "bits in a byte",
        8.0,
        Unit::of("weight").times(&Unit::per("bit", "B")),
        Source::Definition,
    );
    numbers.times(&format.bits).over(&eight)
}

fn layout(name: &str, count: u32) -> Figure {
    Figure::input(name, f64::from(count.max(1)), Unit::one(), Source::Stated)
}

/// vLLM's share of all memory and TensorRT-LLM's of free memory are .9 unless told otherwise;
/// llama.cpp takes what it needs, and a system needs a rest too.
fn usable(engine: Engine) -> Figure {
    let (title, address) = match engine {
        Engine::Batching => (
            "vLLM engine arguments: gpu_memory_utilization",
            "https://docs.vllm.ai/en/stable/configuration/engine_args/",
        ),
        Engine::TensorRt => (
            "TensorRT-LLM KV cache: free_gpu_memory_fraction",
            "https://nvidia.github.io/TensorRT-LLM/features/kvcache.html",
        ),
        Engine::LlamaCpp => {
            return Figure::between(
                "share of memory for the engine",
                0.9,
                (0.85, 0.95),
                Unit::one(),
                Source::assumed("the system and other programs need the rest"),
            );
        }
    };
    let source = Source::published(title, address, SEEN);
    Figure::between("share of memory for the engine", 0.9, (0.85, 0.95), Unit::one(), source)
}

/// NVIDIA's planner takes .55 GB as measured and 3.5 GiB to be safe.
fn overhead(engine: Engine) -> Figure {
    let unit = Unit::of("B");
    match engine {
        Engine::Batching | Engine::TensorRt => Figure::between(
            "driver, graphs and buffers",
            1.5e9,
            (0.55e9, 3.76e9),
            unit,
            Source::published(
                "NVIDIA aiconfigurator 0.12.0, systems/h100_sxm.yaml: other_mem",
                "https://github.com/ai-dynamo/aiconfigurator",
                SEEN,
            ),
        ),
        Engine::LlamaCpp => Figure::between(
            "driver and buffers",
            0.6e9,
            (0.3e9, 1.2e9),
            unit,
            Source::assumed("a driver's context and the compute buffers of a small batch"),
        ),
    }
}

/// A step's tokens at 16 bits times the tensors that are alive at once.
fn activations(shape: &Shape, deployment: &Deployment) -> Figure {
    let tokens = match deployment.engine {
        Engine::Batching | Engine::TensorRt => 8192.0,
        Engine::LlamaCpp => 512.0,
    };
    let step = Source::assumed("the engines' default for a step; more tokens take more");
    let tokens = Figure::input("tokens of a step", tokens, Unit::one(), step);
    let alive = Figure::between(
        "tensors alive at once, in widths of the model",
        8.0,
        (4.0, 16.0),
        Unit::one(),
        Source::assumed(
            "residual, normalised input, queries, keys, values and the feed-forward's inner width",
        ),
    );
    let width = Figure::input(
        "width of the model",
        f64::from(shape.geometry.hidden),
        Unit::of("weight"),
        shape.drawn.clone(),
    );
    bytes(&tokens.times(&alive).times(&width), &Format::sixteen()).named("activations")
}

const SEEN: &str = "2026-11-23";
