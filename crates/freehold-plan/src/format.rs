//! The forms in which weights and caches are stored, and their exact bits.

use freehold_catalog::{Catalog, Covers, Quantisation};
use serde::Serialize;

use crate::inputs::Precision;
use crate::shape::{Shape, source};
use crate::{Figure, Source, Unit};

/// A form in which numbers are stored.
#[derive(Debug, Clone, Serialize)]
pub struct Format {
    /// Its name, as in `fp8` or `q4_k_m`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Bits per number, scales included, in `bit`.
    pub bits: Figure,
    /// In which numbers a device multiplies with it, where its hardware knows the form.
    pub computes: Precision,
    /// What the hardware must know for that; absent: no hardware knows it, and numbers are widened
    /// first.
    pub native: Option<Precision>,
    /// Which weights have these bits; the others have 16.
    pub covers: Covers,
}

impl Format {
    /// The catalogue's form of that name; `fp16`, `gptq` and the like are known by the name of their
    /// layout.
    pub fn find(catalog: &Catalog, name: &str) -> Option<Self> {
        catalog.quantisation(name).and_then(|form| Self::of(catalog, form))
    }

    /// The form of that name in the catalogue that comes with the program.
    pub fn built_in(name: &str) -> Option<Self> {
        Self::find(Catalog::embedded().ok()?, name)
    }

    /// All forms of the catalogue.
    pub fn all(catalog: &Catalog) -> Vec<Self> {
        catalog.quantisations().iter().filter_map(|form| Self::of(catalog, form)).collect()
    }

    /// 16 bits: what engines keep caches in, and what no other form covers.
    pub fn sixteen() -> Self {
        let bits =
            Figure::input("bits per weight, BF16", 16.0, Unit::of("bit"), Source::Definition);
        let (id, name, computes) = ("bf16".to_owned(), "BF16".to_owned(), Precision::Bf16);
        Self { id, name, bits, computes, native: Some(computes), covers: Covers::Layers }
    }

    /// The forms of everything but embeddings and routed experts, and of the embeddings, in a model of
    /// that shape.
    pub(crate) fn around(&self, shape: &Shape) -> (Self, Self) {
        match self.covers {
            Covers::File => (self.clone(), self.clone()),
            Covers::Experts if shape.geometry.experts.is_some() => {
                (Self::sixteen(), Self::sixteen())
            }
            Covers::Layers | Covers::Experts => (self.clone(), Self::sixteen()),
        }
    }

    /// None where the catalogue names a precision that nothing computes in.
    fn of(catalog: &Catalog, form: &Quantisation) -> Option<Self> {
        let label = format!("bits per weight, {}", form.name);
        let (bits, unit) = (form.bits.is, Unit::of("bit"));
        let source = source(catalog, &form.bits);
        let bits = match form.between {
            Some(ends) => Figure::between(label, bits, ends, unit, source),
            None => Figure::input(label, bits, unit, source),
        };
        let native = match &form.hardware {
            Some(name) => Some(Precision::find(name)?),
            None => None,
        };
        let (id, name) = (form.id.0.clone(), form.name.clone());
        let computes = Precision::find(&form.computes_in)?;
        Some(Self { id, name, bits, computes, native, covers: form.covers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_follow_from_the_layouts() {
        let check = |id: &str, bits: f64| {
            let format = Format::built_in(id).unwrap();
            assert!((format.bits.value() - bits).abs() < 1e-9, "{id}: {}", format.bits.value());
        };
        check("q8_0", 34.0 * 8.0 / 32.0);
        check("q4_0", 18.0 * 8.0 / 32.0);
        check("q6_k", 210.0 * 8.0 / 256.0);
        check("nf4", 4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0));
        check("gptq", 4.0 + (16.0 + 4.0) / 128.0);
        check("nvfp4", 4.0 + 8.0 / 16.0);
        check("mxfp4", 4.0 + 8.0 / 32.0);
        check("fp16", 16.0);
        let catalog = Catalog::embedded().unwrap();
        assert!(Format::find(catalog, "q7_x").is_none());
        assert_eq!(Format::all(catalog).len(), catalog.quantisations().len());
        let names =
            |form: &Quantisation| form.also.iter().chain([&form.id.0]).cloned().collect::<Vec<_>>();
        let mut all: Vec<_> = catalog.quantisations().iter().flat_map(names).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "every name is one form's");
    }
}
