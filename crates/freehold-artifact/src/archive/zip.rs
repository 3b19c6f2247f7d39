//! The directory of a zip archive, held against the entries themselves.
//!
//! Readers differ: some go by the directory at the end, some by the headers before each entry, some
//! refuse a wrong checksum, some do not. So everything on which they could differ is a finding
//! (layout: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5).

use std::{
    collections::HashSet,
    io::{self, Read, Seek, SeekFrom},
};

use crate::{
    finding::{Finding, shown},
    rules,
};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name by the directory.
    pub name: String,
    /// How it is packed: 0 not, 8 deflate, 12 bzip2, 14 LZMA, 95 xz.
    pub method: u16,
    /// Whether one of its two headers says that it is encrypted.
    pub encrypted: bool,
    /// Whether it is unpacked as a link; its content is where that leads.
    pub link: bool,
    /// CRC-32 of its content.
    pub checksum: u32,
    /// Where its packed bytes begin.
    pub start: u64,
    /// How many there are.
    pub packed: u64,
    /// Bytes of its content.
    pub size: u64,
}

/// An archive's entries, and what is wrong with them.
#[derive(Debug)]
pub struct Archive {
    /// In the directory's order.
    pub entries: Vec<Entry>,
    /// In the order found.
    pub findings: Vec<Finding>,
    /// Bytes before the first entry that belong to none.
    pub before: u64,
}

/// Why there is no directory to read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The file could not be read.
    #[error("cannot read the archive")]
    Read(#[from] io::Error),
    /// No record that ends a zip archive stands where one must.
    #[error("no end of a zip directory")]
    None,
    /// The directory does not lie where the record says, or is cut.
    #[error("at byte {offset}: the directory is not valid")]
    Directory {
        /// Where it fails.
        offset: u64,
    },
}

struct Place {
    /// What to add to the archive's offsets.
    base: u64,
    directory: u64,
    size: u64,
    count: u64,
    /// Where a pickle stands after the archive's end, or in its comment.
    after: Option<u64>,
}

/// Reads the directory of the archive of `length` bytes, and the header of each entry.
///
/// # Errors
/// [`ZipError`]: not an archive, or not a whole one.
pub fn read(file: &mut (impl Read + Seek + ?Sized), length: u64) -> Result<Archive, ZipError> {
    let place = place(file, length)?;
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(place.directory))?;
    file.take(place.size).read_to_end(&mut bytes)?;
    let mut archive = Archive { entries: Vec::new(), findings: Vec::new(), before: 0 };
    let mut names = HashSet::new();
    let mut spans = Vec::new();
    let mut at = 0;
    while at + 4 <= bytes.len() && bytes[at..at + 4] == *b"PK\x01\x02" {
        let offset = place.directory + at as u64;
        let broken = ZipError::Directory { offset };
        let (raw, used) = central(&bytes[at..]).ok_or(broken)?;
        at += used;
        let name = shown(&raw.name, 300);
        if !names.insert(raw.name.clone()) {
            archive.findings.push(Finding::new(
                &rules::ZIP_DUPLICATE,
                offset,
                format!("`{name}` stands twice"),
            ));
        }
        let header = place.base.saturating_add(raw.header);
        let entry = local(file, length, header, raw, name, &mut archive.findings)?;
        if let Some(entry) = entry {
            spans.push((header, entry.start + entry.packed));
            archive.entries.push(entry);
        }
        if archive.entries.len() > MOST_ENTRIES {
            return Err(ZipError::Directory { offset });
        }
    }
    if archive.entries.len() as u64 != place.count {
        let what =
            format!("{} entries are announced, {} are there", place.count, archive.entries.len());
        archive.findings.push(Finding::new(&rules::ZIP_MISMATCH, place.directory, what));
    }
    if let Some(after) = place.after {
        let what = "a pickle stands after the archive's end";
        archive.findings.push(Finding::new(&rules::POLYGLOT, after, what));
    }
    spans.sort_unstable();
    archive.before = spans.first().map_or(place.directory, |first| first.0);
    let mut end = archive.before;
    for (start, stop) in spans.into_iter().chain([(place.directory, place.directory)]) {
        if start < end {
            let what = "two entries share bytes";
            archive.findings.push(Finding::new(&rules::ZIP_OVERLAP, start, what));
        } else if start - end > DESCRIPTOR && hidden(file, end, start)? {
            let what = "an entry that the directory does not name";
            archive.findings.push(Finding::new(&rules::ZIP_HIDDEN, end, what));
        }
        end = end.max(stop);
    }
    archive.findings.truncate(MOST_FINDINGS);
    Ok(archive)
}

/// The entries of an archive whose directory cannot be read, by the headers before each, as far as
/// each header says where the next one stands.
///
/// # Errors
/// The file cannot be read.
pub fn salvage(file: &mut (impl Read + Seek + ?Sized), length: u64) -> io::Result<Vec<Entry>> {
    let (mut entries, mut at) = (Vec::new(), 0_u64);
    while entries.len() < MOST_SALVAGED && at + 30 <= length {
        let mut head = [0; 30];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        if !head.starts_with(b"PK\x03\x04") {
            break;
        }
        let [name, extra] = [26, 28].map(|at| u64::from(u16_at(&head, at)));
        let mut own = Vec::new();
        file.take(name).read_to_end(&mut own)?;
        let start = (at + 30 + name + extra).min(length);
        // Where the sizes follow the content, all that is left may belong to it.
        let described = u16_at(&head, 6) & 8 != 0;
        let stated = u64::from(u32_at(&head, 18));
        let packed = if described && stated == 0 { length - start } else { stated };
        let packed = packed.min(length - start);
        entries.push(Entry {
            name: shown(&own, 300),
            method: u16_at(&head, 8),
            encrypted: u16_at(&head, 6) & 1 != 0,
            link: false,
            checksum: u32_at(&head, 14),
            start,
            packed,
            size: u64::from(u32_at(&head, 22)),
        });
        at = start + packed;
    }
    Ok(entries)
}

/// Where the directory lies, by the record at the end (and its 64-bit form).
fn place(file: &mut (impl Read + Seek + ?Sized), length: u64) -> Result<Place, ZipError> {
    let tail = length.min(LONGEST_TAIL);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length - tail))?;
    file.take(tail).read_to_end(&mut bytes)?;
    let found = bytes.windows(22).rposition(|window| window.starts_with(b"PK\x05\x06"));
    let found = found.ok_or(ZipError::None)?;
    let record = &bytes[found..];
    let end = length - tail + found as u64;
    let after = crate::pickle::like_a_pickle(record.get(22..).unwrap_or_default(), true)
        .then_some(end.saturating_add(22));
    let mut count = u64::from(u16_at(record, 10));
    let mut size = u64::from(u32_at(record, 12));
    let mut offset = u64::from(u32_at(record, 16));
    let mut directory_end = end;
    let locator = found.checked_sub(20).map(|at| &bytes[at..found]);
    if let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) {
        let stated = u64_at(locator, 8);
        // Where bytes were put before the archive, it lies right before the locator.
        for at in [stated, end.saturating_sub(20 + 56)] {
            let mut record = [0; 56];
            file.seek(SeekFrom::Start(at.min(length)))?;
            if file.read_exact(&mut record).is_ok() && record.starts_with(b"PK\x06\x06") {
                (count, size, offset) =
                    (u64_at(&record, 32), u64_at(&record, 40), u64_at(&record, 48));
                directory_end = at;
                break;
            }
        }
    }
    let directory = directory_end.checked_sub(size);
    let directory = directory.ok_or(ZipError::Directory { offset: end })?;
    let base = directory.checked_sub(offset).ok_or(ZipError::Directory { offset: end })?;
    Ok(Place { base, directory, size, count, after })
}

struct Raw {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    link: bool,
    checksum: u32,
    packed: u64,
    size: u64,
    header: u64,
}

/// One entry of the directory, and the bytes it takes.
fn central(bytes: &[u8]) -> Option<(Raw, usize)> {
    let head = bytes.get(..46)?;
    let lengths = [28, 30, 32].map(|at| usize::from(u16_at(head, at)));
    let name = bytes.get(46..46 + lengths[0])?;
    let extra = bytes.get(46 + lengths[0]..46 + lengths[0] + lengths[1])?;
    let mut raw = Raw {
        name: name.to_vec(),
        flags: u16_at(head, 8),
        method: u16_at(head, 10),
        // Writers on Unix keep the file's mode in the upper half.
        link: head[5] == 3 && (u32_at(head, 38) >> 16) & 0o170_000 == 0o120_000,
        checksum: u32_at(head, 16),
        packed: u64::from(u32_at(head, 20)),
        size: u64::from(u32_at(head, 24)),
        header: u64::from(u32_at(head, 42)),
    };
    let mut rest = extra;
    while let (Some(_), Some(length)) = (rest.get(..4), rest.get(2..4)) {
        let length = usize::from(u16_at(length, 0));
        let mut field = rest.get(4..4 + length).unwrap_or_default();
        if u16_at(rest, 0) == 1 {
            for value in [&mut raw.size, &mut raw.packed, &mut raw.header] {
                if *value == u64::from(u32::MAX) && field.len() >= 8 {
                    *value = u64_at(field, 0);
                    field = &field[8..];
                }
            }
        }
        rest = rest.get(4 + length..).unwrap_or_default();
    }
    let used = 46 + lengths.iter().sum::<usize>();
    (used <= bytes.len()).then_some((raw, used))
}

/// Holds an entry of the directory against the header before its bytes.
fn local(
    file: &mut (impl Read + Seek + ?Sized),
    length: u64,
    header: u64,
    raw: Raw,
    name: String,
    findings: &mut Vec<Finding>,
) -> Result<Option<Entry>, ZipError> {
    let mut head = [0; 30];
    let mut mismatch =
        |what: String| findings.push(Finding::new(&rules::ZIP_MISMATCH, header, what));
    file.seek(SeekFrom::Start(header.min(length)))?;
    if file.read_exact(&mut head).is_err() || !head.starts_with(b"PK\x03\x04") {
        mismatch(format!("the directory names `{name}`, but no entry begins there"));
        return Ok(None);
    }
    let lengths = [26, 28].map(|at| u64::from(u16_at(&head, at)));
    let mut own = Vec::new();
    file.take(lengths[0] + lengths[1]).read_to_end(&mut own)?;
    let own_name = own.get(..lengths[0] as usize).unwrap_or(&own);
    if own_name != raw.name {
        mismatch(format!("the directory says `{name}`, the entry `{}`", shown(own_name, 300)));
    }
    if u16_at(&head, 8) != raw.method {
        mismatch(format!("`{name}`: the two headers disagree on how it is packed"));
    }
    let described = u16_at(&head, 6) & 8 != 0;
    let checksum = u32_at(&head, 14);
    if checksum != raw.checksum && !(described && checksum == 0) {
        mismatch(format!("`{name}`: the two headers disagree on its checksum"));
    }
    for (at, stated) in [(18, raw.packed), (22, raw.size)] {
        let own = u32_at(&head, at);
        if u64::from(own) != stated && own != u32::MAX && !(described && own == 0) {
            mismatch(format!("`{name}`: the two headers disagree on its size"));
        }
    }
    let start = header + 30 + lengths[0] + lengths[1];
    if start.checked_add(raw.packed).is_none_or(|end| end > length) {
        mismatch(format!("`{name}` ends after the end of the file"));
        return Ok(None);
    }
    if super::leads_out(&String::from_utf8_lossy(&raw.name)) {
        findings.push(Finding::new(&rules::ARCHIVE_PATH, header, format!("`{name}`")));
    }
    let encrypted = (raw.flags | u16_at(&head, 6)) & 1 != 0;
    let Raw { method, checksum, packed, size, .. } = raw;
    let Raw { link, .. } = raw;
    Ok(Some(Entry { name, method, encrypted, link, checksum, start, packed, size }))
}

/// Whether a header of an entry lies between two others.
fn hidden(file: &mut (impl Read + Seek + ?Sized), from: u64, to: u64) -> Result<bool, ZipError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take((to - from).min(LONGEST_TAIL)).read_to_end(&mut bytes)?;
    Ok(bytes.windows(4).any(|window| window == b"PK\x03\x04"))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk::<4>).map_or(0, |b| u32::from_le_bytes(*b))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk::<8>).map_or(0, |b| u64::from_le_bytes(*b))
}

/// The record with the longest comment, and the locator before it.
const LONGEST_TAIL: u64 = 65_535 + 22 + 20;
const DESCRIPTOR: u64 = 24;
const MOST_SALVAGED: usize = 1 << 12;
const MOST_ENTRIES: usize = 1 << 18;
const MOST_FINDINGS: usize = 100;
