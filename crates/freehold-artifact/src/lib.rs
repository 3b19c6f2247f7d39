//! Readers of model files (safetensors, GGUF): bytes in, values and findings out, never executed.
//!
//! Both readers take the first bytes of a file and its length, so that a caller need not hold or
//! map the weights; both allocate no more than a small multiple of the bytes they were given.

pub mod gguf;
pub mod safetensors;
pub mod sentencepiece;
