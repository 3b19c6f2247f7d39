//! A figure's arithmetic in lines.

use std::collections::HashSet;

use super::{Figure, How, Operation};
use crate::unit::shown;

/// See [`Figure::explained`].
pub(super) fn explained(figure: &Figure) -> String {
    let mut out = String::new();
    lines(figure, figure.name().unwrap_or("result"), 0, &mut HashSet::new(), &mut out);
    out
}

fn lines(figure: &Figure, name: &str, depth: usize, told: &mut HashSet<String>, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}{name} = {}", figure.shown()));
    match &figure.0.how {
        How::Input { source, interval } => {
            if let Some(ends) = interval {
                let (low, high) = (shown(ends.low, figure.unit()), shown(ends.high, figure.unit()));
                out.push_str(&format!(" ({low} to {high})"));
            }
            out.push_str(&format!("  [{source}]\n"));
        }
        How::Made { .. } => {
            if let Some(ends) = figure.interval() {
                let (low, high) = (shown(ends.low, figure.unit()), shown(ends.high, figure.unit()));
                out.push_str(&format!(" ({low} to {high})"));
            }
            if !told.insert(name.to_owned()) {
                out.push_str("  (as above)\n");
                return;
            }
            out.push_str(&format!("\n{indent}  = {}\n", formula(figure, true)));
            for part in named(figure) {
                let name = part.name().unwrap_or_default();
                if !told.contains(name) || matches!(part.0.how, How::Made { .. }) {
                    lines(part, name, depth + 1, told, out);
                }
                told.insert(name.to_owned());
            }
        }
    }
}

/// The nearest named figures below, each once.
fn named(figure: &Figure) -> Vec<&Figure> {
    let mut all: Vec<&Figure> = Vec::new();
    if let How::Made { parts, .. } = &figure.0.how {
        for part in parts {
            let below = if part.name().is_some() { vec![part] } else { named(part) };
            for one in below {
                if !all.iter().any(|known| known.name() == one.name()) {
                    all.push(one);
                }
            }
        }
    }
    all
}

fn formula(figure: &Figure, top: bool) -> String {
    if let (Some(name), false) = (figure.name(), top) {
        return name.to_owned();
    }
    let How::Made { operation, parts } = &figure.0.how else { return figure.shown() };
    let texts: Vec<String> = parts.iter().map(|part| formula(part, false)).collect();
    let joined = match operation {
        Operation::Sum => texts.join(" + "),
        Operation::Difference => texts.join(" − "),
        Operation::Product => texts.join(" × "),
        Operation::Quotient => texts.join(" / "),
        Operation::Power => texts.join(" ^ "),
        Operation::Least => return format!("least of ({})", texts.join(", ")),
        Operation::Greatest => return format!("greatest of ({})", texts.join(", ")),
        Operation::Floor => return format!("round down ({})", texts.join("")),
        Operation::Ceiling => return format!("round up ({})", texts.join("")),
    };
    if top || texts.len() < 2 { joined } else { format!("({joined})") }
}
