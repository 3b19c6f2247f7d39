//! Opens archives and packed streams, member by member; what is packed is unpacked into memory, or
//! beyond a bound into a nameless temporary file.

use std::io::{self, Read, Seek, SeekFrom, Write};

use bzip2::read::MultiBzDecoder;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use freehold_artifact::{
    archive::{
        leads_out,
        tar::{self, BLOCK},
        zip::{self, Entry, ZipError},
    },
    finding::shown,
    rules,
};
use lzma_rust2::{LzmaReader, XzReader};
use tempfile::SpooledTempFile;

use super::{
    content::Scanner,
    kinds::Packing,
    window::{Bytes, Window, part},
};

/// How unpacking ended.
pub(super) enum Unpacked {
    Whole(SpooledTempFile, u64),
    /// Only the first bytes: the stream is broken after them.
    Part(SpooledTempFile, u64),
    TooMuch,
}

impl Scanner {
    /// Scans the file as a zip archive, if it has a directory at its end.
    pub(super) fn zip(
        &mut self,
        file: &mut dyn Bytes,
        head: &[u8],
        length: u64,
    ) -> io::Result<bool> {
        let begins = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
        let archive = match zip::read(file, length) {
            Ok(archive) => archive,
            Err(ZipError::Read(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
                return Err(error);
            }
            Err(error) => {
                if begins {
                    self.say(&rules::ARCHIVE_BROKEN, 0, error.to_string());
                    // Readers that go from entry to entry need no directory.
                    for entry in zip::salvage(file, length)? {
                        self.entry(file, &entry, None)?;
                    }
                }
                // The start of a zip without an end is said; other files only hold its signature.
                return Ok(begins);
            }
        };
        if archive.entries.is_empty() && !begins {
            return Ok(false);
        }
        for finding in archive.findings {
            self.add(finding);
        }
        if archive.before > 0 && begins {
            self.say(&rules::ZIP_HIDDEN, 0, "an entry that the directory does not name");
        }
        let torch = torch_folder(&archive.entries);
        for entry in &archive.entries {
            self.entry(file, entry, torch.as_deref())?;
        }
        Ok(true)
    }

    fn entry(
        &mut self,
        file: &mut dyn Bytes,
        entry: &Entry,
        torch: Option<&str>,
    ) -> io::Result<()> {
        let inner = torch.and_then(|folder| entry.name.strip_prefix(folder));
        let raw = inner.is_some_and(|name| {
            name.starts_with("data/")
                || name.starts_with(".data/")
                || name.starts_with("code/")
                || name.starts_with("tensors/")
                || name.starts_with("xl_model_weights/")
                || ["version", "byteorder", ".format_version", ".storage_alignment"].contains(&name)
        });
        if entry.name.ends_with('/') && entry.size == 0 {
            return Ok(());
        }
        let within = inner.is_some_and(|name| name.starts_with("code/"));
        let code = entry.name.ends_with(".py") && (within || entry.name.contains("code/__torch__"));
        let mut checksum = Checksum::default();
        if entry.method == 0 {
            let mut window = Window::new(file, entry.start, entry.packed);
            // Numbers are only passed by for their checksum; it is hashed on the same way.
            io::copy(&mut window, &mut checksum)?;
            let true_checksum = checksum.value() == entry.checksum;
            self.judged(entry, true_checksum);
            let mut window = Window::new(file, entry.start, entry.packed);
            self.zip_link(entry, &mut window)?;
            if code {
                self.torchscript(&mut window, entry.packed)?;
            }
            return self.member(&mut window, entry.packed, &entry.name, raw);
        }
        let window = Window::new(file, entry.start, entry.packed);
        let unpacked = match entry.method {
            8 => self.unpack(DeflateDecoder::new(window))?,
            12 => self.unpack(MultiBzDecoder::new(window))?,
            14 => self.unpack_lzma(window, entry.size)?,
            20 | 93 => self.unpack_zstd(window)?,
            95 => self.unpack(XzReader::new_mem_limit(window, true, MOST_DICTIONARY))?,
            method => {
                let what = format!("`{}` is packed by method {method}", entry.name);
                self.say(&rules::METHOD, entry.start, what);
                return Ok(());
            }
        };
        match unpacked {
            Unpacked::TooMuch => {
                self.say(&rules::BOMB, entry.start, format!("`{}` was not unpacked", entry.name));
            }
            Unpacked::Whole(mut content, bytes) => {
                content.seek(SeekFrom::Start(0))?;
                io::copy(&mut content, &mut checksum)?;
                self.judged(entry, checksum.value() == entry.checksum && bytes == entry.size);
                self.zip_link(entry, &mut content)?;
                if code {
                    self.torchscript(&mut content, bytes)?;
                }
                self.member(&mut content, bytes, &entry.name, raw)?;
            }
            Unpacked::Part(mut content, bytes) => {
                if entry.encrypted {
                    self.say(&rules::ENCRYPTED, entry.start, format!("`{}`", entry.name));
                } else {
                    let what = format!("`{}` cannot be unpacked to its end", entry.name);
                    self.say(&rules::ARCHIVE_BROKEN, entry.start, what);
                }
                self.member(&mut content, bytes, &entry.name, true)?;
            }
        }
        Ok(())
    }

    /// An entry that is unpacked as a link, to the path that is its content.
    fn zip_link(&mut self, entry: &Entry, content: &mut dyn Bytes) -> io::Result<()> {
        if !entry.link {
            return Ok(());
        }
        let target = part(content, 0, entry.size.min(4_096))?;
        let target = String::from_utf8_lossy(&target);
        let what = format!("`{}` leads to `{}`", entry.name, shown(target.as_bytes(), 200));
        let out = links_out(&entry.name, &target, b'2');
        let rule = if out { &rules::ARCHIVE_LINK_OUT } else { &rules::ARCHIVE_LINK };
        self.say(rule, entry.start, what);
        Ok(())
    }

    fn judged(&mut self, entry: &Entry, true_checksum: bool) {
        match (entry.encrypted, true_checksum) {
            (true, true) => {
                let what = format!("`{}` is marked as encrypted, but it is not", entry.name);
                self.say(&rules::ZIP_MISMATCH, entry.start, what);
            }
            (true, false) => {
                self.say(&rules::ENCRYPTED, entry.start, format!("`{}`", entry.name));
            }
            (false, false) => {
                self.say(&rules::ZIP_CHECKSUM, entry.start, format!("`{}`", entry.name));
            }
            (false, true) => {}
        }
    }

    /// Unpacks a whole file and scans what is in it.
    pub(super) fn packed(
        &mut self,
        file: &mut dyn Bytes,
        packing: Packing,
        length: u64,
        name: &str,
    ) -> io::Result<()> {
        let (mut start, mut packing) = (0, packing);
        while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d] = part(file, start, 8)?[..] {
            start += 8 + u64::from(u32::from_le_bytes([a, b, c, d]));
        }
        if start > 0 && part(file, start, 4)? == *b"\x04\x22\x4d\x18" {
            packing = Packing::Lz4;
        }
        let window = Window::new(file, start, length.saturating_sub(start));
        let unpacked = match packing {
            Packing::Gzip => self.unpack(MultiGzDecoder::new(window))?,
            Packing::Zlib => self.unpack(ZlibDecoder::new(window))?,
            Packing::Bzip2 => self.unpack(MultiBzDecoder::new(window))?,
            Packing::Xz => self.unpack(XzReader::new_mem_limit(window, true, MOST_DICTIONARY))?,
            Packing::Zstd => self.unpack_zstd(window)?,
            Packing::Lz4 => self.unpack_lz4(window)?,
            Packing::Lzma => match LzmaReader::new_mem_limit(window, MOST_DICTIONARY, None) {
                Ok(reader) => self.unpack(reader)?,
                Err(_) => Unpacked::Part(SpooledTempFile::new(0), 0),
            },
        };
        let inner = name.rsplit('/').next().unwrap_or(name);
        let inner = inner.rsplit_once('.').map_or(inner, |(stem, _)| stem);
        let inner = if inner.contains('.') { inner } else { "content" };
        match unpacked {
            Unpacked::Whole(mut content, bytes) => self.member(&mut content, bytes, inner, false),
            Unpacked::Part(_, 0) => {
                self.say(&rules::NOT_READ, 0, "begins like a packed file, and is none");
                Ok(())
            }
            Unpacked::Part(mut content, bytes) => {
                self.say(&rules::ARCHIVE_BROKEN, 0, "cannot be unpacked to its end");
                self.member(&mut content, bytes, inner, false)
            }
            Unpacked::TooMuch => {
                self.say(&rules::BOMB, 0, "was not unpacked to its end");
                Ok(())
            }
        }
    }

    /// LZMA as zip keeps it: a version, the length of the properties, the properties, the stream
    /// (APPNOTE 5.8).
    fn unpack_lzma(&mut self, mut window: Window<'_>, size: u64) -> io::Result<Unpacked> {
        let mut head = [0; 9];
        let broken = Unpacked::Part(SpooledTempFile::new(0), 0);
        if window.read_exact(&mut head).is_err() || head[2..4] != [5, 0] {
            return Ok(broken);
        }
        let dictionary = u32::from_le_bytes([head[5], head[6], head[7], head[8]]);
        if dictionary / 1024 > MOST_DICTIONARY {
            return Ok(Unpacked::TooMuch);
        }
        match LzmaReader::new_with_props(window, size, head[4], dictionary, None) {
            Ok(reader) => self.unpack(reader),
            Err(_) => Ok(broken),
        }
    }

    pub(super) fn unpack(&mut self, mut reader: impl Read) -> io::Result<Unpacked> {
        let mut content = SpooledTempFile::new(IN_MEMORY);
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    bytes += read as u64;
                    if bytes > self.budget {
                        self.budget = 0;
                        return Ok(Unpacked::TooMuch);
                    }
                    content.write_all(&buffer[..read])?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.budget -= bytes;
                    return Ok(Unpacked::Part(content, bytes));
                }
            }
        }
        self.budget -= bytes;
        Ok(Unpacked::Whole(content, bytes))
    }

    /// Scans the members of a tar archive.
    pub(super) fn tar(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let (mut at, mut long_name, mut ended) = (0, None, false);
        while at + BLOCK as u64 <= length {
            let block = part(file, at, BLOCK as u64)?;
            let Some(block) = block.first_chunk::<BLOCK>() else { break };
            // Readers that are told to go on past the end; what is no header there is no finding.
            if block.iter().all(|byte| *byte == 0) {
                (at, ended) = (at + BLOCK as u64, true);
                continue;
            }
            let Some(header) = tar::header(block) else {
                if ended {
                    return self.trailing(file, at, length);
                }
                self.say(&rules::ARCHIVE_BROKEN, at, "a member's header is not valid");
                return Ok(());
            };
            let start = at + BLOCK as u64;
            let end = start.checked_add(header.size).filter(|end| *end <= length);
            let Some(end) = end else {
                self.say(&rules::ARCHIVE_BROKEN, at, "a member ends after the end of the file");
                let name = shown(header.name.as_bytes(), 300);
                let mut window = Window::new(file, start, length - start);
                return self.member(&mut window, length - start, &name, false);
            };
            let name = long_name.take().unwrap_or(header.name);
            let name = shown(name.as_bytes(), 300);
            match header.kind {
                b'0' | 0 | b'7' => {
                    if leads_out(&name) {
                        self.say(&rules::ARCHIVE_PATH, at, format!("`{name}`"));
                    }
                    let mut window = Window::new(file, start, header.size);
                    self.member(&mut window, header.size, &name, false)?;
                }
                b'5' | b'g' | b'K' => {}
                b'L' => {
                    let text = part(file, start, header.size.min(1 << 16))?;
                    let text = String::from_utf8_lossy(&text);
                    long_name = Some(text.trim_end_matches('\0').to_owned());
                }
                b'x' => {
                    let text = part(file, start, header.size.min(1 << 16))?;
                    let text = String::from_utf8_lossy(&text);
                    let path = text.lines().find_map(|line| line.split_once(" path="));
                    long_name = path.map(|(_, path)| path.to_owned());
                }
                b'1' | b'2' => {
                    let what =
                        format!("`{name}` leads to `{}`", shown(header.link.as_bytes(), 200));
                    let out = leads_out(&name) || links_out(&name, &header.link, header.kind);
                    let rule = if out { &rules::ARCHIVE_LINK_OUT } else { &rules::ARCHIVE_LINK };
                    self.say(rule, at, what);
                }
                _ => self.say(&rules::ARCHIVE_LINK, at, format!("`{name}` is a device")),
            }
            at = end.next_multiple_of(BLOCK as u64);
        }
        Ok(())
    }
}

/// Whether a link's target lies outside of what is unpacked: links count from their own folder,
/// hard ones from the archive's.
fn links_out(name: &str, target: &str, kind: u8) -> bool {
    if !target.split('/').any(|part| part == "..") {
        return leads_out(target);
    }
    let own = if kind == b'2' { name.trim_start_matches("./").matches('/').count() } else { 0 };
    let mut depth = own as i64;
    target.starts_with('/')
        || target.split('/').any(|part| {
            depth += match part {
                ".." => -1,
                "" | "." => 0,
                _ => 1,
            };
            depth < 0
        })
}

/// The folder in which torch's archive keeps everything: that of `data.pkl` or `constants.pkl`.
fn torch_folder(entries: &[Entry]) -> Option<String> {
    let pickle = entries.iter().find_map(|entry| {
        let folder = entry.name.strip_suffix("data.pkl")?;
        (folder.is_empty() || folder.ends_with('/')).then(|| folder.to_owned())
    })?;
    let version = |name: &str| {
        name.strip_prefix(&pickle)
            .is_some_and(|rest| rest == "version" || rest == ".format_version")
    };
    entries.iter().any(|entry| version(&entry.name)).then_some(pickle)
}

#[derive(Default)]
struct Checksum(crc32fast::Hasher);

impl Checksum {
    fn value(&self) -> u32 {
        self.0.clone().finalize()
    }
}

impl Write for Checksum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is kept in memory of one member.
const IN_MEMORY: usize = 16 << 20;
/// KiB that the dictionary of LZMA may take.
const MOST_DICTIONARY: u32 = 72 << 10;
