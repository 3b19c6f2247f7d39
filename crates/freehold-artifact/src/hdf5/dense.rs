//! Links and attributes of large groups as the second format keeps them: a fractal heap with the
//! messages, and a B-tree of version 2 with the places in it.

use std::io::{Read, Seek};

use super::{
    cut::Cut,
    file::{Fail, File},
};

/// The messages that a heap at `heap` holds, by the index at `index`; `wide` says that they are
/// attributes, else links. The flag says that a message is kept elsewhere and was left out.
pub(super) fn messages<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    heap: u64,
    index: u64,
    wide: bool,
) -> Result<(Vec<Vec<u8>>, bool), Fail> {
    let heap = Heap::open(file, heap)?;
    let mut messages = Vec::new();
    let mut elsewhere = false;
    for record in records(file, index)? {
        // Links: hash or order, then the place. Attributes: the place, then flags.
        let id = match (record.kind, wide) {
            (5, false) => record.bytes.get(4..),
            (6, false) => record.bytes.get(8..),
            (8 | 9, true) => record.bytes.get(..8),
            _ => None,
        };
        let id = id.ok_or(Fail::Broken(index, "an index of another kind"))?;
        if wide && record.bytes.get(8).is_some_and(|flags| flags & 2 != 0) {
            elsewhere = true;
            continue;
        }
        messages.push(heap.object(file, id)?);
    }
    Ok((messages, elsewhere))
}

struct Record {
    kind: u8,
    bytes: Vec<u8>,
}

struct Tree {
    kind: u8,
    node: u64,
    record: usize,
    /// Width of a count of records in a child.
    count_width: usize,
    /// Width of the count below a child, for nodes of each height.
    below_width: Vec<usize>,
}

/// All records of a B-tree of version 2.
fn records<F: Read + Seek + ?Sized>(file: &mut File<'_, F>, at: u64) -> Result<Vec<Record>, Fail> {
    let broken = |at| Fail::Broken(at, "no valid index");
    let (address, size) = (file.address, file.size);
    let bytes = file.bytes(at, (18 + address + size) as u64)?;
    let mut cut = Cut::new(&bytes);
    let head = |cut: &mut Cut<'_>| {
        cut.sign(b"BTHD\0")?;
        let kind = cut.byte()?;
        let (node, record) = (cut.number(4)?, cut.number(2)? as usize);
        let depth = cut.number(2)? as usize;
        cut.take(2)?;
        Some((kind, node, record, depth, cut.number(address)?, cut.number(2)?))
    };
    let (kind, node, record, depth, root, count) = head(&mut cut).ok_or(broken(at))?;
    if record == 0 || depth > DEEPEST || node > MOST_NODE || file.nowhere(root) {
        return if count == 0 { Ok(Vec::new()) } else { Err(broken(at)) };
    }
    let tree = Tree::new(kind, node, record, depth, address).ok_or(broken(at))?;
    let mut records = Vec::new();
    let mut waiting = vec![(root, count, depth)];
    while let Some((at, count, height)) = waiting.pop() {
        let bytes = file.bytes(at, tree.node)?;
        let mut cut = Cut::new(&bytes);
        let sign: &[u8] = if height == 0 { b"BTLF\0" } else { b"BTIN\0" };
        cut.sign(sign).filter(|()| cut.byte() == Some(tree.kind)).ok_or(broken(at))?;
        for _ in 0..count {
            let bytes = cut.take(tree.record).ok_or(broken(at))?.to_vec();
            records.push(Record { kind: tree.kind, bytes });
        }
        if height > 0 {
            for _ in 0..=count {
                let child = cut.number(address).zip(cut.number(tree.count_width));
                let (child, count) = child.ok_or(broken(at))?;
                cut.take(tree.below_width[height - 1]).ok_or(broken(at))?;
                waiting.push((child, count, height - 1));
            }
        }
        if records.len() > MOST_RECORDS || waiting.len() > MOST_RECORDS {
            return Err(Fail::Broken(at, "an index of more than is read"));
        }
    }
    Ok(records)
}

impl Tree {
    /// The widths follow from how much fits into a node (HDF5 File Format Specification, III.A.2).
    fn new(kind: u8, node: u64, record: usize, depth: usize, address: usize) -> Option<Self> {
        let leaf = node.checked_sub(10)? / record as u64;
        let count_width = width_of(leaf);
        let (mut below_width, mut below) = (vec![0], leaf);
        for _ in 0..depth {
            let last = below_width.last().copied()?;
            let pointer = (address + count_width + last) as u64;
            let most = node.checked_sub(10 + pointer)? / (record as u64 + pointer);
            below = (most + 1).checked_mul(below)?.checked_add(most)?;
            below_width.push(width_of(below));
        }
        Some(Self { kind, node, record, count_width, below_width })
    }
}

struct Heap {
    id_length: usize,
    filtered: bool,
    offset_width: usize,
    length_width: usize,
    width: u64,
    start: u64,
    most_direct: u64,
    root: u64,
    rows: u64,
    huge: u64,
}

impl Heap {
    fn open<F: Read + Seek + ?Sized>(file: &mut File<'_, F>, at: u64) -> Result<Self, Fail> {
        let (address, size) = (file.address, file.size);
        let bytes = file.bytes(at, (22 + 12 * size + 3 * address) as u64)?;
        let mut cut = Cut::new(&bytes);
        let heap = Self::read(&mut cut, address, size);
        heap.ok_or(Fail::Broken(at, "no heap of messages"))
    }

    fn read(cut: &mut Cut<'_>, address: usize, size: usize) -> Option<Self> {
        cut.sign(b"FRHP\0")?;
        let id_length = cut.number(2)? as usize;
        let filtered = cut.number(2)? != 0;
        cut.byte()?;
        let most_managed = cut.number(4)?;
        cut.take(size)?;
        let huge = cut.number(address)?;
        cut.take(size + address + size * 8)?;
        let width = cut.number(2)?;
        let (start, most_direct) = (cut.number(size)?, cut.number(size)?);
        let bits = cut.number(2)?;
        cut.take(2)?;
        let (root, rows) = (cut.number(address)?, cut.number(2)?);
        let sound = start.is_power_of_two()
            && most_direct.is_power_of_two()
            && (1..=1024).contains(&width)
            && (1..=64).contains(&bits)
            && rows < 256;
        let direct = (u64::from(most_direct.checked_ilog2()?) + 7) / 8;
        sound.then_some(Self {
            id_length,
            filtered,
            offset_width: bits.div_ceil(8) as usize,
            length_width: (direct as usize).min(width_of(most_managed)),
            width,
            start,
            most_direct,
            root,
            rows,
            huge,
        })
    }

    /// The object of this identifier.
    fn object<F: Read + Seek + ?Sized>(
        &self,
        file: &mut File<'_, F>,
        id: &[u8],
    ) -> Result<Vec<u8>, Fail> {
        let broken = Fail::Broken(self.root, "an object of a heap that is not known");
        let mut cut = Cut::new(id.get(..self.id_length).unwrap_or(id));
        let kind = cut.byte().unwrap_or(0xff);
        match kind >> 4 {
            0 => {
                let place = cut.number(self.offset_width).zip(cut.number(self.length_width));
                let (offset, length) = place.ok_or(broken)?;
                let at = self.place(file, offset)?;
                file.bytes(at, length)
            }
            1 => {
                let key = cut.rest();
                for record in records(file, self.huge)? {
                    let mut cut = Cut::new(&record.bytes);
                    let place = cut.number(file.address).zip(cut.number(file.size));
                    let own = cut.rest();
                    let same = own.len() >= key.len() && own[..key.len()] == *key;
                    if let Some((at, length)) = place.filter(|_| record.kind == 1 && same) {
                        return file.bytes(at, length.min(MOST_OBJECT));
                    }
                }
                Err(broken)
            }
            2 => {
                let length = usize::from(kind & 15) + 1;
                cut.take(length).map(<[u8]>::to_vec).ok_or(broken)
            }
            _ => Err(broken),
        }
    }

    /// Where in the file the heap's `offset` lies: blocks double in size row by row.
    fn place<F: Read + Seek + ?Sized>(
        &self,
        file: &mut File<'_, F>,
        offset: u64,
    ) -> Result<u64, Fail> {
        if self.filtered {
            return Err(Fail::Broken(self.root, "a heap that is packed"));
        }
        let (mut at, mut rows, mut offset) = (self.root, self.rows, offset);
        for _ in 0..DEEPEST {
            if rows == 0 {
                return at.checked_add(offset).ok_or(Fail::Broken(at, "a place outside"));
            }
            let (row, before) =
                self.row(offset, rows).ok_or(Fail::Broken(at, "a place outside"))?;
            let size = self.row_size(row);
            let column = (offset - before) / size;
            let head = (5 + file.address + self.offset_width) as u64;
            let entry = at + head + (row * self.width + column) * file.address as u64;
            if file.bytes(at, 5)? != *b"FHIB\0" {
                return Err(Fail::Broken(at, "no block of a heap"));
            }
            let bytes = file.bytes(entry, file.address as u64)?;
            let child = Cut::new(&bytes).number(file.address).unwrap_or(u64::MAX);
            offset = offset - before - column * size;
            rows = match size <= self.most_direct {
                true => 0,
                false => u64::from(size.ilog2() + 1)
                    .saturating_sub(u64::from((self.start * self.width).ilog2())),
            };
            at = child;
        }
        Err(Fail::Broken(at, "a heap deeper than is read"))
    }

    fn row(&self, offset: u64, rows: u64) -> Option<(u64, u64)> {
        let mut before = 0u64;
        for row in 0..rows {
            let next = before.checked_add(self.row_size(row).checked_mul(self.width)?)?;
            if offset < next {
                return Some((row, before));
            }
            before = next;
        }
        None
    }

    fn row_size(&self, row: u64) -> u64 {
        let doublings = row.saturating_sub(1).min(63) as u32;
        self.start.checked_shl(doublings).filter(|size| *size >= self.start).unwrap_or(1 << 62)
    }
}

/// Bytes that hold numbers up to `most`.
fn width_of(most: u64) -> usize {
    most.checked_ilog2().map_or(1, |log| log as usize / 8 + 1)
}

const DEEPEST: usize = 32;
const MOST_NODE: u64 = 1 << 20;
const MOST_RECORDS: usize = 1 << 20;
const MOST_OBJECT: u64 = 64 << 20;
