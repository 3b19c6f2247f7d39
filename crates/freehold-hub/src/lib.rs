//! Fetches models from a Hugging Face-compatible hub: by pinned revision and digest, resumably.
