//! Which bytes of a model a signature is about: every file by name and digest, chosen as
//! `model-signing` chooses them. Hidden files count; links and special files are named, not passed
//! over.

use std::{
    fs::{self, File},
    io::{self, Read, Take},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use freehold_bom::signature::{Method, Resource, Serialization};
use freehold_types::Digest;
use ring::digest::{Context, SHA256};
use serde::Serialize;

#[cfg(test)]
mod tests;

/// What a signature is, or would be, about.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The files, or their parts.
    pub resources: Vec<Resource>,
    /// What can be in no signature, though it is there: name and why.
    pub obstacles: Vec<(String, Obstacle)>,
    /// What was left out because the caller, or the signature, said so, as far as it is there.
    pub ignored: Vec<String>,
}

/// Why something that is there cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// A link, and links are not followed.
    Link,
    /// A link to a folder, which no signature of this kind follows, or one that leads nowhere.
    Folder,
    /// A pipe, a socket or a device.
    Special,
    /// Its name is not UTF-8.
    Name,
}

/// A file or folder that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub struct CoverageError {
    /// Which one.
    pub path: PathBuf,
    /// What the file system said.
    #[source]
    pub source: io::Error,
}

struct Found {
    name: String,
    path: PathBuf,
    bytes: u64,
}

/// Lists and hashes what is at `path`, a folder or one file. `progress` is told how many files are
/// done, and of how many; it may be called from several threads.
///
/// # Errors
/// [`CoverageError`] names what cannot be read.
pub fn coverage(
    path: &Path,
    how: &Serialization,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Coverage, CoverageError> {
    let unreadable = |source| CoverageError { path: path.to_owned(), source };
    let root = fs::canonicalize(path).map_err(unreadable)?;
    let kind = fs::metadata(&root).map_err(unreadable)?;
    let mut coverage = Coverage::default();
    let mut found = Vec::new();
    if kind.is_dir() {
        list(&root, how, &mut coverage, &mut found)?;
    } else if kind.is_file() {
        found.push(Found { name: ".".to_owned(), path: root, bytes: kind.len() });
    } else {
        coverage.obstacles.push((".".to_owned(), Obstacle::Special));
    }
    coverage.resources = hash_all(&found, how.method, progress)?;
    coverage.resources.sort();
    coverage.obstacles.sort_by(|a, b| a.0.cmp(&b.0));
    coverage.ignored.sort();
    Ok(coverage)
}

fn list(
    root: &Path,
    how: &Serialization,
    coverage: &mut Coverage,
    found: &mut Vec<Found>,
) -> Result<(), CoverageError> {
    let ignored: Vec<_> = how.ignore_paths.iter().filter_map(|path| plain(path)).collect();
    let mut waiting = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = waiting.pop() {
        let unreadable = |source| CoverageError { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            let Ok(own) = entry.file_name().into_string() else {
                let name = format!("{prefix}{}", entry.file_name().display());
                coverage.obstacles.push((name, Obstacle::Name));
                continue;
            };
            let name = format!("{prefix}{own}");
            if ignored.contains(&name) {
                coverage.ignored.push(name);
                continue;
            }
            let unreadable = |source| CoverageError { path: path.clone(), source };
            let mut kind = fs::symlink_metadata(&path).map_err(unreadable)?;
            if kind.is_symlink() {
                if !how.allow_symlinks {
                    coverage.obstacles.push((name, Obstacle::Link));
                    continue;
                }
                match fs::metadata(&path) {
                    Ok(target) if !target.is_dir() => kind = target,
                    _ => {
                        coverage.obstacles.push((name, Obstacle::Folder));
                        continue;
                    }
                }
            }
            if kind.is_dir() {
                waiting.push((path, format!("{name}/")));
            } else if kind.is_file() {
                found.push(Found { name, path, bytes: kind.len() });
            } else {
                coverage.obstacles.push((name, Obstacle::Special));
            }
        }
    }
    Ok(())
}

/// A path as names are written, `a/b`; `None` for one that is not below the model, or is the model.
fn plain(path: &str) -> Option<String> {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let below = !path.starts_with('/') && !parts.is_empty() && !parts.contains(&"..");
    below.then(|| parts.join("/"))
}

fn hash_all(
    found: &[Found],
    method: Method,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Resource>, CoverageError> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let workers = thread::available_parallelism().map_or(1, |count| count.get()).min(found.len());
    let work = || {
        let mut hashed = Vec::new();
        while let Some(one) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
            let error = |source| CoverageError { path: one.path.clone(), source };
            hashed.extend(hash(one, method).map_err(error)?);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, found.len());
        }
        Ok(hashed)
    };
    let lost = || CoverageError { path: PathBuf::new(), source: io::Error::other("a thread died") };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().map_err(|_| lost())??);
        }
        Ok(all)
    })
}

fn hash(one: &Found, method: Method) -> io::Result<Vec<Resource>> {
    let mut file = File::open(&one.path)?;
    let resource = |range, digest| Resource { path: one.name.clone(), range, digest };
    let Method::Shards(size) = method else {
        return Ok(vec![resource(None, digest(&mut file.take(u64::MAX))?.0)]);
    };
    let mut parts = Vec::new();
    let mut start = 0;
    while start < one.bytes {
        let (digest, read) = digest(&mut file.by_ref().take(size))?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        parts.push(resource(Some((start, start + read)), digest));
        start += read;
    }
    Ok(parts)
}

fn digest(reader: &mut Take<impl Read>) -> io::Result<(Digest, u64)> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                context.update(&buffer[..read]);
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    Ok((Digest::from_bytes(digest), bytes))
}

const CHUNK: usize = 1 << 18;
