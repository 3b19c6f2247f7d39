//! `tokenizer.json` and `tokenizer_config.json`, the parts that matter.
//!
//! The former is the `tokenizers` library's own format
//! (<https://github.com/huggingface/tokenizers>), the latter transformers'.

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};

/// `tokenizer.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenizerFile {
    pub(super) model: Model,
    pub(super) added_tokens: Vec<AddedToken>,
    pub(super) normalizer: Option<Value>,
    pub(super) pre_tokenizer: Option<Value>,
    pub(super) post_processor: Option<Value>,
    pub(super) decoder: Option<Value>,
}

/// Its `model`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Model {
    pub(super) r#type: Option<String>,
    pub(super) vocab: Vocab,
    pub(super) merges: Vec<Merge>,
    pub(super) byte_fallback: bool,
    pub(super) ignore_merges: bool,
    pub(super) continuing_subword_prefix: Option<String>,
    pub(super) end_of_word_suffix: Option<String>,
}

/// Token to id, or (for models that are refused) a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Vocab {
    Ids(BTreeMap<String, u64>),
    Other(IgnoredAny),
}

/// Two parts, in the old notation separated by a space.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Merge {
    Pair(String, String),
    Line(String),
}

/// A token outside the model's own vocabulary, or one of it with a special meaning.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct AddedToken {
    #[serde(default)]
    pub(super) id: u64,
    pub(super) content: String,
    #[serde(default)]
    pub(super) special: bool,
}

/// `tokenizer_config.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenizerConfig {
    pub(super) added_tokens_decoder: BTreeMap<String, AddedToken>,
    pub(super) add_prefix_space: Option<bool>,
    pub(super) chat_template: Option<Value>,
    #[serde(flatten)]
    pub(super) other: Map<String, Value>,
}

impl Default for Vocab {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

impl Merge {
    /// The two parts.
    pub(super) fn parts(&self) -> Option<(&str, &str)> {
        match self {
            Self::Pair(left, right) => Some((left, right)),
            Self::Line(line) => line.split_once(' '),
        }
    }
}

impl TokenizerFile {
    /// Token to id.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, u64)> {
        let ids = match &self.model.vocab {
            Vocab::Ids(ids) => Some(ids),
            Vocab::Other(_) => None,
        };
        ids.into_iter().flatten().map(|(token, id)| (token.as_str(), *id))
    }

    /// Whether its decoder takes a space off the beginning of what is decoded (`Strip`).
    pub(super) fn strips_first_space(&self) -> bool {
        let strips = |step: &Value| {
            step.get("type").is_some_and(|kind| kind == "Strip")
                && step.get("content").is_some_and(|content| content == " ")
                && step.get("start").and_then(Value::as_u64).is_some_and(|start| start > 0)
        };
        self.decoder.as_ref().is_some_and(|decoder| {
            let steps = decoder.get("decoders").and_then(Value::as_array);
            strips(decoder) || steps.is_some_and(|steps| steps.iter().any(strips))
        })
    }
}

impl TokenizerConfig {
    /// The text of a special token such as `eos`; older files nest it in an object.
    pub(super) fn token(&self, kind: &str) -> Option<&str> {
        match self.other.get(&format!("{kind}_token"))? {
            Value::String(text) => Some(text),
            Value::Object(token) => token.get("content")?.as_str(),
            _ => None,
        }
    }

    /// A switch such as `add_bos_token`.
    pub(super) fn switch(&self, kind: &str) -> Option<bool> {
        self.other.get(&format!("add_{kind}_token"))?.as_bool()
    }
}
