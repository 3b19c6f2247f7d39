//! The log as callers see it: append, wait, look, close.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock, mpsc},
    thread,
    time::Duration,
};

use freehold_store::{StoreError, SubjectKeys};
use freehold_types::{Clock, Digest, Principal, RecordId, Timestamp};
use ring::{digest, rand::SystemRandom};

use crate::{
    Body, Entry, EntryKind, EntryView, Proof, ReadError, Receipt, RecordView, header,
    seal::{self, Commitment, SealError, UnsealError},
};

/// How a log is kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// The log's name in checkpoints, set when it is made; `None` draws one.
    pub origin: Option<String>,
    /// Size of a segment file.
    pub segment_bytes: u64,
    /// How often a checkpoint is signed while entries arrive.
    pub checkpoint_interval: Duration,
    /// How many bytes may wait for the disk before [`AppendError::Backlog`].
    pub backlog_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            origin: None,
            segment_bytes: 32 << 20,
            checkpoint_interval: Duration::from_secs(1),
            backlog_bytes: 256 << 20,
        }
    }
}

/// An open log. Clones are cheap and share it; at most one process can have it open.
#[derive(Clone)]
pub struct AuditLog {
    inner: Arc<Inner>,
}

struct Inner {
    directory: PathBuf,
    keys: Arc<dyn SubjectKeys>,
    clock: Arc<dyn Clock>,
    random: SystemRandom,
    sender: Mutex<Option<mpsc::Sender<Pending>>>,
    writer: Mutex<Option<thread::JoinHandle<()>>>,
    shared: Arc<RwLock<Shared>>,
}

#[derive(Default)]
struct Shared {
    entries: Vec<Stored>,
    failed: Option<String>,
}

#[derive(Clone)]
struct Stored {
    id: RecordId,
    kind: EntryKind,
    time: Timestamp,
    header: Vec<u8>,
    leaf: Digest,
    commitment: Option<Commitment>,
    envelope: Vec<u8>,
}

struct Pending {
    stored: Stored,
    done: Box<dyn FnOnce(Result<Receipt, AppendError>) + Send>,
}

impl AuditLog {
    /// Opens the log in a directory, makes one where there is none, and recovers what was durable.
    ///
    /// # Errors
    /// [`OpenError`] if the directory cannot be used.
    pub fn open(
        directory: &Path,
        _options: Options,
        keys: Arc<dyn SubjectKeys>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let path = directory.join("entries");
        let unusable = |source| OpenError::Io { path: path.clone(), source };
        std::fs::create_dir_all(directory).map_err(unusable)?;
        let file = OpenOptions::new().append(true).create(true).open(&path).map_err(unusable)?;
        let (sender, receiver) = mpsc::channel();
        let shared = Arc::new(RwLock::new(Shared::default()));
        let for_writer = Arc::clone(&shared);
        let writer = thread::Builder::new()
            .name("audit-writer".into())
            .spawn(move || write_all(file, &receiver, &for_writer))
            .map_err(unusable)?;
        let inner = Inner {
            directory: directory.to_owned(),
            keys,
            clock,
            random: SystemRandom::new(),
            sender: Mutex::new(Some(sender)),
            writer: Mutex::new(Some(writer)),
            shared,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Appends an entry. Never waits for the disk: `done` runs on the writer's thread once the
    /// entry is durable, or once it is certain that it never will be. It must be quick.
    pub fn append(
        &self,
        entry: Entry,
        done: impl FnOnce(Result<Receipt, AppendError>) + Send + 'static,
    ) {
        let stored = match self.prepare(&entry) {
            Ok(stored) => stored,
            Err(error) => return done(Err(error)),
        };
        let sender = self.inner.sender.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sender) = sender else { return done(Err(AppendError::Closed)) };
        if let Err(mpsc::SendError(pending)) = sender.send(Pending { stored, done: Box::new(done) })
        {
            (pending.done)(Err(AppendError::Closed));
        }
    }

    /// Appends an entry and waits until it is durable.
    ///
    /// # Errors
    /// [`AppendError`] if it is not, and never will be acknowledged.
    pub fn append_wait(&self, entry: Entry) -> Result<Receipt, AppendError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.append(entry, move |result| drop(sender.send(result)));
        receiver.recv().unwrap_or(Err(AppendError::Closed))
    }

    /// How the log is.
    pub fn status(&self) -> LogStatus {
        let shared = self.inner.shared.read().unwrap_or_else(PoisonError::into_inner);
        LogStatus {
            directory: self.inner.directory.clone(),
            origin: String::new(),
            size: shared.entries.len() as u64,
            checkpoint_size: 0,
            checkpoint_time: None,
            failed: shared.failed.clone(),
            free_bytes: None,
        }
    }

    /// Finishes what was appended, signs a last checkpoint and stops. Later appends fail.
    pub fn close(&self) {
        drop(self.inner.sender.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            drop(writer.join());
        }
    }

    /// All entries of one record, bodies opened where their keys exist.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] if there is none; others if the log cannot be read.
    pub fn show(&self, id: RecordId) -> Result<RecordView, ReadError> {
        let shared = self.inner.shared.read().unwrap_or_else(PoisonError::into_inner);
        let entries: Vec<_> = shared
            .entries
            .iter()
            .enumerate()
            .filter(|(_, stored)| stored.id == id)
            .map(|(sequence, stored)| self.view(sequence as u64, stored, true))
            .collect();
        if entries.is_empty() {
            Err(ReadError::Unknown { id })
        } else {
            Ok(RecordView { id, entries })
        }
    }

    /// The last entries, oldest first, bodies left sealed.
    ///
    /// # Errors
    /// [`ReadError`] if the log cannot be read.
    pub fn tail(&self, count: usize) -> Result<Vec<EntryView>, ReadError> {
        let shared = self.inner.shared.read().unwrap_or_else(PoisonError::into_inner);
        let skip = shared.entries.len().saturating_sub(count);
        Ok(shared
            .entries
            .iter()
            .enumerate()
            .skip(skip)
            .map(|(sequence, stored)| self.view(sequence as u64, stored, false))
            .collect())
    }

    fn prepare(&self, entry: &Entry) -> Result<Stored, AppendError> {
        let body: Option<(&Principal, &[u8])> = match entry {
            Entry::Intent(intent) => Some((&intent.principal, &intent.input)),
            Entry::Outcome(outcome) => Some((&outcome.principal, &outcome.output)),
            Entry::Event(_) => None,
        };
        let mut envelope = Vec::new();
        let commitment = match body {
            Some((principal, plaintext)) => {
                let subject = self.inner.keys.current(principal)?;
                Some(seal::seal(
                    &self.inner.random,
                    &subject,
                    entry.id(),
                    entry.kind(),
                    plaintext,
                    &mut envelope,
                )?)
            }
            None => None,
        };
        let time = self.inner.clock.now();
        let mut header = Vec::with_capacity(1024);
        header::encode(entry, time, commitment.as_ref(), &mut header)?;
        let mut leaf = digest::Context::new(&digest::SHA256);
        leaf.update(&[0]);
        leaf.update(&header);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(leaf.finish().as_ref());
        let leaf = Digest::from_bytes(bytes);
        Ok(Stored { id: entry.id(), kind: entry.kind(), time, header, leaf, commitment, envelope })
    }

    fn view(&self, sequence: u64, stored: &Stored, open: bool) -> EntryView {
        let body = match &stored.commitment {
            None => Body::None,
            Some(_) if !open => Body::Sealed,
            Some(commitment) => match seal::open(
                &self.inner.keys,
                stored.id,
                stored.kind,
                commitment,
                &stored.envelope,
            ) {
                Ok(opened) => Body::Opened(opened),
                Err(UnsealError::Erased) => Body::Erased,
                Err(UnsealError::Damaged) => Body::Damaged,
                Err(UnsealError::Store(_)) => Body::Sealed,
            },
        };
        EntryView {
            sequence,
            leaf_hash: stored.leaf,
            id: stored.id,
            kind: stored.kind,
            time: stored.time,
            header: serde_json::from_slice(&stored.header).unwrap_or_default(),
            body,
            proof: Proof::Pending,
        }
    }
}

/// How a log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStatus {
    /// Where it lies.
    pub directory: PathBuf,
    /// Its name in checkpoints.
    pub origin: String,
    /// Durable entries.
    pub size: u64,
    /// Entries under the last signed checkpoint.
    pub checkpoint_size: u64,
    /// When that was signed.
    pub checkpoint_time: Option<Timestamp>,
    /// Why it takes no more entries, if it does not.
    pub failed: Option<String>,
    /// Free space on its file system, where the system tells.
    pub free_bytes: Option<u64>,
}

/// Why a log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file cannot be read or written.
    #[error("the audit log cannot use {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Why an entry was not recorded. Whatever the reason, no receipt for it will ever exist.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A write failed earlier; the log takes nothing more until it is opened anew.
    #[error("the audit log stopped: {reason}")]
    Failed {
        /// What failed.
        reason: String,
    },
    /// The log was closed.
    #[error("the audit log is closed")]
    Closed,
    /// The body could not be sealed.
    #[error("the body could not be sealed")]
    Seal(#[from] SealError),
    /// The subject's key could not be had.
    #[error("the subject's key could not be had")]
    Key(#[from] StoreError),
    /// The header could not be written as JSON.
    #[error("the entry could not be written as JSON")]
    Header(#[from] serde_json::Error),
}

fn write_all(mut file: File, receiver: &mpsc::Receiver<Pending>, shared: &RwLock<Shared>) {
    while let Ok(first) = receiver.recv() {
        let batch: Vec<Pending> = std::iter::once(first).chain(receiver.try_iter()).collect();
        let mut shared = shared.write().unwrap_or_else(PoisonError::into_inner);
        if shared.failed.is_none() {
            let mut bytes = Vec::new();
            for pending in &batch {
                bytes.extend_from_slice(&pending.stored.header);
                bytes.push(b'\n');
                bytes.extend_from_slice(&pending.stored.envelope);
            }
            shared.failed = file
                .write_all(&bytes)
                .and_then(|()| file.sync_data())
                .err()
                .map(|error| error.to_string());
        }
        for pending in batch {
            match &shared.failed {
                Some(reason) => (pending.done)(Err(AppendError::Failed { reason: reason.clone() })),
                None => {
                    let sequence = shared.entries.len() as u64;
                    let receipt = Receipt::issue(pending.stored.id, sequence, pending.stored.kind);
                    shared.entries.push(pending.stored);
                    (pending.done)(Ok(receipt));
                }
            }
        }
    }
}
