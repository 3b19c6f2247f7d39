//! Walks the file's tables and asks for what it knows; whatever was not asked for is unknown.

use std::{collections::BTreeMap, ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    environment::Environment,
    key::{Key, Plain},
    mask::masked,
    origin::{Origin, Setting},
    problem::{Place, Problem, ProblemKind},
};

/// A table of the file, and which of its keys were asked for.
pub(crate) struct Section<'t> {
    /// How messages name it (`[gateway]`, `[[models]]`); empty at the top.
    shown: String,
    /// How settings name it (`gateway`, `models.0`).
    path: String,
    table: Option<&'t DeTable<'t>>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

/// What is read so far.
pub(crate) struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    environment: &'a Environment,
    flags: &'a BTreeMap<String, (String, String)>,
    variables: Vec<String>,
    /// The settings in force.
    pub settings: Vec<Setting>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, the contents of `path`.
    pub(crate) fn new(
        path: &'a Path,
        text: &'a str,
        environment: &'a Environment,
        flags: &'a BTreeMap<String, (String, String)>,
    ) -> Self {
        let (variables, settings, problems) = (Vec::new(), Vec::new(), Vec::new());
        Self { path, text, environment, flags, variables, settings, problems }
    }

    /// The whole file as a section.
    pub(crate) fn top<'t>(&self, table: &'t DeTable<'t>) -> Section<'t> {
        let (shown, path) = (String::new(), String::new());
        Section { shown, path, table: Some(table), span: 0..0, asked: Vec::new() }
    }

    /// A section that says nothing, and in which nothing is unknown.
    pub(crate) fn nothing<'t>(&self) -> Section<'t> {
        let (shown, path) = (String::new(), String::new());
        Section { shown, path, table: None, span: 0..0, asked: Vec::new() }
    }

    /// The table `[name]`; an empty one where the file has none.
    pub(crate) fn section<'t>(&mut self, top: &mut Section<'t>, name: &'static str) -> Section<'t> {
        let mut section = Section {
            shown: format!("[{name}]"),
            path: name.to_owned(),
            table: None,
            span: 0..0,
            asked: Vec::new(),
        };
        if let Some(value) = top.take(name) {
            match value.get_ref() {
                DeValue::Table(table) => {
                    (section.table, section.span) = (Some(table), value.span());
                }
                _ => self.invalid(value, name, &format!("a table, written as [{name}]")),
            }
        }
        section
    }

    /// The tables of the list `name`, written as `[[name]]` or as inline tables.
    pub(crate) fn list<'t>(
        &mut self,
        parent: &mut Section<'t>,
        name: &'static str,
    ) -> Vec<Section<'t>> {
        let Some(value) = parent.take(name) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.invalid(value, name, "a list of tables");
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    shown: format!("[[{}]]", join(&parent.shown.replace(['[', ']'], ""), name)),
                    path: format!("{}.{index}", join(&parent.path, name)),
                    table: Some(table),
                    span: item.span(),
                    asked: Vec::new(),
                }),
                _ => self.invalid(item, name, "a table"),
            }
        }
        sections
    }

    /// A section's setting: from a flag, else the environment, else the file, else its default.
    pub(crate) fn value<T>(&mut self, section: &mut Section<'_>, key: &Key<T>) -> T {
        let (mut value, mut origin) = ((key.default)(), Origin::Default);
        if let Some(found) = section.take(key.name)
            && let Some(accepted) = self.accept(found, key.name, key.expected, key.read)
        {
            let line = self.line(found.span().start).0;
            (value, origin) = (accepted, Origin::File { path: self.path.to_owned(), line });
        }
        let variable = key.variable();
        if let Some(text) = self.environment.get(&variable) {
            match accept_text(text, key) {
                Ok(accepted) => {
                    (value, origin) =
                        (accepted, Origin::Environment { variable: variable.clone() });
                }
                Err(kind) => {
                    let place = Place::Environment { variable: variable.clone() };
                    self.problems.push(Problem { place, kind });
                }
            }
        }
        if let Some((flag, text)) = self.flags.get(&key.full_name()) {
            let flag = flag.clone();
            match accept_text(text, key) {
                Ok(accepted) => (value, origin) = (accepted, Origin::Flag { flag }),
                Err(kind) => self.problems.push(Problem { place: Place::Flag { flag }, kind }),
            }
        }
        self.variables.push(variable);
        let shown = (key.show)(&value);
        self.settings.push(Setting {
            key: key.full_name(),
            value: shown,
            origin,
            about: key.about,
        });
        value
    }

    /// A list entry's field that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        section: &mut Section<'_>,
        name: &'static str,
        expected: &str,
        read: fn(&Plain) -> Option<T>,
    ) -> Option<T> {
        let found = section.take(name)?;
        let accepted = self.accept(found, name, expected, read)?;
        let value = match plain(found.get_ref()) {
            Some(Plain::Text(text)) => text.into(),
            Some(Plain::Number(number)) => number.into(),
            Some(Plain::Boolean(boolean)) => boolean.into(),
            Some(Plain::List(words)) => words.into(),
            None => serde_json::Value::Null,
        };
        let origin =
            Origin::File { path: self.path.to_owned(), line: self.line(found.span().start).0 };
        self.settings.push(Setting { key: join(&section.path, name), value, origin, about: "" });
        Some(accepted)
    }

    /// A list entry's field that must be there.
    pub(crate) fn required<T>(
        &mut self,
        section: &mut Section<'_>,
        name: &'static str,
        expected: &str,
        read: fn(&Plain) -> Option<T>,
    ) -> Option<T> {
        if section.table.is_some_and(|table| !table.contains_key(name)) {
            section.asked.push(name);
            let within = section.shown.clone();
            self.report(section.span.clone(), ProblemKind::Missing { key: name.into(), within });
        }
        self.optional(section, name, expected, read)
    }

    /// A key that may be one of some words, with its line.
    pub(crate) fn word(
        &mut self,
        section: &mut Section<'_>,
        name: &'static str,
        words: &[&str],
    ) -> Option<(String, usize)> {
        let found = section.take(name)?;
        match plain(found.get_ref()) {
            Some(Plain::Text(word)) if words.contains(&word.as_str()) => {
                Some((word, self.line(found.span().start).0))
            }
            _ => {
                self.invalid(found, name, &format!("one of {}", words.join(", ")));
                None
            }
        }
    }

    /// Puts problems into the order of the file; those of other places come last.
    pub(crate) fn sort_problems(&mut self) {
        self.problems.sort_by_key(|problem| match &problem.place {
            Place::File { line, column, .. } => (*line, *column),
            Place::Environment { .. } | Place::Flag { .. } => (usize::MAX, 0),
        });
    }

    /// Reports whatever `section` holds that nobody asked for.
    pub(crate) fn finish(&mut self, section: Section<'_>) {
        let what = if section.shown.is_empty() { "section" } else { "key" };
        for (key, value) in section.table.into_iter().flatten() {
            let name: &str = key.get_ref();
            if section.asked.contains(&name) {
                continue;
            }
            let table = matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_));
            let what = if table { what } else { "key" };
            let near = nearest(name, section.asked.iter().copied());
            let within = section.shown.clone();
            self.report(key.span(), ProblemKind::Unknown { what, name: name.into(), within, near });
        }
    }

    /// Reports environment variables that look like settings and are none.
    pub(crate) fn finish_variables(&mut self, sections: &[&str]) {
        let mut unknown = Vec::new();
        for section in sections {
            let prefix = format!("FREEHOLD_{}_", section.to_uppercase());
            for name in self.environment.names_with(&prefix) {
                if !self.variables.iter().any(|known| known == name) {
                    unknown.push(name.to_owned());
                }
            }
        }
        for name in unknown {
            // What all names begin with says nothing about their likeness.
            let section = section_of(&name);
            let near = nearest(
                &name[section.len()..],
                self.variables.iter().filter_map(|known| known.strip_prefix(section)),
            );
            let near = near.into_iter().map(|rest| format!("{section}{rest}")).collect();
            let place = Place::Environment { variable: name.clone() };
            let within = String::new();
            let kind = ProblemKind::Unknown { what: "variable", name, within, near };
            self.problems.push(Problem { place, kind });
        }
    }

    /// Reports a problem of a section's field, or of the section where the field is absent.
    pub(crate) fn report_at(&mut self, section: &Section<'_>, name: &str, kind: ProblemKind) {
        let span = section
            .table
            .and_then(|table| table.get(name))
            .map_or_else(|| section.span.clone(), |value| value.span());
        self.report(span, kind);
    }

    /// Reports a problem at a place of the file.
    pub(crate) fn report(&mut self, span: Range<usize>, kind: ProblemKind) {
        let place = self.place(span);
        self.problems.push(Problem { place, kind });
    }

    fn accept<T>(
        &mut self,
        found: &Spanned<DeValue<'_>>,
        name: &str,
        expected: &str,
        read: fn(&Plain) -> Option<T>,
    ) -> Option<T> {
        let accepted = plain(found.get_ref()).and_then(|plain| read(&plain));
        if accepted.is_none() {
            self.invalid(found, name, expected);
        }
        accepted
    }

    fn invalid(&mut self, found: &Spanned<DeValue<'_>>, name: &str, expected: &str) {
        let described = match plain(found.get_ref()) {
            Some(plain) => masked(&plain.describe()),
            None => format!("a value of type {}", found.get_ref().type_str()),
        };
        let (key, expected) = (name.to_owned(), expected.to_owned());
        self.report(found.span(), ProblemKind::Invalid { key, found: described, expected });
    }

    fn place(&self, span: Range<usize>) -> Place {
        let (line, start) = self.line(span.start);
        let text = self.text[start..].lines().next().unwrap_or_default();
        let at = self.text.floor_char_boundary(span.start);
        let end = self.text.floor_char_boundary(span.end).min(start + text.len()).max(at);
        Place::File {
            path: self.path.to_owned(),
            line,
            column: self.text[start..at].chars().count() + 1,
            text: masked(text),
            width: self.text[at..end].chars().count().max(1),
        }
    }

    /// The number of the line that holds a byte, and where the line begins.
    fn line(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.bytes().filter(|byte| *byte == b'\n').count() + 1, start)
    }
}

impl<'t> Section<'t> {
    fn take(&mut self, name: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(name);
        self.table?.get(name)
    }
}

fn accept_text<T>(text: &str, key: &Key<T>) -> Result<T, ProblemKind> {
    let plain = Plain::Text(text.to_owned());
    (key.read)(&plain).ok_or_else(|| ProblemKind::Invalid {
        key: key.full_name(),
        found: masked(&plain.describe()),
        expected: key.expected.to_owned(),
    })
}

/// At most three known names that are close to `name`, closest first: Jaro-Winkler at least 0.8,
/// so that a slip of the finger is found and a different word is not.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut close: Vec<(f64, &str)> = known
        .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0));
    close.dedup();
    close.into_iter().take(3).map(|(_, known)| known.to_owned()).collect()
}

/// `FREEHOLD_SECTION_` of a variable's name.
fn section_of(variable: &str) -> &str {
    variable.match_indices('_').nth(1).map_or("", |(at, _)| &variable[..=at])
}

fn plain(value: &DeValue<'_>) -> Option<Plain> {
    match value {
        DeValue::String(text) => Some(Plain::Text(text.to_string())),
        DeValue::Integer(digits) => {
            i64::from_str_radix(digits.as_str(), digits.radix()).ok().map(Plain::Number)
        }
        DeValue::Boolean(boolean) => Some(Plain::Boolean(*boolean)),
        DeValue::Array(items) => {
            let word = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            };
            items.iter().map(word).collect::<Option<_>>().map(Plain::List)
        }
        _ => None,
    }
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}
