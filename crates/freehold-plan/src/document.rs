//! A plan as sections of text and tables, from which the terminal, a report for a meeting and the
//! console's page are made, so that all say the same.

use serde::Serialize;

use crate::Source;

/// Sections in reading order, and the sources that they cite.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Document {
    /// The answer, in one sentence.
    pub headline: String,
    /// The sections.
    pub sections: Vec<Section>,
    /// What `[1]`, `[2]` and so on stand for.
    pub footnotes: Vec<String>,
}

/// A part with a heading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// A name for links.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "of")]
pub enum Block {
    /// Sentences.
    Text(String),
    /// Items.
    List(Vec<String>),
    /// Rows and columns.
    Table(Table),
}

/// A table. Its first column names the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns' heads.
    pub head: Vec<Head>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column's head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its words.
    pub text: String,
    /// Whether it holds numbers, which stand at the right.
    pub number: bool,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// One cell for each head.
    pub cells: Vec<Cell>,
    /// Whether it adds up the others.
    pub total: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// What stands below, smaller: an interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
}

/// Collects sources and numbers them.
#[derive(Debug, Clone, Default)]
pub struct Footnotes(Vec<String>);

impl Table {
    /// An empty table.
    pub fn new(caption: impl Into<String>, heads: &[(&str, bool)]) -> Self {
        let head = |(text, number): &(&str, bool)| Head { text: (*text).into(), number: *number };
        Self { caption: caption.into(), head: heads.iter().map(head).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { cells, total: false });
    }

    /// Adds a row that adds up the others.
    pub fn total(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { cells, total: true });
    }
}

impl Cell {
    /// A text.
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), below: None }
    }

    /// A text with another one below.
    pub fn with(text: impl Into<String>, below: Option<String>) -> Self {
        Self { text: text.into(), below }
    }
}

impl Footnotes {
    /// The numbers of sources, as ` [1, 3-5]`; empty where there are none.
    pub fn cite<'a>(&mut self, sources: impl IntoIterator<Item = &'a Source>) -> String {
        let texts = sources.into_iter().map(ToString::to_string);
        let mut numbers: Vec<usize> = texts.map(|text| self.number(text)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.is_empty() { String::new() } else { format!(" [{}]", runs(&numbers)) }
    }

    /// The number of a text as ` [2]`.
    pub fn cite_text(&mut self, text: &str) -> String {
        format!(" [{}]", self.number(text.to_owned()))
    }

    /// All, in the order of their numbers.
    pub fn into_list(self) -> Vec<String> {
        self.0
    }

    fn number(&mut self, text: String) -> usize {
        match self.0.iter().position(|known| *known == text) {
            Some(place) => place + 1,
            None => {
                self.0.push(text);
                self.0.len()
            }
        }
    }
}

/// `1, 3-5` of sorted numbers.
fn runs(numbers: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match parts.last_mut() {
            Some((_, end)) if *end + 1 == *number => *end = *number,
            _ => parts.push((*number, *number)),
        }
    }
    let text = |(first, last): &(usize, usize)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}-{last}"),
    };
    parts.iter().map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_numbered_once() {
        let mut notes = Footnotes::default();
        let sources: Vec<Source> =
            (0..5).map(|nth| Source::assumed(&format!("why {nth}"))).collect();
        assert_eq!(notes.cite(&sources[..1]), " [1]");
        assert_eq!(notes.cite([]), "");
        assert_eq!(notes.cite(&sources[1..4]), " [2-4]");
        assert_eq!(notes.cite([&sources[0], &sources[2], &sources[3], &sources[2]]), " [1, 3, 4]");
        assert_eq!(notes.cite_text("assumed: why 1"), " [2]");
        assert_eq!(notes.into_list().len(), 4);
    }
}
