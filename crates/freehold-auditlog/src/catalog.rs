//! Where each entry lies: per finished segment a small table on disk, for the one in use a list in
//! memory, so that memory stays flat however long the log.
//!
//! A table can be computed again from its segment. It holds the offset of each entry and the
//! entries' record ids in order; a record's entries are found by bisection in the few segments
//! whose range of ids, which grow with time, includes it.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use freehold_types::RecordId;

use crate::{
    ReadError,
    disk::{Disk, replace},
    segment::{Frames, SegmentError},
};

/// All segments of a log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalog {
    sealed: Vec<Table>,
    /// The segment in use.
    active: Option<Active>,
}

/// A segment's first entry, its file, and record and offset of each entry.
pub(crate) type Active = (u64, PathBuf, Vec<Located>);

/// Record and offset of one entry.
pub(crate) type Located = ([u8; 16], u32);

/// What is kept in memory of a finished segment.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    first: u64,
    count: u32,
    least: [u8; 16],
    greatest: [u8; 16],
    segment: PathBuf,
    /// All of the table, until it is on disk.
    unwritten: Option<Arc<Vec<Located>>>,
}

/// Where an entry lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    /// Its place in the log.
    pub sequence: u64,
    /// The file.
    pub path: PathBuf,
    /// Where its frame begins.
    pub offset: u64,
}

impl Catalog {
    /// Begins a segment; the one in use becomes a finished one, whose table `disk` must get.
    pub(crate) fn begin(
        &mut self,
        first: u64,
        path: PathBuf,
    ) -> Option<(u64, PathBuf, Arc<Vec<Located>>)> {
        for table in self.sealed.iter_mut().rev().take_while(|table| table.unwritten.is_some()) {
            if path_of(&table.segment).exists() {
                table.unwritten = None;
            }
        }
        let sealed = self.seal();
        self.active = Some((first, path, Vec::new()));
        sealed
    }

    /// The segment in use becomes a finished one.
    fn seal(&mut self) -> Option<(u64, PathBuf, Arc<Vec<Located>>)> {
        let (first, segment, entries) = self.active.take()?;
        let mut table = summary(first, segment.clone(), &entries);
        let entries = Arc::new(entries);
        table.unwritten = Some(Arc::clone(&entries));
        self.sealed.push(table);
        Some((first, segment, entries))
    }

    /// Adds a finished segment that has a table.
    pub(crate) fn add(&mut self, table: Table) {
        drop(self.seal());
        self.sealed.push(table);
    }

    /// Notes an entry of the segment in use.
    pub(crate) fn push(&mut self, id: [u8; 16], offset: u64) {
        if let Some((_, _, entries)) = &mut self.active {
            entries.push((id, offset as u32));
        }
    }

    /// Entries in all segments.
    pub(crate) fn size(&self) -> u64 {
        match (&self.active, self.sealed.last()) {
            (Some((first, _, entries)), _) => first + entries.len() as u64,
            (None, Some(table)) => table.first + u64::from(table.count),
            (None, None) => 0,
        }
    }

    /// Where an entry lies.
    pub(crate) fn locate(&self, sequence: u64) -> Result<Option<Location>, ReadError> {
        if let Some((first, path, entries)) = &self.active
            && sequence >= *first
        {
            return Ok(entries.get((sequence - first) as usize).map(|(_, offset)| Location {
                sequence,
                path: path.clone(),
                offset: u64::from(*offset),
            }));
        }
        let place = self.sealed.partition_point(|table| table.first <= sequence);
        match place.checked_sub(1).map(|place| &self.sealed[place]) {
            Some(table) if sequence < table.first + u64::from(table.count) => {
                table.location((sequence - table.first) as u32).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Where the entries of a record lie, in the log's order.
    pub(crate) fn find(&self, id: RecordId) -> Result<Vec<Location>, ReadError> {
        let id = id.to_bytes();
        let mut found = Vec::new();
        for table in self.sealed.iter().filter(|table| table.least <= id && id <= table.greatest) {
            table.find(&id, &mut found)?;
        }
        if let Some((first, path, entries)) = &self.active {
            let own = entries.iter().enumerate().filter(|(_, (other, _))| *other == id);
            found.extend(own.map(|(place, (_, offset))| Location {
                sequence: first + place as u64,
                path: path.clone(),
                offset: u64::from(*offset),
            }));
        }
        Ok(found)
    }
}

impl Table {
    /// Reads the table of a segment; `None` if there is none that fits.
    pub(crate) fn load(segment: &Path, first: u64) -> Option<Self> {
        let bytes = fs::read(path_of(segment)).ok()?;
        let body = bytes.strip_prefix(MAGIC)?;
        let (crc, body) = body.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*body.get(8..)?.first_chunk()?);
        let sound = crc32fast::hash(body) == u32::from_le_bytes(*crc)
            && u64::from_le_bytes(*body.first_chunk()?) == first
            && bytes.len() as u64 == HEAD_BYTES + u64::from(count) * (4 + ENTRY_BYTES);
        if !sound {
            return None;
        }
        let ids = body.get(12 + 4 * count as usize..)?;
        Some(Self {
            first,
            count,
            least: ids.first_chunk().copied().unwrap_or([0; 16]),
            greatest: ids
                .len()
                .checked_sub(ENTRY_BYTES as usize)
                .and_then(|last| ids[last..].first_chunk().copied())
                .unwrap_or([0; 16]),
            segment: segment.to_owned(),
            unwritten: None,
        })
    }

    fn location(&self, place: u32) -> Result<Location, ReadError> {
        let offset = match self.unwritten.as_ref().and_then(|all| all.get(place as usize)) {
            Some((_, offset)) => *offset,
            None => u32::from_le_bytes(self.read(HEAD_BYTES + 4 * u64::from(place))?),
        };
        Ok(Location {
            sequence: self.first + u64::from(place),
            path: self.segment.clone(),
            offset: u64::from(offset),
        })
    }

    fn find(&self, id: &[u8; 16], found: &mut Vec<Location>) -> Result<(), ReadError> {
        if let Some(all) = &self.unwritten {
            for (place, _) in all.iter().enumerate().filter(|(_, (other, _))| other == id) {
                found.push(self.location(place as u32)?);
            }
            return Ok(());
        }
        let entry = |place: u32| -> Result<[u8; 20], ReadError> {
            self.read(HEAD_BYTES + 4 * u64::from(self.count) + ENTRY_BYTES * u64::from(place))
        };
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if entry(middle)?[..16] < id[..] {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        while low < self.count {
            let bytes = entry(low)?;
            if bytes[..16] != id[..] {
                break;
            }
            let place = u32::from_le_bytes([bytes[16], bytes[17], bytes[18], bytes[19]]);
            found.push(self.location(place)?);
            low += 1;
        }
        Ok(())
    }

    fn read<const N: usize>(&self, offset: u64) -> Result<[u8; N], ReadError> {
        let path = path_of(&self.segment);
        let mut bytes = [0; N];
        File::open(&path)
            .and_then(|file| file.read_exact_at(&mut bytes, offset))
            .map_err(|source| ReadError::Io { path, source })?;
        Ok(bytes)
    }
}

/// Writes the table of a finished segment.
pub(crate) fn write_table(
    disk: &dyn Disk,
    segment: &Path,
    first: u64,
    entries: &[Located],
) -> io::Result<()> {
    let mut ids: Vec<([u8; 16], u32)> =
        entries.iter().enumerate().map(|(place, (id, _))| (*id, place as u32)).collect();
    ids.sort_unstable();
    let mut body = Vec::with_capacity(12 + entries.len() * (4 + ENTRY_BYTES as usize));
    body.extend_from_slice(&first.to_le_bytes());
    body.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    for (_, offset) in entries {
        body.extend_from_slice(&offset.to_le_bytes());
    }
    for (id, place) in &ids {
        body.extend_from_slice(id);
        body.extend_from_slice(&place.to_le_bytes());
    }
    let crc = crc32fast::hash(&body);
    let bytes = [MAGIC.as_slice(), &crc.to_le_bytes(), &body].concat();
    replace(disk, &path_of(segment), &bytes)
}

/// Reads a segment through: record and offset of each entry.
pub(crate) fn scan(
    segment: &Path,
    first: u64,
    log: &[u8; 32],
) -> Result<(Table, Vec<Located>), SegmentError> {
    let mut frames = Frames::open(segment, first, log, u64::MAX)?;
    let mut entries = Vec::new();
    while let Some(frame) = frames.next()? {
        entries.push((id_of(frame.header), frame.offset as u32));
    }
    Ok((summary(first, segment.to_owned(), &entries), entries))
}

/// The record id in a header; zeros where there is none.
pub(crate) fn id_of(header: &[u8]) -> [u8; 16] {
    #[derive(serde::Deserialize)]
    struct Id {
        id: RecordId,
    }
    serde_json::from_slice(header).map_or([0; 16], |header: Id| header.id.to_bytes())
}

fn summary(first: u64, segment: PathBuf, entries: &[Located]) -> Table {
    let ids = || entries.iter().map(|(id, _)| *id);
    Table {
        first,
        count: entries.len() as u32,
        least: ids().min().unwrap_or([0; 16]),
        greatest: ids().max().unwrap_or([0; 16]),
        segment,
        unwritten: None,
    }
}

fn path_of(segment: &Path) -> PathBuf {
    segment.with_extension("index")
}

const MAGIC: &[u8; 24] = b"freehold audit indexes 1";
/// Magic, checksum, first entry, count.
const HEAD_BYTES: u64 = 24 + 4 + 8 + 4;
/// Record id and place of one entry.
const ENTRY_BYTES: u64 = 20;
