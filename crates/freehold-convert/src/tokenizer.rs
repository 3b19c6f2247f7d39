//! Vocabulary, merges, special tokens and chat template, from the model's tokenizer files.

mod byte_level;
mod file;
mod pieces;
mod pre;
mod special;
mod vocabulary;
mod word_piece;

use crate::{ConvertError, Source, config::Config, gguf::Metadata};

use file::{TokenizerConfig, TokenizerFile};

/// What a family's tokenizer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenizerKind {
    /// Byte-level or SentencePiece-like: the file says which.
    Any,
    /// SentencePiece-like, without a space before the text.
    Gemma,
    /// WordPiece.
    WordPiece,
}

/// Puts the tokenizer into the metadata.
pub(crate) fn describe(
    kind: TokenizerKind,
    source: &Source<'_>,
    config: &Config,
    metadata: &mut Metadata,
) -> Result<(), ConvertError> {
    let file: Option<TokenizerFile> = source.json("tokenizer.json")?;
    let settings: TokenizerConfig = source.json("tokenizer_config.json")?.unwrap_or_default();
    let model = file.as_ref().map_or("none", |file| file.model.r#type.as_deref().unwrap_or("BPE"));
    match (kind, &file, model) {
        (TokenizerKind::WordPiece, Some(file), "WordPiece") => {
            word_piece::describe(file, config, metadata)?;
        }
        (TokenizerKind::Any, Some(file), "BPE") if !file.model.byte_fallback => {
            byte_level::describe(file, &settings, config, metadata)?;
        }
        (TokenizerKind::Any | TokenizerKind::Gemma, Some(_), "BPE")
        | (TokenizerKind::Any | TokenizerKind::Gemma, None, _) => {
            let space = kind != TokenizerKind::Gemma;
            pieces::describe(source, file.as_ref(), &settings, space, config, metadata)?;
        }
        (_, None, _) => {
            return Err(ConvertError::MissingFile { file: "tokenizer.json".to_owned() });
        }
        (_, Some(_), found) => {
            let found = found.to_owned();
            return Err(ConvertError::UnknownTokenizer { part: "model", found });
        }
    }
    special::describe(source, file.as_ref(), settings, config, metadata);
    Ok(())
}
