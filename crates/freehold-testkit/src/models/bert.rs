//! A tiny BERT embedder.

use serde_json::{Value, json};

use super::{
    Model, pretty,
    safetensors::{Store, Weights},
    word_piece,
};

pub(super) fn model(seed: u64) -> Model {
    let (tokenizer, size) = word_piece::tokenizer();
    let config = json!({
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": size,
        "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": 4,
        "intermediate_size": FORWARD, "hidden_act": "gelu", "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0,
        "position_embedding_type": "absolute", "torch_dtype": "float32",
    });
    let settings = json!({
        "tokenizer_class": "BertTokenizer", "do_lower_case": true, "cls_token": "[CLS]",
        "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]",
        "model_max_length": POSITIONS,
    });
    let modules: Value = json!([
        { "idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer" },
        { "idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling" },
    ]);
    let pooling = json!({ "word_embedding_dimension": HIDDEN, "pooling_mode_cls_token": false,
        "pooling_mode_mean_tokens": true });
    Model {
        files: vec![
            ("config.json", pretty(&config)),
            ("tokenizer.json", pretty(&tokenizer)),
            ("tokenizer_config.json", pretty(&settings)),
            ("modules.json", pretty(&modules)),
            ("1_Pooling/config.json", pretty(&pooling)),
        ],
        weights: weights(seed, size),
    }
}

fn weights(seed: u64, size: usize) -> Weights {
    let mut weights = Weights::new(seed, Store::F32);
    weights.add("embeddings.word_embeddings.weight", &[size, HIDDEN], 0.0, 0.5);
    weights.add("embeddings.position_embeddings.weight", &[POSITIONS, HIDDEN], 0.0, 0.2);
    weights.add("embeddings.token_type_embeddings.weight", &[2, HIDDEN], 0.0, 0.2);
    let norm = |weights: &mut Weights, name: &str| {
        weights.add(&format!("{name}.weight"), &[HIDDEN], 1.0, 0.1);
        weights.add(&format!("{name}.bias"), &[HIDDEN], 0.0, 0.1);
    };
    norm(&mut weights, "embeddings.LayerNorm");
    for layer in 0..LAYERS {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        for (part, shape) in [
            ("attention.self.query", [HIDDEN, HIDDEN]),
            ("attention.self.key", [HIDDEN, HIDDEN]),
            ("attention.self.value", [HIDDEN, HIDDEN]),
            ("attention.output.dense", [HIDDEN, HIDDEN]),
            ("intermediate.dense", [FORWARD, HIDDEN]),
            ("output.dense", [HIDDEN, FORWARD]),
        ] {
            weights.add(&name(&format!("{part}.weight")), &shape, 0.0, 0.15);
            weights.add(&name(&format!("{part}.bias")), &shape[..1], 0.0, 0.1);
        }
        norm(&mut weights, &name("attention.output.LayerNorm"));
        norm(&mut weights, &name("output.LayerNorm"));
    }
    weights.add("pooler.dense.weight", &[HIDDEN, HIDDEN], 0.0, 0.15);
    weights.add("pooler.dense.bias", &[HIDDEN], 0.0, 0.1);
    weights
}

const HIDDEN: usize = 64;
const FORWARD: usize = 128;
const LAYERS: usize = 2;
const POSITIONS: usize = 128;
