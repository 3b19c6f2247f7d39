//! Python code beside a model: read as Python reads it, and judged by what it would do as soon as it
//! is imported, installed or made part of a model.
//!
//! Words alone say nothing: `os.system` in a comment or a text is no call, and `getattr(os, "sys" +
//! "tem")` is one. What a function does that nobody calls at import is a note.

use std::collections::BTreeSet;

use ::base64::Engine;

use crate::{
    finding::{Finding, shown},
    rules,
};

mod judge;
pub(crate) mod names;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;
mod torchscript;
mod tree;

pub use torchscript::check as check_torchscript;

/// Where the code comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// It builds or installs a project: `setup.py`.
    pub setup: bool,
    /// It is a notebook's, which runs only where somebody runs it.
    pub notebook: bool,
}

/// What the code would do.
pub fn check(text: &str, place: Place) -> Vec<Finding> {
    let respelt = text.lines().take(2).find_map(respelling);
    if let Some(name) = respelt {
        let what = format!(
            "line 1: written as {}, in which code is not what it looks",
            shown(name.as_bytes(), 40)
        );
        return vec![Finding::new(&rules::PYTHON_HIDDEN, 0, what)];
    }
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let turned = text.find(turns).map(|at| {
        let what =
            "marks that turn the text's direction: what is shown is not what runs".to_owned();
        Finding::new(&rules::PYTHON_UNREAD, at as u64, what)
    });
    let findings = match tokens::read(text) {
        Ok(tokens) => judge::judge(tokens, &place, 0),
        Err(line) => {
            let what = format!("line {line}: no valid Python");
            vec![Finding::new(&rules::PYTHON_UNREAD, u64::from(line), what)]
        }
    };
    let mut findings = at_bytes(text, findings);
    findings.extend(turned);
    findings
}

/// The encoding that one of the first lines declares, where it spells ASCII's letters otherwise
/// (<https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations>).
fn respelling(line: &str) -> Option<&str> {
    let comment = line.trim_start().strip_prefix('#')?;
    let name = comment.split("coding").nth(1)?.strip_prefix([':', '='])?.trim_start();
    let name = name.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).next()?;
    let plain = name.to_lowercase().replace('-', "_");
    [
        "utf_7",
        "utf7",
        "unicode_escape",
        "raw_unicode_escape",
        "punycode",
        "idna",
        "hz",
        "rot13",
        "rot_13",
    ]
    .contains(&plain.as_str())
    .then_some(name)
}

/// Findings whose offset is a line, from 1, with the byte at which that line begins.
fn at_bytes(text: &str, mut findings: Vec<Finding>) -> Vec<Finding> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let starts: Vec<u64> = std::iter::once(0).chain(ends.map(|(at, _)| at as u64 + 1)).collect();
    for finding in &mut findings {
        let line = usize::try_from(finding.offset).unwrap_or_default().saturating_sub(1);
        finding.offset = starts.get(line).copied().unwrap_or_default();
    }
    findings
}

/// What the lines of a shell script would do, beyond being run by somebody.
pub fn check_shell(text: &str) -> Vec<Finding> {
    // As long as before, so that places stay.
    let joined = text.replace("\\\n", "  ");
    let mut start = 0;
    let lines = joined.split_inclusive('\n').map(|line| {
        start += line.len();
        (start - line.len(), line)
    });
    // Minified code has lines that no shell is given.
    let short =
        |line: &str| line.bytes().filter(|byte| !byte.is_ascii_whitespace()).count() < 20_000;
    let lines = lines.filter(|(_, line)| !line.trim_start().starts_with('#') && short(line));
    let fetched = fetched(&joined);
    let variables = variables(&joined);
    let harms = |line: &str| names::command(line) == names::Command::Harms;
    let harmful = lines.filter(|(_, line)| {
        harms(line)
            || runs_fetched(line, &fetched)
            || plain(line, &variables).is_some_and(|line| harms(&line))
    });
    let found = harmful.map(|(at, line)| {
        let number = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let what = format!("line {number}: {}", shown(line.trim().as_bytes(), 160));
        Finding::new(&rules::SHELL_HARMS, at as u64, what)
    });
    found.take(20).collect()
}

/// What a shell's variables are set to, where that is one word.
fn variables(script: &str) -> Vec<(&str, &str)> {
    let parts = script.split(['\n', ';', '&']).map(str::trim);
    let name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let set = parts.filter_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = bare(value);
        (name(key) && value.len() < 200 && !value.contains(['$', '`'])).then_some((key, value))
    });
    set.take(200).collect()
}

/// The line as a shell takes it: variables put in, quotes within words and backslashes gone; `None`
/// where that changes nothing.
fn plain(line: &str, variables: &[(&str, &str)]) -> Option<String> {
    if line.len() > 4_096 {
        return None;
    }
    let mut out = line.replace("''", "").replace("\"\"", "").replace("$@", "");
    for (name, value) in variables {
        if out.contains('$') {
            out = out.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
        }
    }
    let within = out.replace("${IFS}", " ").replace("$IFS", " ").replace(['\\', '^'], "");
    (within != line).then_some(within)
}

/// The names under which a script's lines keep what they fetch.
fn fetched(script: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for line in script.lines().filter(|line| line.contains("curl ") || line.contains("wget ")) {
        let words: Vec<&str> = line.split_whitespace().map(bare).collect();
        for (at, word) in words.iter().enumerate() {
            let kept = ["-o", "-O", "--output", "-qO", "-sLo", "-Lo", "-so", "-fsSLo", ">"];
            let after = kept.contains(word).then(|| words.get(at + 1).copied()).flatten();
            let name = after.or_else(|| word.contains("://").then_some(*word));
            let last = name.and_then(|name| name.rsplit(['/', '\\']).next());
            names.extend(last.filter(|name| !name.is_empty() && *name != "-"));
        }
    }
    names
}

/// Whether a line runs one of them, or makes it a program.
fn runs_fetched(line: &str, fetched: &BTreeSet<&str>) -> bool {
    let is = |word: &str| fetched.contains(bare(word).rsplit(['/', '\\']).next().unwrap_or(word));
    line.split(['&', ';', '|']).any(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words.as_slice() {
            [first, .., last] if *first == "chmod" => part.contains('x') && is(last),
            [
                "sh" | "bash" | "source" | "." | "python" | "python3" | "start" | "call",
                second,
                ..,
            ] => is(second),
            [first, ..] => {
                first.contains(['/', '\\']) && is(first) || first.ends_with(".exe") && is(first)
            }
            [] => false,
        }
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(['\'', '"', ';'])
}

fn hex(text: &str) -> Option<String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    Some(String::from_utf8_lossy(&bytes?).into_owned())
}

fn base64(text: &str) -> Option<String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = ::base64::engine::general_purpose::STANDARD.decode(&digits);
    let bytes = bytes.or_else(|_| ::base64::engine::general_purpose::URL_SAFE.decode(&digits));
    Some(String::from_utf8_lossy(&bytes.ok()?).into_owned())
}

fn rot13(text: &str) -> String {
    let turn = |c: char| match c {
        'a'..='z' => char::from((c as u8 - b'a' + 13) % 26 + b'a'),
        'A'..='Z' => char::from((c as u8 - b'A' + 13) % 26 + b'A'),
        _ => c,
    };
    text.chars().map(turn).collect()
}
