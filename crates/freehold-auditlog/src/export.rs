//! Export: a folder that others' verifiers read.
//!
//! `checkpoint`, `tile/L/…` and `tile/entries/…` lie as C2SP tlog-tiles says, `log.vkey` is the key
//! to check them with. For people: `records.jsonl`, one entry per line, and `proofs/…`, one
//! tlog-proof file per entry. Bodies stay behind: they are sealed, and no proof needs them.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use freehold_tlog::{
    Checkpoint, CheckpointError, RecordProof, TILE_WIDTH, TileId, Tree, inclusion_proof,
    index_path, push_entry,
};
use freehold_types::Digest;

use crate::{
    Fault, IdentityError, SegmentError,
    identity::{self, VKEY_FILE},
    recover::CHECKPOINT_FILE,
    segment::{self, Frames},
    tree_files::TreeFiles,
};

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOptions {
    /// Whether to write a proof file for each entry.
    pub proofs: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self { proofs: true }
    }
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// The log's name.
    pub origin: String,
    /// Entries under the checkpoint: all of them are in the folder.
    pub entries: u64,
    /// Where the folder is.
    pub directory: PathBuf,
}

/// Exports what the log's checkpoint covers into a new or empty folder. The log may be in use.
/// A log that does not fit its checkpoint is not exported.
///
/// # Errors
/// [`ExportError`] if the log cannot be read or the folder not written.
pub fn export(
    directory: &Path,
    out: &Path,
    options: &ExportOptions,
) -> Result<ExportReport, ExportError> {
    let verifier = identity::verifier(directory)?;
    let path = directory.join(CHECKPOINT_FILE);
    let note = fs::read_to_string(&path).map_err(at(&path))?;
    let checkpoint = Checkpoint::open(&note, &verifier)
        .map_err(|source| ExportError::Checkpoint { path, source })?;
    let not_empty = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if not_empty {
        return Err(ExportError::NotEmpty { path: out.to_owned() });
    }
    fs::create_dir_all(out).map_err(at(out))?;
    let mut folder = Folder::create(out)?;
    let log = identity::log_id(&verifier);
    let segments = segment::list(directory).map_err(at(&directory.join(segment::FOLDER)))?;
    for (first, path) in &segments {
        if folder.tree.size() >= checkpoint.size {
            break;
        }
        let mut frames = Frames::open(path, *first, &log, 0)?;
        while folder.tree.size() < checkpoint.size {
            let Some(frame) = frames.next()? else { break };
            folder.add(frame.header, frame.head.leaf)?;
        }
    }
    let size = folder.tree.size();
    if size != checkpoint.size || folder.tree.root() != checkpoint.root {
        return Err(ExportError::Root { directory: directory.to_owned(), size: checkpoint.size });
    }
    folder.finish()?;
    write(out, VKEY_FILE, format!("{verifier}\n").as_bytes())?;
    if options.proofs {
        write_proofs(directory, out, checkpoint.size, &note)?;
    }
    // Last, so that a folder with a checkpoint is a whole one.
    write(out, CHECKPOINT_FILE, note.as_bytes())?;
    Ok(ExportReport {
        origin: checkpoint.origin,
        entries: checkpoint.size,
        directory: out.to_owned(),
    })
}

/// Why a log was not exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file cannot be read or written.
    #[error("{} cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There is something in the folder already.
    #[error("{} is not empty; name a new folder", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The log's key cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The log's checkpoint does not hold.
    #[error("{} does not hold", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: CheckpointError,
    },
    /// A segment is damaged.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// The entries are not those that were signed.
    #[error("the first {size} entries in {} are not those that were signed; run `verify`", directory.display())]
    Root {
        /// The log.
        directory: PathBuf,
        /// Entries under the checkpoint.
        size: u64,
    },
}

/// The folder while it grows.
struct Folder<'a> {
    out: &'a Path,
    tree: Tree,
    bundle: Vec<u8>,
    line: Vec<u8>,
    listing: BufWriter<File>,
}

impl<'a> Folder<'a> {
    fn create(out: &'a Path) -> Result<Self, ExportError> {
        let path = out.join(LISTING_FILE);
        let listing = BufWriter::new(File::create(&path).map_err(at(&path))?);
        Ok(Self { out, tree: Tree::new(), bundle: Vec::new(), line: Vec::new(), listing })
    }

    fn add(&mut self, header: &[u8], leaf: [u8; 32]) -> Result<(), ExportError> {
        let sequence = self.tree.size();
        let damaged = |_| SegmentError::Fault {
            path: self.out.to_owned(),
            offset: 0,
            sequence,
            fault: Fault::Header,
        };
        push_entry(&mut self.bundle, header).map_err(damaged)?;
        listing_line(&mut self.line, sequence, &leaf, header);
        self.listing.write_all(&self.line).map_err(at(&self.out.join(LISTING_FILE)))?;
        let mut full = Vec::new();
        self.tree.push(leaf, |tile| full.push(tile));
        for tile in full {
            write(self.out, &tile.id.to_string(), &tile.bytes)?;
            if tile.id.level == 0 {
                write(self.out, &tile.id.entries_path(), &self.bundle)?;
                self.bundle.clear();
            }
        }
        Ok(())
    }

    /// Writes the partial tiles and the partial bundle.
    fn finish(&mut self) -> Result<(), ExportError> {
        for level in 0..8u8 {
            let edge = self.tree.edge(level);
            if edge.is_empty() {
                continue;
            }
            let hashes = self.tree.size() >> (8 * u32::from(level));
            let (index, width) = (hashes / TILE_WIDTH, edge.len() as u16);
            let tile = TileId { level, index, width };
            write(self.out, &tile.to_string(), &edge.concat())?;
            if level == 0 {
                write(self.out, &tile.entries_path(), &self.bundle)?;
            }
        }
        self.listing.flush().map_err(at(&self.out.join(LISTING_FILE)))
    }
}

fn write_proofs(
    directory: &Path,
    out: &Path,
    size: u64,
    checkpoint: &str,
) -> Result<(), ExportError> {
    let files = TreeFiles::new(directory);
    for index in 0..size {
        let hashes = inclusion_proof(index, size, &files).map_err(at(&files.path(0)))?;
        let proof = RecordProof { index, hashes, checkpoint: checkpoint.to_owned() };
        write(out, &proof_path(index), proof.text().as_bytes())?;
    }
    Ok(())
}

/// One line of the readable listing, into a buffer that is used again.
pub(crate) fn listing_line(line: &mut Vec<u8>, sequence: u64, leaf: &[u8; 32], header: &[u8]) {
    line.clear();
    // Writing into memory does not fail.
    let leaf = Digest::from_bytes(*leaf);
    drop(write!(line, "{{\"sequence\":{sequence},\"leaf_hash\":\"{leaf}\",\"header\":"));
    line.extend_from_slice(header);
    line.extend_from_slice(b"}\n");
}

/// Where the proof of an entry lies.
pub(crate) fn proof_path(sequence: u64) -> String {
    format!("{PROOF_FOLDER}/{}.tlog-proof", index_path(sequence))
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
    let path = out.join(name);
    match fs::write(&path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(at(folder))?;
            }
            fs::write(&path, bytes).map_err(at(&path))
        }
        written => written.map_err(at(&path)),
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> ExportError {
    move |source| ExportError::Io { path: path.to_owned(), source }
}

/// The readable listing.
pub(crate) const LISTING_FILE: &str = "records.jsonl";

/// Folder of the proof files.
pub(crate) const PROOF_FOLDER: &str = "proofs";
