//! Tiles: 256 neighbouring hashes of every eighth level, and the paths they lie at.

use std::{fmt, str::FromStr};

/// Levels of the tree that a tile spans (C2SP tlog-tiles fixes it).
pub const TILE_HEIGHT: u32 = 8;

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;

/// Names a tile of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    /// 0 holds leaf hashes; each hash of level L + 1 is the root of a full tile of level L.
    pub level: u8,
    /// Its place in its level.
    pub index: u64,
    /// Hashes in it, 1 to 256; below 256 it is partial and at its level's right edge.
    pub width: u16,
}

impl TileId {
    /// The path of the bundle that holds the entries under a tile of level 0.
    pub fn entries_path(&self) -> String {
        format!("tile/entries/{}{}", index_path(self.index), self.suffix())
    }

    fn suffix(&self) -> String {
        if u64::from(self.width) == TILE_WIDTH {
            String::new()
        } else {
            format!(".p/{}", self.width)
        }
    }
}

/// `tile/<L>/<N>[.p/<W>]`.
impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}{}", self.level, index_path(self.index), self.suffix())
    }
}

/// The text is not the path of a tile of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a tile path: expected `tile/LEVEL/INDEX` or `tile/LEVEL/INDEX.p/WIDTH`")]
pub struct TilePathError;

impl FromStr for TileId {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("tile/").ok_or(TilePathError)?;
        let (level, rest) = rest.split_once('/').ok_or(TilePathError)?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().map_err(|_| TilePathError)?),
            None => (rest, TILE_WIDTH as u16),
        };
        let index = parse_index(index).ok_or(TilePathError)?;
        let tile = Self { level: level.parse().map_err(|_| TilePathError)?, index, width };
        // One text per tile: whatever has signs, leading zeros or a wrong range prints otherwise.
        let canonical =
            tile.level < 64 && (1..=TILE_WIDTH as u16).contains(&width) && tile.to_string() == text;
        if canonical { Ok(tile) } else { Err(TilePathError) }
    }
}

/// An index in groups of three digits, all but the last marked with `x`: 1234067 is
/// `x001/x234/067`.
pub fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// All tiles of a tree of the given size, level by level, partial ones where the level ends.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TileId> {
    (0..8u8).flat_map(move |level| {
        let hashes = size >> (TILE_HEIGHT * u32::from(level));
        let full = (0..hashes / TILE_WIDTH).map(move |index| TileId {
            level,
            index,
            width: TILE_WIDTH as u16,
        });
        let width = (hashes % TILE_WIDTH) as u16;
        let partial = TileId { level, index: hashes / TILE_WIDTH, width };
        full.chain((width > 0).then_some(partial))
    })
}

fn parse_index(text: &str) -> Option<u64> {
    if text.len() > LONGEST_INDEX {
        return None;
    }
    text.split('/').try_fold(0u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        index.checked_mul(1000)?.checked_add(digits.parse().ok()?)
    })
}

/// Seven groups, six of them with `x` and a slash, hold any 64-bit index.
const LONGEST_INDEX: usize = 6 * 5 + 3;
