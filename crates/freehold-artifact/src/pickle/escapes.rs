//! Backslashes in texts, as the readers of each kind of text resolve them.

/// Which escapes a text knows; a backslash before anything else stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// `\u` and `\U` only: UNICODE of protocol 0 (codec `raw_unicode_escape`).
    Raw,
    /// `\x`, digits and letters: STRING of protocol 0 (`codecs.escape_decode`).
    Bytes,
    /// All of them: a text of Jinja's or Python's.
    All,
}

impl Escapes {
    /// The text without its escapes.
    pub(crate) fn resolved(self, text: &[u8]) -> Vec<u8> {
        let mut plain = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            let Some((kind, after)) = rest.split_first().filter(|_| *first == b'\\') else {
                plain.push(*first);
                continue;
            };
            let digits = match (self, kind) {
                (Self::Raw | Self::All, b'u') => 4,
                (Self::Raw | Self::All, b'U') => 8,
                (Self::Bytes | Self::All, b'x') => 2,
                (Self::Bytes | Self::All, b'0'..=b'7') => 0,
                _ => {
                    match self.letter(*kind) {
                        Some(Some(letter)) => plain.push(letter),
                        Some(None) => {}
                        None => plain.extend([b'\\', *kind]),
                    }
                    rest = after;
                    continue;
                }
            };
            let (code, used) = if digits == 0 {
                let octal = rest.iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                (number(&rest[..octal], 8), octal)
            } else {
                let end = (1 + digits).min(rest.len());
                (number(&rest[1..end], 16), end)
            };
            if self == Self::Bytes {
                // A byte, whatever was written.
                plain.push(code.map_or(b'?', |code| code as u8));
                rest = &rest[used..];
                continue;
            }
            let c = code.and_then(char::from_u32).unwrap_or('\u{fffd}');
            plain.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[used..];
        }
        plain
    }

    /// What a backslash and a letter stand for: `Some(None)` is nothing, `None` themselves.
    fn letter(self, kind: u8) -> Option<Option<u8>> {
        if self == Self::Raw {
            return None;
        }
        Some(match kind {
            b'\n' => None,
            b'n' => Some(b'\n'),
            b't' => Some(b'\t'),
            b'r' => Some(b'\r'),
            b'a' => Some(7),
            b'b' => Some(8),
            b'v' => Some(11),
            b'f' => Some(12),
            b'\\' | b'\'' | b'"' => Some(kind),
            _ => return None,
        })
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}
