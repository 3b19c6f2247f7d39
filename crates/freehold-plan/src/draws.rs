//! The same computation with many sets of inputs, for intervals of results that do not follow their
//! inputs in a straight line. Nothing is random: the sets are evenly spread and always the same.

use crate::Figure;

/// Sets of values for the uncertain inputs of some figures.
///
/// An input lies below its value in half of the sets and above in the other half, evenly; outside its
/// interval, in a twentieth on each side, it is at the interval's end. An interval that is open above
/// stays at its value: the caller says "at least".
pub(crate) struct Draws<'a> {
    inputs: Vec<Uncertain<'a>>,
}

/// One set of values.
pub(crate) struct Draw<'a> {
    values: Vec<(&'a str, f64)>,
}

/// An input that is not exact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uncertain<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: f64,
    /// Where it may lie.
    pub low: f64,
    pub high: f64,
}

impl<'a> Draws<'a> {
    /// Over the uncertain inputs of figures, each name once.
    pub fn over(figures: impl IntoIterator<Item = &'a Figure>) -> Self {
        let mut inputs: Vec<Uncertain<'a>> = Vec::new();
        for input in figures.into_iter().flat_map(Figure::inputs) {
            let Some(ends) = input.interval else { continue };
            if !inputs.iter().any(|known| known.name == input.name) {
                let high = if ends.high.is_finite() { ends.high } else { input.value };
                inputs.push(Uncertain {
                    name: input.name,
                    value: input.value,
                    low: ends.low,
                    high,
                });
            }
        }
        Self { inputs }
    }

    /// The `index`th of `count` sets.
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    pub fn draw(&self, index: usize) -> Draw<'a> {
        // Kronecker's sequence: multiples of irrational numbers modulo 1 are evenly spread.
        let place = |nth: usize| ((index as f64 + 0.5) * step(nth)).fract();
        let values = self.inputs.iter().enumerate();
        Draw { values: values.map(|(nth, one)| (one.name, one.at(place(nth)))).collect() }
    }

    /// A set in which one input has another value and all others have theirs.
    pub fn moved(&self, name: &'a str, value: f64) -> Draw<'a> {
        Draw { values: vec![(name, value)] }
    }
}

impl Draw<'_> {
    /// The figure with this set of values.
    pub fn of(&self, figure: &Figure) -> f64 {
        figure.with(&|name| self.values.iter().find(|(of, _)| *of == name).map(|(_, value)| *value))
    }
}

impl Uncertain<'_> {
    fn at(&self, place: f64) -> f64 {
        let part = ((place - 0.5).abs() / 0.45).min(1.0);
        let end = if place < 0.5 { self.low } else { self.high };
        self.value + (end - self.value) * part
    }
}

/// A value below which the given part of others lies. Infinities count; an empty list has none.
pub(crate) fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let place = (part * (sorted.len().saturating_sub(1)) as f64).round() as usize;
    sorted.get(place).copied()
}

/// The square root of the nth prime number, of which the part behind the point counts.
#[expect(clippy::cast_precision_loss, reason = "small primes")]
fn step(nth: usize) -> f64 {
    let mut found = 0;
    let mut candidate = 2_usize;
    loop {
        let prime =
            (2..).take_while(|by| by * by <= candidate).all(|by| !candidate.is_multiple_of(by));
        if prime {
            if found == nth {
                return (candidate as f64).sqrt();
            }
            found += 1;
        }
        candidate += 1;
    }
}

/// How many sets are enough for two digits of a twentieth.
pub(crate) const COUNT: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, Unit};

    fn uncertain(name: &str) -> Figure {
        Figure::between(name, 2.0, (1.0, 5.0), Unit::one(), Source::Stated)
    }

    #[test]
    fn sets_are_spread_as_promised() {
        let (a, b) = (uncertain("a"), uncertain("b"));
        let both = a.plus(&b);
        let draws = Draws::over([&both, &a]);
        assert_eq!(draws.inputs.len(), 2);
        let mut below = [0; 2];
        for index in 0..COUNT {
            let draw = draws.draw(index);
            let values = [draw.of(&a), draw.of(&b)];
            for (nth, value) in values.iter().enumerate() {
                assert!((1.0..=5.0).contains(value));
                below[nth] += usize::from(*value < 2.0);
            }
            assert!((values[0] + values[1] - draw.of(&both)).abs() < 1e-12);
        }
        assert!(below.iter().all(|count| count.abs_diff(COUNT / 2) < 8), "{below:?}");
    }

    #[test]
    fn the_middle_of_a_list() {
        assert_eq!(quantile(&[1.0, 2.0, f64::INFINITY], 0.5), Some(2.0));
        assert_eq!(quantile(&[1.0, 2.0, f64::INFINITY], 0.95), Some(f64::INFINITY));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
