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

    /// What runs code or programs among the values of a list or map, at whatever depth.
    pub(super) fn runner_in(&self, tree: &Tree) -> Option<String> {
        let mut runner = None;
        tree.visit(&mut |tree| {
            let values = match tree {
                Tree::Many(all) => all.as_slice(),
                _ => return,
            };
            for value in values {
                let value = match value {
                    Tree::Mixed(parts) if matches!(parts.as_slice(), [Tree::Text(_), _]) => {
                        &parts[1]
                    }
                    value => value,
                };
                if matches!(value, Tree::Name(_) | Tree::Member(..)) && runner.is_none() {
                    runner = self.full(value).filter(|name| RUNS.contains(&name.as_str()));
                }
            }
        });
        runner
    }

    /// `for name in values`: what the name stands for, where the values run code or programs.
    pub(super) fn draws(&mut self, tokens: &[Token]) {
        let is =
            |token: &Token, word: &str| matches!(&token.word, Word::Name(name) if name == word);
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| is(token, "for")) {
            let rest = &tokens[at + 1..];
            let Some(within) = rest.iter().take(12).position(|token| is(token, "in")) else {
                continue;
            };
            let values = tree::expression(&rest[within + 1..]);
            let mut runner = self.runner_in(&values);
            values.visit(&mut |tree| {
                if let Tree::Name(name) = tree
                    && runner.is_none()
                {
                    runner = self.kept.get(name).cloned();
                }
            });
            let Some(runner) = runner else { continue };
            for token in &rest[..within] {
                if let Word::Name(name) = &token.word {
                    self.names.insert(name.clone(), runner.clone());
                    self.indirect.insert(name.clone());
                }
            }
        }
    }

    /// `[exec][0](…)`, `tools["run"](…)`: what was put among values to be called.
    pub(super) fn calls_kept(&mut self, of: &Tree, line: u32, now: bool) {
        let mut runner = match of {
            Tree::Part(values, _) => self.runner_in(values),
            Tree::Call(taken, ..) => match taken.as_ref() {
                Tree::Member(values, _) => self.runner_in(values),
                _ => None,
            },
            _ => None,
        };
        let mut held = of;
        while let Tree::Part(inner, _) | Tree::Call(inner, ..) | Tree::Member(inner, _) = held {
            held = inner;
        }
        if let Tree::Name(name) = held
            && runner.is_none()
            && matches!(of, Tree::Part(..) | Tree::Call(..))
        {
            runner = self.kept.get(name).cloned();
        }
        let Some(runner) = runner else { return };
        let rule = match (now, names::does(&runner)) {
            (false, _) => &rules::PYTHON_MAY_RUN,
            (true, Some(Does::Executes)) => &rules::PYTHON_HIDDEN,
            (true, _) => &rules::PYTHON_RUNS,
        };
        self.say(rule, line, format!("{runner}, kept among values and called"));
    }

    /// At import itself, nothing is forked and no process is ended.
    pub(super) fn ends_processes(&mut self, of: &Tree, line: u32, statement: &Statement) {
        let imported = match statement.functions.first() {
            None => !statement.guarded && self.imported.contains(""),
            Some(outer) => self.imported.contains(outer),
        };
        let acts = ["os.fork", "os.forkpty", "pty.fork", "os.kill", "os.killpg", "posix.fork"];
        let name = imported.then(|| self.full(of)).flatten();
        if let Some(name) = name.filter(|name| acts.contains(&name.as_str())) {
            self.say(&rules::PYTHON_RUNS, line, format!("{name} at import"));
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

    /// `@exec`: what stands below is handed to it.
    pub(super) fn decorates(&mut self, statement: &Statement) {
        let [Token { word: Word::Sign('@'), line }, rest @ ..] = statement.tokens.as_slice() else {
            return;
        };
        let value =
            self.full(&tree::expression(rest)).filter(|value| RUNS.contains(&value.as_str()));
        if let Some(value) = value {
            self.say(&rules::PYTHON_RUNS, *line, format!("what is below is handed to {value}"));
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
