//! What runs code or programs, handed on, kept or given another name instead of called.

use super::Judge;
use crate::{
    finding::shown,
    python::{
        names::{self, Does},
        tokens::{Token, Word},
        tree::{self, Given, Statement, Tree},
    },
    rules,
};

impl Judge<'_> {
    /// A function handed on to somebody who calls it.
    pub(super) fn hands_on(&mut self, name: &str, given: &[Given], line: u32) {
        if HANDED.contains(&name.rsplit('.').next().unwrap_or(name)) {
            let mut acts = false;
            for one in given {
                one.value.visit(&mut |tree| {
                    acts |= matches!(tree, Tree::Text(text) if names::acts(text));
                });
            }
            let runs = given.iter().filter_map(|one| self.full(&one.value)).find(|name| {
                matches!(names::does(name), Some(Does::Runs | Does::Executes))
                    && (name.contains("os.") || acts)
                    || name == "exec"
            });
            if let Some(runs) = runs {
                self.say(
                    &rules::PYTHON_RUNS,
                    line,
                    format!("{} is handed {runs}", shown(name.as_bytes(), 80)),
                );
            }
        }
    }

    /// What runs code or programs, kept among values for somebody to call.
    pub(super) fn keeps_runner(&mut self, all: &[Tree], statement: &Statement) {
        let runs = |one: &Tree| {
            let name = matches!(one, Tree::Name(_) | Tree::Member(..)).then(|| self.full(one));
            name.flatten().filter(|name| RUNS.contains(&name.as_str()))
        };
        let mixed = all.iter().flat_map(|one| match one {
            // `"name": eval`
            Tree::Mixed(parts) if matches!(parts.as_slice(), [Tree::Text(_), _]) => &parts[1..],
            one => std::slice::from_ref(one),
        });
        if let Some(name) = mixed.filter_map(runs).next() {
            let line = statement.tokens.first().map_or(0, |token| token.line);
            self.say(&rules::PYTHON_MAY_RUN, line, format!("{name} is kept"));
        }
    }

    /// `__class_getitem__ = os.system`: Python itself calls methods of such names.
    pub(super) fn gives_runner(&mut self, statement: &Statement) {
        let [
            Token { word: Word::Name(name), line },
            Token { word: Word::Sign('='), .. },
            rest @ ..,
        ] = statement.tokens.as_slice()
        else {
            return;
        };
        let value =
            self.full(&tree::expression(rest)).filter(|value| RUNS.contains(&value.as_str()));
        if let Some(value) = value.filter(|_| name.starts_with("__") && name.ends_with("__")) {
            self.say(&rules::PYTHON_RUNS, *line, format!("{name} is {value}"));
        }
    }

    /// Whoever is handed what runs programs or code may call it.
    pub(super) fn hands_runner(&mut self, of: &Tree, given: &[Given], line: u32) {
        let callee = match of {
            Tree::Member(_, name) | Tree::Name(name) => name.as_str(),
            _ => "",
        };
        let asks = ["isinstance", "hasattr", "getattr", "callable", "id", "signature", "wraps"];
        if asks.contains(&callee) {
            return;
        }
        for one in given.iter().filter(|one| one.name.as_deref() != Some("type")) {
            let Some(name) = self.full(&one.value) else { continue };
            if !matches!(one.value, Tree::Name(_) | Tree::Member(..)) {
                continue;
            }
            let shell = ["os.system", "os.popen", "posix.system", "nt.system", "exec", "pty.spawn"];
            let certain = shell.contains(&name.as_str()) || callee.is_empty();
            match names::does(&name) {
                Some(Does::Runs | Does::Executes) if certain => self.say(
                    &rules::PYTHON_RUNS,
                    line,
                    format!("{} is handed on", shown(name.as_bytes(), 80)),
                ),
                _ => {}
            }
        }
    }
}

/// What runs any code or command.
static RUNS: [&str; 8] = [
    "exec",
    "eval",
    "os.system",
    "os.popen",
    "posix.system",
    "subprocess.Popen",
    "subprocess.run",
    "pty.spawn",
];
/// Functions that call what they are handed.
static HANDED: [&str; 10] = [
    "map", "filter", "apply", "Thread", "Process", "Timer", "register", "partial", "submit",
    "starmap",
];
