//! Weights: the header's rules for safetensors, metadata and chat template of GGUF.

use std::io;

use freehold_artifact::{
    gguf::{self, GgufError, Value},
    rules,
    safetensors::{self, SafetensorsError},
    template,
};

use super::{
    content::Scanner,
    window::{Bytes, part},
};

impl Scanner {
    pub(super) fn safetensors(
        &mut self,
        file: &mut dyn Bytes,
        head: &[u8],
        length: u64,
    ) -> io::Result<()> {
        let read = match safetensors::parse(head, length) {
            Err(SafetensorsError::Short { needed, .. }) if needed <= length => {
                safetensors::parse(&part(file, 0, needed)?, length)
            }
            other => other,
        };
        if let Ok(header) = &read {
            for (key, text) in &header.metadata {
                self.kept(key, text);
            }
        }
        if let Err(error) = read {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let what = source.map_or(error.to_string(), |source| format!("{error}: {source}"));
            self.say(
                &rules::SAFETENSORS,
                0,
                freehold_artifact::finding::shown(what.as_bytes(), 300),
            );
            if let SafetensorsError::FileLength { expected, .. } = error {
                self.trailing(file, expected, length)?;
            }
        }
        Ok(())
    }

    /// A text among a model's metadata: a template, or a configuration that a loader follows.
    fn kept(&mut self, key: &str, text: &str) {
        if key.starts_with("tokenizer.chat_template") || key == "chat_template" {
            for mut finding in template::check(text) {
                finding.what = format!("{key}: {}", finding.what);
                self.add(finding);
            }
        }
        if let Err(_broken) = self.embedded(text.as_bytes()) {
            self.say(&rules::NOT_READ, 0, "a text that was not read to its end");
        }
        if text.trim_start().starts_with(['{', '[']) {
            self.loose_json(text);
        }
    }

    pub(super) fn gguf(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let mut most = 1 << 20;
        loop {
            let head = part(file, 0, most)?;
            match gguf::parse(&head, length) {
                Ok(read) => {
                    for (key, value) in &read.metadata {
                        if let Value::String(text) = value {
                            self.kept(key, &String::from_utf8_lossy(text));
                            self.embedded(text)?;
                        }
                    }
                    let tail = length.saturating_sub(TAIL);
                    let last = part(file, tail, TAIL)?;
                    self.embedded(&last)?;
                    return Ok(());
                }
                Err(GgufError::Short { .. }) if most < length && most < MOST_METADATA => most *= 4,
                Err(GgufError::Short { .. }) => {
                    self.say(&rules::NOT_READ, most, "its metadata are larger than is read");
                    return Ok(());
                }
                Err(error) => {
                    self.say(&rules::GGUF, 0, error.to_string());
                    return Ok(());
                }
            }
        }
    }
}

/// Bytes at the end in which something appended is looked for.
const TAIL: u64 = 1 << 16;
/// No published vocabulary comes near.
const MOST_METADATA: u64 = 1 << 26;
