//! Small pieces of which sections are written.

use crate::{
    Figure,
    document::{Block, Cell, Section},
    words,
};

/// A section of blocks.
pub(super) fn section(id: &'static str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id, title: title.to_owned(), blocks }
}

/// An amount with its interval below; where a price is missing, that, and below it
/// what is known.
pub(super) fn money(figure: &Figure) -> Cell {
    let range = words::range(figure);
    if words::open(figure) {
        return Cell::with("price missing", range.filter(|range| range != "at least 0"));
    }
    Cell::with(words::amount(figure.value()), range)
}

/// An amount without its interval.
pub(super) fn plain(value: f64) -> Cell {
    Cell::of(words::amount(value))
}
