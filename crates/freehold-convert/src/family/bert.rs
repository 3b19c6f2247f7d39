//! BERT embedders: post-norm encoders with learned positions.

use super::decoder::{List, refuse_more_layers, refuse_zero};
use crate::{
    ConvertError, OutputType, Source,
    config::{Config, need},
    gguf::Metadata,
    plan::{Change, Planned, Wanted, plan},
};

pub(super) fn describe<'a>(
    source: &Source<'a>,
    config: &Config,
    output: OutputType,
    metadata: &mut Metadata,
) -> Result<Vec<Planned<'a>>, ConvertError> {
    config.require_activation("gelu")?;
    if let Some(found) = config.position_embedding_type.clone().filter(|kind| kind != "absolute") {
        let supported = "absolute positions";
        let setting = "position_embedding_type";
        return Err(ConvertError::Unsupported { setting, found, supported });
    }
    let layers = need(config.num_hidden_layers, "num_hidden_layers")?;
    let hidden = need(config.hidden_size, "hidden_size")?;
    let forward = need(config.intermediate_size, "intermediate_size")?;
    let positions = need(config.max_position_embeddings, "max_position_embeddings")?;
    let kinds = config.type_vocab_size.unwrap_or(2);
    metadata.set("bert.block_count", layers);
    metadata.set("bert.context_length", positions);
    metadata.set("bert.embedding_length", hidden);
    metadata.set("bert.feed_forward_length", forward);
    let heads = need(config.num_attention_heads, "num_attention_heads")?;
    metadata.set("bert.attention.head_count", heads);
    metadata.set("bert.attention.layer_norm_epsilon", config.layer_norm_eps.unwrap_or(1e-12));
    metadata.set("bert.attention.causal", false);
    metadata.set_some("bert.pooling_type", pooling(source)?);
    metadata.set("tokenizer.ggml.token_type_count", kinds);
    let vocabulary = need(config.vocab_size, "vocab_size")?;
    let sizes = [vocabulary, positions, kinds, hidden, forward].map(u64::from);
    refuse_zero("hidden_size", u64::from(hidden))?;
    let tensors = source.tensors()?;
    refuse_more_layers(layers, tensors.len())?;
    let found = tensors.into_iter().map(|(name, tensor)| {
        let short = name.strip_prefix("bert.").unwrap_or(&name);
        let short = short
            .strip_prefix("encoder.layer.")
            .map_or_else(|| short.to_owned(), |rest| format!("layers.{rest}"));
        (renamed(short), tensor)
    });
    let ignored = |name: &str| {
        name == "embeddings.position_ids" || name.starts_with("pooler.") || name.starts_with("cls.")
    };
    plan("bert", wanted(layers, sizes), found.collect(), ignored, output)
}

/// Checkpoints that began in TensorFlow call a norm's scale and shift `gamma` and `beta`.
fn renamed(name: String) -> String {
    for (old, new) in [(".gamma", ".weight"), (".beta", ".bias")] {
        if let Some(stem) = name.strip_suffix(old) {
            return format!("{stem}{new}");
        }
    }
    name
}

/// How token vectors become one, as sentence-transformers writes it down: `modules.json` names
/// the folder. The numbers are llama.cpp's (`enum llama_pooling_type` in `llama.h`).
fn pooling(source: &Source<'_>) -> Result<Option<u32>, ConvertError> {
    #[derive(serde::Deserialize)]
    struct Module {
        path: String,
        r#type: String,
    }
    #[derive(serde::Deserialize)]
    #[serde(default)]
    #[derive(Default)]
    struct Pooling {
        pooling_mode: Option<String>,
        pooling_mode_mean_tokens: bool,
        pooling_mode_cls_token: bool,
        pooling_mode_lasttoken: bool,
    }
    let modules: Vec<Module> = source.json("modules.json")?.unwrap_or_default();
    let Some(module) = modules.iter().find(|module| module.r#type.ends_with("Pooling")) else {
        return Ok(None);
    };
    let pooling: Pooling = source.needed(&format!("{}/config.json", module.path))?;
    let mode = pooling.pooling_mode.as_deref();
    if pooling.pooling_mode_mean_tokens || mode == Some("mean") {
        Ok(Some(1))
    } else if pooling.pooling_mode_cls_token || mode == Some("cls") {
        Ok(Some(2))
    } else if pooling.pooling_mode_lasttoken || mode == Some("lasttoken") {
        Ok(Some(3))
    } else {
        Err(ConvertError::Unsupported {
            setting: "pooling_mode",
            found: mode.unwrap_or("another").to_owned(),
            supported: "mean, first (cls) or last token",
        })
    }
}

fn wanted(layers: u32, sizes: [u64; 5]) -> Vec<Wanted> {
    let [vocabulary, positions, kinds, hidden, forward] = sizes;
    let mut list = List::default();
    list.add("embeddings.word_embeddings.weight", "token_embd.weight", &[vocabulary, hidden]);
    list.add(
        "embeddings.position_embeddings.weight",
        "position_embd.weight",
        &[positions, hidden],
    )
    .exact = true;
    list.add("embeddings.token_type_embeddings.weight", "token_types.weight", &[kinds, hidden])
        .exact = true;
    norm(&mut list, "embeddings.LayerNorm", "token_embd_norm", hidden);
    for layer in 0..layers {
        list.layer(layer);
        let square = [hidden, hidden];
        list.linear("attention.self.query", "attn_q", square, Change::None);
        list.linear("attention.self.key", "attn_k", square, Change::None);
        list.linear("attention.self.value", "attn_v", square, Change::None);
        list.linear("attention.output.dense", "attn_output", square, Change::None);
        norm(&mut list, "attention.output.LayerNorm", "attn_output_norm", hidden);
        list.linear("intermediate.dense", "ffn_up", [forward, hidden], Change::None);
        list.linear("output.dense", "ffn_down", [hidden, forward], Change::None);
        norm(&mut list, "output.LayerNorm", "layer_output_norm", hidden);
    }
    list.wanted
}

fn norm(list: &mut List, name: &str, target: &str, hidden: u64) {
    list.add(&format!("{name}.weight"), &format!("{target}.weight"), &[hidden]);
    list.add(&format!("{name}.bias"), &format!("{target}.bias"), &[hidden]);
}
