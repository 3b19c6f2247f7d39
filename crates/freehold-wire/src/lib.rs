//! OpenAI request, response and stream-event types, and server-sent events.
//!
//! Two readers share these formats. The gateway reads only what the record and the controls need
//! ([`RequestHead`], [`AnswerHead`]) and passes the bytes on as they are, so that fields nobody
//! here knows survive. An engine of our own reads everything ([`ChatRequest`], [`EmbeddingRequest`]).
//!
//! Source of the shapes: OpenAI's API reference, <https://platform.openai.com/docs/api-reference>.

mod answer;
mod chat;
mod embedding;
mod error;
mod fault;
mod head;
mod message;
mod model_span;
mod models;
mod object;
mod splice;
pub mod sse;

pub use answer::{AnswerHead, CallDelta, ChoiceHead, UsageHead};
pub use chat::{ChatRequest, ResponseFormat, StreamOptions, Tool, ToolChoice};
pub use embedding::{
    Embedding, EmbeddingInput, EmbeddingRequest, EmbeddingResponse, EmbeddingUsage,
};
pub use error::{ErrorBody, ErrorDetail};
pub use fault::RequestError;
pub use head::RequestHead;
pub use message::{Content, FunctionCall, Message, Part, ToolCall};
pub use model_span::model_span;
pub use models::{ModelEntry, ModelList};
pub use object::{Object, Text};
pub use splice::{Splice, span_in};
