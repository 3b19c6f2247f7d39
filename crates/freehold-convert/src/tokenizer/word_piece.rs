//! WordPiece (BERT): llama.cpp marks the beginning of a word where the file marks the rest.

use serde_json::Value;

use super::{
    file::TokenizerFile,
    vocabulary::{TokenKind, Vocabulary},
};
use crate::{ConvertError, config::Config, gguf::Metadata};

pub(super) fn describe(
    file: &TokenizerFile,
    config: &Config,
    metadata: &mut Metadata,
) -> Result<(), ConvertError> {
    let prefix = file.model.continuing_subword_prefix.as_deref().unwrap_or("##");
    require_bert("normalizer", file.normalizer.as_ref(), "BertNormalizer")?;
    require_bert("pre-tokenizer", file.pre_tokenizer.as_ref(), "BertPreTokenizer")?;
    let mut vocabulary = Vocabulary::new(config)?;
    for (token, id) in file.ids() {
        vocabulary.set(id, token, TokenKind::Normal, 0.0)?;
    }
    vocabulary.add_from_file(file)?;
    for (text, kind) in vocabulary.texts.iter_mut().zip(&vocabulary.kinds) {
        if *kind != TokenKind::Control {
            *text = match text.strip_prefix(prefix) {
                Some(rest) => rest.to_owned(),
                None => format!("\u{2581}{text}"),
            };
        }
    }
    metadata.set("tokenizer.ggml.model", "bert");
    // llama.cpp has one rule for WordPiece and reads no name.
    metadata.set("tokenizer.ggml.pre", "default");
    vocabulary.describe(false, metadata);
    Ok(())
}

fn require_bert(
    part: &'static str,
    value: Option<&Value>,
    only: &'static str,
) -> Result<(), ConvertError> {
    let found = value.and_then(|value| value.get("type")).and_then(Value::as_str);
    match found {
        Some(found) if found == only => Ok(()),
        _ => {
            let found = value.map_or_else(|| "none".to_owned(), Value::to_string);
            Err(ConvertError::UnknownTokenizer { part, found })
        }
    }
}
