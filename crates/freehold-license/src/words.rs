//! Text to words: what stays when layout, quotes, dashes, markup, case and numbering are taken away.
//!
//! A licence is its words in their order. Two texts that differ only in how they are set give the
//! same words; each word remembers where it stood, so that a quotation is the document's own.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// What it says, as [`hash`] gives it.
    pub says: u64,
    /// Its first byte in the text.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

/// The number of a word in lower case.
#[must_use]
pub fn hash(word: &str) -> u64 {
    word.bytes().fold(SEED, step)
}

/// The words of `text`, each with its place and, where asked for, spelled out. Texts beyond 4 GiB are
/// read to that point.
pub fn split(text: &str, mut each: impl FnMut(Word, &str)) {
    let mut reader = Reader { text, at: 0, word: String::with_capacity(32) };
    while let Some((start, end)) = reader.next() {
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else { return };
        let spelled = same_spelling(&reader.word);
        each(Word { says: hash(spelled), start, end }, spelled);
    }
}

/// The words of `text`.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::with_capacity(text.len() / 6);
    split(text, |word, _| all.push(word));
    all
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    word: String,
}

impl Reader<'_> {
    /// The next word's place; the word itself is in `self.word`.
    fn next(&mut self) -> Option<(usize, usize)> {
        loop {
            self.skip();
            let start = self.at;
            if start >= self.text.len() {
                return None;
            }
            self.take();
            let rest = &self.text.as_bytes()[self.at..];
            if !self.numbers_a_clause(start, rest) {
                return Some((start, self.at));
            }
        }
    }

    /// Up to the next letter or digit, over markup.
    fn skip(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b']' => self.at += 1 + target(&bytes[self.at + 1..]),
                b'<' => self.at += tag(&bytes[self.at..]).unwrap_or(1),
                b'&' => self.at += entity(&bytes[self.at..]).map_or(1, |(length, _)| length),
                byte if byte.is_ascii_alphanumeric() => return,
                0..=0x7f => self.at += 1,
                _ => match self.text[self.at..].chars().next() {
                    Some(c) if c.is_alphanumeric() => return,
                    Some(c) => self.at += c.len_utf8(),
                    None => return,
                },
            }
        }
    }

    /// One word from here: letters and digits, apostrophes within left out; a Chinese, Japanese or
    /// Korean character is a word by itself.
    fn take(&mut self) {
        self.word.clear();
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if byte.is_ascii_alphanumeric() {
                self.word.push(byte.to_ascii_lowercase().into());
                self.at += 1;
                continue;
            }
            let rest = &self.text[self.at..];
            let (mark, length) = match byte {
                b'&' => match entity(rest.as_bytes()) {
                    Some((length, true)) => (true, length),
                    _ => return,
                },
                b'\'' | b'`' => (true, 1),
                0..=0x7f => return,
                _ => {
                    let Some(c) = rest.chars().next() else { return };
                    if ideograph(c) {
                        if self.word.is_empty() {
                            self.word.push(c);
                            self.at += c.len_utf8();
                        }
                        return;
                    }
                    if c.is_alphanumeric() {
                        self.word.extend(c.to_lowercase());
                        self.at += c.len_utf8();
                        continue;
                    }
                    (matches!(c, '\u{2018}' | '\u{2019}' | '\u{b4}' | '\u{ad}'), c.len_utf8())
                }
            };
            // An apostrophe belongs to the word only where a letter follows.
            let follows = self.text.as_bytes().get(self.at + length);
            if !mark || !follows.is_some_and(u8::is_ascii_alphabetic) {
                return;
            }
            self.at += length;
        }
    }

    /// Whether what was just read is the number of a clause: `1.`, `(a)`, `iv)`, `3.2.`.
    fn numbers_a_clause(&self, start: usize, rest: &[u8]) -> bool {
        let word = self.word.as_bytes();
        let short = word.len() == 1
            || (word.len() <= 2 && word.iter().all(u8::is_ascii_digit))
            || (word.len() <= 4 && word.iter().all(|byte| b"ivx".contains(byte)));
        if !short || self.word == "c" {
            // "(c)" is also a way to write the sign for copyright: left out either way.
            return self.word == "c" && rest.first() == Some(&b')');
        }
        let before = self.text.as_bytes()[..start].last();
        match rest.first() {
            Some(b')') => true,
            Some(b'.') => {
                before != Some(&b'.')
                    && rest.get(1).is_none_or(|byte| !byte.is_ascii_alphanumeric())
            }
            _ => false,
        }
    }
}

/// The length of a tag of HTML that begins here (with all of a script or style sheet); None for
/// `<year>` and a bare `<`.
fn tag(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"<!--") {
        return Some(4);
    }
    let name: &[u8] = bytes.get(1..)?;
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let length = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'!')?;
    let name = name.get(..length)?.to_ascii_lowercase();
    let name = std::str::from_utf8(&name).ok()?;
    if !TAGS.contains(&name) {
        return None;
    }
    let close = bytes.iter().take(LONGEST_TAG).position(|byte| *byte == b'>')? + 1;
    if bytes.get(1) != Some(&b'/') && (name == "script" || name == "style") {
        let end: &[u8] = if name == "script" { b"</script" } else { b"</style" };
        let inner = bytes.get(close..)?;
        let skipped = inner
            .windows(end.len())
            .take(LONGEST_SCRIPT)
            .position(|window| window.eq_ignore_ascii_case(end));
        return Some(close + skipped.unwrap_or(0));
    }
    Some(close)
}

/// The length of a link's address behind its words, as Markdown has it: `(https://…)`; 0 if none.
fn target(bytes: &[u8]) -> usize {
    if !bytes.starts_with(b"(http") && !bytes.starts_with(b"(mailto:") {
        return 0;
    }
    let ends = |byte: &u8| *byte == b')' || byte.is_ascii_whitespace();
    match bytes.iter().take(LONGEST_TAG).position(ends) {
        Some(end) if bytes[end] == b')' => end + 1,
        _ => 0,
    }
}

/// The length of a character reference, and whether it is an apostrophe.
fn entity(bytes: &[u8]) -> Option<(usize, bool)> {
    let end = bytes.iter().take(10).position(|byte| *byte == b';')?;
    let name = bytes.get(1..end)?;
    let fine =
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
    fine.then(|| (end + 1, APOSTROPHES.contains(&name)))
}

fn ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// Hashes what is a hash already: the number of a word, or of a run of words.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().copied().fold(self.0, step);
    }

    fn write_u64(&mut self, number: u64) {
        // The table takes its place from the low bits and its tag from the high ones.
        self.0 = number ^ (number >> 32);
    }
}

/// A map by hashes.
pub(crate) type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Hashed>>;

/// Words that SPDX's matching guidelines hold for equal, and the two spellings of a web address.
fn same_spelling(word: &str) -> &str {
    if word.len() < SHORTEST_SPELLING
        || !word.starts_with(['a', 'c', 'e', 'f', 'h', 'j', 'l', 'm', 'n', 'o', 'p', 'r', 's', 'w'])
    {
        return word;
    }
    SPELLINGS.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to)
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// FNV-1a of 64 bits.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// In bytes; a longer one is taken for text.
const LONGEST_TAG: usize = 4096;
const LONGEST_SCRIPT: usize = 1 << 20;

const APOSTROPHES: [&[u8]; 6] = [b"rsquo", b"lsquo", b"apos", b"#39", b"#8217", b"#x27"];

const SHORTEST_SPELLING: usize = "https".len();
const SPELLINGS: [(&str, &str); 30] = [
    ("https", "http"),
    ("licence", "license"),
    ("licences", "licenses"),
    ("licenced", "licensed"),
    ("sublicence", "sublicense"),
    ("sublicences", "sublicenses"),
    ("acknowledgement", "acknowledgment"),
    ("acknowledgements", "acknowledgments"),
    ("analogue", "analog"),
    ("analyse", "analyze"),
    ("artefact", "artifact"),
    ("authorisation", "authorization"),
    ("authorised", "authorized"),
    ("calibre", "caliber"),
    ("cancelled", "canceled"),
    ("capitalisations", "capitalizations"),
    ("catalogue", "catalog"),
    ("categorise", "categorize"),
    ("centre", "center"),
    ("emphasised", "emphasized"),
    ("favour", "favor"),
    ("favourite", "favorite"),
    ("fulfil", "fulfill"),
    ("judgement", "judgment"),
    ("labour", "labor"),
    ("merchantability", "merchantability"),
    ("organisation", "organization"),
    ("programme", "program"),
    ("recognise", "recognize"),
    ("whilst", "while"),
];

const TAGS: [&str; 58] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "cite",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "td",
    "title",
    "tr",
    "u",
    "ul",
];
