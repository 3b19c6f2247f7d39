//! Bills of materials and model signatures, written and read.
//!
//! [`Model`] is what a bill of materials is made of. [`signature`] writes and checks the signatures
//! of OpenSSF Model Signing.

mod model;
pub mod signature;

pub use model::{
    Card, Component, Dataset, Declared, File, Layer, Layers, Licence, Model, Parent, Reference,
    Relation,
};
