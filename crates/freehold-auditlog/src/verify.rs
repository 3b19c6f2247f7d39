//! Verification: everything is computed again from the bytes, and the first thing that does not
//! fit is named. Works on a log's folder, in use or not, and on an exported one; reads a chunk at
//! a time.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use freehold_tlog::{Checkpoint, CheckpointError, Hash, KeyError, ProofTextError, Tree, Verifier};
use freehold_types::Digest;

use crate::{
    Fault, IdentityError, SegmentError, identity, recover::CHECKPOINT_FILE, segment, tree_files,
};

mod exported;
mod live;

/// What the one who verifies knows from elsewhere. Without any of it verification shows that the
/// folder fits its own key, but not that it is the log it should be, nor that it is all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The log's verifier key; else the one in the folder is used.
    pub vkey: Option<String>,
    /// The text of an older checkpoint of this log. A log that was rolled back, or forked, after
    /// it was signed does not pass.
    pub pin: Option<String>,
}

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The log's name.
    pub origin: String,
    /// The key that signed the checkpoint.
    pub vkey: String,
    /// Entries under the checkpoint, each hashed again.
    pub entries: u64,
    /// The root that they lead to and that was signed.
    pub root: Digest,
    /// Entries after the checkpoint: whole, but not signed yet. Exports have none.
    pub unsigned: u64,
    /// Sealed bodies that are what their entries commit to. Exports have none.
    pub bodies: u64,
    /// Bodies that were erased.
    pub erased: u64,
    /// Size of the older checkpoint that this log was shown to continue.
    pub pinned: Option<u64>,
}

/// Verifies a log's folder or an exported one.
///
/// # Errors
/// [`VerifyError`] names the first thing that does not fit.
pub fn verify(directory: &Path, known: &Known) -> Result<VerifyReport, VerifyError> {
    let verifier: Verifier = match &known.vkey {
        Some(vkey) => vkey.parse().map_err(|source| VerifyError::Key { source })?,
        None => identity::verifier(directory).map_err(|error| match error {
            IdentityError::Io { path, source } => unreadable(&path, source),
            error => error.into(),
        })?,
    };
    let path = directory.join(CHECKPOINT_FILE);
    let note = read_text(&path)?;
    let checkpoint = Checkpoint::open(&note, &verifier)
        .map_err(|source| VerifyError::Checkpoint { path: path.clone(), source })?;
    let pin = match &known.pin {
        Some(note) => {
            Some(Checkpoint::open(note, &verifier).map_err(|source| VerifyError::Pin { source })?)
        }
        None => None,
    };
    if let Some(pin) = pin.as_ref().filter(|pin| pin.size > checkpoint.size) {
        return Err(VerifyError::RolledBack { pinned: pin.size, found: checkpoint.size });
    }
    let mut progress = Progress::new(checkpoint, pin, path);
    let live = [segment::FOLDER, tree_files::FOLDER];
    if live.iter().any(|folder| directory.join(folder).is_dir()) {
        live::verify(directory, &verifier, &mut progress)?;
    } else {
        exported::verify(directory, &verifier, &mut progress)?;
    }
    progress.finish(&verifier)
}

/// What is wrong with a file as such, whatever it should say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It is not there.
    Missing,
    /// It ends too early.
    Short,
    /// It holds bytes that no text has.
    NoText,
    /// It should hold the log's private key, and holds none.
    NoKey,
    /// It holds a private key that is not this log's.
    OtherKey,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "is missing",
            Self::Short => "ends too early",
            Self::NoText => "is not text",
            Self::NoKey => "does not hold a private key",
            Self::OtherKey => "holds a private key that does not belong to log.vkey",
        })
    }
}

/// Why a log does not pass.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A part of the log is not there, or cannot be what it should be.
    #[error("{} {damage}", path.display())]
    Part {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The key given is none.
    #[error("the verifier key given cannot be used")]
    Key {
        /// What is wrong.
        #[source]
        source: KeyError,
    },
    /// The folder's key cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The checkpoint is not signed by the log's key.
    #[error("{} does not hold", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: CheckpointError,
    },
    /// The pin is not a checkpoint of this log.
    #[error("the pinned checkpoint does not hold under this log's key")]
    Pin {
        /// What is wrong.
        #[source]
        source: CheckpointError,
    },
    /// The log is shorter than it once was.
    #[error(
        "rolled back: the log's checkpoint covers {found} entries, an older one covered {pinned}"
    )]
    RolledBack {
        /// Entries under the pin.
        pinned: u64,
        /// Entries under the log's checkpoint.
        found: u64,
    },
    /// The log's beginning is not what it once was.
    #[error("forked: the first {size} entries are not those of the pinned checkpoint")]
    Forked {
        /// Entries under the pin.
        size: u64,
    },
    /// A segment is damaged.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// There are fewer entries than the checkpoint covers.
    #[error("entry {found} is missing: the checkpoint covers {size}")]
    Missing {
        /// The first that is missing.
        found: u64,
        /// Entries under the checkpoint.
        size: u64,
    },
    /// An entry is not the one in the tree.
    #[error("{}, byte {offset}: entry {sequence} does not have the hash that the tree has for it", path.display())]
    Entry {
        /// Where the entry lies.
        path: PathBuf,
        /// Where it begins.
        offset: u64,
        /// The entry.
        sequence: u64,
    },
    /// The tree's hashes on disk are not those of the entries.
    #[error("{}, byte {offset}: not the hash of entries {first} to {last}", path.display())]
    Tile {
        /// The file.
        path: PathBuf,
        /// Where the wrong hash begins.
        offset: u64,
        /// First entry under it.
        first: u64,
        /// Last entry under it.
        last: u64,
    },
    /// The entries do not lead to the signed root.
    #[error("the {size} entries do not lead to the root that was signed in {}", path.display())]
    Root {
        /// The checkpoint.
        path: PathBuf,
        /// Entries under it.
        size: u64,
    },
    /// The readable listing is not that of the entries.
    #[error("{}, line {line}: not the listing of this entry", path.display())]
    Listing {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: u64,
    },
    /// A proof file does not prove its entry.
    #[error("{} does not prove its entry", path.display())]
    Proof {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: ProofTextError,
    },
}

/// What has been computed so far.
struct Progress {
    tree: Tree,
    checkpoint: Checkpoint,
    checkpoint_path: PathBuf,
    pin: Option<Checkpoint>,
    signed_root: Option<Hash>,
    bodies: u64,
    erased: u64,
}

impl Progress {
    fn new(checkpoint: Checkpoint, pin: Option<Checkpoint>, checkpoint_path: PathBuf) -> Self {
        let (bodies, erased) = (0, 0);
        let tree = Tree::new();
        Self { tree, checkpoint, checkpoint_path, pin, signed_root: None, bodies, erased }
    }

    /// Compares roots where a signed one is known for the number of entries so far.
    fn compare(&mut self) -> Result<(), VerifyError> {
        let size = self.tree.size();
        if let Some(pin) = self.pin.as_ref().filter(|pin| pin.size == size)
            && pin.root != self.tree.root()
        {
            return Err(VerifyError::Forked { size });
        }
        if size == self.checkpoint.size {
            let root = self.tree.root();
            if root != self.checkpoint.root {
                return Err(VerifyError::Root { path: self.checkpoint_path.clone(), size });
            }
            self.signed_root = Some(root);
        }
        Ok(())
    }

    fn finish(self, verifier: &Verifier) -> Result<VerifyReport, VerifyError> {
        let size = self.checkpoint.size;
        let Some(root) = self.signed_root else {
            return Err(VerifyError::Missing { found: self.tree.size(), size });
        };
        Ok(VerifyReport {
            origin: self.checkpoint.origin,
            vkey: verifier.to_string(),
            entries: size,
            root: Digest::from_bytes(root),
            unsigned: self.tree.size() - size,
            bodies: self.bodies,
            erased: self.erased,
            pinned: self.pin.map(|pin| pin.size),
        })
    }
}

/// The first of some hashes that is not as computed, as an error that names the entries under it.
fn compare_hashes(
    path: &Path,
    level: u8,
    start: u64,
    offset: u64,
    computed: &[u8],
    found: &[u8],
) -> Result<(), VerifyError> {
    let pairs = computed.chunks(32).zip(found.chunks(32));
    let wrong = pairs.into_iter().position(|(computed, found)| computed != found);
    let Some(place) = wrong.or((computed.len() != found.len()).then_some(found.len() / 32)) else {
        return Ok(());
    };
    let span = 1u64 << (8 * u32::from(level));
    let first = (start + place as u64) * span;
    Err(VerifyError::Tile {
        path: path.to_owned(),
        offset: offset + 32 * place as u64,
        first,
        last: first + (span - 1),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, VerifyError> {
    fs::read(path).map_err(|source| unreadable(path, source))
}

fn read_text(path: &Path) -> Result<String, VerifyError> {
    fs::read_to_string(path).map_err(|source| unreadable(path, source))
}

/// A part that is not there or not whole is a finding; one that the system does not give out is
/// neither right nor wrong.
fn unreadable(path: &Path, source: io::Error) -> VerifyError {
    let path = path.to_owned();
    let damage = match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Damage::Missing,
        io::ErrorKind::UnexpectedEof => Damage::Short,
        io::ErrorKind::InvalidData => Damage::NoText,
        _ => return VerifyError::Io { path, source },
    };
    VerifyError::Part { path, damage }
}

fn fault(path: &Path, offset: u64, sequence: u64, fault: Fault) -> VerifyError {
    VerifyError::Segment(SegmentError::Fault { path: path.to_owned(), offset, sequence, fault })
}
