//! Llama, Mistral, Qwen 2 and Qwen 3: pre-norm decoders with rotary positions and a gated
//! feed-forward, which differ in biases, query and key norms, and the order of rotated rows.

use std::collections::BTreeMap;

use super::{Family, rope};
use crate::{
    ConvertError, OutputType, Source,
    config::{Config, need},
    gguf::Metadata,
    plan::{Change, Planned, Wanted, plan},
    source::Tensor,
};

/// The sizes that every decoder has.
pub(super) struct Sizes {
    pub(super) vocabulary: u64,
    pub(super) hidden: u64,
    pub(super) forward: u64,
    pub(super) layers: u32,
    pub(super) heads: u64,
    pub(super) key_heads: u64,
    pub(super) head: u64,
}

impl Sizes {
    pub(super) fn read(config: &Config, default_head: Option<u32>) -> Result<Self, ConvertError> {
        let hidden = u64::from(need(config.hidden_size, "hidden_size")?);
        let heads = u64::from(need(config.num_attention_heads, "num_attention_heads")?);
        refuse_zero("num_attention_heads", heads)?;
        refuse_zero("hidden_size", hidden)?;
        let head = config.head_dim.or(default_head).map_or(hidden / heads, u64::from);
        Ok(Self {
            vocabulary: u64::from(need(config.vocab_size, "vocab_size")?),
            hidden,
            forward: u64::from(need(config.intermediate_size, "intermediate_size")?),
            layers: need(config.num_hidden_layers, "num_hidden_layers")?,
            heads,
            key_heads: config.num_key_value_heads.map_or(heads, u64::from),
            head,
        })
    }

    /// The sizes under llama.cpp's keys.
    pub(super) fn describe(
        &self,
        architecture: &str,
        context: u32,
        epsilon: f32,
        metadata: &mut Metadata,
    ) {
        let mut set = |key: &str, value: u64| {
            metadata.set(format!("{architecture}.{key}"), value as u32);
        };
        set("block_count", u64::from(self.layers));
        set("context_length", u64::from(context));
        set("embedding_length", self.hidden);
        set("feed_forward_length", self.forward);
        set("attention.head_count", self.heads);
        set("attention.head_count_kv", self.key_heads);
        metadata.set(format!("{architecture}.attention.layer_norm_rms_epsilon"), epsilon);
    }

    pub(super) fn describe_head(&self, architecture: &str, metadata: &mut Metadata) {
        metadata.set(format!("{architecture}.attention.key_length"), self.head as u32);
        metadata.set(format!("{architecture}.attention.value_length"), self.head as u32);
    }
}

pub(super) fn describe<'a>(
    family: Family,
    source: &Source<'a>,
    config: &Config,
    output: OutputType,
    metadata: &mut Metadata,
) -> Result<Vec<Planned<'a>>, ConvertError> {
    config.require_activation("silu")?;
    // `Qwen3Config` has 128 as default, the others hidden size over heads.
    let sizes = Sizes::read(config, (family == Family::Qwen3).then_some(128))?;
    let architecture = family.architecture();
    let context = context(family, config)?;
    let tied = config.tie_word_embeddings.unwrap_or(false);
    let found = named(source.tensors()?);
    refuse_more_layers(sizes.layers, found.len())?;
    let ignored = |name: &str| tied && name == "lm_head.weight";
    let mut planned = plan(architecture, wanted(family, &sizes, tied), found, ignored, output)?;
    // 1e-6 in all four configuration classes.
    sizes.describe(architecture, context, config.rms_norm_eps.unwrap_or(1e-6), metadata);
    match family {
        Family::Llama | Family::Mistral => {
            sizes.describe_head(architecture, metadata);
            metadata.set(format!("{architecture}.vocab_size"), sizes.vocabulary as u32);
            metadata.set(format!("{architecture}.rope.dimension_count"), sizes.head as u32);
        }
        Family::Qwen3 => sizes.describe_head(architecture, metadata),
        _ if sizes.head * sizes.heads != sizes.hidden => {
            sizes.describe_head(architecture, metadata);
        }
        _ => {}
    }
    let frequencies = rope::describe(architecture, config, sizes.head, metadata)?;
    planned.extend(frequencies.map(|values| Planned::given("rope_freqs.weight", values)));
    Ok(planned)
}

pub(super) fn refuse_zero(setting: &'static str, size: u64) -> Result<(), ConvertError> {
    match size {
        0 => Err(ConvertError::Unsupported {
            setting,
            found: "0".to_owned(),
            supported: "a size above 0",
        }),
        _ => Ok(()),
    }
}

/// A layer has several tensors, so more layers than tensors are a lie; this bounds what is
/// listed before the tensors themselves are looked up.
pub(super) fn refuse_more_layers(layers: u32, tensors: usize) -> Result<(), ConvertError> {
    if layers as usize > tensors {
        return Err(ConvertError::MissingTensor { name: format!("layers.{}.*", layers - 1) });
    }
    Ok(())
}

/// llama.cpp attends to everything in these architectures. Where the model itself looks back a
/// window only, both agree as long as the context is no longer than the window.
fn context(family: Family, config: &Config) -> Result<u32, ConvertError> {
    let context = need(config.max_position_embeddings, "max_position_embeddings")?;
    // `use_sliding_window` is Qwen's switch (off by default); Mistral has none.
    let in_force = match family {
        Family::Mistral => true,
        Family::Qwen2 | Family::Qwen3 => config.use_sliding_window.unwrap_or(false),
        _ => false,
    };
    Ok(match config.sliding_window {
        Some(window) if in_force => context.min(window),
        _ => context,
    })
}

/// Strips what the names begin with, and what is computed anew.
pub(super) fn named(tensors: BTreeMap<String, Tensor<'_>>) -> BTreeMap<String, Tensor<'_>> {
    tensors
        .into_iter()
        .filter(|(name, _)| !name.ends_with(".rotary_emb.inv_freq"))
        .map(|(name, tensor)| {
            let short = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
            (short.unwrap_or(&name).to_owned(), tensor)
        })
        .collect()
}

fn wanted(family: Family, sizes: &Sizes, tied: bool) -> Vec<Wanted> {
    let Sizes { vocabulary, hidden, .. } = *sizes;
    let interleave = |heads| match family {
        Family::Llama | Family::Mistral => Change::Interleave { heads },
        _ => Change::None,
    };
    let mut list = List::default();
    list.add("embed_tokens.weight", "token_embd.weight", &[vocabulary, hidden]);
    list.add("norm.weight", "output_norm.weight", &[hidden]);
    if !tied {
        list.add("lm_head.weight", "output.weight", &[vocabulary, hidden]);
    }
    for layer in 0..sizes.layers {
        list.layer(layer);
        list.attention(sizes, interleave, family == Family::Qwen3);
        list.add("post_attention_layernorm.weight", "ffn_norm.weight", &[hidden]);
        list.feed_forward(sizes);
    }
    // Qwen 2 has biases on these three, always; elsewhere a setting decides.
    for want in &mut list.wanted {
        let qkv = ["q_proj.bias", "k_proj.bias", "v_proj.bias"];
        want.needed |= family == Family::Qwen2 && qkv.iter().any(|end| want.name.ends_with(end));
    }
    list.wanted
}

/// Collects what an architecture wants.
#[derive(Default)]
pub(super) struct List {
    pub(super) wanted: Vec<Wanted>,
    from: String,
    to: String,
}

impl List {
    /// What follows belongs to this layer.
    pub(super) fn layer(&mut self, layer: u32) {
        self.from = format!("layers.{layer}.");
        self.to = format!("blk.{layer}.");
    }

    /// The norm before the attention, its four matrices, and norms of query and key where there
    /// are some. `turned` says how the rows that are rotated lie, by the number of heads.
    pub(super) fn attention(&mut self, sizes: &Sizes, turned: impl Fn(u64) -> Change, norms: bool) {
        let Sizes { hidden, heads, key_heads, head, .. } = *sizes;
        let (query, key) = (heads * head, key_heads * head);
        self.add("input_layernorm.weight", "attn_norm.weight", &[hidden]);
        self.linear("self_attn.q_proj", "attn_q", [query, hidden], turned(heads));
        self.linear("self_attn.k_proj", "attn_k", [key, hidden], turned(key_heads));
        self.linear("self_attn.v_proj", "attn_v", [key, hidden], Change::None);
        self.linear("self_attn.o_proj", "attn_output", [hidden, query], Change::None);
        if norms {
            self.add("self_attn.q_norm.weight", "attn_q_norm.weight", &[head]);
            self.add("self_attn.k_norm.weight", "attn_k_norm.weight", &[head]);
        }
    }

    /// The three matrices of a gated feed-forward.
    pub(super) fn feed_forward(&mut self, sizes: &Sizes) {
        let Sizes { hidden, forward, .. } = *sizes;
        self.linear("mlp.gate_proj", "ffn_gate", [forward, hidden], Change::None);
        self.linear("mlp.up_proj", "ffn_up", [forward, hidden], Change::None);
        self.linear("mlp.down_proj", "ffn_down", [hidden, forward], Change::None);
    }

    pub(super) fn add(&mut self, name: &str, target: &str, shape: &[u64]) -> &mut Wanted {
        self.wanted.push(Wanted {
            name: format!("{}{name}", self.from),
            target: format!("{}{target}", self.to),
            shape: shape.to_vec(),
            change: Change::None,
            needed: true,
            exact: false,
        });
        let last = self.wanted.len() - 1;
        &mut self.wanted[last]
    }

    /// A matrix, and a bias where the model has one.
    pub(super) fn linear(&mut self, name: &str, target: &str, shape: [u64; 2], change: Change) {
        self.add(&format!("{name}.weight"), &format!("{target}.weight"), &shape).change = change;
        let bias = self.add(&format!("{name}.bias"), &format!("{target}.bias"), &shape[..1]);
        bias.change = change;
        bias.needed = false;
    }
}

/// The longest first.
const PREFIXES: [&str; 4] =
    ["model.language_model.", "language_model.model.", "language_model.", "model."];
