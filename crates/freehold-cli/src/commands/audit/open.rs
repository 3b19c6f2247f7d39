//! The log of a data directory, opened for reading only: a running Freehold may go on writing.

use std::sync::Arc;

use freehold_auditlog::Reader;
use freehold_store::{Store, SubjectKeys};

use super::error::AuditError;
use crate::place::Directory;

/// The log's folder, if there is a log.
pub(crate) fn folder(directory: &Directory) -> Result<std::path::PathBuf, AuditError> {
    let path = directory.log();
    if path.is_dir() {
        Ok(path)
    } else {
        Err(AuditError::NoLog { path: directory.path().to_owned() })
    }
}

/// A reader without keys: bodies stay sealed.
pub(crate) fn sealed(directory: &Directory) -> Result<Reader, AuditError> {
    open(directory, None)
}

/// A reader with the keys that are there: an auditor's copy of a log may come without. Where one of
/// the two files is missing, nothing can be opened, and the other one is left as it is.
pub(crate) fn with_keys(directory: &Directory) -> Result<Reader, AuditError> {
    let path = directory.store();
    if !directory.missing_keys().is_empty() {
        return sealed(directory);
    }
    let store = Store::open(&path).map_err(|source| AuditError::Keys { path, source })?;
    open(directory, Some(Arc::new(store)))
}

fn open(directory: &Directory, keys: Option<Arc<dyn SubjectKeys>>) -> Result<Reader, AuditError> {
    let path = folder(directory)?;
    Reader::open(&path, keys).map_err(|source| AuditError::Open { path, source })
}
