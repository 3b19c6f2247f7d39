//! LoRA adapters: PEFT's safetensors to the GGUF that llama.cpp applies to a loaded model.
//!
//! Names and settings are those of llama.cpp's `convert_lora_to_gguf.py`: each adapted matrix
//! gives `NAME.lora_a` and `NAME.lora_b`, and the strength is `alpha` over the rank.

use std::{collections::BTreeMap, io::Write};

use serde::Deserialize;

use crate::{
    ConvertError, Converted, OutputType, Source,
    config::Config,
    convert::write,
    family::{self, Family},
    gguf::Metadata,
    number,
    plan::{Change, Planned},
};

/// An adapter's files (`adapter_config.json`, `adapter_model.safetensors`) and the model for
/// which it was trained, of which only `config.json` is read.
#[derive(Debug)]
pub struct AdapterSource<'a> {
    /// The adapter's files.
    pub adapter: &'a Source<'a>,
    /// The base model's files.
    pub base: &'a Source<'a>,
}

/// Converts a LoRA adapter and writes the GGUF to `out`.
///
/// # Errors
/// [`ConvertError`], as for models.
pub fn convert_adapter(
    source: &AdapterSource<'_>,
    output: OutputType,
    out: &mut dyn Write,
) -> Result<Converted, ConvertError> {
    let base = Config::read(source.base)?;
    let family = family::find(&base)?;
    let settings: Settings = source.adapter.needed("adapter_config.json")?;
    settings.check()?;
    let mut metadata = Metadata::default();
    metadata.set("general.architecture", family.architecture());
    metadata.set("general.type", "adapter");
    metadata.set("general.name", source.adapter.name);
    metadata.set("adapter.type", "lora");
    metadata.set("adapter.lora.alpha", settings.lora_alpha);
    metadata.set("general.file_type", output.file_type());
    metadata.set("general.quantization_version", 2u32);
    let tensors = plan(source.adapter, family, &base, output)?;
    let bytes = write(&metadata, &tensors, out)?;
    Ok(Converted { architecture: family.architecture(), tensors: tensors.len(), bytes })
}

#[derive(Deserialize)]
struct Settings {
    lora_alpha: f32,
    #[serde(default)]
    use_rslora: bool,
    #[serde(default)]
    use_dora: bool,
}

impl Settings {
    fn check(&self) -> Result<(), ConvertError> {
        for (setting, set) in [("use_rslora", self.use_rslora), ("use_dora", self.use_dora)] {
            if set {
                let found = "true".to_owned();
                return Err(ConvertError::Unsupported { setting, found, supported: "plain LoRA" });
            }
        }
        Ok(())
    }
}

fn plan<'a>(
    adapter: &Source<'a>,
    family: Family,
    base: &Config,
    output: OutputType,
) -> Result<Vec<Planned<'a>>, ConvertError> {
    let tensors: BTreeMap<_, _> = adapter.tensors()?;
    let mut planned = Vec::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        let Some((target, change)) = target(&name, family, base) else {
            let architecture = family.architecture();
            return Err(ConvertError::UnexpectedTensor { name, architecture });
        };
        if !number::readable(tensor.dtype) {
            return Err(ConvertError::ElementType { name, found: tensor.dtype });
        }
        // Too small to be worth a block format.
        let kind = if output == OutputType::F16 { output.kind() } else { OutputType::F32.kind() };
        planned.push(Planned::from_tensor(target, tensor, kind, change));
    }
    Ok(planned)
}

/// `base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight` and its like.
fn target(name: &str, family: Family, base: &Config) -> Option<(String, Change)> {
    let rest = name.strip_prefix("base_model.model.model.layers.")?;
    let (layer, rest) = rest.split_once('.')?;
    let layer: u32 = layer.parse().ok()?;
    let (module, part) = rest.split_once(".lora_")?;
    let part = match part {
        "A.weight" | "A.default.weight" => 'a',
        "B.weight" | "B.default.weight" => 'b',
        _ => return None,
    };
    let (_, target) = MODULES.iter().find(|(known, _)| *known == module)?;
    let heads = match (*target, part) {
        ("attn_q", 'b') => base.num_attention_heads,
        ("attn_k", 'b') => base.num_key_value_heads.or(base.num_attention_heads),
        _ => None,
    };
    let change = match (family, heads) {
        (Family::Llama | Family::Mistral, Some(heads)) => {
            Change::Interleave { heads: u64::from(heads) }
        }
        _ => Change::None,
    };
    Some((format!("blk.{layer}.{target}.weight.lora_{part}"), change))
}

const MODULES: [(&str, &str); 7] = [
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
];
