//! Licences that a sentence names.

use std::{collections::HashMap, sync::OnceLock};

use super::{ALIASES, FAMILIES, identify, plain};
use crate::known::{Kind, Known, known};

/// The licences that a sentence names, in order; one entry for each name, several licences where the
/// name is a family's. Names are compared whole; a lone word that is also an ordinary one
/// (`Python`, `Intel`) is none.
#[must_use]
pub fn mentioned(sentence: &str) -> Vec<Vec<&'static Known>> {
    let words: Vec<&str> =
        sentence.split(|c: char| c.is_whitespace() || "()[]{}<>\"'`*|,;“”".contains(c)).collect();
    let words: Vec<&str> = words
        .iter()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let most = (words.len() - at).min(LONGEST);
        let named = (1..=most).rev().find_map(|length| {
            let name = loose(&words[at..at + length].join(" "));
            let plain_word = length == 1 && !name.chars().any(|c| c.is_ascii_digit());
            if plain_word && !ALONE.contains(&name.as_str()) {
                return None;
            }
            names().get(&name).map(|known| (length, known.clone()))
        });
        match named {
            Some((length, known)) => {
                found.push(known);
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Every name of every licence, as [`loose`] writes it.
fn names() -> &'static HashMap<String, Vec<&'static Known>> {
    static NAMES: OnceLock<HashMap<String, Vec<&'static Known>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: HashMap<String, Vec<&'static Known>> = HashMap::new();
        for one in known().iter().filter(|one| one.kind == Kind::Licence) {
            let called = [&one.id, &one.name].into_iter();
            for name in called.chain(&one.also).chain(&one.tags).chain(&one.titles) {
                add(&mut names, loose(name), one);
            }
            // `CC-BY-NC` without its version is any of them.
            if let Some((family, _)) = one.id.rsplit_once('-').filter(|_| one.id.starts_with("CC-"))
            {
                add(&mut names, loose(family), one);
            }
        }
        for name in ALIASES.iter().map(|it| it.0).chain(FAMILIES.iter().map(|it| it.0)) {
            names.entry(loose(name)).or_insert_with(|| identify(name));
        }
        names.retain(|name, known| !name.is_empty() && !known.is_empty());
        names
    })
}

fn add(names: &mut HashMap<String, Vec<&'static Known>>, name: String, one: &'static Known) {
    let entry = names.entry(name).or_default();
    if !entry.iter().any(|it| it.id == one.id) {
        entry.push(one);
    }
}

/// A name without what people leave out or write in two ways.
fn loose(name: &str) -> String {
    let mut name = format!("-{}-", plain(name));
    for (from, to) in [
        ("-non-commercial-", "-noncommercial-"),
        ("-share-alike-", "-sharealike-"),
        ("-no-derivatives-", "-noderivatives-"),
        ("-no-derivs-", "-noderivatives-"),
        ("-international-", "-"),
        ("-the-", "-"),
        ("-version-", "-"),
        ("-public-license-", "-publiclicense-"),
        ("-licence-", "-"),
        ("-license-", "-"),
    ] {
        name = name.replace(from, to);
    }
    name.trim_matches('-').to_owned()
}

/// Lone words that mean a licence wherever a licence is spoken of.
const ALONE: [&str; 10] =
    ["mit", "isc", "gpl", "agpl", "lgpl", "zlib", "unlicense", "wtfpl", "openrail", "cc0"];
/// Words of the longest name anybody writes out.
const LONGEST: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_licences() {
        let check = |sentence: &str, wanted: &[&str]| {
            let said: Vec<String> = mentioned(sentence)
                .iter()
                .map(|may| may.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join("|"))
                .collect();
            assert_eq!(said, wanted, "{sentence}");
        };
        check("licensed under CC BY-NC 4.0 and free", &["CC-BY-NC-4.0"]);
        check("the Apache License, Version 2.0.", &["Apache-2.0"]);
        check("Apache-2.0", &["Apache-2.0"]);
        check("[MIT License](LICENSE)", &["MIT"]);
        check("MIT or Apache 2.0", &["MIT", "Apache-2.0"]);
        check("Creative Commons Attribution-NonCommercial 4.0 International", &["CC-BY-NC-4.0"]);
        check("written in Python on Intel machines", &[]);
        check("the model is fast", &[]);
    }
}
