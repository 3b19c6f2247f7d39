//! Readers of model files (safetensors, GGUF): bytes in, values and findings out, never executed.
