//! From a document to the licences in it.
//!
//! Shared runs of words give candidates, each candidate is aligned word by word, the one that explains
//! most of its place wins, and what it leaves over is looked at again. What is beside a licence, and
//! reads like a limit, counts as part of it.

mod beside;
mod candidates;
mod reading;
mod title;
mod unknown;

use crate::grams::Grams;
use crate::known::References;
use crate::matching::Match;
use crate::words::{self, Word};
use candidates::{Candidate, candidates};
use reading::Reading;

/// The licences and use policies whose text, or title, stands in a document, in its order, or what
/// looks like a licence and is none that is known; nothing where there is neither.
///
/// Memory is about six times the document's; the time grows with its length.
#[must_use]
pub fn recognise(text: &str) -> Vec<Match> {
    let document = Document::of(text);
    let (mut readings, refused) = document.readings();
    readings.sort_by_key(|reading| reading.words().start);
    let mut matches: Vec<Match> = beside::matches(&document, &readings);
    title::name(&document, &mut matches);
    unknown::name(&document, &mut matches, refused.as_ref());
    matches
}

/// A document and its words.
pub(crate) struct Document<'a> {
    pub text: &'a str,
    pub words: Vec<Word>,
    pub numbers: Vec<u32>,
}

impl<'a> Document<'a> {
    fn of(text: &'a str) -> Self {
        let references = References::shared();
        let words = words::words(text);
        let numbers = words.iter().map(|word| references.number(*word)).collect();
        Self { text, words, numbers }
    }

    /// The bytes of some words.
    pub(crate) fn bytes(&self, words: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.words.get(words.start).map_or(self.text.len(), |word| word.start as usize);
        let end = words.end.checked_sub(1).and_then(|last| self.words.get(last));
        let end = end.map_or(start, |word| word.end as usize).max(start);
        start..end
    }

    /// What was read, no two of them in one place; and the best guess among those refused.
    fn readings(&self) -> (Vec<Reading>, Option<Reading>) {
        let mut taken = vec![false; self.numbers.len()];
        let (mut readings, mut refused) = (Vec::new(), None);
        let mut start = 0;
        loop {
            let end = (start + WINDOW).min(self.numbers.len());
            self.window(start, end, &mut taken, &mut readings, &mut refused);
            if end == self.numbers.len() {
                return (readings, refused);
            }
            start += WINDOW - OVERLAP;
        }
    }

    /// Reads one window: the hits of more would not fit in little memory.
    fn window(
        &self,
        start: usize,
        end: usize,
        taken: &mut [bool],
        readings: &mut Vec<Reading>,
        refused: &mut Option<Reading>,
    ) {
        let references = References::shared();
        let mut hits = Vec::new();
        Grams::shared().hits(&self.numbers[start..end], &mut hits);
        let last = end == self.numbers.len();
        for _ in 0..end - start {
            let free = |word: usize| !taken[start + word];
            let length = |text: u16| references.text(usize::from(text)).len();
            let mut guesses = candidates(&hits, free, length, end - start);
            for guess in &mut guesses {
                guess.words = guess.words.start + start..guess.words.end + start;
            }
            let mut any = false;
            while let Some(best) = guesses.first().cloned() {
                let rivals: Vec<Candidate> =
                    guesses.iter().filter(|one| rival(&best, one)).cloned().collect();
                guesses.retain(|one| !rival(&best, one));
                let Some(reading) = Reading::best(self, &rivals, taken) else { continue };
                let words = reading.words();
                // What begins in the overlap is whole in the next window.
                if !last && words.start >= end - OVERLAP && words.end + 64 > end {
                    continue;
                }
                if reading.convincing() {
                    taken[words].fill(true);
                    readings.push(reading);
                    any = true;
                } else if refused.as_ref().is_none_or(|one: &Reading| one.value() < reading.value())
                {
                    *refused = Some(reading);
                }
            }
            if !any {
                return;
            }
            hits.retain(|hit| !taken[start + hit.word as usize]);
        }
    }
}

/// Whether two candidates are for the same place.
fn rival(one: &Candidate, other: &Candidate) -> bool {
    let overlap =
        one.words.end.min(other.words.end).saturating_sub(one.words.start.max(other.words.start));
    overlap * 3 >= one.words.len().min(other.words.len())
}

/// In words: the longest reference has about 20,000.
const WINDOW: usize = 60_000;
const OVERLAP: usize = 24_000;
