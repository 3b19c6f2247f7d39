//! Follows a pickle as each reader that may come to it would.

use std::io::{self, Read, SeekFrom};

use freehold_artifact::{
    finding::{Finding, Severity},
    pickle::{self, Embedded, End, Followed, Frames, Reader, Spelling},
    rules,
};

use super::{
    content::Scanner,
    window::{Bytes, Window},
};

impl Scanner {
    /// Follows the pickles from `start` on. `certain` says that the bytes are known to be a pickle,
    /// so that a broken one is a finding.
    pub(super) fn pickle(
        &mut self,
        file: &mut dyn Bytes,
        start: u64,
        length: u64,
        certain: bool,
    ) -> io::Result<()> {
        let mut read = |joblib, frames| {
            file.seek(SeekFrom::Start(start))?;
            let window = Window::new(file, start, length - start);
            let mut followed = pickle::follow(window, Reader { joblib, frames });
            match followed.error.take() {
                Some(error) => Err(error),
                None => Ok(followed),
            }
        };
        let first = read(true, Frames::Through)?;
        let mut others = Vec::new();
        if first.arrays > 0 {
            // `pickle.load` takes for opcodes what joblib takes for an array.
            others.push(read(false, Frames::Through)?);
        }
        if first.crossed {
            others.push(read(true, Frames::Drop)?);
        }
        let Followed { findings, end, offset, embedded, .. } = first;
        let mut all = findings;
        for other in others {
            // Another reading of raw bytes: only what is certain counts.
            let harmful = other
                .findings
                .into_iter()
                .filter(|one| pickle::certain(one) && !all.iter().any(|known| known == one));
            all.extend(harmful.collect::<Vec<_>>());
        }
        match end {
            End::Stop => {}
            End::Trailing => all.push(Finding::new(
                &rules::TRAILING,
                offset,
                format!("{} bytes follow the last pickle", (length - start).saturating_sub(offset)),
            )),
            End::Cut if certain => {
                all.push(Finding::new(&rules::BROKEN, offset, "the stream ends early"))
            }
            End::Broken if certain => {
                all.push(Finding::new(&rules::BROKEN, offset, "no valid opcode"))
            }
            End::Cut | End::Broken => {}
        }
        for finding in all {
            self.add(Finding { offset: finding.offset + start, ..finding });
        }
        if certain && end == End::Trailing {
            let rest = super::window::part(file, start + offset, 1 << 20)?;
            self.embedded(&rest)?;
        }
        for Embedded { offset, length, spelling } in embedded {
            let name = format!("bytes at {}", offset + start);
            let before = self.findings.len();
            let mut window = Window::new(file, start + offset, length);
            if spelling == Spelling::Plain {
                self.member(&mut window, length, &name, false)?;
                self.by_chance(before);
                continue;
            }
            if length > MOST_WRITTEN {
                self.say(&rules::NOT_READ, offset, "bytes written as text, more than are read");
                continue;
            }
            let mut written = Vec::new();
            window.read_to_end(&mut written)?;
            let bytes = spelling.bytes(&written);
            let length = bytes.len() as u64;
            self.member(&mut io::Cursor::new(bytes), length, &name, false)?;
            self.by_chance(before);
        }
        Ok(())
    }

    /// Pickles anywhere among a file's first bytes, where its format has no place for them.
    pub(super) fn held(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let bytes = super::window::part(file, 0, length.min(MOST_WRITTEN))?;
        // A program of Paddle's that calls Python: the name of the operator, with its length.
        if let Some(at) = bytes.windows(9).position(|part| part == b"\x1a\x07py_func") {
            self.say(&rules::ONNX_PYTHON, at as u64, "py_func");
        }
        self.embedded(&bytes)
    }

    /// The same among bytes at hand. Many begin like a pickle by chance: only what certainly does
    /// harm counts.
    pub(super) fn embedded(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut tried = 0;
        for (at, pair) in bytes.windows(2).enumerate() {
            let headed = pair[0] == 0x80 && (2..=5).contains(&pair[1]);
            // Without a header, the name of a module on a line of its own.
            let named = pair[0] == b'c' && pair[1].is_ascii_lowercase() && line(&bytes[at + 1..]);
            if !headed && !named {
                continue;
            }
            let (rest, before) = (&bytes[at..], self.findings.len());
            self.pickle(&mut io::Cursor::new(rest), 0, rest.len() as u64, false)?;
            let mut index = 0;
            self.findings.retain(|one| {
                index += 1;
                index <= before || pickle::certain(one)
            });
            for finding in &mut self.findings[before..] {
                finding.offset += at as u64;
            }
            tried += 1;
            if self.findings.len() > before || tried > MOST_TRIED {
                break;
            }
        }
        Ok(())
    }

    /// Bytes within a pickle may begin like one by chance: what cannot be read to its end was none,
    /// but for what is certain.
    fn by_chance(&mut self, before: usize) {
        let broken = |one: &Finding| one.rule.severity == Severity::Unread;
        if self.findings[before..].iter().any(broken) {
            let mut index = 0;
            self.findings.retain(|one| {
                index += 1;
                index <= before || pickle::certain(one)
            });
        }
    }
}

/// Whether the bytes begin with two lines that are names with dots.
fn line(bytes: &[u8]) -> bool {
    let mut lines = bytes[..bytes.len().min(200)].split(|byte| *byte == b'\n');
    let name = |line: &[u8]| {
        !line.is_empty() && line.iter().all(|b| b.is_ascii_alphanumeric() || b"._".contains(b))
    };
    lines.next().is_some_and(name) && lines.next().is_some_and(name) && lines.next().is_some()
}

/// Places that are looked at in one file.
const MOST_TRIED: usize = 4_000;
/// Held in memory while they are scanned.
const MOST_WRITTEN: u64 = 32 << 20;
