//! The token list: a text, a kind and perhaps a score for each row of the embedding.

use super::file::{AddedToken, TokenizerConfig, TokenizerFile};
use crate::{ConvertError, config::Config, config::need, gguf::Metadata, gguf::Value};

/// The kinds of tokens and their numbers (`enum llama_token_type` in `llama.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(super) enum TokenKind {
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// As many tokens as the embedding has rows.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) texts: Vec<String>,
    pub(super) kinds: Vec<TokenKind>,
    pub(super) scores: Vec<f32>,
}

impl Vocabulary {
    /// All rows unused.
    pub(super) fn new(config: &Config) -> Result<Self, ConvertError> {
        let size = need(config.vocab_size, "vocab_size")?;
        Ok(Self {
            texts: (0..size).map(|id| format!("[PAD{id}]")).collect(),
            kinds: vec![TokenKind::Unused; size as usize],
            scores: vec![-10_000.0; size as usize],
        })
    }

    pub(super) fn set(
        &mut self,
        id: u64,
        text: &str,
        kind: TokenKind,
        score: f32,
    ) -> Result<(), ConvertError> {
        let vocabulary = self.texts.len() as u64;
        let row = usize::try_from(id).ok().filter(|row| *row < self.texts.len());
        let row = row.ok_or(ConvertError::TokenOutOfRange { id, vocabulary })?;
        text.clone_into(&mut self.texts[row]);
        self.kinds[row] = kind;
        self.scores[row] = score;
        Ok(())
    }

    /// The tokens that `tokenizer.json` adds to its model. Those that `tokenizer.model` has as
    /// well stay as they are.
    pub(super) fn add_from_file(&mut self, file: &TokenizerFile) -> Result<(), ConvertError> {
        for token in &file.added_tokens {
            let known = usize::try_from(token.id)
                .ok()
                .and_then(|row| Some((self.kinds.get(row)?, self.texts.get(row)?)));
            let from_model = match known {
                Some((TokenKind::Unused | TokenKind::Normal, _)) | None => false,
                Some((_, text)) => *text == token.content,
            };
            if !from_model {
                self.add_token(token.id, token)?;
            }
        }
        Ok(())
    }

    /// The tokens that transformers adds from `tokenizer_config.json`.
    pub(super) fn add_from_settings(
        &mut self,
        settings: &TokenizerConfig,
    ) -> Result<(), ConvertError> {
        for (id, token) in &settings.added_tokens_decoder {
            if let Ok(id) = id.parse() {
                self.add_token(id, token)?;
            }
        }
        Ok(())
    }

    fn add_token(&mut self, id: u64, token: &AddedToken) -> Result<(), ConvertError> {
        if token.special || looks_special(&token.content) {
            self.set(id, &token.content, TokenKind::Control, ADDED_SCORE)
        } else {
            let text = token.content.replace('\u{2581}', " ");
            self.set(id, &text, TokenKind::UserDefined, ADDED_SCORE)
        }
    }

    /// The list under llama.cpp's keys.
    pub(super) fn describe(self, with_scores: bool, metadata: &mut Metadata) {
        metadata.set("tokenizer.ggml.tokens", Value::Texts(self.texts));
        if with_scores {
            metadata.set("tokenizer.ggml.scores", Value::F32s(self.scores));
        }
        let kinds = self.kinds.into_iter().map(|kind| kind as i32).collect();
        metadata.set("tokenizer.ggml.token_type", Value::I32s(kinds));
    }
}

/// `does_token_look_special` in llama.cpp's converter: publishers forget to mark these.
fn looks_special(text: &str) -> bool {
    matches!(text, "<pad>" | "<mask>" | "<2mass>" | "[@BOS@]")
        || (text.starts_with("<|") && text.ends_with("|>"))
        || (text.starts_with("<｜") && text.ends_with("｜>"))
        || (text.starts_with("<unused") && text.ends_with('>'))
}

/// What llama.cpp's converter gives tokens without a score.
pub(super) const ADDED_SCORE: f32 = -1000.0;
