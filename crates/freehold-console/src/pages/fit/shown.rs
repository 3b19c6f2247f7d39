//! The parts of a report as a page.

use freehold_fit::{Block, Cell, Report, Table};
use maud::{Markup, html};

use crate::{Terminal, kit};

/// All parts, in their order.
pub(super) fn blocks(report: &Report, terminal: &Terminal) -> Markup {
    html! { @for block in &report.blocks { (one(block, terminal)) } }
}

fn one(block: &Block, terminal: &Terminal) -> Markup {
    html! {
        @match block {
            Block::Heading(heading) => { h2 { (heading) } }
            Block::Advice(sentence) => { p.advice { (sentence) } }
            Block::Text(text) => { p.prose { (text) } }
            Block::List(items) => { ul.prose { @for item in items { li { (item) } } } }
            Block::Table(table) => { (kit::scroll(table.caption, &drawn(table))) }
            Block::Commands(commands) => {
                dl {
                    @for command in commands {
                        dt { code.command { (terminal.command(&command.arguments.join(" "))) } }
                        dd { (command.purpose) }
                    }
                }
            }
        }
    }
}

fn drawn(table: &Table) -> Markup {
    let numbers =
        |at: usize| table.rows.iter().all(|row| !matches!(row.get(at), None | Some(Cell::Text(_))));
    html! {
        table {
            thead {
                tr {
                    @for (at, head) in table.head.iter().enumerate() {
                        th.num[numbers(at)] scope="col" { (head) }
                    }
                }
            }
            tbody { @for row in &table.rows { tr { @for found in row { (cell(found)) } } } }
        }
    }
}

fn cell(cell: &Cell) -> Markup {
    html! {
        @match cell {
            Cell::Text(text) => { td { (text) } }
            Cell::Number(number) => { td.num { (number) } }
            Cell::Unknown(words) => { td { (kit::unknown(words)) } }
        }
    }
}
