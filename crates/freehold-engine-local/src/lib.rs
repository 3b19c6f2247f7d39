//! Embedded inference: llama.cpp in a confined worker process.
//!
//! The server's half parses requests, renders the chat template (untrusted Jinja, so never where
//! there is anything to steal), and writes OpenAI's answers. The worker's half turns tokens into
//! tokens, holds the weights (untrusted input to C++ code), and can do nothing else: see `jail`.

mod answer;
mod engine;
mod jail;
mod memory;
mod options;
mod protocol;
mod request;
mod source;
mod status;
mod supervisor;
mod template;
mod tools;
pub mod worker;

pub use engine::LocalEngine;
pub use freehold_convert::OutputType;
pub use jail::{JailReport, Measure};
pub use options::{LocalAdapter, LocalModel, LocalOptions, StartError};
pub use status::{WorkerState, WorkerStatus};
