//! Where in a text a term stands: the clause by its number or heading, or the sentence that says it.

use std::collections::HashSet;
use std::ops::Range;

use serde::Serialize;

use crate::words;

/// A document's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quotation {
    /// The words, white space drawn together, cut at about 300 characters.
    pub words: String,
    /// The line on which they begin, from 1.
    pub line: usize,
    /// Where they stand, in bytes.
    pub bytes: Range<usize>,
}

/// The place that says a term: `hints` are words to look for (the term in our words, its effect),
/// `clause` is its number or heading as a person cites it (`1(b)`, `Attachment A`; empty if unknown).
///
/// Of the clause's sentences, or of all where the clause is not found, the one that shares most words
/// with the hints; none where hardly any is shared, so that nothing is quoted that does not say it.
#[must_use]
pub fn place(text: &str, clause: &str, hints: &[&str]) -> Option<Quotation> {
    let mut wanted = HashSet::new();
    for hint in hints {
        words::split(hint, |word, spelled| {
            if spelled.len() > 3 || spelled.bytes().all(|byte| byte.is_ascii_digit()) {
                wanted.insert(stem(spelled));
            }
            let _ = word;
        });
    }
    let within = section(text, clause);
    let found = within.clone().and_then(|within| best(text, within, &wanted));
    let found = found.or_else(|| best(text, 0..text.len(), &wanted));
    match (found, within) {
        (Some(found), _) => Some(quotation(text, found)),
        // The clause is there, and we have nothing to choose its sentence by: its beginning.
        (None, Some(within)) if wanted.is_empty() => Some(quotation(text, within)),
        _ => None,
    }
}

/// A quotation of these bytes.
pub(crate) fn quotation(text: &str, bytes: Range<usize>) -> Quotation {
    let start = floor(text, bytes.start);
    let end = floor(text, bytes.end).max(start);
    let mut quoted = String::new();
    for word in text[start..end].split_whitespace() {
        if quoted.len() + word.len() > LONGEST {
            quoted.push_str(" …");
            break;
        }
        if !quoted.is_empty() {
            quoted.push(' ');
        }
        quoted.push_str(word);
    }
    let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
    Quotation { words: quoted, line, bytes: start..end }
}

/// Sentences: up to a full stop, question mark or semicolon before white space, or an empty line.
pub(crate) fn sentences(text: &str, within: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let end = within.end.min(bytes.len());
    let mut at = within.start;
    std::iter::from_fn(move || {
        while at < end && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        if at >= end {
            return None;
        }
        let start = at;
        let mut breaks = 0;
        while at < end {
            let byte = bytes[at];
            at += 1;
            let next = bytes.get(at);
            let closes = matches!(byte, b'.' | b'?' | b'!' | b';')
                && next.is_none_or(u8::is_ascii_whitespace)
                // The number of a clause ends no sentence.
                && at - start > 4;
            breaks = if byte == b'\n' {
                breaks + 1
            } else if byte == b' ' || byte == b'\t' {
                breaks
            } else {
                0
            };
            if closes || breaks >= 2 || at - start >= LONGEST_SENTENCE {
                break;
            }
        }
        Some(start..at)
    })
}

/// The sentence that shares most with what is wanted, if it shares enough.
fn best(text: &str, within: Range<usize>, wanted: &HashSet<String>) -> Option<Range<usize>> {
    let needed = if wanted.len() > 3 { 2 } else { 1 };
    let mut top: Option<(usize, Range<usize>)> = None;
    for sentence in sentences(text, within) {
        let mut shared = HashSet::new();
        let inner = text.get(floor(text, sentence.start)..floor(text, sentence.end))?;
        words::split(inner, |_, spelled| {
            let stem = stem(spelled);
            if wanted.contains(&stem) {
                shared.insert(stem);
            }
        });
        if shared.len() >= needed && top.as_ref().is_none_or(|(most, _)| shared.len() > *most) {
            top = Some((shared.len(), sentence));
        }
    }
    top.map(|(_, sentence)| sentence)
}

/// Where the clause begins and ends: each part of `1(b)(i)` is looked for at the beginning of a line
/// after the one before; the first that is cited counts (`4, 5` is looked up as `4`).
fn section(text: &str, clause: &str) -> Option<Range<usize>> {
    let first = clause.split(',').next().unwrap_or_default().trim();
    if first.eq_ignore_ascii_case("last paragraph") {
        let trimmed = text.trim_end();
        let start = trimmed.rfind("\n\n").map_or(0, |at| at + 2);
        return Some(start..trimmed.len());
    }
    let labels: Vec<&str> =
        first.split(['(', ')']).map(str::trim).filter(|label| !label.is_empty()).collect();
    let mut within: Option<Range<usize>> = None;
    for label in labels {
        let from = within.clone().unwrap_or(0..text.len());
        let Some(start) = labelled(text, from.clone(), label) else { break };
        let end = following(label)
            .and_then(|next| labelled(text, start + 1..from.end, &next))
            .unwrap_or(from.end);
        within = Some(start..end);
    }
    within
}

/// The first line in a range that begins with a label.
fn labelled(text: &str, within: Range<usize>, label: &str) -> Option<usize> {
    let mut at = within.start;
    for line in text.get(floor(text, within.start)..floor(text, within.end))?.split_inclusive('\n')
    {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "#*_(>-§".contains(c));
        let bare = ["section ", "clause ", "article "]
            .iter()
            .find_map(|word| {
                bare.get(..word.len())
                    .filter(|head| head.eq_ignore_ascii_case(word))
                    .map(|_| &bare[word.len()..])
            })
            .unwrap_or(bare);
        if bare.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label)) {
            let after = bare[label.len()..].chars().next();
            if after.is_none_or(|c| !c.is_alphanumeric()) {
                return Some(at);
            }
        }
        at += line.len();
    }
    None
}

/// The label after this one: `2` after `1`, `c` after `b`, `iii` after `ii`.
fn following(label: &str) -> Option<String> {
    const ROMAN: [&str; 12] =
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    if let Ok(number) = label.parse::<u32>() {
        return number.checked_add(1).map(|next| next.to_string());
    }
    let low = label.to_ascii_lowercase();
    if let Some(at) = ROMAN.iter().position(|one| *one == low) {
        return ROMAN.get(at + 1).map(|next| (*next).to_owned());
    }
    match low.as_bytes() {
        [byte @ b'a'..=b'y'] => Some(char::from(byte + 1).to_string()),
        _ => None,
    }
}

/// A word without the commonest endings, so that `users` is `user`.
fn stem(word: &str) -> String {
    let bare = ["ations", "ation", "ities", "ings", "ing", "ies", "ed", "es", "s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.len() >= 4));
    bare.unwrap_or(word).to_owned()
}

/// The last character boundary at or before.
pub(crate) fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// In bytes.
const LONGEST: usize = 300;
const LONGEST_SENTENCE: usize = 4000;
