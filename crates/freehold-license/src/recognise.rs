//! From a document to the licences in it.

mod title;

use crate::matching::Match;

/// The licences and use policies whose text, or title, stands in a document, in its order. Nothing
/// where the document has no licence.
#[must_use]
pub fn recognise(text: &str) -> Vec<Match> {
    title::find(text)
}
