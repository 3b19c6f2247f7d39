//! What a model card's metadata say: the YAML block at its top.

use crate::yaml::{self, Node, Read};

/// The metadata of a card, and the text under them.
pub(crate) struct Card<'a> {
    /// The metadata; an empty one where there is none.
    pub(crate) meta: Read,
    /// Whether there is a block that never ends.
    pub(crate) unclosed: bool,
    /// The text under it.
    pub(crate) body: &'a str,
    /// The line on which that begins.
    pub(crate) body_line: u32,
}

/// Takes a card apart.
pub(crate) fn card(text: &str) -> Card<'_> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let none = || Read { root: Node::Scalar(String::new(), 1), skipped: Vec::new() };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Card { meta: none(), unclosed: false, body: text, body_line: 1 };
    }
    let start = first.len();
    let mut end = start;
    for (number, line) in (2_u32..).zip(lines) {
        if ["---", "..."].contains(&line.trim_end()) {
            let meta = yaml::read(text.get(start..end).unwrap_or_default(), 2);
            let body = text.get(end + line.len()..).unwrap_or_default();
            return Card { meta, unclosed: false, body, body_line: number + 1 };
        }
        end += line.len();
    }
    Card { meta: none(), unclosed: true, body: text, body_line: 1 }
}

impl Card<'_> {
    /// The text of a field, with its line.
    pub(crate) fn field(&self, name: &str) -> Option<(&str, u32)> {
        let node = self.meta.root.get(name)?;
        node.text().map(|text| (text, node.line()))
    }

    /// The texts of a field that is a list or a single one.
    pub(crate) fn fields(&self, name: &str) -> Vec<(&str, u32)> {
        self.meta.root.get(name).map(Node::texts).unwrap_or_default()
    }

    /// The first heading or line under the metadata that speaks of training data.
    pub(crate) fn speaks_of_data(&self) -> Option<(u32, &str)> {
        let says = |line: &str| {
            let low = line.to_lowercase();
            let heading = line.starts_with('#') && DATA_HEADINGS.iter().any(|it| low.contains(it));
            heading || DATA_WORDS.iter().any(|words| low.contains(words))
        };
        (self.body_line..).zip(self.body.lines()).find(|(_, line)| says(line))
    }
}

const DATA_HEADINGS: [&str; 6] = [
    "training data",
    "training dataset",
    "pretraining data",
    "pre-training data",
    "dataset",
    "data card",
];
const DATA_WORDS: [&str; 6] = [
    "was trained on",
    "were trained on",
    "trained on a ",
    "pretrained on",
    "pre-trained on",
    "fine-tuned on",
];
