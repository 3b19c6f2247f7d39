//! `config.json`, the settings that matter, under the names that the families give them.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{ConvertError, Source};

/// Settings as they stand; the families know which they need and what the defaults are
/// (transformers' configuration classes leave defaults out of the file).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) architectures: Vec<String>,
    pub(crate) vocab_size: Option<u32>,
    pub(crate) hidden_size: Option<u32>,
    pub(crate) intermediate_size: Option<u32>,
    pub(crate) num_hidden_layers: Option<u32>,
    pub(crate) num_attention_heads: Option<u32>,
    pub(crate) num_key_value_heads: Option<u32>,
    pub(crate) head_dim: Option<u32>,
    pub(crate) max_position_embeddings: Option<u32>,
    pub(crate) type_vocab_size: Option<u32>,
    pub(crate) rms_norm_eps: Option<f32>,
    pub(crate) layer_norm_eps: Option<f32>,
    pub(crate) rope_theta: Option<f32>,
    pub(crate) rope_local_base_freq: Option<f32>,
    pub(crate) rope_scaling: Option<Map<String, Value>>,
    /// What `rope_theta` and `rope_scaling` became in transformers 5.
    pub(crate) rope_parameters: Option<Map<String, Value>>,
    pub(crate) partial_rotary_factor: Option<f64>,
    pub(crate) hidden_act: Option<String>,
    pub(crate) hidden_activation: Option<String>,
    pub(crate) tie_word_embeddings: Option<bool>,
    pub(crate) sliding_window: Option<u32>,
    pub(crate) use_sliding_window: Option<bool>,
    pub(crate) layer_types: Option<Vec<String>>,
    pub(crate) sliding_window_pattern: Option<u32>,
    pub(crate) attn_logit_softcapping: Option<f32>,
    pub(crate) final_logit_softcapping: Option<f32>,
    pub(crate) query_pre_attn_scalar: Option<f64>,
    pub(crate) position_embedding_type: Option<String>,
    pub(crate) quantization_config: Option<Value>,
    pub(crate) bos_token_id: Option<Value>,
    pub(crate) eos_token_id: Option<Value>,
    pub(crate) unk_token_id: Option<Value>,
    pub(crate) sep_token_id: Option<Value>,
    pub(crate) pad_token_id: Option<Value>,
    pub(crate) cls_token_id: Option<Value>,
    pub(crate) mask_token_id: Option<Value>,
}

impl Config {
    /// Reads `config.json`; the settings of a multimodal model's text part stand at the top.
    pub(crate) fn read(source: &Source<'_>) -> Result<Self, ConvertError> {
        let mut map: Map<String, Value> = source.needed(FILE)?;
        if let Some(Value::Object(text)) = map.remove("text_config") {
            let own = std::mem::replace(&mut map, text);
            map.retain(|key, _| key != "architectures");
            for (key, value) in own {
                map.entry(key).or_insert(value);
            }
        }
        serde_json::from_value(Value::Object(map))
            .map_err(|source| ConvertError::Json { file: FILE.to_owned(), source })
    }

    /// Refuses weights that were quantized after training: their tensors are not the model's.
    pub(crate) fn refuse_quantized(&self) -> Result<(), ConvertError> {
        match &self.quantization_config {
            None | Some(Value::Null) => Ok(()),
            Some(found) => Err(ConvertError::Unsupported {
                setting: "quantization_config",
                found: found.get("quant_method").unwrap_or(found).to_string(),
                supported: "unquantized safetensors",
            }),
        }
    }

    /// The feed-forward's activation, of which the engine knows one per family.
    pub(crate) fn require_activation(&self, only: &'static str) -> Result<(), ConvertError> {
        let found = self.hidden_activation.as_ref().or(self.hidden_act.as_ref());
        match found {
            Some(found) if found != only => Err(ConvertError::Unsupported {
                setting: "hidden_act",
                found: found.clone(),
                supported: only,
            }),
            _ => Ok(()),
        }
    }
}

/// A setting that must be there.
pub(crate) fn need<T>(value: Option<T>, key: &'static str) -> Result<T, ConvertError> {
    value.ok_or(ConvertError::MissingSetting { key })
}

const FILE: &str = "config.json";
