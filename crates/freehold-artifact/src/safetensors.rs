//! Safetensors: a length, a JSON header, then the tensors' bytes without holes.
//!
//! The rules are those of the reference reader (<https://github.com/huggingface/safetensors>,
//! `safetensors/src/tensor.rs`), all of them enforced: header of at most 100 MB that begins with
//! `{`, no name twice, offsets that follow one another from 0 to the end of the file, and sizes
//! that equal shape times element size. So no byte of the file goes unaccounted for.

use std::collections::BTreeMap;

use serde::Deserialize;

mod entries;
mod index;
#[cfg(test)]
mod tests;

pub use index::{IndexError, ShardIndex};

/// What the header of one safetensors file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The tensors in the order of their bytes.
    pub tensors: Vec<TensorInfo>,
    /// The free-form `__metadata__`.
    pub metadata: BTreeMap<String, String>,
}

/// One tensor: what it is called and where its bytes lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name, as the model's code calls it.
    pub name: String,
    /// The type of its elements.
    pub dtype: Dtype,
    /// Row-major dimensions; empty for a scalar.
    pub shape: Vec<u64>,
    /// First byte, counted from the beginning of the file.
    pub start: u64,
    /// One past the last byte, counted from the beginning of the file.
    pub end: u64,
}

/// Element types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "each name says the width and the kind")]
pub enum Dtype {
    Bool,
    U8,
    I8,
    #[serde(rename = "F8_E5M2")]
    F8E5m2,
    #[serde(rename = "F8_E4M3")]
    F8E4m3,
    I16,
    U16,
    F16,
    Bf16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}

/// Why bytes are not a safetensors file.
#[derive(Debug, thiserror::Error)]
pub enum SafetensorsError {
    /// Fewer bytes were passed than the header takes; `needed` suffice.
    #[error("the header takes {needed} bytes, {given} are there")]
    Short {
        /// Bytes that the length field and the header take.
        needed: u64,
        /// Bytes that were passed.
        given: u64,
    },
    /// The header length is 0, or above the format's limit.
    #[error("header length {found} is outside 2..={MAX_HEADER}: not a safetensors file")]
    HeaderLength {
        /// What the first eight bytes say.
        found: u64,
    },
    /// The header does not begin with `{`.
    #[error("the header begins with byte {found:#04x} instead of `{{`: not a safetensors file")]
    NotAnObject {
        /// The byte at offset 8.
        found: u8,
    },
    /// The header is not JSON of the expected shape, or names a tensor twice.
    #[error("the header is not valid")]
    Json(#[source] serde_json::Error),
    /// The element count does not fit in 64 bits.
    #[error("tensor `{name}`: its shape multiplies to more than 64 bits hold")]
    Overflow {
        /// The tensor.
        name: String,
    },
    /// Shape and type say another size than the offsets.
    #[error("tensor `{name}`: shape and type take {expected} bytes, the offsets span {found}")]
    Size {
        /// The tensor.
        name: String,
        /// Bytes by shape and type.
        expected: u64,
        /// Bytes by offsets.
        found: u64,
    },
    /// A hole or an overlap.
    #[error("tensor `{name}` begins at data offset {found}, the one before it ends at {expected}")]
    NotContiguous {
        /// The tensor.
        name: String,
        /// Where the tensor before it ends.
        expected: u64,
        /// Where it begins.
        found: u64,
    },
    /// The file is longer or shorter than its tensors.
    #[error("the tensors end at byte {expected}, the file at {found}")]
    FileLength {
        /// The end of the last tensor.
        expected: u64,
        /// The length of the file.
        found: u64,
    },
}

/// Reads the header from `head`, the first bytes of a file of `file_length` bytes.
///
/// # Errors
/// [`SafetensorsError::Short`] says how many bytes to pass; the others say what is wrong.
pub fn parse(head: &[u8], file_length: u64) -> Result<Header, SafetensorsError> {
    let given = head.len() as u64;
    let length = match head.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => return Err(SafetensorsError::Short { needed: 8, given }),
    };
    if !(2..=MAX_HEADER).contains(&length) {
        return Err(SafetensorsError::HeaderLength { found: length });
    }
    if let Some(found) = head.get(8).filter(|byte| **byte != b'{') {
        return Err(SafetensorsError::NotAnObject { found: *found });
    }
    let data = 8 + length;
    let Some(json) = head.get(8..data as usize) else {
        return Err(SafetensorsError::Short { needed: data, given });
    };
    let (mut entries, metadata) = entries::read(json).map_err(SafetensorsError::Json)?;
    entries.sort_by_key(|(_, entry)| entry.data_offsets);
    let mut at = 0;
    let mut tensors = Vec::with_capacity(entries.len());
    for (name, entry) in entries {
        let tensor = place(name, entry, at, data)?;
        at = tensor.end - data;
        tensors.push(tensor);
    }
    if data + at != file_length {
        return Err(SafetensorsError::FileLength { expected: data + at, found: file_length });
    }
    Ok(Header { tensors, metadata })
}

impl Dtype {
    /// Bytes of one element.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Bool | Self::U8 | Self::I8 | Self::F8E5m2 | Self::F8E4m3 => 1,
            Self::I16 | Self::U16 | Self::F16 | Self::Bf16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }
}

impl TensorInfo {
    /// The number of elements; `parse` has checked that it fits.
    pub fn elements(&self) -> u64 {
        self.shape.iter().product()
    }
}

fn place(
    name: String,
    entry: entries::Entry,
    at: u64,
    data: u64,
) -> Result<TensorInfo, SafetensorsError> {
    let (start, end) = entry.data_offsets;
    if start != at {
        return Err(SafetensorsError::NotContiguous { name, expected: at, found: start });
    }
    let bytes = entry
        .shape
        .iter()
        .try_fold(entry.dtype.bytes(), |product, dimension| product.checked_mul(*dimension));
    let Some(bytes) = bytes else {
        return Err(SafetensorsError::Overflow { name });
    };
    let found = end.saturating_sub(start);
    if bytes != found || end < start {
        return Err(SafetensorsError::Size { name, expected: bytes, found });
    }
    match end.checked_add(data) {
        Some(end) => Ok(TensorInfo {
            name,
            dtype: entry.dtype,
            shape: entry.shape,
            start: start + data,
            end,
        }),
        None => Err(SafetensorsError::Overflow { name }),
    }
}

/// The reference reader's limit on the header.
const MAX_HEADER: u64 = 100_000_000;
