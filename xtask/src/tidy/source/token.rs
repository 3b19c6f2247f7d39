//! Splits Rust source into tokens. It knows strings, comments and lifetimes, and nothing more.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Literal,
    Mark,
}

/// One token and the lines (from 0) that it stands on.
#[derive(Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub first: usize,
    pub last: usize,
}

impl Token<'_> {
    /// The punctuation mark that this is; nothing for words and literals.
    pub fn mark(&self) -> &str {
        if self.kind == Kind::Mark { self.text } else { "" }
    }
}

/// The tokens of `text`, and whether a `//!` stands before all code.
pub fn split(text: &str) -> (Vec<Token<'_>>, bool) {
    let (mut tokens, mut header) = (Vec::new(), false);
    let (mut rest, mut line) = (text, 0);
    while let Some(start) = rest.chars().next() {
        let (length, kind) = next(rest, start);
        let (piece, after) = rest.split_at(length);
        let last = line + piece.matches('\n').count();
        match kind {
            Some(kind) => tokens.push(Token { kind, text: piece, first: line, last }),
            None if piece.starts_with("//!") => header |= tokens.is_empty(),
            None => {}
        }
        (rest, line) = (after, last);
    }
    (tokens, header)
}

/// Whether the token at `index` is this mark.
pub fn is(tokens: &[Token<'_>], index: usize, mark: &str) -> bool {
    tokens.get(index).is_some_and(|one| one.mark() == mark)
}

/// The index of the bracket that closes the one at `from`.
pub fn closing(tokens: &[Token<'_>], from: usize, open: &str, close: &str) -> usize {
    let mut depth = 0_usize;
    for (index, one) in tokens.iter().enumerate().skip(from) {
        if one.mark() == open {
            depth += 1;
        } else if one.mark() == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return index;
            }
        }
    }
    tokens.len().saturating_sub(1)
}

/// Length and kind of what `rest` begins with; no kind for space and comments.
fn next(rest: &str, start: char) -> (usize, Option<Kind>) {
    if start.is_whitespace() {
        return (rest.len() - rest.trim_start().len(), None);
    }
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (block(rest), None);
    }
    if let Some(length) = raw(rest) {
        return (length, Some(Kind::Literal));
    }
    let prefix =
        usize::from(rest.starts_with("b\"") || rest.starts_with("c\"") || rest.starts_with("b'"));
    match rest[prefix..].chars().next() {
        Some('"') => return (prefix + quoted(&rest[prefix..], '"'), Some(Kind::Literal)),
        Some('\'') if is_char(&rest[prefix..]) => {
            return (prefix + quoted(&rest[prefix..], '\''), Some(Kind::Literal));
        }
        _ => {}
    }
    if start == '_' || start.is_alphanumeric() {
        let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        let kind = if start.is_ascii_digit() { Kind::Literal } else { Kind::Word };
        return (end, Some(kind));
    }
    (start.len_utf8(), Some(Kind::Mark))
}

/// A block comment; they nest.
fn block(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let (open, close) = (rest[at..].find("/*"), rest[at..].find("*/"));
        match (open, close) {
            (Some(open), Some(close)) if open < close => (depth, at) = (depth + 1, at + open + 2),
            (_, Some(close)) => {
                (depth, at) = (depth.saturating_sub(1), at + close + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => return rest.len(),
        }
    }
}

/// A raw string, with any prefix and number of hashes.
fn raw(rest: &str) -> Option<usize> {
    let body = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inside = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inside.find(&close).map_or(inside.len(), |end| end + close.len());
    Some(rest.len() - inside.len() + end)
}

/// A quote and what follows it up to the closing quote; a backslash takes the next character along.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Tells `'a'` from the lifetime `'a`.
fn is_char(rest: &str) -> bool {
    let mut after = rest.chars().skip(1);
    match after.next() {
        Some('\\') => true,
        Some(_) => after.next() == Some('\''),
        None => false,
    }
}
