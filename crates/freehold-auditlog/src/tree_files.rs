//! The tree's hashes on disk: one flat file per tile level, so that tile N of level L is the 8,192
//! bytes at 8,192 · N of `tree/L`. They can be computed again from the segments at any time.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use freehold_tlog::{FullTile, HASH_BYTES, Hash, HashSource, TILE_WIDTH, Tree};

use crate::disk::{Disk, DiskFile};

/// Writes the hashes of a growing tree.
pub(crate) struct TreeWriter {
    directory: PathBuf,
    files: Vec<Arc<dyn DiskFile>>,
    full: Vec<FullTile>,
}

impl TreeWriter {
    /// A writer into the `tree` folder of a log.
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.join(FOLDER), files: Vec::new(), full: Vec::new() }
    }

    /// Adds an entry to the tree; full tiles wait for [`TreeWriter::write`].
    pub(crate) fn push(&mut self, tree: &mut Tree, leaf: Hash) {
        tree.push(leaf, |tile| self.full.push(tile));
    }

    /// How many full tiles wait.
    pub(crate) fn waiting(&self) -> usize {
        self.full.len()
    }

    /// Makes the hashes of the tree durable: what became full since the last time and the edge.
    pub(crate) fn write(&mut self, disk: &dyn Disk, tree: &Tree) -> io::Result<()> {
        let mut changed = 0;
        for tile in std::mem::take(&mut self.full) {
            let level = usize::from(tile.id.level);
            self.file(disk, level)?.write_at(&tile.bytes, offset(tile.id.index * TILE_WIDTH))?;
            // A full tile adds a hash to the edge above it.
            changed = changed.max(level + 2);
        }
        for level in 0..8u8 {
            let edge = tree.edge(level);
            if edge.is_empty() {
                continue;
            }
            let hashes = tree.size() >> (8 * u32::from(level));
            let start = hashes - edge.len() as u64;
            self.file(disk, usize::from(level))?.write_at(&edge.concat(), offset(start))?;
        }
        self.files.iter().take(changed.max(1)).try_for_each(|file| file.sync())
    }

    fn file(&mut self, disk: &dyn Disk, level: usize) -> io::Result<&Arc<dyn DiskFile>> {
        while self.files.len() <= level {
            if self.files.is_empty() {
                disk.create_directory(&self.directory)?;
            }
            let path = self.directory.join(self.files.len().to_string());
            self.files.push(disk.open(&path)?);
            disk.sync_directory(&self.directory)?;
        }
        Ok(&self.files[level])
    }
}

/// Reads the hashes of a tree.
pub(crate) struct TreeFiles {
    directory: PathBuf,
}

impl TreeFiles {
    /// A reader of the `tree` folder of a log.
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.join(FOLDER) }
    }

    /// Where the hashes of a level lie.
    pub(crate) fn path(&self, level: u8) -> PathBuf {
        self.directory.join(level.to_string())
    }
}

impl HashSource for TreeFiles {
    type Error = io::Error;

    fn hashes(&self, level: u8, start: u64, count: usize) -> io::Result<Vec<Hash>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; count * HASH_BYTES];
        File::open(self.path(level))?.read_exact_at(&mut bytes, offset(start))?;
        let (hashes, _) = bytes.as_chunks::<HASH_BYTES>();
        Ok(hashes.to_vec())
    }
}

fn offset(hash: u64) -> u64 {
    hash * HASH_BYTES as u64
}

pub(crate) const FOLDER: &str = "tree";
