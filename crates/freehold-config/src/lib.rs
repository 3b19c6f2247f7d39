//! The operator's one file, freehold.toml, and the only reader of environment variables.
