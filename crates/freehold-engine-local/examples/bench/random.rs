//! A random model, large enough that computing it costs what it costs in earnest: Qwen 3's shape
//! at a quarter of its smallest size, over the tiny tokenizer of the test kit.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use freehold_testkit::models::{self, Family};
use serde_json::{Map, Value, json};

/// Writes the model's folder.
pub fn model(folder: &Path) -> io::Result<PathBuf> {
    models::write(Family::Qwen2, folder, 7)?;
    let file = folder.join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&file)?)?;
    let vocabulary = config["vocab_size"].as_u64().unwrap_or(0);
    for (name, value) in [
        ("hidden_size", WIDTH),
        ("intermediate_size", FORWARD),
        ("num_hidden_layers", LAYERS),
        ("num_attention_heads", HEADS),
        ("num_key_value_heads", GROUPS),
        ("max_position_embeddings", 4096),
    ] {
        config[name] = json!(value);
    }
    config["tie_word_embeddings"] = json!(true);
    fs::write(&file, config.to_string())?;
    let mut tensors = vec![
        ("model.embed_tokens.weight".to_owned(), vec![vocabulary, WIDTH]),
        ("model.norm.weight".to_owned(), vec![WIDTH]),
    ];
    let narrow = WIDTH / HEADS * GROUPS;
    for layer in 0..LAYERS {
        for (name, shape) in [
            ("input_layernorm.weight", vec![WIDTH]),
            ("post_attention_layernorm.weight", vec![WIDTH]),
            ("self_attn.q_proj.weight", vec![WIDTH, WIDTH]),
            ("self_attn.q_proj.bias", vec![WIDTH]),
            ("self_attn.k_proj.weight", vec![narrow, WIDTH]),
            ("self_attn.k_proj.bias", vec![narrow]),
            ("self_attn.v_proj.weight", vec![narrow, WIDTH]),
            ("self_attn.v_proj.bias", vec![narrow]),
            ("self_attn.o_proj.weight", vec![WIDTH, WIDTH]),
            ("mlp.gate_proj.weight", vec![FORWARD, WIDTH]),
            ("mlp.up_proj.weight", vec![FORWARD, WIDTH]),
            ("mlp.down_proj.weight", vec![WIDTH, FORWARD]),
        ] {
            tensors.push((format!("model.layers.{layer}.{name}"), shape));
        }
    }
    write(&folder.join("model.safetensors"), &tensors)?;
    Ok(folder.to_owned())
}

fn write(path: &Path, tensors: &[(String, Vec<u64>)]) -> io::Result<()> {
    let mut header = Map::new();
    let mut end = 0;
    for (name, shape) in tensors {
        let start = end;
        end += 2 * shape.iter().product::<u64>();
        let entry = json!({"dtype": "BF16", "shape": shape, "data_offsets": [start, end]});
        header.insert(name.clone(), entry);
    }
    let mut header = Value::Object(header).to_string();
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&(header.len() as u64).to_le_bytes())?;
    out.write_all(header.as_bytes())?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for (name, shape) in tensors {
        let norm = name.ends_with("norm.weight");
        for _ in 0..shape.iter().product::<u64>() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let number =
                if norm { 1.0 } else { ((state >> 40) as f32 / (1 << 24) as f32 - 0.5) * 0.07 };
            out.write_all(&number.to_bits().to_le_bytes()[2..])?;
        }
    }
    out.flush()
}

const WIDTH: u64 = 1024;
const FORWARD: u64 = 3072;
const LAYERS: u64 = 12;
const HEADS: u64 = 16;
const GROUPS: u64 = 8;
