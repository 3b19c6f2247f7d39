//! What fine-tuning takes: how many parameters are trained, and how much memory.

mod room;
#[cfg(test)]
mod tests;

pub use room::{Narrower, Room};

use freehold_catalog::KvGroup;
use serde::{Deserialize, Serialize};

use crate::shape::{Shape, nothing, weight};
use crate::{Figure, Format, Source, Unit};

/// How a model is tuned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tuning {
    /// What is trained.
    pub method: Method,
    /// Sequences of a step.
    pub batch: u32,
    /// Tokens of a sequence.
    pub sequence: u32,
    /// Keep only what enters each layer, and compute the rest again on the way back.
    pub checkpointing: bool,
    /// Compute the loss in eight pieces, so that scores of all words for all tokens are never there
    /// at once.
    pub chunked_loss: bool,
    /// Bytes of one trained parameter, of its gradient, and of each of the optimizer's two moments.
    pub trained: Bytes,
}

/// What is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every parameter, at 16 bits, with a 32-bit copy for the optimizer.
    Full,
    /// Two narrow matrices beside each linear layer of attention and feed-forward, the rest frozen at
    /// 16 bits.
    LoRa {
        /// Width of the narrow matrices.
        rank: u32,
    },
    /// The same, with the frozen linear layers in NF4.
    QLoRa {
        /// Width of the narrow matrices.
        rank: u32,
    },
}

/// Bytes of what belongs to a trained parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// The parameter.
    pub parameter: u32,
    /// Its gradient.
    pub gradient: u32,
    /// Each of AdamW's two moments: 4, or 2 beside 16-bit parameters, or 1 in an 8-bit optimizer.
    pub moment: u32,
}

/// What it takes.
#[derive(Debug, Clone, Serialize)]
pub struct Training {
    /// Parameters that are trained.
    pub trained: Figure,
    /// Their share of all, those added included, as PEFT counts.
    pub share: Figure,
    /// Frozen or trained weights, in `B`.
    pub weights: Figure,
    /// Parameters beside them, gradients and moments, in `B`.
    pub optimizer: Figure,
    /// What is kept for the way back, in `B`.
    pub activations: Figure,
    /// The largest matrix at 16 bits, where weights are kept in fewer, in `B`.
    pub widened: Figure,
    /// The program, in `B`.
    pub overhead: Figure,
    /// All of it, in `B`.
    pub memory: Figure,
}

/// Why the trained share cannot be told exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untold {
    /// Latent attention and states have projections that the catalogue's shapes do not describe.
    #[error("the catalogue does not describe the projections of this model's attention")]
    Attention,
    /// The width of the feed-forward layers is not known.
    #[error("the catalogue does not know the width of this model's feed-forward layers")]
    FeedForward,
}

impl Tuning {
    /// A step of one sequence of 2,048 tokens with checkpointing; trained parameters, gradients and
    /// moments at 32 bits, as PEFT and Transformers have them.
    pub fn usual(method: Method) -> Self {
        let trained = Bytes { parameter: 4, gradient: 4, moment: 4 };
        Self { method, batch: 1, sequence: 2048, checkpointing: true, chunked_loss: false, trained }
    }
}

impl Training {
    /// What tuning takes on one device.
    ///
    /// # Errors
    /// [`Untold`] where the shape does not say which linear layers there are.
    pub fn of(shape: &Shape, tuning: &Tuning) -> Result<Self, Untold> {
        let (trained, share) = trained(shape, tuning.method)?;
        let weights = weights(shape, tuning.method);
        let optimizer = optimizer(&trained, tuning);
        let activations = activations(shape, tuning)?;
        let overhead = overhead();
        let widened = widened(shape, tuning.method)?;
        let memory = Figure::sum(
            vec![
                weights.clone(),
                optimizer.clone(),
                activations.clone(),
                widened.clone(),
                overhead.clone(),
            ],
            Unit::of("B"),
        );
        let memory = memory.named("memory for tuning");
        Ok(Self { trained, share, weights, optimizer, activations, widened, overhead, memory })
    }
}

/// Linear layers of attention and feed-forward, as sums over the model: of inputs plus outputs, by
/// which narrow matrices grow, and of inputs times outputs.
struct Linear {
    sides: f64,
    area: f64,
    largest: f64,
}

fn linear(shape: &Shape) -> Result<Linear, Untold> {
    let geometry = &shape.geometry;
    let hidden = f64::from(geometry.hidden);
    let mut all = Linear { sides: 0.0, area: 0.0, largest: 0.0 };
    let mut add = |layers: f64, input: f64, output: f64| {
        all.sides += layers * (input + output);
        all.area += layers * input * output;
        all.largest = all.largest.max(input * output);
    };
    for group in &geometry.kv {
        let KvGroup::Grouped { layers, kv_heads, head_dim, value_dim, .. } = group else {
            return Err(Untold::Attention);
        };
        let (layers, head) = (f64::from(*layers), f64::from(*head_dim));
        let value = f64::from(value_dim.unwrap_or(*head_dim));
        let (heads, pairs) = (f64::from(geometry.heads), f64::from(*kv_heads));
        add(layers, hidden, heads * head);
        add(layers, hidden, pairs * head);
        add(layers, hidden, pairs * value);
        add(layers, heads * value, hidden);
    }
    let with_experts = f64::from(shape.expert_layers());
    let dense = f64::from(geometry.layers) - with_experts;
    if let Some(experts) = &geometry.experts {
        let inner = f64::from(experts.intermediate.ok_or(Untold::FeedForward)?);
        let count = with_experts * f64::from(experts.count + experts.shared);
        add(2.0 * count, hidden, inner);
        add(count, inner, hidden);
    }
    if dense > 0.0 {
        let inner = f64::from(geometry.intermediate.ok_or(Untold::FeedForward)?);
        add(2.0 * dense, hidden, inner);
        add(dense, inner, hidden);
    }
    Ok(all)
}

fn trained(shape: &Shape, method: Method) -> Result<(Figure, Figure), Untold> {
    let all = shape.parameters();
    let (Method::LoRa { rank } | Method::QLoRa { rank }) = method else {
        let one = Figure::number(1.0).named("share of parameters that are trained");
        return Ok((all.named("parameters that are trained"), one));
    };
    let sides = linear(shape)?.sides;
    let sides = Figure::input(
        "inputs and outputs of all linear layers",
        sides,
        weight(),
        shape.drawn.clone(),
    );
    let rank = Figure::input("rank", f64::from(rank), Unit::one(), Source::Stated);
    let trained = sides.times(&rank).named("parameters that are trained");
    let share = trained.over(&all.plus(&trained)).named("share of parameters that are trained");
    Ok((trained, share))
}

fn weights(shape: &Shape, method: Method) -> Figure {
    let form = if matches!(method, Method::QLoRa { .. }) { "nf4" } else { "bf16" };
    let known = Format::built_in(form);
    let bytes = known.map(|format| crate::memory::weight_bytes(shape, &format));
    bytes.unwrap_or_else(nothing)
}

/// The trained parameters beside the weights, gradients and two moments each. Full tuning trains the
/// weights themselves, with 32-bit copies beside them.
fn optimizer(trained: &Figure, tuning: &Tuning) -> Figure {
    let per = Unit::per("B", "weight");
    let size =
        |name: &str, bytes: u32, source| Figure::input(name, f64::from(bytes), per.clone(), source);
    let bytes = tuning.trained;
    let parameter = match tuning.method {
        Method::Full => "bytes of a 32-bit copy",
        _ => "bytes of a trained parameter",
    };
    let two = Figure::number(2.0);
    let each = size(parameter, bytes.parameter, Source::Stated)
        .plus(&size("bytes of a gradient", bytes.gradient, Source::Stated))
        .plus(&two.times(&size("bytes of a moment", bytes.moment, Source::Stated)));
    trained.times(&each).named("trained parameters, gradients, moments")
}

/// A matrix at a time is widened to 16 bits before it is multiplied.
fn widened(shape: &Shape, method: Method) -> Result<Figure, Untold> {
    if !matches!(method, Method::QLoRa { .. }) {
        return Ok(Figure::input("no matrix is widened", 0.0, Unit::of("B"), Source::Definition));
    }
    let bytes = 2.0 * linear(shape)?.largest;
    Ok(Figure::input("largest matrix, widened", bytes, Unit::of("B"), shape.drawn.clone()))
}

/// With checkpointing two bytes for each value between layers, and one layer in full; without it all
/// layers in full. The scores of all words are there at 16 and at 32 bits.
fn activations(shape: &Shape, tuning: &Tuning) -> Result<Figure, Untold> {
    let geometry = &shape.geometry;
    let tokens = f64::from(tuning.batch) * f64::from(tuning.sequence);
    let tokens = Figure::input("tokens of a step", tokens, Unit::one(), Source::Stated);
    let layers = f64::from(geometry.layers);
    let hidden = f64::from(geometry.hidden);
    let drawn =
        |name: &str, value: f64| Figure::input(name, value, Unit::of("B"), shape.drawn.clone());
    let between = drawn("kept between layers, per token", 2.0 * hidden * layers);
    let full = drawn("kept within a layer, per token", within(shape)?);
    let spread = Figure::between(
        "what programs keep besides, as a factor",
        1.0,
        (0.7, 1.6),
        Unit::one(),
        Source::assumed("kernels differ in what they keep and what they compute again"),
    );
    let kept = if tuning.checkpointing {
        between.plus(&full)
    } else {
        full.times(&Figure::input("layers", layers, Unit::one(), shape.drawn.clone()))
    };
    let pieces = if tuning.chunked_loss { 8.0 } else { 1.0 };
    let pieces = Figure::input("pieces of the loss", pieces, Unit::one(), Source::Stated);
    let words = f64::from(geometry.vocab.unwrap_or(0));
    let scores = drawn("scores of all words, per token", words * (2.0 + 4.0)).over(&pieces);
    Ok(tokens.times(&kept.times(&spread).plus(&scores)).named("activations"))
}

/// Two bytes each of: normalised inputs, queries, keys, values, attention's result and both residuals;
/// gate, up, their product and the activation. Attention's scores are not kept (flash attention).
fn within(shape: &Shape) -> Result<f64, Untold> {
    let geometry = &shape.geometry;
    let hidden = f64::from(geometry.hidden);
    let heads = f64::from(geometry.heads + 2 * geometry.kv_heads) * f64::from(geometry.head_dim);
    let experts = geometry.experts.as_ref();
    let inner = match experts {
        Some(experts) => {
            let used = f64::from(experts.per_token + experts.shared);
            used * f64::from(experts.intermediate.ok_or(Untold::FeedForward)?)
        }
        None => f64::from(geometry.intermediate.ok_or(Untold::FeedForward)?),
    };
    Ok(2.0 * (5.0 * hidden + heads + 4.0 * inner))
}

fn overhead() -> Figure {
    Figure::between(
        "driver and libraries",
        0.55e9,
        (0.4e9, 1.5e9),
        Unit::of("B"),
        Source::published(
            "NVIDIA aiconfigurator 0.12.0, systems/h100_sxm.yaml: other_mem",
            "https://github.com/ai-dynamo/aiconfigurator",
            "2026-11-23",
        ),
    )
}
