//! The superblock, and bytes at addresses of the file.

use std::io::{self, Read, Seek, SeekFrom};

use super::cut::Cut;

/// Why a part could not be read.
#[derive(Debug)]
pub(super) enum Fail {
    Io(io::Error),
    /// At this address something else stands than must.
    Broken(u64, &'static str),
}

impl From<io::Error> for Fail {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What every part needs to know.
pub(super) struct File<'f, F: ?Sized> {
    file: &'f mut F,
    length: u64,
    base: u64,
    /// Width of an address.
    pub(super) address: usize,
    /// Width of a length.
    pub(super) size: usize,
    /// Address of the first object's header.
    pub(super) root: u64,
    /// Bytes that may still be read.
    budget: u64,
}

impl<'f, F: Read + Seek + ?Sized> File<'f, F> {
    /// Reads the superblock at `base`.
    pub(super) fn open(file: &'f mut F, length: u64, base: u64) -> Result<Self, Fail> {
        let mut file =
            Self { file, length, base, address: 8, size: 8, root: 0, budget: MOST_BYTES };
        let bytes = file.up_to(0, 96)?;
        file.superblock(&bytes).ok_or(Fail::Broken(base, "the superblock is not known"))?;
        Ok(file)
    }

    fn superblock(&mut self, bytes: &[u8]) -> Option<()> {
        let mut cut = Cut::new(bytes);
        cut.sign(super::SIGN)?;
        let version = cut.byte()?;
        match version {
            0 | 1 => {
                cut.take(4)?;
                self.widths(&mut cut)?;
                cut.take(if version == 0 { 9 } else { 13 })?;
                let base = cut.number(self.address)?;
                cut.take(self.address * 4)?;
                self.root = cut.number(self.address)?;
                self.based(base)
            }
            2 | 3 => {
                self.widths(&mut cut)?;
                cut.byte()?;
                let base = cut.number(self.address)?;
                cut.take(self.address * 2)?;
                self.root = cut.number(self.address)?;
                self.based(base)
            }
            _ => None,
        }
    }

    fn widths(&mut self, cut: &mut Cut<'_>) -> Option<()> {
        (self.address, self.size) = (usize::from(cut.byte()?), usize::from(cut.byte()?));
        let known = [2, 4, 8];
        (known.contains(&self.address) && known.contains(&self.size)).then_some(())
    }

    /// The base address is that of the superblock, or the file is not what it says.
    fn based(&self, base: u64) -> Option<()> {
        (base == self.base).then_some(())
    }

    /// Whether an address means "nowhere".
    pub(super) fn nowhere(&self, address: u64) -> bool {
        address == u64::MAX >> (64 - 8 * self.address)
    }

    /// Exactly `count` bytes at `address`.
    pub(super) fn bytes(&mut self, address: u64, count: u64) -> Result<Vec<u8>, Fail> {
        let bytes = self.up_to(address, count)?;
        if bytes.len() as u64 == count {
            Ok(bytes)
        } else {
            Err(Fail::Broken(address, "it ends after the end of the file"))
        }
    }

    /// As many as there are, up to `count`.
    pub(super) fn up_to(&mut self, address: u64, count: u64) -> Result<Vec<u8>, Fail> {
        let at = self.base.checked_add(address).filter(|at| *at <= self.length);
        let at = at.ok_or(Fail::Broken(address, "an address lies outside of the file"))?;
        let count = count.min(self.length - at);
        self.budget = self
            .budget
            .checked_sub(count)
            .ok_or(Fail::Broken(address, "there is more than is read"))?;
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(at))?;
        (&mut *self.file).take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Of metadata in one file; weights are not read.
const MOST_BYTES: u64 = 1 << 30;
