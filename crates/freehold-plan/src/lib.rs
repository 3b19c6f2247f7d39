//! Memory, throughput and cost of a model on hardware under a load, each with its arithmetic.

mod figure;
mod unit;

pub use figure::{COVERAGE, Figure, Input, Interval, Operation, Source};
pub use unit::{Unit, shown};
