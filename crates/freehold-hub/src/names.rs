//! File names as a hub lists them: written by anyone, so each is checked before a path is made of it.

use std::{collections::BTreeMap, fmt};

use freehold_artifact::finding::shown;

/// A name that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the repository lists a file `{name}`, {problem}")]
pub struct NameError {
    /// The name, with what could deceive a terminal escaped.
    pub name: String,
    /// What is wrong with it.
    pub problem: NameProblem,
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    /// It begins with `/`.
    Absolute,
    /// A part is `..`, `.` or empty.
    LeadsElsewhere,
    /// `\` or `:`, which other systems read as more than a letter.
    Separator,
    /// A control character, or one that turns the direction of writing.
    Control,
    /// A part ends with a dot or a blank, or is a device's name on another system.
    Reserved,
    /// Longer than 1,024 bytes, or a part longer than 255.
    TooLong,
    /// Below more than eight folders.
    TooDeep,
    /// Another file has this name, but for upper and lower case.
    Twice,
    /// Another file lies in a folder of this name.
    FileAndFolder,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "which begins at the root of the file system",
            Self::LeadsElsewhere => "which leads out of its folder, or nowhere",
            Self::Separator => "which holds `\\` or `:`",
            Self::Control => "which holds control characters",
            Self::Reserved => "which is reserved on some systems",
            Self::TooLong => "which is too long",
            Self::TooDeep => "which lies too deep",
            Self::Twice => "and another that differs in upper and lower case only",
            Self::FileAndFolder => "and files in a folder of that name",
        })
    }
}

/// Checks the names of a whole repository.
pub(crate) fn check_all<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<(), NameError> {
    let mut files = BTreeMap::new();
    let mut folders = BTreeMap::new();
    for name in names {
        check(name).map_err(|problem| refused(name, problem))?;
        if files.insert(name.to_lowercase(), name).is_some() {
            return Err(refused(name, NameProblem::Twice));
        }
        for (at, _) in name.match_indices('/') {
            let folder = &name[..at];
            let other = folders.insert(folder.to_lowercase(), folder);
            if other.is_some_and(|other| other != folder) {
                return Err(refused(name, NameProblem::Twice));
            }
        }
    }
    match folders.keys().find_map(|folder| files.get(folder)) {
        Some(name) => Err(refused(name, NameProblem::FileAndFolder)),
        None => Ok(()),
    }
}

/// Checks one name by itself.
pub(crate) fn check(name: &str) -> Result<(), NameProblem> {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if name.chars().any(|c| c.is_control() || turns(c)) {
        return Err(NameProblem::Control);
    }
    if name.contains(['\\', ':']) {
        return Err(NameProblem::Separator);
    }
    if name.starts_with('/') {
        return Err(NameProblem::Absolute);
    }
    if name.len() > LONGEST {
        return Err(NameProblem::TooLong);
    }
    for part in name.split('/') {
        match part {
            "" | "." | ".." => return Err(NameProblem::LeadsElsewhere),
            _ if part.len() > LONGEST_PART => return Err(NameProblem::TooLong),
            _ if is_reserved(part) => return Err(NameProblem::Reserved),
            _ => {}
        }
    }
    if name.matches('/').count() > DEEPEST { Err(NameProblem::TooDeep) } else { Ok(()) }
}

/// Names that Windows keeps for itself, with or without a suffix
/// (<https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file>).
fn is_reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_digit()))
    };
    part.ends_with(['.', ' '])
        || ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || numbered("COM")
        || numbered("LPT")
}

fn refused(name: &str, problem: NameProblem) -> NameError {
    NameError { name: shown(name.as_bytes(), 200), problem }
}

const LONGEST: usize = 1024;
const LONGEST_PART: usize = 255;
/// As deep as an admission looks.
const DEEPEST: usize = 8;
