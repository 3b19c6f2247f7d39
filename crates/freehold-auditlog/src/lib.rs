//! The tamper-evident record: schema, sequencer, reader, verifier; the only maker of a [`Receipt`].
//!
//! [`AuditLog::append`] seals the body, hashes the header into a Merkle leaf and hands both to one
//! writer, which makes them durable and then, and only then, hands out a [`Receipt`].

mod entry;
mod header;
mod log;
mod receipt;
mod seal;
mod view;

pub use entry::{
    Confidence, Ending, Endpoint, Entry, EntryKind, Event, EventKind, Intent, Outcome,
    ToolDecision, TruncatedBy, Usage, UsageSource,
};
pub use log::{AppendError, AuditLog, LogStatus, OpenError, Options};
pub use receipt::Receipt;
pub use seal::SealError;
pub use view::{Body, EntryView, Proof, ReadError, RecordView};
