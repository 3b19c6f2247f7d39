//! Gemma 2 and the text part of Gemma 3: norms before and after each step, stored as difference
//! from one; tied embeddings; layers that look back a window between layers that see everything.

use super::{
    Family,
    decoder::{List, Sizes, named, refuse_more_layers},
    rope,
};
use crate::{
    ConvertError, OutputType, Source,
    config::{Config, need},
    gguf::Metadata,
    plan::{Change, Planned, Wanted, plan},
};

pub(super) fn describe<'a>(
    family: Family,
    source: &Source<'a>,
    config: &Config,
    output: OutputType,
    metadata: &mut Metadata,
) -> Result<Vec<Planned<'a>>, ConvertError> {
    config.require_activation("gelu_pytorch_tanh")?;
    let sizes = sizes(family, config)?;
    let architecture = family.architecture();
    require_scale(family, config, &sizes)?;
    require_pattern(family, config, sizes.layers)?;
    let context = match family {
        Family::Gemma2 => need(config.max_position_embeddings, "max_position_embeddings")?,
        _ => config.max_position_embeddings.unwrap_or(131_072),
    };
    let found = named(source.tensors()?);
    refuse_more_layers(sizes.layers, found.len())?;
    sizes.describe(architecture, context, config.rms_norm_eps.unwrap_or(1e-6), metadata);
    sizes.describe_head(architecture, metadata);
    metadata.set_some(
        format!("{architecture}.final_logit_softcapping"),
        config.final_logit_softcapping,
    );
    metadata.set_some(
        format!("{architecture}.attention.sliding_window"),
        config.sliding_window.or((family == Family::Gemma2).then_some(4096)),
    );
    if family == Family::Gemma2 {
        let key = format!("{architecture}.attn_logit_softcapping");
        metadata.set(key, need(config.attn_logit_softcapping, "attn_logit_softcapping")?);
    }
    let ignored = |name: &str| {
        name == "lm_head.weight" || VISION.iter().any(|prefix| name.starts_with(prefix))
    };
    let planned = plan(architecture, wanted(family, &sizes), found, ignored, output)?;
    describe_rope(family, config, &sizes, metadata)?;
    Ok(planned)
}

/// Gemma 3's text settings in multimodal models leave out what `Gemma3TextConfig` has as default.
fn sizes(family: Family, config: &Config) -> Result<Sizes, ConvertError> {
    let (heads, key_heads, head) = match family {
        Family::Gemma2 => (None, None, 256),
        _ => (Some(8), Some(4), 256),
    };
    let filled = Config {
        vocab_size: config.vocab_size.or((family == Family::Gemma3).then_some(262_208)),
        hidden_size: config.hidden_size,
        intermediate_size: config.intermediate_size,
        num_hidden_layers: config.num_hidden_layers,
        num_attention_heads: config.num_attention_heads.or(heads),
        num_key_value_heads: config.num_key_value_heads.or(key_heads),
        head_dim: config.head_dim,
        ..Config::default()
    };
    Sizes::read(&filled, Some(head))
}

fn describe_rope(
    family: Family,
    config: &Config,
    sizes: &Sizes,
    metadata: &mut Metadata,
) -> Result<(), ConvertError> {
    let architecture = family.architecture();
    if rope::describe(architecture, config, sizes.head, metadata)?.is_some() {
        return Err(ConvertError::Unsupported {
            setting: "rope_scaling",
            found: "llama3".to_owned(),
            supported: "default, linear or yarn scaling",
        });
    }
    if family == Family::Gemma3 {
        let unset = config.rope_theta.is_none() && config.rope_parameters.is_none();
        if unset {
            metadata.set(format!("{architecture}.rope.freq_base"), 1_000_000f32);
        }
        let sliding = rope::sliding_base(config).unwrap_or(10_000.0);
        metadata.set(format!("{architecture}.rope.freq_base_swa"), sliding);
    }
    Ok(())
}

/// llama.cpp derives the scale of the attention from the sizes (`gemma2.cpp`, `gemma3.cpp`: by
/// the head's size, but by hidden size over heads in the 27B models, known by their layers).
fn require_scale(family: Family, config: &Config, sizes: &Sizes) -> Result<(), ConvertError> {
    let big = matches!((family, sizes.layers), (Family::Gemma2, 46) | (Family::Gemma3, 62));
    let computed = if big { sizes.hidden / sizes.heads } else { sizes.head };
    match config.query_pre_attn_scalar {
        // 256 is the default of both configuration classes.
        scalar if scalar.unwrap_or(256.0) == computed as f64 => Ok(()),
        scalar => Err(ConvertError::Unsupported {
            setting: "query_pre_attn_scalar",
            found: scalar.unwrap_or(256.0).to_string(),
            supported: "the size of a head",
        }),
    }
}

/// llama.cpp takes every second (Gemma 2) or sixth (Gemma 3) layer as one that sees everything.
fn require_pattern(family: Family, config: &Config, layers: u32) -> Result<(), ConvertError> {
    let period = if family == Family::Gemma2 { 2 } else { 6 };
    let expected = |layer: u32| {
        if (layer + 1).is_multiple_of(period) { "full_attention" } else { "sliding_attention" }
    };
    let same = match (&config.layer_types, config.sliding_window_pattern) {
        (Some(types), _) => types.iter().map(String::as_str).eq((0..layers).map(expected)),
        (None, Some(pattern)) => pattern == period,
        (None, None) => true,
    };
    if same {
        return Ok(());
    }
    Err(ConvertError::Unsupported {
        setting: "layer_types",
        found: format!("{:?}", config.layer_types),
        supported: "one layer of full attention after one (Gemma 2) or five (Gemma 3) others",
    })
}

fn wanted(family: Family, sizes: &Sizes) -> Vec<Wanted> {
    let Sizes { vocabulary, hidden, .. } = *sizes;
    let mut list = List::default();
    list.add("embed_tokens.weight", "token_embd.weight", &[vocabulary, hidden]);
    list.add("norm.weight", "output_norm.weight", &[hidden]);
    for layer in 0..sizes.layers {
        list.layer(layer);
        list.attention(sizes, |_| Change::None, family == Family::Gemma3);
        list.add("post_attention_layernorm.weight", "post_attention_norm.weight", &[hidden]);
        list.add("pre_feedforward_layernorm.weight", "ffn_norm.weight", &[hidden]);
        list.feed_forward(sizes);
        list.add("post_feedforward_layernorm.weight", "post_ffw_norm.weight", &[hidden]);
    }
    for want in &mut list.wanted {
        if want.name.ends_with("norm.weight") {
            want.change = Change::AddOne;
        }
    }
    list.wanted
}

/// The parts of a multimodal model that text does not need.
const VISION: [&str; 4] = [
    "vision_tower.",
    "multi_modal_projector.",
    "model.vision_tower.",
    "model.multi_modal_projector.",
];
