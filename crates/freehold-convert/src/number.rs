//! Element types: reading any of them as 32-bit floating point, and writing the target's.

use freehold_artifact::{gguf::TensorKind, safetensors::Dtype};
use half::{bf16, f16};

/// How weights are stored in the GGUF. Norms, biases and position tables are always F32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputType {
    /// 32-bit floating point.
    F32,
    /// 16-bit floating point.
    F16,
    /// Upper half of 32-bit floating point.
    Bf16,
    /// Blocks of 32 signed bytes with a scale.
    Q8_0,
}

impl OutputType {
    /// The tensors' kind.
    pub(crate) const fn kind(self) -> TensorKind {
        match self {
            Self::F32 => TensorKind::F32,
            Self::F16 => TensorKind::F16,
            Self::Bf16 => TensorKind::BF16,
            Self::Q8_0 => TensorKind::Q8_0,
        }
    }

    /// `general.file_type` (`enum llama_ftype` in `llama.h`).
    pub(crate) const fn file_type(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q8_0 => 7,
            Self::Bf16 => 32,
        }
    }
}

/// The kind that holds elements of this type without change, if there is one.
pub(crate) fn same_kind(dtype: Dtype) -> Option<TensorKind> {
    match dtype {
        Dtype::F32 => Some(TensorKind::F32),
        Dtype::F16 => Some(TensorKind::F16),
        Dtype::Bf16 => Some(TensorKind::BF16),
        _ => None,
    }
}

/// Whether [`decode`] reads this type.
pub(crate) fn readable(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::F16 | Dtype::Bf16 | Dtype::F32 | Dtype::F64)
}

/// Appends the elements in `bytes`; an unreadable type appends nothing.
pub(crate) fn decode(dtype: Dtype, bytes: &[u8], out: &mut Vec<f32>) {
    match dtype {
        Dtype::F32 => out.extend(elements(bytes).map(f32::from_le_bytes)),
        Dtype::F64 => out.extend(elements(bytes).map(|b| f64::from_le_bytes(b) as f32)),
        Dtype::F16 => out.extend(elements(bytes).map(|b| f16::from_le_bytes(b).to_f32())),
        Dtype::Bf16 => out.extend(elements(bytes).map(|b| bf16::from_le_bytes(b).to_f32())),
        _ => {}
    }
}

/// Appends whole rows as elements or blocks of `kind`.
pub(crate) fn encode(kind: TensorKind, values: &[f32], out: &mut Vec<u8>) {
    if kind == TensorKind::F16 {
        out.extend(values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()));
    } else if kind == TensorKind::BF16 {
        out.extend(values.iter().flat_map(|value| bf16::from_f32(*value).to_le_bytes()));
    } else if kind == TensorKind::Q8_0 {
        values.chunks_exact(32).for_each(|block| encode_q8_0(block, out));
    } else {
        out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }
}

/// `quantize_row_q8_0_ref` in `ggml-quants.c`: the scale is the largest magnitude over 127, each
/// element its multiple of the unrounded scale, halves away from zero.
fn encode_q8_0(block: &[f32], out: &mut Vec<u8>) {
    let largest = block.iter().fold(0f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    out.extend(f16::from_f32(scale).to_le_bytes());
    out.extend(block.iter().map(|value| ((value * inverse).round() as i8).to_le_bytes()[0]));
}

fn elements<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks::<N>().0.iter().copied()
}
