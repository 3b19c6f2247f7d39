//! Embedded inference: llama.cpp in a confined worker process.
//!
//! The server's half parses requests, renders the chat template (untrusted Jinja, so never where
//! there is anything to steal), and writes OpenAI's answers. The worker's half turns tokens into
//! tokens, holds the weights (untrusted input to C++ code), and can do nothing else: see `jail`.

mod jail;
mod template;
mod protocol;
pub mod worker;

pub use jail::{JailReport, Measure};
