//! Derives GGUF from safetensors weights, family by family.
