//! The few shapes of DER (ITU-T X.690) that keys and certificates are made of. Lengths are definite
//! and minimal, as DER demands; nothing is read beyond them.

/// What was expected is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// Reads values one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the next value has this tag.
    pub(super) fn has(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// The contents of the next value, which must have this tag.
    pub(super) fn take(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        let (found, contents) = self.next()?;
        if found == tag { Ok(contents) } else { Err(Malformed) }
    }

    /// The next value, if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Malformed> {
        if self.has(tag) { self.take(tag).map(Some) } else { Ok(None) }
    }

    /// The next value's tag and contents.
    pub(super) fn next(&mut self) -> Result<(u8, &'a [u8]), Malformed> {
        let [tag, first, rest @ ..] = self.0 else { return Err(Malformed) };
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x84 => {
                let (bytes, rest) =
                    rest.split_at_checked(usize::from(first & 0x7f)).ok_or(Malformed)?;
                let length = bytes.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
                let minimal = length > 0x7f && bytes.first() != Some(&0);
                (
                    if minimal {
                        usize::try_from(length).map_err(|_| Malformed)?
                    } else {
                        return Err(Malformed);
                    },
                    rest,
                )
            }
            _ => return Err(Malformed),
        };
        let (contents, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok((*tag, contents))
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// The bytes of a bit string that has no unused bits.
pub(super) fn bits(contents: &[u8]) -> Result<&[u8], Malformed> {
    match contents {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(Malformed),
    }
}

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// `[N]`, constructed.
pub(super) const fn context(number: u8) -> u8 {
    0xa0 | number
}
