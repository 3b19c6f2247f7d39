//! A position in the file's first bytes; every read is checked against them and the file's length.

use super::GgufError;

pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    file_length: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], file_length: u64) -> Self {
        Self { bytes, at: 0, file_length }
    }

    pub(super) fn position(&self) -> u64 {
        self.at as u64
    }

    pub(super) fn take(&mut self, length: u64) -> Result<&'a [u8], GgufError> {
        let offset = self.position();
        let end = offset.checked_add(length).filter(|end| *end <= self.file_length);
        let end = end.ok_or(GgufError::Truncated { offset })?;
        let given = self.bytes.len() as u64;
        let taken = usize::try_from(end)
            .ok()
            .and_then(|end| self.bytes.get(self.at..end))
            .ok_or(GgufError::Short { given })?;
        self.at += taken.len();
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], GgufError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N as u64)?);
        Ok(array)
    }

    pub(super) fn u32(&mut self) -> Result<u32, GgufError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, GgufError> {
        self.array().map(u64::from_le_bytes)
    }

    /// A count of entries of at least `smallest` bytes each, refused if the file cannot hold them.
    pub(super) fn count(&mut self, smallest: u64) -> Result<u64, GgufError> {
        let offset = self.position();
        let found = self.u64()?;
        let room = self.file_length.saturating_sub(self.position());
        match found.checked_mul(smallest) {
            Some(bytes) if bytes <= room => Ok(found),
            _ => Err(GgufError::Count { offset, found }),
        }
    }

    pub(super) fn string(&mut self) -> Result<&'a [u8], GgufError> {
        let length = self.u64()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, GgufError> {
        let offset = self.position();
        std::str::from_utf8(self.string()?).map_err(|_| GgufError::NotText { offset })
    }
}
