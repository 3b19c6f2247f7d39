//! Rotary positions: base frequencies, and the scalings that stretch a model's context.

use serde_json::{Map, Value};

use crate::{ConvertError, config::Config, gguf::Metadata};

/// Puts base and scaling into the metadata. Returns the per-frequency divisors that Llama 3's
/// scaling needs, which llama.cpp reads as a tensor.
pub(super) fn describe(
    architecture: &str,
    config: &Config,
    head: u64,
    metadata: &mut Metadata,
) -> Result<Option<Vec<f32>>, ConvertError> {
    if config.partial_rotary_factor.is_some_and(|factor| factor != 1.0) {
        let found = format!("{:?}", config.partial_rotary_factor);
        let supported = "all dimensions rotated";
        return Err(ConvertError::Unsupported {
            setting: "partial_rotary_factor",
            found,
            supported,
        });
    }
    let settings = Settings::read(config);
    // The default of all configuration classes here but Gemma 3's, which says so itself.
    let base = settings.base.unwrap_or(10_000.0);
    metadata.set(format!("{architecture}.rope.freq_base"), base);
    let scaling = settings.scaling;
    let kind = text(&scaling, "rope_type").or_else(|| text(&scaling, "type")).unwrap_or("default");
    let factor = number(&scaling, "factor");
    match (kind, factor) {
        ("default", _) => Ok(None),
        ("linear", Some(factor)) => {
            metadata.set(format!("{architecture}.rope.scaling.type"), "linear");
            metadata.set(format!("{architecture}.rope.scaling.factor"), factor as f32);
            Ok(None)
        }
        ("yarn", Some(factor)) => {
            describe_yarn(architecture, config, &scaling, factor, metadata);
            Ok(None)
        }
        ("llama3", _) => Ok(Some(llama3(&scaling, base, head))),
        _ => Err(ConvertError::Unsupported {
            setting: "rope_scaling",
            found: Value::Object(scaling).to_string(),
            supported: "default, linear, yarn or llama3 scaling with its factor",
        }),
    }
}

struct Settings {
    base: Option<f32>,
    scaling: Map<String, Value>,
}

impl Settings {
    /// `rope_parameters` is transformers 5's place; there, models with two kinds of layers have
    /// one set for each, of which this is the one for full attention.
    fn read(config: &Config) -> Self {
        let parameters = config.rope_parameters.as_ref().or(config.rope_scaling.as_ref());
        let mut scaling = parameters.cloned().unwrap_or_default();
        if let Some(Value::Object(full)) = scaling.remove("full_attention") {
            scaling = full;
        }
        let base = number(&scaling, "rope_theta").map(|base| base as f32).or(config.rope_theta);
        Self { base, scaling }
    }
}

/// The base frequency of the layers that look back a window only.
pub(super) fn sliding_base(config: &Config) -> Option<f32> {
    let parameters = config.rope_parameters.as_ref();
    let sliding =
        parameters.and_then(|all| all.get("sliding_attention")?.get("rope_theta")?.as_f64());
    sliding.map(|base| base as f32).or(config.rope_local_base_freq)
}

fn describe_yarn(
    architecture: &str,
    config: &Config,
    scaling: &Map<String, Value>,
    factor: f64,
    metadata: &mut Metadata,
) {
    let key = |name: &str| format!("{architecture}.rope.scaling.{name}");
    metadata.set(key("type"), "yarn");
    metadata.set(key("factor"), factor as f32);
    let original = number(scaling, "original_max_position_embeddings").map(|length| length as u32);
    metadata.set_some(key("original_context_length"), original.or(config.max_position_embeddings));
    for (from, to) in [
        ("extrapolation_factor", "yarn_ext_factor"),
        ("attention_factor", "yarn_attn_factor"),
        ("beta_fast", "yarn_beta_fast"),
        ("beta_slow", "yarn_beta_slow"),
    ] {
        metadata.set_some(key(to), number(scaling, from).map(|value| value as f32));
    }
}

/// `_compute_llama3_parameters` in transformers' `modeling_rope_utils.py`: long waves are slowed
/// by the factor, short ones kept, those between blended. llama.cpp divides by these numbers.
fn llama3(scaling: &Map<String, Value>, base: f32, head: u64) -> Vec<f32> {
    let get = |key, default: f32| number(scaling, key).map_or(default, |value| value as f32);
    let factor = get("factor", 8.0);
    let (low, high) = (get("low_freq_factor", 1.0), get("high_freq_factor", 4.0));
    let original = get("original_max_position_embeddings", 8192.0);
    (0..head / 2)
        .map(|pair| {
            let frequency = 1.0 / base.powf((2 * pair) as f32 / head as f32);
            let wave = 2.0 * std::f32::consts::PI / frequency;
            if wave < original / high {
                1.0
            } else if wave > original / low {
                factor
            } else {
                let smooth = (original / wave - low) / (high - low);
                1.0 / ((1.0 - smooth) / factor + smooth)
            }
        })
        .collect()
}

fn number(map: &Map<String, Value>, key: &str) -> Option<f64> {
    map.get(key).and_then(Value::as_f64)
}

fn text<'m>(map: &'m Map<String, Value>, key: &str) -> Option<&'m str> {
    map.get(key).and_then(Value::as_str)
}
