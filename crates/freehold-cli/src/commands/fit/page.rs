//! The report in a terminal of 80 columns, and as plain text where it is piped.

use freehold_fit::{Block, Cell, Report, Table};

use crate::render;

/// Prints a report. `program` is what a person types to run this program again.
pub(super) fn show(report: &Report, program: &str) {
    for block in &report.blocks {
        match block {
            Block::Heading(heading) => {
                render::line(format_args!("\n{}", render::styled(render::STRONG, heading)));
            }
            Block::Advice(sentence) => {
                for line in wrapped(sentence, WIDTH) {
                    render::line(render::styled(render::DEED.bold(), line));
                }
            }
            Block::Text(text) => lines(text, ""),
            Block::List(items) => items.iter().for_each(|item| lines(item, "- ")),
            Block::Table(table) => columns(table),
            Block::Commands(commands) => {
                for command in commands {
                    let typed = format!("{program} {}", command.arguments.join(" "));
                    render::line(format_args!("  {}", render::styled(render::DEED, typed)));
                    lines(command.purpose, "      ");
                }
            }
        }
    }
}

/// A text in lines of at most `width` characters; a longer word has a line of its own.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if length(line) + 1 + length(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn lines(text: &str, start: &str) {
    let width = WIDTH - length(start);
    let indent = " ".repeat(length(start));
    for (number, line) in wrapped(text, width).into_iter().enumerate() {
        render::line(format_args!("{}{line}", if number == 0 { start } else { &indent }));
    }
}

/// A table whose cells break within their columns.
fn columns(table: &Table) {
    let widths = widths(table);
    let heads = table.head.iter().map(|head| Cell::Text(head.clone())).collect::<Vec<_>>();
    row(&heads, &widths, Some(render::SOFT));
    for cells in &table.rows {
        row(cells, &widths, None);
    }
}

fn row(cells: &[Cell], widths: &[usize], style: Option<anstyle::Style>) {
    let parts: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, width)| wrapped(cell.text(), *width)).collect();
    let height = parts.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut line = String::new();
        for ((cell, part), width) in cells.iter().zip(&parts).zip(widths) {
            let text = part.get(at).map_or("", String::as_str);
            let room = " ".repeat(width.saturating_sub(length(text)));
            let shown = match (style, cell) {
                (Some(style), _) => render::styled(style, text),
                (None, Cell::Unknown(_)) => render::styled(render::HOLD, text),
                _ => text.to_owned(),
            };
            line.push_str(GAP);
            match cell {
                Cell::Number(_) => line.push_str(&format!("{room}{shown}")),
                _ => line.push_str(&format!("{shown}{room}")),
            }
        }
        render::line(line.trim_end());
    }
}

/// As wide as their contents where that fits. Else the widest give way first, none below its
/// longest word while another can.
fn widths(table: &Table) -> Vec<usize> {
    let column = |at: usize| {
        let cells = table.rows.iter().filter_map(move |row| row.get(at)).map(Cell::text);
        cells.chain(table.head.get(at).map(String::as_str))
    };
    let count = table.head.len();
    let longest = |at: usize| column(at).map(length).max().unwrap_or(0);
    let word =
        |at: usize| column(at).flat_map(str::split_whitespace).map(length).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..count).map(longest).collect();
    let least: Vec<usize> = (0..count).map(word).collect();
    let room = WIDTH.saturating_sub(count * GAP.len());
    while widths.iter().sum::<usize>() > room {
        let give = (0..count).filter(|at| widths[*at] > least[*at]).max_by_key(|at| widths[*at]);
        let Some(at) = give else { break };
        widths[at] -= 1;
    }
    widths
}

fn length(text: &str) -> usize {
    text.chars().count()
}

const WIDTH: usize = 80;
const GAP: &str = "  ";
