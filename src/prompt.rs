//! Prompt templates: files with a front matter, rendered with strict variables.

use serde_json::Value;

use crate::article::quotation::Candidate;

/// A fully rendered prompt, ready for a provider.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The template's id, such as `analysis`.
    pub id: String,
    /// The template's version, set by whoever changes it.
    pub version: String,
    /// SHA-256 (hex) of what was sent: system, user and schema.
    pub digest: String,
    /// What is the same for every article; first, so that prompt caches hit.
    pub system: String,
    /// What belongs to this article.
    pub user: String,
    /// The JSON Schema (2020-12) of the answer.
    pub schema: Value,
    /// The quotations that were offered; the answer names one by its number (1, 2, …).
    pub candidates: Vec<Candidate>,
    /// Room for the answer, in tokens.
    pub max_output_tokens: usize,
}
