//! One OpenAI-compatible gateway; pipeline.rs is the story of a request.
