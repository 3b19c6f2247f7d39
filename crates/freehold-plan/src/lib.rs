//! Memory, throughput and cost of a model on hardware under a load, each with its arithmetic.

pub mod ask;
pub mod bill;
pub mod break_even;
pub mod calibrate;
pub mod case;
mod constants;
pub mod contradiction;
pub mod costs;
pub mod demand;
mod device;
pub mod document;
mod draws;
mod figure;
pub mod fit;
mod format;
pub mod growth;
mod inputs;
pub mod machine;
pub mod memory;
pub mod options;
pub mod prices;
pub mod propose;
mod quantity;
pub mod report;
pub mod serve;
pub mod serving;
mod shape;
pub mod speed;
mod step;
pub mod subject;
pub mod tables;
#[cfg(test)]
mod testing;
pub mod tiers;
pub mod tune;
mod unit;
pub mod verdict;
pub mod words;
mod work;

pub use constants::Trust;
pub use figure::{COVERAGE, Figure, Input, Interval, Operation, Source};
pub use format::Format;
pub use inputs::{Deployment, Device, DeviceClass, Engine, Lengths, Load, Parallelism, Precision};
pub use memory::Memory;
pub use shape::{Shape, Unknown};
pub use unit::{Unit, shown};
