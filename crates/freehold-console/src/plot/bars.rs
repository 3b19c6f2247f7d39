//! Rows, each drawn as a bar of the parts it is made of. The table is the plot.

use maud::{Markup, html};

use super::{Tone, at, figure, scale::Scale};
use crate::kit;

/// A plot of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// What is shown, with its unit: "Cost a month, EUR".
    pub title: String,
    /// The rows, top first.
    pub rows: Vec<Bar>,
}

/// One row. Parts above zero are laid to the right of each other, parts below zero to the left.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// What stands beside it, where that is not the sum of the known parts: "+.1 to +.6".
    pub words: Option<String>,
}

/// A part of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is; empty where the row has only one.
    pub name: String,
    /// How much; what is not a number is not drawn.
    pub value: f64,
    /// How it looks.
    pub tone: Tone,
    /// Whether it is known; what is not known is hatched, and not in the sum.
    pub known: bool,
}

impl Bar {
    /// A row of one known part.
    pub fn simple(name: impl Into<String>, value: f64, tone: Tone) -> Self {
        let part = Part { name: String::new(), value, tone, known: true };
        Self { name: name.into(), parts: vec![part], words: None }
    }

    fn words(&self) -> String {
        let known = self.parts.iter().filter(|part| part.known);
        self.words.clone().unwrap_or_else(|| figure(known.map(|part| part.value).sum()))
    }

    /// How far its parts reach to either side of zero.
    fn reach(&self) -> (f64, f64) {
        let mut reach = (0.0, 0.0);
        for part in self.parts.iter().filter(|part| Scale::Linear.takes(part.value)) {
            if part.value < 0.0 { reach.0 += part.value } else { reach.1 += part.value }
        }
        reach
    }
}

impl Bars {
    /// The rows as a table with their bars, and its legend where parts have names.
    pub fn figure(&self) -> Markup {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for bar in &self.rows {
            let reach = bar.reach();
            low = low.min(reach.0);
            high = high.max(reach.1);
        }
        let span = if high > low { high - low } else { 1.0 };
        let across = |value: f64| ((value - low) / span * WIDTH).clamp(0.0, WIDTH);
        html! {
            figure.sheet.plot {
                figcaption { b { (self.title) } }
                (self.legend())
                table.bars {
                    tbody {
                        @for bar in &self.rows {
                            tr {
                                th scope="row" { (bar.name) }
                                td.drawn { (drawn(bar, &across)) }
                                td.num { (bar.words()) }
                            }
                        }
                    }
                }
                @if self.rows.iter().any(|bar| bar.parts.len() > 1) {
                    (kit::unfold("The parts", &self.parts()))
                }
            }
        }
    }

    /// Each named part once.
    fn legend(&self) -> Markup {
        let mut named: Vec<&Part> = Vec::new();
        for part in self.rows.iter().flat_map(|bar| &bar.parts).filter(|part| !part.name.is_empty())
        {
            if !named.iter().any(|one| one.name == part.name) {
                named.push(part);
            }
        }
        html! {
            @if named.len() > 1 {
                ul.legend {
                    @for part in named {
                        li {
                            svg.sample viewBox="0 0 28 10" width="28" height="10" aria-hidden="true" {
                                (piece(part, 0.0, 28.0))
                            }
                            (part.name)
                        }
                    }
                }
            }
        }
    }

    fn parts(&self) -> Markup {
        html! {
            ul.plain {
                @for bar in &self.rows {
                    @for part in &bar.parts {
                        li {
                            (bar.name) @if !part.name.is_empty() { ", " (part.name) } ": "
                            (figure(part.value)) @if !part.known { " " (kit::unknown("not known")) }
                        }
                    }
                }
            }
        }
    }
}

fn drawn(bar: &Bar, across: &impl Fn(f64) -> f64) -> Markup {
    let (mut left, mut right) = (0.0, 0.0);
    let mut pieces = Vec::new();
    for part in bar.parts.iter().filter(|part| Scale::Linear.takes(part.value)) {
        let side = if part.value < 0.0 { &mut left } else { &mut right };
        let from = *side;
        *side += part.value;
        let (from, to) = (across(from), across(*side));
        pieces.push(piece(part, from.min(to), from.max(to)));
    }
    let zero = across(0.0);
    html! {
        svg viewBox={ "0 0 " (at(WIDTH)) " 10" } preserveAspectRatio="none" aria-hidden="true" {
            rect.ground x="0" y="0" width=(at(WIDTH)) height="10" {}
            @for piece in &pieces { (piece) }
            @if zero > 0.0 { path.zero d={ "M" (at(zero)) " 0V10" } {} }
        }
    }
}

fn piece(part: &Part, from: f64, to: f64) -> Markup {
    let mut stripes = Vec::new();
    if !part.known {
        let mut place = from;
        while place < to && stripes.len() < MOST_STRIPES {
            stripes.push((place, (to - place).min(STRIPE)));
            place += 2.0 * STRIPE;
        }
    }
    html! {
        @if part.known {
            rect.(part.tone.class()) x=(at(from)) y="0" width=(at(to - from)) height="10" {}
        }
        @for (place, width) in stripes {
            rect.(part.tone.class()) x=(at(place)) y="0" width=(at(width)) height="10" {}
        }
    }
}

/// All bars are this wide in their own units; the page stretches them.
const WIDTH: f64 = 300.0;
const STRIPE: f64 = 3.0;
const MOST_STRIPES: usize = 128;
