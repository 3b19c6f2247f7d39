//! What a load needs: how many replicas, and how long people wait with that many.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::calibrate::Calibration;
use crate::inputs::{Deployment, Load};
use crate::shape::{Shape, Unknown};
use crate::speed::{Replica, Speed};
use crate::{Figure, Source, Unit};

/// A load on a deployment.
#[derive(Debug, Clone, Serialize)]
pub struct Service {
    /// Requests per second that one replica answers within the targets, in `request/s`.
    pub capacity: Figure,
    /// What limits it.
    pub limit: Limit,
    /// How far a replica is loaded in the busiest hour at most, so that bursts find room.
    pub utilisation: Figure,
    /// Replicas for the busiest hour.
    pub replicas: Figure,
    /// Devices of all replicas.
    pub devices: Figure,
    /// The speed of a replica in the busiest hour.
    pub busy: Speed,
    /// Seconds to the first token in the busiest hour: the mean, and what 95 of 100 stay below.
    pub first_token: Figure,
    /// The 95th percentile.
    pub first_token_p95: Figure,
    /// Whether the targets are met; a target that one request alone does not meet is met by no number
    /// of replicas.
    pub targets: Vec<Target>,
    /// Electric power of all devices over the day, in `W`, where the device's is known.
    pub power: Option<Figure>,
    /// Energy per million generated tokens, in `Wh`.
    pub energy: Option<Figure>,
}

/// What keeps a replica from answering more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Caches fill the memory.
    Memory,
    /// More in flight would make tokens come too slowly.
    BetweenTokens,
    /// More in flight would make the first token come too late.
    FirstToken,
}

/// A target and whether it is met.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    /// Which one: `first_token` or `between_tokens`.
    pub of: &'static str,
    /// In seconds.
    pub wanted: f64,
    /// In seconds, in the busiest hour.
    pub expected: f64,
    /// Whether it is met.
    pub met: bool,
}

/// Why a deployment cannot carry a load at all.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CannotServe {
    /// It does not fit.
    #[error("one sequence needs {needed:.1} GB on each device, which has {usable:.1} GB to use")]
    Memory {
        /// Gigabytes for one sequence.
        needed: f64,
        /// Gigabytes that an engine may take.
        usable: f64,
    },
    /// Something of the device is unknown.
    #[error(transparent)]
    Unknown(#[from] Unknown),
}

impl Service {
    /// The load on replicas of that deployment; `measured` is what calibration found; `building` is what the building adds to the devices' power.
    ///
    /// # Errors
    /// [`CannotServe`] where the model does not fit or nothing is known of the device.
    pub fn of(
        shape: &Shape,
        deployment: &Deployment,
        load: &Load,
        measured: Option<&Calibration>,
        building: &Figure,
    ) -> Result<Self, CannotServe> {
        let (input, output) = (load.input.mean(), load.output.mean().max(1.0));
        let longest = load.input.p95.max(input) + load.output.p95.max(output);
        let lengths = (load.prefix_hits, longest);
        let mut replica = Replica::of(shape, deployment, (input, output), lengths)?;
        if let Some(calibration) = measured {
            replica = replica.measured(calibration);
        }
        if !replica.memory.fits() {
            return Err(CannotServe::Memory {
                needed: replica.memory.least().value() / 1e9,
                usable: replica.memory.usable.value() / 1e9,
            });
        }
        Ok(Self::with(&replica, deployment, load, building))
    }

    fn with(replica: &Replica, deployment: &Deployment, load: &Load, building: &Figure) -> Self {
        let (most, limit) = most(replica, load);
        let utilisation = utilisation();
        let per = Unit::per("request", "s");
        let at_most = replica.with(most, limit_source(limit));
        let answer = Figure::input(
            "tokens generated for a request",
            replica.lengths().1,
            Unit::per("token", "request"),
            Source::Stated,
        );
        let capacity = at_most.generated.over(&answer).named("requests that a replica answers");
        let peak = Figure::input("requests in the busiest hour", load.peak(), per, Source::Stated);
        let one = Figure::input("at least one", 1.0, Unit::one(), Source::Definition);
        let replicas = peak.over(&capacity.times(&utilisation)).ceiling().at_least(&one);
        let replicas = replicas.named("replicas");
        let each = Figure::input(
            "devices of a replica",
            f64::from(deployment.parallelism.devices()),
            Unit::one(),
            Source::Stated,
        );
        let in_flight = in_flight(replica, load.peak() / replicas.value(), most);
        let busy = replica.with(in_flight, solved());
        let (mean, p95) = waits(replica, &busy, load.peak() / replicas.value());
        let power = power(replica, deployment, load, &replicas, building);
        let energy = power.as_ref().and_then(|power| energy(power, load, replica.lengths().1));
        let targets = targets(load, &busy, &p95);
        Self {
            capacity,
            limit,
            utilisation,
            devices: replicas.times(&each).named("devices"),
            replicas,
            busy,
            first_token: mean,
            first_token_p95: p95,
            targets,
            power,
            energy,
        }
    }
}

/// A target, what it limits, and the time that must stay below it with that many in flight.
type Bound<'a> = (Option<f64>, Limit, &'a dyn Fn(f64) -> f64);

/// The most in flight that memory holds and the targets allow, at least one; and what limits it.
fn most(replica: &Replica, load: &Load) -> (f64, Limit) {
    let room = replica.room();
    let mut most = (room, Limit::Memory);
    let off = replica.first_token_error().value();
    let late = |in_flight: f64| {
        let busy = replica.rate(in_flight) * replica.reading(in_flight).1;
        let (whole, extra) = replica.reading(in_flight);
        let step = replica.step(in_flight);
        off * (TAIL * first_token_wait(extra, step, busy.min(LOADED)) + whole.value())
    };
    let bounds: [Bound<'_>; 2] = [
        (load.between_tokens, Limit::BetweenTokens, &|in_flight| replica.step(in_flight)),
        (load.first_token, Limit::FirstToken, &late),
    ];
    for (target, limit, time) in bounds {
        let Some(target) = target else { continue };
        let within = largest(most.0, |in_flight| time(in_flight) <= target);
        if within < most.0 {
            most = (within, limit);
        }
    }
    (most.0.max(1.0_f64.min(room)), most.1)
}

/// The largest number from 1 to `most` for which it holds, where it holds for all smaller ones; 1
/// where it holds for none.
fn largest(most: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if most <= 1.0 || holds(most) {
        return most;
    }
    let (mut low, mut high) = (1.0, most);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}

/// Requests in flight at that rate: as many as arrive while one is answered (Little), which takes the
/// longer the more there are.
fn in_flight(replica: &Replica, rate: f64, most: f64) -> f64 {
    let (mut low, mut high) = (0.0, most);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if replica.rate(middle.max(1e-6)) < rate { low = middle } else { high = middle }
    }
    high.max(1e-6)
}

/// Seconds to the first token: half the step that runs when a request arrives, the wait for prompts
/// before it, and its own prompt's step.
pub(crate) fn first_token(whole: f64, extra: f64, step: f64, busy: f64) -> f64 {
    first_token_wait(extra, step, busy) + whole
}

/// Prompts arrive at random and each takes the device for the same time: Pollaczek and Khinchine's
/// mean wait, `busy × extra / (2 × (1 − busy))`.
fn first_token_wait(extra: f64, step: f64, busy: f64) -> f64 {
    step / 2.0 + busy * extra / (2.0 * (1.0 - busy))
}

fn waits(replica: &Replica, speed: &Speed, rate: f64) -> (Figure, Figure) {
    let in_flight = speed.in_flight.value();
    let (whole, extra) = replica.reading(in_flight);
    let busy = Figure::input(
        "share of time that reading prompts takes",
        (rate * extra).min(LOADED),
        Unit::one(),
        Source::assumed("requests per second × what a prompt adds to a step"),
    );
    let extra = Figure::input(
        "what a prompt adds to a step",
        extra,
        Unit::of("s"),
        Source::assumed("the step with it less the step without it"),
    );
    let two = Figure::number(2.0);
    let one = Figure::number(1.0);
    let queue = busy.times(&extra).over(&two.times(&one.minus(&busy)));
    let wait = speed.step.over(&two).plus(&queue).named("wait before reading");
    let off = replica.first_token_error();
    let tail = Figure::input(
        "95th percentile of a wait over its mean",
        TAIL,
        Unit::one(),
        Source::assumed("waits with an exponential tail: ln 20"),
    );
    let mean = wait.plus(&whole).times(&off).named("time to the first token, mean");
    let p95 = wait.times(&tail).plus(&whole).times(&off);
    (mean, p95.named("time to the first token, 95th percentile"))
}

fn targets(load: &Load, busy: &Speed, first: &Figure) -> Vec<Target> {
    let target = |of, wanted: Option<f64>, expected: f64| {
        let wanted = wanted?;
        // The search stops within a rounding error of a target.
        Some(Target { of, wanted, expected, met: expected <= wanted * (1.0 + 1e-6) })
    };
    [
        target("first_token", load.first_token, first.value()),
        target("between_tokens", load.between_tokens, busy.step.value()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Waits grow as 1 / (1 − utilisation): at .8 they are five times those of an idle replica.
fn utilisation() -> Figure {
    Figure::input(
        "how far a replica is loaded at most",
        0.8,
        Unit::one(),
        Source::assumed("waits grow as 1 / (1 − load); the rest is for bursts and repairs"),
    )
}

fn limit_source(limit: Limit) -> Source {
    Source::assumed(match limit {
        Limit::Memory => "as many as fit in memory",
        Limit::BetweenTokens => "the most for which tokens still come within the target",
        Limit::FirstToken => "the most for which the first token still comes within the target",
    })
}

fn solved() -> Source {
    Source::assumed("solves: in flight = requests per second × time of an answer (Little's law)")
}

/// A replica draws `idle` when nothing is in flight and between the shares that were measured for one
/// and for many requests in flight else.
fn power(
    replica: &Replica,
    deployment: &Deployment,
    load: &Load,
    replicas: &Figure,
    building: &Figure,
) -> Option<Figure> {
    let full = deployment.device.power.clone()?;
    let each = load.mean() / replicas.value();
    let room = replica.room();
    let in_flight = in_flight(replica, each, room);
    let busy = Figure::input(
        "share of time with requests in flight",
        in_flight.min(1.0),
        Unit::one(),
        solved(),
    );
    let loaded =
        Figure::input("share of room in use", (in_flight / room).min(1.0), Unit::one(), solved());
    let silybench = || {
        Source::published(
            "silybench: power of an H100 under load, Qwen3-8B, vLLM 0.30",
            "https://github.com/tgarg01/silybench-data",
            "2026-11-23",
        )
    };
    let share =
        |name: &str, value, ends, source| Figure::between(name, value, ends, Unit::one(), source);
    let few = share("power with one request, of full power", 0.6, (0.55, 0.65), silybench());
    let many = share("power with many requests, of full power", 0.96, (0.92, 0.99), silybench());
    let idle = share(
        "power when idle, of full power",
        0.15,
        (0.08, 0.3),
        Source::assumed("memory and links stay on; nobody was found to state it for this device"),
    );
    let one = Figure::number(1.0);
    let active = few.plus(&many.minus(&few).times(&loaded.power(&Figure::number(0.5))));
    let mean = idle.times(&one.minus(&busy)).plus(&active.times(&busy));
    let devices = Figure::input(
        "devices of a replica",
        f64::from(deployment.parallelism.devices()),
        Unit::one(),
        Source::Stated,
    );
    let all = full.times(&mean.named("mean power, of full power")).times(&devices).times(replicas);
    Some(all.times(building).named("power, mean over the day"))
}

/// Watt-hours for a million generated tokens.
fn energy(power: &Figure, load: &Load, output: f64) -> Option<Figure> {
    if load.mean() <= 0.0 {
        return None;
    }
    let unit = Unit::per("request", "s");
    let rate =
        Figure::input("requests per second, mean over the day", load.mean(), unit, Source::Stated);
    let answer = Figure::input(
        "tokens generated for a request",
        output,
        Unit::per("token", "request"),
        Source::Stated,
    );
    let hour = Figure::input("seconds in an hour", 3600.0, Unit::per("s", "h"), Source::Definition);
    let million =
        Figure::input("tokens in a million", 1e6, Unit::per("token", "Mtoken"), Source::Definition);
    let generated = rate.times(&answer).over(&million).times(&hour);
    Some(power.over(&generated).named("energy for a million generated tokens"))
}

/// ln 20.
const TAIL: f64 = 2.995_732_273_553_991;

/// No queue is computed beyond this load.
pub(crate) const LOADED: f64 = 0.95;
