//! From admitted files to one open GGUF file: the publisher's own, or one derived from safetensors
//! and kept in a cache under the digest of what it was derived from.

mod derive;
mod head;

use std::fs::File;

use freehold_engine::ModelKind;
use freehold_types::Digest;
use freehold_vet::{Admission, Content, Format, OpenFile};

pub(crate) use head::Shape;

use crate::{LocalAdapter, LocalModel, LocalOptions, StartError};

/// A model ready to be handed to a worker.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// Its GGUF.
    pub(crate) file: File,
    /// Length of the GGUF.
    pub(crate) bytes: u64,
    /// What it is for.
    pub(crate) kind: ModelKind,
    /// Its chat template; empty for embedding models.
    pub(crate) template: String,
    /// Digest of all metadata of the GGUF: settings, tokenizer and chat template.
    pub(crate) template_digest: Digest,
    /// Bytes of memory per token of context.
    pub(crate) bytes_per_token: u64,
    /// Tokens of context as trained; 0 if the file does not say.
    pub(crate) trained_context: u32,
    /// Whether the space that begins an answer belongs to its tokenizer and not to the answer.
    pub(crate) strips_first_space: bool,
    /// What the working space depends on.
    pub(crate) shape: Shape,
}

/// Opens a model's GGUF, deriving it if need be. Every file is checked against its digest first.
pub(crate) fn prepare(model: &LocalModel, options: &LocalOptions) -> Result<Prepared, StartError> {
    let name = &model.name;
    let files = reopen(name, &model.admission)?;
    let mut file = match model.admission.format() {
        Format::Gguf => single(name, &model.admission, files)?,
        Format::Safetensors => derive::model(name, &model.admission, &files, options)?,
    };
    let head = head::read(name, &mut file)?;
    let kind = model.kind.unwrap_or(head.kind);
    if kind == ModelKind::Chat && head.template.is_empty() {
        return Err(StartError::NoTemplate { model: name.clone() });
    }
    Ok(Prepared {
        file,
        bytes: head.bytes,
        kind,
        template: head.template,
        template_digest: head.digest,
        bytes_per_token: head.bytes_per_token,
        trained_context: head.trained_context,
        strips_first_space: head.strips_first_space,
        shape: head.shape,
    })
}

/// Opens an adapter's GGUF, deriving it if need be.
pub(crate) fn prepare_adapter(
    adapter: &LocalAdapter,
    base: &LocalModel,
    options: &LocalOptions,
) -> Result<File, StartError> {
    let files = reopen(&adapter.name, &adapter.admission)?;
    match adapter.admission.format() {
        Format::Gguf => single(&adapter.name, &adapter.admission, files),
        Format::Safetensors => derive::adapter(adapter, &files, base, options),
    }
}

fn reopen(model: &str, admission: &Admission) -> Result<Vec<OpenFile>, StartError> {
    admission
        .reopen()
        .map_err(|source| StartError::Vet { model: model.to_owned(), source: Box::new(source) })
}

fn single(model: &str, admission: &Admission, files: Vec<OpenFile>) -> Result<File, StartError> {
    let is_gguf =
        |name: &str| admission.file(name).is_some_and(|file| file.content == Content::Gguf);
    let mut parts: Vec<OpenFile> = files.into_iter().filter(|file| is_gguf(&file.name)).collect();
    match (parts.pop(), parts.len()) {
        (Some(one), 0) => Ok(one.file),
        (_, others) => Err(StartError::Parts { model: model.to_owned(), parts: others + 1 }),
    }
}
