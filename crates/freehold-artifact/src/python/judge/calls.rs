//! What single calls do: run code or programs, connect, load, change and open files.

use super::{Judge, judge};
use crate::{
    finding::{Severity, shown},
    python::{
        names::{self, Command},
        tokens,
        tree::{Given, Tree},
    },
    rules,
};

impl Judge<'_> {
    pub(super) fn connects(&mut self, name: &str, given: &[Given], line: u32, now: bool) {
        let shown_name = shown(name.as_bytes(), 80);
        // What is only made connects to nobody yet.
        let made = name == "socket.socket"
            || ["Session", ".Request", "PoolManager"].iter().any(|end| name.ends_with(end));
        // In the address or the body: a header with a token is how services are asked.
        let told = given.iter().enumerate().any(|(at, one)| {
            let body = ["data", "json", "params", "files", "url"];
            let where_ = one.name.as_deref().map_or(at < 3, |name| body.contains(&name));
            where_ && self.tells(&one.value)
        });
        if told || given.iter().any(|one| self.is_secret(&one.value)) {
            self.say(&rules::PYTHON_STEALS, line, format!("{shown_name} is handed secrets"));
        } else if let Some(program) = self.fetches_program(name, given) {
            self.say(
                &rules::PYTHON_HIDDEN,
                line,
                format!("{shown_name} fetches a program: {program}"),
            );
        } else if now && !made {
            self.say(&rules::PYTHON_NETWORK, line, shown_name);
        } else {
            self.say(&rules::PYTHON_NOTE, line, shown_name);
        }
    }

    /// The name under which what is fetched is kept, where it is code.
    fn fetches_program(&self, name: &str, given: &[Given]) -> Option<String> {
        let keeps = name.ends_with("urlretrieve") || name == "wget.download";
        let path = self.text(&given.get(1).filter(|_| keeps)?.value)?;
        let ends = [".py", ".so", ".sh", ".exe", ".dll", ".pyc", ".pth", ".bat", ".ps1"];
        ends.iter().any(|end| path.ends_with(end)).then(|| shown(path.as_bytes(), 120))
    }

    pub(super) fn changes(&mut self, name: String, given: &[Given], line: u32, now: bool) {
        let path = given.first().and_then(|one| self.text(&one.value));
        let root = path.as_deref().is_some_and(|path| ["/", "~", "/home", "C:\\"].contains(&path));
        match (root, now) {
            (true, _) => self.say(&rules::PYTHON_RUNS, line, name),
            (false, true) => self.say(&rules::PYTHON_LOADS, line, name),
            (false, false) => {}
        }
    }

    pub(super) fn opens(&mut self, name: &str, given: &[Given], line: u32) {
        let path = given.first().and_then(|one| self.path(&one.value));
        let mode = given.get(1).and_then(|one| self.text(&one.value)).unwrap_or_default();
        let writes = mode.contains(['w', 'a', 'x', '+']);
        let of_python = given.iter().any(|one| self.is_of_python(&one.value));
        let lasts = |path: &String| names::persistent(path) || of_python;
        if let Some(path) = path.filter(|path| writes && lasts(path)) {
            let what = format!("{name} writes `{}`", shown(path.as_bytes(), 120));
            let place = given.first().map(|one| &one.value);
            match place {
                Some(place) => self.nests(&path, place, line, what),
                None => self.say(&rules::PYTHON_NESTS, line, what),
            }
        }
    }

    /// Whether code is taken from a file that is called otherwise, from where anybody may write, or
    /// from whoever starts the program.
    pub(super) fn disguised(&self, tree: &Tree) -> bool {
        let mut disguised = false;
        tree.visit(&mut |tree| match tree {
            Tree::Text(text) if text.len() < 200 && !text.contains([' ', '(', '\n']) => {
                let ends = text.rsplit(['/', '\\']).next().and_then(|name| name.rsplit_once('.'));
                disguised |= text.starts_with("/tmp/")
                    || ends.is_some_and(|(_, end)| DATA.contains(&end.to_lowercase().as_str()));
            }
            Tree::Member(..) => disguised |= self.full(tree).as_deref() == Some("sys.stdin"),
            _ => {}
        });
        disguised
    }

    pub(super) fn is_indirect(&self, of: &Tree) -> bool {
        matches!(of, Tree::Name(name) if self.indirect.contains(name))
    }

    pub(super) fn executes(&mut self, name: &str, given: &[Given], line: u32, now: bool) {
        let Some(first) = given.first().map(|one| &one.value) else { return };
        if self.disguised(first) {
            let what = format!("{name} of what is no file of code");
            return self.say(&rules::PYTHON_HIDDEN, line, what);
        }
        let text = self.text(first);
        // What a value says of itself makes the value again.
        let repeats =
            matches!(first, Tree::Call(of, ..) if self.full(of).as_deref() == Some("repr"));
        let hidden = !repeats && self.is_hidden(first);
        if let Some(text) = &text {
            let harms = self.depth < 3
                && tokens::read(text).is_ok_and(|tokens| {
                    let found = judge(tokens, self.place, self.depth + 1);
                    found.iter().any(|one| one.rule.severity >= Severity::Suspicious)
                });
            if harms || hidden {
                let what = format!("{name} of `{}`", shown(text.as_bytes(), 120));
                return self.say(&rules::PYTHON_HIDDEN, line, what);
            }
            return;
        }
        if hidden {
            return self.say(
                &rules::PYTHON_HIDDEN,
                line,
                format!("{name} of what is decoded or fetched"),
            );
        }
        let mut reads = false;
        first.visit(&mut |tree| {
            reads |= matches!(tree, Tree::Member(_, name) if name == "read" || name == "read_text")
        });
        let rule = if now && !reads { &rules::PYTHON_DYNAMIC } else { &rules::PYTHON_NOTE };
        self.say(rule, line, name.to_owned());
    }

    pub(super) fn runs(&mut self, name: &str, given: &[Given], line: u32, now: bool) {
        // `os.spawn…` is told first whether to wait.
        let skipped = match name {
            _ if name.ends_with("run_cell_magic") => 2,
            _ if name.ends_with("run_line_magic") => 1,
            _ => usize::from(name.contains("os.spawn")),
        };
        let first = given.get(skipped).map(|one| &one.value);
        if first.is_some_and(|first| self.is_hidden(first)) {
            return self.say(
                &rules::PYTHON_HIDDEN,
                line,
                format!("{name} of what is decoded or fetched"),
            );
        }
        let parts: Vec<Option<String>> = match first {
            Some(Tree::Many(all)) => all.iter().map(|one| self.text(one)).collect(),
            Some(one) => vec![self.text(one)],
            None => Vec::new(),
        };
        // What could not be worked out does not hide the rest.
        let known: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
        let line_of = known.join(" ");
        let shell = name.contains("os.")
            || name.ends_with("_shell")
            || ["pty.spawn", "pexpect.spawn", "pexpect.run", "distutils.spawn.spawn"]
                .contains(&name)
            || ["native.lib.", "_posixsubprocess.", "sh."].iter().any(|one| name.starts_with(one))
            || given.iter().any(|one| one.name.as_deref() == Some("shell"));
        let sure = !line_of.is_empty() && parts.first().is_some_and(Option::is_some);
        let rule = match (names::command(&line_of), sure, now) {
            _ if now && name.starts_with("native.lib.") => &rules::PYTHON_RUNS,
            (Command::Harms, _, _) => &rules::PYTHON_RUNS,
            (Command::Asks, true, _) => &rules::PYTHON_NOTE,
            (Command::Builds, true, true) => &rules::PYTHON_MAY_RUN,
            (Command::Other, true, true) if shell || names::acts(&line_of) => &rules::PYTHON_RUNS,
            (Command::Other, true, true) => &rules::PYTHON_MAY_RUN,
            (Command::Other, true, false) if name.starts_with("os.") => &rules::PYTHON_MAY_RUN,
            (_, false, true) => &rules::PYTHON_MAY_RUN,
            _ => &rules::PYTHON_NOTE,
        };
        let what = match line_of.is_empty() {
            true => name.to_owned(),
            false => format!("{name} of `{}`", shown(line_of.as_bytes(), 160)),
        };
        self.say(rule, line, what);
    }

    pub(super) fn loads(&mut self, name: &str, given: &[Given], line: u32, now: bool) {
        let named = |wanted: &str| {
            let found = given.iter().find(|one| one.name.as_deref() == Some(wanted));
            found.map(|one| &one.value)
        };
        let is = |tree: Option<&Tree>, word: &str| matches!(tree, Some(Tree::Name(name)) if name == word);
        let mut safe = is(named("weights_only"), "True");
        if name == "yaml.load" {
            let mut text = String::new();
            for one in given {
                one.value.visit(&mut |tree| {
                    if let Tree::Member(_, name) | Tree::Name(name) = tree {
                        text.push_str(name);
                    }
                });
            }
            safe = text.contains("Safe");
        }
        if safe {
            return;
        }
        let first = given.first().map(|one| &one.value);
        let embedded = first.and_then(|first| self.text(first)).is_some_and(|text| text.len() > 8)
            && first.is_some_and(|first| self.is_hidden(first));
        let rule = match (embedded, now) {
            (true, _) => &rules::PYTHON_HIDDEN,
            (false, true) => &rules::PYTHON_LOADS,
            (false, false) => &rules::PYTHON_NOTE,
        };
        self.say(rule, line, name.to_owned());
    }
}

/// Suffixes of what is no code.
static DATA: [&str; 16] = [
    "bin",
    "txt",
    "dat",
    "json",
    "pt",
    "pth",
    "png",
    "jpg",
    "gif",
    "model",
    "md",
    "csv",
    "pkl",
    "npy",
    "safetensors",
    "gguf",
];
