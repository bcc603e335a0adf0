//! Language models: one pure translator per vendor, no I/O.
//!
//! A [`Provider`] turns a prompt into an HTTP request and a response into a
//! [`Completion`]; sending is `fetch`, deciding what to do with it is `pipeline`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    fetch::{Request, Response},
    prompt::Prompt,
};

/// Translates for one vendor. Pure: tested with bytes alone.
pub trait Provider: Send + Sync {
    /// The vendor's name as it stands in documents: `openai`, `anthropic`.
    fn name(&self) -> &'static str;
    /// The request that puts `prompt` to the model.
    fn request(&self, prompt: &Prompt) -> Request;
    /// What the model said, or why there is no usable answer.
    fn completion(&self, response: &Response) -> Result<Completion, ModelError>;
}

/// What a model said, untouched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// The text of the answer, without reasoning.
    pub text: String,
    /// Why the model stopped.
    pub finish: FinishReason,
    /// Tokens, as the vendor counted them.
    pub usage: Usage,
    /// The model that was asked for.
    pub model_asked: String,
    /// The model that says it answered.
    pub model_answered: Option<String>,
}

/// Why a model stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FinishReason {
    /// It was done.
    Stop,
    /// It ran out of room.
    Length,
    /// The vendor's filter cut it.
    ContentFilter,
    /// It declined.
    Refusal,
    /// Something else, in the vendor's own word.
    Other(String),
}

/// Tokens of one or more calls. `cached_input` is part of `input`, for every vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub input: u64,
    /// Those of them that came from the vendor's cache.
    pub cached_input: u64,
    /// Tokens of the answer, reasoning included.
    pub output: u64,
}

/// Why there is no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {}
