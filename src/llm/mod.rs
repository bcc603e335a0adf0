//! Language models: one pure translator per vendor, no I/O.
//!
//! A [`Provider`] turns a prompt into an HTTP request and a response into a
//! [`Completion`]; sending is `fetch`, deciding what to do with it is `pipeline`.

mod anthropic;
mod error;
mod openai;
mod prices;

pub use error::ModelError;
pub use prices::{ListedPrice, dollars};

use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::{
    fetch::{Limits, Method, Purpose, Request, Response},
    prompt::Prompt,
};

/// Far more than any answer; what is larger is not one.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Translates for one vendor. Pure: tested with bytes alone.
pub trait Provider: Send + Sync {
    /// The name of the protocol that it speaks: `openai`, `anthropic`.
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

/// The APIs that prism speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// Chat completions: `OpenAI`, and every server that speaks the same.
    OpenAi,
    /// Anthropic's Messages.
    Anthropic,
}

/// Which model is asked, where, and how.
#[derive(Clone, Debug)]
pub struct ModelOptions {
    /// Where the API starts, such as `https://api.openai.com/v1`.
    pub base_url: Url,
    /// The model's name.
    pub model: String,
    /// The key; a local server may need none.
    pub key: Option<SecretString>,
    /// How far the model strays from its likeliest words; the vendor's default without.
    pub temperature: Option<f64>,
    /// Makes answers repeatable where the server knows it.
    pub seed: Option<u64>,
    /// Most time for one call.
    pub time: Duration,
}

/// The translator for `kind`.
pub fn provider(kind: ProviderKind, options: ModelOptions) -> Box<dyn Provider> {
    match kind {
        ProviderKind::OpenAi => Box::new(openai::OpenAi { options }),
        ProviderKind::Anthropic => Box::new(anthropic::Anthropic { options }),
    }
}

fn post(
    url: Url,
    mut headers: Vec<(&'static str, String)>,
    secret: Option<(&'static str, String)>,
    body: Bytes,
    time: Duration,
) -> Request {
    headers.push(("accept", "application/json".to_owned()));
    headers.push(("content-type", "application/json".to_owned()));
    Request {
        method: Method::Post,
        url,
        purpose: Purpose::Model,
        headers,
        secret_headers: secret
            .into_iter()
            .map(|(name, value)| (name, SecretString::from(value)))
            .collect(),
        body: Some(body),
        limits: Limits {
            bytes: MOST_BYTES,
            time,
        },
    }
}

/// A count of tokens; what is no count is none.
fn tokens(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// Removes the keywords of our own `schema` that a vendor refuses.
fn remove_keywords(schema: &mut Value, refused: fn(&str, &Value) -> bool) {
    let mut open = vec![schema];
    while let Some(node) = open.pop() {
        match node {
            Value::Object(node) => {
                node.retain(|name, value| !refused(name, value));
                open.extend(node.values_mut());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
