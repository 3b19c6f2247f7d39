//! Hostile and good GGUF files.
