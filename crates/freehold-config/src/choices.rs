//! Files in which each key takes one of a few words, such as the answers of `freehold fit`: read with
//! the same care and the same pictures of what is wrong as the configuration.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use toml::de::DeTable;

use crate::{
    environment::Environment,
    key::number,
    problem::{Pictures, Problem, ProblemKind},
    reader::Reader,
};

/// What such a file may hold, beside `schema = 1`.
#[derive(Debug)]
pub struct ChoiceKeys<'a> {
    /// Keys, each with the words that it may be.
    pub words: &'a [(&'static str, Vec<&'static str>)],
    /// A section of whole numbers from 0 to 1000: its name and its keys.
    pub numbers: (&'static str, &'a [&'static str]),
}

/// What such a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChosenFile {
    /// Keys with their words and their lines, in the order of [`ChoiceKeys::words`].
    pub words: Vec<(&'static str, String, usize)>,
    /// The numbers that are there, in the order of [`ChoiceKeys::numbers`].
    pub numbers: Vec<(&'static str, u32)>,
}

/// Why a file of choices cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChoicesError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It has problems; all that were found.
    #[error("{}", Pictures { of: "file", problems })]
    Problems {
        /// In the order of the file.
        problems: Vec<Problem>,
    },
}

impl ChosenFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ChoicesError`] with all problems, each with its place.
    pub fn read(path: &Path, keys: &ChoiceKeys<'_>) -> Result<Self, ChoicesError> {
        let text = fs::read_to_string(path)
            .map_err(|source| ChoicesError::Unreadable { path: path.to_owned(), source })?;
        Self::from_text(path, &text, keys)
    }

    /// The same for contents already read.
    ///
    /// # Errors
    /// [`ChoicesError::Problems`] with all problems, each with its place.
    pub fn from_text(path: &Path, text: &str, keys: &ChoiceKeys<'_>) -> Result<Self, ChoicesError> {
        let (environment, flags) = (Environment::default(), BTreeMap::new());
        let mut reader = Reader::new(path, text, &environment, &flags);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let detail = error.message().to_owned();
            reader.report(error.span().unwrap_or(0..0), ProblemKind::Syntax { detail });
        }
        // What a broken file seems to say is not worth a second message.
        let table = if errors.is_empty() { table.into_inner() } else { DeTable::new() };
        let mut top = reader.top(&table);
        if errors.is_empty() {
            let one = number::<1, 1>;
            if reader.required(&mut top, "schema", "1, the only one there is", one).is_none() {
                top = reader.nothing();
            }
        }
        let mut chosen = Self::default();
        for (key, words) in keys.words {
            if let Some((word, line)) = reader.word(&mut top, key, words) {
                chosen.words.push((key, word, line));
            }
        }
        let (name, numbers) = keys.numbers;
        let mut section = reader.section(&mut top, name);
        for key in numbers {
            let expected = "a whole number from 0 to 1000";
            let found = reader.optional(&mut section, key, expected, number::<0, 1000>);
            chosen.numbers.extend(found.and_then(|found| Some((*key, u32::try_from(found).ok()?))));
        }
        reader.finish(section);
        reader.finish(top);
        if reader.problems.is_empty() {
            return Ok(chosen);
        }
        reader.sort_problems();
        Err(ChoicesError::Problems { problems: reader.problems })
    }
}
