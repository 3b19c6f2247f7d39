//! The conversion from end to end: settings, tensors, vocabulary, then the file in one pass.

use std::io::Write;

use crate::{
    ConvertError, OutputType, Source, config::Config, family, gguf, gguf::Metadata, plan::Planned,
    tokenizer,
};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The architecture as llama.cpp calls it.
    pub architecture: &'static str,
    /// Number of tensors.
    pub tensors: usize,
    /// Length of the GGUF.
    pub bytes: u64,
}

/// Converts the model and writes the GGUF to `out`. Nothing is written if it cannot be converted.
///
/// # Errors
/// [`ConvertError`] names the setting, tensor or file, what was found and what is known.
pub fn convert(
    source: &Source<'_>,
    output: OutputType,
    out: &mut dyn Write,
) -> Result<Converted, ConvertError> {
    let config = Config::read(source)?;
    let family = family::find(&config)?;
    config.refuse_quantized()?;
    let mut metadata = Metadata::default();
    metadata.set("general.architecture", family.architecture());
    metadata.set("general.type", "model");
    metadata.set("general.name", source.name);
    let tensors = family.describe(source, &config, output, &mut metadata)?;
    metadata.set("general.file_type", output.file_type());
    metadata.set("general.quantization_version", QUANTIZATION_VERSION);
    tokenizer::describe(family.tokenizer(), source, &config, &mut metadata)?;
    let bytes = write(&metadata, &tensors, out)?;
    Ok(Converted { architecture: family.architecture(), tensors: tensors.len(), bytes })
}

/// Writes head and tensors; returns the length of the file.
pub(crate) fn write(
    metadata: &Metadata,
    tensors: &[Planned<'_>],
    out: &mut dyn Write,
) -> Result<u64, ConvertError> {
    let entries: Vec<_> = tensors.iter().map(|tensor| &tensor.entry).collect();
    let head = gguf::head(metadata, &entries);
    out.write_all(&head).map_err(ConvertError::Write)?;
    let mut bytes = head.len() as u64;
    for tensor in tensors {
        tensor.write(out)?;
        bytes += tensor.entry.bytes() + gguf::padding(tensor.entry.bytes()).len() as u64;
    }
    out.flush().map_err(ConvertError::Write)?;
    Ok(bytes)
}

/// `GGML_QNT_VERSION` in `ggml.h`.
const QUANTIZATION_VERSION: u32 = 2;
