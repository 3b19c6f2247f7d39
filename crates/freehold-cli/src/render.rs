//! The one place that writes to the terminal: results, errors, and the notice of a bug.

use std::{error::Error, fmt::Display, io::Write, process};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::{failure::Failure, invoked::with_program};

/// Writes a line to standard output. A reader that has gone away is no error of ours.
pub(crate) fn line(text: impl Display) {
    let mut stream = anstream::stdout().lock();
    let _closed_pipe = writeln!(stream, "{text}").and_then(|()| stream.flush());
}

/// Writes a text after `indent` blanks, on a terminal broken at words where it would be too long,
/// so that its lines stay together. Pipes get one line.
pub(crate) fn paragraph(indent: usize, text: &str, style: Style) {
    let blanks = " ".repeat(indent);
    for part in broken(text, columns().saturating_sub(indent)) {
        line(format_args!("{blanks}{}", styled(style, part)));
    }
}

/// Columns of the terminal; as many as there are where standard output is none.
fn columns() -> usize {
    match rustix::termios::tcgetwinsize(std::io::stdout()) {
        Ok(size) if size.ws_col > 0 => usize::from(size.ws_col),
        _ => usize::MAX,
    }
}

/// The lines of a text that have at most `width` characters, unless one word has more.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Writes a value as one line of JSON to standard output.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(text),
        Err(error) => note("error:", STOP, &error.to_string()),
    }
}

/// Writes a value as indented JSON to standard output.
pub(crate) fn json_pretty(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => line(text),
        Err(error) => note("error:", STOP, &error.to_string()),
    }
}

/// Writes what is going on to standard error, where it does not disturb a script.
pub(crate) fn progress(text: impl Display) {
    let mut stream = anstream::stderr().lock();
    let _closed_pipe = writeln!(stream, "{text}");
}

/// Shows why a command could not answer: what failed, the chain of causes, the way out.
pub(crate) fn failure(failure: &Failure) {
    note("error:", STOP, &failure.error.to_string());
    let mut shown = failure.error.to_string();
    let mut cause = failure.error.source();
    while let Some(error) = cause {
        // Some libraries repeat their source's text in their own.
        let text = error.to_string();
        if !shown.contains(&text) {
            note("cause:", HOLD, &text);
        }
        shown = text;
        cause = error.source();
    }
    if let Some(hint) = &failure.hint {
        note("hint:", DEED, &with_program(hint));
    }
}

/// The chain of an error's causes as one line, for places that take a value.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Makes a panic, which is always a bug of ours, say so and end the program with code 101, on
/// whichever thread it happens.
pub(crate) fn exit_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        note("error:", STOP, "this is a bug in Freehold, please report it");
        note("cause:", HOLD, &panic.to_string());
        process::exit(101);
    }));
}

/// A text in a style; plain where the stream is no terminal.
pub(crate) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

fn note(word: &str, style: Style, text: &str) {
    let mut stream = anstream::stderr().lock();
    let _closed_pipe = writeln!(stream, "{} {text}", styled(style.bold(), word));
}

/// In force, clean.
pub(crate) const DEED: Style = AnsiColor::Green.on_default();
/// Partly, waiting.
pub(crate) const HOLD: Style = AnsiColor::Yellow.on_default();
/// Stopped, wrong.
pub(crate) const STOP: Style = AnsiColor::Red.on_default();
/// Less important.
pub(crate) const SOFT: Style = Style::new().dimmed();
/// More important.
pub(crate) const STRONG: Style = Style::new().bold();
/// As it is.
pub(crate) const PLAIN: Style = Style::new();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_words() {
        for (text, width, lines) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("one two three", usize::MAX, vec!["one two three"]),
            ("a verylongword b", 4, vec!["a", "verylongword", "b"]),
            ("ä ö ü", 3, vec!["ä ö", "ü"]),
            ("a  b", 9, vec!["a  b"]),
            ("", 5, vec![""]),
        ] {
            assert_eq!(broken(text, width), lines, "{text:?} {width}");
        }
    }
}
