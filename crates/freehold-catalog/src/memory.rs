//! What a model takes in memory: its weights in one form, and the key-value cache of its requests.

use serde::Serialize;

use crate::{Catalog, KvPrecision, Model, Quantisation, QuantisationId, words};

/// Bytes of weights and cache; without activations and an engine's own, for which room is to be
/// left (see [`crate::Machine`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Footprint {
    /// The form of the weights.
    pub form: QuantisationId,
    /// Bytes of the weights.
    pub weights: u64,
    /// Whether they are the publisher's files, counted; else computed by
    /// [`Quantisation::weight_bytes`].
    pub counted: bool,
    /// Bytes of the cache, for all sequences.
    pub kv: u64,
    /// Tokens of each sequence.
    pub tokens: u64,
    /// Sequences at the same time.
    pub sequences: u32,
}

/// Which fact is not confirmed, without which memory cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown(pub &'static str);

impl Footprint {
    /// Weights and cache together.
    pub fn total(&self) -> u64 {
        self.weights.saturating_add(self.kv)
    }

    /// The arithmetic in words.
    pub fn words(&self) -> String {
        format!(
            "{} weights ({}{}) + {} cache ({} × {} tokens) = {}",
            words::bytes(self.weights),
            self.form,
            if self.counted { ", counted" } else { "" },
            words::bytes(self.kv),
            self.sequences,
            words::thousands(self.tokens),
            words::bytes(self.total()),
        )
    }
}

impl Model {
    /// Bytes of the weights in a form, and whether the publisher's files were counted.
    ///
    /// # Errors
    /// [`Unknown`] where neither files nor parameters are confirmed.
    pub fn weight_bytes(&self, form: &Quantisation) -> Result<(u64, bool), Unknown> {
        let published = self.quantisations.iter().flat_map(|fact| &fact.is);
        let counted = published.filter(|it| it.format == form.id).find_map(|it| it.bytes);
        match (counted, &self.parameters) {
            (Some(bytes), _) => Ok((bytes, true)),
            (None, Some(parameters)) => {
                let active = self.active_parameters.as_ref().map(|fact| fact.is);
                let geometry = self.geometry.as_ref().map(|fact| &fact.is);
                Ok((form.weight_bytes(parameters.is, active, geometry), false))
            }
            (None, None) => Err(Unknown("parameters")),
        }
    }

    /// What it takes in that form, for so many sequences of so many tokens each.
    ///
    /// # Errors
    /// [`Unknown`] where its parameters or its geometry are not confirmed.
    pub fn footprint(
        &self,
        form: &Quantisation,
        tokens: u64,
        sequences: u32,
        kv: KvPrecision,
    ) -> Result<Footprint, Unknown> {
        let (weights, counted) = self.weight_bytes(form)?;
        let geometry = self.geometry.as_ref().ok_or(Unknown("geometry"))?;
        let one = geometry.is.kv_bytes(tokens, kv);
        Ok(Footprint {
            form: form.id.clone(),
            weights,
            counted,
            kv: one.saturating_mul(u64::from(sequences)),
            tokens,
            sequences,
        })
    }
}

impl Catalog {
    /// The forms in which a model can be had, most bits first: those its publisher gives, and those
    /// with fewer bits that anybody can make from them. All where its forms are not confirmed.
    pub fn forms_of(&self, model: &Model) -> Vec<&Quantisation> {
        let published: Vec<&QuantisationId> =
            model.quantisations.iter().flat_map(|fact| &fact.is).map(|it| &it.format).collect();
        let bits = |form: &Quantisation| form.bits.is;
        let most = self
            .quantisations()
            .iter()
            .filter(|form| published.contains(&&form.id))
            .map(bits)
            .fold(if published.is_empty() { USUAL } else { 0.0 }, f64::max);
        let mut forms: Vec<&Quantisation> =
            self.quantisations().iter().filter(|form| bits(form) <= most).collect();
        forms.sort_by(|one, other| bits(other).total_cmp(&bits(one)));
        forms
    }
}

/// Bits in which weights are published where nobody was found to say.
const USUAL: f64 = 16.0;
