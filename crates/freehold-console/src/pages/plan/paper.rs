//! The document of a plan on the page: text, lists and tables; pictures where they belong.

use freehold_plan::{
    document::{Block, Cell, Row, Section, Table},
    report::Plan,
};
use maud::{Markup, html};

use super::pictures;
use crate::kit;

/// A section, with its picture.
pub(super) fn section(section: &Section, plan: &Plan) -> Markup {
    html! {
        h2 id=(section.id) { (section.title) }
        @for block in &section.blocks {
            @match block {
                Block::Text(text) => p { (text) },
                Block::List(items) => ul.plain { @for item in items { li { (item) } } },
                Block::Table(table) => (self::table(table)),
            }
        }
        @match section.id {
            "break-even" => (pictures::costs(plan)),
            "memory" => (pictures::memory(plan)),
            "speed" => (pictures::speed(plan)),
            _ => {}
        }
    }
}

/// What the numbers in brackets stand for; addresses can be followed.
pub(super) fn footnotes(notes: &[String]) -> Markup {
    html! {
        ol.src {
            @for note in notes {
                li {
                    @for (place, word) in note.split(' ').enumerate() {
                        @if place > 0 { " " }
                        @let address = word.trim_end_matches([',', '.', ';']);
                        @if address.starts_with("https://") {
                            a href=(address) rel="external noreferrer" { (address) }
                            (word.get(address.len()..).unwrap_or_default())
                        } @else { (word) }
                    }
                }
            }
        }
    }
}

fn table(table: &Table) -> Markup {
    let content = html! {
        table {
            caption.src { (table.caption) }
            thead {
                tr {
                    @for head in &table.head {
                        @if head.number { th.num scope="col" { (head.text) } }
                        @else { th scope="col" { (head.text) } }
                    }
                }
            }
            tbody { @for row in &table.rows { (self::row(table, row)) } }
        }
    };
    kit::scroll(&table.caption, &content)
}

fn row(table: &Table, row: &Row) -> Markup {
    html! {
        tr {
            @for (place, cell) in row.cells.iter().enumerate() {
                @if place == 0 || row.total {
                    @if place == 0 { th scope="row" { (self::cell(cell)) } }
                    @else { td.num { b { (cell.text) } (below(cell)) } }
                } @else if table.head.get(place).is_some_and(|head| head.number) {
                    td.num { (self::cell(cell)) }
                } @else {
                    td { (self::cell(cell)) }
                }
            }
        }
    }
}

fn cell(cell: &Cell) -> Markup {
    html! { (cell.text) (below(cell)) }
}

fn below(cell: &Cell) -> Markup {
    html! { @if let Some(below) = &cell.below { br; span.src { (below) } } }
}
