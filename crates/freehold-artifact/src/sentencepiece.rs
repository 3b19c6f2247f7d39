//! `tokenizer.model`: the pieces of a SentencePiece model, read from its protocol-buffer bytes.
//!
//! Field numbers from `sentencepiece_model.proto` (<https://github.com/google/sentencepiece>):
//! `ModelProto.pieces = 1`, `SentencePiece { piece = 1, score = 2, type = 3 }`. Everything else in
//! the file is stepped over, but its framing must hold to the last byte.

/// One entry of the vocabulary; its place in the list is its token id.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The text, with U+2581 for a space.
    pub text: String,
    /// Log probability, or minus the merge rank.
    pub score: f32,
    /// 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.
    pub kind: u8,
}

/// Why bytes are not a SentencePiece model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SentencePieceError {
    /// The protocol-buffer framing does not hold.
    #[error("at byte {offset}: not a protocol buffer, so not a SentencePiece model")]
    Framing {
        /// Where it breaks.
        offset: usize,
    },
    /// A piece is not UTF-8 or its type is unknown.
    #[error("piece {index} is not valid")]
    Piece {
        /// Its place in the list.
        index: usize,
    },
    /// No piece at all.
    #[error("no pieces: not a SentencePiece model")]
    Empty,
}

/// Reads the pieces.
///
/// # Errors
/// [`SentencePieceError`] says where the bytes are not what they should be.
pub fn parse(bytes: &[u8]) -> Result<Vec<Piece>, SentencePieceError> {
    let mut pieces = Vec::new();
    let mut fields = Fields { bytes, at: 0 };
    while let Some((number, value)) = fields.next()? {
        if let (1, Field::Bytes(body)) = (number, value) {
            let index = pieces.len();
            pieces.push(piece(body).ok_or(SentencePieceError::Piece { index })?);
        }
    }
    if pieces.is_empty() { Err(SentencePieceError::Empty) } else { Ok(pieces) }
}

fn piece(bytes: &[u8]) -> Option<Piece> {
    let mut piece = Piece { text: String::new(), score: 0.0, kind: 1 };
    let mut fields = Fields { bytes, at: 0 };
    while let Some((number, value)) = fields.next().ok()? {
        match (number, value) {
            (1, Field::Bytes(text)) => std::str::from_utf8(text).ok()?.clone_into(&mut piece.text),
            (2, Field::Fixed32(bits)) => piece.score = f32::from_bits(bits),
            (3, Field::Varint(kind @ 1..=6)) => piece.kind = kind as u8,
            (1..=3, _) => return None,
            _ => {}
        }
    }
    Some(piece)
}

enum Field<'a> {
    Varint(u64),
    Fixed32(u32),
    Fixed64,
    Bytes(&'a [u8]),
}

struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    fn next(&mut self) -> Result<Option<(u64, Field<'a>)>, SentencePieceError> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let offset = self.at;
        self.field().map(Some).ok_or(SentencePieceError::Framing { offset })
    }

    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let tag = self.varint()?;
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => self.take(8).map(|_| Field::Fixed64)?,
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Fixed32(u32::from_le_bytes(*self.take(4)?.first_chunk()?)),
            _ => return None,
        };
        (tag >> 3 != 0).then_some((tag >> 3, field))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}
