//! Bills of materials and model signatures, written and read.
//!
//! [`Model`] is what a bill of materials is made of; [`cyclonedx`], [`spdx`] and [`mof`] write it, the
//! same bytes for the same input. [`signature`] writes and checks the signatures of OpenSSF Model
//! Signing.

mod cyclonedx;
mod identity;
mod model;
mod mof;
pub mod signature;
mod spdx;
#[cfg(test)]
mod tests;

pub use cyclonedx::cyclonedx;
pub use model::{
    Card, Component, Dataset, Declared, File, Layer, Layers, Licence, Model, Parent, Reference,
    Relation,
};
pub use mof::{COMPONENTS, mof};
pub use spdx::spdx;
