//! From values to places on an axis, and which round values to write beside it.

/// How values are laid out along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps for equal differences; zero is always on it.
    Linear,
    /// Equal steps for equal ratios; only values above zero are on it.
    Log,
}

/// A scale with its ends, which lie on round values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ruler {
    scale: Scale,
    low: f64,
    high: f64,
    /// The round values, lowest first; at least one.
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// Whether a value has a place on it.
    pub(super) fn takes(self, value: f64) -> bool {
        // Beyond these, differences of values would overflow.
        let ordinary = value.is_finite() && value.abs() <= LARGEST;
        ordinary && (self == Self::Linear || value >= 1.0 / LARGEST)
    }

    /// A ruler that holds all values that it takes, with about `wanted` ticks.
    ///
    /// The values must have been chosen with [`takes`](Self::takes); without any it reaches from 0
    /// to 1, or from 1 to 10.
    pub(super) fn ruler(self, values: impl Iterator<Item = f64>, wanted: usize) -> Ruler {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| self.takes(*value)) {
            low = low.min(value);
            high = high.max(value);
        }
        let wanted = wanted.max(2);
        match self {
            Self::Linear => linear(low.min(0.0), high.max(0.0), wanted),
            Self::Log if low > high => log(1.0, 10.0, wanted),
            Self::Log => log(low, high, wanted),
        }
    }
}

impl Ruler {
    /// Where a value lies between the ends: 0 to 1, also for values outside.
    pub(super) fn share(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => (value / self.low).log10() / (self.high / self.low).log10(),
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }
}

/// Steps of 1, 2 or 5 times a power of ten.
fn linear(low: f64, high: f64, wanted: usize) -> Ruler {
    let high = if high > low { high } else { low + 1.0 };
    let raw = (high - low) / as_f64(wanted);
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
    let step = step.into_iter().find(|step| *step >= raw * 0.999).unwrap_or(raw);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let mut ticks = Vec::new();
    let mut place = first;
    while place <= last && ticks.len() < MOST_TICKS {
        ticks.push(place * step);
        place += 1.0;
    }
    Ruler { scale: Scale::Linear, low: first * step, high: last * step, ticks }
}

/// Powers of ten; over less than two of them, their double and fivefold, too.
fn log(low: f64, high: f64, wanted: usize) -> Ruler {
    let (first, mut last) = (low.log10().floor(), high.log10().ceil());
    if last <= first {
        last = first + 1.0;
    }
    let decades = last - first;
    let factors: &[f64] = if decades <= 2.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let stride = (decades / as_f64(wanted)).ceil().max(1.0);
    if decades > 2.0 {
        // Every tick a whole stride from the first, the last one included.
        last = first + (decades / stride).ceil() * stride;
    }
    let mut ticks = Vec::new();
    let mut power = first;
    while power <= last && ticks.len() < MOST_TICKS {
        ticks.extend(factors.iter().map(|factor| factor * 10f64.powf(power)));
        power += stride;
    }
    let (mut least, mut most) = (10f64.powf(first), 10f64.powf(last));
    if decades <= 2.0 {
        // The ends need not be powers of ten where there is a closer round value.
        least = ticks.iter().copied().filter(|tick| *tick <= low).fold(least, f64::max);
        most = ticks.iter().copied().filter(|tick| *tick >= high).fold(most, f64::min);
        if most <= least {
            most = least * 10.0;
        }
    }
    let inside = |tick: &f64| *tick >= least * 0.999 && *tick <= most * 1.001;
    Ruler {
        scale: Scale::Log,
        low: least,
        high: most,
        ticks: ticks.into_iter().filter(inside).collect(),
    }
}

/// The whole number that a rounded one is, within what exponents can be.
pub(super) fn whole(rounded: f64) -> i32 {
    #[allow(clippy::cast_possible_truncation, reason = "clamped to what fits")]
    let whole = rounded.clamp(-400.0, 400.0) as i32;
    whole
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

const LARGEST: f64 = 1e100;
const MOST_TICKS: usize = 64;
