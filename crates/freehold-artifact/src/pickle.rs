//! Pickle by abstract interpretation: the stream is followed as CPython's reader follows it, but
//! every call is only judged, never made.
//!
//! The opcodes are those of protocols 0 to 5 (`Lib/pickletools.py` in CPython describes them,
//! `Modules/_pickle.c` is the reader). There is no limit on length or opcodes: what is kept while a
//! stream passes is bounded, and what had to be forgotten is reported where it matters.

use std::io::Read;

mod arrays;
mod calls;
mod escapes;
mod machine;
mod names;
mod source;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use escapes::Escapes;
pub use source::Frames;

use crate::{finding::Finding, rules};
use machine::Machine;

/// As whose reader the stream is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// joblib's, which finds arrays' raw bytes between the opcodes; else `pickle.load`.
    pub joblib: bool,
    /// What happens where an argument crosses the end of its frame.
    pub frames: Frames,
}

/// Bytes within the stream that begin like a pickle or an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// Where they begin.
    pub offset: u64,
    /// How many stand in the stream.
    pub length: u64,
    /// How they are written there.
    pub spelling: Spelling,
}

/// How bytes are written in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As they are.
    Plain,
    /// As text, a character each, in UTF-8: protocols below 3.
    Latin,
    /// The same with `\u` escapes: protocol 0.
    Escaped,
}

impl Spelling {
    /// The bytes that are written so.
    pub fn bytes(self, written: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain => written.to_vec(),
            Self::Latin => latin(written),
            // Bytes above 127 stand for themselves here, and escapes make UTF-8.
            Self::Escaped => {
                let parts = written.split_inclusive(|byte| *byte >= 0x80);
                let part = |part: &[u8]| match part.split_last() {
                    Some((last, rest)) if *last >= 0x80 => {
                        let mut plain = latin(&Escapes::Raw.resolved(rest));
                        plain.push(*last);
                        plain
                    }
                    _ => latin(&Escapes::Raw.resolved(part)),
                };
                parts.flat_map(part).collect()
            }
        }
    }
}

/// The rule that naming and calling a global falls under, if any.
pub(crate) fn falls(module: &str, name: &str) -> Option<&'static rules::Rule> {
    match names::class(module, name) {
        names::Class::Falls(rule) => Some(rule),
        // Makes functions of code that stands beside it, or hands on what it is told.
        names::Class::Special(names::Special::EmbeddedCode) => Some(&rules::CODE_OBJECT),
        _ => None,
    }
}

/// Whether a rule says that harm is done.
pub(crate) fn harms(rule: &rules::Rule) -> bool {
    rule.severity == crate::finding::Severity::Malicious
}

fn latin(text: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(text).chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}

/// How the stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With STOP, and nothing after it.
    Stop,
    /// With STOP; other bytes follow.
    Trailing,
    /// The bytes end in the middle.
    Cut,
    /// Not valid at this offset.
    Broken,
}

/// What came of following a stream.
#[derive(Debug)]
pub struct Followed {
    /// What was found, in order.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub end: End,
    /// Where it ended.
    pub offset: u64,
    /// Pickles that were read to their STOP.
    pub pickles: u64,
    /// Whether plausible globals were named.
    pub globals: bool,
    /// Arrays whose raw bytes were passed; a plain reader would take them for opcodes.
    pub arrays: u64,
    /// Whether an argument crossed its frame's end.
    pub crossed: bool,
    /// Every global that was named: module and name as they stand in the stream.
    pub named: Vec<(String, String)>,
    /// Byte strings that begin like a pickle or an archive.
    pub embedded: Vec<Embedded>,
    /// Why reading stopped early.
    pub error: Option<std::io::Error>,
}

/// Follows the pickles in `reader`, one after the other, to the end.
pub fn follow(reader: impl Read, kind: Reader) -> Followed {
    let mut machine = Machine::new(reader, kind);
    let legacy = machine.source.peek(TORCH_LEGACY.len()) == TORCH_LEGACY;
    let mut pickles = 0;
    let (mut end, mut offset);
    loop {
        let findings = machine.findings.len();
        let embedded = machine.embedded.len();
        end = machine.run();
        offset = machine.source.position();
        match end {
            End::Stop => pickles += 1,
            // What follows torch's five pickles, or an end, and is none itself, is raw data.
            _ if pickles > 0 && machine.findings[findings..].iter().all(mild) => {
                machine.findings.truncate(findings);
                machine.embedded.truncate(embedded);
                end = End::Trailing;
                break;
            }
            _ => break,
        }
        if machine.source.peek(1).is_empty() {
            break;
        }
        if legacy && pickles >= 5 {
            end = End::Stop;
            break;
        }
    }
    let crossed = machine.source.crossed;
    if let Some(at) = crossed {
        machine.findings.push(Finding::new(&rules::FRAME_CROSSING, at, "crosses its frame's end"));
    }
    Followed {
        end,
        offset,
        pickles,
        globals: machine.plausible,
        arrays: machine.arrays,
        crossed: crossed.is_some(),
        findings: machine.findings,
        named: machine.globals.named(),
        embedded: machine.embedded,
        error: machine.source.error.take(),
    }
}

/// Whether these first bytes of a file could be a pickle, whatever the file is called: `whole` says
/// that there are no others.
pub fn like_a_pickle(head: &[u8], whole: bool) -> bool {
    if let [0x80, 0..=5, ..] = head {
        return true;
    }
    let Some(first) = head.first() else { return false };
    if !machine::may_begin(*first) {
        return false;
    }
    let followed = follow(head, Reader { joblib: false, frames: Frames::Through });
    let harmful = followed.findings.iter().any(|finding| !mild(finding));
    match followed.end {
        End::Stop => head.len() > 2,
        End::Trailing => followed.globals || harmful,
        End::Cut if !whole => followed.globals || harmful || followed.offset > 64 && !text(head),
        End::Cut | End::Broken => harmful,
    }
}

/// Whether these first bytes are opcodes to their end, so that what matters may come later.
pub fn goes_on(head: &[u8]) -> bool {
    head.first().is_some_and(|first| machine::may_begin(*first))
        && follow(head, Reader { joblib: false, frames: Frames::Through }).end == End::Cut
}

fn text(head: &[u8]) -> bool {
    let shown = |b: &u8| *b >= 0x20 || matches!(b, b'\n' | b'\r' | b'\t');
    head.iter().all(shown)
}

fn mild(finding: &Finding) -> bool {
    !certain(finding)
}

/// Whether a finding in bytes that may be no pickle at all counts: what names something harmful does;
/// what only has the form of a trick comes about by chance.
pub fn certain(finding: &Finding) -> bool {
    finding.rule.severity == crate::finding::Severity::Malicious
        && !FORMS.contains(&finding.rule.name)
}

/// Findings about form.
static FORMS: [&str; 8] = [
    rules::EXTENSION.name,
    rules::CALLS_INSTANCE.name,
    rules::BUILD_ON_GLOBAL.name,
    rules::FOREIGN_CALL.name,
    rules::STANDARD_CALL.name,
    rules::DISCARDED_CALL.name,
    rules::COMPUTED_NAME.name,
    rules::FRAME_CROSSING.name,
];

/// The number with which torch's old format begins, as a pickle (`MAGIC_NUMBER` in
/// `torch/serialization.py`).
const TORCH_LEGACY: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
