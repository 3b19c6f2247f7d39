//! The store that the program uses: secrets made, hashed and wrapped, and what is hot kept at hand.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use freehold_types::{KeyId, Principal, RecordId, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    EpochError, InventoryRow, KeyGrant, KeyRecord, KeyRow, NewKey, Sqlite, Storage, StorageError,
    SubjectKey, SubjectKeyError, SubjectKeyId, SubjectKeys, SubjectRow, api_key, epoch::EpochKeys,
};

/// API keys and subject keys. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    storage: Box<dyn Storage>,
    epochs: EpochKeys,
    random: SystemRandom,
    cache: RwLock<Cache>,
}

struct Cache {
    keys: HashMap<KeyId, ([u8; 32], Arc<KeyRecord>)>,
    subjects: HashMap<Principal, Arc<SubjectKey>>,
    change_counter: i64,
    checked: Instant,
}

impl Store {
    /// Opens the SQLite file and the epoch keys beside it (`NAME.epoch-keys`); makes what is
    /// missing.
    ///
    /// # Errors
    /// [`StoreError`] if one of the two cannot be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::with_storage(Box::new(Sqlite::open(path)?), &path.with_extension("epoch-keys"))
    }

    /// The same over any [`Storage`], with the epoch keys in the given file.
    ///
    /// # Errors
    /// [`StoreError`] if one of the two cannot be used.
    pub fn with_storage(storage: Box<dyn Storage>, epoch_keys: &Path) -> Result<Self, StoreError> {
        let random = SystemRandom::new();
        let epochs = EpochKeys::open(epoch_keys, &random)?;
        let cache = Cache {
            keys: HashMap::new(),
            subjects: HashMap::new(),
            change_counter: storage.change_counter()?,
            checked: Instant::now(),
        };
        let inner = Inner { storage, epochs, random, cache: RwLock::new(cache) };
        let store = Self { inner: Arc::new(inner) };
        store.reload_keys()?;
        Ok(store)
    }

    /// Makes a key; it is durable on return. Its secret is known now and never again.
    ///
    /// # Errors
    /// [`StoreError`] if it could not be kept.
    pub fn create_key(&self, grant: KeyGrant, now: Timestamp) -> Result<NewKey, StoreError> {
        loop {
            let new = api_key::generate(&self.inner.random).map_err(|_| StoreError::Random)?;
            let row = KeyRow {
                id: new.id.clone(),
                hash: api_key::hash(&new.secret),
                grant: grant.clone(),
                created: now,
                revoked: None,
            };
            // One in 62^8 pairs of keys shares the public part; then another is drawn.
            if self.inner.storage.insert_key(&row)? {
                let mut cache = self.inner.cache.write().unwrap_or_else(PoisonError::into_inner);
                cache.keys.insert(row.id.clone(), (row.hash, Arc::new(record(row))));
                return Ok(new);
            }
        }
    }

    /// The key whose secret this is; `None` for anything else, revoked keys included.
    /// Answers from memory; changes by other processes are seen within a second.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer when asked for such changes.
    pub fn find_key(&self, secret: &str) -> Result<Option<Arc<KeyRecord>>, StoreError> {
        self.notice_changes()?;
        let Some(id) = api_key::id_of(secret) else { return Ok(None) };
        let hash = api_key::hash(secret);
        let cache = self.inner.cache.read().unwrap_or_else(PoisonError::into_inner);
        let found = cache.keys.get(&KeyId(id.to_owned())).filter(|(kept, key)| {
            bool::from(kept.as_slice().ct_eq(hash.as_slice())) && key.revoked.is_none()
        });
        Ok(found.map(|(_, key)| Arc::clone(key)))
    }

    /// All keys, revoked ones too, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        Ok(self.inner.storage.keys()?.into_iter().map(record).collect())
    }

    /// Revokes a key, for this process at once; `false` if there is none or it already was.
    ///
    /// # Errors
    /// [`StoreError`] if it could not be kept.
    pub fn revoke_key(&self, id: &KeyId, now: Timestamp) -> Result<bool, StoreError> {
        let revoked = self.inner.storage.revoke_key(id, now)?;
        let mut cache = self.inner.cache.write().unwrap_or_else(PoisonError::into_inner);
        cache.keys.remove(id);
        Ok(revoked)
    }

    /// Deletes the key under which a subject's records are sealed: none of their bodies can ever
    /// be opened again. Records made later get a new key. `false` if there was none.
    ///
    /// # Errors
    /// [`StoreError`] if it could not be deleted.
    pub fn erase_subject(&self, subject: &Principal) -> Result<bool, StoreError> {
        // Held over both steps, so that no reader puts the deleted key back into the cache.
        let mut cache = self.inner.cache.write().unwrap_or_else(PoisonError::into_inner);
        cache.subjects.remove(subject);
        Ok(self.inner.storage.delete_subject(subject)?)
    }

    /// The inventory's rows, for whoever keeps it; see [`Storage::inventory`].
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub fn inventory(&self) -> Result<Vec<InventoryRow>, StoreError> {
        Ok(self.inner.storage.inventory()?)
    }

    /// Keeps a row of the inventory; durable on return.
    ///
    /// # Errors
    /// [`StoreError`] if it could not be kept.
    pub fn put_inventory(&self, row: &InventoryRow) -> Result<(), StoreError> {
        Ok(self.inner.storage.put_inventory(row)?)
    }

    /// Forgets a row of the inventory.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub fn remove_inventory(&self, record: RecordId) -> Result<(), StoreError> {
        Ok(self.inner.storage.remove_inventory(record)?)
    }

    /// Puts these rows in place of the whole inventory.
    ///
    /// # Errors
    /// [`StoreError`] if they could not be kept.
    pub fn replace_inventory(&self, rows: &[InventoryRow]) -> Result<(), StoreError> {
        Ok(self.inner.storage.replace_inventory(rows)?)
    }

    fn notice_changes(&self) -> Result<(), StoreError> {
        let due = {
            let cache = self.inner.cache.read().unwrap_or_else(PoisonError::into_inner);
            cache.checked.elapsed() >= CHECK_INTERVAL
        };
        if !due {
            return Ok(());
        }
        let counter = self.inner.storage.change_counter()?;
        let changed = {
            let mut cache = self.inner.cache.write().unwrap_or_else(PoisonError::into_inner);
            cache.checked = Instant::now();
            std::mem::replace(&mut cache.change_counter, counter) != counter
        };
        if changed { self.reload_keys() } else { Ok(()) }
    }

    /// Reads all keys anew; subject keys are forgotten, because another process may have erased one.
    fn reload_keys(&self) -> Result<(), StoreError> {
        let mut cache = self.inner.cache.write().unwrap_or_else(PoisonError::into_inner);
        let rows = self.inner.storage.keys()?;
        cache.subjects.clear();
        cache.keys = rows
            .into_iter()
            .filter(|row| row.revoked.is_none())
            .map(|row| (row.id.clone(), (row.hash, Arc::new(record(row)))))
            .collect();
        Ok(())
    }

    fn open_subject(&self, row: &SubjectRow) -> Result<Arc<SubjectKey>, StoreError> {
        let key = self.inner.epochs.unwrap(row.epoch, &row.wrapped, &context(row.id))?;
        Ok(Arc::new(SubjectKey::new(row.id, &key)?))
    }

    fn make_subject(&self, subject: &Principal) -> Result<SubjectRow, StoreError> {
        let mut id = [0; 16];
        let mut key = Zeroizing::new([0u8; 32]);
        self.inner.random.fill(&mut id).map_err(|_| StoreError::Random)?;
        self.inner.random.fill(key.as_mut()).map_err(|_| StoreError::Random)?;
        let id = SubjectKeyId(id);
        let (epoch, wrapped) = self.inner.epochs.wrap(&self.inner.random, &key, &context(id))?;
        let row = SubjectRow { subject: subject.clone(), id, epoch, wrapped };
        Ok(self.inner.storage.insert_subject(&row)?)
    }
}

impl SubjectKeys for Store {
    fn current(&self, subject: &Principal) -> Result<Arc<SubjectKey>, StoreError> {
        self.notice_changes()?;
        {
            let cache = self.inner.cache.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = cache.subjects.get(subject) {
                return Ok(Arc::clone(key));
            }
        }
        let mut cache = self.inner.cache.write().unwrap_or_else(PoisonError::into_inner);
        let row = match self.inner.storage.subject(subject)? {
            Some(row) => row,
            None => self.make_subject(subject)?,
        };
        let key = self.open_subject(&row)?;
        // A flood of principals must not become a flood of memory.
        if cache.subjects.len() >= CACHED_SUBJECTS {
            cache.subjects.clear();
        }
        cache.subjects.insert(subject.clone(), Arc::clone(&key));
        Ok(key)
    }

    fn find(&self, id: SubjectKeyId) -> Result<Option<Arc<SubjectKey>>, StoreError> {
        match self.inner.storage.subject_by_id(id)? {
            Some(row) => Ok(Some(self.open_subject(&row)?)),
            None => Ok(None),
        }
    }
}

/// Why the store cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The epoch keys cannot be used.
    #[error(transparent)]
    Epoch(#[from] EpochError),
    /// A subject key cannot be used.
    #[error(transparent)]
    Subject(#[from] SubjectKeyError),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

fn record(row: KeyRow) -> KeyRecord {
    KeyRecord {
        id: row.id,
        principal: row.grant.principal,
        name: row.grant.name,
        tools: row.grant.tools,
        class_limit: row.grant.class_limit,
        created: row.created,
        revoked: row.revoked,
    }
}

/// Binds a wrapped key to its name, so that rows cannot be exchanged.
fn context(id: SubjectKeyId) -> [u8; 40] {
    let mut context = *b"freehold subject key v1\0................";
    context[24..].copy_from_slice(&id.0);
    context
}

const CHECK_INTERVAL: Duration = Duration::from_secs(1);
const CACHED_SUBJECTS: usize = 100_000;
