//! Any OpenAI-compatible server as an engine: vLLM, llama.cpp server, Ollama.
