//! Python's words, as its tokeniser makes them
//! (<https://docs.python.org/3/reference/lexical_analysis.html>).

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Word {
    Name(String),
    Text(String),
    Number(u64),
    Sign(char),
    /// The end of a line of code.
    End,
    /// One block deeper, or one back.
    Indent,
    Dedent,
}

/// A word and the line it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) word: Word,
    pub(crate) line: u32,
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
    tokens: Vec<Token>,
    depth: usize,
    indents: Vec<usize>,
    nested: usize,
}

/// The words of a text; the line in which it is no Python where it is none.
pub(crate) fn read(text: &str) -> Result<Vec<Token>, u32> {
    nested(text.trim_start_matches('\u{feff}'), 1, 0)
}

fn nested(text: &str, line: u32, depth: usize) -> Result<Vec<Token>, u32> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        line,
        tokens: Vec::new(),
        depth: 0,
        indents: vec![0],
        nested: depth,
    };
    reader.read()?;
    Ok(reader.tokens)
}

impl Reader<'_> {
    fn push(&mut self, word: Word) {
        self.tokens.push(Token { word, line: self.line });
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn read(&mut self) -> Result<(), u32> {
        let mut fresh = true;
        while self.at < self.text.len() {
            if fresh && self.depth == 0 {
                fresh = false;
                if self.nested == 0 && !self.indent() {
                    fresh = true;
                    continue;
                }
            }
            let byte = self.peek(0);
            match byte {
                b'\n' => {
                    if self.depth == 0 {
                        self.push(Word::End);
                        fresh = true;
                    }
                    self.at += 1;
                    self.line += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
                b'#' => self.skip_line(),
                b'\\' if matches!(self.peek(1), b'\n' | b'\r') => {
                    self.at += if self.peek(1) == b'\r' { 3 } else { 2 };
                    self.line += 1;
                }
                b'"' | b'\'' => self.string("")?,
                b'0'..=b'9' => self.number(),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.name()?,
                _ => self.sign(byte),
            }
            if self.tokens.len() > MOST_TOKENS {
                return Err(self.line);
            }
        }
        self.push(Word::End);
        for _ in 1..self.indents.len() {
            self.push(Word::Dedent);
        }
        Ok(())
    }

    /// The white space at the beginning of a line; `false` where the line holds no code.
    fn indent(&mut self) -> bool {
        let mut width = 0;
        loop {
            match self.peek(0) {
                b' ' => width += 1,
                b'\t' => width = (width / 8 + 1) * 8,
                0x0c => width = 0,
                _ => break,
            }
            self.at += 1;
        }
        match self.peek(0) {
            b'#' => {
                self.skip_line();
                return self.at >= self.text.len();
            }
            b'\r' if self.peek(1) == b'\n' => {
                self.at += 2;
                self.line += 1;
                return false;
            }
            b'\n' => {
                self.at += 1;
                self.line += 1;
                return false;
            }
            _ => {}
        }
        let last = |indents: &[usize]| indents.last().copied().unwrap_or(0);
        if width > last(&self.indents) {
            self.indents.push(width);
            self.push(Word::Indent);
        }
        while width < last(&self.indents) {
            self.indents.pop();
            self.push(Word::Dedent);
        }
        true
    }

    fn skip_line(&mut self) {
        while self.at < self.text.len() && self.peek(0) != b'\n' {
            self.at += 1;
        }
    }

    fn number(&mut self) {
        let start = self.at;
        while self.peek(0).is_ascii_alphanumeric() || matches!(self.peek(0), b'_' | b'.') {
            self.at += 1;
        }
        let text = String::from_utf8_lossy(&self.text[start..self.at]).replace('_', "");
        let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let value = hex.map_or_else(|| text.parse(), |hex| u64::from_str_radix(hex, 16));
        self.push(Word::Number(value.unwrap_or(u64::MAX)));
    }

    fn name(&mut self) -> Result<(), u32> {
        let start = self.at;
        while self.peek(0).is_ascii_alphanumeric() || self.peek(0) == b'_' || self.peek(0) >= 0x80 {
            self.at += 1;
        }
        let name = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        let prefix = name.to_ascii_lowercase();
        let quoted = matches!(self.peek(0), b'"' | b'\'');
        if quoted && prefix.len() <= 2 && prefix.bytes().all(|b| b"rbuft".contains(&b)) {
            return self.string(&prefix);
        }
        self.push(Word::Name(if name.is_ascii() { name } else { folded(&name) }));
        Ok(())
    }

    fn sign(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' | b'{' => self.depth += 1,
            b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.push(Word::Sign(char::from(byte)));
        self.at += 1;
    }

    fn string(&mut self, prefix: &str) -> Result<(), u32> {
        let start_line = self.line;
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if triple { 3 } else { 1 };
        let formatted = prefix.contains(['f', 't']);
        let (mut raw, mut inner) = (Vec::new(), Vec::new());
        loop {
            let byte = self.peek(0);
            if self.at >= self.text.len() || byte == b'\n' && !triple {
                return Err(start_line);
            }
            let ends = byte == quote && (!triple || self.peek(1) == quote && self.peek(2) == quote);
            if ends {
                self.at += if triple { 3 } else { 1 };
                break;
            }
            if formatted && byte == b'{' {
                if self.peek(1) == b'{' {
                    raw.push(b'{');
                    self.at += 2;
                } else {
                    inner.push(self.expression(quote, triple).ok_or(start_line)?);
                }
                continue;
            }
            self.line += u32::from(byte == b'\n');
            raw.push(byte);
            self.at += 1;
            if byte == b'\\' && self.at < self.text.len() {
                self.line += u32::from(self.peek(0) == b'\n');
                raw.push(self.peek(0));
                self.at += 1;
            }
        }
        let value = match prefix.contains('r') {
            true => raw,
            false => crate::pickle::Escapes::All.resolved(&raw),
        };
        let word = Word::Text(String::from_utf8_lossy(&value).into_owned());
        self.tokens.push(Token { word, line: start_line });
        for code in inner {
            // What stands in braces is code that runs where the text stands.
            let code = nested(&code, start_line, self.nested + 1).unwrap_or_default();
            if self.nested < 4 {
                self.push(Word::Sign('%'));
                self.push(Word::Sign('('));
                let words = code.into_iter().filter(|token| token.word != Word::End);
                self.tokens.extend(words);
                self.push(Word::Sign(')'));
            }
        }
        Ok(())
    }

    /// The code between braces of a formatted text.
    fn expression(&mut self, quote: u8, triple: bool) -> Option<String> {
        self.at += 1;
        let start = self.at;
        let (mut depth, mut open) = (1usize, None);
        while self.at < self.text.len() {
            let byte = self.peek(0);
            self.line += u32::from(byte == b'\n');
            match (open, byte) {
                (Some(_), b'\\') => self.at += 1,
                (Some(mark), byte) if byte == mark => open = None,
                (Some(_), _) => {}
                (None, b'\n') if !triple && depth == 0 => return None,
                // Before Python 3.12 the text's own quote ends it here; then it is broken anyway.
                (None, b'"' | b'\'')
                    if !(triple
                        && byte == quote
                        && self.peek(1) == quote
                        && self.peek(2) == quote) =>
                {
                    open = Some(byte);
                }
                (None, b'{' | b'(' | b'[') => depth += 1,
                (None, b'}' | b')' | b']') => {
                    depth -= 1;
                    if depth == 0 {
                        let code = String::from_utf8_lossy(&self.text[start..self.at]);
                        self.at += 1;
                        return Some(code.into_owned());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

/// A name as Python takes it (NFKC), as far as letters that only look otherwise go: the wide ones,
/// and those of mathematics.
fn folded(name: &str) -> String {
    let fold = |c: char| match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0),
        code @ 0x1d400..=0x1d6a3 => {
            let letter = (code - 0x1d400) % 52;
            char::from_u32(if letter < 26 { 0x41 + letter } else { 0x61 + letter - 26 })
        }
        code @ 0x1d7ce..=0x1d7ff => char::from_u32(0x30 + (code - 0x1d7ce) % 10),
        // Letters of those alphabets that had a place before.
        0x210e => Some('h'),
        0x2071 => Some('i'),
        0x207f => Some('n'),
        0x212f => Some('e'),
        0x210a => Some('g'),
        0x2134 => Some('o'),
        0x017f => Some('s'),
        0x1d43 | 0xaa => Some('a'),
        0x1d49 => Some('e'),
        0x1d50 => Some('m'),
        0x1d52 | 0xba => Some('o'),
        0x1d56 => Some('p'),
        0x1d57 => Some('t'),
        0x02e2 => Some('s'),
        0x02b8 => Some('y'),
        _ => None,
    };
    name.chars().map(|c| fold(c).unwrap_or(c)).collect()
}

const MOST_TOKENS: usize = 8_000_000;
