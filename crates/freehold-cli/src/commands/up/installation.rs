//! The data directory: made where it is missing, held while the program runs.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use freehold_auditlog::{AuditLog, Entry, Event, EventKind, Options};
use freehold_config::LogSettings;
use freehold_store::{KeyGrant, NewKey, Store};
use freehold_types::{Clock, KeyId, Principal, RecordId};
use freehold_vet::Inventory;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{announce::Ready, error::UpError};
use crate::{
    place::Directory,
    system::{SystemClock, new_id, operator},
};

/// A data directory that this process alone uses.
pub(crate) struct Installation {
    /// The directory.
    pub directory: Directory,
    /// Keys.
    pub store: Store,
    /// The record.
    pub log: AuditLog,
    /// Which models are admitted.
    pub inventory: Inventory,
    /// The clock of everything.
    pub clock: Arc<dyn Clock>,
    // The kernel gives the lock back when the process ends, however it ends.
    lock: File,
}

/// The API key that the first start makes.
#[derive(Debug)]
pub(crate) enum FirstKey {
    /// Made now; its secret is to be shown this once.
    Made(NewKey),
    /// There from an earlier start.
    Kept,
    /// There, and revoked.
    Revoked,
    /// Made by an earlier start, and its file is gone. Who lost it makes another one by order.
    Lost,
}

/// A key just made, as it is handed to whoever ordered it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Made {
    /// The public part.
    pub id: KeyId,
    /// The whole key.
    pub secret: String,
}

impl From<NewKey> for Made {
    fn from(key: NewKey) -> Self {
        Self { secret: key.secret.to_string(), id: key.id }
    }
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Installation {
    /// Makes what is missing and takes the directory for this process. Keys that are lost are
    /// missing for good: only where `new_store` says so are there new ones, and the log says so.
    pub(crate) fn take(
        directory: Directory,
        settings: &LogSettings,
        new_store: bool,
    ) -> Result<Self, UpError> {
        make(directory.path())?;
        let lock = hold(&directory)?;
        let missing = lost_keys(&directory, new_store)?;
        make(&directory.models())?;
        make(&directory.cache())?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let path = directory.store();
        let store = Store::open(&path).map_err(|source| UpError::Store { path, source })?;
        let options = Options {
            origin: settings.origin.clone(),
            segment_bytes: settings.segment_bytes,
            checkpoint_interval: settings.checkpoint_interval,
            ..Options::default()
        };
        let path = directory.log();
        make(&path)?;
        let log = AuditLog::open(&path, options, Arc::new(store.clone()), Arc::clone(&clock))
            .map_err(|source| UpError::Log { path, source })?;
        let inventory = Inventory::open(store.clone(), log.clone(), directory.admissions())?;
        let installation = Self { directory, store, log, inventory, clock, lock };
        if !missing.is_empty() {
            installation.inventory.rebuild()?;
            let detail = json!({ "missing": missing, "by": operator() });
            installation.record(EventKind::StoreReplaced, detail)?;
        }
        Ok(installation)
    }

    /// Writes where this process can be reached into the lock file, for the next one that comes.
    pub(crate) fn tell(&mut self, ready: &Ready) -> Result<(), UpError> {
        let reach = ready.reach();
        let path = self.directory.lock();
        let write = |lock: &mut File| {
            lock.set_len(0)?;
            lock.rewind()?;
            lock.write_all(format!("{reach}\n").as_bytes())
        };
        write(&mut self.lock).map_err(|source| UpError::Write { path, source })
    }

    /// Records an event, waits until it is durable, and names its record.
    pub(crate) fn record(&self, kind: EventKind, detail: Value) -> Result<RecordId, UpError> {
        let id = new_id(&*self.clock);
        self.log.append_wait(Entry::Event(Event { id, kind, detail }))?;
        Ok(id)
    }

    /// Writes where the next person signs in to the console, readable by its owner only.
    pub(crate) fn keep_sign_in(&self, address: &str) -> Result<(), UpError> {
        let path = self.directory.console_sign_in();
        write_secret(&path, address).map_err(|source| UpError::Write { path, source })
    }

    /// The API key in the file `api-key`; a new one where none was ever made. One that was revoked
    /// has no successor: whoever revoked it did not want a key with all rights. Neither has one
    /// whose file is gone: whoever deletes a file gets no such key for it.
    pub(crate) fn first_key(&self) -> Result<FirstKey, UpError> {
        let path = self.directory.api_key();
        match fs::read_to_string(&path) {
            Ok(secret) if self.known(secret.trim())? => return Ok(FirstKey::Kept),
            Ok(secret) if self.revoked(secret.trim())? => return Ok(FirstKey::Revoked),
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(UpError::Write { path, source });
            }
            _ => (),
        }
        let keys = self.store.list_keys();
        let keys =
            keys.map_err(|source| UpError::Store { path: self.directory.store(), source })?;
        if keys.iter().any(|key| key.name == FIRST) {
            return Ok(FirstKey::Lost);
        }
        let key = self.new_key(KeyGrant::unlimited(operator(), FIRST), &operator())?;
        write_secret(&path, &key.secret).map_err(|source| UpError::Write { path, source })?;
        Ok(FirstKey::Made(key))
    }

    /// A key for the console's playground, known to this process only. Those of earlier processes
    /// are revoked.
    pub(crate) fn console_key(&self) -> Result<NewKey, UpError> {
        let failed = |source| UpError::Store { path: self.directory.store(), source };
        for old in self.store.list_keys().map_err(failed)? {
            if old.name == CONSOLE && old.revoked.is_none() {
                self.revoke_key(&old.id, &operator())?;
            }
        }
        self.new_key(KeyGrant::unlimited(operator(), CONSOLE), &operator())
    }

    /// Makes a key. Nobody knows its secret before the log has the key.
    pub(crate) fn new_key(&self, grant: KeyGrant, by: &Principal) -> Result<NewKey, UpError> {
        let failed = |source| UpError::Store { path: self.directory.store(), source };
        let detail = json!({
            "name": grant.name,
            "principal": grant.principal,
            "tools": grant.tools,
            "max_class": grant.class_limit,
            "by": by,
        });
        let key = self.store.create_key(grant, self.clock.now()).map_err(failed)?;
        let recorded = self.record(EventKind::KeyCreated, with_key(detail, &key.id));
        if let Err(error) = recorded {
            self.store.revoke_key(&key.id, self.clock.now()).map_err(failed)?;
            return Err(error);
        }
        Ok(key)
    }

    /// Revokes a key; `false` if there is none or it already was. It ends before the log says so.
    pub(crate) fn revoke_key(&self, id: &KeyId, by: &Principal) -> Result<bool, UpError> {
        let failed = |source| UpError::Store { path: self.directory.store(), source };
        let keys = self.store.list_keys().map_err(failed)?;
        let Some(key) = keys.into_iter().find(|key| key.id == *id) else { return Ok(false) };
        let revoked = self.store.revoke_key(id, self.clock.now()).map_err(failed)?;
        if revoked {
            let detail = json!({ "name": key.name, "principal": key.principal, "by": by });
            self.record(EventKind::KeyRevoked, with_key(detail, id))?;
        }
        Ok(revoked)
    }

    fn known(&self, secret: &str) -> Result<bool, UpError> {
        let found = self
            .store
            .find_key(secret)
            .map_err(|source| UpError::Store { path: self.directory.store(), source })?;
        Ok(found.is_some())
    }

    fn revoked(&self, secret: &str) -> Result<bool, UpError> {
        let keys = self.store.list_keys();
        let keys =
            keys.map_err(|source| UpError::Store { path: self.directory.store(), source })?;
        let own = |id: &str| secret.strip_prefix("fh_").is_some_and(|rest| rest.starts_with(id));
        Ok(keys.iter().any(|key| key.revoked.is_some() && own(&key.id.0)))
    }
}

/// The process that the lock file names, if it says.
pub(crate) fn named_in(lock: &Path) -> Option<u32> {
    let text = fs::read_to_string(lock).ok()?;
    let value: Value = serde_json::from_str(&text).ok()?;
    value.get("pid")?.as_u64()?.try_into().ok()
}

/// The names of the key files that are gone though the log has entries. Without the order to go on
/// that is an error; with it, what is left of them is set aside, since one is of no use without
/// the other.
fn lost_keys(directory: &Directory, new_store: bool) -> Result<Vec<String>, UpError> {
    let missing = directory.missing_keys();
    let lost = directory.has_record() && !missing.is_empty();
    match missing.into_iter().next() {
        Some(missing) if lost && !new_store => Err(UpError::KeysLost { missing }),
        None if new_store => Err(UpError::NothingLost { path: directory.store() }),
        _ if !lost => Ok(Vec::new()),
        _ => {
            let names = names_of(&directory.missing_keys());
            for path in directory.key_files() {
                set_aside(&path)?;
            }
            Ok(names)
        }
    }
}

fn names_of(paths: &[PathBuf]) -> Vec<String> {
    let names = paths.iter().filter_map(|path| path.file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// Renames a file to the first name `FILE.lost-N` that is free. One that is not there stays so.
fn set_aside(path: &Path) -> Result<(), UpError> {
    let names = (1..).map(|number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".lost-{number}"));
        PathBuf::from(name)
    });
    let Some(aside) = names.into_iter().find(|name| !name.exists()) else { return Ok(()) };
    match fs::rename(path, aside) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(UpError::Write { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

fn with_key(mut detail: Value, id: &KeyId) -> Value {
    detail["key"] = json!(id);
    detail
}

fn make(path: &Path) -> Result<(), UpError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| UpError::Write { path: path.to_owned(), source })
}

/// Whether no other process uses the directory, asked before anything is made. [`Installation::take`]
/// asks again.
pub(crate) fn free(directory: &Directory) -> Result<(), UpError> {
    let path = directory.lock();
    let Ok(lock) = File::open(&path) else { return Ok(()) };
    match flock(&lock, FlockOperation::NonBlockingLockShared) {
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Err(in_use(directory)),
        _ => Ok(()),
    }
}

fn in_use(directory: &Directory) -> UpError {
    let pid = named_in(&directory.lock());
    UpError::InUse { path: directory.path().to_owned(), pid }
}

/// Takes the directory's lock. Its file stays when the process ends, its lock does not.
fn hold(directory: &Directory) -> Result<File, UpError> {
    let path = directory.lock();
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path);
    let mut lock = opened.map_err(|source| UpError::Write { path: path.clone(), source })?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {
            let mut old = String::new();
            // Whatever a process that is gone left there is of no use.
            let _unused = lock.read_to_string(&mut old);
            Ok(lock)
        }
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Err(in_use(directory)),
        Err(error) => Err(UpError::Write { path, source: error.into() }),
    }
}

/// Writes a secret that only its owner may read, durably, and never half of it.
fn write_secret(path: &Path, secret: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

const CONSOLE: &str = "console playground";
const FIRST: &str = "first key";
