//! Changing a value inside JSON without reading or writing the rest of it.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};

/// Where `part`, a slice borrowed from `whole`, lies in it. `None` if it does not lie there.
pub fn span_in(whole: &[u8], part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some(start..end)
}

/// Replacements of ranges of one text, applied in one copy.
#[derive(Debug, Default)]
pub struct Splice {
    edits: Vec<(Range<usize>, Bytes)>,
}

impl Splice {
    /// Nothing to change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces a range; an empty range inserts. Ranges may come in any order but not overlap.
    pub fn replace(&mut self, range: Range<usize>, with: impl Into<Bytes>) {
        self.edits.push((range, with.into()));
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The changed text; the same bytes, uncopied, where nothing changes. A range that overlaps an
    /// earlier one or lies outside is left out.
    pub fn apply(mut self, text: &Bytes) -> Bytes {
        if self.edits.is_empty() {
            return text.clone();
        }
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let added: usize = self.edits.iter().map(|(_, with)| with.len()).sum();
        let mut out = BytesMut::with_capacity(text.len() + added);
        let mut at = 0;
        for (range, with) in self.edits {
            let Some(kept) = text.get(at..range.start) else { continue };
            if range.end > text.len() || range.end < range.start {
                continue;
            }
            out.put_slice(kept);
            out.put_slice(&with);
            at = range.end;
        }
        out.put_slice(&text[at..]);
        out.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &'static str, edits: &[(Range<usize>, &'static str)], expected: &str) {
        let mut splice = Splice::new();
        for (range, with) in edits {
            splice.replace(range.clone(), *with);
        }
        assert_eq!(splice.apply(&Bytes::from_static(text.as_bytes())), expected.as_bytes());
    }

    #[test]
    fn replaces_inserts_and_leaves_the_rest() {
        check("0123456789", &[], "0123456789");
        check("0123456789", &[(8..10, "x"), (1..3, "ab"), (5..5, "-")], "0ab34-567x");
        check("0123", &[(0..0, "{"), (4..4, "}")], "{0123}");
        check("0123", &[(2..9, "x")], "0123");
        check("0123", &[(0..3, "x"), (1..2, "y")], "x3");
    }

    #[test]
    fn finds_a_part_and_nothing_else() {
        let whole = String::from("hello world");
        assert_eq!(span_in(whole.as_bytes(), &whole[6..]), Some(6..11));
        assert_eq!(span_in(&whole.as_bytes()[..8], &whole[6..]), None);
        assert_eq!(span_in(&whole.as_bytes()[7..], &whole[6..]), None);
    }
}
