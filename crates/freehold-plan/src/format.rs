//! The forms in which weights and caches are stored, and their exact bits.

use crate::inputs::Precision;
use crate::{Figure, Source, Unit};

/// A form in which numbers are stored.
#[derive(Debug, Clone)]
pub struct Format {
    /// Its name, as in `fp8` or `q4_k_m`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Bits per number, scales included, in `bit`.
    pub bits: Figure,
    /// In which numbers the device multiplies with it.
    pub computes: Precision,
}

impl Format {
    /// The form of that name, if it is one of [`Format::all`].
    pub fn find(id: &str) -> Option<Self> {
        let known = KNOWN.iter().find(|known| known.0.eq_ignore_ascii_case(id))?;
        Some(Self::of(known))
    }

    /// All forms with a known layout, wide to narrow.
    pub fn all() -> Vec<Self> {
        KNOWN.iter().map(Self::of).collect()
    }

    /// The same weights with another number of bits, such as what a file's size says.
    #[must_use]
    pub fn with_bits(mut self, bits: Figure) -> Self {
        self.bits = bits;
        self
    }

    fn of((id, name, bits, range, computes, layout): &Known) -> Self {
        let label = format!("bits a number as {name}");
        let source = Source::published(layout.0, layout.1, SEEN);
        let bits = match range {
            Some(range) => Figure::between(label, *bits, *range, Unit::of("bit"), source),
            None => Figure::input(label, *bits, Unit::of("bit"), source),
        };
        Self { id: (*id).into(), name: (*name).into(), bits, computes: *computes }
    }
}

type Known =
    (&'static str, &'static str, f64, Option<(f64, f64)>, Precision, (&'static str, &'static str));

const SEEN: &str = "2026-11-23";

const IEEE: (&str, &str) =
    ("IEEE 754 and bfloat16: 16 bits", "https://standards.ieee.org/ieee/754/6210/");
const OFP8: (&str, &str) = (
    "OCP 8-bit floating point: 8 bits, one scale a tensor",
    "https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1",
);

const KNOWN: &[Known] = &[
    ("bf16", "BF16", 16.0, None, Precision::Bf16, IEEE),
    ("fp8", "FP8", 8.0, None, Precision::Fp8, OFP8),
];
