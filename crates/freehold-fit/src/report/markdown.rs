//! The report as Markdown.

use super::{Block, Cell, Report, Table};

impl Report {
    /// As Markdown, for people who take it to a meeting. `program` is how the commands begin.
    pub fn to_markdown(&self, title: &str, program: &str) -> String {
        let mut page = format!("# {title}\n");
        for block in &self.blocks {
            page.push('\n');
            match block {
                Block::Heading(heading) => page.push_str(&format!("## {heading}\n")),
                Block::Advice(sentence) => page.push_str(&format!("> **{sentence}**\n")),
                Block::Text(text) => page.push_str(&format!("{}\n", plain(text))),
                Block::List(items) => {
                    for item in items {
                        page.push_str(&format!("- {}\n", plain(item)));
                    }
                }
                Block::Table(table) => page.push_str(&rows(table)),
                Block::Commands(commands) => {
                    for command in commands {
                        let typed = command.arguments.join(" ");
                        page.push_str(&format!("- `{program} {typed}`: {}\n", command.purpose));
                    }
                }
            }
        }
        page
    }
}

fn rows(table: &Table) -> String {
    let mut text = String::from("|");
    for head in &table.head {
        text.push_str(&format!(" {} |", cell(head)));
    }
    text.push_str("\n|");
    for at in 0..table.head.len() {
        let numbers = table.rows.iter().all(|row| !matches!(row.get(at), Some(Cell::Text(_))));
        text.push_str(if numbers { "---:|" } else { "---|" });
    }
    text.push('\n');
    for row in &table.rows {
        text.push('|');
        for found in row {
            match found {
                Cell::Unknown(unknown) => text.push_str(&format!(" *{}* |", cell(unknown))),
                known => text.push_str(&format!(" {} |", cell(known.text()))),
            }
        }
        text.push('\n');
    }
    text
}

/// Text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

/// Addresses as links, the rest as it is.
fn plain(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let address = word.trim_end_matches([':', ',', '.', ';']);
        if address.starts_with("https://") || address.starts_with("http://") {
            format!("<{address}>{}", &word[address.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
