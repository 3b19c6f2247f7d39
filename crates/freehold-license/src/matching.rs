//! What was recognised, as others see it.

use std::ops::Range;

use freehold_catalog::LicenceCategory;
use serde::Serialize;

use crate::{Kind, Known, Quotation};

/// One licence text in a document, or what looks like one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Match {
    /// Which licence it is. None only for [`Certainty::Unknown`].
    pub known: Option<Known>,
    /// How certain.
    pub certainty: Certainty,
    /// The category of the text **as it stands here**: that of the licence if the text is whole and
    /// nothing of weight was added or changed, else none.
    pub category: Option<LicenceCategory>,
    /// Where in the document.
    pub span: Span,
    /// What is added, left out or replaced, against the reference, in the document's order. Noise that
    /// changes nothing (a page number, the name of a holder) is not listed.
    pub changes: Vec<Change>,
    /// How much of the reference's words stands here, 0 to 1.
    pub share: f32,
    /// The nearest other licence, and what told them apart.
    pub nearest: Option<Relative>,
}

impl Match {
    /// Whether it says under which terms something stands: a licence, or an exception that was changed.
    #[must_use]
    pub fn counts(&self) -> bool {
        match self.known.as_ref().map(|known| known.kind) {
            None | Some(Kind::Licence | Kind::Notice) => true,
            Some(Kind::UsePolicy) => false,
            Some(Kind::Exception) => self.certainty != Certainty::Exact,
        }
    }
}

/// How certain it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// All of the reference's words are here, in order, and nothing of weight beside them.
    Exact,
    /// Near to the reference, with clauses added, changed or left out: [`Match::changes`] has them.
    Variant,
    /// A piece: a good part of the reference is not here.
    Part,
    /// Only its title, or the notice that names it, stands here; or a text under its title whose words
    /// we do not have.
    Title,
    /// It reads like a licence, and is none that we know.
    Unknown,
}

/// A difference of weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Added, left out or replaced.
    pub kind: ChangeKind,
    /// The document's words (none where words are left out).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub here: Option<Quotation>,
    /// The reference's words, in lower case and without punctuation (empty where words were added).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Words that the reference has not, within the text.
    Added,
    /// Words that stand before or after the text and bear on it.
    Beside,
    /// Words of the reference that are not here.
    LeftOut,
    /// Words in the place of others.
    Replaced,
}

/// Another licence, near to the one found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relative {
    /// Its id.
    pub id: String,
    /// Its title.
    pub name: String,
    /// How much of its words stands here, 0 to 1.
    pub share: f32,
    /// The heaviest differences from it, at most three.
    pub told_apart_by: Vec<Change>,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Bytes.
    pub bytes: Range<usize>,
    /// First and last line, from 1.
    pub lines: (usize, usize),
}

/// The category of a document with these licences in it: the least permissive of all of them, none
/// where one of them is not confirmed, and none where there is no licence. Use policies, and exceptions
/// whose words nobody changed, take no right away, and are passed over.
#[must_use]
pub fn overall(matches: &[Match]) -> Option<LicenceCategory> {
    matches.iter().filter(|one| one.counts()).map(|one| one.category).reduce(strictest).flatten()
}

/// The less permissive of two categories; *not confirmed* (none) is the least permissive.
#[must_use]
pub fn strictest(
    one: Option<LicenceCategory>,
    other: Option<LicenceCategory>,
) -> Option<LicenceCategory> {
    Some(one?.max(other?))
}
