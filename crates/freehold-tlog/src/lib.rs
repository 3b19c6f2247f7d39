//! The transparency log's mathematics: Merkle tree, tiles, proofs, checkpoints, signed notes (C2SP).
//!
//! Bytes and values in, values out. The hash tree is RFC 6962's; the files are C2SP's
//! [tlog-tiles](https://c2sp.org/tlog-tiles), [tlog-checkpoint](https://c2sp.org/tlog-checkpoint),
//! [signed-note](https://c2sp.org/signed-note) and [tlog-proof](https://c2sp.org/tlog-proof), so
//! that verifiers written by others read what we write.

mod bundle;
mod checkpoint;
mod hash;
mod note;
mod proof;
mod proof_text;
mod tile;
mod tree;

pub use bundle::{BundleError, MAX_ENTRY_BYTES, entries, push_entry};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use hash::{EMPTY_ROOT, HASH_BYTES, Hash, leaf_hash, node_hash};
pub use note::{KeyError, NoteError, Signer, Verifier, open_note};
pub use proof::{
    HashSource, ProofError, Step, climb, consistency_proof, inclusion_proof, tree_root,
    verify_consistency, verify_inclusion,
};
pub use proof_text::{ProofTextError, RecordProof};
pub use tile::{TILE_HEIGHT, TILE_WIDTH, TileId, TilePathError, index_path, tiles_of};
pub use tree::{FullTile, Tree};

#[cfg(test)]
mod tests;
