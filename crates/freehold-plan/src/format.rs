//! The forms in which weights and caches are stored, and their exact bits.

use serde::Serialize;

use crate::inputs::Precision;
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
    /// Whether the bits hold for the whole file, as in GGUF; in other forms embeddings and the output
    /// layer stay at 16 bits.
    pub whole: bool,
}

impl Format {
    /// The form of that name, if it is one of [`Format::all`]; `fp16`, `gptq` and the like are known
    /// by the name of their layout.
    pub fn find(id: &str) -> Option<Self> {
        let id = id.to_ascii_lowercase();
        let same =
            ALIASES.iter().find(|(alias, _)| *alias == id).map_or(id.as_str(), |(_, id)| *id);
        KNOWN.iter().find(|known| known.id == same).map(Self::of)
    }

    /// All forms with a known layout, wide to narrow.
    pub fn all() -> Vec<Self> {
        KNOWN.iter().map(Self::of).collect()
    }

    /// The same form with another number of bits, such as what a file's size says.
    #[must_use]
    pub fn with_bits(mut self, bits: Figure) -> Self {
        self.bits = bits;
        self
    }

    fn of(known: &Known) -> Self {
        let label = format!("bits per weight, {}", known.name);
        let source = Source::published(known.layout.0, known.layout.1, SEEN);
        let bits = match known.between {
            Some(ends) => Figure::between(label, known.bits, ends, Unit::of("bit"), source),
            None => Figure::input(label, known.bits, Unit::of("bit"), source),
        };
        let (id, name) = (known.id.to_owned(), known.name.to_owned());
        Self { id, name, bits, computes: known.computes, native: known.native, whole: known.whole }
    }
}

struct Known {
    id: &'static str,
    name: &'static str,
    bits: f64,
    /// Mixtures of layouts differ with the model's shape.
    between: Option<(f64, f64)>,
    computes: Precision,
    native: Option<Precision>,
    whole: bool,
    layout: (&'static str, &'static str),
}

const SEEN: &str = "2026-11-23";

const TORCH: (&str, &str) =
    ("PyTorch data types", "https://docs.pytorch.org/docs/stable/tensor_attributes.html");
/// Blocks: Q8_0 34 bytes for 32 weights, Q4_0 18 for 32, Q6_K 210 for 256, Q5_K 176, Q4_K 144, Q3_K 110.
const GGML: (&str, &str) = (
    "block layouts of ggml (ggml-common.h)",
    "https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/ggml-common.h",
);
/// Means over Llama 3.1 8B; the mixture's shares move with the share of embeddings.
const QUANTIZE: (&str, &str) = (
    "llama.cpp quantize, table for Llama 3.1 8B",
    "https://github.com/ggml-org/llama.cpp/blob/f4a71e707e2c0e041fb43be5a32659f364fc712d/tools/quantize/README.md",
);
/// 4 bits, and for each group of 128 a scale of 16 and a zero point of 4: 4 + 20/128.
const AWQ: (&str, &str) = (
    "AWQ and GPTQ as vLLM loads them: packed weights, zero points and scales per group of 128",
    "https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/layers/quantization/awq.py",
);
/// 4 bits, a scale of 8 for 64 of them and one of 32 for 256 scales: 4 + 8/64 + 32/(64·256).
const NF4: (&str, &str) =
    ("QLoRA: NF4 with double quantisation (section 3)", "https://arxiv.org/abs/2305.14314");
/// 4 bits and a scale of 8 for 16 of them; one scale a tensor besides.
const NVFP4: (&str, &str) = (
    "NVFP4: 4 bits, an E4M3 scale for 16 values",
    "https://developer.nvidia.com/blog/introducing-nvfp4-for-efficient-and-accurate-low-precision-inference/",
);
/// 4 bits and a scale of 8 for 32 of them.
const MX: (&str, &str) = (
    "OCP microscaling formats: MXFP4, blocks of 32 with a scale of 8 bits",
    "https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf",
);

const fn exact(
    id: &'static str,
    name: &'static str,
    bits: f64,
    (computes, native): (Precision, Option<Precision>),
    layout: (&'static str, &'static str),
) -> Known {
    Known { id, name, bits, between: None, computes, native, whole: false, layout }
}

const fn gguf(
    id: &'static str,
    name: &'static str,
    bits: f64,
    between: Option<(f64, f64)>,
    layout: (&'static str, &'static str),
) -> Known {
    let (computes, native) = (Precision::Bf16, None);
    Known { id, name, bits, between, computes, native, whole: true, layout }
}

use Precision::{Bf16, Fp4, Fp8, Fp32, Int8};

const KNOWN: &[Known] = &[
    exact("fp32", "FP32", 32.0, (Fp32, Some(Fp32)), TORCH),
    exact("bf16", "BF16", 16.0, (Bf16, Some(Bf16)), TORCH),
    exact("fp8", "FP8", 8.0, (Fp8, Some(Fp8)), TORCH),
    exact("int8", "INT8", 8.0, (Int8, Some(Int8)), TORCH),
    gguf("q8_0", "Q8_0", 8.5, None, GGML),
    gguf("q6_k", "Q6_K", 6.5625, None, GGML),
    gguf("q5_k_m", "Q5_K_M", 5.7036, Some((5.6, 5.9)), QUANTIZE),
    gguf("q4_k_m", "Q4_K_M", 4.8944, Some((4.8, 5.1)), QUANTIZE),
    gguf("q4_0", "Q4_0", 4.5, None, GGML),
    gguf("q3_k_l", "Q3_K_L", 4.2979, Some((4.1, 4.5)), QUANTIZE),
    exact("nvfp4", "NVFP4", 4.5, (Fp4, Some(Fp4)), NVFP4),
    exact("mxfp4", "MXFP4", 4.25, (Fp8, Some(Fp4)), MX),
    exact("awq", "AWQ or GPTQ, 4 bits", 4.156_25, (Bf16, None), AWQ),
    exact("nf4", "NF4", 4.126_953_125, (Bf16, None), NF4),
];

const ALIASES: [(&str, &str); 8] = [
    ("fp16", "bf16"),
    ("f16", "bf16"),
    ("f32", "fp32"),
    ("f8", "fp8"),
    ("gptq", "awq"),
    ("int4", "awq"),
    ("fp4", "nvfp4"),
    ("w4a16", "awq"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_follow_from_the_layouts() {
        let check = |id: &str, bits: f64| {
            let format = Format::find(id).unwrap();
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
        assert!(Format::find("q7_x").is_none());
    }

    #[test]
    fn every_name_is_found_once() {
        for known in KNOWN {
            assert_eq!(KNOWN.iter().filter(|other| other.id == known.id).count(), 1);
            assert!(ALIASES.iter().all(|(alias, _)| *alias != known.id));
        }
        assert!(ALIASES.iter().all(|(_, id)| KNOWN.iter().any(|known| known.id == *id)));
    }
}
