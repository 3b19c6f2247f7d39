//! Verification of an exported folder: bundles, tiles, the readable listing and the proofs.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use freehold_tlog::{
    BundleError, FullTile, RecordProof, TILE_WIDTH, TileId, Verifier, entries, leaf_hash, tiles_of,
};

use super::{Progress, VerifyError, compare_hashes, fault, read, read_text, unreadable};
use crate::{
    Fault,
    export::{LISTING_FILE, PROOF_FOLDER, listing_line, proof_path},
};

/// Walks all bundles.
pub(super) fn verify(
    directory: &Path,
    verifier: &Verifier,
    progress: &mut Progress,
) -> Result<(), VerifyError> {
    let size = progress.checkpoint.size;
    let mut listing = Listing::open(directory)?;
    let with_proofs = directory.join(PROOF_FOLDER).is_dir();
    progress.compare()?;
    for tile in tiles_of(size).take_while(|tile| tile.level == 0) {
        let bundle_path = directory.join(tile.entries_path());
        let bundle = read(&bundle_path)?;
        let tile_path = directory.join(tile.to_string());
        let hashes = read(&tile_path)?;
        let mut count = 0;
        for entry in entries(&bundle) {
            let sequence = progress.tree.size();
            let cut = |error| match error {
                BundleError::Cut { offset } => {
                    fault(&bundle_path, offset as u64, sequence, Fault::Cut)
                }
                BundleError::TooLong { .. } => fault(&bundle_path, 0, sequence, Fault::Cut),
            };
            let (offset, entry) = entry.map_err(cut)?;
            let leaf = leaf_hash(entry);
            if hashes.get(32 * count..32 * (count + 1)) != Some(leaf.as_slice()) {
                let (path, offset) = (bundle_path, offset as u64);
                return Err(VerifyError::Entry { path, offset, sequence });
            }
            listing.compare(sequence, &leaf, entry)?;
            if with_proofs {
                check_proof(directory, sequence, &leaf, verifier)?;
            }
            count += 1;
            push(directory, leaf, progress)?;
        }
        if count != usize::from(tile.width) || hashes.len() != 32 * count {
            let (found, size) = (progress.tree.size(), size);
            return Err(VerifyError::Missing { found, size });
        }
    }
    listing.end(size)
}

fn push(directory: &Path, leaf: [u8; 32], progress: &mut Progress) -> Result<(), VerifyError> {
    let mut full: Vec<FullTile> = Vec::new();
    progress.tree.push(leaf, |tile| full.push(tile));
    for tile in full {
        compare(directory, tile.id, &tile.bytes)?;
    }
    if progress.tree.size() == progress.checkpoint.size {
        for level in 0..8u8 {
            let edge = progress.tree.edge(level);
            if !edge.is_empty() {
                let hashes = progress.tree.size() >> (8 * u32::from(level));
                let (index, width) = (hashes / TILE_WIDTH, edge.len() as u16);
                compare(directory, TileId { level, index, width }, &edge.concat())?;
            }
        }
    }
    progress.compare()
}

fn compare(directory: &Path, tile: TileId, computed: &[u8]) -> Result<(), VerifyError> {
    let path = directory.join(tile.to_string());
    let found = read(&path)?;
    compare_hashes(&path, tile.level, tile.index * TILE_WIDTH, 0, computed, &found)
}

fn check_proof(
    directory: &Path,
    sequence: u64,
    leaf: &[u8; 32],
    verifier: &Verifier,
) -> Result<(), VerifyError> {
    let path = directory.join(proof_path(sequence));
    let text = read_text(&path)?;
    let checked = RecordProof::parse(&text).and_then(|proof| {
        if proof.index == sequence {
            proof.verify(leaf, verifier)
        } else {
            Err(freehold_tlog::ProofTextError::Malformed)
        }
    });
    checked.map(drop).map_err(|source| VerifyError::Proof { path, source })
}

/// The readable listing, line by line.
struct Listing {
    lines: BufReader<File>,
    path: PathBuf,
    line: Vec<u8>,
    expected: Vec<u8>,
}

impl Listing {
    fn open(directory: &Path) -> Result<Self, VerifyError> {
        let path = directory.join(LISTING_FILE);
        match File::open(&path) {
            Ok(file) => Ok(Self {
                lines: BufReader::new(file),
                path,
                line: Vec::new(),
                expected: Vec::new(),
            }),
            Err(source) => Err(unreadable(&path, source)),
        }
    }

    fn read(&mut self) -> Result<(), VerifyError> {
        self.line.clear();
        let read = self.lines.read_until(b'\n', &mut self.line);
        read.map(drop).map_err(|source| VerifyError::Io { path: self.path.clone(), source })
    }

    fn end(&mut self, size: u64) -> Result<(), VerifyError> {
        self.read()?;
        if self.line.is_empty() {
            Ok(())
        } else {
            Err(VerifyError::Listing { path: self.path.clone(), line: size + 1 })
        }
    }

    fn compare(&mut self, sequence: u64, leaf: &[u8; 32], entry: &[u8]) -> Result<(), VerifyError> {
        self.read()?;
        listing_line(&mut self.expected, sequence, leaf, entry);
        if self.line == self.expected {
            Ok(())
        } else {
            Err(VerifyError::Listing { path: self.path.clone(), line: sequence + 1 })
        }
    }
}
