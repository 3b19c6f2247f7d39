//! The log as callers see it: append, wait, look, close.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use freehold_store::{StoreError, SubjectKeys};
use freehold_tlog::{CheckpointError, MAX_ENTRY_BYTES};
use freehold_types::{Clock, Principal, RecordId, Timestamp};
use ring::rand::SystemRandom;
use rustix::fs::{FlockOperation, flock, statvfs};

use crate::{
    Ascent, Entry, EntryView, IdentityError, ReadError, Receipt, RecordView, SegmentError,
    disk::{Disk, RealDisk},
    frame, header,
    helper::Helper,
    reader::View,
    recover::recover,
    seal::{self, SealError},
    writer::{Pending, Shared, Writer},
};

/// How a log is kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// The log's name in checkpoints, set when it is made; `None` draws one.
    pub origin: Option<String>,
    /// The size that segment files grow to.
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

/// An open log. Clones are cheap and share it; at most one process can have it open. Dropping the
/// last clone closes it.
#[derive(Clone)]
pub struct AuditLog {
    inner: Arc<Inner>,
}

struct Inner {
    directory: PathBuf,
    origin: String,
    backlog_bytes: usize,
    keys: Arc<dyn SubjectKeys>,
    clock: Arc<dyn Clock>,
    random: SystemRandom,
    shared: Arc<Shared>,
    writer: Mutex<Option<thread::JoinHandle<()>>>,
    _lock: File,
}

impl AuditLog {
    /// Opens the log in a directory, makes one where there is none, and recovers what was durable.
    ///
    /// # Errors
    /// [`OpenError`] if the directory cannot be used, another process has the log open, or
    /// something that had been acknowledged is damaged or missing.
    pub fn open(
        directory: &Path,
        options: Options,
        keys: Arc<dyn SubjectKeys>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        Self::open_on(Arc::new(RealDisk), true, directory, options, keys, clock)
    }

    /// The same on any disk, with or without a helping thread.
    pub(crate) fn open_on(
        disk: Arc<dyn Disk>,
        threaded: bool,
        directory: &Path,
        options: Options,
        keys: Arc<dyn SubjectKeys>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io { path: directory.to_owned(), source };
        disk.create_directory(directory).map_err(failed)?;
        let lock = lock(directory)?;
        let random = SystemRandom::new();
        let recovered = recover(&*disk, directory, options.origin.as_deref(), &random)?;
        let origin = recovered.signer.verifier().name().to_owned();
        let helper = Helper::start(Arc::clone(&disk), directory, threaded).map_err(failed)?;
        let writer = Writer::new(disk, directory, &options, Arc::clone(&clock), recovered, helper)?;
        let shared = writer.shared();
        let thread = thread::Builder::new()
            .name("audit-writer".into())
            .spawn(move || writer.run())
            .map_err(failed)?;
        let inner = Inner {
            directory: directory.to_owned(),
            origin,
            backlog_bytes: options.backlog_bytes,
            keys,
            clock,
            random,
            shared,
            writer: Mutex::new(Some(thread)),
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Appends an entry. Never waits for the disk: `done` runs on the writer's thread once the
    /// entry is durable, or once it is certain that it never will be acknowledged; or at once, on
    /// the caller's thread, if the entry is refused. It must be quick and must not wait for the
    /// log itself.
    pub fn append(
        &self,
        entry: Entry,
        done: impl FnOnce(Result<Receipt, AppendError>) + Send + 'static,
    ) {
        let (frame, leaf) = match self.frame(&entry) {
            Ok(frame) => frame,
            Err(error) => return done(Err(error)),
        };
        let pending =
            Pending { frame, leaf, id: entry.id(), kind: entry.kind(), done: Box::new(done) };
        self.inner.shared.submit(pending, self.inner.backlog_bytes);
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
        let shared = &self.inner.shared;
        let size = shared.catalog.read().unwrap_or_else(PoisonError::into_inner).size();
        let published = shared.published.read().unwrap_or_else(PoisonError::into_inner);
        LogStatus {
            directory: self.inner.directory.clone(),
            origin: self.inner.origin.clone(),
            size,
            checkpoint_size: published.checkpoint.size,
            checkpoint_time: published.time,
            failed: shared.failed().map(|reason| reason.as_ref().to_owned()),
            free_bytes: statvfs(&self.inner.directory)
                .ok()
                .map(|free| free.f_bavail.saturating_mul(free.f_frsize)),
        }
    }

    /// Finishes what was appended, signs a last checkpoint and stops. Later appends fail.
    pub fn close(&self) {
        self.inner.close();
    }

    /// All entries of one record, bodies opened where their keys exist.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] if there is none; others if the log cannot be read.
    pub fn show(&self, id: RecordId) -> Result<RecordView, ReadError> {
        self.look(|view| view.show(id))
    }

    /// The last entries, oldest first, bodies left sealed.
    ///
    /// # Errors
    /// [`ReadError`] if the log cannot be read.
    pub fn tail(&self, count: usize) -> Result<Vec<EntryView>, ReadError> {
        self.look(|view| view.tail(count))
    }

    /// The last entries before a place in the log, oldest first, bodies left sealed.
    ///
    /// # Errors
    /// [`ReadError`] if the log cannot be read.
    pub fn before(&self, place: u64, count: usize) -> Result<Vec<EntryView>, ReadError> {
        self.look(|view| view.before(place, count))
    }

    /// All entries of one record, bodies left sealed; none for a record that is not there.
    ///
    /// # Errors
    /// [`ReadError`] if the log cannot be read.
    pub fn outline(&self, id: RecordId) -> Result<RecordView, ReadError> {
        self.look(|view| view.outline(id))
    }

    /// The way from an entry to the signed root; `None` where no checkpoint covers it yet or the
    /// way does not lead there.
    pub fn ascent(&self, entry: &EntryView) -> Option<Ascent> {
        self.look(|view| Ok(view.ascent(entry))).ok().flatten()
    }

    fn look<T>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let shared = &self.inner.shared;
        let published = shared.published.read().unwrap_or_else(PoisonError::into_inner);
        let checkpoint = published.checkpoint.clone();
        drop(published);
        let catalog = shared.catalog.read().unwrap_or_else(PoisonError::into_inner);
        read(&View {
            directory: &self.inner.directory,
            catalog: &catalog,
            checkpoint: Some(&checkpoint),
            keys: Some(&self.inner.keys),
        })
    }

    /// Seals, encodes and hashes an entry, all on the caller's thread.
    fn frame(&self, entry: &Entry) -> Result<(Vec<u8>, freehold_tlog::Hash), AppendError> {
        let body: Option<(&Principal, &[u8])> = match entry {
            Entry::Intent(intent) => Some((&intent.principal, &intent.input)),
            Entry::Outcome(outcome) => Some((&outcome.principal, &outcome.output)),
            Entry::Event(_) => None,
        };
        let body_bytes = body.map_or(0, |(_, plaintext)| plaintext.len());
        if body_bytes > MAX_BODY_BYTES {
            return Err(AppendError::BodyTooLarge { bytes: body_bytes });
        }
        let mut frame = frame::begin(body_bytes + TYPICAL_HEADER_BYTES);
        let commitment = match body {
            Some((principal, plaintext)) => {
                let subject = self.inner.keys.current(principal)?;
                let random = &self.inner.random;
                let (id, kind) = (entry.id(), entry.kind());
                Some(seal::seal(random, &subject, id, kind, plaintext, &mut frame)?)
            }
            None => None,
        };
        let body_end = frame.len();
        header::encode(entry, self.inner.clock.now(), commitment.as_ref(), &mut frame)?;
        let header_bytes = frame.len() - body_end;
        if header_bytes > MAX_ENTRY_BYTES {
            return Err(AppendError::TooLarge { bytes: header_bytes });
        }
        let leaf = frame::finish(&mut frame, body_end);
        Ok((frame, leaf))
    }
}

impl Inner {
    fn close(&self) {
        self.shared.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A callback may hold the last clone; the writer cannot wait for itself.
        if let Some(writer) = writer.filter(|writer| writer.thread().id() != thread::current().id())
        {
            drop(writer.join());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
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
    /// When that was signed; `None` if before this start.
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
    /// Another process has it open.
    #[error("another process has the audit log in {} open; stop it first", directory.display())]
    Locked {
        /// The log.
        directory: PathBuf,
    },
    /// The log's key cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The checkpoint is not one of this log.
    #[error("{} is not a checkpoint of this log; restore it from a backup", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: CheckpointError,
    },
    /// There are entries and no checkpoint.
    #[error("{} is missing; restore it from a backup", path.display())]
    NoCheckpoint {
        /// The file.
        path: PathBuf,
    },
    /// Something that was durable is damaged.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// Something that was durable is missing.
    #[error(
        "the audit log ends at entry {found} where {expected} should follow; restore the missing segments from a backup"
    )]
    Missing {
        /// The entry that should be there.
        expected: u64,
        /// The one that is.
        found: u64,
    },
    /// The entries are not those that were signed.
    #[error("the first {size} entries in {} are not those that were signed; run `verify`", directory.display())]
    Root {
        /// The log.
        directory: PathBuf,
        /// How many were signed.
        size: u64,
    },
}

/// Why an entry was not recorded. Whatever the reason, no receipt for it will ever exist.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A write failed earlier; the log takes nothing more until it is opened anew.
    #[error("the audit log stopped: {reason}")]
    Failed {
        /// What failed.
        reason: Arc<str>,
    },
    /// The log was closed.
    #[error("the audit log is closed")]
    Closed,
    /// More waits for the disk than may.
    #[error("{bytes} bytes wait for the disk already")]
    Backlog {
        /// How many wait.
        bytes: usize,
    },
    /// The header is too long for the log's format.
    #[error("the entry's header has {bytes} bytes; at most 65,535 fit")]
    TooLarge {
        /// Of the header.
        bytes: usize,
    },
    /// The body is too long for the log's format.
    #[error("the entry's body has {bytes} bytes; at most 1 GiB fits")]
    BodyTooLarge {
        /// Of the body.
        bytes: usize,
    },
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

/// Held for as long as the file is open; the system gives it back when the process dies.
fn lock(directory: &Path) -> Result<File, OpenError> {
    let path = directory.join("lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file =
        options.open(&path).map_err(|source| OpenError::Io { path: path.clone(), source })?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => {
            Err(OpenError::Locked { directory: directory.to_owned() })
        }
        Err(error) => Err(OpenError::Io { path, source: error.into() }),
    }
}

/// Offsets in tables have 32 bits.
const MAX_BODY_BYTES: usize = 1 << 30;
const TYPICAL_HEADER_BYTES: usize = 1280;
