//! How long one step of an engine takes: the work over what the device reaches of its peaks.
//!
//! The formula is the same for every device and engine; what differs are its constants, which are
//! fitted. `docs/reference/plan-method.md` derives it.

use crate::quantity::Quantity;
use crate::work::Work;

/// What devices reach, and what programs add. The first four are shares of a peak.
#[derive(Debug, Clone)]
pub(crate) struct Constants<Q> {
    /// Of the arithmetic peak, in matrix products.
    pub compute: Q,
    /// Of the memory bandwidth, while weights are read.
    pub weights: Q,
    /// Of the memory bandwidth, while caches are read.
    pub cache: Q,
    /// Of the 16-bit peak, in attention.
    pub attention: Q,
    /// Of the links.
    pub links: Q,
    /// Bytes per second of normalisations, routing and the like.
    pub moving: Q,
    /// Seconds per exchange.
    pub exchange: Q,
    /// Seconds of the program per layer of a step.
    pub layer: Q,
    /// The same, more, where a step also reads prompts, which no captured graph covers.
    pub reading: Q,
    /// Seconds of the program per sequence of a step.
    pub sequence: Q,
    /// By how much longer a step takes whose devices wait for the busiest of them.
    pub waiting: Q,
    /// By how much longer products take whose weights are widened first.
    pub widening: Q,
    /// Share of the caches' memory that is in use on average.
    pub occupied: Q,
}

/// What is in one step of one stage.
#[derive(Debug, Clone)]
pub(crate) struct Batch<Q> {
    /// Sequences that get one more token.
    pub sequences: Q,
    /// Tokens of prompts that are read.
    pub read: Q,
    /// Share of steps that read prompts at all.
    pub reading: Q,
}

impl<Q: Quantity> Batch<Q> {
    /// The mean step of a stage in steady state, with that many sequences in flight: each needs
    /// `output` steps, and in each of them `input / output` tokens of new prompts are read.
    pub fn steady(in_flight: &Q, stages: &Q, input: &Q, output: &Q) -> Self {
        let sequences = in_flight.over(stages).named("sequences of a step");
        let read = sequences.times(input).over(output).named("prompt tokens of a step");
        let reading = sequences.over(output).at_most(&Q::number(1.0));
        Self { sequences, read, reading: reading.named("share of steps that read prompts") }
    }
}

/// Seconds of one step of one stage.
pub(crate) fn seconds<Q: Quantity>(
    work: &Work<Q>,
    constants: &Constants<Q>,
    batch: &Batch<Q>,
) -> Q {
    let tokens = batch.sequences.plus(&batch.read).named("tokens of a step");
    let read_at = work.bandwidth.times(&constants.weights).named("bandwidth for weights");
    let dense = product(
        &work.dense.over(&read_at),
        &work.dense_flop.times(&tokens).over(&work.dense_peak.times(&constants.compute)),
        work.dense_widened.then_some(&constants.widening),
    )
    .named("dense layers");
    let output = work
        .output
        .over(&read_at)
        .plus(
            &work
                .output_flop
                .times(&batch.sequences)
                .over(&work.wide_peak.times(&constants.compute)),
        )
        .named("output layer in a step");
    let mut parts = attention(work, constants, batch);
    let mut experts = work.experts.value() > 0.0;
    experts &= work.expert_count.value() > 0.0;
    if experts {
        let touched = touched(work, &tokens);
        parts = parts.plus(
            &product(
                &work.experts.times(&touched).over(&read_at),
                &work.expert_flop.times(&tokens).over(&work.expert_peak.times(&constants.compute)),
                work.experts_widened.then_some(&constants.widening),
            )
            .named("experts"),
        );
    }
    if work.by_data {
        parts =
            parts.times(&constants.waiting).named("attention and experts, the busiest device's");
    }
    let mut all = parts.plus(&dense).plus(&output);
    all = all
        .plus(&work.moved.times(&tokens).over(&constants.moving).named("normalisation, routing"));
    if work.exchanges.value() > 0.0 {
        let links = work.links.over(&Q::number(2.0)).times(&constants.links);
        let sent = work.exchanged.times(&tokens).over(&links.named("links, one direction"));
        let exchange = sent.plus(&work.exchanges.times(&constants.exchange));
        all = all.plus(&exchange.named("exchange between devices"));
    }
    both(&all.named("device busy"), &program(work, constants, batch)).named("a step")
}

/// Weights are read and multiplied in turn; what must be widened first takes longer.
fn product<Q: Quantity>(read: &Q, multiplied: &Q, widening: Option<&Q>) -> Q {
    let both = read.plus(multiplied);
    widening.map_or(both.clone(), |widening| both.times(widening))
}

/// The share of experts that at least one of the tokens uses, if each picks at random:
/// `1 − (1 − used / count) ^ tokens`.
fn touched<Q: Quantity>(work: &Work<Q>, tokens: &Q) -> Q {
    let one = Q::number(1.0);
    let left = one.minus(&work.expert_used.over(&work.expert_count));
    one.minus(&left.power(tokens)).named("share of experts that a step touches")
}

/// Reading the caches or computing with them, whichever is slower, and computing over prompts.
fn attention<Q: Quantity>(work: &Work<Q>, constants: &Constants<Q>, batch: &Batch<Q>) -> Q {
    let peak = work.wide_peak.times(&constants.attention).named("peak of attention");
    let read = work.cache.over(&work.bandwidth.times(&constants.cache));
    let computed = work.attend_flop.over(&peak);
    let each = read.at_least(&computed).named("attention, per generated token");
    let prompts = work.read_flop.times(&batch.read).over(&peak);
    batch.sequences.times(&each).plus(&prompts).named("attention")
}

/// The program's own time: per layer, and per sequence.
fn program<Q: Quantity>(work: &Work<Q>, constants: &Constants<Q>, batch: &Batch<Q>) -> Q {
    let layer = constants.layer.plus(&constants.reading.times(&batch.reading));
    let sequences = constants.sequence.times(&batch.sequences);
    layer.times(&work.layers).plus(&sequences).named("program")
}

/// The program runs ahead of the device and is partly hidden: the root of the sum of squares lies
/// between all of it hidden (the longer of both) and none (their sum).
fn both<Q: Quantity>(device: &Q, program: &Q) -> Q {
    let share = program.over(device);
    let one = Q::number(1.0);
    let longer = one.plus(&share.times(&share)).power(&Q::number(0.5));
    device.times(&longer)
}
