//! Work that must not hold up the writer: zeroing the next segment and writing tables.
//!
//! A failure here is not one of the log's yet: the next segment is made again when it is needed,
//! and a table is made again when the log is opened. Then an error counts.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
};

use crate::{
    catalog::{Located, write_table},
    disk::{Disk, DiskFile},
    segment::FOLDER,
};

/// A thread, or none in tests that need every step in one order.
pub(crate) struct Helper {
    disk: Arc<dyn Disk>,
    spare: PathBuf,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
    asked: Option<mpsc::Receiver<io::Result<Zeroed>>>,
}

/// A file full of zeros.
pub(crate) struct Zeroed {
    /// The file.
    pub file: Arc<dyn DiskFile>,
    /// Its size.
    pub bytes: u64,
}

enum Job {
    Spare { bytes: u64, answer: mpsc::Sender<io::Result<Zeroed>> },
    Table { segment: PathBuf, first: u64, entries: Arc<Vec<Located>> },
}

impl Helper {
    /// Starts a helper for the log in a directory.
    pub(crate) fn start(disk: Arc<dyn Disk>, directory: &Path, threaded: bool) -> io::Result<Self> {
        let spare = directory.join(FOLDER).join("spare");
        let (mut jobs, mut thread) = (None, None);
        if threaded {
            let (sender, receiver) = mpsc::channel();
            let (disk, spare) = (Arc::clone(&disk), spare.clone());
            let work = move || {
                while let Ok(job) = receiver.recv() {
                    match job {
                        Job::Spare { bytes, answer } => {
                            drop(answer.send(zeroed(&*disk, &spare, bytes)));
                        }
                        Job::Table { segment, first, entries } => {
                            drop(write_table(&*disk, &segment, first, &entries));
                        }
                    }
                }
            };
            thread = Some(thread::Builder::new().name("audit-helper".into()).spawn(work)?);
            jobs = Some(sender);
        }
        Ok(Self { disk, spare, jobs, thread, asked: None })
    }

    /// Begins to make the next segment's file, if a thread can do it.
    pub(crate) fn prepare(&mut self, bytes: u64) {
        if let (Some(jobs), None) = (&self.jobs, &self.asked) {
            let (answer, asked) = mpsc::channel();
            if jobs.send(Job::Spare { bytes, answer }).is_ok() {
                self.asked = Some(asked);
            }
        }
    }

    /// A zeroed file of at least this size, and where it lies.
    pub(crate) fn take(&mut self, wanted: u64, least: u64) -> io::Result<(Zeroed, &Path)> {
        let prepared = self.asked.take().and_then(|asked| asked.recv().ok()?.ok());
        let zeroed = match prepared.filter(|zeroed| zeroed.bytes >= least) {
            Some(zeroed) => zeroed,
            None => zeroed(&*self.disk, &self.spare, wanted.max(least))?,
        };
        Ok((zeroed, &self.spare))
    }

    /// Has the table of a finished segment written.
    pub(crate) fn write_table(&self, first: u64, segment: PathBuf, entries: Arc<Vec<Located>>) {
        match &self.jobs {
            Some(jobs) => drop(jobs.send(Job::Table { segment, first, entries })),
            None => drop(write_table(&*self.disk, &segment, first, &entries)),
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn zeroed(disk: &dyn Disk, path: &Path, bytes: u64) -> io::Result<Zeroed> {
    let file = disk.create(path)?;
    let zeros = vec![0; bytes.min(1 << 20) as usize];
    let mut offset = 0;
    while offset < bytes {
        let part = (bytes - offset).min(zeros.len() as u64) as usize;
        file.write_at(&zeros[..part], offset)?;
        offset += part as u64;
    }
    file.sync()?;
    Ok(Zeroed { file, bytes })
}
