//! Which reference texts have something in common with a document: runs of five words, hashed.

use std::sync::OnceLock;

use crate::known::{References, known};

/// A run of words in a reference text.
#[derive(Debug, Clone, Copy)]
struct Gram {
    hash: u32,
    text: u16,
    at: u16,
}

/// A run that document and reference share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// Which of [`known`].
    pub text: u16,
    /// The word in the reference.
    pub at: u16,
    /// The word in the document.
    pub word: u32,
}

/// Every sampled run of every reference.
pub(crate) struct Grams {
    /// Ordered by hash.
    all: Vec<Gram>,
    /// Where hashes with the same first 16 bits begin.
    first: Vec<u32>,
    /// A bit for each hash's last 20 bits: most of a document's runs end here.
    filter: Vec<u64>,
    /// How many runs of each text are in `all`.
    sampled: Vec<u32>,
}

impl Grams {
    /// Made once.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Grams> = OnceLock::new();
        SHARED.get_or_init(|| Self::of(References::shared()))
    }

    /// How many runs of a text can be hit.
    pub(crate) fn sampled(&self, text: u16) -> u32 {
        self.sampled.get(usize::from(text)).copied().unwrap_or(0)
    }

    /// Adds what a document's words share with the references to `hits`, in the document's order.
    pub(crate) fn hits(&self, words: &[u32], hits: &mut Vec<Hit>) {
        for (word, run) in (0..).zip(words.windows(RUN)) {
            let hash = hash(run);
            let bit = (hash & FILTER) as usize;
            if self.filter[bit / 64] & (1 << (bit % 64)) == 0 {
                continue;
            }
            let bucket = (hash >> 16) as usize;
            let range = self.first[bucket] as usize..self.first[bucket + 1] as usize;
            let same = self.all[range].iter().filter(|gram| gram.hash == hash);
            hits.extend(same.map(|gram| Hit { text: gram.text, at: gram.at, word }));
        }
    }

    fn of(references: &References) -> Self {
        let mut all = Vec::new();
        for text in (0..u16::MAX).take(known().len()) {
            let words = references.text(usize::from(text));
            for (at, run) in (0..u16::MAX).zip(words.windows(RUN)) {
                let hash = hash(run);
                if words.len() <= SHORT || hash.is_multiple_of(SAMPLED) {
                    all.push(Gram { hash, text, at });
                }
            }
        }
        all.sort_unstable_by_key(|gram| (gram.hash, gram.text, gram.at));
        // Runs that very many texts have say little and cost much: of these a quarter is kept.
        let mut kept = Vec::with_capacity(all.len());
        for same in all.chunk_by(|one, other| one.hash == other.hash) {
            if same.len() <= COMMON || same[0].hash & 0x0c00 == 0 {
                kept.extend_from_slice(same);
            }
        }
        let mut filter = vec![0_u64; (FILTER as usize + 1) / 64];
        let mut first = vec![0_u32; (1 << 16) + 1];
        let mut sampled = vec![0_u32; known().len()];
        for gram in &kept {
            let bit = (gram.hash & FILTER) as usize;
            filter[bit / 64] |= 1 << (bit % 64);
            first[(gram.hash >> 16) as usize + 1] += 1;
            sampled[usize::from(gram.text)] += 1;
        }
        for bucket in 1..first.len() {
            first[bucket] += first[bucket - 1];
        }
        Self { all: kept, first, filter, sampled }
    }
}

fn hash(run: &[u32]) -> u32 {
    let mixed = run.iter().fold(0_u64, |hash, word| {
        (hash.rotate_left(23) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 32) as u32
}

const RUN: usize = 5;
/// Of longer texts every fourth run is kept.
const SHORT: usize = 400;
const SAMPLED: u32 = 4;
const COMMON: usize = 24;
const FILTER: u32 = (1 << 20) - 1;
