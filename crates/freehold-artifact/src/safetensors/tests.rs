//! Hostile and good safetensors files.
