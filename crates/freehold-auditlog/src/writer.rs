//! The one thread that writes: it takes whatever waits, makes it durable with one sync, and only
//! then tells those who wait. The first error it meets is its last act.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock},
    time::{Duration, Instant},
};

use freehold_tlog::{Checkpoint, Hash, Signer, Tree};
use freehold_types::{Clock, RecordId, Timestamp};

use crate::{
    AppendError, EntryKind, OpenError, Receipt,
    catalog::Catalog,
    disk::{Disk, replace},
    frame::stamp,
    helper::Helper,
    identity,
    log::Options,
    recover::{CHECKPOINT_FILE, OpenSegment, Recovered},
    segment::{PREAMBLE_BYTES, path_of, preamble},
    tree_files::TreeWriter,
};

/// What the writer shares with those who append and read.
pub(crate) struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    /// Where entries lie.
    pub catalog: RwLock<Catalog>,
    /// The last checkpoint.
    pub published: RwLock<Published>,
}

/// The last checkpoint and when it was signed.
pub(crate) struct Published {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// When; `None` if before this start.
    pub time: Option<Timestamp>,
}

/// An entry on its way.
pub(crate) struct Pending {
    /// Complete but for its place.
    pub frame: Vec<u8>,
    /// Of its header.
    pub leaf: Hash,
    /// The record it belongs to.
    pub id: RecordId,
    /// Which kind it is.
    pub kind: EntryKind,
    /// Who waits.
    pub done: Box<dyn FnOnce(Result<Receipt, AppendError>) + Send>,
}

#[derive(Default)]
struct Queue {
    pending: Vec<Pending>,
    bytes: usize,
    closed: bool,
    idle: bool,
    failed: Option<Arc<str>>,
}

impl Shared {
    /// Hands an entry to the writer, or tells who waits why not.
    pub(crate) fn submit(&self, pending: Pending, limit: usize) {
        let mut queue = self.lock();
        let bytes = pending.frame.len();
        let error = if let Some(reason) = &queue.failed {
            AppendError::Failed { reason: Arc::clone(reason) }
        } else if queue.closed {
            AppendError::Closed
        } else if queue.bytes + bytes > limit && queue.bytes > 0 {
            AppendError::Backlog { bytes: queue.bytes }
        } else {
            queue.bytes += bytes;
            queue.pending.push(pending);
            if queue.idle {
                queue.idle = false;
                drop(queue);
                self.wake.notify_one();
            }
            return;
        };
        drop(queue);
        (pending.done)(Err(error));
    }

    /// Why the writer stopped, if it did.
    pub(crate) fn failed(&self) -> Option<Arc<str>> {
        self.lock().failed.clone()
    }

    /// Has the writer finish what it has and stop.
    pub(crate) fn close(&self) {
        let mut queue = self.lock();
        queue.closed = true;
        queue.idle = false;
        drop(queue);
        self.wake.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of the writing thread.
pub(crate) struct Writer {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    segment_bytes: u64,
    interval: Duration,
    clock: Arc<dyn Clock>,
    signer: Signer,
    log: [u8; 32],
    shared: Arc<Shared>,
    helper: Helper,
    tree: Tree,
    tree_writer: TreeWriter,
    segment: OpenSegment,
    checkpointed: Instant,
    batch: Batch,
}

/// Frames that the next sync makes durable.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    placed: Vec<(RecordId, Hash, u64)>,
    start: u64,
}

/// What failed and where.
#[derive(Debug)]
pub(crate) struct Stopped {
    path: PathBuf,
    source: io::Error,
}

impl From<Stopped> for OpenError {
    fn from(stopped: Stopped) -> Self {
        Self::Io { path: stopped.path, source: stopped.source }
    }
}

impl Writer {
    /// Takes over a recovered log: signs a checkpoint over what was found, makes the first segment
    /// where there is none.
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        directory: &Path,
        options: &Options,
        clock: Arc<dyn Clock>,
        recovered: Recovered,
        helper: Helper,
    ) -> Result<Self, OpenError> {
        let Recovered { signer, tree, tree_writer, catalog, segment, checkpoint } = recovered;
        let log = identity::log_id(signer.verifier());
        let stale = checkpoint.as_ref().is_none_or(|(old, _)| old.size != tree.size());
        let published = Published {
            checkpoint: checkpoint.map_or_else(
                || Checkpoint {
                    origin: signer.verifier().name().to_owned(),
                    size: 0,
                    root: tree.root(),
                },
                |(checkpoint, _)| checkpoint,
            ),
            time: None,
        };
        let shared = Shared {
            queue: Mutex::default(),
            wake: Condvar::new(),
            catalog: RwLock::new(catalog),
            published: RwLock::new(published),
        };
        let none =
            || OpenSegment { file: Arc::new(NoFile), path: PathBuf::new(), position: 0, length: 0 };
        let missing = segment.is_none();
        let mut writer = Self {
            disk,
            directory: directory.to_owned(),
            segment_bytes: options.segment_bytes.max(4096),
            interval: options.checkpoint_interval,
            clock,
            signer,
            log,
            shared: Arc::new(shared),
            helper,
            tree,
            tree_writer,
            segment: segment.unwrap_or_else(none),
            checkpointed: Instant::now(),
            batch: Batch::default(),
        };
        // A log without a checkpoint has no segments yet, in this order: see `recover`.
        if stale {
            writer.checkpoint()?;
        }
        if missing {
            writer.rotate(writer.tree.size(), 0)?;
        }
        Ok(writer)
    }

    /// What others see of it.
    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Works until closed or until something fails.
    pub(crate) fn run(mut self) {
        let _guard = Guard(Arc::clone(&self.shared));
        let mut batch = Vec::new();
        loop {
            let closing = self.wait(&mut batch);
            let first = self.tree.size();
            let committed = self.commit(&mut batch);
            if let Err(stopped) = committed {
                return self.stop(&stopped, batch);
            }
            for (place, pending) in batch.drain(..).enumerate() {
                let receipt = Receipt::issue(pending.id, first + place as u64, pending.kind);
                (pending.done)(Ok(receipt));
            }
            let unsigned = self.tree.size() != self.published_size();
            if unsigned
                && (closing || self.checkpointed.elapsed() >= self.interval)
                && let Err(stopped) = self.checkpoint()
            {
                return self.stop(&stopped, batch);
            }
            if closing {
                return;
            }
        }
    }

    /// Waits for entries, the time for a checkpoint, or the end; true at the end.
    fn wait(&self, batch: &mut Vec<Pending>) -> bool {
        let mut queue = self.shared.lock();
        while queue.pending.is_empty() && !queue.closed {
            queue.idle = true;
            let unsigned = self.tree.size() != self.published_size();
            if unsigned {
                let left = self.interval.saturating_sub(self.checkpointed.elapsed());
                if left.is_zero() {
                    break;
                }
                let waited = self.shared.wake.wait_timeout(queue, left);
                queue = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                queue = self.shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        }
        queue.idle = false;
        queue.bytes = 0;
        std::mem::swap(&mut queue.pending, batch);
        queue.closed && batch.is_empty()
    }

    /// Makes entries durable.
    fn commit(&mut self, batch: &mut [Pending]) -> Result<(), Stopped> {
        if batch.is_empty() {
            return Ok(());
        }
        self.batch.start = self.tree.size();
        for (sequence, pending) in (self.tree.size()..).zip(batch) {
            let bytes = pending.frame.len() as u64;
            if self.end() + bytes > self.segment.length {
                self.flush()?;
                self.rotate(sequence, bytes)?;
                self.batch.start = sequence;
            }
            stamp(&mut pending.frame, sequence, (sequence - self.batch.start) as u32);
            self.batch.placed.push((pending.id, pending.leaf, self.end()));
            if pending.frame.len() > COPY_LIMIT {
                self.write_copied()?;
                self.write(&pending.frame)?;
            } else {
                self.batch.bytes.extend_from_slice(&pending.frame);
            }
        }
        self.flush()?;
        if self.segment.position > self.segment.length / 2 {
            self.helper.prepare(self.next_segment_bytes());
        }
        Ok(())
    }

    /// Where the next frame goes.
    fn end(&self) -> u64 {
        self.segment.position + self.batch.bytes.len() as u64
    }

    fn write_copied(&mut self) -> Result<(), Stopped> {
        let mut bytes = std::mem::take(&mut self.batch.bytes);
        let written = if bytes.is_empty() { Ok(()) } else { self.write(&bytes) };
        bytes.clear();
        self.batch.bytes = bytes;
        written
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Stopped> {
        let written = self.segment.file.write_at(bytes, self.segment.position);
        written.map_err(|source| Stopped { path: self.segment.path.clone(), source })?;
        self.segment.position += bytes.len() as u64;
        Ok(())
    }

    /// Writes and syncs what was placed; then, and only then, it counts.
    fn flush(&mut self) -> Result<(), Stopped> {
        if self.batch.placed.is_empty() {
            return Ok(());
        }
        self.write_copied()?;
        let synced = self.segment.file.sync();
        synced.map_err(|source| Stopped { path: self.segment.path.clone(), source })?;
        let mut catalog = self.shared.catalog.write().unwrap_or_else(PoisonError::into_inner);
        for (id, leaf, offset) in self.batch.placed.drain(..) {
            catalog.push(id.to_bytes(), offset);
            self.tree_writer.push(&mut self.tree, leaf);
        }
        Ok(())
    }

    /// Begins a segment with entry `first` in which a frame of the given size fits.
    fn rotate(&mut self, first: u64, frame_bytes: u64) -> Result<(), Stopped> {
        let path = path_of(&self.directory, first);
        let stopped = |source| Stopped { path: path.clone(), source };
        let wanted = self.next_segment_bytes();
        let (zeroed, spare) =
            self.helper.take(wanted, PREAMBLE_BYTES as u64 + frame_bytes).map_err(stopped)?;
        zeroed.file.write_at(&preamble(first, &self.log), 0).map_err(stopped)?;
        zeroed.file.sync().map_err(stopped)?;
        self.disk.rename(spare, &path).map_err(stopped)?;
        if let Some(folder) = path.parent() {
            self.disk.sync_directory(folder).map_err(stopped)?;
        }
        self.segment = OpenSegment {
            file: zeroed.file,
            path: path.clone(),
            position: PREAMBLE_BYTES as u64,
            length: zeroed.bytes,
        };
        let mut catalog = self.shared.catalog.write().unwrap_or_else(PoisonError::into_inner);
        let before = catalog.begin(first, path);
        drop(catalog);
        if let Some((first, segment, entries)) = before {
            self.helper.write_table(first, segment, entries);
        }
        Ok(())
    }

    /// A young log takes little space; segments grow fourfold up to the full size.
    fn next_segment_bytes(&self) -> u64 {
        let grown = self.segment.length.saturating_mul(4).max(FIRST_SEGMENT_BYTES);
        grown.min(self.segment_bytes)
    }

    fn published_size(&self) -> u64 {
        let published = self.shared.published.read().unwrap_or_else(PoisonError::into_inner);
        published.checkpoint.size
    }

    /// Signs what is durable: first the tree's hashes, then the checkpoint.
    fn checkpoint(&mut self) -> Result<(), Stopped> {
        let path = self.directory.join(CHECKPOINT_FILE);
        let stopped = |source| Stopped { path: path.clone(), source };
        self.tree_writer.write(&*self.disk, &self.tree).map_err(stopped)?;
        let checkpoint = Checkpoint {
            origin: self.signer.verifier().name().to_owned(),
            size: self.tree.size(),
            root: self.tree.root(),
        };
        let note = checkpoint.sign(&self.signer);
        replace(&*self.disk, &path, note.as_bytes()).map_err(stopped)?;
        self.checkpointed = Instant::now();
        let mut published = self.shared.published.write().unwrap_or_else(PoisonError::into_inner);
        *published = Published { checkpoint, time: Some(self.clock.now()) };
        Ok(())
    }

    /// Nothing is retried: after a failed sync the kernel may have dropped what it could not
    /// write, and a second sync would succeed without it (Rebello et al., "Can Applications
    /// Recover from fsync Failures?", USENIX ATC 2020).
    fn stop(&self, stopped: &Stopped, batch: Vec<Pending>) {
        let reason: Arc<str> = format!("{}: {}", stopped.path.display(), stopped.source).into();
        let mut queue = self.shared.lock();
        queue.failed = Some(Arc::clone(&reason));
        let waiting = std::mem::take(&mut queue.pending);
        queue.bytes = 0;
        drop(queue);
        for pending in batch.into_iter().chain(waiting) {
            (pending.done)(Err(AppendError::Failed { reason: Arc::clone(&reason) }));
        }
    }
}

/// A panic on the writer's thread, for one in a callback, must not leave others waiting for ever.
struct Guard(Arc<Shared>);

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut queue = self.0.lock();
            queue.failed = Some("the writer's thread died".into());
            let waiting = std::mem::take(&mut queue.pending);
            drop(queue);
            drop(waiting);
        }
    }
}

/// Stands in until the first segment exists; nothing is written to it.
struct NoFile;

impl crate::disk::DiskFile for NoFile {
    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn sync(&self) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Frames up to this size are gathered into one write.
const COPY_LIMIT: usize = 128 << 10;
const FIRST_SEGMENT_BYTES: u64 = 4 << 20;
