//! Brings the files of a plan into quarantine: what is here already is not fetched again, what was
//! cut goes on where it stopped, and what is not as listed does not stay.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use freehold_types::Digest;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::{Response, StatusCode, header};
use hyper::body::Incoming;

use crate::{
    choice::Plan,
    client::{Hub, Question, Refusal, piece, said},
    error::{AnswerError, FileError, PullError, StoreError},
    hash::{Hashes, Names},
    listing::{Blob, Entry},
    quarantine::Fetched,
    store::{Locked, failed, make_folder, remove, sync_folder},
};

/// What is going on.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// Bytes have come: so many of all files in all, those that were here included.
    Bytes(u64),
    /// A file is whole, and as listed.
    Done(&'a Entry),
    /// A connection ended; it goes on from there.
    Again(&'a Entry, &'a AnswerError),
}

/// Brings every file of a plan into quarantine.
///
/// # Errors
/// [`PullError`]: the hub's answer is no or none, a file is not as listed, or the disk. What is
/// whole stays for the next time.
pub async fn fetch(
    hub: &Hub,
    locked: &Locked,
    plan: &Plan,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Fetched, PullError> {
    let folder = locked.quarantine(plan);
    prepare(locked, plan, &folder)?;
    let all = AtomicU64::new(0);
    let job = Job { hub, locked, plan, folder: &folder, progress, all: &all };
    let done = stream::iter(plan.files.iter().map(|entry| job.one(entry)));
    let done: Vec<(String, Digest, u64)> = done.buffer_unordered(AT_ONCE).try_collect().await?;
    let fetched = done.iter().map(|(_, _, bytes)| bytes).sum();
    let digests: BTreeMap<_, _> =
        done.into_iter().map(|(path, digest, _)| (path, digest)).collect();
    sync_folder(&folder)?;
    Ok(Fetched::quarantined(plan, folder, digests, fetched))
}

/// The same without a hub, where every file is here.
///
/// # Errors
/// One is not, or the disk.
pub fn take(locked: &Locked, plan: &Plan) -> Result<Fetched, PullError> {
    let folder = locked.quarantine(plan);
    prepare(locked, plan, &folder)?;
    let mut digests = BTreeMap::new();
    for entry in &plan.files {
        if let Some(names) = here(locked, entry, &folder.join(&entry.path))? {
            digests.insert(entry.path.clone(), names.sha256);
        }
    }
    let all = plan.files.len();
    if digests.len() < all {
        let repository = plan.listing.repository.clone();
        return Err(PullError::Incomplete { repository, missing: all - digests.len(), all });
    }
    sync_folder(&folder)?;
    Ok(Fetched::quarantined(plan, folder, digests, 0))
}

/// Makes the folders, and clears away what is not of this plan.
fn prepare(locked: &Locked, plan: &Plan, folder: &Path) -> Result<(), StoreError> {
    make_folder(&locked.incoming())?;
    make_folder(folder)?;
    clear(plan, folder, "")?;
    for entry in &plan.files {
        if let Some(parent) = folder.join(&entry.path).parent() {
            make_folder(parent)?;
        }
    }
    Ok(())
}

fn clear(plan: &Plan, folder: &Path, prefix: &str) -> Result<(), StoreError> {
    for found in fs::read_dir(folder).map_err(failed(folder))? {
        let found = found.map_err(failed(folder))?;
        let name = format!("{prefix}{}", found.file_name().to_string_lossy());
        let path = found.path();
        let kind = found.file_type().map_err(failed(&path))?;
        let within = format!("{name}/");
        if kind.is_dir() && plan.files.iter().any(|entry| entry.path.starts_with(&within)) {
            clear(plan, &path, &within)?;
        } else if !kind.is_file() || !plan.files.iter().any(|entry| entry.path == name) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// What all files of a pull share.
struct Job<'a> {
    hub: &'a Hub,
    locked: &'a Locked,
    plan: &'a Plan,
    folder: &'a Path,
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
    all: &'a AtomicU64,
}

impl Job<'_> {
    /// Brings one file; its name, its digest, and the bytes that came for it.
    async fn one(&self, entry: &Entry) -> Result<(String, Digest, u64), PullError> {
        let target = self.folder.join(&entry.path);
        let (names, came) = match here(self.locked, entry, &target)? {
            Some(names) => {
                self.count(entry.bytes);
                (names, 0)
            }
            None => self.download(entry, &target).await?,
        };
        (self.progress)(Progress::Done(entry));
        Ok((entry.path.clone(), names.sha256, came))
    }

    async fn download(&self, entry: &Entry, target: &Path) -> Result<(Names, u64), PullError> {
        let mut part = Part::open(self.locked, entry)?;
        self.count(part.hashes.bytes);
        let begun_with = part.hashes.bytes;
        let mut came = 0;
        let mut tried = 0;
        // Each attempt may bring a little, so their number is bounded, too.
        let mut left = CUTS + entry.bytes / BYTES_A_CUT;
        let mut from_scratch = begun_with == 0;
        loop {
            let before = part.hashes.bytes;
            let ended = self.attempt(entry, &mut part).await;
            let after = part.hashes.bytes;
            came += after.saturating_sub(before);
            match ended {
                Ok(()) => match part.finish(target) {
                    // What was here from another time may have been of another file.
                    Err(PullError::File(_)) if !from_scratch => {
                        from_scratch = true;
                        self.uncount(entry.bytes);
                        part = Part::open(self.locked, entry)?;
                        continue;
                    }
                    ended => return ended.map(|names| (names, came)),
                },
                Err(Trouble::Wrong(error)) => {
                    part.discard()?;
                    return Err(error.into());
                }
                Err(Trouble::Disk(error)) => return Err(error.into()),
                Err(Trouble::Again(refusal)) => {
                    tried = if after > before { 1 } else { tried + 1 };
                    left = left.saturating_sub(1);
                    if left == 0 {
                        return Err(refusal.error.into());
                    }
                    if refusal.error.may_pass() {
                        (self.progress)(Progress::Again(entry, &refusal.error));
                    }
                    // What has just brought something is asked again at once.
                    if !(after > before && refusal.error.may_pass()) {
                        self.hub.wait(refusal, tried).await?;
                    }
                }
            }
        }
    }

    /// Asks for what is missing and writes it as it comes.
    async fn attempt(&self, entry: &Entry, part: &mut Part) -> Result<(), Trouble> {
        if part.hashes.bytes == entry.bytes {
            return Ok(());
        }
        let listing = &self.plan.listing;
        let uri = self.hub.file(&listing.repository, &listing.commit, &entry.path);
        let from = (part.hashes.bytes > 0).then(|| (part.hashes.bytes, part.validator.clone()));
        let question = Question {
            uri: uri.map_err(Refusal::from)?,
            repository: &listing.repository,
            revision: listing.commit.as_str(),
            from,
        };
        let answer = self.hub.get(&question).await;
        let (response, host) = match answer {
            // The server has less than we do: not the same file.
            Err(Refusal { error: AnswerError::Status { status: 416, .. }, .. })
                if part.hashes.bytes > 0 =>
            {
                self.restart(part)?;
                let host = self.hub.endpoint().to_string();
                let source = io::Error::other("the file is shorter now");
                return Err(Refusal::from(AnswerError::Unreachable { host, source }).into());
            }
            other => other?,
        };
        self.place(entry, part, &response, &host)?;
        let silence = self.hub.patience().silence;
        // An end that says nothing of the length may be a cut as well.
        let open_end = response.status() == StatusCode::PARTIAL_CONTENT
            || !(response.headers().contains_key(header::CONTENT_LENGTH)
                || response.headers().contains_key(header::TRANSFER_ENCODING));
        let mut body = response.into_body();
        while let Some(data) = piece(&mut body, &host, silence).await.map_err(Refusal::from)? {
            let found = part.hashes.bytes + data.len() as u64;
            if found > entry.bytes {
                return Err(wrong_size(entry, found));
            }
            part.write(&data)?;
            self.count(data.len() as u64);
        }
        if part.hashes.bytes == entry.bytes {
            Ok(())
        } else if open_end {
            let source = io::ErrorKind::UnexpectedEof.into();
            Err(Refusal::from(AnswerError::Unreachable { host, source }).into())
        } else {
            Err(wrong_size(entry, part.hashes.bytes))
        }
    }

    /// Sees where the answer's bytes belong, and whether they can be the whole file.
    fn place(
        &self,
        entry: &Entry,
        part: &mut Part,
        response: &Response<Incoming>,
        host: &str,
    ) -> Result<(), Trouble> {
        let malformed =
            |what| Refusal::from(AnswerError::Malformed { host: host.to_owned(), what });
        let encoding = said(response, "content-encoding");
        if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
            return Err(malformed("file as it is").into());
        }
        let have = part.hashes.bytes;
        let length = said(response, "content-length").and_then(|text| text.parse::<u64>().ok());
        if response.status() == StatusCode::PARTIAL_CONTENT {
            let range = said(response, "content-range").unwrap_or_default();
            let range = range.strip_prefix("bytes ").and_then(|range| {
                let (span, all) = range.split_once('/')?;
                Some((span.split_once('-')?.0.parse::<u64>().ok()?, all.parse::<u64>().ok()))
            });
            let (start, all) = range.ok_or_else(|| malformed("part of a file"))?;
            if let Some(all) = all.filter(|all| *all != entry.bytes) {
                return Err(wrong_size(entry, all));
            }
            if start != have || have == 0 {
                return Err(malformed("part that was asked for").into());
            }
        } else {
            // The whole file from its beginning, whatever was asked for.
            if have > 0 {
                self.restart(part)?;
            }
            if let Some(length) = length.filter(|length| *length != entry.bytes) {
                return Err(wrong_size(entry, length));
            }
        }
        let etag = response.headers().get(header::ETAG).and_then(|etag| etag.to_str().ok());
        // A weak one promises no equal bytes (RFC 9110, section 13.1.5).
        part.keep_validator(etag.filter(|etag| etag.starts_with('"')))?;
        Ok(())
    }

    fn restart(&self, part: &mut Part) -> Result<(), StoreError> {
        self.uncount(part.hashes.bytes);
        part.restart()
    }

    fn count(&self, bytes: u64) {
        let all = self.all.fetch_add(bytes, Ordering::Relaxed) + bytes;
        (self.progress)(Progress::Bytes(all));
    }

    fn uncount(&self, bytes: u64) {
        self.all.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// The file, if it is here in full: in quarantine since the last time, or a blob.
fn here(locked: &Locked, entry: &Entry, target: &Path) -> Result<Option<Names>, StoreError> {
    if let Some(names) = whole(entry, target)? {
        return Ok(Some(names));
    }
    remove(target)?;
    let Some(known) = locked.known(entry) else { return Ok(None) };
    if let Some(names) = whole(entry, &known)? {
        let linked = fs::hard_link(&known, target);
        linked.or_else(|_| fs::copy(&known, target).map(|_| ())).map_err(failed(target))?;
        return Ok(Some(names));
    }
    // The disk has changed it: it is fetched anew.
    remove(&known)?;
    Ok(None)
}

/// How an attempt ended.
enum Trouble {
    /// It may be tried again.
    Again(Refusal),
    /// The hub gives another file than it listed.
    Wrong(FileError),
    /// The disk.
    Disk(StoreError),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Again(refusal)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Disk(error)
    }
}

fn wrong_size(entry: &Entry, found: u64) -> Trouble {
    Trouble::Wrong(FileError::Size { file: entry.path.clone(), expected: entry.bytes, found })
}

/// A file that is not whole yet.
struct Part {
    entry: Entry,
    path: std::path::PathBuf,
    file: File,
    hashes: Hashes,
    /// What the server calls these bytes.
    validator: Option<String>,
}

impl Part {
    /// Goes on with what is there.
    fn open(locked: &Locked, entry: &Entry) -> Result<Self, StoreError> {
        let path = locked.part(entry);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(failed(&path))?;
        let mut hashes = Hashes::new(&entry.blob, entry.bytes);
        let length = file.metadata().map_err(failed(&path))?.len();
        if length <= entry.bytes {
            read_into(&mut file, &mut hashes).map_err(failed(&path))?;
        } else {
            file.set_len(0).map_err(failed(&path))?;
        }
        let validator = fs::read_to_string(validator_path(&path)).ok();
        Ok(Self { entry: entry.clone(), path, file, hashes, validator })
    }

    fn write(&mut self, data: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(data).map_err(failed(&self.path))?;
        self.hashes.update(data);
        Ok(())
    }

    fn restart(&mut self) -> Result<(), StoreError> {
        let cut = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        cut.map_err(failed(&self.path))?;
        self.hashes = Hashes::new(&self.entry.blob, self.entry.bytes);
        Ok(())
    }

    fn keep_validator(&mut self, validator: Option<&str>) -> Result<(), StoreError> {
        if self.validator.as_deref() == validator {
            return Ok(());
        }
        let path = validator_path(&self.path);
        match validator {
            Some(text) => fs::write(&path, text).map_err(failed(&path))?,
            None => remove(&path)?,
        }
        self.validator = validator.map(str::to_owned);
        Ok(())
    }

    /// Checks the whole file, and moves it where it belongs; what is not as listed is deleted.
    fn finish(self, target: &Path) -> Result<Names, PullError> {
        let names = self.hashes.finish();
        if !names.are(&self.entry.blob) {
            remove(&self.path)?;
            remove(&validator_path(&self.path))?;
            return Err(wrong_digest(&self.entry, &names).into());
        }
        self.file.sync_all().map_err(failed(&self.path))?;
        fs::rename(&self.path, target).map_err(failed(target))?;
        remove(&validator_path(&self.path))?;
        Ok(names)
    }

    fn discard(self) -> Result<(), StoreError> {
        remove(&self.path)?;
        remove(&validator_path(&self.path))
    }
}

fn validator_path(part: &Path) -> std::path::PathBuf {
    part.with_extension("etag")
}

/// The names of a file's bytes, if it is there and as listed.
fn whole(entry: &Entry, path: &Path) -> Result<Option<Names>, StoreError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::Io { path: path.to_owned(), source }),
    };
    if file.metadata().map_err(failed(path))?.len() != entry.bytes {
        return Ok(None);
    }
    let mut hashes = Hashes::new(&entry.blob, entry.bytes);
    read_into(&mut file, &mut hashes).map_err(failed(path))?;
    Ok(Some(hashes.finish()).filter(|names| names.are(&entry.blob)))
}

fn read_into(file: &mut File, hashes: &mut Hashes) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => hashes.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn wrong_digest(entry: &Entry, names: &Names) -> FileError {
    let found = match (&entry.blob, &names.git) {
        (Blob::Git(_), Some(git)) => Blob::Git(git.clone()),
        _ => Blob::Sha256(names.sha256),
    };
    FileError::Digest { file: entry.path.clone(), expected: entry.blob.clone(), found }
}

/// Connections at once.
const AT_ONCE: usize = 4;
const CHUNK: usize = 1 << 18;
/// A file may be cut so often, and once more for each so many bytes.
const CUTS: u64 = 100;
const BYTES_A_CUT: u64 = 1 << 20;
