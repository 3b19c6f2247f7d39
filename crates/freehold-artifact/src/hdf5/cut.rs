//! A cursor over bytes whose widths the file itself states.

/// Reads little-endian numbers and parts; `None` at the end.
#[derive(Clone)]
pub(super) struct Cut<'a> {
    rest: &'a [u8],
}

impl<'a> Cut<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(part)
    }

    /// A number of `width` bytes, at most eight.
    pub(super) fn number(&mut self, width: usize) -> Option<u64> {
        let part = self.take(width)?;
        Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|part| part[0])
    }

    /// Whether the next bytes are these; they are passed.
    pub(super) fn sign(&mut self, sign: &[u8]) -> Option<()> {
        (self.take(sign.len())? == sign).then_some(())
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}
