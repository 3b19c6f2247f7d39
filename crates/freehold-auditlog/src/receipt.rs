//! The permit to release what was recorded.

use freehold_types::RecordId;

use crate::EntryKind;

/// Shows that one entry is durable. Only the log's writer makes one, after the sync that covers
/// the entry; it can be neither copied nor made from parts.
#[derive(Debug)]
pub struct Receipt {
    record: RecordId,
    sequence: u64,
    kind: EntryKind,
}

impl Receipt {
    /// To be called by the writer alone, after the sync.
    pub(crate) fn issue(record: RecordId, sequence: u64, kind: EntryKind) -> Self {
        Self { record, sequence, kind }
    }

    /// The record whose entry became durable.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// The entry's place in the log, counted from 0.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Which kind of entry it was.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }
}
