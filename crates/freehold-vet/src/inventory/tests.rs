//! What gets a permit and what does not, and that no death of the process leaves half an admission.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use freehold_auditlog::Options;
use freehold_store::{KeyRow, Sqlite, Storage, StorageError, SubjectKeyId, SubjectRow};
use freehold_types::{Clock, KeyId};
use ring::rand::{SecureRandom, SystemRandom};
use tempfile::TempDir;

use super::*;
use crate::policy::{Case, Policy, decide};

#[derive(Default)]
struct Ticking(AtomicUsize);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(1_795_000_000_000_000 + 1000 * self.0.fetch_add(1, Ordering::Relaxed) as u64)
    }

    fn random(&self, buffer: &mut [u8]) {
        SystemRandom::new().fill(buffer).unwrap();
    }
}

/// SQLite that dies at one of its writes to the inventory, counted from 1.
struct Dying {
    inner: Sqlite,
    left: AtomicUsize,
}

impl Dying {
    fn step(&self) -> Result<(), StorageError> {
        match self.left.fetch_sub(1, Ordering::Relaxed) {
            1 => Err(StorageError::Poisoned),
            _ => Ok(()),
        }
    }
}

impl Storage for Dying {
    fn insert_key(&self, row: &KeyRow) -> Result<bool, StorageError> {
        self.inner.insert_key(row)
    }
    fn keys(&self) -> Result<Vec<KeyRow>, StorageError> {
        self.inner.keys()
    }
    fn revoke_key(&self, id: &KeyId, at: Timestamp) -> Result<bool, StorageError> {
        self.inner.revoke_key(id, at)
    }
    fn insert_subject(&self, row: &SubjectRow) -> Result<SubjectRow, StorageError> {
        self.inner.insert_subject(row)
    }
    fn subject(&self, subject: &Principal) -> Result<Option<SubjectRow>, StorageError> {
        self.inner.subject(subject)
    }
    fn subject_by_id(&self, id: SubjectKeyId) -> Result<Option<SubjectRow>, StorageError> {
        self.inner.subject_by_id(id)
    }
    fn delete_subject(&self, subject: &Principal) -> Result<bool, StorageError> {
        self.inner.delete_subject(subject)
    }
    fn put_inventory(&self, row: &InventoryRow) -> Result<(), StorageError> {
        self.step()?;
        self.inner.put_inventory(row)
    }
    fn remove_inventory(&self, record: RecordId) -> Result<(), StorageError> {
        self.step()?;
        self.inner.remove_inventory(record)
    }
    fn inventory(&self) -> Result<Vec<InventoryRow>, StorageError> {
        self.inner.inventory()
    }
    fn replace_inventory(&self, rows: &[InventoryRow]) -> Result<(), StorageError> {
        self.step()?;
        self.inner.replace_inventory(rows)
    }
    fn change_counter(&self) -> Result<i64, StorageError> {
        self.inner.change_counter()
    }
}

/// An installation with one model in it.
struct Place {
    folder: TempDir,
    clock: Arc<Ticking>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let header = br#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let weights = [&(header.len() as u64).to_le_bytes()[..], header, &[0; 8]].concat();
        fs::create_dir(folder.path().join("m")).unwrap();
        fs::write(folder.path().join("m/config.json"), "{}").unwrap();
        fs::write(folder.path().join("m/model.safetensors"), weights).unwrap();
        Self { folder, clock: Arc::default() }
    }

    fn model(&self) -> PathBuf {
        self.folder.path().join("m").canonicalize().unwrap()
    }

    /// Store and log as a process opens them; the store dies at that write.
    fn parts(&self, dies_at: usize) -> (Store, AuditLog) {
        let inner = Sqlite::open(&self.folder.path().join("s.sqlite")).unwrap();
        let storage = Dying { inner, left: AtomicUsize::new(dies_at) };
        let keys = self.folder.path().join("epochs");
        let store = Store::with_storage(Box::new(storage), &keys).unwrap();
        let clock = Arc::clone(&self.clock) as _;
        let path = self.folder.path().join("log");
        let log = AuditLog::open(&path, Options::default(), Arc::new(store.clone()), clock);
        (store, log.unwrap())
    }

    fn open(&self) -> Inventory {
        let (store, log) = self.parts(0);
        Inventory::open(store, log, self.beside()).unwrap()
    }

    fn beside(&self) -> PathBuf {
        self.folder.path().join("admissions")
    }

    fn id(&self) -> RecordId {
        RecordId::new(self.clock.now().millis(), [7; 10])
    }

    fn approved(&self, name: &str, until: Option<&str>) -> Approved {
        let hashed = admission::hash(&self.model()).unwrap();
        let file = |file: HashedFile| SignedFile {
            name: file.name,
            digest: file.digest,
            bytes: file.bytes,
        };
        let case = Case {
            name: name.to_owned(),
            path: self.model().display().to_string(),
            format: None,
            files: hashed.files.into_iter().map(file).collect(),
            findings: Vec::new(),
            licence: None,
            category: None,
            terms: Vec::new(),
            by: Principal("ada".to_owned()),
            role: None,
            second: None,
            until: until.map(day),
            accept: BTreeMap::new(),
            recorded_by: Principal("os:ada".to_owned()),
        };
        decide(&Policy::default(), case, day("2026-11-23")).unwrap()
    }

    fn permit(&self, inventory: &Inventory, today: &str) -> Result<Permitted, VetError> {
        inventory.permit(&self.model(), day(today), OnDue::Refuse)
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn revoke(place: &Place, inventory: &Inventory, model: &str) -> usize {
    let why = (Principal("eve".to_owned()), "a flaw".to_owned());
    let by = Principal("os:eve".to_owned());
    inventory.revoke(place.id(), model, why, by).unwrap().len()
}

#[test]
fn only_what_was_admitted_is_permitted() {
    let place = Place::new();
    let inventory = place.open();
    let permit = |today: &str| place.permit(&inventory, today);
    assert!(matches!(permit("2026-11-23"), Err(VetError::NotAdmitted { .. })));
    inventory.admit(place.id(), place.approved("m", Some("2027-01-01"))).unwrap();
    let permitted = permit("2027-01-01").unwrap();
    assert_eq!(permitted.admission.signed_off_by().0, "ada");
    assert_eq!(permitted.admission.digest(), permitted.admitted.sign_off.digest);
    assert!(matches!(permit("2027-01-02"), Err(VetError::Due { .. })));
    let warned = inventory.permit(&place.model(), day("2027-01-02"), OnDue::Warn).unwrap();
    assert_eq!(warned.overdue, Some(day("2027-01-01")));
    // Verified again.
    inventory.admit(place.id(), place.approved("m", Some("2027-06-01"))).unwrap();
    permit("2027-01-02").unwrap();
    assert_eq!(admitted(&inventory.store).unwrap().len(), 1);
}

#[test]
fn every_difference_is_named() {
    let place = Place::new();
    let inventory = place.open();
    inventory.admit(place.id(), place.approved("m", None)).unwrap();
    let refused = || place.permit(&inventory, "2026-11-23").unwrap_err();
    let (config, more) = (place.model().join("config.json"), place.model().join("more.json"));
    fs::write(&config, "{ }").unwrap();
    assert!(matches!(refused(), VetError::Changed { path, .. } if path == config));
    fs::remove_file(&config).unwrap();
    assert!(matches!(refused(), VetError::Missing { path } if path == config));
    fs::write(&config, "{}").unwrap();
    fs::write(&more, "{}").unwrap();
    assert!(matches!(refused(), VetError::Added { path } if path == more));
    fs::remove_file(&more).unwrap();
    place.permit(&inventory, "2026-11-23").unwrap();
}

#[test]
fn revoked_bytes_are_revoked_under_every_name() {
    let place = Place::new();
    let inventory = place.open();
    assert_eq!(revoke(&place, &inventory, "m"), 0);
    inventory.admit(place.id(), place.approved("m", None)).unwrap();
    inventory.admit(place.id(), place.approved("other", None)).unwrap();
    assert_eq!(revoke(&place, &inventory, "m"), 2);
    let refused = place.permit(&inventory, "2026-11-23").unwrap_err();
    assert!(matches!(&refused, VetError::Revoked { reason, .. } if reason == "a flaw"));
    assert_eq!(revoke(&place, &inventory, "other"), 0);
    // Signed off anew, by somebody who knows.
    inventory.admit(place.id(), place.approved("m", None)).unwrap();
    let digest = place.permit(&inventory, "2026-11-23").unwrap().admission.digest();
    assert_eq!(revoke(&place, &inventory, &digest.to_string()), 1);
}

/// Dies at each step of an admission and of a revocation; what comes after finds what the log says.
#[test]
fn nothing_is_half_written() {
    for dies_at in 1..=6 {
        let place = Place::new();
        let (store, log) = place.parts(dies_at);
        let inventory = Inventory::open(store, log, place.beside()).unwrap();
        let first = inventory.admit(place.id(), place.approved("m", None));
        let why = (Principal("eve".to_owned()), "a flaw".to_owned());
        let second = inventory.revoke(place.id(), "m", why, Principal("os:eve".to_owned()));
        assert_eq!(first.is_err(), dies_at <= 2, "{dies_at}");
        assert_eq!(second.is_err(), (3..=4).contains(&dies_at), "{dies_at}");
        drop(inventory);
        let inventory = place.open();
        let found = admitted(&inventory.store).unwrap();
        inventory.rebuild().unwrap();
        assert_eq!(found, admitted(&inventory.store).unwrap(), "{dies_at}");
        // What had reached the log counts, whether or not the store could say so.
        assert_eq!(found.len(), usize::from(dies_at != 1), "{dies_at}");
        let ended = found.iter().filter(|one| one.revoked.is_some()).count();
        assert_eq!(ended, usize::from(dies_at >= 4), "{dies_at}: {found:?}");
    }
}

#[test]
fn a_log_that_does_not_answer_admits_nothing() {
    let place = Place::new();
    let inventory = place.open();
    inventory.log.close();
    let refused = inventory.admit(place.id(), place.approved("m", None));
    assert!(matches!(refused, Err(InventoryError::Append(_))));
    assert_eq!(admitted(&inventory.store).unwrap(), []);
    drop(inventory);
    let inventory = place.open();
    assert_eq!(inventory.store.inventory().unwrap(), []);
}

#[test]
fn a_row_that_the_log_does_not_know_permits_nothing() {
    let place = Place::new();
    let inventory = place.open();
    inventory.admit(place.id(), place.approved("m", Some("2026-12-01"))).unwrap();
    let mut row = inventory.store.inventory().unwrap().remove(0);
    row.detail = row.detail.replace("2026-12-01", "2099-12-01");
    inventory.store.put_inventory(&row).unwrap();
    let refused = place.permit(&inventory, "2026-11-23").unwrap_err();
    assert!(refused.to_string().contains("differs from the audit log"), "{refused}");
    inventory.rebuild().unwrap();
    assert!(matches!(place.permit(&inventory, "2026-12-02"), Err(VetError::Due { .. })));
}
