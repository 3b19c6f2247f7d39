//! Tiny decoders: Llama, Mistral, Qwen 2 and 3, Gemma 2 and 3.

use serde_json::{Map, Value, json};

use super::{
    Family, Model, byte_level, pieces, pretty,
    safetensors::{Store, Weights},
};

pub(super) fn model(family: Family, seed: u64) -> Model {
    let (tokenizer, pieces, size) = match family {
        Family::Llama => with_none(byte_level::tokenizer(byte_level::Rule::Llama3)),
        Family::Mistral => with_pieces(pieces::tokenizer(pieces::Rule::Mistral)),
        Family::Gemma2 | Family::Gemma3 => with_pieces(pieces::tokenizer(pieces::Rule::Gemma)),
        _ => with_none(byte_level::tokenizer(byte_level::Rule::Qwen2)),
    };
    let mut files = vec![
        ("config.json", pretty(&config(family, size))),
        ("tokenizer.json", pretty(&tokenizer)),
        ("tokenizer_config.json", pretty(&settings(family))),
    ];
    if let (Some(model), true) = (pieces, gemma(family)) {
        files.push(("tokenizer.model", model));
    }
    Model { files, weights: weights(family, seed, size) }
}

/// Settings and weights of an adapter of rank 4 for the query, value and feed-forward matrices.
pub(super) fn adapter(family: Family, seed: u64) -> (Value, Weights) {
    let settings = json!({
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": family.name(),
        "r": RANK, "lora_alpha": 8, "lora_dropout": 0.0, "bias": "none", "use_rslora": false,
        "use_dora": false, "target_modules": ["q_proj", "v_proj", "down_proj"],
    });
    let mut weights = Weights::new(seed, Store::F32);
    let head = head(family);
    for layer in 0..layers(family) {
        for (module, rows, columns) in [
            ("self_attn.q_proj", HEADS * head, HIDDEN),
            ("self_attn.v_proj", KEY_HEADS * head, HIDDEN),
            ("mlp.down_proj", HIDDEN, FORWARD),
        ] {
            let name = format!("base_model.model.model.layers.{layer}.{module}");
            weights.add(&format!("{name}.lora_A.weight"), &[RANK, columns], 0.0, 0.3);
            weights.add(&format!("{name}.lora_B.weight"), &[rows, RANK], 0.0, 0.3);
        }
    }
    (settings, weights)
}

type Tokenizer = (Value, Option<Vec<u8>>, usize);

fn with_none((json, size): (Value, usize)) -> Tokenizer {
    (json, None, size)
}

fn with_pieces(pieces: pieces::Pieces) -> Tokenizer {
    (pieces.json, Some(pieces.model), pieces.size)
}

fn gemma(family: Family) -> bool {
    matches!(family, Family::Gemma2 | Family::Gemma3)
}

fn layers(family: Family) -> usize {
    match family {
        Family::Gemma2 => 4,
        Family::Gemma3 => 7,
        _ => 2,
    }
}

fn head(family: Family) -> usize {
    match family {
        Family::Qwen3 => 32,
        _ => HIDDEN / HEADS,
    }
}

fn config(family: Family, size: usize) -> Value {
    let mut config = json!({
        "vocab_size": size, "hidden_size": HIDDEN, "intermediate_size": FORWARD,
        "num_hidden_layers": layers(family), "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_HEADS, "max_position_embeddings": 512, "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0, "hidden_act": "silu", "attention_bias": false,
        "tie_word_embeddings": false, "torch_dtype": "bfloat16",
    });
    let own = match family {
        Family::Llama => json!({
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "mlp_bias": false,
            "rope_theta": 500000.0, "bos_token_id": size - 3, "eos_token_id": size - 2,
            "rope_scaling": { "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 64 } }),
        Family::Mistral => json!({
            "architectures": ["MistralForCausalLM"], "model_type": "mistral",
            "sliding_window": 256, "bos_token_id": 1, "eos_token_id": 2 }),
        Family::Qwen3 => json!({
            "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "head_dim": head(family),
            "rope_theta": 1000000.0, "use_sliding_window": false, "sliding_window": null,
            "tie_word_embeddings": true, "bos_token_id": size - 3, "eos_token_id": size - 2 }),
        Family::Gemma2 => json!({
            "architectures": ["Gemma2ForCausalLM"], "model_type": "gemma2", "head_dim": head(family),
            "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh",
            "rms_norm_eps": 1e-6, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
            "query_pre_attn_scalar": head(family), "sliding_window": 8, "tie_word_embeddings": true,
            "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0 }),
        Family::Gemma3 => json!({
            "architectures": ["Gemma3ForCausalLM"], "model_type": "gemma3_text",
            "head_dim": head(family), "hidden_activation": "gelu_pytorch_tanh",
            "rms_norm_eps": 1e-6, "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0,
            "query_pre_attn_scalar": head(family), "sliding_window": 8, "sliding_window_pattern": 6,
            "tie_word_embeddings": true, "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0 }),
        _ => json!({
            "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "rms_norm_eps": 1e-6,
            "use_sliding_window": false, "tie_word_embeddings": true, "bos_token_id": size - 3,
            "eos_token_id": size - 2, "pad_token_id": size - 4 }),
    };
    if let (Value::Object(config), Value::Object(own)) = (&mut config, own) {
        config.extend(own);
        if family == Family::Gemma3 {
            config.remove("hidden_act");
        }
    }
    config
}

fn settings(family: Family) -> Value {
    let mut settings: Map<String, Value> = Map::new();
    let mut set = |key: &str, value: Value| {
        settings.insert(key.to_owned(), value);
    };
    set("tokenizer_class", json!("PreTrainedTokenizerFast"));
    set("model_max_length", json!(512));
    set("clean_up_tokenization_spaces", json!(false));
    let (begin, end, pad) = match family {
        Family::Mistral => ("<s>", "</s>", None),
        Family::Gemma2 | Family::Gemma3 => ("<bos>", "<eos>", Some("<pad>")),
        _ => ("<|begin|>", "<|end|>", Some("<|pad|>")),
    };
    set("bos_token", json!(begin));
    set("eos_token", json!(end));
    if let Some(pad) = pad {
        set("pad_token", json!(pad));
    }
    if matches!(family, Family::Mistral | Family::Gemma2 | Family::Gemma3) {
        set("unk_token", json!("<unk>"));
        set("add_bos_token", json!(true));
        set("add_eos_token", json!(false));
    }
    set("chat_template", json!(TEMPLATE));
    Value::Object(settings)
}

fn weights(family: Family, seed: u64, size: usize) -> Weights {
    // One family per way to store, so that all are read.
    let store = match family {
        Family::Mistral => Store::F16,
        Family::Qwen3 => Store::F32,
        _ => Store::Bf16,
    };
    let mut weights = Weights::new(seed, store);
    // Gemma stores norms as difference from one.
    let middle = if gemma(family) { 0.0 } else { 1.0 };
    let head = head(family);
    weights.add("model.embed_tokens.weight", &[size, HIDDEN], 0.0, 0.5);
    weights.add("model.norm.weight", &[HIDDEN], middle, 0.1);
    if matches!(family, Family::Llama | Family::Mistral) {
        weights.add("lm_head.weight", &[size, HIDDEN], 0.0, 0.3);
    }
    for layer in 0..layers(family) {
        let name = |part: &str| format!("model.layers.{layer}.{part}.weight");
        for (part, rows, columns) in [
            ("self_attn.q_proj", HEADS * head, HIDDEN),
            ("self_attn.k_proj", KEY_HEADS * head, HIDDEN),
            ("self_attn.v_proj", KEY_HEADS * head, HIDDEN),
            ("self_attn.o_proj", HIDDEN, HEADS * head),
            ("mlp.gate_proj", FORWARD, HIDDEN),
            ("mlp.up_proj", FORWARD, HIDDEN),
            ("mlp.down_proj", HIDDEN, FORWARD),
        ] {
            weights.add(&name(part), &[rows, columns], 0.0, 0.15);
            let biased = matches!(family, Family::Qwen2 | Family::Qwen2Sharded);
            let qkv = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"].contains(&part);
            if biased && qkv {
                let bias = format!("model.layers.{layer}.{part}.bias");
                weights.add(&bias, &[rows], 0.0, 0.2);
            }
        }
        let mut norms = vec![("input_layernorm", HIDDEN), ("post_attention_layernorm", HIDDEN)];
        if gemma(family) {
            norms.push(("pre_feedforward_layernorm", HIDDEN));
            norms.push(("post_feedforward_layernorm", HIDDEN));
        }
        if matches!(family, Family::Qwen3 | Family::Gemma3) {
            norms.push(("self_attn.q_norm", head));
            norms.push(("self_attn.k_norm", head));
        }
        for (part, length) in norms {
            weights.add(&name(part), &[length], middle, 0.1);
        }
    }
    weights
}

const HIDDEN: usize = 64;
const FORWARD: usize = 128;
const HEADS: usize = 4;
const KEY_HEADS: usize = 2;
const RANK: usize = 4;
const TEMPLATE: &str = "{{ bos_token }}{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
