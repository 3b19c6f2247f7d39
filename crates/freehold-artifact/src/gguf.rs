//! GGUF versions 2 and 3: metadata and tensor table, little-endian, every length checked.
//!
//! Layout from <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>; the limits that the
//! specification leaves open are llama.cpp's (`gguf.cpp`): at most four dimensions, names shorter
//! than 64 bytes, no arrays of arrays.

use std::collections::BTreeSet;

mod cursor;
mod error;
mod kind;
#[cfg(test)]
mod tests;
mod value;

pub use error::GgufError;
pub use kind::TensorKind;
pub use value::{Scalar, Value, ValueKind};

use cursor::Cursor;

/// Metadata and tensor table of one file; strings borrow from the bytes that were read.
#[derive(Debug, Clone, PartialEq)]
pub struct Gguf<'a> {
    /// 2 or 3.
    pub version: u32,
    /// Key and value, in the file's order; no key stands twice.
    pub metadata: Vec<(&'a str, Value<'a>)>,
    /// In the file's order; no name stands twice.
    pub tensors: Vec<Tensor<'a>>,
    /// Where the tensors' bytes begin in the file.
    pub data_start: u64,
    /// What offsets are multiples of.
    pub alignment: u64,
}

/// One entry of the tensor table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor<'a> {
    /// Its name, as llama.cpp calls it.
    pub name: &'a str,
    /// How its elements are stored.
    pub kind: TensorKind,
    /// Dimensions, the fastest-running first (the reverse of safetensors).
    pub dimensions: Vec<u64>,
    /// First byte, counted from the beginning of the file.
    pub start: u64,
    /// One past the last byte, counted from the beginning of the file.
    pub end: u64,
}

/// Reads metadata and tensor table from `head`, the first bytes of a file of `file_length` bytes.
///
/// # Errors
/// [`GgufError::Short`] where `head` ends too early (pass more); the others say what is wrong.
pub fn parse(head: &[u8], file_length: u64) -> Result<Gguf<'_>, GgufError> {
    let mut cursor = Cursor::new(head, file_length);
    let magic = cursor.take(4)?;
    if magic != b"GGUF" {
        return Err(GgufError::Magic { found: [magic[0], magic[1], magic[2], magic[3]] });
    }
    let version = cursor.u32()?;
    if !(2..=3).contains(&version) {
        return Err(GgufError::Version { found: version });
    }
    let tensor_count = cursor.count(SMALLEST_TENSOR)?;
    let pair_count = cursor.count(SMALLEST_PAIR)?;
    let metadata = read_metadata(&mut cursor, pair_count)?;
    let alignment = alignment(&metadata)?;
    let table = (0..tensor_count)
        .map(|_| RawTensor::read(&mut cursor))
        .collect::<Result<Vec<_>, GgufError>>()?;
    let data_start = cursor.position().next_multiple_of(alignment);
    let tensors = place(table, data_start, alignment, file_length)?;
    Ok(Gguf { version, metadata, tensors, data_start, alignment })
}

impl<'a> Gguf<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.metadata.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The value of a key whose value is UTF-8 text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Value::text)
    }
}

fn read_metadata<'a>(
    cursor: &mut Cursor<'a>,
    count: u64,
) -> Result<Vec<(&'a str, Value<'a>)>, GgufError> {
    let mut seen = BTreeSet::new();
    let mut metadata = Vec::new();
    for _ in 0..count {
        let key = cursor.text()?;
        if !seen.insert(key) {
            return Err(GgufError::Twice { name: key.to_owned() });
        }
        metadata.push((key, Value::read(cursor)?));
    }
    Ok(metadata)
}

fn alignment(metadata: &[(&str, Value<'_>)]) -> Result<u64, GgufError> {
    match metadata.iter().find(|(key, _)| *key == "general.alignment") {
        None => Ok(32),
        Some((_, Value::Scalar(Scalar::U32(found)))) if found.is_power_of_two() => {
            Ok(u64::from(*found))
        }
        Some(_) => Err(GgufError::Alignment),
    }
}

struct RawTensor<'a> {
    name: &'a str,
    kind: TensorKind,
    dimensions: Vec<u64>,
    offset: u64,
}

impl<'a> RawTensor<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, GgufError> {
        let name = cursor.text()?;
        if name.len() >= MAX_NAME {
            return Err(GgufError::LongName { name: name.to_owned() });
        }
        let count = cursor.u32()?;
        if count > MAX_DIMENSIONS {
            return Err(GgufError::Dimensions { name: name.to_owned(), found: count });
        }
        let dimensions = (0..count).map(|_| cursor.u64()).collect::<Result<Vec<_>, _>>()?;
        let number = cursor.u32()?;
        let kind = TensorKind::from_number(number)
            .ok_or_else(|| GgufError::TensorKind { name: name.to_owned(), found: number })?;
        Ok(Self { name, kind, dimensions, offset: cursor.u64()? })
    }

    fn bytes(&self) -> Option<u64> {
        let row = self.dimensions.first().copied().unwrap_or(1);
        let (block, block_bytes) = self.kind.block();
        let rows = self.dimensions.iter().skip(1).try_fold(1u64, |n, d| n.checked_mul(*d))?;
        if !row.is_multiple_of(block) {
            return None;
        }
        (row / block).checked_mul(block_bytes)?.checked_mul(rows)
    }
}

fn place<'a>(
    table: Vec<RawTensor<'a>>,
    data_start: u64,
    alignment: u64,
    file_length: u64,
) -> Result<Vec<Tensor<'a>>, GgufError> {
    let mut seen = BTreeSet::new();
    let mut tensors = Vec::with_capacity(table.len());
    let mut expected = 0u64;
    for raw in table {
        let name = || raw.name.to_owned();
        if !seen.insert(raw.name) {
            return Err(GgufError::Twice { name: name() });
        }
        let bytes = raw.bytes().ok_or_else(|| GgufError::Shape { name: name() })?;
        if raw.offset != expected {
            return Err(GgufError::Offset { name: name(), expected, found: raw.offset });
        }
        let start = data_start.checked_add(raw.offset);
        let end = start.and_then(|start| start.checked_add(bytes));
        let (Some(start), Some(end)) = (start, end.filter(|end| *end <= file_length)) else {
            return Err(GgufError::OutOfFile { name: name(), file_length });
        };
        expected = (raw.offset + bytes)
            .checked_next_multiple_of(alignment)
            .ok_or_else(|| GgufError::OutOfFile { name: name(), file_length })?;
        let RawTensor { name, kind, dimensions, .. } = raw;
        tensors.push(Tensor { name, kind, dimensions, start, end });
    }
    Ok(tensors)
}

/// Key length, type and one byte.
const SMALLEST_PAIR: u64 = 8 + 4 + 1;
/// Name length, dimension count, type, offset.
const SMALLEST_TENSOR: u64 = 8 + 4 + 4 + 8;
/// `GGML_MAX_NAME`.
const MAX_NAME: usize = 64;
/// `GGML_MAX_DIMS`.
const MAX_DIMENSIONS: u32 = 4;
