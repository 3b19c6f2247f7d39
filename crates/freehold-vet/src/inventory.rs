//! The inventory: which exact bytes were admitted, by whom and until when; and the permit to load
//! them, which only a model in it can get.
//!
//! The audit log is the truth, and is written first; the rows of the store are an index that is
//! made from the log's entries, one by one and, where it is lost, as a whole. A row that has no
//! place in the log yet says nothing: whoever opens the inventory next looks whether the log has it.

mod beside;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use freehold_auditlog::{
    AppendError, AuditLog, Entry, EntryView, Event, EventKind, Proof, ReadError,
};
use freehold_catalog::{Date, LicenceCategory};
use freehold_store::{InventoryRow, Store, StoreError};
use freehold_types::{Digest, Principal, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Admission, VetError,
    admission::{self, Hashed, HashedFile},
    policy::{Approved, OnDue, terms::TermsSeen},
};

#[cfg(test)]
mod tests;

/// What is recorded of an admission: the log's entry `model_admitted` has it as its detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// What the model is called.
    pub name: String,
    /// One digest of all files, as [`Admission::digest`] computes it.
    pub digest: Digest,
    /// How its weights are stored; `None` where the embedded engine could not load it.
    pub format: Option<String>,
    /// Length of all files.
    pub bytes: u64,
    /// Where it lay.
    pub path: String,
    /// Its licence, as far as known.
    pub licence: Option<String>,
    /// The category of its licence; `None` is *not confirmed*.
    pub category: Option<LicenceCategory>,
    /// Who signed it off.
    pub signed_off_by: Principal,
    /// In which role.
    pub role: Option<String>,
    /// Who else looked at what was accepted.
    pub second: Option<Principal>,
    /// The last day on which it may be loaded; `None` for what comes with the program.
    pub until: Option<Date>,
    /// What was found, and accepted.
    pub accepted: Vec<Acceptance>,
    /// Digest of the policy under which that was decided.
    pub policy: Digest,
    /// Who gave the order, as the operating system names them.
    pub recorded_by: Principal,
    /// What was seen of its terms.
    #[serde(default)]
    pub terms: Vec<TermsSeen>,
    /// How many files it has.
    #[serde(default)]
    pub count: usize,
    /// Every file, sorted by name; empty where an entry of the log cannot hold them, and `beside` can.
    pub files: Vec<SignedFile>,
    /// SHA-256 of the whole sign-off as JSON, which lies beside the log where an entry cannot hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Digest>,
}

/// One file that was signed off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedFile {
    /// Its name relative to the model's folder, with `/` between parts.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub digest: Digest,
    /// Its length.
    pub bytes: u64,
}

/// Findings that were accepted, all under one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The rule.
    pub rule: String,
    /// How bad its findings are.
    pub severity: String,
    /// Why they were accepted.
    pub reason: String,
    /// The files that have such findings.
    pub files: Vec<String>,
}

/// The end of an admission: the log's entry `model_revoked` has it as its detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// What was asked for: a name or a digest.
    pub name: String,
    /// The names of the admissions that ended.
    pub names: Vec<String>,
    /// These bytes are revoked, under whatever name.
    pub digests: Vec<Digest>,
    /// Who revoked them.
    pub by: Principal,
    /// Why.
    pub reason: String,
    /// Who gave the order, as the operating system names them.
    pub recorded_by: Principal,
}

/// An admission as the inventory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Its record in the log.
    pub record: RecordId,
    /// When it was recorded.
    pub time: Timestamp,
    /// What was recorded.
    pub sign_off: SignOff,
    /// When and how it ended, if it did.
    pub revoked: Option<(Timestamp, Revocation)>,
}

/// A permit, and the admission that it follows from.
#[derive(Debug)]
pub struct Permitted {
    /// The permit.
    pub admission: Admission,
    /// Who, when, until when.
    pub admitted: Admitted,
    /// The day that has passed, where the policy only warns.
    pub overdue: Option<Date>,
}

/// Why the inventory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log cannot be written.
    #[error("it could not be recorded, and what is not recorded does not happen")]
    Append(#[from] AppendError),
    /// The log cannot be read.
    #[error("the audit log cannot be read")]
    Read(#[from] ReadError),
    /// An entry cannot be written as JSON, or was not written by this program.
    #[error("an entry cannot be written or read as JSON")]
    Json(#[from] serde_json::Error),
    /// The row is not what the log says.
    #[error(
        "the inventory differs from the audit log at record {record}; make it anew with `freehold vet list --rebuild`"
    )]
    Differs {
        /// The record.
        record: RecordId,
    },
    /// The part of an admission that an entry of the log cannot hold cannot be written or read.
    #[error("cannot read or write {}", path.display())]
    Beside {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: std::io::Error,
    },
    /// It is not what the log names.
    #[error("{} is not what the audit log names; vet the model and admit it anew", path.display())]
    Other {
        /// The file.
        path: PathBuf,
    },
}

/// The inventory of one installation. Clones share everything.
#[derive(Clone)]
pub struct Inventory {
    store: Store,
    log: AuditLog,
    /// Where whole sign-offs lie that no entry can hold, by their digests.
    folder: PathBuf,
}

impl Inventory {
    /// Opens it, and asks the log about rows that an earlier process could not finish. `folder` is made
    /// when a sign-off does not fit into an entry of the log.
    ///
    /// # Errors
    /// [`InventoryError`] if store or log do not answer.
    pub fn open(store: Store, log: AuditLog, folder: PathBuf) -> Result<Self, InventoryError> {
        let inventory = Self { store, log, folder };
        for row in inventory.store.inventory()? {
            if row.sequence.is_none() {
                inventory.settle(row.record)?;
            }
        }
        Ok(inventory)
    }

    /// Records an admission, first in the log, then here.
    ///
    /// # Errors
    /// [`InventoryError`] if one of the two could not be written; then it is not admitted, or the
    /// next process that opens the inventory finds it in the log.
    pub fn admit(&self, id: RecordId, approved: Approved) -> Result<Admitted, InventoryError> {
        let brief = beside::keep(&self.folder, &approved.sign_off)?;
        let time = self.record(id, EventKind::ModelAdmitted, serde_json::to_value(brief)?)?;
        Ok(Admitted { record: id, time, sign_off: approved.sign_off, revoked: None })
    }

    /// Revokes every admission of this name or digest, and of the same bytes under other names;
    /// gives those that were in force. Nothing is recorded where there are none.
    ///
    /// # Errors
    /// As for [`Self::admit`].
    pub fn revoke(
        &self,
        id: RecordId,
        model: &str,
        (by, reason): (Principal, String),
        recorded_by: Principal,
    ) -> Result<Vec<Admitted>, InventoryError> {
        let mut in_force = admitted(&self.store)?;
        in_force.retain(|one| one.revoked.is_none());
        let meant = |one: &&Admitted| {
            one.sign_off.name == model || one.sign_off.digest.to_string() == model
        };
        let digests: BTreeSet<_> =
            in_force.iter().filter(meant).map(|one| one.sign_off.digest).collect();
        in_force.retain(|one| digests.contains(&one.sign_off.digest));
        if in_force.is_empty() {
            return Ok(in_force);
        }
        let names: BTreeSet<_> = in_force.iter().map(|one| one.sign_off.name.clone()).collect();
        let revocation = Revocation {
            name: model.to_owned(),
            names: names.into_iter().collect(),
            digests: digests.into_iter().collect(),
            by,
            reason,
            recorded_by,
        };
        self.record(id, EventKind::ModelRevoked, serde_json::to_value(&revocation)?)?;
        Ok(in_force)
    }

    /// Makes the rows anew from the log; gives how many there are.
    ///
    /// # Errors
    /// [`InventoryError`] if log or store do not answer.
    pub fn rebuild(&self) -> Result<usize, InventoryError> {
        let mut rows = Vec::new();
        let mut end = self.log.status().size;
        while end > 0 {
            let page = self.log.before(end, PAGE)?;
            end = end.saturating_sub(PAGE as u64);
            for entry in page {
                if ours(&entry) {
                    rows.push(row(&entry)?);
                }
            }
        }
        self.store.replace_inventory(&rows)?;
        Ok(rows.len())
    }

    /// The permit to load the model at `path`, if its bytes are admitted, not revoked, and its day
    /// has not passed. Reads every byte; the log is asked again who admitted it.
    ///
    /// # Errors
    /// [`VetError`] says which file is not what was admitted, or why the model is not.
    pub fn permit(&self, path: &Path, today: Date, on_due: OnDue) -> Result<Permitted, VetError> {
        let hashed = admission::hash(path)?;
        let digest = hashed.digest();
        let all = admitted(&self.store)?;
        let Some(admitted) = all.iter().rev().find(|one| one.sign_off.digest == digest) else {
            return Err(self.not_admitted(hashed, &all)?);
        };
        let mut admitted = admitted.clone();
        self.confirm(&admitted)?;
        admitted.sign_off = admitted.sign_off.whole(&self.folder)?;
        if let Some((_, revocation)) = admitted.revoked {
            return Err(VetError::Revoked {
                path: hashed.root,
                by: revocation.by,
                reason: revocation.reason,
            });
        }
        let overdue = admitted.sign_off.until.filter(|until| *until < today);
        if let (Some(until), OnDue::Refuse) = (overdue, on_due) {
            return Err(VetError::Due { path: hashed.root, until });
        }
        let admission = admission::grant(hashed, &admitted.sign_off.signed_off_by)?;
        Ok(Permitted { admission, admitted, overdue })
    }

    /// What differs from the newest admission of what lay at the same place; where nothing of it was
    /// ever admitted, that.
    fn not_admitted(&self, hashed: Hashed, all: &[Admitted]) -> Result<VetError, InventoryError> {
        let place = hashed.root.display().to_string();
        let same = |one: &&Admitted| one.revoked.is_none() && one.sign_off.path == place;
        Ok(match all.iter().rev().find(same) {
            Some(before) => differs(hashed, &before.sign_off.whole(&self.folder)?.files),
            None => VetError::NotAdmitted { path: hashed.root },
        })
    }

    /// Whether the log says the same, under a proof that holds.
    fn confirm(&self, admitted: &Admitted) -> Result<(), InventoryError> {
        let record = admitted.record;
        let entries = self.log.outline(record)?.entries;
        let entry = entries.first().filter(|entry| entry.proof != Proof::Broken);
        let said = entry.and_then(|entry| {
            serde_json::from_value::<SignOff>(entry.header.get("detail")?.clone()).ok()
        });
        if said.as_ref() == Some(&admitted.sign_off) {
            Ok(())
        } else {
            Err(InventoryError::Differs { record })
        }
    }

    /// Three steps, after each of which the process may die: a row without a place, the log, the
    /// row as the log has it.
    fn record(
        &self,
        record: RecordId,
        kind: EventKind,
        detail: Value,
    ) -> Result<Timestamp, InventoryError> {
        let asked =
            InventoryRow { record, sequence: None, time: Timestamp(0), detail: String::new() };
        self.store.put_inventory(&asked)?;
        // An error does not say that the entry is not there: opening the log anew tells.
        self.log.append_wait(Entry::Event(Event { id: record, kind, detail }))?;
        Ok(self.settle(record)?.unwrap_or(Timestamp(0)))
    }

    /// Makes a row what the log says: gone, where it has no such entry.
    fn settle(&self, record: RecordId) -> Result<Option<Timestamp>, InventoryError> {
        match self.log.outline(record)?.entries.iter().find(|entry| ours(entry)) {
            Some(entry) => {
                self.store.put_inventory(&row(entry)?)?;
                Ok(Some(entry.time))
            }
            None => {
                self.store.remove_inventory(record)?;
                Ok(None)
            }
        }
    }
}

/// Every admission, in the log's order; one that was renewed counts once.
///
/// # Errors
/// [`InventoryError`] if the store does not answer.
pub fn admitted(store: &Store) -> Result<Vec<Admitted>, InventoryError> {
    let mut all: Vec<Admitted> = Vec::new();
    for row in store.inventory()?.into_iter().filter(|row| row.sequence.is_some()) {
        let Header { event, detail } = serde_json::from_str(&row.detail)?;
        match event {
            EventKind::ModelAdmitted => {
                // Before there was an inventory, such entries said less, and admitted for one start.
                let Ok(sign_off) = serde_json::from_value::<SignOff>(detail) else { continue };
                all.retain(|one| {
                    one.revoked.is_some()
                        || (one.sign_off.digest, &one.sign_off.name)
                            != (sign_off.digest, &sign_off.name)
                });
                all.push(Admitted { record: row.record, time: row.time, sign_off, revoked: None });
            }
            _ => {
                let revocation: Revocation = serde_json::from_value(detail)?;
                for one in &mut all {
                    if one.revoked.is_none() && revocation.digests.contains(&one.sign_off.digest) {
                        one.revoked = Some((row.time, revocation.clone()));
                    }
                }
            }
        }
    }
    Ok(all)
}

#[derive(Deserialize)]
struct Header {
    event: EventKind,
    detail: Value,
}

fn ours(entry: &EntryView) -> bool {
    let event = entry.header.get("event").and_then(Value::as_str);
    matches!(event, Some("model_admitted" | "model_revoked"))
}

fn row(entry: &EntryView) -> Result<InventoryRow, InventoryError> {
    let detail = serde_json::json!({
        "event": entry.header.get("event"),
        "detail": entry.header.get("detail"),
    });
    Ok(InventoryRow {
        record: entry.id,
        sequence: Some(entry.sequence),
        time: entry.time,
        detail: serde_json::to_string(&detail)?,
    })
}

/// What differs from an admission of what lay at the same place.
fn differs(hashed: Hashed, before: &[SignedFile]) -> VetError {
    for file in &hashed.files {
        match before.iter().find(|one| one.name == file.name) {
            None => return VetError::Added { path: file.path.clone() },
            Some(one) if one.digest != file.digest => return changed(file, one.digest),
            Some(_) => (),
        }
    }
    let missing = before.iter().find(|one| hashed.files.iter().all(|file| file.name != one.name));
    match missing {
        Some(missing) => VetError::Missing { path: hashed.root.join(&missing.name) },
        None => VetError::NotAdmitted { path: hashed.root },
    }
}

fn changed(file: &HashedFile, admitted: Digest) -> VetError {
    VetError::Changed { path: file.path.clone(), admitted, found: file.digest }
}

const PAGE: usize = 4096;
