//! Values in brackets, braces and quotes.

use super::Node;

/// The value that is the whole text but for a comment; nothing where it does not end.
pub(super) fn read(text: &str, line: u32, depth: usize) -> Option<Node> {
    let mut reader = Flow { rest: text, line };
    let node = reader.value(depth)?;
    let rest = reader.rest.trim_start();
    (rest.is_empty() || rest.starts_with('#')).then_some(node)
}

struct Flow<'a> {
    rest: &'a str,
    line: u32,
}

impl Flow<'_> {
    fn value(&mut self, depth: usize) -> Option<Node> {
        self.rest = self.rest.trim_start();
        if depth > super::DEEPEST {
            return None;
        }
        match self.rest.chars().next() {
            Some('[') => self.list(depth),
            Some('{') => self.map(depth),
            _ => Some(Node::Scalar(self.scalar()?, self.line)),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Node> {
        self.eat('[');
        let mut items = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.eat(']') {
                return Some(Node::List(items, self.line));
            }
            items.push(self.value(depth + 1)?);
            self.rest = self.rest.trim_start();
            if !self.eat(',') && !self.rest.starts_with(']') {
                return None;
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Node> {
        self.eat('{');
        let mut entries = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.eat('}') {
                return Some(Node::Map(entries, self.line));
            }
            let key = self.scalar()?;
            self.rest = self.rest.trim_start();
            let value = match self.eat(':') {
                true => self.value(depth + 1)?,
                false => Node::Scalar(String::new(), self.line),
            };
            entries.push((key, value));
            self.rest = self.rest.trim_start();
            if !self.eat(',') && !self.rest.starts_with('}') {
                return None;
            }
        }
    }

    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn scalar(&mut self) -> Option<String> {
        if self.eat('"') {
            return self.quoted();
        }
        if self.eat('\'') {
            let mut text = String::new();
            loop {
                let end = self.rest.find('\'')?;
                text.push_str(self.rest.get(..end)?);
                self.rest = self.rest.get(end + 1..)?;
                if !self.eat('\'') {
                    return Some(text);
                }
                text.push('\'');
            }
        }
        let ends = |(at, c): (usize, char)| match c {
            ',' | ']' | '}' | '[' | '{' => Some(at),
            ':' => {
                let rest = self.rest.get(at + 1..)?;
                (rest.is_empty() || rest.starts_with([' ', ',', ']', '}'])).then_some(at)
            }
            _ => None,
        };
        let end = self.rest.char_indices().find_map(ends)?;
        let text = self.rest.get(..end)?.trim().to_owned();
        self.rest = self.rest.get(end..)?;
        Some(text)
    }

    /// The rest of a text in double quotes.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                '\\' => match chars.next()?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'u' => {
                        let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                        let code = u32::from_str_radix(&digits, 16).ok();
                        text.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        None
    }
}
