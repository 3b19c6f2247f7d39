//! Whether tuning fits on the devices of a plan, and what would if it does not.

use serde::Serialize;

use super::{Method, Training, Tuning};
use crate::{Figure, Shape};

/// What tuning takes beside what there is.
#[derive(Debug, Clone, Serialize)]
pub struct Room {
    /// Whether the planned devices hold it.
    pub fits: bool,
    /// What one device has to use, in `B`.
    pub usable: Figure,
    /// Devices that were planned.
    pub devices: u32,
    /// The fewest devices that hold it, weights, gradients and moments dealt out among them
    /// (ZeRO-3, FSDP); none where what each needs for itself does not fit.
    pub least: Option<u32>,
    /// Other methods that fit on the planned devices.
    pub others: Vec<Narrower>,
}

/// A method that takes less.
#[derive(Debug, Clone, Serialize)]
pub struct Narrower {
    /// As `--fine-tune` takes it.
    pub method: &'static str,
    /// What it takes, in `B`.
    pub memory: Figure,
}

impl Room {
    /// For a tuning of that shape on so many devices.
    pub fn of(
        shape: &Shape,
        (method, training): (Method, &Training),
        (usable, devices): (&Figure, u32),
        rank: u32,
    ) -> Self {
        let least = least(training, usable.value());
        let narrower = match method {
            Method::Full => {
                vec![("lora", Method::LoRa { rank }), ("qlora", Method::QLoRa { rank })]
            }
            Method::LoRa { rank } => vec![("qlora", Method::QLoRa { rank })],
            Method::QLoRa { .. } => Vec::new(),
        };
        let other = |(name, method): (&'static str, Method)| {
            let other = Training::of(shape, &Tuning::usual(method)).ok()?;
            let fits = self::least(&other, usable.value()).is_some_and(|least| least <= devices);
            fits.then_some(Narrower { method: name, memory: other.memory })
        };
        let others = narrower.into_iter().filter_map(other).collect();
        let fits = least.is_some_and(|least| least <= devices);
        Self { fits, usable: usable.clone(), devices, least, others }
    }

    /// That it fits, or that it does not, and what would.
    pub fn said(&self, memory: &Figure, device: &str) -> String {
        let (needs, usable) = (memory.shown(), self.usable.shown());
        match self.least {
            Some(least) if least <= self.devices && least == 1 => {
                format!("It fits on one {device}, of which {usable} can be used.")
            }
            Some(least) if least <= self.devices => format!(
                "It takes {least} {device} of the {}, with weights, gradients and moments dealt out \
                 among them (ZeRO-3, FSDP).",
                self.devices
            ),
            least => {
                let on = if self.devices == 1 {
                    format!("one {device}, of which {usable} can be used")
                } else {
                    format!("{} {device}, of each of which {usable} can be used", self.devices)
                };
                let more = least.map(|least| {
                    format!(
                        "at least {least} of them, with weights, gradients and moments dealt out \
                         (ZeRO-3, FSDP)"
                    )
                });
                let others = self.others.iter().map(|one| {
                    format!("--fine-tune {}, which needs {}", one.method, one.memory.shown())
                });
                let all = more.into_iter().chain(others).collect::<Vec<_>>().join("; or ");
                let would = if all.is_empty() {
                    "No number of them would do.".to_owned()
                } else {
                    format!("What would: {all}.")
                };
                format!("It does not fit: it needs {needs} on {on}. {would}")
            }
        }
    }
}

/// Weights, gradients and moments are dealt out; what is kept of a step and the program are not.
fn least(training: &Training, usable: f64) -> Option<u32> {
    let dealt = training.weights.value() + training.optimizer.value();
    let own = usable - (training.memory.value() - dealt);
    (1..=MOST).find(|count| dealt / f64::from(*count) <= own)
}

/// More devices are not looked at.
const MOST: u32 = 4096;
