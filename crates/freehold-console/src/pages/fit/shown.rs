//! The parts of a report as a page.

use freehold_fit::{Advice, Block, Cell, Change, Outcome, QUESTIONS, Report, Table};
use maud::{Markup, html};

use crate::{Terminal, kit};

/// All parts, in their order.
pub(super) fn blocks(report: &Report, terminal: &Terminal) -> Markup {
    html! { @for block in &report.blocks { (one(block, terminal)) } }
}

/// What would change the advice, by what it would become: each single answer, and the first pairs.
pub(super) fn changes(advice: &Advice) -> Markup {
    let mut ends: Vec<(Outcome, Vec<Change>)> = Vec::new();
    for flip in &advice.changes.one {
        match ends.iter_mut().find(|(outcome, _)| *outcome == flip.outcome) {
            Some((_, changes)) => changes.push(flip.change),
            None => ends.push((flip.outcome, vec![flip.change])),
        }
    }
    let pairs = &advice.changes.two;
    html! {
        section aria-labelledby="h-changes" {
            h2 id="h-changes" { "What would change it" }
            @if ends.is_empty() { p { "No single other answer changes it." } }
            @for (outcome, changes) in &ends {
                h3 { "It would be " @if outcome.is_settled() { (outcome) } @else { (kit::unknown(&outcome.to_string())) } }
                ul { @for change in changes { li { (changed(*change)) } } }
            }
            @if pairs.is_empty() {
                p.src { "No two other answers that are not enough alone change it." }
            } @else {
                p.src { "Every pair of answers was tried: " (pairs.len()) " change it together, neither alone." }
                ul {
                    @for pair in pairs.iter().take(PAIRS) {
                        li {
                            (changed(pair.changes[0])) ", and " (changed(pair.changes[1]))
                            ": " (pair.outcome)
                        }
                    }
                }
                @if pairs.len() > PAIRS {
                    p.src { "The report as Markdown lists all of them." }
                }
            }
        }
    }
}

fn changed(change: Change) -> Markup {
    let question = QUESTIONS[change.question];
    html! { b { (question.name) } ": " (question.answers[change.answer].text) }
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

/// How many pairs of answers stand beside the advice.
const PAIRS: usize = 5;
