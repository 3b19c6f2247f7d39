//! What a global is: a constructor that only holds data, something that can do harm, or unknown.
//!
//! The tables hold what the libraries named in them do. A class of a known library only makes an
//! object; a function of a known library may be named (many estimators keep one) but not called,
//! unless it is one of those that rebuild data. Everything that is in no table is unknown, and
//! unknown is suspicious as long as it is only named or made; a call of it is judged by what it is
//! called and by what is handed over (docs/decisions/0018).

mod dangerous;
mod harmless;
mod standard;

use crate::rules::{self, Rule};

/// What a global is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Naming and calling it makes data.
    Harmless,
    /// A class of a known library: makes an object of its arguments.
    Constructor,
    /// Naming it is harmless; what a call does is not known.
    Named,
    /// Judged by its arguments.
    Special(Special),
    /// Falls under the rule, as soon as it is named.
    Falls(&'static Rule),
}

/// Callables that are judged by their arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    /// `getattr`.
    Attribute,
    /// `functools.partial` and what else hands its first argument on.
    Partial,
    /// `operator.attrgetter`.
    AttributeGetter,
    /// `numpy.dtype`.
    Element,
    /// joblib's array wrapper.
    ArrayWrapper,
    /// `type`: harmless as a class, makes a new one with three arguments.
    Type,
    /// Makes functions from code in the stream (cloudpickle, dill).
    EmbeddedCode,
    /// Makes or names classes for such code.
    EmbeddedType,
    /// Makes what such code needs beside it.
    EmbeddedPart,
    /// Imports what such code needs.
    EmbeddedName,
    /// Imports a module and takes what the second text names.
    Lookup,
    /// `setattr`: dill's classes are written with it.
    SetAttribute,
    /// What `typing` writes for its kinds of types: harmless for those alone.
    OfTypes,
    /// `copyreg._reconstructor` and its kind: the first argument is the class.
    Reconstruct,
    /// `iter`: of a list, or a call again and again.
    Iterator,
    /// `codecs.encode`: bytes as a text, or a text hidden.
    Codec,
    /// Runs a text; dill writes ranges so.
    Range,
    /// Reads the bytes it is handed as a pickle of torch's.
    FromBytes,
}

/// What `name`, with dots, in `module` is.
pub(super) fn class(module: &str, name: &str) -> Class {
    let module = dangerous::python3(module, name);
    let (module, name) = (module.0.as_ref(), module.1);
    if harmless::exactly(module, name) {
        return Class::Harmless;
    }
    if let Some(special) = harmless::special(module, name) {
        return Class::Special(special);
    }
    if harmless::plain_function(module, name)
        || harmless::method(module, name) && dangerous::rule(module, name).is_none()
    {
        return Class::Named;
    }
    if let Some(rule) = dangerous::rule(module, name) {
        return Class::Falls(rule);
    }
    harmless::by_library(module, name).unwrap_or(Class::Falls(&rules::UNKNOWN_GLOBAL))
}

/// What a call of `name` in `module` falls under, where neither was known to be harmless.
pub(super) fn called(module: &str, name: &str) -> Option<&'static Rule> {
    let (module, name) = dangerous::python3(module, name);
    let last = name.rsplit('.').next().unwrap_or(name);
    if standard::holds(&module) {
        return Some(&rules::STANDARD_CALL);
    }
    // Of joblib's own, data hold its arrays alone; the cache is kept by pipelines.
    if module.starts_with("joblib.") && module != "joblib.memory" || module == "joblib" {
        return Some(&rules::FOREIGN_CALL);
    }
    // Functions are written in lower case, whoever wrote them.
    let falls = if last.contains(|c: char| c.is_ascii_uppercase()) {
        harmless::risky_word(last)
    } else if harmless::known_library(&module) {
        // Where nothing is rebuilt, or a method that writes, reads or runs.
        harmless::does_something(last)
            || matches!(class(&module, name), Class::Falls(rule) if *rule == rules::POWERFUL)
    } else {
        !harmless::rebuilds_by_name(last)
    };
    falls.then_some(&rules::FOREIGN_CALL)
}

/// Whether a text handed to a call reads as code or a command, or with `addresses` as something to
/// fetch.
pub(super) fn reads_as_code(text: &[u8], addresses: bool) -> bool {
    let text = text.to_ascii_lowercase();
    let has = |sign: &&str| text.windows(sign.len()).any(|window| window == sign.as_bytes());
    CODE.iter().any(&has) || addresses && ADDRESS.iter().any(has)
}

/// Whether a text may be the name of a file: it begins as a path does, or ends as a model's file.
pub(super) fn reads_as_path(text: &[u8]) -> bool {
    let ends = [&b".pkl"[..], b".pickle", b".pt", b".pth", b".bin", b".joblib", b".so", b".dll"];
    text.starts_with(b"/")
        || text.starts_with(b"./")
        || text.starts_with(b"../")
        || text.starts_with(b"~/")
        || text.get(1..3) == Some(b":\\")
        || ends.iter().any(|end| text.ends_with(end))
}

/// Whether an attribute leads from any object to the interpreter, or writes, reads or runs.
pub(super) fn leads_out(attribute: &str) -> bool {
    dangerous::leads_out(attribute) || dangerous::does_more(attribute)
}

/// Whether this looks like a module's name.
pub(super) fn plausible(module: &[u8], name: &[u8]) -> bool {
    let part = |part: &[u8]| {
        part.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
            && part.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
    };
    let parts = |text: &[u8]| !text.is_empty() && text.split(|b| *b == b'.').all(part);
    parts(module) && parts(name)
}

/// Signs of code or a command, in lower case.
static CODE: [&str; 30] = [
    "__import__",
    "import os",
    "import sys",
    "import subprocess",
    "import socket",
    "os.system",
    "os.popen",
    "subprocess.",
    "exec(",
    "eval(",
    "system(",
    "popen(",
    "compile(",
    "open(",
    "/bin/",
    "bash -",
    "sh -c",
    "powershell",
    "cmd.exe",
    "cmd /c",
    "curl ",
    "wget ",
    "| sh",
    "|sh",
    "__class__",
    "__globals__",
    "__builtins__",
    "__subclasses__",
    "lambda:",
    "/etc/passwd",
];

static ADDRESS: [&str; 3] = ["http://", "https://", "ftp://"];
