//! Derives GGUF from safetensors weights, family by family.
//!
//! Pure: the model's files come in as bytes (the caller maps them), the GGUF goes out through an
//! [`std::io::Write`], tensor after tensor, a few rows in memory at a time. Names, metadata and
//! arithmetic are those of llama.cpp's own converter (`convert_hf_to_gguf.py`), which serves as
//! outside witness; `docs/decisions/` says where and why the two differ.

mod adapter;
mod config;
mod convert;
mod error;
mod family;
mod gguf;
mod number;
mod plan;
mod source;
mod tokenizer;

pub use adapter::{AdapterSource, convert_adapter};
pub use convert::{Converted, convert};
pub use error::ConvertError;
pub use family::known_architectures;
pub use number::OutputType;
pub use source::Source;
