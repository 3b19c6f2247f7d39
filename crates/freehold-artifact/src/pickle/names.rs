//! What a global is: a constructor that only holds data, something that can do harm, or unknown.
//!
//! The tables hold what the libraries named in them do. A class of a known library only makes an
//! object; a function of a known library may be named (many estimators keep one) but not called,
//! unless it is one of those that rebuild data. Everything that is in no table is unknown, and
//! unknown is suspicious.

mod dangerous;
mod harmless;

use crate::rules::{self, Rule};

/// What a global is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Naming and calling it makes data.
    Harmless,
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
    /// Makes functions or classes from code in the stream (cloudpickle, dill).
    EmbeddedCode,
    /// `copyreg._reconstructor` and its kind: the first argument is the class.
    Reconstruct,
}

/// What `name`, with dots, in `module` is.
pub(super) fn class(module: &str, name: &str) -> Class {
    let module = dangerous::python3(module, name);
    let (module, name) = (module.0.as_ref(), module.1);
    if let Some(special) = harmless::special(module, name) {
        return Class::Special(special);
    }
    if harmless::exactly(module, name) {
        return Class::Harmless;
    }
    if let Some(rule) = dangerous::rule(module, name) {
        return Class::Falls(rule);
    }
    harmless::by_library(module, name).unwrap_or(Class::Falls(&rules::UNKNOWN_GLOBAL))
}

/// Whether an attribute leads from any object to the interpreter.
pub(super) fn leads_out(attribute: &str) -> bool {
    dangerous::leads_out(attribute)
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
