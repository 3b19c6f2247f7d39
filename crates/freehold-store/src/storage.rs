//! What a database must be able to do for [`crate::Store`]: keep rows durably, nothing clever.

use std::{io, path::PathBuf};

use freehold_types::{KeyId, Principal, RecordId, Timestamp};

use crate::{KeyGrant, SubjectKeyId};

/// Keeps rows. Whatever returns `Ok` from a changing method has reached stable storage.
pub trait Storage: Send + Sync {
    /// Adds a key; `false` if its id is taken.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn insert_key(&self, row: &KeyRow) -> Result<bool, StorageError>;

    /// All keys, revoked ones too, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn keys(&self) -> Result<Vec<KeyRow>, StorageError>;

    /// Marks a key as revoked; `false` if there is none or it already was.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn revoke_key(&self, id: &KeyId, at: Timestamp) -> Result<bool, StorageError>;

    /// Adds a subject's key unless the subject has one; returns the one that holds now.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn insert_subject(&self, row: &SubjectRow) -> Result<SubjectRow, StorageError>;

    /// The key in use for a subject.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn subject(&self, subject: &Principal) -> Result<Option<SubjectRow>, StorageError>;

    /// A subject key by its own name.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn subject_by_id(&self, id: SubjectKeyId) -> Result<Option<SubjectRow>, StorageError>;

    /// Deletes a subject's key so that its bytes are nowhere in the database; `false` if none.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn delete_subject(&self, subject: &Principal) -> Result<bool, StorageError>;

    /// Keeps a row of the inventory, in place of one of the same record.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn put_inventory(&self, row: &InventoryRow) -> Result<(), StorageError>;

    /// Forgets a row of the inventory, if it is there.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn remove_inventory(&self, record: RecordId) -> Result<(), StorageError>;

    /// The whole inventory in the log's order; rows without a place in it come last.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn inventory(&self) -> Result<Vec<InventoryRow>, StorageError>;

    /// Puts these rows in place of all others, in one step.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn replace_inventory(&self, rows: &[InventoryRow]) -> Result<(), StorageError>;

    /// A number that differs after another process has changed something.
    ///
    /// # Errors
    /// [`StorageError`] if the database does not answer.
    fn change_counter(&self) -> Result<i64, StorageError>;
}

/// An API key as it is kept: everything but the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// The public part.
    pub id: KeyId,
    /// SHA-256 of the whole secret.
    pub hash: [u8; 32],
    /// What it allows, and to whom.
    pub grant: KeyGrant,
    /// When it was made.
    pub created: Timestamp,
    /// When it was revoked, if it was.
    pub revoked: Option<Timestamp>,
}

/// A subject's key as it is kept: wrapped by an epoch key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectRow {
    /// Whose it is.
    pub subject: Principal,
    /// Its name, which body envelopes carry.
    pub id: SubjectKeyId,
    /// Which epoch key wraps it.
    pub epoch: u32,
    /// Nonce, ciphertext and tag.
    pub wrapped: Vec<u8>,
}

/// An entry of the audit log about an admitted model, kept where it is found fast. The log is the
/// truth: these rows can be made from it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryRow {
    /// The entry's record.
    pub record: RecordId,
    /// The entry's place in the log; `None` while nobody knows whether it got there.
    pub sequence: Option<u64>,
    /// When it was recorded.
    pub time: Timestamp,
    /// What happened and its particulars, as JSON.
    pub detail: String,
}

/// Why the database did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database's file cannot be opened or made.
    #[error("the key database {} cannot be opened", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// SQLite reported an error.
    #[error("the key database does not answer")]
    Sqlite(#[from] rusqlite::Error),
    /// A row does not hold what this version writes.
    #[error("the key database holds a row in table `{table}` that this version cannot read")]
    Row {
        /// Where it lies.
        table: &'static str,
    },
    /// The database was written by a later version.
    #[error(
        "the key database has schema {found}; this version knows up to {known}: use a newer freehold"
    )]
    Newer {
        /// In the file.
        found: i64,
        /// Known here.
        known: i64,
    },
    /// A thread died while it held the connection.
    #[error("the key database's connection was lost; start again")]
    Poisoned,
}
