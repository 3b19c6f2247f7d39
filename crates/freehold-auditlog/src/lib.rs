//! The tamper-evident record: schema, sequencer, reader, verifier; the only maker of a [`Receipt`].
//!
//! [`AuditLog::append`] seals the body, hashes the header into a Merkle leaf and hands both to one
//! writer, which makes them durable and then, and only then, hands out a [`Receipt`].

mod catalog;
mod disk;
mod entry;
mod export;
mod frame;
mod header;
mod helper;
mod identity;
mod log;
mod reader;
mod receipt;
mod recover;
mod seal;
mod segment;
mod tree_files;
mod verify;
mod view;
mod writer;

pub use entry::{
    Confidence, Ending, Endpoint, Entry, EntryKind, Event, EventKind, Intent, Outcome,
    ToolDecision, TruncatedBy, Usage, UsageSource,
};
pub use export::{ExportError, ExportOptions, ExportReport, export};
pub use identity::IdentityError;
pub use log::{AppendError, AuditLog, LogStatus, OpenError, Options};
pub use reader::Reader;
pub use receipt::Receipt;
pub use seal::SealError;
pub use segment::{Fault, SegmentError};
pub use verify::{Damage, Known, VerifyError, VerifyReport, verify};
pub use view::{Ascent, AscentStep, Body, EntryView, Proof, ReadError, RecordView};

#[cfg(test)]
mod tests;
