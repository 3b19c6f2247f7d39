//! Titles: a text that calls itself by a known licence's name, though we do not have its words.

use crate::known::known;
use crate::matching::{Certainty, Match, Span};
use crate::words::{self, Word};

/// Lines that are a known title and little else.
pub(super) fn find(text: &str) -> Vec<Match> {
    let titles: Vec<(usize, Vec<u64>)> = known()
        .iter()
        .enumerate()
        .flat_map(|(which, one)| one.titles.iter().map(move |title| (which, says(title))))
        .collect();
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if line.len() <= LONGEST_LINE {
            let line_says = says(line);
            let fits = |title: &&(usize, Vec<u64>)| {
                line_says.len() <= title.1.len() + SPARE
                    && line_says.windows(title.1.len()).any(|window| window == title.1)
            };
            if let Some((which, _)) = titles.iter().filter(fits).max_by_key(|title| title.1.len()) {
                found.push(Match {
                    known: known().get(*which).cloned(),
                    certainty: Certainty::Title,
                    category: None,
                    span: Span {
                        bytes: start..start + line.trim_end().len(),
                        lines: (number, number),
                    },
                    changes: Vec::new(),
                    share: 0.0,
                    nearest: None,
                });
            }
        }
        start += line.len();
    }
    found
}

fn says(text: &str) -> Vec<u64> {
    words::words(text).into_iter().map(|Word { says, .. }| says).collect()
}

/// In bytes.
const LONGEST_LINE: usize = 200;
/// Words beside the title on its line: a version, a date.
const SPARE: usize = 4;
