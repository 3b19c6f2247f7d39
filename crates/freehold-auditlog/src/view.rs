//! What readers get to see of a record.

use std::{io, path::PathBuf};

use freehold_types::{Digest, RecordId, Timestamp};

use crate::EntryKind;

/// All entries of one record, in the log's order.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    /// The record.
    pub id: RecordId,
    /// Its entries: an intent and, once it ended, an outcome; or an event.
    pub entries: Vec<EntryView>,
}

/// One entry as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryView {
    /// Its place in the log, counted from 0.
    pub sequence: u64,
    /// Its Merkle leaf hash.
    pub leaf_hash: Digest,
    /// The record it belongs to.
    pub id: RecordId,
    /// Which kind it is.
    pub kind: EntryKind,
    /// When it was appended, by this machine's clock.
    pub time: Timestamp,
    /// The header exactly as recorded.
    pub header: serde_json::Value,
    /// The sealed body, opened where that is possible.
    pub body: Body,
    /// Whether the signed checkpoint covers it.
    pub proof: Proof,
}

/// A body, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The entry has none.
    None,
    /// Opened, and it is what the leaf commits to.
    Opened(Vec<u8>),
    /// Its key or its ciphertext was deleted.
    Erased,
    /// There, but no keys were given to open it, or it was not asked for.
    Sealed,
    /// It is not what the leaf commits to.
    Damaged,
}

/// How an entry stands to the signed checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A proof from the leaf to the signed root of this many entries was made and checked.
    Included {
        /// Entries under the checkpoint.
        tree_size: u64,
    },
    /// Durable, but appended after the last checkpoint; the next one comes within a second.
    Pending,
    /// There should be a proof, and it does not lead to the signed root: run `verify`.
    Broken,
}

/// The way from an entry to the signed root, as it was just computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ascent {
    /// Entries under the checkpoint.
    pub tree_size: u64,
    /// The root that the checkpoint signs.
    pub root: Digest,
    /// From the leaf upwards.
    pub steps: Vec<AscentStep>,
}

/// One step of an [`Ascent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AscentStep {
    /// The hash beside.
    pub sibling: Digest,
    /// Whether it stands on the left.
    pub left: bool,
    /// The hash of both.
    pub node: Digest,
}

/// Why a record cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No entry of this record is in the log.
    #[error("no record {id} in this log")]
    Unknown {
        /// What was asked for.
        id: RecordId,
    },
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file does not hold what was written.
    #[error("{} is damaged at byte {offset}: run `verify`", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        offset: u64,
    },
}
