//! One OpenAI-compatible gateway; `pipeline.rs` is the story of a request.
//!
//! Transport (connections, limits, paths) is in `accept.rs`, `server.rs` and `pages.rs`; every decision about a
//! request is ordinary code in the pipeline, in the order in which it happens.

pub mod accept;
mod body;
mod error;
mod gateway;
mod limits;
mod metrics;
mod options;
mod pages;
mod pipeline;
pub mod release;
mod routes;
mod server;

pub use body::AnswerBody;
pub use gateway::{Gateway, GatewayDeps};
pub use options::GatewayOptions;
pub use routes::{Backend, ModelRoute};
