//! What the server needs from a GGUF's metadata.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use freehold_artifact::gguf::{self, Gguf, GgufError, Scalar, Value};
use freehold_engine::ModelKind;
use freehold_types::Digest;
use ring::digest::{SHA256, digest};

use crate::StartError;

/// The facts.
pub(super) struct Head {
    pub(super) bytes: u64,
    pub(super) kind: ModelKind,
    pub(super) template: String,
    pub(super) digest: Digest,
    pub(super) bytes_per_token: u64,
    pub(super) trained_context: u32,
    pub(super) strips_first_space: bool,
    pub(super) shape: Shape,
}

/// What the working space of a pass depends on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shape {
    /// Tokens in the vocabulary.
    pub(crate) vocabulary: u64,
    /// Bytes of its longest token, or a few more.
    pub(crate) longest_token: u64,
    /// Heads of attention.
    pub(crate) heads: u64,
    /// Numbers that stand for a token within the network, where there are most of them.
    pub(crate) widest: u64,
}

/// Reads as much of the file as its metadata need.
pub(super) fn read(model: &str, file: &mut File) -> Result<Head, StartError> {
    let cannot_read = |source| StartError::Cache { path: model.into(), source };
    let bytes = file.metadata().map_err(cannot_read)?.len();
    let mut size = FIRST_TRY.min(bytes);
    loop {
        file.seek(SeekFrom::Start(0)).map_err(cannot_read)?;
        let mut head = Vec::new();
        file.by_ref().take(size).read_to_end(&mut head).map_err(cannot_read)?;
        match gguf::parse(&head, bytes) {
            Ok(gguf) => {
                file.seek(SeekFrom::Start(0)).map_err(cannot_read)?;
                let end = usize::try_from(gguf.data_start).unwrap_or(head.len()).min(head.len());
                let mut sum = [0; 32];
                sum.copy_from_slice(digest(&SHA256, &head[..end]).as_ref());
                return Ok(facts(&gguf, bytes, Digest::from_bytes(sum)));
            }
            Err(GgufError::Short { .. }) if size < bytes => {
                size = size.saturating_mul(4).min(bytes);
            }
            Err(source) => return Err(StartError::Gguf { model: model.to_owned(), source }),
        }
    }
}

fn facts(gguf: &Gguf<'_>, bytes: u64, digest: Digest) -> Head {
    let architecture = gguf.text("general.architecture").unwrap_or_default();
    let number = |key: &str| count(gguf.get(&format!("{architecture}.{key}")));
    let pooled = number("pooling_type").is_some_and(|kind| kind != 0);
    let kind = if pooled || architecture.contains("bert") {
        ModelKind::Embedding
    } else {
        ModelKind::Chat
    };
    Head {
        bytes,
        kind,
        template: gguf.text("tokenizer.chat_template").unwrap_or_default().to_owned(),
        digest,
        bytes_per_token: bytes_per_token(&number),
        strips_first_space: matches!(
            gguf.get("tokenizer.ggml.add_space_prefix"),
            Some(Value::Scalar(Scalar::Bool(true)))
        ),
        trained_context: number("context_length").map_or(0, |n| u32::try_from(n).unwrap_or(0)),
        shape: shape(gguf, &number),
    }
}

fn shape(gguf: &Gguf<'_>, number: &impl Fn(&str) -> Option<u64>) -> Shape {
    let tokens = match gguf.get("tokenizer.ggml.tokens") {
        Some(Value::Strings(tokens)) => &tokens[..],
        _ => &[],
    };
    let longest = tokens.iter().map(|token| token.len() as u64).max().unwrap_or(0).max(4);
    let width = number("embedding_length").unwrap_or(0);
    // Some architectures have one number per layer; then these are larger than usual.
    let heads = number("attention.head_count").unwrap_or(width / 32);
    let experts = number("expert_used_count").unwrap_or(1).max(1);
    let inner = number("feed_forward_length").unwrap_or(width.saturating_mul(8));
    Shape {
        vocabulary: tokens.len() as u64,
        longest_token: longest,
        heads,
        widest: width.max(inner.saturating_mul(experts)),
    }
}

/// Keys and values of all layers, as 16-bit numbers.
fn bytes_per_token(number: &impl Fn(&str) -> Option<u64>) -> u64 {
    let layers = number("block_count").unwrap_or(0);
    let heads = number("attention.head_count").unwrap_or(1).max(1);
    let groups = number("attention.head_count_kv").unwrap_or(heads);
    let width = number("embedding_length").unwrap_or(0) / heads;
    let key = number("attention.key_length").unwrap_or(width);
    let value = number("attention.value_length").unwrap_or(width);
    layers.saturating_mul(groups).saturating_mul(key.saturating_add(value)).saturating_mul(2)
}

fn count(value: Option<&Value<'_>>) -> Option<u64> {
    match value? {
        Value::Scalar(Scalar::U32(number)) => Some(u64::from(*number)),
        Value::Scalar(Scalar::U64(number)) => Some(*number),
        Value::Scalar(Scalar::I32(number)) => u64::try_from(*number).ok(),
        Value::Scalar(Scalar::U8(number)) => Some(u64::from(*number)),
        _ => None,
    }
}

/// Vocabularies make heads of a few megabytes.
const FIRST_TRY: u64 = 8 << 20;
