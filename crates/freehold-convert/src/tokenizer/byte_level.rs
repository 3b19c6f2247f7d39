//! Byte-level BPE (GPT-2, Llama 3, Qwen, Mistral Nemo and their kin): tokens and merges over
//! bytes shown as letters, and the name of the rule that cuts text into words first.

use super::{
    file::{TokenizerConfig, TokenizerFile},
    pre,
    vocabulary::{TokenKind, Vocabulary},
};
use crate::{ConvertError, config::Config, gguf::Metadata, gguf::Value};

pub(super) fn describe(
    file: &TokenizerFile,
    settings: &TokenizerConfig,
    config: &Config,
    metadata: &mut Metadata,
) -> Result<(), ConvertError> {
    refuse_affixes(file)?;
    let rule = pre::name(file)?;
    let mut vocabulary = Vocabulary::new(config)?;
    for (token, id) in file.ids() {
        vocabulary.set(id, token, TokenKind::Normal, 0.0)?;
    }
    vocabulary.add_from_file(file)?;
    vocabulary.add_from_settings(settings)?;
    metadata.set("tokenizer.ggml.model", "gpt2");
    metadata.set("tokenizer.ggml.pre", rule);
    vocabulary.describe(false, metadata);
    if file.strips_first_space() {
        // llama.cpp reads this for its decoder alone here: byte-level text gets no space in front.
        metadata.set("tokenizer.ggml.add_space_prefix", true);
    }
    let merges = file.model.merges.iter().filter_map(|merge| merge.parts());
    // A space inside a part would be taken for the separator; byte-level text has none otherwise.
    let merges = merges.map(|(left, right)| {
        format!("{} {}", left.replace(' ', "\u{120}"), right.replace(' ', "\u{120}"))
    });
    metadata.set("tokenizer.ggml.merges", Value::Texts(merges.collect()));
    Ok(())
}

fn refuse_affixes(file: &TokenizerFile) -> Result<(), ConvertError> {
    let affixes = [&file.model.continuing_subword_prefix, &file.model.end_of_word_suffix];
    match affixes.into_iter().flatten().find(|affix| !affix.is_empty()) {
        None => Ok(()),
        Some(found) => {
            Err(ConvertError::UnknownTokenizer { part: "affix of subwords", found: found.clone() })
        }
    }
}
