//! Amounts as a person says them: few digits, because the intervals are wide.

use crate::Figure;

/// An amount with three digits that count: `27,300`, `0.42`; `no limit` where there is none.
pub fn amount(value: f64) -> String {
    digits(value, 3)
}

/// The interval of a figure with two digits that count, `18,000 to 45,000`; `at least 400` where it is
/// open above; nothing where it is exact.
pub fn range(figure: &Figure) -> Option<String> {
    let ends = figure.interval()?;
    if ends.high.is_infinite() {
        return Some(format!("at least {}", digits(ends.low.max(0.0), 2)));
    }
    let (low, high) = (digits(ends.low.max(0.0), 2), digits(ends.high, 2));
    (low != high).then(|| format!("{low} to {high}"))
}

/// Whether a figure is open above.
pub fn open(figure: &Figure) -> bool {
    figure.interval().is_some_and(|ends| ends.high.is_infinite())
}

/// Tokens of so many millions: `365 million tokens`, `57 billion tokens`.
pub fn tokens(millions: f64) -> String {
    let (value, name) = match millions {
        many if many >= 999_500.0 => (many / 1e6, "trillion"),
        many if many >= 999.5 => (many / 1e3, "billion"),
        many if many >= 0.9995 => (many, "million"),
        few => return format!("{} tokens", digits(few * 1e6, 3)),
    };
    format!("{} {name} tokens", digits(value, 3))
}

/// So many times: `3.2 times`, `12 times`.
pub fn times(value: f64) -> String {
    format!("{} times", digits(value, 2))
}

/// A share as `93 of 100`.
pub fn of_hundred(share: f64) -> String {
    format!("{:.0} of 100", share * 100.0)
}

/// With so many digits that count, and commas in thousands.
fn digits(value: f64, count: i32) -> String {
    if !value.is_finite() {
        return "no limit".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a logarithm of a finite number is small")]
    let places = count - 1 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(places);
    let rounded = (value * scale).round() / scale;
    let places = usize::try_from(places.clamp(0, 9)).unwrap_or(0);
    let text = format!("{rounded:.places$}");
    let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, Unit};

    #[test]
    fn amounts_are_short() {
        for (value, expected) in [
            (27_349.0, "27,300"),
            (0.4239, "0.424"),
            (1.0, "1"),
            (999.6, "1,000"),
            (0.0, "0"),
            (1_234_567.0, "1,230,000"),
            (f64::INFINITY, "no limit"),
            (12.0, "12"),
            (-1500.0, "-1,500"),
            (-150.0, "-150"),
        ] {
            assert_eq!(amount(value), expected);
        }
        for (millions, expected) in [
            (365.0, "365 million tokens"),
            (57_000.0, "57 billion tokens"),
            (2_500_000.0, "2.5 trillion tokens"),
            (0.05, "50,000 tokens"),
        ] {
            assert_eq!(tokens(millions), expected);
        }
        assert_eq!(
            (times(3.21), of_hundred(0.931)),
            ("3.2 times".to_owned(), "93 of 100".to_owned())
        );
    }

    #[test]
    fn ranges_say_when_they_are_open() {
        let figure =
            |low, high| Figure::between("x", 500.0, (low, high), Unit::one(), Source::Stated);
        assert_eq!(range(&figure(410.0, 1234.0)).unwrap(), "410 to 1,200");
        assert_eq!(range(&figure(410.0, f64::INFINITY)).unwrap(), "at least 410");
        assert_eq!(range(&figure(500.0, 500.0)), None);
        assert_eq!(range(&Figure::number(2.0)), None);
    }
}
