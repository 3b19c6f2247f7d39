//! A file that is hashed while others read it: bytes that pass in order count at once, what was
//! left out is read at the end.

use std::io::{self, Read, Seek, SeekFrom};

use freehold_types::Digest;
use ring::digest::{Context, SHA256};

pub(super) struct Hashed<F> {
    file: F,
    context: Context,
    /// Bytes that are hashed.
    hashed: u64,
    /// Where the reader stands.
    at: u64,
}

impl<F: Read + Seek> Hashed<F> {
    pub(super) fn new(file: F) -> Self {
        Self { file, context: Context::new(&SHA256), hashed: 0, at: 0 }
    }

    /// Reads what was left out, and says digest and length.
    pub(super) fn finish(mut self) -> io::Result<(Digest, u64)> {
        self.file.seek(SeekFrom::Start(self.hashed))?;
        let mut buffer = vec![0; CHUNK];
        loop {
            match self.file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    self.context.update(&buffer[..read]);
                    self.hashed += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.context.finish().as_ref());
        Ok((Digest::from_bytes(bytes), self.hashed))
    }

    /// A small gap is read so that what follows it counts.
    fn close_gap(&mut self) -> io::Result<()> {
        let gap = self.at.saturating_sub(self.hashed);
        if gap == 0 || gap > SMALL {
            return Ok(());
        }
        self.file.seek(SeekFrom::Start(self.hashed))?;
        let mut between = Vec::new();
        (&mut self.file).take(gap).read_to_end(&mut between)?;
        self.context.update(&between);
        self.hashed += between.len() as u64;
        self.file.seek(SeekFrom::Start(self.at))?;
        Ok(())
    }
}

impl<F: Read + Seek> Read for Hashed<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.close_gap()?;
        let read = self.file.read(buffer)?;
        let end = self.at + read as u64;
        if self.at <= self.hashed && end > self.hashed {
            let new = (self.hashed - self.at) as usize;
            self.context.update(&buffer[new..read]);
            self.hashed = end;
        }
        self.at = end;
        Ok(read)
    }
}

impl<F: Read + Seek> Seek for Hashed<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

const SMALL: u64 = 1 << 16;
const CHUNK: usize = 1 << 18;
