//! What a card's sentences say of licences, beside its metadata: a "License" section, "licensed
//! under …", "non-commercial use only".

use freehold_license::{Known, mentioned};

use crate::card::Card;

/// A sentence that states a licence or a limit.
pub(super) struct Statement<'a> {
    pub(super) line: u32,
    /// The sentence.
    pub(super) words: &'a str,
    pub(super) about: About,
    /// The licences that it may mean; empty where it names none.
    pub(super) may: Vec<&'static Known>,
    /// Whether it allows no commercial use.
    pub(super) non_commercial: bool,
}

/// Which layer a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Weights,
    Code,
    Data,
}

/// The statements under a card's metadata.
pub(super) fn statements<'a>(card: &Card<'a>) -> Vec<Statement<'a>> {
    let mut found = Vec::new();
    let (mut section, mut code) = (false, false);
    for (line, text) in (card.body_line..).zip(card.body.lines()) {
        let bare = text.trim();
        if bare.starts_with("```") {
            code = !code;
        }
        if code || bare.is_empty() {
            continue;
        }
        if bare.starts_with('#') {
            section = ["licence", "license", "licensing", "terms"]
                .iter()
                .any(|word| bare.to_lowercase().contains(word));
            continue;
        }
        for words in sentences(bare) {
            found.extend(statement(line, words, section));
            if found.len() >= MOST {
                return found;
            }
        }
    }
    found
}

fn statement(line: u32, words: &str, section: bool) -> Option<Statement<'_>> {
    let low = words.to_ascii_lowercase();
    let stated = TRIGGERS.iter().find_map(|trigger| {
        let at = low.find(trigger)? + trigger.len();
        words.get(at..)
    });
    let non_commercial = NON_COMMERCIAL.iter().any(|limit| low.contains(limit));
    if stated.is_none() && !section {
        return None;
    }
    // Whose licence: that of something this was made from, or is compared with, is not ours.
    if ELSEWHERE.iter().any(|word| low.contains(word)) {
        return None;
    }
    let named = mentioned(stated.unwrap_or(words));
    let mut may: Vec<&'static Known> = Vec::new();
    for one in named.into_iter().flatten() {
        if !may.iter().any(|it| it.id == one.id) {
            may.push(one);
        }
    }
    (non_commercial || !may.is_empty()).then(|| Statement {
        line,
        words,
        about: about(&low),
        may,
        non_commercial,
    })
}

fn about(low: &str) -> About {
    let has = |words: &[&str]| words.iter().any(|word| low.contains(word));
    match () {
        () if has(&["weight", "model", "checkpoint", "parameters"]) => About::Weights,
        () if has(&["dataset", "data set", "training data", "corpus", "annotations"]) => {
            About::Data
        }
        () if has(&["code", "software", "script", "library", "repository"]) => About::Code,
        () => About::Weights,
    }
}

/// A line's sentences and list items: a licence's own dots (`4.0`) part nothing.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split(';').flat_map(|part| part.split(". ")).map(str::trim).filter(|it| !it.is_empty())
}

const TRIGGERS: [&str; 12] = [
    "licensed under",
    "licenced under",
    "released under",
    "distributed under",
    "available under",
    "published under",
    "provided under",
    "subject to the",
    "governed by the",
    "license:",
    "licence:",
    "license is",
];
const NON_COMMERCIAL: [&str; 8] = [
    "non-commercial use",
    "noncommercial use",
    "non commercial use",
    "non-commercial purposes",
    "not for commercial",
    "no commercial use",
    "research purposes only",
    "research use only",
];
/// Words of sentences about something else's licence.
const ELSEWHERE: [&str; 6] =
    ["base model", "original model", "derived from", "based on", "unlike", "built on"];
const MOST: usize = 64;
