//! Protocol Buffers on the wire: fields of a message, read where they lie, without its schema
//! (<https://protobuf.dev/programming-guides/encoding/>).

use std::io::{self, Read, Seek, SeekFrom};

/// A file with a small part of it in memory.
pub(super) struct Stream<'f, F: ?Sized> {
    file: &'f mut F,
    length: u64,
    held: Vec<u8>,
    from: u64,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) wire: u8,
    /// The number itself, or how many bytes the value takes.
    pub(super) value: u64,
    /// Where the value begins.
    pub(super) start: u64,
}

impl Field {
    pub(super) fn end(&self) -> u64 {
        self.start + self.value
    }
}

/// Goes through a message's fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk {
    at: u64,
    end: u64,
    /// Whether it stopped at something that is no field.
    pub(super) broken: bool,
}

impl<'f, F: Read + Seek + ?Sized> Stream<'f, F> {
    pub(super) fn new(file: &'f mut F, length: u64) -> Self {
        Self { file, length, held: Vec::new(), from: 0 }
    }

    /// Up to `most` bytes at `at`, at most [`HELD`].
    pub(super) fn bytes(&mut self, at: u64, most: usize) -> io::Result<&[u8]> {
        let most = most.min(HELD);
        let there = self.from + self.held.len() as u64;
        let wanted = at.saturating_add(most as u64).min(self.length);
        if at < self.from || wanted > there {
            self.from = at.min(self.length);
            self.held.clear();
            self.file.seek(SeekFrom::Start(self.from))?;
            (&mut *self.file).take(HELD as u64).read_to_end(&mut self.held)?;
        }
        let start = ((at - self.from.min(at)) as usize).min(self.held.len());
        let end = (start + most).min(self.held.len());
        Ok(&self.held[start..end])
    }

    /// The value as text, cut at what is held.
    pub(super) fn text(&mut self, field: Field) -> io::Result<String> {
        let bytes = self.bytes(field.start, field.value.min(HELD as u64) as usize)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The value, up to `most` bytes; `None` where it is longer.
    pub(super) fn whole(&mut self, field: Field, most: u64) -> io::Result<Option<Vec<u8>>> {
        if field.value > most {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.held.clear();
        self.file.seek(SeekFrom::Start(field.start))?;
        (&mut *self.file).take(field.value).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    pub(super) fn walk(&self, start: u64, end: u64) -> Walk {
        Walk { at: start, end, broken: false }
    }
}

impl Walk {
    /// The next field; `None` at the end, and where no valid one stands.
    pub(super) fn next<F: Read + Seek + ?Sized>(
        &mut self,
        stream: &mut Stream<'_, F>,
    ) -> io::Result<Option<Field>> {
        if self.broken || self.at >= self.end {
            return Ok(None);
        }
        let most = (self.end - self.at).min(24) as usize;
        let bytes = stream.bytes(self.at, most)?;
        let read = field(bytes, self.at, self.end);
        match read {
            Some((field, next)) => {
                self.at = next;
                Ok(Some(field))
            }
            None => {
                self.broken = true;
                Ok(None)
            }
        }
    }
}

fn field(bytes: &[u8], at: u64, end: u64) -> Option<(Field, u64)> {
    let (key, used) = varint(bytes)?;
    let number = u32::try_from(key >> 3).ok().filter(|number| (1..1 << 29).contains(number))?;
    let wire = (key & 7) as u8;
    let rest = bytes.get(used..)?;
    let after = at + used as u64;
    let (value, start, next) = match wire {
        0 => {
            let (value, used) = varint(rest)?;
            (value, after, after + used as u64)
        }
        1 => (0, after, after + 8),
        5 => (0, after, after + 4),
        2 => {
            let (length, used) = varint(rest)?;
            let start = after + used as u64;
            (length, start, start.checked_add(length)?)
        }
        _ => return None,
    };
    (next <= end).then_some((Field { number, wire, value, start }, next))
}

fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

const HELD: usize = 1 << 16;
