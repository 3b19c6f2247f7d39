//! Metadata values: scalars, strings, and arrays that borrow from the file's bytes.

use super::{GgufError, cursor::Cursor};

/// The types of metadata values, with their numbers in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs, reason = "each name says the width and the kind")]
pub enum ValueKind {
    U8 = 0,
    I8 = 1,
    U16 = 2,
    I16 = 3,
    U32 = 4,
    I32 = 5,
    F32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    U64 = 10,
    I64 = 11,
    F64 = 12,
}

/// A number or a truth value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "each name says the width and the kind")]
pub enum Scalar {
    U8(u8),
    I8(i8),
    U16(u16),
    I16(i16),
    U32(u32),
    I32(i32),
    F32(f32),
    Bool(bool),
    U64(u64),
    I64(i64),
    F64(f64),
}

/// One metadata value. Strings should be UTF-8, but tokens in published files are not always.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// A number or a truth value.
    Scalar(Scalar),
    /// Text.
    String(&'a [u8]),
    /// Numbers of one kind, as they lie in the file.
    Numbers {
        /// Their kind.
        kind: ValueKind,
        /// Their little-endian bytes.
        bytes: &'a [u8],
    },
    /// Texts.
    Strings(Vec<&'a [u8]>),
}

impl ValueKind {
    fn from_number(number: u32) -> Option<Self> {
        const ALL: [ValueKind; 13] = [
            ValueKind::U8,
            ValueKind::I8,
            ValueKind::U16,
            ValueKind::I16,
            ValueKind::U32,
            ValueKind::I32,
            ValueKind::F32,
            ValueKind::Bool,
            ValueKind::String,
            ValueKind::Array,
            ValueKind::U64,
            ValueKind::I64,
            ValueKind::F64,
        ];
        ALL.get(number as usize).copied()
    }

    /// Bytes of one value; `None` where it varies.
    pub const fn bytes(self) -> Option<u64> {
        match self {
            Self::U8 | Self::I8 | Self::Bool => Some(1),
            Self::U16 | Self::I16 => Some(2),
            Self::U32 | Self::I32 | Self::F32 => Some(4),
            Self::U64 | Self::I64 | Self::F64 => Some(8),
            Self::String | Self::Array => None,
        }
    }
}

impl<'a> Value<'a> {
    /// The text, if it is a string of UTF-8.
    pub fn text(&self) -> Option<&'a str> {
        match self {
            Self::String(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// The number, if it is an unsigned or non-negative integer.
    pub fn unsigned(&self) -> Option<u64> {
        match self {
            Self::Scalar(scalar) => match *scalar {
                Scalar::U8(n) => Some(u64::from(n)),
                Scalar::U16(n) => Some(u64::from(n)),
                Scalar::U32(n) => Some(u64::from(n)),
                Scalar::U64(n) => Some(n),
                Scalar::I8(n) => u64::try_from(n).ok(),
                Scalar::I16(n) => u64::try_from(n).ok(),
                Scalar::I32(n) => u64::try_from(n).ok(),
                Scalar::I64(n) => u64::try_from(n).ok(),
                Scalar::F32(_) | Scalar::F64(_) | Scalar::Bool(_) => None,
            },
            _ => None,
        }
    }

    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, GgufError> {
        let offset = cursor.position();
        let number = cursor.u32()?;
        let unknown = GgufError::ValueKind { offset, found: number };
        match ValueKind::from_number(number).ok_or(unknown)? {
            ValueKind::String => cursor.string().map(Self::String),
            ValueKind::Array => Self::read_array(cursor),
            kind => read_scalar(kind, cursor).map(Self::Scalar),
        }
    }

    fn read_array(cursor: &mut Cursor<'a>) -> Result<Self, GgufError> {
        let offset = cursor.position();
        let number = cursor.u32()?;
        let unknown = GgufError::ValueKind { offset, found: number };
        let kind = match ValueKind::from_number(number) {
            None | Some(ValueKind::Array) => return Err(unknown),
            Some(kind) => kind,
        };
        match kind.bytes() {
            Some(size) => {
                let count = cursor.count(size)?;
                cursor.take(count * size).map(|bytes| Self::Numbers { kind, bytes })
            }
            None => {
                let count = cursor.count(8)?;
                (0..count).map(|_| cursor.string()).collect::<Result<_, _>>().map(Self::Strings)
            }
        }
    }
}

fn read_scalar(kind: ValueKind, cursor: &mut Cursor<'_>) -> Result<Scalar, GgufError> {
    let offset = cursor.position();
    Ok(match kind {
        ValueKind::U8 => Scalar::U8(u8::from_le_bytes(cursor.array()?)),
        ValueKind::I8 => Scalar::I8(i8::from_le_bytes(cursor.array()?)),
        ValueKind::U16 => Scalar::U16(u16::from_le_bytes(cursor.array()?)),
        ValueKind::I16 => Scalar::I16(i16::from_le_bytes(cursor.array()?)),
        ValueKind::U32 => Scalar::U32(u32::from_le_bytes(cursor.array()?)),
        ValueKind::I32 => Scalar::I32(i32::from_le_bytes(cursor.array()?)),
        ValueKind::F32 => Scalar::F32(f32::from_le_bytes(cursor.array()?)),
        ValueKind::Bool => Scalar::Bool(u8::from_le_bytes(cursor.array()?) != 0),
        ValueKind::U64 => Scalar::U64(u64::from_le_bytes(cursor.array()?)),
        ValueKind::I64 => Scalar::I64(i64::from_le_bytes(cursor.array()?)),
        ValueKind::F64 => Scalar::F64(f64::from_le_bytes(cursor.array()?)),
        ValueKind::String | ValueKind::Array => {
            return Err(GgufError::ValueKind { offset, found: kind as u32 });
        }
    })
}
