//! What pages are made of, beside the frame: forms that filter, links to the same data, facts with
//! their source, what is unknown, two columns, parts that unfold, tables that scroll by themselves.
//!
//! Each of them works without a script, is reached by keyboard and prints; a page that is made of
//! them needs no style of its own.

mod csv;
mod field;

pub use csv::csv;
pub use field::{Field, filter, filter_folded};

use maud::{Markup, html};

/// A fact as it is shown: what is said, by whom, and when that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// Who says so, in a few words.
    pub source: &'a str,
    /// Its address, where it has one: `https://…`. Nothing is fetched from it; a person may go.
    pub address: Option<&'a str>,
    /// The day on which it was seen there, as `2026-11-23`.
    pub seen: &'a str,
    /// The day since which it should have been looked up again, if that is past.
    pub due: Option<&'a str>,
}

/// Where else the same data are: as JSON, as CSV, in a terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Address of the JSON.
    pub json: Option<String>,
    /// Address of the CSV.
    pub csv: Option<String>,
    /// The command, as it is typed here.
    pub command: Option<String>,
}

/// What is not known, hatched and in words; never an empty place.
pub fn unknown(words: &str) -> Markup {
    html! { span.unknown { (words) } }
}

/// A value with its source, the day it was seen, and a mark where it is due to be looked up again.
pub fn fact(value: &Markup, provenance: &Provenance<'_>) -> Markup {
    html! { span.fact { (value) " " (source(provenance)) } }
}

/// The source alone, for a column of its own.
pub fn source(provenance: &Provenance<'_>) -> Markup {
    html! {
        span.src {
            @match provenance.address {
                // The site that is gone to need not know from where.
                Some(address) if address.starts_with("https://") => {
                    a href=(address) rel="external noreferrer" { (provenance.source) }
                }
                _ => { (provenance.source) }
            }
            ", " time datetime=(provenance.seen) data-plain { (provenance.seen) }
            @if let Some(due) = provenance.due {
                " " span.state.wait { "look it up again: due " (due) }
            }
        }
    }
}

/// Two columns of equal weight, side by side where there is room: run it yourself, buy it hosted.
pub fn both(left: (&str, &Markup), right: (&str, &Markup)) -> Markup {
    html! {
        div.parts {
            @for (heading, content) in [left, right] {
                section.sheet { h3 { (heading) } (content) }
            }
        }
    }
}

/// A part that unfolds; in print it is open.
pub fn unfold(summary: &str, content: &Markup) -> Markup {
    html! { details.unfold { summary { (summary) } div { (content) } } }
}

/// Something wider than a small screen, which then scrolls by itself, by keyboard too.
pub fn scroll(label: &str, content: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(label) { (content) } }
}

/// The line under a list that says where else it is to be had.
pub fn elsewhere(places: &Elsewhere) -> Markup {
    html! {
        p.src.elsewhere {
            "The same"
            @if let Some(json) = &places.json { " " a href=(json) { "as JSON" } @if places.csv.is_some() { "," } }
            @if let Some(csv) = &places.csv { " " a href=(csv) { "as CSV" } }
            @if let Some(command) = &places.command {
                @if places.json.is_some() || places.csv.is_some() { "," }
                " in a terminal: " code.command { (command) }
            }
        }
    }
}

/// A text as a value in an address's query has it.
pub fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
