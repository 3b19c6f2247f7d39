//! A setting's declaration: its name, what it may be, its default and what it does.

use std::net::SocketAddr;

use freehold_types::DataClass;

/// A value as a file, a variable or a flag gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Plain {
    /// A string.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Boolean(bool),
    /// A list of strings.
    List(Vec<String>),
}

impl Plain {
    /// For error messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{}\"", text.escape_debug()),
            Self::Number(number) => number.to_string(),
            Self::Boolean(boolean) => boolean.to_string(),
            Self::List(words) => format!("{words:?}"),
        }
    }
}

/// One setting of a section.
pub(crate) struct Key<T> {
    /// The section.
    pub section: &'static str,
    /// Its name in the section.
    pub name: &'static str,
    /// Its value where nobody sets it.
    pub default: fn() -> T,
    /// What it may be, to end the sentence "expected ...".
    pub expected: &'static str,
    /// Accepts or refuses a value.
    pub read: fn(&Plain) -> Option<T>,
    /// The value as `config show` prints it.
    pub show: fn(&T) -> serde_json::Value,
    /// What it does, in one sentence.
    pub about: &'static str,
}

impl<T> Key<T> {
    /// The variable that sets it.
    pub(crate) fn variable(&self) -> String {
        format!("FREEHOLD_{}_{}", self.section, self.name).to_uppercase()
    }

    /// The full name.
    pub(crate) fn full_name(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }
}

/// An address to listen on.
pub(crate) fn address(plain: &Plain) -> Option<SocketAddr> {
    match plain {
        Plain::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// A whole number between two others. Variables and flags give text, hence both.
pub(crate) fn number<const MIN: u64, const MAX: u64>(plain: &Plain) -> Option<u64> {
    let number = match plain {
        Plain::Number(number) => u64::try_from(*number).ok()?,
        Plain::Text(text) => text.parse().ok()?,
        Plain::Boolean(_) | Plain::List(_) => return None,
    };
    (MIN..=MAX).contains(&number).then_some(number)
}

/// True or false.
pub(crate) fn boolean(plain: &Plain) -> Option<bool> {
    match plain {
        Plain::Boolean(boolean) => Some(*boolean),
        Plain::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// A list of words; variables give them with commas between.
pub(crate) fn words(plain: &Plain) -> Option<Vec<String>> {
    let words: Vec<String> = match plain {
        Plain::List(words) => words.iter().map(|word| word.trim().to_owned()).collect(),
        Plain::Text(text) if text.trim().is_empty() => Vec::new(),
        Plain::Text(text) => text.split(',').map(|word| word.trim().to_owned()).collect(),
        _ => return None,
    };
    words.iter().all(|word| !word.is_empty() && !word.contains('\0')).then_some(words)
}

/// A data class.
pub(crate) fn class(plain: &Plain) -> Option<DataClass> {
    match plain {
        Plain::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// The path of a file.
pub(crate) fn path(plain: &Plain) -> Option<Option<String>> {
    match plain {
        Plain::Text(text) if !text.is_empty() && !text.contains('\0') => Some(Some(text.clone())),
        _ => None,
    }
}

/// The name of a log: one line without spaces or `+`, as C2SP's signed-note demands of key names
/// (<https://c2sp.org/signed-note>).
pub(crate) fn origin(plain: &Plain) -> Option<Option<String>> {
    match plain {
        Plain::Text(text)
            if !text.is_empty()
                && text.len() <= 200
                && !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') =>
        {
            Some(Some(text.clone()))
        }
        _ => None,
    }
}
