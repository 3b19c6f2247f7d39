//! What one replica serves, and its speed against requests in flight.

use serde::Serialize;

use crate::{
    Figure, Load, Source,
    calibrate::Calibration,
    machine::{Machine, longest},
    serve::{CannotServe, Service},
    speed::Replica,
};

/// A replica under a load.
#[derive(Debug, Clone, Serialize)]
pub struct Serving {
    /// Capacity, waits, energy.
    #[serde(flatten)]
    pub service: Service,
    /// Speed against requests in flight, from one to as many as fit.
    pub curve: Vec<Point>,
}

/// One point of speed against requests in flight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Requests in flight.
    pub in_flight: f64,
    /// Generated tokens a second, all together.
    pub generated: f64,
    /// Where they lie in [`crate::COVERAGE`] of cases.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Seconds between two tokens of a request.
    pub between_tokens: f64,
}

impl Serving {
    /// Of a machine; `measured` is what calibration found, `building` what the building adds to the
    /// devices' power.
    ///
    /// # Errors
    /// [`CannotServe`] where the model does not fit or nothing is known of the device.
    pub fn of(
        machine: &Machine,
        load: &Load,
        measured: Option<&Calibration>,
        building: &Figure,
    ) -> Result<Self, CannotServe> {
        let (shape, deployment) = (&machine.shape, &machine.deployment);
        let service = Service::of(shape, deployment, load, measured, building)?;
        let lengths = (load.input.mean(), load.output.mean().max(1.0));
        let kept = (load.prefix_hits, longest(load, shape));
        let mut replica = Replica::of(shape, deployment, lengths, kept)?;
        if let Some(calibration) = measured {
            replica = replica.measured(calibration);
        }
        Ok(Self { service, curve: curve(&replica) })
    }

    /// Whether all targets are met.
    pub fn meets(&self) -> bool {
        self.service.targets.iter().all(|target| target.met)
    }
}

/// From one request to as many as fit, doubling.
fn curve(of: &Replica) -> Vec<Point> {
    let room = of.room().max(1.0);
    let mut all = Vec::new();
    let mut at = 1.0;
    while at < room && all.len() < POINTS {
        all.push(point(of, at));
        at *= 2.0;
    }
    all.push(point(of, room));
    all
}

fn point(of: &Replica, at: f64) -> Point {
    let speed = of.with(at, Source::Definition);
    let generated = speed.generated.value();
    let ends = speed.generated.interval();
    Point {
        in_flight: at,
        generated,
        low: ends.map_or(generated, |ends| ends.low.max(0.0)),
        high: ends.map_or(generated, |ends| ends.high),
        between_tokens: speed.step.value(),
    }
}

/// Points of the curve, at most.
const POINTS: usize = 12;
