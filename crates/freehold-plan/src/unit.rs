//! Units that multiply and divide along with their numbers, so that a formula which adds bytes to
//! seconds is found by a test and not by a reader.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// A product of symbols with exponents: `B/s`, `token`, `EUR/h`. `1` has none.
///
/// Symbols are not converted into each other: seconds to hours takes an input of `s/h`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Unit(BTreeMap<&'static str, i8>);

impl Unit {
    /// A bare number: a share, a count, a factor.
    pub fn one() -> Self {
        Self::default()
    }

    /// One symbol, once.
    pub fn of(symbol: &'static str) -> Self {
        Self(BTreeMap::from([(symbol, 1)]))
    }

    /// `over` a symbol `under` another one, such as `B` and `s`.
    pub fn per(over: &'static str, under: &'static str) -> Self {
        Self::of(over).over(&Self::of(under))
    }

    /// The unit of a product.
    pub fn times(&self, other: &Self) -> Self {
        self.joined(other, 1)
    }

    /// The unit of a quotient.
    pub fn over(&self, other: &Self) -> Self {
        self.joined(other, -1)
    }

    fn joined(&self, other: &Self, sign: i8) -> Self {
        let mut all = self.0.clone();
        for (symbol, exponent) in &other.0 {
            let sum = all.entry(symbol).or_default();
            *sum = sum.saturating_add(exponent.saturating_mul(sign));
        }
        all.retain(|_, exponent| *exponent != 0);
        Self(all)
    }

    /// The symbol that takes a prefix (`GB`, `ms`), if the unit has one: the first above the line.
    fn scaled(&self) -> Option<&'static str> {
        let above: Vec<_> = self.0.iter().filter(|(_, exponent)| **exponent == 1).collect();
        above.iter().map(|(symbol, _)| **symbol).find(|symbol| PREFIXED.contains(symbol))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |sign: i8| -> Vec<String> {
            let mine = self.0.iter().filter(|(_, exponent)| exponent.signum() == sign);
            mine.map(|(symbol, exponent)| match exponent.unsigned_abs() {
                1 => (*symbol).to_owned(),
                many => format!("{symbol}^{many}"),
            })
            .collect()
        };
        let (above, under) = (side(1).join("·"), side(-1).join("/"));
        match (above.is_empty(), under.is_empty()) {
            (_, true) => f.write_str(&above),
            (true, false) => write!(f, "1/{under}"),
            (false, false) => write!(f, "{above}/{under}"),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&if self.0.is_empty() { "1".to_owned() } else { self.to_string() })
    }
}

/// A number with its unit for reading: four digits, `16.06 GB`, `12.3 ms`, `12,340 token/s`.
pub fn shown(value: f64, unit: &Unit) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    let name = unit.to_string();
    let Some(symbol) = unit.scaled().filter(|_| value != 0.0) else {
        let space = if name.is_empty() { "" } else { " " };
        return format!("{}{space}{name}", digits(value));
    };
    let steps = if symbol == "s" { &PREFIXES[..4] } else { &PREFIXES[3..] };
    let fits = steps.iter().rev().find(|(_, size)| value.abs() >= *size * 0.9995);
    let (prefix, size) = fits.or(steps.first()).copied().unwrap_or(("", 1.0));
    format!("{} {prefix}{name}", digits(value / size))
}

/// Four significant digits, with commas in thousands and without exponent where it can be read.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e15).contains(&size) {
        return format!("{value:.3e}");
    }
    let places = match size {
        0.0 => 0,
        size if size >= 1000.0 || (size.fract() == 0.0) => 0,
        // Logarithm below 3 and above -4: the cast cannot lose anything.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        size => (3.0 - size.log10().floor()).clamp(0.0, 8.0) as usize,
    };
    let text = format!("{value:.places$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{grouped}.{fraction}"),
        None => grouped,
    }
}

const PREFIXED: [&str; 5] = ["B", "FLOP", "J", "W", "s"];

const PREFIXES: [(&str, f64); 8] = [
    ("n", 1e-9),
    ("µ", 1e-6),
    ("m", 1e-3),
    ("", 1.0),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_their_numbers() {
        let speed = Unit::per("B", "s");
        assert_eq!(Unit::of("B").over(&speed), Unit::of("s"));
        assert_eq!(speed.times(&Unit::of("s")), Unit::of("B"));
        assert_eq!(speed.over(&speed), Unit::one());
        assert_eq!(Unit::one().over(&Unit::of("s")).to_string(), "1/s");
        assert_eq!(Unit::of("s").times(&Unit::of("s")).to_string(), "s^2");
    }

    #[test]
    fn numbers_are_shown_for_reading() {
        let check = |value: f64, unit: Unit, text: &str| assert_eq!(shown(value, &unit), text);
        check(16.06e9, Unit::of("B"), "16.06 GB");
        check(3.35e12, Unit::per("B", "s"), "3.35 TB/s");
        check(0.0123, Unit::of("s"), "12.3 ms");
        check(75.0, Unit::of("s"), "75 s");
        check(12_340.4, Unit::per("token", "s"), "12,340 token/s");
        check(-1_234_567.0, Unit::of("EUR"), "-1,234,567 EUR");
        check(0.052, Unit::one(), "0.052");
        check(0.0, Unit::of("B"), "0 B");
        check(700.0, Unit::of("W"), "700 W");
        check(f64::INFINITY, Unit::one(), "none");
    }
}
