//! A part of a file as a file of its own.

use std::io::{self, Read, Seek, SeekFrom};

/// What can be read anywhere.
pub(super) trait Bytes: Read + Seek {}
impl<T: Read + Seek + ?Sized> Bytes for T {}

pub(super) struct Window<'a> {
    file: &'a mut dyn Bytes,
    start: u64,
    length: u64,
    at: u64,
    /// Where the file stands, so that reading on does not seek.
    stands: Option<u64>,
}

impl<'a> Window<'a> {
    pub(super) fn new(file: &'a mut dyn Bytes, start: u64, length: u64) -> Self {
        Self { file, start, length, at: 0, stands: None }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.length
    }
}

impl Read for Window<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.length.saturating_sub(self.at).min(buffer.len() as u64) as usize;
        if most == 0 {
            return Ok(0);
        }
        let place = self.start + self.at;
        if self.stands != Some(place) {
            self.file.seek(SeekFrom::Start(place))?;
        }
        let read = self.file.read(&mut buffer[..most])?;
        self.at += read as u64;
        self.stands = Some(place + read as u64);
        Ok(read)
    }
}

impl Seek for Window<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Up to `most` bytes from `offset` on.
pub(super) fn part(file: &mut dyn Bytes, offset: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
