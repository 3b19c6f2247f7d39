//! From quarantine to sight: every file is scanned where it lies, and only a folder in which the scan
//! found nothing is moved to where engines look.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use freehold_types::{Digest, Timestamp};
use freehold_vet::{ScanError, ScannedFile, Verdict, scan};
use serde::{Deserialize, Serialize};

use crate::{
    choice::{LeftOut, Plan},
    error::{FileError, PullError, StoreError},
    listing::{Blob, Card, Entry},
    reference::{Commit, Repository},
    store::{
        Locked, beside, failed, make_folder, read_only, remove, space, sync_folder, write_json,
    },
};

/// Files that are as the hub listed them, and that nothing else is known of.
#[derive(Debug)]
pub struct Fetched {
    plan: Plan,
    folder: PathBuf,
    digests: BTreeMap<String, Digest>,
    fetched: u64,
    visible: bool,
}

/// What a scan made of them.
#[derive(Debug)]
pub enum Vetted {
    /// It found nothing: the model is visible.
    Clean(Snapshot),
    /// It found something, or could not read everything.
    Held(Held),
}

/// A model that may be admitted: all files as listed, none with a finding, read-only.
#[derive(Debug)]
pub struct Snapshot {
    /// The folder.
    pub folder: PathBuf,
    /// What the scan says of each file.
    pub files: Vec<ScannedFile>,
    /// Bytes that came over the network for it.
    pub fetched: u64,
    /// Whether it was visible before.
    pub was_here: bool,
}

/// A model that stays in quarantine.
#[derive(Debug)]
pub struct Held {
    /// The folder in quarantine.
    pub folder: PathBuf,
    /// What the scan says of each file.
    pub files: Vec<ScannedFile>,
    /// Bytes that came over the network for it.
    pub fetched: u64,
}

/// What is kept beside a folder: where it comes from and what was found.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    schema: u32,
    endpoint: String,
    repository: Repository,
    commit: Commit,
    /// As it was asked for.
    revision: String,
    /// Microseconds since 1970 (UTC).
    pulled: Timestamp,
    card: Card,
    verdict: String,
    files: Vec<RecordedFile>,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize, Deserialize)]
struct RecordedFile {
    path: String,
    bytes: u64,
    digest: Option<Digest>,
    blob: Blob,
    verdict: String,
    /// Names of rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    findings: Vec<String>,
}

impl Record {
    /// The SHA-256 of what was listed by this name.
    pub(crate) fn digest_of(&self, blob: &Blob) -> Option<Digest> {
        self.files.iter().find(|file| file.blob == *blob)?.digest
    }
}

impl Fetched {
    pub(crate) fn quarantined(
        plan: &Plan,
        folder: PathBuf,
        digests: BTreeMap<String, Digest>,
        fetched: u64,
    ) -> Self {
        Self { plan: plan.clone(), folder, digests, fetched, visible: false }
    }

    pub(crate) fn present(plan: &Plan, folder: PathBuf, record: &Record) -> Self {
        let digests =
            record.files.iter().filter_map(|file| Some((file.path.clone(), file.digest?)));
        let digests = digests.collect();
        Self { plan: plan.clone(), folder, digests, fetched: 0, visible: true }
    }

    /// Scans every file and makes the folder visible if nothing is found. `now` and `revision` are
    /// recorded; `progress` is told how many files are done, and of how many.
    ///
    /// # Errors
    /// A file changed meanwhile, or the disk. Nothing is visible then that was not before.
    pub fn vet(
        self,
        locked: &Locked,
        revision: &str,
        now: Timestamp,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vetted, PullError> {
        let files = scan(&self.folder, progress).map_err(PullError::Scan);
        let files = match files {
            Err(PullError::Scan(ScanError::Empty { .. })) => Vec::new(),
            other => other?,
        };
        self.unchanged(&files)?;
        let record = self.record(&files, revision, now);
        let fetched = self.fetched;
        if files.iter().all(|file| file.verdict == Verdict::Clean) {
            let was_here = self.visible;
            let folder = if was_here { self.folder } else { self.publish(locked, &record)? };
            return Ok(Vetted::Clean(Snapshot { folder, files, fetched, was_here }));
        }
        let folder = self.hold(locked, &record)?;
        Ok(Vetted::Held(Held { folder, files, fetched }))
    }

    /// The scan has read the very files of the plan, with the bytes that were checked.
    fn unchanged(&self, files: &[ScannedFile]) -> Result<(), FileError> {
        let changed = |file: &str| FileError::Changed { file: file.to_owned() };
        for file in files {
            let known = self.digests.get(&file.path).ok_or_else(|| changed(&file.path))?;
            if file.digest.is_some_and(|digest| digest != *known) {
                return Err(changed(&file.path));
            }
        }
        let scanned = |entry: &&Entry| !files.iter().any(|file| file.path == entry.path);
        match self.plan.files.iter().find(scanned) {
            Some(missing) => Err(changed(&missing.path)),
            None => Ok(()),
        }
    }

    fn record(&self, files: &[ScannedFile], revision: &str, now: Timestamp) -> Record {
        let listing = &self.plan.listing;
        let recorded = self.plan.files.iter().zip(files_in_order(&self.plan, files));
        let recorded = recorded.map(|(entry, file)| RecordedFile {
            path: entry.path.clone(),
            bytes: entry.bytes,
            digest: self.digests.get(&entry.path).copied(),
            blob: entry.blob.clone(),
            verdict: file.map(|file| file.verdict.to_string()).unwrap_or_default(),
            findings: file
                .map(|file| file.findings.iter().map(|it| it.rule.name.to_owned()).collect())
                .unwrap_or_default(),
        });
        let worst = files.iter().map(|file| file.verdict).max().unwrap_or(Verdict::Unread);
        Record {
            schema: 1,
            endpoint: listing.endpoint.clone(),
            repository: listing.repository.clone(),
            commit: listing.commit.clone(),
            revision: revision.to_owned(),
            pulled: now,
            card: listing.card.clone(),
            verdict: worst.to_string(),
            files: recorded.collect(),
            left_out: self.plan.left_out.clone(),
        }
    }

    /// Moves the folder from quarantine to the snapshots.
    fn publish(self, locked: &Locked, record: &Record) -> Result<PathBuf, StoreError> {
        for entry in &self.plan.files {
            let path = self.folder.join(&entry.path);
            read_only(&path)?;
            if let Some(digest) = self.digests.get(&entry.path) {
                share(&path, &locked.blob(digest), &locked.incoming().join("link"))?;
            }
        }
        sync_tree(&self.folder)?;
        let target = locked.snapshot(&self.plan);
        write_json(&beside(&target), record)?;
        fs::rename(&self.folder, &target).map_err(failed(&target))?;
        remove(&beside(&self.folder))?;
        for folder in [target.parent(), self.folder.parent()].into_iter().flatten() {
            sync_folder(folder)?;
        }
        remove(&locked.incoming())?;
        Ok(target)
    }

    /// Leaves the folder in quarantine, or takes it back there where today's rules find something.
    fn hold(self, locked: &Locked, record: &Record) -> Result<PathBuf, StoreError> {
        let target = locked.quarantine(&self.plan);
        write_json(&beside(&target), record)?;
        if self.visible {
            remove(&target)?;
            fs::rename(&self.folder, &target).map_err(failed(&target))?;
            remove(&beside(&self.folder))?;
            for folder in [target.parent(), self.folder.parent()].into_iter().flatten() {
                sync_folder(folder)?;
            }
        }
        Ok(target)
    }
}

impl Snapshot {
    /// Copies the model to a folder that is not there yet, or is empty; on file systems that can,
    /// without using the space twice. A copy, so that nothing done to it reaches the store.
    ///
    /// # Errors
    /// There is something already, it does not fit, or the disk.
    pub fn copy_to(&self, target: &Path) -> Result<(), StoreError> {
        may_fill(target)?;
        let bytes = self.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
        space(target, bytes)?;
        let mut name = target.as_os_str().to_owned();
        name.push(".incoming");
        let beside = PathBuf::from(name);
        remove(&beside)?;
        for file in &self.files {
            let copy = beside.join(&file.path);
            if let Some(parent) = copy.parent() {
                make_folder(parent)?;
            }
            fs::copy(self.folder.join(&file.path), &copy).map_err(failed(&copy))?;
        }
        sync_tree(&beside)?;
        fs::rename(&beside, target).map_err(failed(target))
    }
}

/// Whether a folder is not there yet, or empty.
///
/// # Errors
/// There is something, or the disk.
pub fn may_fill(target: &Path) -> Result<(), StoreError> {
    match fs::read_dir(target) {
        Ok(mut found) => match found.next() {
            Some(_) => Err(StoreError::Occupied { path: target.to_owned() }),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(StoreError::Io { path: target.to_owned(), source }),
    }
}

/// The scanned files in the order of the plan.
fn files_in_order<'a>(
    plan: &'a Plan,
    files: &'a [ScannedFile],
) -> impl Iterator<Item = Option<&'a ScannedFile>> {
    plan.files.iter().map(|entry| files.iter().find(|file| file.path == entry.path))
}

/// Makes a file and the blob of its bytes one. A file system without hard links keeps the file alone.
/// `link` is a name that nothing has.
fn share(file: &Path, blob: &Path, link: &Path) -> Result<(), StoreError> {
    if let Some(folder) = blob.parent() {
        make_folder(folder)?;
    }
    match fs::hard_link(file, blob) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            remove(link)?;
            if fs::hard_link(blob, link).is_ok() {
                fs::rename(link, file).map_err(failed(file))?;
                // Where both were one before, the rename does nothing.
                remove(link)?;
            }
        }
        Ok(()) | Err(_) => {}
    }
    if let Some(folder) = blob.parent() { sync_folder(folder) } else { Ok(()) }
}

fn sync_tree(folder: &Path) -> Result<(), StoreError> {
    for found in fs::read_dir(folder).map_err(failed(folder))? {
        let path = found.map_err(failed(folder))?.path();
        if path.is_dir() {
            sync_tree(&path)?;
        } else {
            sync_folder(&path)?;
        }
    }
    sync_folder(folder)
}
