//! What a database must be able to do for [`crate::Store`]: keep rows durably, nothing clever.

use std::{io, path::PathBuf};

use freehold_types::{KeyId, Principal, Timestamp};

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
