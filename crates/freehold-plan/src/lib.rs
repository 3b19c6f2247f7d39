//! Memory, throughput and cost of a model on hardware under a load, each with its arithmetic.

mod device;
mod figure;
mod format;
mod inputs;
pub mod memory;
mod quantity;
mod shape;
#[cfg(test)]
mod testing;
mod unit;

pub use figure::{COVERAGE, Figure, Input, Interval, Operation, Source};
pub use format::Format;
pub use inputs::{Deployment, Device, DeviceClass, Engine, Lengths, Load, Parallelism, Precision};
pub use memory::Memory;
pub use shape::{Shape, Unknown};
pub use unit::{Unit, shown};
