//! Writes GGUF version 3: header, metadata, tensor table; the tensors' bytes follow elsewhere.

use freehold_artifact::gguf::{TensorKind, ValueKind};

/// A metadata value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    U32(u32),
    F32(f32),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    F32s(Vec<f32>),
    I32s(Vec<i32>),
}

/// Metadata in the order in which it is written; setting a key again replaces its value.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    pairs: Vec<(String, Value)>,
}

/// One entry of the tensor table.
#[derive(Debug)]
pub(crate) struct TensorEntry {
    pub(crate) name: String,
    pub(crate) kind: TensorKind,
    /// The fastest-running first.
    pub(crate) dimensions: Vec<u64>,
}

impl Metadata {
    pub(crate) fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.pairs.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = value,
            None => self.pairs.push((key, value)),
        }
    }

    /// Sets the key if there is a value.
    pub(crate) fn set_some<T: Into<Value>>(&mut self, key: impl Into<String>, value: Option<T>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }
}

impl TensorEntry {
    /// Bytes of the tensor; its rows are whole blocks.
    pub(crate) fn bytes(&self) -> u64 {
        let (block, block_bytes) = self.kind.block();
        self.dimensions.iter().product::<u64>() / block * block_bytes
    }
}

/// Header, metadata and tensor table, padded to where the first tensor begins.
pub(crate) fn head(metadata: &Metadata, tensors: &[&TensorEntry]) -> Vec<u8> {
    let mut out = b"GGUF\x03\0\0\0".to_vec();
    out.extend((tensors.len() as u64).to_le_bytes());
    out.extend((metadata.pairs.len() as u64).to_le_bytes());
    for (key, value) in &metadata.pairs {
        text(key, &mut out);
        value.write(&mut out);
    }
    let mut offset = 0u64;
    for tensor in tensors {
        text(&tensor.name, &mut out);
        out.extend((tensor.dimensions.len() as u32).to_le_bytes());
        tensor.dimensions.iter().for_each(|dimension| out.extend(dimension.to_le_bytes()));
        out.extend(tensor.kind.number().to_le_bytes());
        out.extend(offset.to_le_bytes());
        offset += tensor.bytes() + padding(tensor.bytes()).len() as u64;
    }
    out.extend_from_slice(padding(out.len() as u64));
    out
}

/// The zeros that follow `bytes` bytes up to the next multiple of the alignment.
pub(crate) fn padding(bytes: u64) -> &'static [u8] {
    const ZEROS: [u8; ALIGNMENT as usize] = [0; ALIGNMENT as usize];
    &ZEROS[..(bytes.next_multiple_of(ALIGNMENT) - bytes) as usize]
}

impl Value {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::U32(value) => scalar(ValueKind::U32, value.to_le_bytes(), out),
            Self::F32(value) => scalar(ValueKind::F32, value.to_le_bytes(), out),
            Self::Bool(value) => scalar(ValueKind::Bool, [u8::from(*value)], out),
            Self::Text(value) => {
                kind(ValueKind::String, out);
                text(value, out);
            }
            Self::Texts(values) => {
                array(ValueKind::String, values.len(), out);
                values.iter().for_each(|value| text(value, out));
            }
            Self::F32s(values) => {
                array(ValueKind::F32, values.len(), out);
                out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
            Self::I32s(values) => {
                array(ValueKind::I32, values.len(), out);
                out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
    }
}

fn kind(kind: ValueKind, out: &mut Vec<u8>) {
    out.extend((kind as u32).to_le_bytes());
}

fn scalar<const N: usize>(of: ValueKind, bytes: [u8; N], out: &mut Vec<u8>) {
    kind(of, out);
    out.extend(bytes);
}

fn array(of: ValueKind, length: usize, out: &mut Vec<u8>) {
    kind(ValueKind::Array, out);
    kind(of, out);
    out.extend((length as u64).to_le_bytes());
}

fn text(value: &str, out: &mut Vec<u8>) {
    out.extend((value.len() as u64).to_le_bytes());
    out.extend_from_slice(value.as_bytes());
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::U32(value)
    }
}

impl From<f32> for Value {
    fn from(value: f32) -> Self {
        Self::F32(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// The format's default.
const ALIGNMENT: u64 = 32;
