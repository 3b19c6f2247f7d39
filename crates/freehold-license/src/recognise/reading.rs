//! A reference aligned to a place in a document, and what that says.

use std::ops::Range;

use super::Document;
use super::candidates::Candidate;
use crate::align::{Block, align};
use crate::known::{Kind, Known, References, known, licence};
use crate::matching::{Certainty, Change, ChangeKind, Match, Relative, Span};
use crate::weigh::{Difference, spelled, spelled_reference};

/// One reference at one place.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Which of the known.
    pub text: usize,
    blocks: Vec<Block>,
    /// The differences that matter.
    differences: Vec<Gap>,
    /// Words of the reference that stand here.
    matched: usize,
    /// Words of the reference that have to, and do not.
    missing: usize,
    /// Words of the document between that the reference has not.
    added: usize,
    /// The runner-up.
    rival: Option<Box<Reading>>,
}

/// What lies between two blocks.
#[derive(Debug, Clone)]
struct Gap {
    reference: Range<usize>,
    document: Range<usize>,
}

impl Reading {
    /// The best reading of a place among the candidates for it, with its nearest rival.
    pub(super) fn best(
        document: &Document<'_>,
        rivals: &[Candidate],
        taken: &[bool],
    ) -> Option<Self> {
        let top = rivals.first()?.promise();
        let mut readings: Vec<Self> = Vec::new();
        for candidate in rivals.iter().filter(|one| one.promise() * 3.0 >= top).take(MOST_RIVALS) {
            if readings.iter().any(|one| one.text == usize::from(candidate.text)) {
                continue;
            }
            let better = |one: &Self| one.whole() && candidate.shared * 20 <= rivals[0].shared * 21;
            if readings.len() >= 2 && readings.iter().any(better) {
                break;
            }
            readings.extend(Self::of(document, candidate, taken));
        }
        readings.sort_by_key(|one| (std::cmp::Reverse(one.value()), one.text));
        let mut readings = readings.into_iter();
        let mut best = readings.next()?;
        best.rival = readings.find(|other| other.known().id != best.known().id).map(Box::new);
        Some(best)
    }

    /// A candidate, aligned.
    fn of(document: &Document<'_>, candidate: &Candidate, taken: &[bool]) -> Option<Self> {
        let text = usize::from(candidate.text);
        let reference = References::shared().text(text);
        // Neither over what is another licence's already.
        let middle = (candidate.words.start + candidate.words.len() / 2).min(taken.len());
        let range = candidate.words.start.min(taken.len())..candidate.words.end.min(taken.len());
        let anchor = range.clone().find(|word| !taken[*word] && *word >= middle);
        let anchor = anchor.or_else(|| range.clone().find(|word| !taken[*word]))?;
        let start = (range.start..anchor)
            .rev()
            .find(|word| taken[*word])
            .map_or(range.start, |word| word + 1);
        let end = (anchor..range.end).find(|word| taken[*word]).unwrap_or(range.end);
        let blocks: Vec<Block> = align(reference, &document.numbers[start..end])
            .into_iter()
            .map(|block| Block { document: block.document + start, ..block })
            .collect();
        let (first, last) = (blocks.first()?, blocks.last()?);
        let mut gaps =
            vec![Gap { reference: 0..first.reference, document: first.document..first.document }];
        gaps.extend(blocks.windows(2).map(|pair| Gap {
            reference: pair[0].reference + pair[0].length..pair[1].reference,
            document: pair[0].document + pair[0].length..pair[1].document,
        }));
        let tail = last.document + last.length;
        gaps.push(Gap {
            reference: last.reference + last.length..reference.len(),
            document: tail..tail,
        });
        let mut reading = Self {
            text,
            matched: blocks.iter().map(|block| block.length).sum(),
            blocks,
            differences: Vec::new(),
            missing: 0,
            added: 0,
            rival: None,
        };
        for gap in gaps {
            reading.weigh(document, reference, gap);
        }
        Some(reading)
    }

    /// Takes a gap into account.
    fn weigh(&mut self, document: &Document<'_>, reference: &[u32], gap: Gap) {
        if gap.reference.is_empty() && gap.document.is_empty() {
            return;
        }
        let known = &known()[self.text];
        let references = References::shared();
        let dated = |range: &Range<usize>, words: &[u32]| {
            let digits =
                |word: &u32| references.spell(*word).bytes().any(|byte| byte.is_ascii_digit());
            words[range.clone()].iter().any(digits)
        };
        // A title may be left out; one with another date or version is another title.
        let other_title =
            dated(&gap.reference, reference) && dated(&gap.document, &document.numbers);
        let needed = if other_title { gap.reference.clone() } else { known.needed(&gap.reference) };
        let holder = |at: usize| {
            let before = &reference[at.saturating_sub(2)..at];
            before.iter().any(|word| references.spell(*word) == "copyright")
        };
        // `LICENSE-2.0` after the address in Apache's title: the title's own words again.
        let title = &reference[..known.title.min(reference.len())];
        let again = document.numbers[gap.document.clone()].iter().all(|word| title.contains(word));
        if again && gap.reference.is_empty() && gap.reference.start <= known.title {
            return;
        }
        let difference = Difference {
            reference: spelled_reference(references, &reference[needed.clone()]),
            document: spelled(&document.text[document.bytes(&gap.document)]),
            holder: holder(gap.reference.start),
        };
        if difference.matters() {
            self.missing += needed.len();
            self.added += gap.document.len();
            self.differences.push(Gap { reference: needed, ..gap });
        }
    }

    /// The document's words from the first that matches to the last.
    pub(super) fn words(&self) -> Range<usize> {
        let start = self.blocks.first().map_or(0, |block| block.document);
        start..self.blocks.last().map_or(start, |block| block.document + block.length)
    }

    /// How well it explains its place.
    pub(super) fn value(&self) -> i64 {
        let count = |words: usize| i64::try_from(words).unwrap_or(i64::MAX / 8);
        count(self.matched) * 4
            - count(self.missing) * 2
            - count(self.added) * 5
            - count(self.differences.len()) * 3
    }

    /// Whether nothing of weight differs.
    pub(super) fn whole(&self) -> bool {
        self.differences.is_empty()
    }

    /// How much of the words that have to stand there do.
    fn share(&self) -> f32 {
        let all = self.matched + self.missing;
        if all == 0 { 0.0 } else { self.matched as f32 / all as f32 }
    }

    /// Whether it is that licence, changed perhaps, and not another that borrows its words.
    pub(super) fn convincing(&self) -> bool {
        let density = self.matched as f32 / (self.words().len().max(1)) as f32;
        let share = self.share();
        (share >= 0.6 && density >= 0.4) || (self.matched >= 60 && density >= 0.6 && share >= 0.04)
    }

    pub(super) fn known(&self) -> &'static Known {
        &known()[self.text]
    }

    /// As others see it; `beside` are limits that stand before and after it.
    pub(super) fn matched(&self, document: &Document<'_>, beside: Vec<Change>) -> Match {
        let known = self.known();
        let notice = known.kind == Kind::Notice;
        let mut changes = self.changes(document);
        let share = self.share();
        let certainty = match (self.whole(), beside.is_empty()) {
            _ if notice => Certainty::Title,
            (true, true) => Certainty::Exact,
            (_, _) if share < PART => Certainty::Part,
            _ => Certainty::Variant,
        };
        changes.extend(beside);
        changes
            .sort_by_key(|change| change.here.as_ref().map_or(usize::MAX, |here| here.bytes.start));
        let nearest = self.rival.as_ref().map(|rival| rival.relative(document, &self.words()));
        Match {
            known: if notice { licence(&known.id).cloned() } else { Some(known.clone()) },
            certainty,
            category: known.category.filter(|_| certainty == Certainty::Exact),
            span: span(document, &self.words()),
            changes,
            share,
            nearest,
        }
    }

    /// As the nearest relative of what it is not.
    pub(super) fn relative(&self, document: &Document<'_>, whole: &Range<usize>) -> Relative {
        let mut told_apart_by = self.changes(document);
        // `whole` are the words of the reading that won: what it has beyond this one is a difference.
        let own = self.words();
        for beyond in [whole.start..own.start, own.end..whole.end] {
            if !beyond.is_empty() {
                told_apart_by.push(Change {
                    kind: ChangeKind::Beside,
                    here: Some(document.quotation(document.bytes(&beyond))),
                    reference: String::new(),
                });
            }
        }
        let weight = |change: &Change| {
            change.reference.len() + change.here.as_ref().map_or(0, |here| here.bytes.len())
        };
        told_apart_by.sort_by_key(|change| std::cmp::Reverse(weight(change)));
        told_apart_by.truncate(3);
        let known = self.known();
        Relative {
            id: known.id.clone(),
            name: known.name.clone(),
            share: self.share(),
            told_apart_by,
        }
    }

    fn changes(&self, document: &Document<'_>) -> Vec<Change> {
        let references = References::shared();
        let reference = references.text(self.text);
        let changes = self.differences.iter().map(|gap| {
            let here = (!gap.document.is_empty())
                .then(|| document.quotation(document.bytes(&gap.document)));
            let kind = match (gap.reference.is_empty(), gap.document.is_empty()) {
                (true, _) => ChangeKind::Added,
                (_, true) => ChangeKind::LeftOut,
                _ => ChangeKind::Replaced,
            };
            let words = spelled_reference(references, &reference[gap.reference.clone()]);
            let mut told = words[..words.len().min(LONGEST)].join(" ");
            if words.len() > LONGEST {
                told.push_str(" …");
            }
            Change { kind, here, reference: told }
        });
        changes.take(MOST_CHANGES).collect()
    }
}

/// A place, as others see it.
pub(super) fn span(document: &Document<'_>, words: &Range<usize>) -> Span {
    let bytes = document.bytes(words);
    let (first, last) = (document.line(bytes.start), document.line(bytes.end));
    Span { bytes, lines: (first, last) }
}

const MOST_RIVALS: usize = 12;
/// With less than this of the words that have to stand there it is a piece.
const PART: f32 = 0.9;
/// Words of a reference that are told of one change.
const LONGEST: usize = 60;
const MOST_CHANGES: usize = 100;
