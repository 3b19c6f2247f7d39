//! Verification of a log's own folder: segments with their bodies, and the tree's files.

use std::path::{Path, PathBuf};

use freehold_tlog::{FullTile, HASH_BYTES, HashSource, TILE_WIDTH, Verifier};
use freehold_types::Digest;
use serde::Deserialize;

use super::{Damage, Progress, VerifyError, compare_hashes, fault, unreadable};
use crate::{
    Fault, SegmentError,
    identity::{self, KEY_FILE},
    seal,
    segment::{self, Frame, Frames, is_erased},
    tree_files::TreeFiles,
};

/// Walks all segments.
pub(super) fn verify(
    directory: &Path,
    verifier: &Verifier,
    progress: &mut Progress,
) -> Result<(), VerifyError> {
    let log = identity::log_id(verifier);
    let files = TreeFiles::new(directory);
    let segments = segment::list(directory)
        .map_err(|source| unreadable(&directory.join(segment::FOLDER), source))?;
    check_private_key(directory, verifier)?;
    progress.compare()?;
    for (place, (first, path)) in segments.iter().enumerate() {
        if *first != progress.tree.size() {
            let size = progress.checkpoint.size;
            return Err(VerifyError::Missing { found: progress.tree.size(), size });
        }
        let mut frames = Frames::open(path, *first, &log, 0)?;
        loop {
            let frame = match frames.next() {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                // The end of the last segment may be in the middle of a write. What the
                // checkpoint covers, and what a later batch builds on, cannot.
                Err(error @ SegmentError::Fault { .. })
                    if place + 1 == segments.len()
                        && progress.tree.size() >= progress.checkpoint.size =>
                {
                    if frames.acknowledged_beyond()? {
                        return Err(error.into());
                    }
                    break;
                }
                Err(error) => return Err(error.into()),
            };
            check_body(path, &frame, progress)?;
            push(&files, &frame, progress)?;
        }
    }
    Ok(())
}

/// Where the private key is present and may be read, it must be this log's: with another one the
/// log could not go on. A copy for others comes without it.
fn check_private_key(directory: &Path, verifier: &Verifier) -> Result<(), VerifyError> {
    let path = directory.join(KEY_FILE);
    let damage = match identity::private(&path) {
        None => return Ok(()),
        Some(Ok(found)) if found.to_string() == verifier.to_string() => return Ok(()),
        Some(Ok(_)) => Damage::OtherKey,
        Some(Err(_)) => Damage::NoKey,
    };
    Err(VerifyError::Part { path, damage })
}

/// The body must be the one whose digest the header has, or erased.
fn check_body(path: &Path, frame: &Frame<'_>, progress: &mut Progress) -> Result<(), VerifyError> {
    let sequence = frame.head.sequence;
    let header: WithBody = serde_json::from_slice(frame.header)
        .map_err(|_| fault(path, frame.offset, sequence, Fault::Header))?;
    match header.body {
        None if frame.body.is_empty() => {}
        Some(_) if is_erased(frame.body) => progress.erased += 1,
        Some(body) if seal::matches(frame.body, &body.ciphertext) => progress.bodies += 1,
        _ => return Err(fault(path, frame.offset, sequence, Fault::Body)),
    }
    Ok(())
}

/// Adds the entry to the tree and compares what the tree's files have for it.
fn push(files: &TreeFiles, frame: &Frame<'_>, progress: &mut Progress) -> Result<(), VerifyError> {
    let size = progress.checkpoint.size;
    let mut full = Vec::new();
    progress.tree.push(frame.head.leaf, |tile| full.push(tile));
    for tile in full {
        let covers = (tile.id.index + 1) << (8 * (u32::from(tile.id.level) + 1));
        if covers <= size {
            compare_tile(files, &tile)?;
        }
    }
    if progress.tree.size() == size {
        for level in 0..8u8 {
            let edge = progress.tree.edge(level);
            let start = (size >> (8 * u32::from(level))) - edge.len() as u64;
            compare_row(files, level, start, &edge.concat())?;
        }
    }
    progress.compare()
}

fn compare_tile(files: &TreeFiles, tile: &FullTile) -> Result<(), VerifyError> {
    compare_row(files, tile.id.level, tile.id.index * TILE_WIDTH, &tile.bytes)
}

fn compare_row(
    files: &TreeFiles,
    level: u8,
    start: u64,
    computed: &[u8],
) -> Result<(), VerifyError> {
    if computed.is_empty() {
        return Ok(());
    }
    let path: PathBuf = files.path(level);
    let found = files
        .hashes(level, start, computed.len() / HASH_BYTES)
        .map_err(|source| unreadable(&path, source))?;
    compare_hashes(&path, level, start, start * HASH_BYTES as u64, computed, &found.concat())
}

#[derive(Deserialize)]
struct WithBody {
    body: Option<Ciphertext>,
}

#[derive(Deserialize)]
struct Ciphertext {
    ciphertext: Digest,
}
