//! Plots drawn by the server as SVG, in the text's colours, each with the table of its numbers.
//!
//! [`Lines`] draws curves with their bands over two axes, linear or logarithmic; [`Bars`] draws
//! rows, each with the parts it is made of. Everything is attributes and classes of the console's
//! style, so the strict policy holds; nothing that is given can make a coordinate that is not a
//! number or lies outside the picture. What is told by colour is told by a dash or a hatch, too.

mod bars;
mod lines;
mod scale;

pub use bars::{Bar, Bars, Part};
pub use lines::{Axis, Lines, Mark, Point, Series};
pub use scale::Scale;

/// A colour of the style, with a dash of its own for lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Green: what one runs oneself.
    Deed,
    /// Blue, dashed: what one buys.
    Note,
    /// Amber, dotted: what waits or costs attention.
    Hold,
    /// Red, dash and dot: what stops.
    Stop,
    /// Grey, long dashes: what stands beside for comparison.
    Soft,
}

impl Tone {
    /// The class that carries it.
    fn class(self) -> &'static str {
        match self {
            Self::Deed => "deed",
            Self::Note => "note",
            Self::Hold => "hold",
            Self::Stop => "stop",
            Self::Soft => "soft",
        }
    }
}

/// A number as an axis has it: `0`, `0.25`, `500`, `15k`, `2.5M`, `3bn`, `4tn`.
pub fn short(value: f64) -> String {
    let size = value.abs();
    let (unit, name) = match size {
        _ if size >= 999.5e9 => (1e12, "tn"),
        _ if size >= 999.5e6 => (1e9, "bn"),
        _ if size >= 999.5e3 => (1e6, "M"),
        _ if size >= 9_999.5 => (1e3, "k"),
        _ => (1.0, ""),
    };
    format!("{}{name}", digits(value / unit, 3))
}

/// A number as a table has it: four significant digits, thousands apart: `8,040`, `0.0413`.
pub fn figure(value: f64) -> String {
    digits(value, 4)
}

/// At least this many significant digits, no zeros that say nothing, thousands apart.
fn digits(value: f64, significant: i32) -> String {
    if !value.is_finite() {
        return "not a number".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if !(1e-6..1e15).contains(&size) {
        return format!("{value:.2e}");
    }
    let exponent = scale::whole(size.log10().floor());
    let decimals = usize::try_from(significant - 1 - exponent).unwrap_or(0);
    let mut text = format!("{size:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut shown = if value < 0.0 { "−".to_owned() } else { String::new() };
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown + rest
}

/// A coordinate: one digit after the point is finer than any screen.
fn at(coordinate: f64) -> String {
    let text = format!("{coordinate:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests;
