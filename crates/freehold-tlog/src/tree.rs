//! A tree that grows: only its right edge is kept, full tiles are handed out as they fill.

use crate::{
    HashSource, TILE_WIDTH, TileId,
    hash::{EMPTY_ROOT, Hash, fold, node_hash},
    tile::TILE_HEIGHT,
};

/// The right edge of a tree: per tile level the hashes that do not fill a tile yet. At most 255
/// hashes for each of 8 levels, however large the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    edge: Vec<Vec<Hash>>,
}

/// A tile that will never change again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTile {
    /// Where it belongs; its width is 256.
    pub id: TileId,
    /// Its hashes, one after the other.
    pub bytes: Vec<u8>,
}

impl Tree {
    /// A tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of `size` entries whose hashes are elsewhere. Nothing is checked here: compare
    /// [`Tree::root`] with a signed one.
    ///
    /// # Errors
    /// Whatever the source returns.
    pub fn resume<S: HashSource>(size: u64, source: &S) -> Result<Self, S::Error> {
        let mut edge = Vec::new();
        let mut level = 0;
        while let Some(hashes) = size.checked_shr(TILE_HEIGHT * level).filter(|hashes| *hashes > 0)
        {
            let count = hashes % TILE_WIDTH;
            edge.push(source.hashes(level as u8, hashes - count, count as usize)?);
            level += 1;
        }
        Ok(Self { size, edge })
    }

    /// Entries so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry's leaf hash; calls `full` for each tile that this fills.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(FullTile)) {
        let index = self.size / TILE_WIDTH;
        self.size += 1;
        let (mut hash, mut level, mut index) = (leaf, 0, index);
        loop {
            if self.edge.len() == level {
                self.edge.push(Vec::with_capacity(TILE_WIDTH as usize));
            }
            let row = &mut self.edge[level];
            row.push(hash);
            if row.len() < TILE_WIDTH as usize {
                return;
            }
            let id = TileId { level: level as u8, index, width: TILE_WIDTH as u16 };
            full(FullTile { id, bytes: row.concat() });
            let row = std::mem::replace(row, Vec::with_capacity(TILE_WIDTH as usize));
            hash = fold(row);
            level += 1;
            index /= TILE_WIDTH;
        }
    }

    /// The hashes of a level that do not fill a tile yet.
    pub fn edge(&self, level: u8) -> &[Hash] {
        self.edge.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// The root over all entries so far.
    pub fn root(&self) -> Hash {
        // The complete subtrees, largest first, are bagged from the right (RFC 6962, 2.1).
        let mut peaks = Vec::new();
        for row in self.edge.iter().rev() {
            let mut rest = row.as_slice();
            while !rest.is_empty() {
                let (peak, after) = rest.split_at(1 << rest.len().ilog2());
                peaks.push(fold(peak.to_vec()));
                rest = after;
            }
        }
        peaks.into_iter().rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT)
    }
}
