//! Permits for tests, got as anyone gets them: signed off, recorded in a log, and checked.

use std::{
    collections::BTreeMap,
    error::Error,
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use freehold_auditlog::{AuditLog, Options};
use freehold_store::Store;
use freehold_types::{Clock, Principal, RecordId, Timestamp};
use freehold_vet::{
    Admission, Inventory, SignedFile,
    policy::{Case, OnDue, Policy, decide},
    scan,
};
use ring::rand::{SecureRandom, SystemRandom};

struct Real;

impl Clock for Real {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }

    fn random(&self, buffer: &mut [u8]) {
        if SystemRandom::new().fill(buffer).is_err() {
            std::process::abort();
        }
    }
}

/// The permit to load a model that nothing was found in, from an installation made for it alone.
///
/// # Errors
/// Whatever keeps it from being admitted.
pub fn admitted(path: &Path) -> Result<Admission, Box<dyn Error + Send + Sync>> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&folder.path().join("freehold.sqlite"))?;
    let (keys, clock) = (Arc::new(store.clone()), Arc::new(Real));
    let log = AuditLog::open(&folder.path().join("log"), Options::default(), keys, clock)?;
    let inventory = Inventory::open(store, log, folder.path().join("admissions"))?;
    let mut files = Vec::new();
    for file in scan(path, &|_, _| {})? {
        let digest = file.digest.ok_or("a file that cannot be read")?;
        files.push(SignedFile { name: file.path, digest, bytes: file.bytes });
    }
    let tester = Principal("tester".to_owned());
    let case = Case {
        name: "model".to_owned(),
        path: path.display().to_string(),
        format: None,
        files,
        findings: Vec::new(),
        licence: None,
        category: None,
        terms: Vec::new(),
        by: tester.clone(),
        role: None,
        second: None,
        until: None,
        accept: BTreeMap::new(),
        recorded_by: tester,
    };
    let policy = Policy { reverify_days: None, ..Policy::default() };
    let day = "2026-11-23".parse()?;
    let approved = decide(&policy, case, day).map_err(|objections| format!("{objections:?}"))?;
    inventory.admit(RecordId::new(1, [1; 10]), approved)?;
    Ok(inventory.permit(path, day, OnDue::Refuse)?.admission)
}
