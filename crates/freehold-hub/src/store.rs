//! Where models are kept, by what they are.
//!
//! ```text
//! listings/OWNER--NAME@COMMIT.json    what a hub said of a commit: files, lengths, digests
//! refs/OWNER--NAME.json               which commit a branch or tag was when it was last asked for
//! incoming/OWNER--NAME/               files that are not whole yet
//! quarantine/OWNER--NAME@COMMIT/      whole files that no scan has passed, readable by the owner only
//! blobs/sha256/DIGEST                 files that a scan has passed, read-only
//! snapshots/OWNER--NAME@COMMIT/       a model as it is loaded: hard links to blobs; beside it a .json
//! locks/OWNER--NAME                   held while a repository is pulled
//! ```
//!
//! Whatever is written is written beside, made durable and renamed: a name is of something whole.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use freehold_types::Digest;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    choice::{Plan, tag},
    error::{PullError, StoreError},
    listing::{Blob, Entry, Listing},
    quarantine::{Fetched, Record},
    reference::{Commit, Reference, Repository},
};

/// The models of an installation.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// The store while one repository in it is nobody else's.
#[derive(Debug)]
pub struct Locked {
    root: PathBuf,
    repository: Repository,
    _held: File,
}

/// Branches and tags, as they were when they were last asked for.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Refs {
    commits: BTreeMap<String, Commit>,
}

impl Store {
    /// The store in a folder, which is made when something is put there.
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Takes a repository for this process alone. Calls `waiting` where another one has it, and
    /// waits; the kernel gives it free when that one ends, however it ends.
    ///
    /// # Errors
    /// The disk.
    pub fn lock(&self, repository: &Repository, waiting: &dyn Fn()) -> Result<Locked, StoreError> {
        let folder = self.root.join("locks");
        make_folder(&folder)?;
        let path = folder.join(repository.folder());
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(failed(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(failed(&path))?;
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::Io { path, source }),
        }
        Ok(Locked { root: self.root.clone(), repository: repository.clone(), _held: file })
    }
}

impl Locked {
    /// What was listed here before for a revision, without asking a hub.
    ///
    /// # Errors
    /// It never was, or the disk.
    pub fn remembered(&self, reference: &Reference) -> Result<Listing, PullError> {
        let commit = match reference.commit() {
            Some(commit) => Some(commit),
            None => self.refs()?.commits.remove(&reference.revision),
        };
        let listing = match &commit {
            Some(commit) => read_json(&self.listing_path(commit))?,
            None => None,
        };
        listing.ok_or_else(|| PullError::NeverSeen {
            repository: reference.repository.clone(),
            revision: reference.revision.clone(),
        })
    }

    /// Keeps a list, and which commit the revision is.
    ///
    /// # Errors
    /// Another list of the same commit was kept before, or the disk.
    pub fn remember(&self, reference: &Reference, listing: &Listing) -> Result<(), PullError> {
        let path = self.listing_path(&listing.commit);
        match read_json::<Listing>(&path)? {
            Some(before) if before.entries != listing.entries => {
                return Err(differs(&before, listing));
            }
            Some(_) => {}
            None => write_json(&path, listing)?,
        }
        if reference.commit().is_none() {
            let mut refs = self.refs()?;
            let same = refs.commits.get(&reference.revision) == Some(&listing.commit);
            if !same {
                refs.commits.insert(reference.revision.clone(), listing.commit.clone());
                write_json(&self.refs_path(), &refs)?;
            }
        }
        Ok(())
    }

    /// What is visible already for a plan, as it was recorded.
    ///
    /// # Errors
    /// The disk.
    pub fn present(&self, plan: &Plan) -> Result<Option<Fetched>, StoreError> {
        let folder = self.snapshot(plan);
        if !folder.is_dir() {
            return Ok(None);
        }
        let record: Option<Record> = read_json(&beside(&folder))?;
        Ok(record.map(|record| Fetched::present(plan, folder, &record)))
    }

    /// How many files of a plan are not here in full, and their bytes that are still to come.
    pub fn missing(&self, plan: &Plan) -> (usize, u64) {
        let mut missing = (0, 0_u64);
        for entry in plan.files.iter().filter(|entry| !self.seems_here(entry)) {
            let have = fs::metadata(self.part(entry)).map_or(0, |found| found.len());
            missing.0 += 1;
            missing.1 = missing.1.saturating_add(entry.bytes.saturating_sub(have));
        }
        missing
    }

    /// Makes sure that what is missing fits, with something to spare for everything else.
    ///
    /// # Errors
    /// It does not, or the disk.
    pub fn has_space(&self, plan: &Plan) -> Result<(), StoreError> {
        let needed = self.missing(plan).1;
        if needed == 0 {
            return Ok(());
        }
        space(&self.root, needed)
    }

    pub(crate) fn quarantine(&self, plan: &Plan) -> PathBuf {
        self.root.join("quarantine").join(plan.name())
    }

    pub(crate) fn snapshot(&self, plan: &Plan) -> PathBuf {
        self.root.join("snapshots").join(plan.name())
    }

    pub(crate) fn incoming(&self) -> PathBuf {
        self.root.join("incoming").join(self.repository.folder())
    }

    /// Where a file grows. By name, too: a repository may hold the same bytes twice.
    pub(crate) fn part(&self, entry: &Entry) -> PathBuf {
        let digest = entry.blob.to_string().replace(':', "-");
        self.incoming().join(format!("{digest}-{}", tag(&entry.path)))
    }

    pub(crate) fn blob(&self, digest: &Digest) -> PathBuf {
        self.root.join("blobs").join("sha256").join(digest.to_string().replace("sha256:", ""))
    }

    /// A file that seems to have the same bytes: one that a scan has passed before, or one that lies
    /// in quarantine from another choice of this repository's files.
    pub(crate) fn known(&self, entry: &Entry) -> Option<PathBuf> {
        let passed = self.passed(entry).into_iter();
        let folders = fs::read_dir(self.root.join("quarantine")).into_iter().flatten().flatten();
        let own = format!("{}@", self.repository.folder());
        let own = folders.filter(|it| it.file_name().to_string_lossy().starts_with(&own));
        let mut all = passed.chain(own.map(|folder| folder.path().join(&entry.path)));
        all.find(|path| {
            fs::symlink_metadata(path).is_ok_and(|it| it.is_file() && it.len() == entry.bytes)
        })
    }

    /// The blob. What is known by SHA-1 alone is taken over from this repository only: two files
    /// with one SHA-1 can be made.
    fn passed(&self, entry: &Entry) -> Option<PathBuf> {
        Some(match &entry.blob {
            Blob::Sha256(digest) => self.blob(digest),
            Blob::Git(_) => {
                let own = format!("{}@", self.repository.folder());
                let folder = fs::read_dir(self.root.join("snapshots")).ok()?;
                let records = folder.flatten().filter(|found| {
                    let name = found.file_name().to_string_lossy().into_owned();
                    name.starts_with(&own) && name.ends_with(".json")
                });
                let mut records =
                    records.filter_map(|found| read_json::<Record>(&found.path()).ok().flatten());
                let digest = records.find_map(|record| record.digest_of(&entry.blob))?;
                self.blob(&digest)
            }
        })
    }

    fn seems_here(&self, entry: &Entry) -> bool {
        self.known(entry).is_some()
    }

    fn refs(&self) -> Result<Refs, StoreError> {
        Ok(read_json(&self.refs_path())?.unwrap_or_default())
    }

    fn refs_path(&self) -> PathBuf {
        self.root.join("refs").join(format!("{}.json", self.repository.folder()))
    }

    fn listing_path(&self, commit: &Commit) -> PathBuf {
        self.root.join("listings").join(format!("{}@{commit}.json", self.repository.folder()))
    }
}

/// Whether so many bytes fit where a folder is or will be, with something to spare.
pub(crate) fn space(folder: &Path, bytes: u64) -> Result<(), StoreError> {
    let there = folder.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."));
    let found = rustix::fs::statvfs(there)
        .map_err(|error| StoreError::Io { path: there.to_owned(), source: error.into() })?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let needed = bytes.saturating_add(SPARE);
    if free < needed {
        return Err(StoreError::Space { path: folder.to_owned(), needed, free });
    }
    Ok(())
}

/// What describes a folder, beside it.
pub(crate) fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}

/// Makes a folder and those above it, for the owner only.
pub(crate) fn make_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path).map_err(failed(path))
}

/// Makes what was renamed into a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed(path))
}

/// Removes what is there, file or folder; nothing is fine, too.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// Takes the permission to write from everyone.
pub(crate) fn read_only(path: &Path) -> Result<(), StoreError> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o444)).map_err(failed(path))
}

/// Writes a value whole or not at all.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let text = serde_json::to_vec_pretty(value)
        .map_err(|error| StoreError::Io { path: path.to_owned(), source: error.into() })?;
    let write = || -> io::Result<()> {
        let mut file = File::create(&new)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(failed(path))?;
    sync_folder(folder)
}

/// Reads a value; `None` where there is no such file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|_| StoreError::Damaged { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::Io { path: path.to_owned(), source }),
    }
}

fn differs(before: &Listing, now: &Listing) -> PullError {
    let other = |entry: &&Entry| !before.entries.contains(entry);
    let gone = |entry: &&Entry| !now.entries.contains(entry);
    let first = now.entries.iter().find(other).or_else(|| before.entries.iter().find(gone));
    PullError::Differs {
        commit: now.commit.clone(),
        before: before.endpoint.clone(),
        file: first.map(|entry| entry.path.clone()).unwrap_or_default(),
    }
}

/// What is left free for everything else.
const SPARE: u64 = 64 << 20;
