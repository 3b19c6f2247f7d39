//! Inclusion and consistency proofs: made from tiles as RFC 6962 defines them, checked by the
//! algorithms of RFC 9162 (2.1.3.2 and 2.1.4.2), which share no code with the making.

use crate::{
    TILE_WIDTH,
    hash::{EMPTY_ROOT, Hash, fold, node_hash},
    tile::TILE_HEIGHT,
};

/// Where proofs get hashes from.
pub trait HashSource {
    /// What can go wrong.
    type Error;

    /// `count` hashes of a tile level from `start` on; they never cross a tile's border.
    ///
    /// # Errors
    /// The source's own, for one if there are fewer hashes.
    fn hashes(&self, level: u8, start: u64, count: usize) -> Result<Vec<Hash>, Self::Error>;
}

/// The hashes that lead from entry `index` to the root of the first `size` entries, leaf's sibling
/// first. Empty for an index outside the tree.
///
/// # Errors
/// Whatever the source returns.
pub fn inclusion_proof<S: HashSource>(
    index: u64,
    size: u64,
    source: &S,
) -> Result<Vec<Hash>, S::Error> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while index < size && high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(range_root(middle, high, source)?);
            high = middle;
        } else {
            path.push(range_root(low, middle, source)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show that the first `old` entries of a tree of `new` entries are a tree of
/// their own. Empty where `old` is 0 or not below `new`.
///
/// # Errors
/// Whatever the source returns.
pub fn consistency_proof<S: HashSource>(
    old: u64,
    new: u64,
    source: &S,
) -> Result<Vec<Hash>, S::Error> {
    let (mut low, mut high) = (0, new);
    let mut path = Vec::new();
    if old == 0 || old >= new {
        return Ok(path);
    }
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(range_root(middle, high, source)?);
            high = middle;
        } else {
            path.push(range_root(low, middle, source)?);
            low = middle;
        }
    }
    if low > 0 {
        path.push(range_root(low, high, source)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the first `size` entries.
///
/// # Errors
/// Whatever the source returns.
pub fn tree_root<S: HashSource>(size: u64, source: &S) -> Result<Hash, S::Error> {
    if size == 0 { Ok(EMPTY_ROOT) } else { range_root(0, size, source) }
}

/// Checks that `leaf` is entry `index` of the tree of `size` entries with this root.
///
/// # Errors
/// [`ProofError`] if the proof does not show it.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let top = climb(leaf, index, size, proof, |_| ())?;
    if top == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// One step of the way from a leaf to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The hash beside, from the proof.
    pub sibling: Hash,
    /// Whether it stands on the left.
    pub left: bool,
    /// The hash of both, one level up.
    pub node: Hash,
}

/// Goes up from `leaf`, as entry `index` of a tree of `size` entries, along a proof, and tells each
/// step; returns where it arrives, which is the root if the proof holds.
///
/// # Errors
/// [`ProofError`] if the entry is outside the tree or the proof is not as long as it must be.
pub fn climb(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    mut each: impl FnMut(Step),
) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::Outside { index, size });
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        let left = node & 1 == 1 || node == last;
        if left {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        each(Step { sibling: *sibling, left, node: hash });
        node >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok(hash) } else { Err(ProofError::Length) }
}

/// Checks that the tree of `old` entries with root `old_root` is the beginning of the tree of `new`
/// entries with root `new_root`.
///
/// # Errors
/// [`ProofError`] if the proof does not show it.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Outside { index: old, size: new });
    }
    if old == new || old == 0 {
        let same = if old == 0 { *old_root == EMPTY_ROOT } else { old_root == new_root };
        return match (proof.is_empty(), same) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    // Where the old tree is complete its root is the first hash, and the proof leaves it out.
    let (seed, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::Length)?
    };
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (*seed, *seed);
    for hash in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(hash, &from_old);
            from_new = node_hash(hash, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// Why a proof shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It speaks of something that the tree does not have.
    #[error("{index} is outside a tree of {size} entries")]
    Outside {
        /// An entry, or an older size.
        index: u64,
        /// Of the tree.
        size: u64,
    },
    /// It has more or fewer hashes than such a proof must have.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// It leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The root over entries `low..high`, where `low` is a multiple of the largest power of two that
/// is not above `high - low`; every range that the recursions above ask for is.
fn range_root<S: HashSource>(low: u64, high: u64, source: &S) -> Result<Hash, S::Error> {
    let mut peaks = Vec::new();
    let mut start = low;
    while start < high {
        let width = 1 << (high - start).ilog2();
        peaks.push(subtree_root(start, width, source)?);
        start += width;
    }
    Ok(peaks.into_iter().rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT))
}

/// The root over `width` entries from `start` on, a power of two and a multiple of it.
fn subtree_root<S: HashSource>(start: u64, width: u64, source: &S) -> Result<Hash, S::Error> {
    let height = width.ilog2();
    let level = height / TILE_HEIGHT;
    let count = 1 << (height % TILE_HEIGHT);
    debug_assert!(count < TILE_WIDTH);
    let row = source.hashes(level as u8, start >> (TILE_HEIGHT * level), count as usize)?;
    Ok(fold(row))
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}
