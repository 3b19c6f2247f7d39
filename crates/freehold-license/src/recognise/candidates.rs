//! Pieces of a document that may be a reference text: enough shared runs, near to each other.

use std::ops::Range;

use crate::grams::{Grams, Hit};

/// A reference and where in the document it may stand.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Which of the known.
    pub text: u16,
    /// Words of the document, generously.
    pub words: Range<usize>,
    /// The shared runs, counted once.
    pub shared: usize,
    /// Of the reference's runs, how many are shared: 0 to 1.
    pub share: f32,
}

impl Candidate {
    /// How good a guess: much of the document's words, and much of the reference's.
    pub(super) fn promise(&self) -> f32 {
        self.shared as f32 * (0.2 + self.share)
    }
}

/// The candidates among hits, which are in the document's order; `length` of a reference in words.
pub(super) fn candidates(
    hits: &[Hit],
    free: impl Fn(usize) -> bool,
    length: impl Fn(u16) -> usize,
    total: usize,
) -> Vec<Candidate> {
    let grams = Grams::shared();
    let mut found = Vec::new();
    for of_text in by_text(hits) {
        let text = of_text[0].text;
        let sampled = grams.sampled(text).max(1);
        let length = length(text);
        let of_text: Vec<Hit> = of_text.into_iter().filter(|hit| free(hit.word as usize)).collect();
        for near in of_text.chunk_by(|one, other| other.word - one.word <= GAP) {
            let mut places: Vec<u16> = near.iter().map(|hit| hit.at).collect();
            places.sort_unstable();
            places.dedup();
            let shared = places.len();
            let share = (shared as f32 / sampled as f32).min(1.0);
            if shared < FEWEST || (share < 0.25 && shared < MANY) {
                continue;
            }
            let words = stretch(near, shared, length, total);
            found.push(Candidate { text, words, shared, share });
        }
    }
    found.sort_by(|one, other| other.promise().total_cmp(&one.promise()));
    found
}

/// The document's words in which the reference may stand: around all hits or, where it seems to stand
/// there more than once, around its first.
fn stretch(hits: &[Hit], shared: usize, length: usize, total: usize) -> Range<usize> {
    let (Some(first), Some(last)) = (hits.first(), hits.last()) else { return 0..0 };
    let slack = length / 8 + 40;
    let begin = |hit: &Hit| (hit.word as usize).saturating_sub(usize::from(hit.at));
    let end = |hit: &Hit| hit.word as usize + length.saturating_sub(usize::from(hit.at));
    let span = (last.word - first.word) as usize;
    if span <= length * 3 / 2 + GAP as usize && hits.len() <= shared + shared / 2 {
        return begin(first).saturating_sub(slack)..(end(last) + slack).min(total);
    }
    if hits.len() <= shared + shared / 3 {
        return (first.word as usize).saturating_sub(slack)..(end(last) + slack).min(total);
    }
    // Hits of one copy agree on where its first word would stand.
    let width = length / 6 + 60;
    let mut votes: Vec<usize> = hits.iter().map(|hit| begin(hit) / width).collect();
    votes.sort_unstable();
    let most = votes.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
    let best = votes.chunk_by(|a, b| a == b).find(|same| same.len() * 10 >= most * 7);
    let from = best.and_then(|same| same.first()).map_or(0, |bucket| bucket * width);
    from.saturating_sub(slack)..(from + width + length + slack).min(total)
}

/// The hits of each text, each still in the document's order.
fn by_text(hits: &[Hit]) -> Vec<Vec<Hit>> {
    let most = hits.iter().map(|hit| usize::from(hit.text) + 1).max().unwrap_or(0);
    let mut counts = vec![0_usize; most];
    for hit in hits {
        counts[usize::from(hit.text)] += 1;
    }
    let mut sorted: Vec<Vec<Hit>> = counts.iter().map(|count| Vec::with_capacity(*count)).collect();
    for hit in hits {
        sorted[usize::from(hit.text)].push(*hit);
    }
    sorted.retain(|of_text| of_text.len() >= FEWEST);
    sorted
}

/// Words between two hits of one copy, at most.
const GAP: u32 = 400;
/// Fewer shared runs say nothing.
const FEWEST: usize = 4;
/// So many say something even of a long text.
const MANY: usize = 10;
