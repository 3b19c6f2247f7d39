//! The architectures that can be converted.

mod bert;
mod decoder;
mod gemma;
mod rope;

use crate::{
    ConvertError, OutputType, Source, config::Config, gguf::Metadata, plan::Planned,
    tokenizer::TokenizerKind,
};

/// An architecture as llama.cpp names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Llama 1 to 3, and whatever calls itself so.
    Llama,
    /// Mistral: Llama with a sliding window.
    Mistral,
    /// Qwen 2 and 2.5.
    Qwen2,
    /// Qwen 3, dense.
    Qwen3,
    /// Gemma 2.
    Gemma2,
    /// Gemma 3, the text part.
    Gemma3,
    /// BERT and its descendants with learned positions and WordPiece.
    Bert,
}

/// The names that `config.json` may give in `architectures`.
pub fn known_architectures() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

pub(crate) fn find(config: &Config) -> Result<Family, ConvertError> {
    let known = |name: &String| KNOWN.iter().find(|(known, _)| known == name);
    config.architectures.iter().find_map(known).map(|(_, family)| *family).ok_or_else(|| {
        ConvertError::UnknownArchitecture {
            found: config.architectures.join(", "),
            known: known_architectures().collect(),
        }
    })
}

impl Family {
    pub(crate) const fn architecture(self) -> &'static str {
        match self {
            Self::Llama | Self::Mistral => "llama",
            Self::Qwen2 => "qwen2",
            Self::Qwen3 => "qwen3",
            Self::Gemma2 => "gemma2",
            Self::Gemma3 => "gemma3",
            Self::Bert => "bert",
        }
    }

    pub(crate) const fn tokenizer(self) -> TokenizerKind {
        match self {
            Self::Llama | Self::Mistral => TokenizerKind::Any,
            Self::Qwen2 | Self::Qwen3 => TokenizerKind::Any,
            Self::Gemma2 | Self::Gemma3 => TokenizerKind::Gemma,
            Self::Bert => TokenizerKind::WordPiece,
        }
    }

    /// Puts the settings into the metadata and plans the tensors.
    pub(crate) fn describe<'a>(
        self,
        source: &Source<'a>,
        config: &Config,
        output: OutputType,
        metadata: &mut Metadata,
    ) -> Result<Vec<Planned<'a>>, ConvertError> {
        match self {
            Self::Llama | Self::Mistral | Self::Qwen2 | Self::Qwen3 => {
                decoder::describe(self, source, config, output, metadata)
            }
            Self::Gemma2 | Self::Gemma3 => gemma::describe(self, source, config, output, metadata),
            Self::Bert => bert::describe(source, config, output, metadata),
        }
    }
}

const KNOWN: [(&str, Family); 10] = [
    ("LlamaForCausalLM", Family::Llama),
    ("MistralForCausalLM", Family::Mistral),
    ("Qwen2ForCausalLM", Family::Qwen2),
    ("Qwen3ForCausalLM", Family::Qwen3),
    ("Gemma2ForCausalLM", Family::Gemma2),
    ("Gemma3ForCausalLM", Family::Gemma3),
    ("Gemma3ForConditionalGeneration", Family::Gemma3),
    ("BertModel", Family::Bert),
    ("BertForMaskedLM", Family::Bert),
    ("BertForPreTraining", Family::Bert),
];
