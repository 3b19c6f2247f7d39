//! The licences that are known, and the words of those whose text we have.
//!
//! `data/known.json` lists them, `data/words.bin` holds their words: numbers into a vocabulary,
//! packed. Both are made by `examples/pack.rs`; a test holds that they fit together.

use std::io::Read;
use std::ops::Range;
use std::sync::OnceLock;

use freehold_catalog::LicenceCategory;
use serde::{Deserialize, Serialize};

use crate::words::{self, ByHash, Word};

/// A licence or use policy that is known by its text or its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The catalogue's id where it has one, else SPDX's, else one of our own.
    pub id: String,
    /// Its title.
    pub name: String,
    /// A licence, or a use policy beside one.
    pub kind: Kind,
    /// The category of the unchanged text. None: nobody was found to confirm one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<LicenceCategory>,
    /// Whether the id is SPDX's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spdx: bool,
    /// Other ids under which the very same text goes (`GPL-3.0-or-later` beside `GPL-3.0-only`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Where the reference text was taken from. None: known by its title only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What model cards call it, beside its id.
    #[serde(default, skip_serializing)]
    pub(crate) tags: Vec<String>,
    /// Titles that its text bears.
    #[serde(default, skip_serializing)]
    pub(crate) titles: Vec<String>,
    /// How many words the reference text has.
    #[serde(default, skip_serializing)]
    pub(crate) words: usize,
    /// The words of its title, which may be left out: the first so many.
    #[serde(default, skip_serializing)]
    pub(crate) title: usize,
    /// The first word of what may be left out at its end (how to apply it); 0 if nothing.
    #[serde(default, skip_serializing)]
    pub(crate) tail: usize,
}

impl Known {
    /// Of some words of the reference, those that a whole text has to have.
    pub(crate) fn needed(&self, words: &Range<usize>) -> Range<usize> {
        let end = if self.tail > 0 { words.end.min(self.tail) } else { words.end };
        let start = words.start.max(self.title).min(end.max(words.start));
        start..end.max(start)
    }
}

/// Where a reference text was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The package, its version and the terms of its data.
    pub from: String,
    /// The file in it.
    pub file: String,
}

/// What kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A licence or terms of use.
    Licence,
    /// The notice that a licence asks to be put at the head of files; it names the licence.
    Notice,
    /// A use policy: limits beside a licence, which grants nothing by itself.
    UsePolicy,
    /// A permission added to a licence that stands beside it (`Classpath-exception-2.0`); it grants nothing
    /// by itself.
    Exception,
}

/// All that are known: licences of models first, then SPDX's list.
pub fn known() -> &'static [Known] {
    static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();
    // The data are ours and a test reads them; were they unreadable, nothing would be recognised.
    KNOWN.get_or_init(|| serde_json::from_str(KNOWN_JSON).unwrap_or_default())
}

/// A licence by its id.
pub(crate) fn licence(id: &str) -> Option<&'static Known> {
    known().iter().find(|one| one.id == id && one.kind != Kind::Notice)
}

/// The words of one of [`known`], in lower case with spaces between: what a text is compared with, not
/// the text. Empty where only a title is known.
#[must_use]
pub fn reference_words(which: usize) -> String {
    let references = References::shared();
    let words: Vec<&str> =
        references.text(which).iter().map(|word| references.spell(*word)).collect();
    words.join(" ")
}

/// The reference words.
pub(crate) struct References {
    /// Every word, in lower case; a word's number is its place here.
    vocabulary: Vec<String>,
    numbers: ByHash<u32>,
    /// One for each of [`known`], empty where only its title is known.
    texts: Vec<Vec<u32>>,
}

impl References {
    /// Unpacked once.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<References> = OnceLock::new();
        SHARED.get_or_init(|| Self::unpack().unwrap_or_else(Self::none))
    }

    /// The words of one of [`known`].
    pub(crate) fn text(&self, which: usize) -> &[u32] {
        self.texts.get(which).map_or(&[], Vec::as_slice)
    }

    /// A document's words as numbers: a reference's where they have the word, else one above all.
    pub(crate) fn number(&self, word: Word) -> u32 {
        self.numbers.get(&word.says).copied().unwrap_or(STRANGE | (word.says & 0x7fff_ffff) as u32)
    }

    /// A reference's word spelled out; empty for a document's own.
    pub(crate) fn spell(&self, number: u32) -> &str {
        self.vocabulary.get(number as usize).map_or("", String::as_str)
    }

    fn unpack() -> Option<Self> {
        let mut plain = Vec::new();
        lzma_rust2::XzReader::new(WORDS, false).read_to_end(&mut plain).ok()?;
        let (length, rest) = plain.split_first_chunk::<4>()?;
        let (spelled, numbers) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let vocabulary: Vec<String> =
            std::str::from_utf8(spelled).ok()?.lines().map(str::to_owned).collect();
        let mut numbers =
            numbers.chunks_exact(2).map(|pair| u32::from(u16::from_le_bytes([pair[0], pair[1]])));
        let texts = known().iter().map(|one| numbers.by_ref().take(one.words).collect()).collect();
        let mut by_hash = ByHash::default();
        by_hash.reserve(vocabulary.len());
        for (number, word) in (0..).zip(&vocabulary) {
            by_hash.insert(words::hash(word), number);
        }
        Some(Self { vocabulary, numbers: by_hash, texts })
    }

    fn none() -> Self {
        Self { vocabulary: Vec::new(), numbers: ByHash::default(), texts: Vec::new() }
    }
}

/// The bit that no reference's word has.
const STRANGE: u32 = 1 << 31;

const KNOWN_JSON: &str = include_str!("../data/known.json");
const WORDS: &[u8] = include_bytes!("../data/words.bin");
