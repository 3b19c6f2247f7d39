//! Sentences beside a licence that limit it: a licence is what a document says, not only its known part.

use std::collections::HashMap;
use std::ops::Range;

use super::Document;
use super::reading::Reading;
use crate::matching::{Change, ChangeKind, Match};
use crate::place;
use crate::weigh;

/// The readings as matches, each with what limits it: sentences after it up to the next, and before
/// it from the last.
pub(super) fn matches(document: &Document<'_>, readings: &[Reading]) -> Vec<Match> {
    let places: Vec<Range<usize>> =
        readings.iter().map(|reading| document.bytes(&reading.words())).collect();
    let mut matches = Vec::with_capacity(readings.len());
    let mut weighed = Weighed::new();
    for (at, reading) in readings.iter().enumerate() {
        let after = places.get(at + 1).map_or(document.text.len(), |next| next.start);
        let mut changes = Vec::new();
        let before = at.checked_sub(1).map_or(0, |at| places[at].end);
        changes.extend(limits(document, &mut weighed, before..places[at].start.max(before), true));
        changes.extend(modified(document, before..places[at].start.max(before)));
        changes.extend(limits(
            document,
            &mut weighed,
            places[at].end..after.max(places[at].end),
            false,
        ));
        matches.push(reading.matched(document, changes));
    }
    matches
}

/// `Modified MIT License`: a title before the text that takes it back.
fn modified(document: &Document<'_>, before: Range<usize>) -> Option<Change> {
    let text = document.text;
    let from = place::floor(text, before.start.max(before.end.saturating_sub(TITLES_WITHIN)));
    let mut end = before.end;
    for line in text[from..before.end].split_inclusive('\n').rev().take(TITLE_LINES) {
        let start = end - line.len();
        let words = weigh::spelled(line);
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        // On the text's own line the title's last words are the text's.
        let title = end == before.end || any(&["license", "licensed", "agreement", "terms"]);
        if words.len() <= LONGEST_TITLE && title && any(&TAKES_BACK) {
            return Some(Change {
                kind: ChangeKind::Beside,
                here: Some(document.quotation(start..end)),
                reference: String::new(),
            });
        }
        end = start;
    }
    None
}

/// Sentences, by where they stand, and whether they limit: what stands between two licences is looked at
/// for both.
type Weighed = HashMap<(usize, usize), bool>;

fn limits(
    document: &Document<'_>,
    weighed: &mut Weighed,
    within: Range<usize>,
    licence_follows: bool,
) -> Vec<Change> {
    let text = document.text;
    let within = if within.len() <= FARTHEST {
        within
    } else if licence_follows {
        place::floor(text, within.end - FARTHEST)..within.end
    } else {
        within.start..place::floor(text, within.start + FARTHEST)
    };
    let inner = &text[within.clone()];
    // Up to the next heading it is the licence's own section; under others only what speaks of
    // licensing counts.
    let own = match licence_follows {
        true => last_heading(inner).map_or(within.clone(), |at| within.start + at..within.end),
        false => first_heading(inner).map_or(within.clone(), |at| within.start..within.start + at),
    };
    let mut changes = Vec::new();
    let mut about_licensing = false;
    for sentence in place::sentences(text, within) {
        let range = place::floor(text, sentence.start)..place::floor(text, sentence.end);
        let Some(words) = text.get(range.clone()) else { continue };
        if let Some(heading) = heading(words) {
            about_licensing = weigh::limits_heading(heading);
        }
        let near = about_licensing || (own.contains(&range.start) && range.start < own.end);
        let place = (range.start, range.end);
        if near && *weighed.entry(place).or_insert_with(|| weigh::limits(words)) {
            changes.push(Change {
                kind: ChangeKind::Beside,
                here: Some(document.quotation(range)),
                reference: String::new(),
            });
            if changes.len() >= MOST {
                break;
            }
        }
    }
    changes
}

fn first_heading(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && heading(line).is_some() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn last_heading(text: &str) -> Option<usize> {
    let mut at = text.len();
    for line in text.split_inclusive('\n').rev() {
        at -= line.len();
        if heading(line).is_some() {
            return Some(at);
        }
    }
    None
}

/// The heading that a line of Markdown or HTML is.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let markdown = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
    let html = line.len() > 3 && line.starts_with("<h") && line.as_bytes()[2].is_ascii_digit();
    (markdown || html).then(|| line.lines().next().unwrap_or(line))
}

const TAKES_BACK: [&str; 18] = [
    "modified",
    "variant",
    "based",
    "derived",
    "adapted",
    "amended",
    "custom",
    "extended",
    "restricted",
    "limited",
    "non",
    "not",
    "except",
    "research",
    "community",
    "noncommercial",
    "plus",
    "additional",
];
const TITLE_LINES: usize = 8;
/// In words.
const LONGEST_TITLE: usize = 12;
/// In bytes.
const TITLES_WITHIN: usize = 600;

/// In bytes, before and after.
const FARTHEST: usize = 100_000;
const MOST: usize = 20;
