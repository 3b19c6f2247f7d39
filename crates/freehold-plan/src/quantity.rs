//! Numbers that formulae are written over once: figures, which explain themselves, and bare numbers,
//! which are quick enough to fit constants with.

use crate::Figure;

/// What a formula does with numbers.
pub(crate) trait Quantity: Clone {
    fn number(value: f64) -> Self;
    fn value(&self) -> f64;
    fn plus(&self, other: &Self) -> Self;
    fn minus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn over(&self, other: &Self) -> Self;
    fn at_most(&self, other: &Self) -> Self;
    fn at_least(&self, other: &Self) -> Self;
    fn power(&self, exponent: &Self) -> Self;
    /// A line of its own where arithmetic is shown.
    fn named(&self, name: &str) -> Self;
}

impl Quantity for f64 {
    fn number(value: f64) -> Self {
        value
    }

    fn value(&self) -> f64 {
        *self
    }

    fn plus(&self, other: &Self) -> Self {
        self + other
    }

    fn minus(&self, other: &Self) -> Self {
        self - other
    }

    fn times(&self, other: &Self) -> Self {
        self * other
    }

    fn over(&self, other: &Self) -> Self {
        self / other
    }

    fn at_most(&self, other: &Self) -> Self {
        self.min(*other)
    }

    fn at_least(&self, other: &Self) -> Self {
        self.max(*other)
    }

    fn power(&self, exponent: &Self) -> Self {
        self.powf(*exponent)
    }

    fn named(&self, _: &str) -> Self {
        *self
    }
}

impl Quantity for Figure {
    fn number(value: f64) -> Self {
        Self::number(value)
    }

    fn value(&self) -> f64 {
        self.value()
    }

    fn plus(&self, other: &Self) -> Self {
        self.plus(other)
    }

    fn minus(&self, other: &Self) -> Self {
        self.minus(other)
    }

    fn times(&self, other: &Self) -> Self {
        self.times(other)
    }

    fn over(&self, other: &Self) -> Self {
        self.over(other)
    }

    fn at_most(&self, other: &Self) -> Self {
        self.at_most(other)
    }

    fn at_least(&self, other: &Self) -> Self {
        self.at_least(other)
    }

    fn power(&self, exponent: &Self) -> Self {
        self.power(exponent)
    }

    fn named(&self, name: &str) -> Self {
        self.named(name)
    }
}
