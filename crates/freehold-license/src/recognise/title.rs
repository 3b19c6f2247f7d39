//! Titles: a text that calls itself by a known licence's name, though we do not have its words.

use std::sync::OnceLock;

use super::Document;
use crate::known::known;
use crate::matching::{Certainty, Match, Relative, Span};
use crate::words;

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
    for title in titles(document.text) {
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
fn titles(text: &str) -> Vec<Title> {
    let mut found = Vec::new();
    let (mut start, mut written) = (0, 0);
    for (line, words) in (1..).zip(text.split_inclusive('\n')) {
        let bytes = start..start + words.trim_end().len();
        start += words.len();
        if words.trim().is_empty() {
            continue;
        }
        written += 1;
        let bare = words.trim_start();
        let marked = bare.starts_with('#') || bare.starts_with("<h") || bare.starts_with("<title");
        let heading = written <= FIRST_LINES || marked;
        let says = if words.len() <= LONGEST_LINE { says(words) } else { continue };
        let fits = |title: &&(usize, Vec<u64>)| {
            says.len() <= title.1.len() + SPARE
                && says.windows(title.1.len()).any(|window| window == title.1)
        };
        if let Some((which, _)) = all().iter().filter(fits).max_by_key(|title| title.1.len()) {
            found.push(Title { which: *which, bytes, line, heading });
        }
    }
    found
}

/// Every title, as words.
fn all() -> &'static [(usize, Vec<u64>)] {
    static ALL: OnceLock<Vec<(usize, Vec<u64>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let titles = |(which, one): (usize, &'static crate::Known)| {
            one.titles.iter().map(move |title| (which, says(title)))
        };
        known().iter().enumerate().flat_map(titles).collect()
    })
}

fn says(text: &str) -> Vec<u64> {
    words::words(text).into_iter().map(|word| word.says).collect()
}

/// In bytes.
const LONGEST_LINE: usize = 200;
const NEAR: usize = 600;
/// Words beside the title on its line: a version, a date.
const SPARE: usize = 4;
/// Lines with words in which a title needs no mark.
const FIRST_LINES: usize = 6;
