//! What one step of an engine has to do, counted from the shape and the layout: bytes to read,
//! operations, bytes to exchange. No constant of this file is fitted.

use crate::inputs::{Deployment, Precision};
use crate::memory::{cache, parts};
use crate::quantity::Quantity;
use crate::shape::{Shape, Unknown};
use crate::{Figure, Source, Unit};

/// The work of a step on one device of one stage. Sequences and tokens of a step are bare counts.
#[derive(Debug, Clone)]
pub(crate) struct Work<Q> {
    /// Bytes read in any step: attention and dense layers.
    pub dense: Q,
    /// Bytes of the output layer.
    pub output: Q,
    /// Bytes of all experts, which a step reads as far as its tokens touch them.
    pub experts: Q,
    /// Experts per layer, and how many of them a token uses.
    pub expert_count: Q,
    pub expert_used: Q,
    /// Operations per token, on this device.
    pub dense_flop: Q,
    pub expert_flop: Q,
    /// Operations per generated token in the output layer.
    pub output_flop: Q,
    /// Operations of attention per generated and per read token.
    pub attend_flop: Q,
    pub read_flop: Q,
    /// Cache read per generated token.
    pub cache: Q,
    /// Bytes that normalisations, routing and the like move per token.
    pub moved: Q,
    /// Bytes that leave this device per token.
    pub exchanged: Q,
    /// Exchanges per step.
    pub exchanges: Q,
    /// Layers of this stage.
    pub layers: Q,
    /// The device: bytes per second, peaks in operations per second, links in bytes per second.
    pub bandwidth: Q,
    pub dense_peak: Q,
    pub expert_peak: Q,
    pub wide_peak: Q,
    pub links: Q,
    /// Stages of the pipeline, each with its share of the sequences.
    pub stages: Q,
    /// Numbers are widened before they are multiplied.
    pub dense_widened: bool,
    pub experts_widened: bool,
    /// Each device attends to its own sequences.
    pub by_data: bool,
}

impl Work<Figure> {
    /// Counted for prompts of `input` tokens of which `output` are generated on average.
    ///
    /// # Errors
    /// [`Unknown::Compute`] where no speed of the device is known.
    pub fn of(
        shape: &Shape,
        deployment: &Deployment,
        input: f64,
        output: f64,
    ) -> Result<Self, Unknown> {
        let device = &deployment.device;
        let dense_form = deployment.dense.as_ref().unwrap_or(&deployment.weights);
        let peak = |precision| device.peak(precision).cloned().ok_or(Unknown::Compute);
        let wide_peak = peak(Precision::Bf16)?;
        let (dense_peak, expert_peak) =
            (peak(dense_form.computes)?, peak(deployment.weights.computes)?);
        let parallel = deployment.parallelism;
        let tensor = counted("devices of a tensor group", f64::from(parallel.tensor));
        let stages = counted("stages", f64::from(parallel.pipeline));
        let mine = tensor.times(&stages);
        let twice = flop_per_weight();
        let flop = |weights: &Figure, name: &str| weights.times(&twice).over(&mine).named(name);
        let parts = parts(shape, deployment);
        let head = output_bytes(shape, deployment).over(&mine).named("output layer");
        let context = input + output / 2.0;
        let kept = cache(shape, deployment, context);
        let kept = if parallel.attention_by_data { kept.over(&tensor) } else { kept };
        let attend = shape.attention(context);
        let read = shape.attention_reading(input);
        let experts = shape.geometry.experts.as_ref();
        let counts = |count: Option<u32>| f64::from(count.unwrap_or(1));
        Ok(Self {
            dense: parts.dense,
            output: head,
            experts: parts.experts,
            expert_count: shape.drawn("experts per layer", counts(experts.map(|all| all.count))),
            expert_used: shape.drawn("experts per token", counts(experts.map(|all| all.per_token))),
            dense_flop: flop(&shape.dense(), "operations per token, dense layers"),
            expert_flop: flop(&shape.used(), "operations per token, experts"),
            output_flop: flop(&shape.output(), "operations per generated token, output layer"),
            attend_flop: operations("attention per generated token", attend, shape).over(&mine),
            read_flop: operations("attention per read token", read, shape).over(&mine),
            cache: kept.named("cache read per generated token"),
            moved: moved(shape, deployment).over(&stages).named("bytes moved per token"),
            exchanged: exchanged(shape, deployment),
            exchanges: exchanges(shape, deployment),
            layers: shape
                .drawn("layers", shape.geometry.layers)
                .over(&stages)
                .named("layers of a stage"),
            bandwidth: device.bandwidth.clone(),
            dense_peak,
            expert_peak,
            wide_peak,
            links: device.links(),
            stages,
            dense_widened: !device.knows(dense_form),
            experts_widened: !device.knows(&deployment.weights),
            by_data: parallel.attention_by_data,
        })
    }

    /// The same as bare numbers.
    pub fn values(&self) -> Work<f64> {
        self.map(Figure::value)
    }
}

impl<Q: Quantity> Work<Q> {
    fn map<R>(&self, to: impl Fn(&Q) -> R) -> Work<R> {
        Work {
            dense: to(&self.dense),
            output: to(&self.output),
            experts: to(&self.experts),
            expert_count: to(&self.expert_count),
            expert_used: to(&self.expert_used),
            dense_flop: to(&self.dense_flop),
            expert_flop: to(&self.expert_flop),
            output_flop: to(&self.output_flop),
            attend_flop: to(&self.attend_flop),
            read_flop: to(&self.read_flop),
            cache: to(&self.cache),
            moved: to(&self.moved),
            exchanged: to(&self.exchanged),
            exchanges: to(&self.exchanges),
            layers: to(&self.layers),
            bandwidth: to(&self.bandwidth),
            dense_peak: to(&self.dense_peak),
            expert_peak: to(&self.expert_peak),
            wide_peak: to(&self.wide_peak),
            links: to(&self.links),
            stages: to(&self.stages),
            dense_widened: self.dense_widened,
            experts_widened: self.experts_widened,
            by_data: self.by_data,
        }
    }
}

fn counted(name: &str, value: f64) -> Figure {
    Figure::input(name, value, Unit::one(), Source::Stated)
}

fn operations(name: &str, value: f64, shape: &Shape) -> Figure {
    Figure::input(name, value, Unit::of("FLOP"), shape.drawn.clone())
}

fn flop_per_weight() -> Figure {
    let unit = Unit::per("FLOP", "weight");
    Figure::input("operations per weight and token", 2.0, unit, Source::Definition)
}

fn output_bytes(shape: &Shape, deployment: &Deployment) -> Figure {
    let bits = deployment.weights.around(shape).1.bits;
    let unit = Unit::of("weight").times(&Unit::per("bit", "B"));
    let eight = Figure::input("bits in a byte", 8.0, unit, Source::Definition);
    shape.output().times(&bits).over(&eight)
}

fn bytes(name: &str, value: f64, source: &Source) -> Figure {
    Figure::input(name, value, Unit::of("B"), source.clone())
}

/// Two bytes for each value of the residual stream and layer, and for what goes into, through and out
/// of each expert that a token uses. Tensor parallelism repeats the former on every device.
fn moved(shape: &Shape, deployment: &Deployment) -> Figure {
    let geometry = &shape.geometry;
    let parallel = deployment.parallelism;
    let hidden = f64::from(geometry.hidden);
    let stream = bytes(
        "residual stream over all layers",
        2.0 * hidden * f64::from(geometry.layers),
        &shape.drawn,
    );
    let tensor = counted("devices of a tensor group", f64::from(parallel.tensor));
    let stream = if parallel.attention_by_data { stream.over(&tensor) } else { stream };
    let Some(experts) = &geometry.experts else { return stream };
    let each = 2.0 * (2.0 * hidden + 3.0 * f64::from(shape.expert_width()));
    let through = each * f64::from(experts.per_token) * f64::from(shape.expert_layers());
    let through = bytes("into, through and out of experts, all layers", through, &shape.drawn);
    stream.plus(&through.over(&tensor))
}

/// Tensor parallelism adds up 16-bit sums over all devices twice a layer, in a ring: 2·(n − 1)/n of
/// them pass each device. Experts that are dealt out get each token sent, in 8 bits, to as many
/// devices as it uses experts, and give it back in 16.
fn exchanged(shape: &Shape, deployment: &Deployment) -> Figure {
    let geometry = &shape.geometry;
    let parallel = deployment.parallelism;
    let devices = f64::from(parallel.tensor);
    let stages = f64::from(parallel.pipeline.max(1));
    let others = (devices - 1.0) / devices.max(1.0);
    let hidden = f64::from(geometry.hidden);
    let value = if parallel.attention_by_data {
        let sent = geometry.experts.as_ref().map_or(0, |experts| experts.per_token);
        let sent = f64::from(sent).min(devices);
        let layers = f64::from(shape.expert_layers()) / stages;
        layers / devices.max(1.0) * hidden * 3.0 * sent * others
    } else {
        f64::from(geometry.layers) / stages * 2.0 * hidden * 2.0 * 2.0 * others
    };
    bytes("bytes exchanged per token", value, &shape.drawn)
}

fn exchanges(shape: &Shape, deployment: &Deployment) -> Figure {
    let parallel = deployment.parallelism;
    let layers = f64::from(shape.geometry.layers) / f64::from(parallel.pipeline.max(1));
    let count = if parallel.tensor > 1 { 2.0 * layers } else { 0.0 };
    shape.drawn("exchanges per step", count)
}
