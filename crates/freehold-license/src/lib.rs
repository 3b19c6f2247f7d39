//! Recognises licence texts: which licence a text is, clause by clause, never one more permissive
//! than the text.
//!
//! [`recognise`] reads a document and says which licences stand in it, what was added, changed or
//! left out, with the words. [`declared`] reads what a model card says its licence is, [`Expression`]
//! what an SPDX expression says, and [`place`] finds where in a text a term stands.

mod align;
mod grams;
mod identify;
mod known;
mod matching;
mod place;
mod recognise;
mod weigh;
mod words;

pub use identify::{
    Declared, Expression, ExpressionError, declared, identifier_lines, identify, mentioned,
};
pub use known::{Kind, Known, Origin, known, reference_words};
pub use matching::{Certainty, Change, ChangeKind, Match, Relative, Span, overall, strictest};
pub use place::{Quotation, place};
pub use recognise::recognise;
pub use words::{Word, split};
