//! What a scan says about a file: findings, their severity, and the verdict that follows.

use std::fmt;

use serde::Serialize;

use crate::rules::Rule;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; harms nobody.
    Note,
    /// A part that was not read, so nothing is said about it.
    Unread,
    /// It could do harm; whether it does was not decided.
    Suspicious,
    /// It would do harm, or is made to deceive those who look.
    Malicious,
}

/// The answer about one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Read to the end, nothing found.
    Clean,
    /// Not read, or not to the end.
    Unread,
    /// The worst finding is suspicious.
    Suspicious,
    /// At least one finding is malicious.
    Malicious,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule it falls under.
    pub rule: &'static Rule,
    /// Where inside the file: names of archive members from the outside in; empty at the top.
    pub inside: Vec<String>,
    /// Byte offset in the innermost member, or in the file where there is none.
    pub offset: u64,
    /// What is there, or what it would do.
    pub what: String,
}

impl Finding {
    /// A finding at the top of a file.
    pub fn new(rule: &'static Rule, offset: u64, what: impl Into<String>) -> Self {
        Self { rule, inside: Vec::new(), offset, what: what.into() }
    }
}

impl Verdict {
    /// The verdict that these findings make.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        match findings.into_iter().map(|finding| finding.rule.severity).max() {
            None | Some(Severity::Note) => Self::Clean,
            Some(Severity::Unread) => Self::Unread,
            Some(Severity::Suspicious) => Self::Suspicious,
            Some(Severity::Malicious) => Self::Malicious,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Unread => "unread",
            Self::Suspicious => "suspicious",
            Self::Malicious => "malicious",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clean => "clean",
            Self::Unread => "unread",
            Self::Suspicious => "suspicious",
            Self::Malicious => "malicious",
        })
    }
}

/// Text from a hostile file as it may be shown: control characters escaped, cut at `most`
/// characters.
pub fn shown(bytes: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == most {
            shown.push('…');
            break;
        }
        // Escapes for the terminal and for right-to-left tricks, so that a name cannot forge a line.
        let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || hidden {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
