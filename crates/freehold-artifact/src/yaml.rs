//! YAML, read as far as it says which objects are made: tags, and texts with the key that they
//! stand under. What stands in comments, quotes or blocks of text is no tag.
//!
//! After the specification (<https://yaml.org/spec/1.2.2/>): handles of `%TAG`, verbatim tags,
//! `%` escapes in tags, anchors of texts, folded and quoted texts. Half-broken files are read on, as
//! more lenient readers do.

use std::collections::HashMap;

/// What was met, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A tag in full, such as `tag:yaml.org,2002:python/name:os.system`.
    Tag(String),
    /// A text, with the last key before it.
    Text {
        /// Empty where there is none.
        key: String,
        /// The text without quotes.
        value: String,
    },
}

/// Reads all of it, handing on what is met.
pub fn read(text: &str, tell: &mut dyn FnMut(Event)) {
    let handles = HashMap::from([("!!".to_owned(), CORE.to_owned())]);
    let text = text.trim_start_matches('\u{feff}');
    let reader =
        Reader { rest: text, line: text, handles, anchors: HashMap::new(), key: String::new() };
    reader.all(tell);
}

struct Reader<'t> {
    rest: &'t str,
    /// The text from the beginning of the line at work.
    line: &'t str,
    handles: HashMap<String, String>,
    anchors: HashMap<String, String>,
    key: String,
}

impl<'t> Reader<'t> {
    fn all(mut self, tell: &mut dyn FnMut(Event)) {
        let (mut flow, mut column, mut anchor) = (0_usize, 0, None);
        while let Some(c) = self.rest.chars().next() {
            let after = &self.rest[c.len_utf8()..];
            let apart = after.chars().next().is_none_or(char::is_whitespace);
            let here = self.line.len() - self.rest.len();
            match c {
                '\n' => {
                    self.rest = after;
                    self.line = after;
                }
                _ if c.is_whitespace() => self.rest = after,
                '#' => self.rest = &self.rest[end_of_line(self.rest)..],
                '%' if here == 0 => self.directive(),
                '-' | '?' if apart => {
                    column = here;
                    self.rest = after;
                }
                '[' | '{' => {
                    flow += 1;
                    self.rest = after;
                }
                ']' | '}' => {
                    flow = flow.saturating_sub(1);
                    self.rest = after;
                }
                ',' | ':' => self.rest = after,
                '!' => {
                    let tag = self.tag();
                    tell(Event::Tag(tag));
                }
                '&' => anchor = Some(self.word(1)),
                _ => {
                    let value = match c {
                        '*' => {
                            let name = self.word(1);
                            self.anchors.get(&name).cloned().unwrap_or_default()
                        }
                        '|' | '>' if flow == 0 => self.block(column),
                        '"' | '\'' => self.quoted(c),
                        _ => self.plain(flow > 0),
                    };
                    // Names are short; a long text is not kept, nor handed on again and again.
                    let room = self.anchors.len() < MOST && value.len() < LONGEST;
                    if let Some(name) = anchor.take().filter(|_| room) {
                        self.anchors.insert(name, value.clone());
                    }
                    let next = self.rest.trim_start_matches([' ', '\t']);
                    let keyed = next.strip_prefix(':').is_some_and(|after| {
                        flow > 0 || after.chars().next().is_none_or(char::is_whitespace)
                    });
                    if keyed {
                        column = here;
                        self.key = value;
                    } else {
                        tell(Event::Text { key: self.key.clone(), value });
                    }
                }
            }
        }
    }

    /// `%TAG handle prefix`.
    fn directive(&mut self) {
        let (line, rest) = self.rest.split_at(end_of_line(self.rest));
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["%TAG", handle, prefix, ..] = words.as_slice()
            && self.handles.len() < MOST
        {
            self.handles.insert((*handle).to_owned(), (*prefix).to_owned());
        }
        self.rest = rest;
    }

    fn tag(&mut self) -> String {
        if let Some(verbatim) = self.rest.strip_prefix("!<") {
            let end = verbatim.find(['>', '\n']).unwrap_or(verbatim.len());
            self.rest = verbatim[end..].strip_prefix('>').unwrap_or(&verbatim[end..]);
            return unescaped(&verbatim[..end]);
        }
        let word = self.word(0);
        let handle = word[1..].find('!').map_or("!", |at| &word[..at + 2]);
        let prefix = self.handles.get(handle).map_or(handle, String::as_str);
        unescaped(&format!("{prefix}{}", &word[handle.len()..]))
    }

    /// All until a space or a sign of a flow, from this many bytes on.
    fn word(&mut self, from: usize) -> String {
        let ends = |c: char| c.is_whitespace() || [',', '[', ']', '{', '}'].contains(&c);
        let word = &self.rest[from..];
        let (word, rest) = word.split_at(word.find(ends).unwrap_or(word.len()));
        self.rest = rest;
        word.to_owned()
    }

    fn plain(&mut self, flow: bool) -> String {
        let mut before = ' ';
        let mut end = self.rest.len();
        for (at, c) in self.rest.char_indices() {
            let next = self.rest[at + c.len_utf8()..].chars().next();
            let apart = next.is_none_or(char::is_whitespace);
            let keyed = c == ':' && (apart || flow && next.is_some_and(|c| ",[]{}".contains(c)));
            let comment = c == '#' && before.is_whitespace();
            if c == '\n' || keyed || comment || flow && ",[]{}".contains(c) {
                end = at;
                break;
            }
            before = c;
        }
        // Something is always taken, so that reading comes to its end.
        let least = self.rest.chars().next().map_or(0, char::len_utf8);
        let (value, rest) = self.rest.split_at(end.max(least));
        self.rest = rest;
        value.trim().to_owned()
    }

    fn quoted(&mut self, quote: char) -> String {
        let inner = &self.rest[1..];
        let (mut end, mut chars) = (inner.len(), inner.char_indices());
        while let Some((at, c)) = chars.next() {
            if c == '\\' && quote == '"' {
                chars.next();
            } else if c == quote {
                if quote == '\'' && inner[at + 1..].starts_with('\'') {
                    chars.next();
                    continue;
                }
                end = at;
                break;
            }
        }
        let value = &inner[..end];
        self.rest = inner.get(end + 1..).unwrap_or_default();
        if let Some(last) = value.rfind('\n') {
            self.line = &inner[last + 1..];
        }
        match quote {
            '"' => {
                let plain = crate::pickle::Escapes::All.resolved(value.as_bytes());
                String::from_utf8_lossy(&plain).replace("\\/", "/")
            }
            _ => value.replace("''", "'"),
        }
    }

    /// A block of text: all lines that are set in deeper than the key before it.
    fn block(&mut self, column: usize) -> String {
        self.rest = &self.rest[end_of_line(self.rest)..];
        let mut lines = Vec::new();
        while let Some(next) = self.rest.strip_prefix('\n') {
            let line = &next[..end_of_line(next)];
            let deep = line.len() - line.trim_start().len();
            if !line.trim().is_empty() && deep <= column {
                break;
            }
            lines.push(line.trim());
            self.rest = &next[line.len()..];
        }
        lines.join("\n").trim().to_owned()
    }
}

fn end_of_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Without `%41` and the like.
fn unescaped(tag: &str) -> String {
    let (mut plain, mut rest) = (Vec::new(), tag.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(code) => {
                plain.push(code);
                rest = &after[2..];
            }
            None => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

const CORE: &str = "tag:yaml.org,2002:";
const MOST: usize = 10_000;
const LONGEST: usize = 1_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, tags: &[&str], texts: &[(&str, &str)]) {
        let (mut own_tags, mut own_texts) = (Vec::new(), Vec::new());
        read(text, &mut |event| match event {
            Event::Tag(tag) => own_tags.push(tag.replace(CORE, "")),
            Event::Text { key, value } => own_texts.push((key, value)),
        });
        let own_texts: Vec<_> = own_texts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            (own_tags, own_texts.as_slice()),
            (tags.iter().map(|tag| (*tag).to_owned()).collect(), texts),
            "{text}"
        );
    }

    #[test]
    fn tags_and_texts() {
        check("a: !!x/y:z [1, b: 2]", &["x/y:z"], &[("a", "1"), ("b", "2")]);
        check(
            "%TAG !p! tag:yaml.org,2002:python/\n---\n- !p!name:a",
            &["python/name:a"],
            &[("", "---")],
        );
        check("a: !<tag:yaml.org,2002:q> b", &["q"], &[("a", "b")]);
        check("!!nam%65:a b", &["name:a"], &[("", "b")]);
        check("a: '!!x it''s' # !!y\n# !!z\nb: \"\\x6fs\"", &[], &[("a", "!!x it's"), ("b", "os")]);
        check(
            "a:\n  t: |\n    !!x\n    y\n  u: >-\n   os\nb: 1",
            &[],
            &[("t", "!!x\ny"), ("u", "os"), ("b", "1")],
        );
        check("a: &n os.x\nb: *n", &[], &[("a", "os.x"), ("b", "os.x")]);
        check("{? _t_ : os.x, \"u\":v}", &[], &[("_t_", "os.x"), ("u", "v")]);
        check("a:\n  os.x", &[], &[("a", "os.x")]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[-!%&*|>'\"\\\\#:,{}\\[\\]? \na-cé]{0,80}") {
            read(&text, &mut |_| {});
        }
    }
}
