//! Plain data: arrays of numpy's, and what follows the end of a picture or an array.

use std::io;

use freehold_artifact::{pickle, rules};

use super::{
    content::{HEAD, Scanner},
    window::{Bytes, part},
};

impl Scanner {
    /// What follows the end of a picture (PNG's chunks say where that is).
    pub(super) fn after(
        &mut self,
        file: &mut dyn Bytes,
        head: &[u8],
        length: u64,
    ) -> io::Result<()> {
        if !head.starts_with(b"\x89PNG") {
            return Ok(());
        }
        let mut at = 8;
        while at + 12 <= length {
            let chunk = part(file, at, 8)?;
            let Some((size, kind)) = chunk.split_first_chunk::<4>() else { break };
            at += 12 + u64::from(u32::from_be_bytes(*size));
            if kind == b"IEND" {
                break;
            }
        }
        self.trailing(file, at, length)
    }

    /// Scans what follows the end of a format; nothing there is ordinary, a pickle is a trick.
    pub(super) fn trailing(
        &mut self,
        file: &mut dyn Bytes,
        at: u64,
        length: u64,
    ) -> io::Result<()> {
        if at >= length {
            return Ok(());
        }
        let rest = length - at;
        let head = part(file, at, rest.min(HEAD))?;
        if pickle::like_a_pickle(&head, head.len() as u64 == rest) {
            let what = format!("a pickle of {rest} bytes");
            self.say(&rules::AFTER_END, at, what);
            self.pickle(file, at, length, true)?;
        }
        Ok(())
    }

    /// An array of numpy's: a header, then numbers, or a pickle where elements are objects
    /// (numpy's NEP 1 describes the format).
    pub(super) fn numpy(
        &mut self,
        file: &mut dyn Bytes,
        head: &[u8],
        length: u64,
    ) -> io::Result<()> {
        let sized = match head.get(6..12) {
            Some([1, _, a, b, ..]) => Some((10, u64::from(u16::from_le_bytes([*a, *b])))),
            Some([2 | 3, _, a, b, c, d]) => {
                Some((12, u64::from(u32::from_le_bytes([*a, *b, *c, *d]))))
            }
            _ => None,
        };
        let Some((start, header)) = sized.filter(|(start, header)| start + header <= length) else {
            self.say(&rules::NOT_READ, 0, "an array of numpy's whose header is not valid");
            return Ok(());
        };
        let text = part(file, start, header.min(1 << 20))?;
        let text = String::from_utf8_lossy(&text);
        if ["__import__", "eval(", "exec("].iter().any(|sign| text.contains(sign)) {
            self.say(&rules::EXPRESSION, start, "a header that old readers evaluate");
        }
        let described = text.split("'fortran_order'").next().unwrap_or(&text);
        // `|O`, `O` or `O8` as an element's type, alone or in a structure.
        let objects = described
            .split(['\'', '"'])
            .any(|word| word.trim_start_matches(['|', '<', '>', '=']).starts_with('O'));
        let data = start + header;
        if objects || text.len() as u64 != header {
            return self.pickle(file, data, length, objects);
        }
        match numbers(&text) {
            Some(bytes) => self.trailing(file, data.saturating_add(bytes), length),
            None => Ok(()),
        }
    }
}

/// The bytes that an array of one plain type takes, by its header.
fn numbers(header: &str) -> Option<u64> {
    let element = header.split("'descr':").nth(1)?.trim_start().strip_prefix('\'')?;
    let element = element.split('\'').next()?.trim_start_matches(['<', '>', '|', '=']);
    let size: u64 = element.get(1..)?.parse().ok()?;
    let size = if element.starts_with('U') { size.checked_mul(4)? } else { size };
    let shape = header.split("'shape':").nth(1)?.split('(').nth(1)?.split(')').next()?;
    let sides = shape.split(',').map(str::trim).filter(|side| !side.is_empty());
    sides.map(|side| side.parse::<u64>().ok()).try_fold(size, |all, side| all.checked_mul(side?))
}
