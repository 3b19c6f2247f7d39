//! The report for a meeting, as Markdown.

use freehold_plan::{
    ask::Ask,
    document::{Block, Cell, Document, Table},
};

/// The report. What was asked stands at its end as a command, so that anybody can make it again.
pub(super) fn of(document: &Document, ask: &Ask) -> String {
    let mut out = format!("# {}\n", document.headline);
    for section in &document.sections {
        out.push_str(&format!("\n## {}\n", section.title));
        for block in &section.blocks {
            out.push('\n');
            match block {
                Block::Text(text) => out.push_str(&format!("{text}\n")),
                Block::List(items) => {
                    items.iter().for_each(|item| out.push_str(&format!("- {item}\n")));
                }
                Block::Table(table) => write_table(table, &mut out),
            }
        }
    }
    if !document.footnotes.is_empty() {
        out.push_str("\n## Sources and assumptions\n\n");
        for (place, note) in document.footnotes.iter().enumerate() {
            out.push_str(&format!("{}. {note}\n", place + 1));
        }
    }
    let command =
        ask.answers().fold("freehold plan --markdown".to_owned(), |command, (key, value)| {
            if key == "model" {
                format!("{command} {value}")
            } else {
                format!("{command} --{key} {value}")
            }
        });
    out.push_str(&format!("\nMade by `{command}`.\n"));
    out
}

fn write_table(table: &Table, out: &mut String) {
    let row = |cells: &mut dyn Iterator<Item = String>| {
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    out.push_str(&row(&mut table.head.iter().map(|head| escaped(&head.text))));
    let align = |number| if number { "---:" } else { "---" };
    out.push_str(&row(&mut table.head.iter().map(|head| align(head.number).to_owned())));
    for line in &table.rows {
        let cell = |cell: &Cell| {
            let text = escaped(&cell.text);
            let text = if line.total && !text.is_empty() { format!("**{text}**") } else { text };
            match &cell.below {
                Some(below) => format!("{text}<br>{}", escaped(below)),
                None => text,
            }
        };
        out.push_str(&row(&mut line.cells.iter().map(cell)));
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
