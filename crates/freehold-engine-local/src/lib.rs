//! Embedded inference: llama.cpp in a confined worker process.
