//! Memory, throughput and cost of a model on hardware under a load, each with its arithmetic.

mod figure;
mod format;
mod inputs;
mod unit;

pub use figure::{COVERAGE, Figure, Input, Interval, Operation, Source};
pub use format::Format;
pub use inputs::{Deployment, Device, DeviceClass, Engine, Lengths, Load, Parallelism, Precision};
pub use unit::{Unit, shown};
