//! A text that reads like a licence and is none that is known.

use super::Document;
use super::reading::{Reading, span};
use crate::matching::{Certainty, Match};
use crate::weigh;

/// Adds that the document is an unknown licence where nothing, or only a small piece, was recognised
/// in a text that reads like one.
pub(super) fn name(document: &Document<'_>, matches: &mut Vec<Match>, refused: Option<&Reading>) {
    if document.words.len() < SHORTEST {
        return;
    }
    let known: usize = matches.iter().map(|one| one.span.bytes.len()).sum();
    let pieces = matches.iter().all(|one| one.certainty == Certainty::Part);
    let little = known * 3 < document.text.len();
    if !(matches.is_empty() || (pieces && little)) || !licence(document.text) {
        return;
    }
    let nearest = refused.map(|reading| reading.relative(document));
    let nearest = nearest.or_else(|| {
        let piece = matches.first()?;
        let known = piece.known.as_ref()?;
        Some(crate::Relative {
            id: known.id.clone(),
            name: known.name.clone(),
            share: piece.share,
            told_apart_by: piece.changes.iter().take(3).cloned().collect(),
        })
    });
    matches.clear();
    matches.push(Match {
        known: None,
        certainty: Certainty::Unknown,
        category: None,
        span: span(document, &(0..document.words.len())),
        changes: Vec::new(),
        share: 0.0,
        nearest,
    });
}

/// Whether a text reads like a licence: a title that says so, or many sentences of that kind.
fn licence(text: &str) -> bool {
    let sentences = weigh::legal_sentences(text);
    let titled = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(6).any(|line| {
        let words = weigh::spelled(line);
        words.len() <= 14 && words.iter().any(|word| TITLES.contains(&word.as_str()))
    });
    let enough = if titled { 2 } else { 6 };
    sentences >= enough
}

const SHORTEST: usize = 25;
const TITLES: [&str; 6] = ["license", "agreement", "terms", "policy", "eula", "sublicense"];
