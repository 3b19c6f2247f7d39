//! Disks that fail and machines that die, at every step and at every byte.
//!
//! A step is one change of the disk. Each of them fails once in two ways: nothing persisted, and
//! everything persisted but reported as failed. And at each of them the machine dies, with a part
//! of the write done; what was not synced is then either kept or lost. Whatever happens, what was
//! acknowledged is there after the next start, in its place, and the log verifies.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use super::kit::{Place, event, id, intent, outcome};
use crate::{
    AppendError, AuditLog, Known, Options,
    disk::{Disk, DiskFile, RealDisk},
    verify,
};

/// What happens at the chosen step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing is changed, and the step reports an error.
    Refused,
    /// All is changed, and the step reports an error.
    ReportedFailed,
    /// The machine dies after this many bytes of the write (or after the step, if above 0).
    Died { bytes: usize, unsynced_lost: bool },
}

/// A disk with one fault.
#[derive(Clone)]
struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

struct State {
    /// Kind and bytes of every step so far.
    steps: Vec<(&'static str, usize)>,
    fault: Option<(usize, Fault)>,
    dead: bool,
    /// How to take back what no sync has covered yet, newest last.
    unsynced: Vec<Undo>,
}

enum Undo {
    Write { path: PathBuf, file: Arc<File>, offset: u64, before: Vec<u8>, length: u64 },
    Create { path: PathBuf },
    Rename { from: PathBuf, to: PathBuf, replaced: Option<Vec<u8>> },
}

struct FaultyFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: Arc<File>,
}

impl FaultyDisk {
    fn new(fault: Option<(usize, Fault)>) -> Self {
        let (steps, unsynced, dead) = (Vec::new(), Vec::new(), false);
        Self { state: Arc::new(Mutex::new(State { steps, fault, dead, unsynced })) }
    }

    /// Runs one step: `act` gets how many of its bytes to persist.
    fn step(
        &self,
        kind: &'static str,
        bytes: usize,
        act: impl FnOnce(&mut State, usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        if state.dead {
            return Err(io::Error::other("dead"));
        }
        let number = state.steps.len();
        state.steps.push((kind, bytes));
        let failed = Err(io::Error::other("injected"));
        match state.fault.filter(|(at, _)| *at == number).map(|(_, fault)| fault) {
            None => act(&mut state, bytes),
            Some(Fault::Refused) => failed,
            Some(Fault::ReportedFailed) => act(&mut state, bytes).and(failed),
            Some(Fault::Died { bytes: done, unsynced_lost }) => {
                if done > 0 {
                    act(&mut state, done.min(bytes))?;
                }
                state.dead = true;
                if unsynced_lost {
                    state.lose_unsynced();
                }
                failed
            }
        }
    }
}

impl State {
    fn lose_unsynced(&mut self) {
        for undo in std::mem::take(&mut self.unsynced).into_iter().rev() {
            match undo {
                Undo::Write { file, offset, before, length, .. } => {
                    file.write_all_at(&before, offset).unwrap();
                    file.set_len(length).unwrap();
                }
                Undo::Create { path } => fs::remove_file(path).unwrap(),
                Undo::Rename { from, to, replaced } => {
                    fs::rename(&to, &from).unwrap();
                    if let Some(bytes) = replaced {
                        fs::write(&to, bytes).unwrap();
                    }
                }
            }
        }
    }

    fn note_creation(&mut self, path: &Path) {
        if !path.exists() {
            self.unsynced.push(Undo::Create { path: path.to_owned() });
        }
    }
}

impl Disk for FaultyDisk {
    fn create_directory(&self, path: &Path) -> io::Result<()> {
        RealDisk.create_directory(path)
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut file = None;
        self.step("create", 1, |state, _| {
            state.note_creation(path);
            file = Some(
                File::options().read(true).write(true).create(true).truncate(true).open(path)?,
            );
            Ok(())
        })?;
        let file = Arc::new(file.unwrap());
        Ok(Arc::new(FaultyFile { disk: self.clone(), path: path.to_owned(), file }))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut file = None;
        self.step("open", 1, |state, _| {
            state.note_creation(path);
            file = Some(
                File::options().read(true).write(true).create(true).truncate(false).open(path)?,
            );
            Ok(())
        })?;
        let file = Arc::new(file.unwrap());
        Ok(Arc::new(FaultyFile { disk: self.clone(), path: path.to_owned(), file }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", 1, |state, _| {
            let (from, to) = (from.to_owned(), to.to_owned());
            let replaced = fs::read(&to).ok();
            fs::rename(&from, &to)?;
            state.unsynced.push(Undo::Rename { from, to, replaced });
            Ok(())
        })
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        self.step("sync directory", 1, |state, _| {
            state.unsynced.retain(|undo| match undo {
                Undo::Write { .. } => true,
                Undo::Create { path: file } => file.parent() != Some(path),
                Undo::Rename { to, .. } => to.parent() != Some(path),
            });
            Ok(())
        })
    }
}

impl DiskFile for FaultyFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.disk.step("write", bytes.len(), |state, done| {
            let length = self.file.metadata()?.len();
            let mut before = vec![0; bytes.len().min(length.saturating_sub(offset) as usize)];
            self.file.read_exact_at(&mut before, offset)?;
            let (path, file) = (self.path.clone(), Arc::clone(&self.file));
            state.unsynced.push(Undo::Write { path, file, offset, before, length });
            self.file.write_all_at(&bytes[..done], offset)
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.step("sync", 1, |state, _| {
            state
                .unsynced
                .retain(|undo| !matches!(undo, Undo::Write { path, .. } if *path == self.path));
            Ok(())
        })
    }
}

/// Tiny segments, a checkpoint after every batch.
fn options() -> Options {
    Options { segment_bytes: 4096, checkpoint_interval: Duration::ZERO, ..Options::default() }
}

fn open(place: &Place, root: &Path, disk: Arc<dyn Disk>) -> Result<AuditLog, crate::OpenError> {
    let keys = Arc::new(place.store.clone());
    AuditLog::open_on(disk, false, root, options(), keys, place.clock.clone())
}

/// Opens, appends one by one and in a group, closes; returns what was acknowledged.
fn work(place: &Place, root: &Path, disk: Arc<dyn Disk>) -> Vec<(u64, u64)> {
    let mut acknowledged = Vec::new();
    let Ok(log) = open(place, root, disk) else { return acknowledged };
    let mut stopped = false;
    let mut note = |number, result: Result<crate::Receipt, AppendError>| match result {
        Ok(receipt) => {
            assert!(!stopped, "acknowledged after a failure");
            assert_eq!(receipt.record(), id(number));
            acknowledged.push((receipt.sequence(), number));
        }
        Err(AppendError::Failed { .. }) => stopped = true,
        Err(other) => panic!("{other}"),
    };
    for (number, entry) in [event(0), intent(1), outcome(2), intent(3)].into_iter().enumerate() {
        note(number as u64, log.append_wait(entry));
    }
    let (sender, receiver) = mpsc::channel();
    for number in 4..8 {
        let sender = sender.clone();
        log.append(intent(number), move |result| sender.send((number, result)).unwrap());
    }
    drop(sender);
    for (number, result) in receiver {
        note(number, result);
    }
    note(8, log.append_wait(event(8)));
    log.close();
    acknowledged
}

/// After whatever happened: everything acknowledged is in its place, nothing is there in half or
/// twice, the log verifies and goes on.
fn check(place: &Place, root: &Path, acknowledged: &[(u64, u64)], what: &str) {
    let log =
        open(place, root, Arc::new(RealDisk)).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let entries = log.tail(100).unwrap();
    assert_eq!(entries.len() as u64, log.status().size, "{what}");
    for (sequence, number) in acknowledged {
        let entry =
            entries.get(*sequence as usize).unwrap_or_else(|| panic!("{what}: {sequence} lost"));
        assert_eq!(entry.id, id(*number), "{what}");
    }
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), entries.len(), "{what}: twice");
    let next = log.append_wait(event(50)).unwrap().sequence();
    assert_eq!(next, entries.len() as u64, "{what}");
    log.close();
    let report =
        verify(root, &Known::default()).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_eq!(report.entries, next + 1, "{what}");
    drop(log);
    fs::remove_dir_all(root).unwrap();
}

/// Steps of a run without faults.
fn dry_run(place: &Place) -> Vec<(&'static str, usize)> {
    let disk = FaultyDisk::new(None);
    let root = place.folder.path().join("dry");
    assert_eq!(work(place, &root, Arc::new(disk.clone())).len(), 9);
    check(place, &root, &[], "dry run");
    disk.state.lock().unwrap().steps.clone()
}

fn run(place: &Place, at: usize, fault: Fault) {
    let root = place.folder.path().join(format!("log-{at}"));
    let disk = FaultyDisk::new(Some((at, fault)));
    let acknowledged = work(place, &root, Arc::new(disk.clone()));
    let kind = disk.state.lock().unwrap().steps.get(at).copied();
    check(place, &root, &acknowledged, &format!("{fault:?} at step {at}, {kind:?}"));
}

#[test]
fn every_step_fails_in_two_ways() {
    let place = Place::in_memory();
    let steps = dry_run(&place);
    assert!(steps.len() > 60, "{}", steps.len());
    for at in 0..steps.len() {
        run(&place, at, Fault::Refused);
        run(&place, at, Fault::ReportedFailed);
    }
}

#[test]
fn the_machine_dies_at_every_step() {
    let place = Place::in_memory();
    let steps = dry_run(&place);
    for (at, (_, bytes)) in steps.iter().enumerate() {
        for unsynced_lost in [false, true] {
            for bytes in [0, bytes / 3, *bytes] {
                run(&place, at, Fault::Died { bytes, unsynced_lost });
            }
        }
    }
}

/// Two entries in one write, cut at each of its bytes.
#[test]
fn the_machine_dies_at_every_byte() {
    let place = Place::in_memory();
    let pair = |root: &Path, disk: Arc<dyn Disk>| {
        let log = open(&place, root, disk).unwrap();
        // Holds the writer in a callback until both are queued, so that they share a write.
        let (reached, wait_reached) = mpsc::channel();
        let (go, wait_go) = mpsc::channel::<()>();
        log.append(event(0), move |result| {
            reached.send(result.is_ok()).unwrap();
            assert!(wait_go.recv().is_err());
        });
        assert!(wait_reached.recv().unwrap());
        let (sender, receiver) = mpsc::channel();
        for number in [1, 2] {
            let sender = sender.clone();
            log.append(event(number), move |result| sender.send(result.is_ok()).unwrap());
        }
        drop((go, sender));
        let both: Vec<bool> = receiver.iter().collect();
        (log.status().size, both)
    };
    let disk = FaultyDisk::new(None);
    let root = place.folder.path().join("pair");
    assert_eq!(pair(&root, Arc::new(disk.clone())), (3, vec![true, true]));
    fs::remove_dir_all(&root).unwrap();
    let steps = disk.state.lock().unwrap().steps.clone();
    let is_write = |(_, (kind, bytes)): &(usize, (&str, usize))| {
        *kind == "write" && (300..4096).contains(bytes)
    };
    let (at, (_, bytes)) = steps.into_iter().enumerate().rfind(is_write).unwrap();
    for done in 1..=bytes {
        let fault = Fault::Died { bytes: done, unsynced_lost: false };
        let disk = FaultyDisk::new(Some((at, fault)));
        let (_, both) = pair(&root, Arc::new(disk.clone()));
        assert_eq!(both, [false, false], "{done} {:?}", disk.state.lock().unwrap().steps);
        check(&place, &root, &[(0, 0)], &format!("died after {done} of {bytes} bytes"));
    }
}
