//! The list of models.

use serde::Serialize;

/// The answer of `/v1/models`.
#[derive(Debug, Clone, Serialize)]
pub struct ModelList {
    /// Always `list`.
    pub object: &'static str,
    /// The models.
    pub data: Vec<ModelEntry>,
}

/// One model.
#[derive(Debug, Clone, Serialize)]
pub struct ModelEntry {
    /// Its name in requests.
    pub id: String,
    /// Always `model`.
    pub object: &'static str,
    /// Seconds since 1970 at which it began to be served.
    pub created: u64,
    /// Who offers it.
    pub owned_by: String,
    /// Digest of its weights, where known. An addition of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Tokens of context, where known. An addition of ours, named as vLLM names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_model_len: Option<u32>,
}
