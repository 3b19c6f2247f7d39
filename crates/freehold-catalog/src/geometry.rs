//! A model's shape, from which the bytes of its key-value cache follow exactly.

use serde::{Deserialize, Serialize};

/// The shape of a transformer (or of what stands in its place).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Geometry {
    /// Layers, each with attention, state or a shared cache: the sum over [`Geometry::kv`].
    pub layers: u32,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Query heads.
    pub heads: u32,
    /// Key-value heads of an ordinary layer; equal to `heads` without grouping.
    pub kv_heads: u32,
    /// Values per head.
    pub head_dim: u32,
    /// Width of a dense feed-forward layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediate: Option<u32>,
    /// Entries of the vocabulary, padding included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocab: Option<u32>,
    /// Whether the input and output embeddings are one matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tied: Option<bool>,
    /// The mixture of experts, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<Experts>,
    /// What the layers keep per sequence, in groups of equal layers; their order is of no account.
    pub kv: Vec<KvGroup>,
}

/// A mixture of experts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experts {
    /// Routed experts per layer.
    pub count: u32,
    /// Routed experts that a token uses.
    pub per_token: u32,
    /// Experts that every token uses.
    #[serde(default)]
    pub shared: u32,
    /// Width of one routed expert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediate: Option<u32>,
    /// Layers with experts; the others are dense. Absent: all layers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<u32>,
}

/// Layers that keep the same amount for a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum KvGroup {
    /// A key and a value per key-value head and token (multi-head, grouped, multi-query).
    Grouped {
        /// How many layers.
        layers: u32,
        /// Key-value heads.
        kv_heads: u32,
        /// Values per key head.
        head_dim: u32,
        /// Values per value head, where they differ from the key's; 0 where keys serve as values.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_dim: Option<u32>,
        /// Tokens that are kept at most (sliding window or chunk); absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<u64>,
    },
    /// One compressed vector and one rotary key per token, shared by all heads (multi-head latent
    /// attention).
    Latent {
        /// How many layers.
        layers: u32,
        /// Values of the compressed vector.
        rank: u32,
        /// Values of the rotary key.
        rope_dim: u32,
        /// Values of an indexer's key, where attention is sparse by an index.
        #[serde(default)]
        index_dim: u32,
    },
    /// A state of fixed size per sequence (Mamba, linear attention, convolutions).
    State {
        /// How many layers.
        layers: u32,
        /// Values per layer and sequence, convolution included.
        values: u64,
        /// Bytes of each, which the engine does not choose by the cache's precision.
        value_bytes: u32,
    },
    /// Layers that read another layer's cache, or have none (a feed-forward block on its own).
    None {
        /// How many layers.
        layers: u32,
    },
}

/// How the values of a key-value cache are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KvPrecision {
    /// Four bytes each.
    F32,
    /// Two bytes each (bf16 or fp16), what engines do unless told otherwise.
    F16,
    /// One byte each.
    F8,
    /// llama.cpp's `q8_0`: blocks of 32 values in 34 bytes.
    Q8_0,
    /// llama.cpp's `q4_0`: blocks of 32 values in 18 bytes.
    Q4_0,
}

impl Geometry {
    /// Parameters of the input embedding and the output layer together; 0 where nobody was found to
    /// state the vocabulary's size.
    pub fn embeddings(&self) -> u64 {
        let matrices = if self.tied.unwrap_or(false) { 1 } else { 2 };
        u64::from(self.vocab.unwrap_or(0)) * u64::from(self.hidden) * matrices
    }

    /// Layers that have experts.
    pub fn expert_layers(&self) -> u32 {
        self.experts.as_ref().map_or(0, |experts| experts.layers.unwrap_or(self.layers))
    }

    /// Parameters of one routed expert over all layers: its three matrices. Where its width is not
    /// confirmed it follows from all and active parameters.
    pub fn expert(&self, experts: &Experts, parameters: u64, active: Option<u64>) -> u64 {
        match experts.intermediate {
            Some(inner) => {
                3 * u64::from(self.hidden) * u64::from(inner) * u64::from(self.expert_layers())
            }
            None => {
                let idle = experts.count.saturating_sub(experts.per_token).max(1);
                parameters.saturating_sub(active.unwrap_or(parameters)) / u64::from(idle)
            }
        }
    }

    /// Parameters of all routed experts; 0 in a dense model.
    pub fn routed(&self, parameters: u64, active: Option<u64>) -> u64 {
        let all = |experts: &Experts| {
            self.expert(experts, parameters, active).saturating_mul(u64::from(experts.count))
        };
        self.experts.as_ref().map_or(0, all)
    }

    /// Bytes that the cache of one sequence of that many tokens takes.
    ///
    /// Each group adds `layers × tokens kept × values per token` (states: `layers × values`); this is
    /// the arithmetic of the definition, without an engine's paging and padding.
    pub fn kv_bytes(&self, tokens: u64, precision: KvPrecision) -> u64 {
        self.kv.iter().map(|group| group.bytes(tokens, precision)).fold(0, u64::saturating_add)
    }

    /// Bytes that one more token adds to a sequence which already has that many.
    pub fn kv_bytes_per_token(&self, at: u64, precision: KvPrecision) -> u64 {
        let after = self.kv_bytes(at.saturating_add(1), precision);
        after.saturating_sub(self.kv_bytes(at, precision))
    }

    /// Layers over all groups, which should be [`Geometry::layers`].
    pub fn kv_layers(&self) -> u32 {
        self.kv.iter().map(KvGroup::layers).fold(0, u32::saturating_add)
    }
}

impl KvGroup {
    /// How many layers are in the group.
    pub fn layers(&self) -> u32 {
        match self {
            Self::Grouped { layers, .. }
            | Self::Latent { layers, .. }
            | Self::State { layers, .. }
            | Self::None { layers } => *layers,
        }
    }

    /// Values that one token adds to one layer's cache while the window is not full.
    pub fn values_per_token(&self) -> u64 {
        match self {
            Self::Grouped { kv_heads, head_dim, value_dim, .. } => {
                let both = u64::from(*head_dim) + u64::from(value_dim.unwrap_or(*head_dim));
                u64::from(*kv_heads).saturating_mul(both)
            }
            Self::Latent { rank, rope_dim, index_dim, .. } => {
                u64::from(*rank) + u64::from(*rope_dim) + u64::from(*index_dim)
            }
            Self::State { .. } | Self::None { .. } => 0,
        }
    }

    /// Bytes for one sequence of that many tokens.
    pub fn bytes(&self, tokens: u64, precision: KvPrecision) -> u64 {
        let layers = u64::from(self.layers());
        if let Self::State { values, value_bytes, .. } = self {
            return layers.saturating_mul(*values).saturating_mul(u64::from(*value_bytes));
        }
        let kept = match self {
            Self::Grouped { window: Some(window), .. } => tokens.min(*window),
            _ => tokens,
        };
        let values = layers.saturating_mul(kept).saturating_mul(self.values_per_token());
        precision.bytes(values)
    }
}

impl KvPrecision {
    /// Bytes of that many values.
    pub fn bytes(self, values: u64) -> u64 {
        match self {
            Self::F32 => values.saturating_mul(4),
            Self::F16 => values.saturating_mul(2),
            Self::F8 => values,
            Self::Q8_0 => values.div_ceil(32).saturating_mul(34),
            Self::Q4_0 => values.div_ceil(32).saturating_mul(18),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn geometry(kv: Vec<KvGroup>) -> Geometry {
        Geometry {
            layers: kv.iter().map(KvGroup::layers).sum(),
            hidden: 64,
            heads: 8,
            kv_heads: 8,
            head_dim: 8,
            intermediate: None,
            vocab: None,
            tied: None,
            experts: None,
            kv,
        }
    }

    fn grouped(layers: u32, kv_heads: u32, head_dim: u32, window: Option<u64>) -> KvGroup {
        KvGroup::Grouped { layers, kv_heads, head_dim, value_dim: None, window }
    }

    #[test]
    fn bytes_as_published_or_by_hand() {
        let check = |kv: Vec<KvGroup>, tokens, precision, bytes: u64| {
            assert_eq!(geometry(kv).kv_bytes(tokens, precision), bytes);
        };
        // Llama 3.1 8B: 128 KiB a token.
        check(vec![grouped(32, 8, 128, None)], 1, KvPrecision::F16, 131_072);
        // DeepSeek-V3: 61 × 576 values, 70,272 bytes a token.
        let latent = KvGroup::Latent { layers: 61, rank: 512, rope_dim: 64, index_dim: 0 };
        check(vec![latent], 10, KvPrecision::F16, 702_720);
        // gpt-oss-120b: 18 layers of all tokens, 18 of at most 128.
        let mixed = vec![grouped(18, 8, 64, None), grouped(18, 8, 64, Some(128))];
        check(mixed.clone(), 128, KvPrecision::F16, 2 * 18 * 128 * 2_048);
        check(mixed, 1_000, KvPrecision::F16, 18 * 1_128 * 2_048);
        let state = KvGroup::State { layers: 3, values: 100, value_bytes: 4 };
        let shared = KvGroup::None { layers: 2 };
        check(vec![state, shared, grouped(1, 1, 16, None)], 2, KvPrecision::Q8_0, 1_200 + 68);
        let keys = KvGroup::Grouped {
            layers: 1,
            kv_heads: 1,
            head_dim: 10,
            value_dim: Some(0),
            window: None,
        };
        check(vec![keys], 3, KvPrecision::F32, 120);
        check(
            vec![grouped(u32::MAX, u32::MAX, u32::MAX, None)],
            u64::MAX,
            KvPrecision::F32,
            u64::MAX,
        );
    }

    proptest! {
        #[test]
        fn more_tokens_never_take_less(
            layers in 0..100_u32, heads in 0..64_u32, dim in 0..512_u32,
            window in proptest::option::of(0..5_000_u64), tokens in 0..10_000_u64,
        ) {
            let shape = geometry(vec![grouped(layers, heads, dim, window)]);
            let bytes = shape.kv_bytes(tokens, KvPrecision::F16);
            let one_more = shape.kv_bytes(tokens + 1, KvPrecision::F16);
            prop_assert_eq!(one_more - bytes, shape.kv_bytes_per_token(tokens, KvPrecision::F16));
            prop_assert!(shape.kv_bytes(tokens, KvPrecision::F8) * 2 == bytes);
        }
    }
}
