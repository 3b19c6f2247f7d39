//! What becomes of each tensor: its new name, its shape, and how its rows are rewritten.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use freehold_artifact::{gguf::TensorKind, safetensors::Dtype};

use crate::{
    ConvertError, OutputType,
    gguf::{TensorEntry, padding},
    number,
    source::Tensor,
};

/// One tensor of the architecture, as it stands in the safetensors.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Its name there, without the family's prefixes.
    pub(crate) name: String,
    /// Its name in the GGUF.
    pub(crate) target: String,
    /// Its row-major shape by `config.json`.
    pub(crate) shape: Vec<u64>,
    pub(crate) change: Change,
    /// Absent biases and heads are no error.
    pub(crate) needed: bool,
    /// Kept as F32 whatever the output type is.
    pub(crate) exact: bool,
}

/// What happens to a tensor's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    None,
    /// Interleaves the two halves of each of so many heads: Hugging Face rotates the first half
    /// of a head against the second, llama.cpp's `llama` rotates neighbours.
    Interleave {
        heads: u64,
    },
    /// Gemma stores its norms as difference from one.
    AddOne,
}

/// A tensor of the output and where its values come from.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    pub(crate) entry: TensorEntry,
    values: Values<'a>,
}

#[derive(Debug)]
enum Values<'a> {
    Source { tensor: Tensor<'a>, change: Change },
    Given(Vec<f32>),
}

/// Matches what the architecture wants with what the files hold. Every wanted tensor must be
/// there with its shape; every tensor there must be wanted or in `ignored`.
pub(crate) fn plan<'a>(
    architecture: &'static str,
    wanted: Vec<Wanted>,
    mut found: BTreeMap<String, Tensor<'a>>,
    ignored: impl Fn(&str) -> bool,
    output: OutputType,
) -> Result<Vec<Planned<'a>>, ConvertError> {
    let mut planned = Vec::with_capacity(wanted.len());
    let mut optional = BTreeSet::new();
    for want in wanted {
        let Some(tensor) = found.remove(&want.name) else {
            if want.needed {
                return Err(ConvertError::MissingTensor { name: want.name });
            }
            optional.insert(want.name);
            continue;
        };
        let Wanted { name, target, shape, change, exact, .. } = want;
        if tensor.shape != shape {
            return Err(ConvertError::Shape { name, expected: shape, found: tensor.shape });
        }
        if !number::readable(tensor.dtype) {
            return Err(ConvertError::ElementType { name, found: tensor.dtype });
        }
        let kind = target_kind(&target, &shape, exact, output);
        let dimensions = shape.into_iter().rev().collect();
        let entry = TensorEntry { name: target, kind, dimensions };
        planned.push(Planned { entry, values: Values::Source { tensor, change } });
    }
    match found.into_keys().find(|name| !ignored(name)) {
        Some(name) => Err(ConvertError::UnexpectedTensor { name, architecture }),
        None => Ok(planned),
    }
}

/// The element type rules of llama.cpp's converter: vectors and norms stay F32, and rows that
/// make no whole blocks become F16.
fn target_kind(target: &str, shape: &[u64], exact: bool, output: OutputType) -> TensorKind {
    let kind = output.kind();
    let row = shape.last().copied().unwrap_or(1);
    if exact || shape.len() < 2 || target.ends_with("_norm.weight") {
        TensorKind::F32
    } else if !row.is_multiple_of(kind.block().0) {
        TensorKind::F16
    } else {
        kind
    }
}

impl<'a> Planned<'a> {
    /// A tensor that no file holds.
    pub(crate) fn given(name: &str, values: Vec<f32>) -> Self {
        let dimensions = vec![values.len() as u64];
        let entry = TensorEntry { name: name.to_owned(), kind: TensorKind::F32, dimensions };
        Self { entry, values: Values::Given(values) }
    }

    /// A matrix from its parts.
    pub(crate) fn from_tensor(
        name: String,
        tensor: Tensor<'a>,
        kind: TensorKind,
        change: Change,
    ) -> Self {
        let dimensions = tensor.shape.iter().rev().copied().collect();
        let entry = TensorEntry { name, kind, dimensions };
        Self { entry, values: Values::Source { tensor, change } }
    }

    /// Writes the values and the padding after them.
    pub(crate) fn write(&self, out: &mut dyn Write) -> Result<(), ConvertError> {
        let kind = self.entry.kind;
        match &self.values {
            Values::Given(values) => {
                let mut bytes = Vec::new();
                number::encode(kind, values, &mut bytes);
                out.write_all(&bytes).map_err(ConvertError::Write)?;
            }
            Values::Source { tensor, change: Change::None }
                if number::same_kind(tensor.dtype) == Some(kind) =>
            {
                out.write_all(tensor.bytes).map_err(ConvertError::Write)?;
            }
            Values::Source { tensor, change } => write_rows(tensor, *change, kind, out)?,
        }
        out.write_all(padding(self.entry.bytes())).map_err(ConvertError::Write)
    }
}

fn write_rows(
    tensor: &Tensor<'_>,
    change: Change,
    kind: TensorKind,
    out: &mut dyn Write,
) -> Result<(), ConvertError> {
    let elements: u64 = tensor.shape.iter().product();
    // A permuted vector is a column: its elements trade places as rows of one element.
    let rows = match (tensor.shape.len(), change) {
        (0, _) => 1,
        (1, Change::None | Change::AddOne) => 1,
        _ => tensor.shape[0],
    };
    if elements == 0 {
        return Ok(());
    }
    let row_bytes = (elements / rows) as usize * width(tensor.dtype);
    let (mut values, mut bytes) = (Vec::new(), Vec::new());
    for row in 0..rows {
        let from = source_row(row, rows, change) as usize * row_bytes;
        let Some(source) = tensor.bytes.get(from..from + row_bytes) else { continue };
        number::decode(tensor.dtype, source, &mut values);
        let last = row + 1 == rows;
        if values.len() >= CHUNK || last {
            if change == Change::AddOne {
                values.iter_mut().for_each(|value| *value += 1.0);
            }
            number::encode(kind, &values, &mut bytes);
            out.write_all(&bytes).map_err(ConvertError::Write)?;
            values.clear();
            bytes.clear();
        }
    }
    Ok(())
}

/// `LlamaModel.permute` in llama.cpp's converter: of a head's rows, new row 2i is old row i, and
/// new row 2i + 1 is old row i + half.
fn source_row(row: u64, rows: u64, change: Change) -> u64 {
    match change {
        Change::Interleave { heads } if heads > 0 && rows.is_multiple_of(2 * heads) => {
            let head = rows / heads;
            let (start, within) = (row / head * head, row % head);
            start + within / 2 + within % 2 * (head / 2)
        }
        _ => row,
    }
}

fn width(dtype: Dtype) -> usize {
    dtype.bytes() as usize
}

/// Elements that are held as 32-bit numbers before they are written; a multiple of any block.
const CHUNK: usize = 1 << 16;
