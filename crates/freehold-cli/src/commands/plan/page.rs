//! The plan on a terminal of 80 columns.

use freehold_plan::document::{Block, Cell, Document, Row, Table};

use crate::render;

/// Shows the document.
pub(super) fn show(document: &Document) {
    wrapped(&document.headline, "").iter().for_each(|line| strong(line));
    for section in &document.sections {
        render::line("");
        strong(&section.title);
        for (place, block) in section.blocks.iter().enumerate() {
            if place > 0 {
                render::line("");
            }
            match block {
                Block::Text(text) => wrapped(text, "").iter().for_each(render::line),
                Block::List(items) => items.iter().for_each(|item| {
                    let lines = wrapped(item, "  ");
                    for (place, line) in lines.iter().enumerate() {
                        let mark = if place == 0 { "- " } else { "  " };
                        render::line(format_args!("{mark}{}", line.trim_start()));
                    }
                }),
                Block::Table(table) => lines(table).iter().for_each(render::line),
            }
        }
    }
    if document.footnotes.is_empty() {
        return;
    }
    render::line("");
    strong("Sources and assumptions");
    for (place, note) in document.footnotes.iter().enumerate() {
        for (nth, line) in wrapped(note, "     ").iter().enumerate() {
            let text = line.trim_start();
            let mark = if nth == 0 { format!("[{}]", place + 1) } else { String::new() };
            render::line(render::styled(render::SOFT, format_args!("{mark:<5}{text}")));
        }
    }
}

fn strong(text: &str) {
    render::line(render::styled(render::STRONG, text));
}

/// A table in columns that fit; cells that are too long go on below.
fn lines(table: &Table) -> Vec<String> {
    let columns = table.head.len();
    let longest = |column: usize| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
        let texts = cells.flat_map(|cell| [Some(&cell.text), cell.below.as_ref()]).flatten();
        let head = table.head.get(column).map(|head| &head.text);
        texts.chain(head).map(|text| width(text)).max().unwrap_or(0)
    };
    let widths = fit((0..columns).map(longest).collect());
    let mut out = vec![render::styled(render::SOFT, &table.caption)];
    let head = table.head.iter().map(|head| Cell::of(&head.text)).collect();
    out.extend(row_lines(table, &widths, &Row { cells: head, total: false }, true));
    out.push(render::styled(render::SOFT, "─".repeat(sum(&widths))));
    for row in &table.rows {
        if row.total {
            out.push(render::styled(render::SOFT, "─".repeat(sum(&widths))));
        }
        out.extend(row_lines(table, &widths, row, false));
    }
    out
}

/// The lines of one row: as many as its longest cell needs.
fn row_lines(table: &Table, widths: &[usize], row: &Row, head: bool) -> Vec<String> {
    let cells: Vec<Vec<(String, bool)>> = row
        .cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let text = broken(&cell.text, *width).into_iter().map(|line| (line, false));
            let below = cell.below.iter().flat_map(|below| broken(below, *width));
            text.chain(below.map(|line| (line, true))).collect()
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |nth: usize| {
        let mut out = String::new();
        for (column, (cell, room)) in cells.iter().zip(widths).enumerate() {
            let (text, soft) = cell.get(nth).cloned().unwrap_or_default();
            let pad = " ".repeat(room.saturating_sub(width(&text)));
            let style = match (soft || head, row.total) {
                (true, _) => render::styled(render::SOFT, &text),
                (false, true) => render::styled(render::STRONG, &text),
                (false, false) => text,
            };
            let number = table.head.get(column).is_some_and(|head| head.number);
            let gap = if column == 0 { "" } else { GAP };
            out.push_str(gap);
            if number {
                out.push_str(&pad);
                out.push_str(&style);
            } else {
                out.push_str(&style);
                out.push_str(&pad);
            }
        }
        out.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// Widths that fit: the widest columns give way first.
fn fit(mut widths: Vec<usize>) -> Vec<usize> {
    while sum(&widths) > COLUMNS {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= NARROWEST {
            break;
        }
        *widest -= 1;
    }
    widths
}

fn sum(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
}

/// A text in lines of the terminal's width, each but the first behind an indent.
fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let lines = broken(text, COLUMNS - indent.len());
    lines.into_iter().map(|line| format!("{indent}{line}")).collect()
}

/// A text in lines of so many characters, broken between words where there are some.
fn broken(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
        // A word that is longer than a line goes on in the next one.
        while let Some(line) = lines.last_mut().filter(|line| width(line) > room) {
            let at = line.char_indices().nth(room).map_or(line.len(), |(at, _)| at);
            let rest = line.split_off(at);
            lines.push(rest);
        }
    }
    lines
}

fn width(text: &str) -> usize {
    text.chars().count()
}

const COLUMNS: usize = 80;
const NARROWEST: usize = 6;
const GAP: &str = "  ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let mut table = Table::new(
            "A table",
            &[("a name that is long", false), ("number", true), ("words", false)],
        );
        table.row(vec![
            Cell::of("provider/a-model-with-a-name-of-many-characters-that-cannot-be-broken"),
            Cell::with("1,234,567", Some("1,000,000 to 2,000,000".to_owned())),
            Cell::of("some words that go on for quite a while, so that they need several lines"),
        ]);
        for line in lines(&table) {
            let plain = anstream::adapter::strip_str(&line).to_string();
            assert!(width(&plain) <= COLUMNS, "{plain}");
        }
        let text = "words ".repeat(40);
        assert!(wrapped(text.trim(), "  ").iter().all(|line| width(line) <= COLUMNS));
        assert_eq!(broken("aé bcd", 3), ["aé", "bcd"]);
        assert_eq!(broken("abcdef", 3), ["abc", "def"]);
    }
}
