//! The transparency log's mathematics: Merkle tree, tiles, proofs, checkpoints, signed notes (C2SP).
