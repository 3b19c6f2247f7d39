//! Which words of a reference stand in a document, in order.

use std::ops::Range;

use crate::words::ByHash;

/// Equal words: `length` of them, from `reference` and `document` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub reference: usize,
    pub document: usize,
    pub length: usize,
}

/// The blocks that both have in the same order. Runs of words that stand once in both are the
/// anchors; between them the longest common sequence is taken, where that is affordable.
pub(crate) fn align(reference: &[u32], document: &[u32]) -> Vec<Block> {
    let mut blocks = Vec::new();
    between(reference, document, 0..reference.len(), 0..document.len(), 5, &mut blocks);
    tidy(joined(blocks))
}

fn between(
    reference: &[u32],
    document: &[u32],
    mut theirs: Range<usize>,
    mut ours: Range<usize>,
    run: usize,
    blocks: &mut Vec<Block>,
) {
    let (left, right) = (&reference[theirs.clone()], &document[ours.clone()]);
    let head = left.iter().zip(right).take_while(|(one, other)| one == other).count();
    if head > 0 {
        blocks.push(Block { reference: theirs.start, document: ours.start, length: head });
        theirs.start += head;
        ours.start += head;
    }
    let (left, right) = (&reference[theirs.clone()], &document[ours.clone()]);
    let tail = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    theirs.end -= tail;
    ours.end -= tail;
    let (left, right) = (&reference[theirs.clone()], &document[ours.clone()]);
    if left.is_empty() || right.is_empty() {
        // Nothing between.
    } else if left.len().saturating_mul(right.len()) <= AFFORDABLE {
        longest(left, right, theirs.start, ours.start, blocks);
    } else if run > 0 {
        let anchors = anchors(left, right, run);
        let (mut from, mut at) = (theirs.start, ours.start);
        for (one, other) in anchors {
            let (one, other) = (theirs.start + one, ours.start + other);
            if one < from || other < at {
                continue;
            }
            between(reference, document, from..one, at..other, run - 1, blocks);
            blocks.push(Block { reference: one, document: other, length: run });
            (from, at) = (one + run, other + run);
        }
        between(reference, document, from..theirs.end, at..ours.end, run - 1, blocks);
    }
    if tail > 0 {
        blocks.push(Block { reference: theirs.end, document: ours.end, length: tail });
    }
}

/// Runs that stand once in both, as an ascending chain as long as can be.
fn anchors(left: &[u32], right: &[u32], run: usize) -> Vec<(usize, usize)> {
    let once = |words: &[u32]| {
        let mut seen: ByHash<usize> = ByHash::default();
        seen.reserve(words.len());
        for (at, window) in words.windows(run).enumerate() {
            seen.entry(mix(window)).and_modify(|at| *at = usize::MAX).or_insert(at);
        }
        seen
    };
    let (theirs, ours) = (once(left), once(right));
    let mut pairs: Vec<(usize, usize)> = theirs
        .iter()
        .filter(|(_, at)| **at != usize::MAX)
        .filter_map(|(hash, at)| {
            ours.get(hash).filter(|at| **at != usize::MAX).map(|to| (*at, *to))
        })
        .filter(|(one, other)| left[*one..one + run] == right[*other..other + run])
        .collect();
    pairs.sort_unstable();
    // The longest ascending chain, by patience.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for at in 0..pairs.len() {
        let place = ends.partition_point(|end| pairs[*end].1 < pairs[at].1);
        if place > 0 {
            before[at] = ends[place - 1];
        }
        if place == ends.len() {
            ends.push(at);
        } else {
            ends[place] = at;
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while let Some(pair) = pairs.get(at) {
        chain.push(*pair);
        at = before[at];
    }
    chain.reverse();
    chain
}

/// The longest common sequence of two short pieces.
fn longest(left: &[u32], right: &[u32], from: usize, at: usize, blocks: &mut Vec<Block>) {
    let width = right.len() + 1;
    let mut lengths = vec![0_u16; (left.len() + 1) * width];
    for one in (0..left.len()).rev() {
        for other in (0..right.len()).rev() {
            lengths[one * width + other] = if left[one] == right[other] {
                lengths[(one + 1) * width + other + 1] + 1
            } else {
                lengths[(one + 1) * width + other].max(lengths[one * width + other + 1])
            };
        }
    }
    let (mut one, mut other) = (0, 0);
    while one < left.len() && other < right.len() {
        if left[one] == right[other] {
            blocks.push(Block { reference: from + one, document: at + other, length: 1 });
            one += 1;
            other += 1;
        } else if lengths[(one + 1) * width + other] >= lengths[one * width + other + 1] {
            one += 1;
        } else {
            other += 1;
        }
    }
}

fn joined(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match joined.last_mut() {
            Some(last)
                if last.reference + last.length == block.reference
                    && last.document + last.length == block.document =>
            {
                last.length += block.length;
            }
            _ => joined.push(block),
        }
    }
    joined
}

/// Without lone words that only happen to be equal: `the` of an added clause is not the reference's.
fn tidy(mut blocks: Vec<Block>) -> Vec<Block> {
    let gap = |one: Option<&Block>, other: Option<&Block>| match (one, other) {
        (Some(one), Some(other)) => {
            (other.reference - one.reference - one.length)
                + (other.document - one.document - one.length)
        }
        _ => FAR,
    };
    let mut at = 0;
    while let Some(&this) = blocks.get(at) {
        let before = gap(at.checked_sub(1).and_then(|at| blocks.get(at)), Some(&this));
        let after = gap(Some(&this), blocks.get(at + 1));
        if this.length <= 2 && before.min(after) >= 2 && before + after > 4 * this.length + 4 {
            blocks.remove(at);
            // What stood beside it may now stand alone.
            at = at.saturating_sub(1);
        } else {
            at += 1;
        }
    }
    blocks
}

fn mix(words: &[u32]) -> u64 {
    words.iter().fold(0, |hash: u64, word| {
        (hash.rotate_left(23) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// Cells of the table for the longest common sequence; two bytes each.
const AFFORDABLE: usize = 40_000;
/// The gap to a block that is not there.
const FAR: usize = 1000;
