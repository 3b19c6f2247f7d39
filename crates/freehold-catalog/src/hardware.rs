//! Accelerators and processors, and the forms in which weights are stored.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Date, Fact, Geometry};

/// The name of a piece of hardware, as in `nvidia-h100-sxm-80gb`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HardwareId(pub String);

/// One accelerator, processor, or machine with unified memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hardware {
    /// Its name in the catalogue.
    pub id: HardwareId,
    /// Other names by which people know it, as in `h100`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// What its maker calls it.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
    /// What it is.
    pub kind: HardwareKind,
    /// Memory in bytes; for processors, the most that one socket takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Fact<u64>>,
    /// Peak memory bandwidth in bytes per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<Fact<f64>>,
    /// Peak operations per second, dense, by precision.
    #[serde(default)]
    pub compute: Compute,
    /// Power in watts: board power, TDP, or the machine's maximum, as the note says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Fact<f64>>,
    /// To its neighbours, in bytes per second, both directions together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interconnect: Option<Fact<f64>>,
    /// The day on which it was released or announced, as the note says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Fact<Date>>,
}

/// Operations per second (a multiply and an add count as two), dense, at peak.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compute {
    /// 32-bit floating point, not TF32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp32: Option<Fact<f64>>,
    /// bfloat16 or half precision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bf16: Option<Fact<f64>>,
    /// 8-bit floating point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp8: Option<Fact<f64>>,
    /// 8-bit integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int8: Option<Fact<f64>>,
    /// 4-bit floating point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp4: Option<Fact<f64>>,
}

/// What a piece of hardware is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HardwareKind {
    /// A graphics card or data-centre GPU.
    Gpu,
    /// A processor with the machine's own memory.
    Cpu,
    /// A chip or machine whose processor and GPU share memory.
    Unified,
    /// Another accelerator (TPU, Gaudi, Trainium).
    Accelerator,
}

/// The name of a form of weights, as in `bf16`, `fp8` or `q4_k_m`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuantisationId(pub String);

/// A form in which weights are stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantisation {
    /// Its name in the catalogue.
    pub id: QuantisationId,
    /// What people call it.
    pub name: String,
    /// Other names of the same layout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Bits per weight, scales included.
    pub bits: Fact<f64>,
    /// Bits of the leanest and the widest model, where the form is a mixture of layouts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<(f64, f64)>,
    /// Which weights have these bits.
    pub covers: Covers,
    /// In which precision an engine computes with it: a name of [`Compute`].
    pub computes_in: String,
    /// What a device must know for that; absent: none does, and weights are widened first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<String>,
}

/// Which weights of a model a form has; the others have 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// All, as in GGUF.
    File,
    /// All but the input embedding and the output layer.
    Layers,
    /// The routed experts; in a dense model all layers.
    Experts,
}

impl Quantisation {
    /// Whether it goes by that name, in any case.
    pub fn is_called(&self, name: &str) -> bool {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        same(&self.id.0) || same(&self.name) || self.also.iter().any(|it| same(it))
    }

    /// Bytes of that many parameters, rounded up: `covered × bits / 8 + others × 2`.
    ///
    /// `geometry` says which parameters the form leaves at 16 bits; where it is not confirmed, or does
    /// not state the vocabulary's size or the experts' width, they are counted with the others. The
    /// mean of a mixture moves by a few percent with the model's shape.
    pub fn weight_bytes(
        &self,
        parameters: u64,
        active: Option<u64>,
        geometry: Option<&Geometry>,
    ) -> u64 {
        let embeddings = geometry.map_or(0, Geometry::embeddings);
        let routed = geometry.map_or(0, |geometry| geometry.routed(parameters, active));
        // A count that was stated in round numbers may be smaller than its parts.
        let dense = parameters.saturating_sub(embeddings).saturating_sub(routed);
        let (covered, kept) = match self.covers {
            Covers::File => (dense + routed + embeddings, 0),
            Covers::Experts if routed > 0 => (routed, dense + embeddings),
            Covers::Layers | Covers::Experts => (dense + routed, embeddings),
        };
        // Below 2^53 bytes (9 PB) the product is exact to the byte for all the forms we know.
        let bytes = (covered as f64 * self.bits.is / 8.0).ceil() as u64;
        bytes.saturating_add(kept.saturating_mul(2))
    }
}

impl fmt::Display for HardwareId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for QuantisationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HardwareKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gpu => "GPU",
            Self::Cpu => "CPU",
            Self::Unified => "unified memory",
            Self::Accelerator => "accelerator",
        })
    }
}
