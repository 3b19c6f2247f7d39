//! Readers of model files (safetensors, GGUF, pickle, HDF5, Keras, ONNX, TensorFlow, Python): bytes in, values and findings out, never executed.
//!
//! The readers of weights take the first bytes of a file and its length, so that a caller need not
//! hold or map the weights; the scanners take a stream. All allocate no more than a small multiple
//! of the bytes they were given, and the scanners no more than a fixed bound.

pub mod archive;
pub mod finding;
pub mod gguf;
pub mod graph;
pub mod hdf5;
pub mod keras;
pub mod marshal;
pub mod msgpack;
pub mod pickle;
pub mod python;
pub mod rules;
pub mod safetensors;
pub mod sentencepiece;
pub mod skops;
pub mod targets;
pub mod template;
pub mod xml;
pub mod yaml;
