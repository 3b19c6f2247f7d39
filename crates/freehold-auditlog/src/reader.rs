//! Reading entries: the same code looks into an open log and into the folder of one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use freehold_store::SubjectKeys;
use freehold_tlog::{Checkpoint, climb, inclusion_proof, verify_inclusion};
use freehold_types::{Digest, RecordId, Timestamp};
use serde::Deserialize;

use crate::{
    Ascent, AscentStep, Body, EntryKind, EntryView, OpenError, Proof, ReadError, RecordView,
    catalog::{self, Catalog, Location, Table},
    identity,
    recover::CHECKPOINT_FILE,
    seal::{self, Commitment, UnsealError},
    segment::{self, Frames, SegmentError, is_erased, read_frame},
    tree_files::TreeFiles,
};

/// Looks into a log's folder without opening the log: nothing is locked, nothing is changed, and
/// the log may be in use. Sees what was there at the time of opening.
pub struct Reader {
    directory: PathBuf,
    catalog: Catalog,
    checkpoint: Option<Checkpoint>,
    keys: Option<Arc<dyn SubjectKeys>>,
}

impl Reader {
    /// Looks into a folder; with keys, bodies can be opened.
    ///
    /// # Errors
    /// [`OpenError`] if there is no log or it cannot be read.
    pub fn open(directory: &Path, keys: Option<Arc<dyn SubjectKeys>>) -> Result<Self, OpenError> {
        let verifier = identity::verifier(directory)?;
        let log = identity::log_id(&verifier);
        let path = directory.join(CHECKPOINT_FILE);
        let checkpoint = match fs::read_to_string(&path) {
            Ok(note) => match Checkpoint::open(&note, &verifier) {
                Ok(checkpoint) => Some(checkpoint),
                Err(source) => return Err(OpenError::Checkpoint { path, source }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(OpenError::Io { path, source }),
        };
        let segments = segment::list(directory)
            .map_err(|source| OpenError::Io { path: directory.join(segment::FOLDER), source })?;
        let mut catalog = Catalog::default();
        for (place, (first, path)) in segments.iter().enumerate() {
            let table = (place + 1 < segments.len()).then(|| Table::load(path, *first)).flatten();
            if let Some(table) = table {
                catalog.add(table);
                continue;
            }
            drop(catalog.begin(*first, path.clone()));
            let mut frames = Frames::open(path, *first, &log, u64::MAX)?;
            // The last segment may be in the middle of a write, so what is not whole ends it.
            while let Ok(Some(frame)) = frames.next() {
                catalog.push(catalog::id_of(frame.header), frame.offset);
            }
        }
        Ok(Self { directory: directory.to_owned(), catalog, checkpoint, keys })
    }

    /// All entries of one record, bodies opened where their keys exist.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] if there is none; others if the log cannot be read.
    pub fn show(&self, id: RecordId) -> Result<RecordView, ReadError> {
        self.view().show(id)
    }

    /// The last entries, oldest first, bodies left sealed.
    ///
    /// # Errors
    /// [`ReadError`] if the log cannot be read.
    pub fn tail(&self, count: usize) -> Result<Vec<EntryView>, ReadError> {
        self.view().tail(count)
    }

    /// The entry at a place of the log, its body left sealed; none where the log has no such place.
    ///
    /// # Errors
    /// [`ReadError`] if the log cannot be read.
    pub fn entry(&self, sequence: u64) -> Result<Option<EntryView>, ReadError> {
        let found = self.catalog.locate(sequence)?;
        found.map(|location| self.view().entry(&location, false)).transpose()
    }

    /// Entries that were there.
    pub fn size(&self) -> u64 {
        self.catalog.size()
    }

    /// Entries under the checkpoint that was there.
    pub fn checkpoint_size(&self) -> u64 {
        self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size)
    }

    fn view(&self) -> View<'_> {
        View {
            directory: &self.directory,
            catalog: &self.catalog,
            checkpoint: self.checkpoint.as_ref(),
            keys: self.keys.as_ref(),
        }
    }
}

/// All that reading needs.
pub(crate) struct View<'a> {
    /// The log's folder.
    pub directory: &'a Path,
    /// Where entries lie.
    pub catalog: &'a Catalog,
    /// What they are proved against.
    pub checkpoint: Option<&'a Checkpoint>,
    /// What opens bodies.
    pub keys: Option<&'a Arc<dyn SubjectKeys>>,
}

impl View<'_> {
    /// All entries of one record.
    pub(crate) fn show(&self, id: RecordId) -> Result<RecordView, ReadError> {
        let found = self.catalog.find(id)?;
        if found.is_empty() {
            return Err(ReadError::Unknown { id });
        }
        let entries: Result<_, _> =
            found.iter().map(|location| self.entry(location, true)).collect();
        Ok(RecordView { id, entries: entries? })
    }

    /// All entries of one record, bodies left sealed.
    pub(crate) fn outline(&self, id: RecordId) -> Result<RecordView, ReadError> {
        let entries = self.catalog.find(id)?;
        let entries: Result<_, _> = entries.iter().map(|found| self.entry(found, false)).collect();
        Ok(RecordView { id, entries: entries? })
    }

    /// The last entries.
    pub(crate) fn tail(&self, count: usize) -> Result<Vec<EntryView>, ReadError> {
        self.before(self.catalog.size(), count)
    }

    /// The last entries before a place.
    pub(crate) fn before(&self, place: u64, count: usize) -> Result<Vec<EntryView>, ReadError> {
        let end = place.min(self.catalog.size());
        let mut entries = Vec::new();
        for sequence in end.saturating_sub(count as u64)..end {
            if let Some(location) = self.catalog.locate(sequence)? {
                entries.push(self.entry(&location, false)?);
            }
        }
        Ok(entries)
    }

    fn entry(&self, location: &Location, open: bool) -> Result<EntryView, ReadError> {
        let damaged =
            || ReadError::Damaged { path: location.path.clone(), offset: location.offset };
        let (head, rest) = match read_frame(&location.path, location.offset) {
            Ok(frame) => frame,
            Err(SegmentError::Io { path, source }) => return Err(ReadError::Io { path, source }),
            Err(SegmentError::Fault { .. }) => return Err(damaged()),
        };
        if head.sequence != location.sequence {
            return Err(damaged());
        }
        let (body, header) = rest.split_at(head.body_bytes as usize);
        let known: Known = serde_json::from_slice(header).map_err(|_| damaged())?;
        let body = match &known.body {
            None => Body::None,
            Some(_) if is_erased(body) => Body::Erased,
            Some(commitment) => self.body(&known, commitment, body, open),
        };
        Ok(EntryView {
            sequence: head.sequence,
            leaf_hash: Digest::from_bytes(head.leaf),
            id: known.id,
            kind: known.kind,
            time: known.time,
            header: serde_json::from_slice(header).map_err(|_| damaged())?,
            body,
            proof: self.prove(head.sequence, &head.leaf),
        })
    }

    fn body(&self, known: &Known, commitment: &BodyCommitment, body: &[u8], open: bool) -> Body {
        let Some(keys) = self.keys.filter(|_| open) else { return Body::Sealed };
        let commitment = Commitment {
            ciphertext: commitment.ciphertext,
            key: commitment.key_commitment,
            bytes: commitment.bytes,
        };
        match seal::open(keys, known.id, known.kind, &commitment, body) {
            Ok(opened) => Body::Opened(opened),
            Err(UnsealError::Erased) => Body::Erased,
            Err(UnsealError::Damaged) => Body::Damaged,
            Err(UnsealError::Store(_)) => Body::Sealed,
        }
    }

    fn prove(&self, sequence: u64, leaf: &[u8; 32]) -> Proof {
        let Some(checkpoint) = self.checkpoint.filter(|checkpoint| sequence < checkpoint.size)
        else {
            return Proof::Pending;
        };
        let files = TreeFiles::new(self.directory);
        let shown = inclusion_proof(sequence, checkpoint.size, &files).is_ok_and(|proof| {
            verify_inclusion(leaf, sequence, checkpoint.size, &checkpoint.root, &proof).is_ok()
        });
        if shown { Proof::Included { tree_size: checkpoint.size } } else { Proof::Broken }
    }
}

impl View<'_> {
    /// The way from an entry to the root, where the checkpoint covers it and the way leads there.
    pub(crate) fn ascent(&self, entry: &EntryView) -> Option<Ascent> {
        let checkpoint = self.checkpoint.filter(|one| entry.sequence < one.size)?;
        let (place, size, leaf) = (entry.sequence, checkpoint.size, entry.leaf_hash.as_bytes());
        let proof = inclusion_proof(place, size, &TreeFiles::new(self.directory)).ok()?;
        let mut steps = Vec::new();
        let digest = Digest::from_bytes;
        let top = climb(leaf, place, size, &proof, |step| {
            let (sibling, node) = (digest(step.sibling), digest(step.node));
            steps.push(AscentStep { sibling, left: step.left, node });
        });
        let root = digest(checkpoint.root);
        (top == Ok(checkpoint.root)).then_some(Ascent { tree_size: size, root, steps })
    }
}

/// What every header has.
#[derive(Deserialize)]
struct Known {
    id: RecordId,
    kind: EntryKind,
    time: Timestamp,
    body: Option<BodyCommitment>,
}

/// What a header says about its body.
#[derive(Deserialize)]
struct BodyCommitment {
    ciphertext: Digest,
    key_commitment: Digest,
    bytes: u32,
}
