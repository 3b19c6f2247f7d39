//! What a model card or a file *says* its licence is, as ids of licences that we know.

mod expression;
mod mentions;
#[cfg(test)]
mod tests;

use crate::known::{Kind, Known, known};

pub use expression::{Expression, ExpressionError};
pub use mentions::mentioned;

/// What a model card declares: the keys `license`, `license_name` and `license_link`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Declared<'a> {
    /// `license`: a tag of the Hub (`apache-2.0`, `llama3.1`, `other`).
    pub license: Option<&'a str>,
    /// `license_name`, given beside `other`.
    pub name: Option<&'a str>,
    /// `license_link`: an address, or the name of a file in the repository.
    pub link: Option<&'a str>,
}

/// The licences that a card's declaration may mean: one where it is plain, several where a tag names
/// a family (`gemma` has two versions, `bsd` many), none where nothing is said or known.
///
/// Where `license` is `other`, the name counts, then the link. A tag is never taken for a permissive
/// licence because it looks like one: names are compared whole.
#[must_use]
pub fn declared(card: Declared<'_>) -> Vec<&'static Known> {
    let tag = card.license.map(str::trim).filter(|tag| !tag.is_empty());
    match tag.map(plain).as_deref() {
        Some("other" | "unknown") | None => {
            let named = card.name.map(identify).unwrap_or_default();
            if named.is_empty() { card.link.map(linked).unwrap_or_default() } else { named }
        }
        Some(_) => tag.map(identify).unwrap_or_default(),
    }
}

/// The licences that a tag, an SPDX identifier, a catalogue's id or a title names.
#[must_use]
pub fn identify(name: &str) -> Vec<&'static Known> {
    let wanted = plain(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let wanted =
        ALIASES.iter().find(|(from, _)| *from == wanted).map_or(wanted.as_str(), |(_, to)| to);
    let licences = || known().iter().filter(|one| one.kind == Kind::Licence);
    if let Some((_, members)) = FAMILIES.iter().find(|(family, _)| *family == wanted) {
        return licences().filter(|one| members.iter().any(|id| *id == one.id)).collect();
    }
    let by_id =
        |one: &&Known| plain(&one.id) == wanted || one.also.iter().any(|id| plain(id) == wanted);
    if let Some(one) = licences().find(by_id) {
        return vec![one];
    }
    let tagged: Vec<_> =
        licences().filter(|one| one.tags.iter().any(|tag| plain(tag) == wanted)).collect();
    if !tagged.is_empty() {
        return tagged;
    }
    let titled = |one: &&Known| {
        plain(&one.name) == wanted || one.titles.iter().any(|title| plain(title) == wanted)
    };
    licences().filter(titled).collect()
}

/// What lines with `SPDX-License-Identifier:` say, with the line's number from 1.
pub fn identifier_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter_map(|(number, line)| {
        let (_, said) = line.split_once("SPDX-License-Identifier:")?;
        let said = said.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
        (!said.is_empty()).then_some((number, said))
    })
}

/// The licence that a link's last parts name: `.../licenses/LICENSE-2.0` does not, but
/// `https://ai.google.dev/gemma/terms` and `https://www.llama.com/llama3_1/license/` do.
fn linked(link: &str) -> Vec<&'static Known> {
    let link = link.trim().trim_end_matches('/').to_ascii_lowercase();
    let link = link.split_once("://").map_or(link.as_str(), |(_, rest)| rest);
    let link = link.strip_prefix("www.").unwrap_or(link);
    LINKS
        .iter()
        .find(|(address, _)| *address == link)
        .map(|(_, name)| identify(name))
        .unwrap_or_default()
}

/// Letters, digits, dots and pluses in lower case, dashes between; so that `Llama 3.1` and
/// `llama-3.1` are one.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.trim().chars() {
        match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '+') => {
                plain.push(c.to_ascii_lowercase());
            }
            _ if !plain.is_empty() && !plain.ends_with('-') => plain.push('-'),
            _ => {}
        }
    }
    plain.truncate(plain.trim_end_matches('-').len());
    plain
}

/// Tags of the Hub whose SPDX identifier is spelled otherwise.
/// Source: <https://huggingface.co/docs/hub/repositories-licenses>, read 2026-11-23.
const ALIASES: [(&str, &str); 12] = [
    ("c-uda", "c-uda-1.0"),
    ("odc-by", "odc-by-1.0"),
    ("odbl", "odbl-1.0"),
    ("pddl", "pddl-1.0"),
    ("lgpl-lr", "lgpllr"),
    ("gpl-1.0", "gpl-1.0-only"),
    ("gpl-2.0", "gpl-2.0-only"),
    ("gpl-3.0", "gpl-3.0-only"),
    ("agpl-3.0", "agpl-3.0-only"),
    ("lgpl-2.1", "lgpl-2.1-only"),
    ("lgpl-3.0", "lgpl-3.0-only"),
    ("apache-license-2.0", "apache-2.0"),
];

/// Tags that name a family: what it may be.
const FAMILIES: [(&str, &[&str]); 7] = [
    ("bsd", &["BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause"]),
    (
        "cc",
        &[
            "CC0-1.0",
            "CC-BY-4.0",
            "CC-BY-SA-4.0",
            "CC-BY-NC-4.0",
            "CC-BY-NC-SA-4.0",
            "CC-BY-ND-4.0",
            "CC-BY-NC-ND-4.0",
        ],
    ),
    ("gpl", &["GPL-1.0-only", "GPL-2.0-only", "GPL-3.0-only"]),
    ("lgpl", &["LGPL-2.0-only", "LGPL-2.1-only", "LGPL-3.0-only"]),
    ("gfdl", &["GFDL-1.1-only", "GFDL-1.2-only", "GFDL-1.3-only"]),
    (
        "openrail",
        &[
            "bigscience-openrail-m",
            "bigcode-openrail-m",
            "creativeml-openrail-m",
            "creativeml-openrail-plus-plus-m",
        ],
    ),
    ("llama", &["llama-1", "llama-2-community"]),
];

/// Addresses without scheme and `www.` that stand for one licence.
const LINKS: [(&str, &str); 17] = [
    ("ai.google.dev/gemma/terms", "gemma"),
    ("apache.org/licenses/license-2.0", "apache-2.0"),
    ("apache.org/licenses/license-2.0.txt", "apache-2.0"),
    ("opensource.org/licenses/mit", "mit"),
    ("opensource.org/license/mit", "mit"),
    ("spdx.org/licenses/mit.html", "mit"),
    ("creativecommons.org/licenses/by/4.0", "cc-by-4.0"),
    ("creativecommons.org/licenses/by-sa/4.0", "cc-by-sa-4.0"),
    ("creativecommons.org/licenses/by-nc/4.0", "cc-by-nc-4.0"),
    ("creativecommons.org/licenses/by-nc-sa/4.0", "cc-by-nc-sa-4.0"),
    ("creativecommons.org/licenses/by-nd/4.0", "cc-by-nd-4.0"),
    ("creativecommons.org/licenses/by-nc-nd/4.0", "cc-by-nc-nd-4.0"),
    ("llama.com/llama3_1/license", "llama3.1"),
    ("llama.com/llama3_2/license", "llama3.2"),
    ("llama.com/llama3_3/license", "llama3.3"),
    ("llama.com/llama4/license", "llama4"),
    ("llama.meta.com/llama3/license", "llama3"),
];
