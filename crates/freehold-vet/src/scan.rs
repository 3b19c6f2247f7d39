//! Reads every file of a folder by its content, executing nothing, and says what was found.
//!
//! Each file is read once where its format allows: what passes the scanner is hashed on the way.
//! Files are scanned side by side; memory does not grow with their size.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use freehold_artifact::{
    finding::{Finding, Verdict, shown},
    rules,
};
use freehold_types::Digest;

mod archives;
mod content;
mod data;
mod documents;
mod graphs;
mod hashed;
mod kinds;
mod layers;
mod packings;
mod pickles;
mod programs;
mod settings;
#[cfg(test)]
mod tests;
mod tree;
mod weights;
mod window;

use self::{content::Scanner, hashed::Hashed};

/// What was found in one file.
#[derive(Debug, Clone)]
pub struct ScannedFile {
    /// Its name relative to the folder, with `/` between parts; the file's own name where a file
    /// was scanned.
    pub path: String,
    /// The verdict.
    pub verdict: Verdict,
    /// SHA-256 of its bytes; `None` where they could not be read.
    pub digest: Option<Digest>,
    /// Its length.
    pub bytes: u64,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
}

/// Why nothing could be scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The path leads nowhere, or may not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: std::io::Error,
    },
    /// There is no file.
    #[error("{} holds no file", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

/// Scans the file or folder at `path`. `progress` is told of each file that is done: how many are,
/// and of how many; it may be called from several threads.
///
/// # Errors
/// [`ScanError`]: the path itself cannot be read. A file in it that cannot be read is a finding.
pub fn scan(
    path: &Path,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<ScannedFile>, ScanError> {
    let found = tree::list(path)?;
    if found.is_empty() {
        return Err(ScanError::Empty { path: path.to_owned() });
    }
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let workers = thread::available_parallelism().map_or(1, |count| count.get()).min(found.len());
    let work = || {
        let mut scanned = Vec::new();
        while let Some(one) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
            scanned.push(scan_one(one));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, found.len());
        }
        scanned
    };
    let mut files: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    });
    files.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    Ok(together(files))
}

/// What is known of a file beyond its own verdict.
#[derive(Default)]
struct Ties {
    /// Files that it says belong to it.
    beside: Vec<String>,
    /// Whether it is bytes of no known format.
    unknown: bool,
}

/// Bytes without a format are a model's numbers where a model that was read points at them. What Python
/// keeps of a source that was read names no more than that source does, or nobody can say: it is
/// suspicious, as all bytecode.
fn together(files: Vec<(ScannedFile, Ties)>) -> Vec<ScannedFile> {
    let named: BTreeSet<String> = files
        .iter()
        .flat_map(|(file, ties)| {
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            ties.beside.iter().map(move |name| {
                let name = name.trim_start_matches("./");
                if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
            })
        })
        .collect();
    let harmless: BTreeSet<String> = files
        .iter()
        .filter(|(file, _)| file.path.ends_with(".py") && file.verdict != Verdict::Malicious)
        .map(|(file, _)| file.path.clone())
        .collect();
    let tied = |(mut file, ties): (ScannedFile, Ties)| {
        if source_of(&file.path).is_some_and(|source| harmless.contains(&source)) {
            for finding in &mut file.findings {
                if finding.rule == &rules::PYTHON_COMPILED_HARMS {
                    finding.rule = &rules::PYTHON_COMPILED;
                }
            }
            file.verdict = Verdict::of(&file.findings);
        }
        if ties.unknown && named.contains(&file.path) {
            for finding in &mut file.findings {
                if finding.rule == &rules::NOT_READ {
                    *finding = Finding::new(&rules::NUMBERS, 0, "a model beside it names it");
                }
            }
            file.verdict = Verdict::of(&file.findings);
        }
        file
    };
    files.into_iter().map(tied).collect()
}

/// `a/__pycache__/b.cpython-311.pyc` is what Python keeps of `a/b.py` (PEP 3147).
fn source_of(path: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once('/')?;
    let (name, rest) = file.split_once('.')?;
    let kept = rest.starts_with("cpython-") && rest.ends_with(".pyc");
    let home = folder.strip_suffix("__pycache__").filter(|_| kept)?;
    Some(format!("{home}{name}.py"))
}

fn scan_one(found: &tree::Found) -> (ScannedFile, Ties) {
    let mut findings = Vec::new();
    let (mut scanned, mut ties) = ((None, 0), Ties::default());
    if let Some((rule, what)) = &found.instead {
        findings.push(Finding::new(rule, 0, what.clone()));
    } else {
        match read_one(found) {
            Ok((digest, bytes, scanner)) => {
                scanned = (Some(digest), bytes);
                findings = scanner.findings;
                ties = Ties { beside: scanner.beside, unknown: scanner.unknown };
            }
            Err(error) => {
                let what = shown(error.to_string().as_bytes(), 200);
                findings.push(Finding::new(&rules::UNREADABLE, 0, what));
            }
        }
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
    findings.truncate(MOST_FINDINGS);
    let (digest, bytes) = scanned;
    let verdict = Verdict::of(&findings);
    (ScannedFile { path: found.name.clone(), verdict, digest, bytes, findings }, ties)
}

fn read_one(found: &tree::Found) -> std::io::Result<(Digest, u64, Scanner)> {
    let file = File::open(&found.path)?;
    let length = file.metadata()?.len();
    let mut file = Hashed::new(file);
    let mut scanner = Scanner::new(length);
    scanner.content(&mut file, length, &found.name)?;
    let (digest, bytes) = file.finish()?;
    Ok((digest, bytes, scanner))
}

const MOST_FINDINGS: usize = 500;
