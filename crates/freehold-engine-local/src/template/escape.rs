//! Keeps users from writing control tokens. A text with `<|im_end|>` in it would otherwise end its
//! own message and open one of the system's.
//!
//! Before rendering, a mark is put inside every name of a control token in the client's texts; it
//! travels through the template; after rendering the prompt is cut at the marks. The tokenizer sees
//! the pieces one after the other and finds no control token across a cut. The letters stay.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The names of a model's control tokens.
#[derive(Debug, Default)]
pub(crate) struct ControlNames {
    by_first: BTreeMap<char, Vec<String>>,
}

impl ControlNames {
    /// Names of a single letter cannot be cut and are left alone.
    pub(crate) fn new(names: &[String]) -> Self {
        let mut by_first: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for name in names.iter().filter(|name| name.chars().nth(1).is_some()) {
            if let Some(first) = name.chars().next() {
                by_first.entry(first).or_default().push(name.clone());
            }
        }
        Self { by_first }
    }

    /// Marks the names in all texts of a JSON value, keys included.
    pub(crate) fn mark(&self, value: &mut Json) {
        match value {
            Json::String(text) => {
                if let Some(marked) = self.marked(text) {
                    *text = marked;
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.mark(item)),
            Json::Object(fields) => {
                let marked = std::mem::take(fields).into_iter().map(|(key, mut value)| {
                    self.mark(&mut value);
                    (self.marked(&key).unwrap_or(key), value)
                });
                *fields = marked.collect();
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    /// The text with marks, or `None` where it needs none.
    fn marked(&self, text: &str) -> Option<String> {
        // A mark that the client wrote would cut where it likes; it goes first.
        let cleaned = text.contains(MARK).then(|| text.replace(MARK, ""));
        let text = cleaned.as_deref().unwrap_or(text);
        let mut marked: Option<String> = cleaned.clone();
        let mut copied = 0;
        for (at, letter) in text.char_indices() {
            let names = self.by_first.get(&letter).map(Vec::as_slice).unwrap_or_default();
            if !names.iter().any(|name| text[at..].starts_with(name.as_str())) {
                continue;
            }
            if copied == 0 {
                marked = Some(String::with_capacity(text.len() + 8));
            }
            let cut = at + letter.len_utf8();
            if let Some(marked) = &mut marked {
                marked.push_str(&text[copied..cut]);
                marked.push(MARK);
            }
            copied = cut;
        }
        if copied > 0
            && let Some(marked) = &mut marked
        {
            marked.push_str(&text[copied..]);
        }
        marked
    }
}

/// Cuts a rendered prompt at the marks.
pub(crate) fn pieces(prompt: &str) -> Vec<String> {
    prompt.split(MARK).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

/// A code point that Unicode promises never to assign.
const MARK: char = '\u{10fffe}';

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let names = ControlNames::new(&["<|end|>".to_owned(), "|end|>".to_owned(), "x".to_owned()]);
        let mut value = json!({"content": text});
        names.mark(&mut value);
        assert_eq!(pieces(value["content"].as_str().unwrap()), expected);
    }

    #[test]
    fn names_are_cut_and_letters_stay() {
        check("plain < text", &["plain < text"]);
        check("a<|end|>b", &["a<", "|", "end|>b"]);
        check("<|end|><|end|>", &["<", "|", "end|><", "|", "end|>"]);
        check("ü<\u{10fffe}|end|>", &["ü<", "|", "end|>"]);
        check("mark\u{10fffe} only", &["mark only"]);
        check("x", &["x"]);
        check("", &[]);
    }
}
