//! Titles: a text that calls itself by a known licence's name, though we do not have its words.

use std::sync::OnceLock;

use super::Document;
use crate::known::known;
use crate::matching::{Certainty, Match, Relative, Span};
use crate::words::{self, ByHash};

/// Where a title stands.
struct Title {
    which: usize,
    bytes: std::ops::Range<usize>,
    line: usize,
    heading: bool,
}

/// A match whose place bears the title of a licence that we know by its title only is that licence's;
/// a title without a text that we know is a match of its own.
pub(super) fn name(document: &Document<'_>, matches: &mut Vec<Match>) {
    for title in titles(document) {
        let one = &known()[title.which];
        let near = |one: &&mut Match| {
            let span = &one.span.bytes;
            title.bytes.end + NEAR >= span.start && title.bytes.start <= span.start + NEAR
        };
        if let Some(found) = matches.iter_mut().find(near) {
            let other = found.known.as_ref().is_some_and(|known| known.id != one.id);
            let above = title.bytes.end <= found.span.bytes.start;
            if one.origin.is_none() && other && (above || found.certainty != Certainty::Exact) {
                let told_apart_by = found.changes.iter().take(3).cloned().collect();
                let known = found.known.replace(one.clone());
                found.nearest = known.map(|known| Relative {
                    id: known.id,
                    name: known.name,
                    share: found.share,
                    told_apart_by,
                });
                found.certainty = Certainty::Title;
                found.category = None;
            }
            continue;
        }
        if title.heading
            && !matches.iter().any(|found| found.span.bytes.contains(&title.bytes.start))
        {
            matches.push(Match {
                known: Some(one.clone()),
                certainty: Certainty::Title,
                category: None,
                span: Span { bytes: title.bytes, lines: (title.line, title.line) },
                changes: Vec::new(),
                share: 0.0,
                nearest: None,
            });
        }
    }
    matches.sort_by_key(|one| one.span.bytes.start);
}

/// The lines that are a known title and little else.
fn titles(document: &Document<'_>) -> Vec<Title> {
    let text = document.text;
    let mut found = Vec::new();
    let mut word = 0;
    let (mut start, mut written) = (0, 0);
    for (line, words) in (1..).zip(text.split_inclusive('\n')) {
        let bytes = start..start + words.trim_end().len();
        start += words.len();
        let first = word;
        word += document.words[first..].partition_point(|one| (one.start as usize) < start);
        let line_words = &document.words[first..word];
        if words.trim().is_empty() {
            continue;
        }
        written += 1;
        let bare = words.trim_start();
        let marked = bare.starts_with('#') || bare.starts_with("<h") || bare.starts_with("<title");
        let heading = written <= FIRST_LINES || marked;
        if words.len() > LONGEST_LINE || line_words.len() > longest() + SPARE {
            continue;
        }
        let mut best: Option<&(usize, Vec<u64>)> = None;
        for at in 0..line_words.len() {
            for title in all().get(&line_words[at].says).map_or(&[][..], Vec::as_slice) {
                let here = line_words[at..].iter().map(|one| one.says);
                let fits = line_words.len() <= title.1.len() + SPARE
                    && line_words.len() - at >= title.1.len()
                    && here.zip(&title.1).all(|(one, other)| one == *other);
                if fits && best.is_none_or(|best| best.1.len() <= title.1.len()) {
                    best = Some(title);
                }
            }
        }
        if let Some((which, _)) = best {
            found.push(Title { which: *which, bytes, line, heading });
        }
    }
    found
}

/// Every title by its first word: whose it is, and its words.
type Titles = ByHash<Vec<(usize, Vec<u64>)>>;

fn all() -> &'static Titles {
    static ALL: OnceLock<Titles> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Titles::default();
        for (which, one) in known().iter().enumerate() {
            for title in &one.titles {
                let says: Vec<u64> = words::words(title).iter().map(|word| word.says).collect();
                if let Some(first) = says.first() {
                    all.entry(*first).or_default().push((which, says));
                }
            }
        }
        all
    })
}

/// The words of the longest title.
fn longest() -> usize {
    static LONGEST: OnceLock<usize> = OnceLock::new();
    let length = || all().values().flatten().map(|title| title.1.len()).max().unwrap_or(0);
    *LONGEST.get_or_init(length)
}

/// In bytes.
const LONGEST_LINE: usize = 200;
const NEAR: usize = 600;
/// Words beside the title on its line: a version, a date.
const SPARE: usize = 4;
/// Lines with words in which a title needs no mark.
const FIRST_LINES: usize = 6;
