"""Writes a trained model as safetensors in Qwen2's names, with config and tokenizer.

Why Qwen2: transformers, llama.cpp and most engines load it without new code.
"""
import json
import os
import shutil

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from bpe import END, PAD, tokenizer_config
from model import EPS, SIZES, Model

NAMES = dict(q='self_attn.q_proj', k='self_attn.k_proj', v='self_attn.v_proj', o='self_attn.o_proj', gate='mlp.gate_proj', up='mlp.up_proj',
             down='mlp.down_proj', n1='input_layernorm', n2='post_attention_layernorm')
LIMIT = 20 * 1000 * 1000


def outside(name):
    """A parameter's name in this recipe -> its name in Qwen2."""
    if name == 'embedding.weight':
        return 'model.embed_tokens.weight'
    if name == 'norm.weight':
        return 'model.norm.weight'
    _, i, part, kind = name.split('.')
    return f'model.layers.{i}.{NAMES[part]}.{kind}'


def config(size):
    c = SIZES[size]
    return dict(architectures=['Qwen2ForCausalLM'], model_type='qwen2', vocab_size=c['vocab'], hidden_size=c['width'],
                num_hidden_layers=c['layers'], num_attention_heads=c['heads'], num_key_value_heads=c['heads'], intermediate_size=c['inner'],
                hidden_act='silu', rms_norm_eps=EPS, rope_theta=c['theta'], max_position_embeddings=1024, tie_word_embeddings=True,
                use_sliding_window=False, attention_dropout=0.0, initializer_range=0.02, bos_token_id=None, eos_token_id=END,
                pad_token_id=PAD, torch_dtype='bfloat16')


def write_json(path, value):
    with open(path, 'w', encoding='utf-8') as out:
        out.write(json.dumps(value, indent=2) + '\n')


def export(model, size, tokenizer, place):
    os.makedirs(place, exist_ok=True)
    tensors = {outside(n): v.detach().cpu().to(torch.bfloat16).contiguous() for n, v in model.state_dict().items()}
    path = os.path.join(place, 'model.safetensors')
    save_file(tensors, path, metadata=dict(format='pt'))
    assert os.path.getsize(path) <= LIMIT, 'the weights are over 20 MB'
    write_json(os.path.join(place, 'config.json'), config(size))
    write_json(os.path.join(place, 'tokenizer_config.json'), tokenizer_config())
    write_json(os.path.join(place, 'generation_config.json'),
               dict(do_sample=False, eos_token_id=END, pad_token_id=PAD, max_new_tokens=48))
    if os.path.abspath(tokenizer) != os.path.abspath(os.path.join(place, 'tokenizer.json')):
        shutil.copyfile(tokenizer, os.path.join(place, 'tokenizer.json'))


def load(place, size):
    """The exported weights in this recipe's model."""
    model = Model(**SIZES[size])
    with safe_open(os.path.join(place, 'model.safetensors'), 'pt') as f:
        model.load_state_dict({n: f.get_tensor(outside(n)).float() for n in model.state_dict()})
    return model.eval()
