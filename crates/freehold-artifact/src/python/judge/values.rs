//! What an expression stands for: the full name of a function, a text, something hidden or secret.

use super::Judge;
use crate::python::{
    base64, hex,
    names::{self, Does},
    rot13,
    tree::{Given, Tree},
};

impl Judge<'_> {
    /// The full name of what an expression stands for.
    pub(super) fn full(&self, tree: &Tree) -> Option<String> {
        match tree {
            Tree::Name(name) => Some(match self.names.get(name) {
                Some(full) => full.clone(),
                None => {
                    let starred = self.stars.iter().map(|module| format!("{module}.{name}"));
                    starred
                        .into_iter()
                        .find(|full| names::does(full).is_some())
                        .unwrap_or_else(|| name.clone())
                }
            }),
            Tree::Member(of, name) => {
                let of = self.full(of)?;
                match of.as_str() {
                    "__builtins__" | "builtins" | "__builtin__" if name != "__dict__" => {
                        Some(name.clone())
                    }
                    _ => Some(format!("{of}.{name}")),
                }
            }
            Tree::Part(of, parts) => {
                let key = parts.first().and_then(|part| self.text(part))?;
                let of = self.full(of)?;
                let base = of.strip_suffix(".__dict__").unwrap_or(&of);
                match base {
                    "sys.modules" => Some(key),
                    "globals()" | "locals()" | "__builtins__" | "builtins" => {
                        Some(match key.as_str() {
                            "__builtins__" => "builtins".to_owned(),
                            _ => key,
                        })
                    }
                    _ if base.len() < of.len() => Some(format!("{base}.{key}")),
                    _ => None,
                }
            }
            Tree::Call(of, given, _) => self.handed_back(of, given),
            Tree::Many(all) if all.len() == 1 => self.full(&all[0]),
            _ => None,
        }
    }

    /// The full name of what a call hands back.
    fn handed_back(&self, of: &Tree, given: &[Given]) -> Option<String> {
        let first = given.first().map(|one| &one.value);
        // `attrgetter("system")(os)`
        if let Tree::Call(getter, named, _) = of
            && self.full(getter).as_deref() == Some("operator.attrgetter")
        {
            let name = self.text(&named.first()?.value)?;
            let of = self.full(first?)?;
            return self.full(&Tree::Member(Box::new(Tree::Name(of)), name));
        }
        // `vars(os).get("system")`, `os.__getattribute__("system")`
        if let Tree::Member(of, method) = of {
            let taken = || Some(Tree::Text(self.text(first?)?));
            match method.as_str() {
                "get" | "pop" | "setdefault" | "__getitem__" => {
                    let held = self.full(of)?;
                    if held.ends_with("__dict__") || held == "sys.modules" {
                        return self.full(&Tree::Part(of.clone(), vec![taken()?]));
                    }
                }
                "__getattribute__" | "__getattr__" if given.len() == 1 => {
                    let name = self.text(first?)?;
                    return self.full(&Tree::Member(of.clone(), name));
                }
                _ => {}
            }
        }
        let name = self.full(of)?;
        if names::does(&name) == Some(Does::Native) && !name.starts_with("native.lib") {
            return Some("native.lib".to_owned());
        }
        match name.as_str() {
            "__import__" => {
                let module = self.text(first?)?;
                Some(module.split('.').next().unwrap_or(&module).to_owned())
            }
            "importlib.import_module" | "importlib.__import__" => self.text(first?),
            "getattr" => {
                let of = self.full(first?)?;
                let name = self.text(&given.get(1)?.value)?;
                self.full(&Tree::Member(Box::new(Tree::Name(of)), name))
            }
            "vars" => Some(format!("{}.__dict__", self.full(first?)?)),
            "get_ipython" => Some("ipython".to_owned()),
            "globals" => Some("globals()".to_owned()),
            "locals" => Some("locals()".to_owned()),
            "os.path.expanduser" | "os.path.join" | "pathlib.Path" => None,
            _ => None,
        }
    }

    /// The text that an expression makes, where it can be worked out.
    pub(super) fn text(&self, tree: &Tree) -> Option<String> {
        match tree {
            Tree::Text(text) => Some(text.clone()),
            Tree::Name(name) => self.texts.get(name).cloned(),
            Tree::Many(all) if all.len() == 1 => self.text(&all[0]),
            Tree::Sum(all) => all.iter().map(|part| self.text(part)).collect(),
            Tree::Part(of, parts) => {
                // `[::-1]`, of which only the number and the signs remain.
                let text = self.text(of)?;
                let back = matches!(parts.as_slice(), [Tree::Mixed(all)] if all == &[Tree::Number(1)])
                    || parts == &[Tree::Number(1)] && text.len() > 1;
                back.then(|| text.chars().rev().collect())
            }
            Tree::Call(of, given, _) => self.made(of, given),
            _ => None,
        }
    }

    /// The text that a call makes.
    pub(super) fn made(&self, of: &Tree, given: &[Given]) -> Option<String> {
        let first = given.first().map(|one| &one.value);
        if let Tree::Member(text, method) = of
            && let Some(text) = self.text(text)
        {
            return self.reshaped(text, method, given);
        }
        let name = self.full(of)?;
        match name.as_str() {
            "chr" => match first? {
                Tree::Number(number) => char::from_u32(*number as u32).map(String::from),
                _ => None,
            },
            "bytes" | "bytearray" => match first? {
                Tree::Many(all) => {
                    let byte = |one: &Tree| match one {
                        Tree::Number(number) => char::from_u32(*number as u32),
                        _ => None,
                    };
                    all.iter().map(byte).collect()
                }
                _ => self.text(first?),
            },
            "str" | "os.path.expanduser" | "os.path.expandvars" | "pathlib.Path" => {
                self.text(first?)
            }
            "os.path.join" | "shlex.split" | "textwrap.dedent" => {
                let parts: Vec<String> =
                    given.iter().filter_map(|one| self.text(&one.value)).collect();
                (!parts.is_empty()).then(|| parts.join("/"))
            }
            "bytes.fromhex" | "bytearray.fromhex" | "binascii.unhexlify" | "base64.b16decode" => {
                hex(&self.text(first?)?)
            }
            _ if name.ends_with("64decode")
                || name == "base64.decodebytes"
                || name == "binascii.a2b_base64" =>
            {
                base64(&self.text(first?)?)
            }
            "codecs.decode" => {
                let text = self.text(first?)?;
                match self.text(&given.get(1)?.value)?.as_str() {
                    "rot13" | "rot_13" => Some(rot13(&text)),
                    "hex" => hex(&text),
                    "base64" => base64(&text),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The text that a text's own method makes.
    fn reshaped(&self, text: String, method: &str, given: &[Given]) -> Option<String> {
        let first = given.first().map(|one| &one.value);
        match method {
            "decode" | "encode" | "strip" | "lower" | "format" | "expanduser" => Some(text),
            "replace" => {
                let (from, to) = (self.text(first?)?, self.text(&given.get(1)?.value)?);
                Some(text.replace(&from, &to))
            }
            "join" => match first? {
                Tree::Many(all) => {
                    let parts: Option<Vec<String>> = match all.as_slice() {
                        [Tree::Many(inner)] => inner.iter().map(|one| self.text(one)).collect(),
                        all => all.iter().map(|one| self.text(one)).collect(),
                    };
                    Some(parts?.join(&text))
                }
                // `map(chr, (111, 115))`
                Tree::Call(map, given, _) if self.full(map).as_deref() == Some("map") => {
                    let [how, numbers] = given.as_slice() else { return None };
                    if self.full(&how.value).as_deref() != Some("chr") {
                        return None;
                    }
                    let mut letters = String::new();
                    numbers.value.visit(&mut |tree| {
                        if let Tree::Number(number) = tree {
                            letters.extend(char::from_u32(*number as u32));
                        }
                    });
                    (!letters.is_empty()).then_some(letters)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether something in it is decoded, unpacked or fetched.
    pub(super) fn is_hidden(&self, tree: &Tree) -> bool {
        let mut hidden = false;
        tree.visit(&mut |tree| {
            hidden |= match tree {
                // Letters by their numbers, one by one.
                Tree::Name(name) if name == "chr" => true,
                Tree::Name(name) => self.hidden.contains(name),
                Tree::Call(of, _, _) => {
                    let name = self.full(of);
                    let does = name.as_deref().and_then(names::does);
                    let marshal = name.as_deref().is_some_and(|name| name.starts_with("marshal."));
                    marshal || matches!(does, Some(Does::Decodes | Does::Connects))
                }
                _ => false,
            };
        });
        hidden
    }

    /// Whether a function is taken by a text or an import within the expression, as nobody writes
    /// who has nothing to hide.
    pub(super) fn is_roundabout(&self, of: &Tree) -> bool {
        let mut roundabout = false;
        of.visit(&mut |tree| {
            let name = match tree {
                Tree::Call(of, ..) | Tree::Part(of, _) => self.full(of),
                _ => None,
            };
            roundabout |= name.is_some_and(|name| {
                [
                    "__import__",
                    "getattr",
                    "vars",
                    "sys.modules",
                    "operator.attrgetter",
                    "globals()",
                    "locals()",
                ]
                .contains(&name.as_str())
                    || name.ends_with("__dict__")
            });
        });
        roundabout
    }

    /// Whether it holds the whole environment, or what lies where secrets are kept.
    pub(super) fn is_secret(&self, tree: &Tree) -> bool {
        let (mut secret, mut single) = (false, 0usize);
        let mut all = 0usize;
        tree.visit(&mut |tree| match tree {
            Tree::Name(name) if self.secret.contains(name) => secret = true,
            Tree::Text(text) if names::secret(text) && text.len() < 200 => secret = true,
            Tree::Member(..) if self.full(tree).as_deref() == Some("os.environ") => all += 1,
            // One variable is asked for.
            Tree::Part(of, _) if self.full(of).as_deref() == Some("os.environ") => single += 1,
            Tree::Member(of, get)
                if get == "get" && self.full(of).as_deref() == Some("os.environ") =>
            {
                single += 1;
            }
            _ => {}
        });
        secret || all > single
    }

    /// Whether a path lies where Python keeps its own code.
    pub(super) fn is_of_python(&self, tree: &Tree) -> bool {
        let mut of_python = false;
        tree.visit(&mut |tree| {
            of_python |= matches!(tree, Tree::Name(name) if self.sites.contains(name));
            of_python |= matches!(tree, Tree::Name(_) | Tree::Member(..))
                && self.full(tree).is_some_and(|name| SITES.contains(&name.as_str()));
        });
        of_python
    }

    /// Whether it names a place where secrets are kept.
    pub(super) fn is_secret_path(&self, tree: &Tree) -> bool {
        self.path(tree).is_some_and(|text| text.len() < 200 && names::secret(&text))
    }

    /// A path, of which parts may not be known: `Path.home() / ".ssh" / name`.
    pub(super) fn path(&self, tree: &Tree) -> Option<String> {
        if let Some(text) = self.text(tree) {
            return Some(text);
        }
        let mut parts = Vec::new();
        tree.visit(&mut |tree| match tree {
            Tree::Text(text) => parts.push(text.clone()),
            Tree::Name(name) => parts.extend(self.texts.get(name).cloned()),
            _ => {}
        });
        let mixed = matches!(tree, Tree::Mixed(_) | Tree::Sum(_) | Tree::Call(..) | Tree::Many(_));
        (mixed && !parts.is_empty()).then(|| parts.join("/"))
    }

    /// Whether it holds who or where this machine is, or one secret of its environment.
    pub(super) fn tells(&self, tree: &Tree) -> bool {
        let mut tells = false;
        tree.visit(&mut |tree| match tree {
            Tree::Call(of, ..) => {
                tells |= self.full(of).is_some_and(|name| {
                    TELLING.contains(&name.as_str()) || name.ends_with(".get_token")
                });
            }
            Tree::Part(of, parts) if self.full(of).as_deref() == Some("os.environ") => {
                let name = parts.first().and_then(|part| self.text(part)).unwrap_or_default();
                tells |=
                    ["TOKEN", "SECRET", "PASSWORD", "KEY"].iter().any(|one| name.contains(one));
            }
            _ => {}
        });
        tells
    }
}

/// What hands out the folders that Python takes code from.
static SITES: [&str; 7] = [
    "site.getsitepackages",
    "site.getusersitepackages",
    "site.USER_SITE",
    "sysconfig.get_path",
    "sysconfig.get_paths",
    "distutils.sysconfig.get_python_lib",
    "os.__file__",
];
static TELLING: [&str; 8] = [
    "getpass.getuser",
    "socket.gethostname",
    "socket.getfqdn",
    "platform.node",
    "platform.uname",
    "os.uname",
    "os.getlogin",
    "huggingface_hub.get_token",
];
