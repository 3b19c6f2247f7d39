//! A pickle's bytes as its reader takes them: forwards, through one buffer, and with an eye on
//! where frames end.

use std::io::{self, Read};

/// Why no more bytes could be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End;

/// How an argument that crosses the end of its frame is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    /// On and on, as from memory.
    Through,
    /// The rest of the frame is dropped, as the C reader did from a file until CPython issue 154848
    /// was mended (<https://github.com/python/cpython/issues/154848>).
    Drop,
}

pub(super) struct Source<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    /// Bytes before `buffer`.
    before: u64,
    frame_end: u64,
    frames: Frames,
    pub(super) crossed: Option<u64>,
    pub(super) error: Option<io::Error>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(reader: R, frames: Frames) -> Self {
        Self {
            reader,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            before: 0,
            frame_end: 0,
            frames,
            crossed: None,
            error: None,
        }
    }

    pub(super) fn position(&self) -> u64 {
        self.before + self.at as u64
    }

    /// The next byte.
    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, End> {
        if self.at == self.end && self.ensure(1) < 1 {
            return Err(End);
        }
        let byte = self.buffer[self.at];
        self.at += 1;
        Ok(byte)
    }

    /// The next `N` bytes of an opcode's argument.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], End> {
        self.cross(N as u64)?;
        if self.end - self.at < N && self.ensure(N) < N {
            return Err(End);
        }
        let mut array = [0; N];
        array.copy_from_slice(&self.buffer[self.at..self.at + N]);
        self.at += N;
        Ok(array)
    }

    /// The next `length` bytes, of which at most the first [`KEPT`] are shown.
    #[inline]
    pub(super) fn take(&mut self, length: u64) -> Result<&[u8], End> {
        self.cross(length)?;
        let kept = length.min(KEPT as u64) as usize;
        if self.end - self.at < kept && self.ensure(kept) < kept {
            return Err(End);
        }
        if length > KEPT as u64 {
            // Skipping moves the buffer, so what is shown is put aside first.
            let aside = self.buffer[self.at..self.at + kept].to_vec();
            self.skip(length)?;
            let room = &mut self.buffer;
            let place = room.len() - KEPT;
            room[place..].copy_from_slice(&aside);
            return Ok(&room[place..]);
        }
        let from = self.at;
        self.at += kept;
        Ok(&self.buffer[from..from + kept])
    }

    /// The bytes up to the next newline, at most the first [`KEPT`] of them; the newline is passed.
    pub(super) fn line(&mut self) -> Result<Vec<u8>, End> {
        let start = self.position();
        let mut line = Vec::new();
        loop {
            if self.at == self.end && self.ensure(1) < 1 {
                // CPython takes the last byte of a line for its end, whatever it is.
                return if line.pop().is_some() { Ok(line) } else { Err(End) };
            }
            let mut rest = &self.buffer[self.at..self.end];
            // A frame that holds no end of the line is dropped as any other rest is.
            let framed = self.frame_end.saturating_sub(self.position());
            if framed > 0 && self.frames == Frames::Drop {
                rest = &rest[..rest.len().min(framed as usize)];
            }
            let whole_frame = self.frames == Frames::Drop && rest.len() as u64 == framed;
            let found = rest.iter().position(|byte| *byte == b'\n');
            let part = &rest[..found.unwrap_or(rest.len())];
            let room = KEPT.saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            self.at += part.len() + usize::from(found.is_some());
            if whole_frame && found.is_none() {
                self.crossed.get_or_insert(start);
                line.clear();
            }
            if found.is_some() {
                if start < self.frame_end && self.position() > self.frame_end {
                    self.crossed.get_or_insert(start);
                }
                return Ok(line);
            }
        }
    }

    /// Passes `length` bytes.
    pub(super) fn skip(&mut self, mut length: u64) -> Result<(), End> {
        loop {
            let there = (self.end - self.at) as u64;
            if there >= length {
                self.at += length as usize;
                return Ok(());
            }
            length -= there;
            self.at = self.end;
            if self.ensure(1) < 1 {
                return Err(End);
            }
        }
    }

    /// What comes next, up to `most` bytes, without passing it.
    pub(super) fn peek(&mut self, most: usize) -> &[u8] {
        let there = self.ensure(most.min(KEPT)).min(most);
        &self.buffer[self.at..self.at + there]
    }

    /// A frame of `length` bytes begins here.
    pub(super) fn frame(&mut self, length: u64) {
        let at = self.position();
        if at < self.frame_end {
            self.crossed.get_or_insert(at);
        }
        self.frame_end = at.saturating_add(length);
    }

    /// A pickle ended: what is left of its frame was taken out of a file with it.
    pub(super) fn stopped(&mut self) {
        let rest = self.frame_end.saturating_sub(self.position());
        if rest > 0 {
            self.crossed.get_or_insert(self.position());
            if self.frames == Frames::Drop {
                let _short = self.skip(rest);
            }
        }
    }

    /// A new pickle begins: frames of the last one count no more.
    pub(super) fn unframe(&mut self) {
        self.frame_end = 0;
    }

    #[inline]
    fn cross(&mut self, length: u64) -> Result<(), End> {
        let at = self.position();
        if at < self.frame_end && length > self.frame_end - at {
            self.crossed.get_or_insert(at);
            if self.frames == Frames::Drop {
                let rest = self.frame_end - at;
                self.skip(rest)?;
            }
        }
        Ok(())
    }

    /// Tries to have `wanted` bytes in the buffer; says how many there are.
    fn ensure(&mut self, wanted: usize) -> usize {
        if self.at > 0 && self.end - self.at < wanted {
            self.buffer.copy_within(self.at..self.end, 0);
            self.before += self.at as u64;
            self.end -= self.at;
            self.at = 0;
        }
        // The last part is kept free for `take`.
        let room = self.buffer.len() - KEPT;
        while self.end - self.at < wanted && self.end < room {
            match self.reader.read(&mut self.buffer[self.end..room]) {
                Ok(0) => break,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        self.end - self.at
    }
}

/// Texts and byte strings are shown up to here; no name of a module comes near.
pub(super) const KEPT: usize = 1 << 10;
const BUFFER: usize = (1 << 17) + KEPT;
