//! Embedded storage behind one [`Storage`] trait: API keys, the subject keys that seal records, and the inventory
//! of admitted models.
//!
//! [`Store`] is what the rest of the program uses: it makes secrets, hashes and wraps them, and
//! caches what the hot path asks for. A [`Storage`] only keeps rows, so that another database can
//! take its place without touching the cryptography; [`conformance`] is what each must pass.

mod api_key;
pub mod conformance;
mod epoch;
mod sqlite;
mod storage;
mod store;
mod subject;

pub use api_key::{KeyGrant, KeyRecord, NewKey};
pub use epoch::EpochError;
pub use sqlite::Sqlite;
pub use storage::{InventoryRow, KeyRow, Storage, StorageError, SubjectRow};
pub use store::{Store, StoreError};
pub use subject::{SubjectKey, SubjectKeyError, SubjectKeyId, SubjectKeys, WRAPPED_BYTES};

#[cfg(test)]
mod tests;
