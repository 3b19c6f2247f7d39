//! Judges statements: what would happen as soon as the code is imported or the model is made.

use std::collections::{BTreeSet, HashMap, HashSet};

mod calls;
mod runners;
mod values;

use super::{
    Place,
    names::{self, Does},
    tokens::{Token, Word},
    tree::{self, Given, Statement, Tree},
};
use crate::{
    finding::{Finding, Severity, shown},
    rules,
    rules::Rule,
};

/// What is known about a text's names.
pub(super) struct Judge<'p> {
    place: &'p Place,
    depth: usize,
    /// What a name stands for: a module or a member of one.
    names: HashMap<String, String>,
    /// Modules that hand out all of their names.
    stars: Vec<String>,
    /// Names that stand for a text.
    texts: HashMap<String, String>,
    /// Names that stand for something decoded or fetched, secret, or written to where it lasts.
    hidden: HashSet<String>,
    /// Names of functions that were taken by a way around.
    indirect: HashSet<String>,
    /// Names of lists and maps that hold what runs code or programs, with one that they hold.
    kept: HashMap<String, String>,
    /// Names of folders that Python takes code from.
    sites: HashSet<String>,
    secret: HashSet<String>,
    /// Functions that run at import or when a model is made.
    now: HashSet<String>,
    /// Those of them that run at import itself.
    imported: HashSet<String>,
    findings: Vec<Finding>,
    /// Names of all functions that are called.
    called: BTreeSet<String>,
    reads_secret: Option<u32>,
    /// Where all files of a user or a machine are gone through.
    walks: Option<u32>,
    /// Where what Python runs at every start is written into a folder that is not known.
    customised: Vec<(u32, String)>,
}

/// Judges all statements.
pub(super) fn judge(tokens: Vec<Token>, place: &Place, depth: usize) -> Vec<Finding> {
    let statements: Vec<(Statement, Tree)> = tree::statements(tokens)
        .into_iter()
        .map(|statement| {
            let tree = tree::expression(&statement.tokens);
            (statement, tree)
        })
        .collect();
    let mut judge = Judge {
        place,
        depth,
        names: HashMap::new(),
        stars: Vec::new(),
        texts: HashMap::new(),
        hidden: HashSet::new(),
        indirect: HashSet::new(),
        kept: HashMap::new(),
        sites: HashSet::new(),
        secret: HashSet::new(),
        now: HashSet::new(),
        imported: HashSet::new(),
        findings: Vec::new(),
        called: BTreeSet::new(),
        reads_secret: None,
        walks: None,
        customised: Vec::new(),
    };
    for (statement, _) in &statements {
        judge.imports(&statement.tokens);
    }
    // Twice, so that names that are given later are known, too.
    for _ in 0..2 {
        for (statement, _) in &statements {
            judge.assigns(&statement.tokens);
            judge.draws(&statement.tokens);
        }
    }
    judge.reaches(&statements);
    for (statement, tree) in &statements {
        let now = judge.is_now(statement);
        let reduce = statement.functions.last().is_some_and(|name| name.contains(".__reduce"));
        if reduce {
            judge.reduces(tree, statement);
        }
        tree.visit(&mut |tree| match tree {
            Tree::Call(of, given, line) => {
                judge.ends_processes(of, *line, statement);
                judge.call(of, given, *line, now);
            }
            Tree::Many(all) if now => judge.keeps_runner(all, statement),
            _ => {}
        });
        if now {
            judge.gives_runner(statement);
            judge.decorates(statement);
        }
    }
    judge.end()
}

impl Judge<'_> {
    fn say(&mut self, rule: &'static Rule, line: u32, what: String) {
        self.findings.push(Finding::new(rule, u64::from(line), format!("line {line}: {what}")));
    }

    fn imports(&mut self, tokens: &[Token]) {
        let words: Vec<&str> = tokens
            .iter()
            .map(|token| match &token.word {
                Word::Name(name) => name.as_str(),
                Word::Sign('.') => ".",
                Word::Sign(',') => ",",
                Word::Sign('*') => "*",
                _ => "",
            })
            .collect();
        let (from, rest) = match words.first() {
            Some(&"import") => (String::new(), &words[1..]),
            Some(&"from") => match words.iter().position(|word| *word == "import") {
                Some(at) => (words[1..at].concat(), &words[at + 1..]),
                None => return,
            },
            _ => return,
        };
        for part in rest.split(|word| *word == ",") {
            let part: Vec<&str> = part.iter().copied().filter(|word| !word.is_empty()).collect();
            let (path, own) = match part.iter().position(|word| *word == "as") {
                Some(at) => (part[..at].concat(), part.get(at + 1).copied().map(str::to_owned)),
                None => (part.concat(), None),
            };
            match (from.as_str(), path.as_str()) {
                (_, "") => {}
                (from, "*") => self.stars.push(from.to_owned()),
                ("", path) => {
                    let top = path.split('.').next().unwrap_or(path);
                    let full = if own.is_some() { path } else { top };
                    let own = own.unwrap_or_else(|| top.to_owned());
                    self.names.insert(own, full.to_owned());
                }
                (from, path) => {
                    let own = own.unwrap_or_else(|| path.to_owned());
                    self.names.insert(own, format!("{from}.{path}"));
                }
            }
        }
    }

    /// `name = value`, and `with value as name`.
    fn assigns(&mut self, tokens: &[Token]) {
        let (name, value) = match tokens {
            [
                Token { word: Word::Name(name), .. },
                Token { word: Word::Sign('='), .. },
                rest @ ..,
            ] if rest.first().is_some_and(|next| next.word != Word::Sign('=')) => {
                (name.clone(), tree::expression(rest))
            }
            [Token { word: Word::Name(with), .. }, rest @ ..] if with == "with" => {
                let is_as = |token: &Token| token.word == Word::Name("as".to_owned());
                let Some(at) = rest.iter().position(is_as) else { return };
                match rest.get(at + 1).map(|token| &token.word) {
                    Some(Word::Name(name)) => (name.clone(), tree::expression(&rest[..at])),
                    _ => return,
                }
            }
            _ => return,
        };
        if let Some(runner) = self.runner_in(&value) {
            self.kept.insert(name.clone(), runner);
        }
        if self.is_of_python(&value) {
            self.sites.insert(name.clone());
        }
        if self.is_hidden(&value) {
            self.hidden.insert(name.clone());
        }
        if self.is_secret(&value) {
            self.secret.insert(name.clone());
        }
        if self.is_roundabout(&value) {
            self.indirect.insert(name.clone());
        }
        if let Some(full) = self.full(&value).filter(|_| !matches!(value, Tree::Text(_))) {
            let known = full.contains('.')
                || names::does(&full).is_some()
                || MODULES.contains(&full.as_str());
            if known && full != name {
                self.names.insert(name.clone(), full);
            }
        }
        let path = matches!(value, Tree::Mixed(_)).then(|| self.path(&value)).flatten();
        if let Some(text) = self.text(&value).or(path.filter(|path| path.len() < 200)) {
            self.texts.insert(name, text);
        }
    }

    /// Which functions run at import, or as soon as a model is made.
    fn reaches(&mut self, statements: &[(Statement, Tree)]) {
        let setup = self.place.setup;
        let made = |name: &str| {
            let (class, method) = name.split_once('.').unwrap_or(("", name));
            !class.is_empty() && (MADE.contains(&method) || setup && HOOKS.contains(&method))
        };
        let mut calls: HashMap<String, HashSet<String>> = HashMap::new();
        let mut waiting = Vec::new();
        for (statement, tree) in statements {
            let owner = statement.functions.first().cloned().unwrap_or_default();
            if made(&owner) {
                waiting.push(owner.clone());
            }
            let called = calls.entry(owner).or_default();
            if statement.functions.is_empty() && statement.guarded {
                continue;
            }
            tree.visit(&mut |tree| {
                let Tree::Call(of, ..) = tree else { return };
                match of.as_ref() {
                    Tree::Name(name) => {
                        called.insert(name.clone());
                    }
                    Tree::Member(_, name) => {
                        called.insert(format!(".{name}"));
                    }
                    _ => {}
                }
            });
        }
        let first = (!self.place.notebook).then(String::new);
        self.imported = reached(first.clone().into_iter().collect(), &calls);
        waiting.extend(first);
        self.now = reached(waiting, &calls);
    }

    fn is_now(&self, statement: &Statement) -> bool {
        match statement.functions.first() {
            None => !statement.guarded && self.now.contains(""),
            Some(outer) => self.now.contains(outer),
        }
    }

    fn call(&mut self, of: &Tree, given: &[Given], line: u32, now: bool) {
        if now {
            self.hands_runner(of, given, line);
        }
        let made = match of {
            Tree::Member(of, method) => match of.as_ref() {
                Tree::Call(class, ..) => self.full(class).map(|class| format!("{class}.{method}")),
                _ => None,
            },
            _ => None,
        };
        let made = made.filter(|name| names::does(name) == Some(Does::Executes));
        let Some(name) = self.full(of).or(made) else { return self.unnamed(of, given, line, now) };
        if self.called.len() < 10_000 {
            self.called.insert(name.clone());
        }
        let shown_name = shown(name.as_bytes(), 80);
        self.notes(&name, &shown_name, given, line, now);
        let Some(does) = names::does(&name) else { return self.settles(of, &name, given, line) };
        match does {
            Does::Executes if self.is_roundabout(of) || self.is_indirect(of) => {
                self.say(&rules::PYTHON_HIDDEN, line, format!("{shown_name}, by a way around"));
            }
            Does::Runs if now && (self.is_roundabout(of) || self.is_indirect(of)) => {
                self.say(&rules::PYTHON_RUNS, line, format!("{shown_name}, by a way around"));
            }
            Does::Executes => self.executes(&shown_name, given, line, now),
            Does::Runs => self.runs(&shown_name, given, line, now),
            Does::Connects => self.connects(&name, given, line, now),
            Does::Native => self.native(shown_name, given, line, now),
            Does::Loads => self.loads(&shown_name, given, line, now),
            Does::Changes => self.changes(shown_name, given, line, now),
            Does::Opens => self.opens(&shown_name, given, line),
            Does::Decodes => {}
        }
    }

    /// A call of what has no name here: what the method, or the way to it, says.
    fn unnamed(&mut self, of: &Tree, given: &[Given], line: u32, now: bool) {
        if let Tree::Member(_, method) = of {
            self.called.insert(format!("?.{method}"));
            let nests = ["write_text", "write_bytes", "open"].contains(&method.as_str());
            if nests
                && let Tree::Member(of, _) = of
                && let Some(path) = self.path(of).filter(|path| names::persistent(path))
            {
                self.nests(&path, of, line, format!("a file is written by {method}"));
            }
            if method == "dlopen" && now {
                self.say(&rules::PYTHON_NATIVE, line, "dlopen".to_owned());
            }
            let connected = match of {
                Tree::Member(made, _) => match made.as_ref() {
                    Tree::Call(of, ..) => self.full(of),
                    _ => None,
                },
                _ => None,
            };
            let connected = connected.and_then(|name| names::does(&name)) == Some(Does::Connects);
            if connected && given.iter().any(|one| self.is_secret(&one.value)) {
                self.say(&rules::PYTHON_STEALS, line, format!("{method} is handed secrets"));
            }
            let handed = given.iter().any(|one| self.is_secret_path(&one.value));
            if handed {
                self.reads_secret.get_or_insert(line);
            }
        }
        self.calls_kept(of, line, now);
        // `getattr(os, name)(…)`
        if let Tree::Call(getter, held, _) = of
            && self.full(getter).as_deref() == Some("getattr")
            && let [of, _, ..] = held.as_slice()
            && self.full(&of.value).is_some_and(|name| RUNNERS.contains(&name.as_str()))
        {
            let rule = if now { &rules::PYTHON_HIDDEN } else { &rules::PYTHON_MAY_RUN };
            self.say(rule, line, "a function that is looked up by a name".to_owned());
        }
        // `x.__init__.__globals__['system'](…)`
        if let Tree::Part(of, _) = of
            && let Tree::Member(_, name) = of.as_ref()
            && ["__globals__", "__builtins__"].contains(&name.as_str())
        {
            self.say(&rules::PYTHON_HIDDEN, line, format!("a call of what `{name}` holds"));
        }
    }

    /// What any call's arguments say, whatever is called.
    fn notes(&mut self, name: &str, shown_name: &str, given: &[Given], line: u32, now: bool) {
        let trusts = |one: &Given| {
            one.name.as_deref() == Some("trust_remote_code")
                && matches!(&one.value, Tree::Name(value) if value == "True")
        };
        if given.iter().any(trusts) {
            let what =
                format!("{shown_name} runs code of the repository it loads (trust_remote_code)");
            self.say(&rules::PYTHON_NOTE, line, what);
        }
        if now {
            self.hands_on(name, given, line);
        }
        if given.iter().any(|one| self.is_secret_path(&one.value)) {
            self.reads_secret.get_or_insert(line);
        }
        let everything = |path: &String| ["/", "~", "/home", "C:\\"].contains(&path.as_str());
        let walks = ["os.walk", "os.scandir", "os.listdir", "glob.glob", "glob.iglob"];
        if now && walks.contains(&name) {
            let path = given.first().and_then(|one| self.text(&one.value));
            self.walks = path.filter(everything).map(|_| line).or(self.walks);
        }
        let located = name == "importlib.util.spec_from_file_location"
            || name.ends_with("SourceFileLoader")
            || name.ends_with("SourcelessFileLoader");
        if located && given.iter().skip(1).any(|one| self.disguised(&one.value)) {
            self.say(
                &rules::PYTHON_HIDDEN,
                line,
                format!("{shown_name} of what is no file of code"),
            );
        }
    }

    /// A call of what is unknown, by which something settles in the machine.
    fn settles(&mut self, of: &Tree, name: &str, given: &[Given], line: u32) {
        let shown_name = shown(name.as_bytes(), 80);
        let registry = name.starts_with("winreg.");
        if registry
            && given.iter().filter_map(|one| self.text(&one.value)).any(|p| names::persistent(&p))
        {
            self.say(&rules::PYTHON_NESTS, line, shown_name);
            return;
        }
        if (name.ends_with(".write_text") || name.ends_with(".write_bytes"))
            && let Tree::Member(of, _) = of
            && let Some(path) = self.path(of).filter(|path| names::persistent(path))
        {
            self.nests(&path, of, line, shown_name);
        }
    }

    /// A file is written that lasts. What Python runs at every start does so only in Python's own
    /// folders: in one that was made for a while it is nobody's.
    fn nests(&mut self, path: &str, place: &Tree, line: u32, what: String) {
        let own = names::customises(path) && !path.contains("site-packages");
        if own && !self.is_of_python(place) {
            self.customised.push((line, what));
        } else {
            self.say(&rules::PYTHON_NESTS, line, what);
        }
    }

    /// Machine code is loaded.
    fn native(&mut self, shown_name: String, given: &[Given], line: u32, now: bool) {
        let rule = if now { &rules::PYTHON_NATIVE } else { &rules::PYTHON_NOTE };
        // The interpreter itself, or what the system brings.
        let nothing =
            given.iter().all(|one| matches!(&one.value, Tree::Name(name) if name == "None"));
        // A library from where anybody may write, or code of C's within.
        let odd = given.iter().filter_map(|one| self.text(&one.value)).any(|text| {
            ["/tmp/", "/var/tmp/", "/dev/shm/"].iter().any(|one| text.starts_with(one))
                || ["system(", "popen(", "execve(", "execl("].iter().any(|one| text.contains(one))
        });
        let rule = match (nothing, odd && now) {
            (true, _) => &rules::PYTHON_NOTE,
            (_, true) => &rules::PYTHON_HIDDEN,
            _ => rule,
        };
        self.say(rule, line, shown_name);
    }

    /// What a `__reduce__` hands back.
    fn reduces(&mut self, tree: &Tree, statement: &Statement) {
        let line = statement.tokens.first().map_or(0, |token| token.line);
        let mut handed = None;
        tree.visit(&mut |tree| {
            let name = match tree {
                Tree::Name(_) | Tree::Member(..) | Tree::Call(..) => self.full(tree),
                _ => None,
            };
            let acts = |name: &String| {
                matches!(
                    names::does(name),
                    Some(Does::Executes | Does::Runs | Does::Connects | Does::Changes)
                )
            };
            handed = handed.take().or(name.filter(acts));
        });
        if let Some(name) = handed {
            self.say(&rules::PYTHON_PICKLE, line, name);
        }
    }

    /// What only the whole file shows.
    fn end(mut self) -> Vec<Finding> {
        let ends = |called: &BTreeSet<String>, last: &str| {
            called.iter().any(|name| name.rsplit('.').next() == Some(last))
        };
        let connects = self.called.iter().any(|name| names::does(name) == Some(Does::Connects));
        let temporary = |name: &String| name.to_lowercase().contains("temp");
        let rule = match self.called.iter().any(temporary) {
            true => &rules::PYTHON_MAY_NEST,
            false => &rules::PYTHON_NESTS,
        };
        for (line, what) in std::mem::take(&mut self.customised) {
            self.say(rule, line, what);
        }
        let shell = self.called.contains("socket.socket")
            || self.called.contains("socket.create_connection");
        let runs = self.called.iter().any(|name| names::does(name) == Some(Does::Runs));
        if shell
            && (self.called.contains("os.dup2")
                || runs
                    && (ends(&self.called, "recv") && ends(&self.called, "send")
                        || self.called.contains("pty.spawn")))
        {
            self.say(&rules::PYTHON_STEALS, 0, "a connection is handed a shell".to_owned());
        }
        if let Some(line) = self.reads_secret.filter(|_| connects && !self.place.notebook) {
            let sends = [
                "post",
                "put",
                "urlopen",
                "Request",
                "request",
                "send",
                "sendall",
                "sendmail",
                "storbinary",
            ];
            let file = self.findings.iter().all(|one| one.rule != &rules::PYTHON_STEALS);
            if file && sends.iter().any(|one| ends(&self.called, one)) {
                self.say(&rules::PYTHON_STEALS, line, "it reads secrets, and sends".to_owned());
            }
        }
        let removes = ["os.remove", "os.unlink", "shutil.rmtree"];
        if let Some(line) =
            self.walks.filter(|_| removes.iter().any(|one| self.called.contains(*one)))
        {
            self.say(
                &rules::PYTHON_RUNS,
                line,
                "it goes through all files, and removes".to_owned(),
            );
        }
        if ends(&self.called, "VirtualAlloc")
            || self.called.contains("mmap.mmap") && ends(&self.called, "CFUNCTYPE")
            || ends(&self.called, "mprotect") && ends(&self.called, "memmove")
        {
            self.say(
                &rules::PYTHON_HIDDEN,
                0,
                "machine code is put into memory and run".to_owned(),
            );
        }
        self.findings.sort_by_key(|one| (std::cmp::Reverse(one.rule.severity), one.offset));
        self.findings.dedup();
        let mut notes = 0;
        self.findings.retain(|one| {
            notes += usize::from(one.rule.severity == Severity::Note);
            one.rule.severity > Severity::Note || notes <= 5
        });
        self.findings.truncate(50);
        self.findings
    }
}

/// The functions that run as soon as these do.
fn reached(mut waiting: Vec<String>, calls: &HashMap<String, HashSet<String>>) -> HashSet<String> {
    let mut reached = HashSet::new();
    while let Some(name) = waiting.pop() {
        if !reached.insert(name.clone()) {
            continue;
        }
        let class = name.split_once('.').map(|(class, _)| class.to_owned());
        for called in calls.get(&name).into_iter().flatten() {
            // A function of this file; a method of the same class.
            let own = class.as_ref().map(|class| format!("{class}{called}"));
            for one in own.iter().chain([called]) {
                if calls.contains_key(one) {
                    waiting.push(one.clone());
                }
            }
        }
    }
    reached
}

/// Modules that a name may come to stand for.
static MODULES: [&str; 14] = [
    "os",
    "subprocess",
    "socket",
    "sys",
    "builtins",
    "importlib",
    "pty",
    "shutil",
    "ctypes",
    "pickle",
    "marshal",
    "base64",
    "requests",
    "posix",
];
/// Modules of which nobody takes a function by a name that is worked out.
static RUNNERS: [&str; 6] = ["os", "posix", "nt", "subprocess", "builtins", "__builtins__"];
/// Methods that run when a model is made, loaded or called.
static MADE: [&str; 20] = [
    "__init__",
    "__new__",
    "__init_subclass__",
    "__call__",
    "__setstate__",
    "__post_init__",
    "__getattr__",
    "__set_name__",
    "__class_getitem__",
    "__enter__",
    "forward",
    "call",
    "build",
    "from_pretrained",
    "from_config",
    "get_config",
    "load_state_dict",
    "_load_from_state_dict",
    "_load_pretrained_model",
    "__del__",
];
/// Methods that a build calls.
static HOOKS: [&str; 4] = ["run", "finalize_options", "initialize_options", "build_extensions"];
