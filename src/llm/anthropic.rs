//! Anthropic's Messages.
//!
//! Looked up in the API's own types (`anthropics/anthropic-sdk-python`, `types/usage.py`,
//! `types/stop_reason.py`, `types/output_config_param.py`,
//! `types/json_output_format_param.py`) and in its pages on errors and on structured
//! outputs (`platform.claude.com/docs/en/api/errors`,
//! `…/build-with-claude/structured-outputs`). There is no seed. Streaming, tools and
//! extended thinking are not spoken.

use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Completion, FinishReason, ModelError, ModelOptions, Provider, Usage,
    error::{document, message},
    post, tokens,
};
use crate::{
    fetch::{Request, Response},
    prompt::Prompt,
};

/// The version of the API that this file speaks.
const VERSION: &str = "2023-06-01";

/// Translates for Messages.
pub(super) struct Anthropic {
    pub(super) options: ModelOptions,
}

impl Provider for Anthropic {
    fn name(&self) -> &'static str {
        "anthropic"
    }

    fn request(&self, prompt: &Prompt) -> Request {
        let options = &self.options;
        let mut schema = prompt.schema.clone();
        super::remove_keywords(&mut schema, is_unsupported);
        let mut body = Map::new();
        body.insert("model".to_owned(), json!(options.model));
        body.insert("max_tokens".to_owned(), json!(prompt.max_output_tokens));
        body.insert(
            "system".to_owned(),
            json!([{
                "type": "text",
                "text": prompt.system,
                "cache_control": {"type": "ephemeral"},
            }]),
        );
        body.insert(
            "messages".to_owned(),
            json!([{"role": "user", "content": prompt.user}]),
        );
        body.insert(
            "output_config".to_owned(),
            json!({"format": {"type": "json_schema", "schema": schema}}),
        );
        if let Some(temperature) = options.temperature {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        let secret = options
            .key
            .as_ref()
            .map(|key| ("x-api-key", key.expose_secret().to_owned()));
        post(
            endpoint(&options.base_url),
            vec![("anthropic-version", VERSION.to_owned())],
            secret,
            Bytes::from(Value::Object(body).to_string()),
            options.time,
        )
    }

    fn completion(&self, response: &Response) -> Result<Completion, ModelError> {
        let key = self.options.key.as_ref().map(ExposeSecret::expose_secret);
        let body = document(response, &self.options.model, key)?;
        let usage = usage(&body["usage"]);
        let Some(blocks) = body["content"].as_array() else {
            return Err(ModelError::NotAnAnswer {
                found: "JSON without content".to_owned(),
            });
        };
        let of_type = |wanted: &'static str| blocks.iter().filter(move |b| b["type"] == wanted);
        let text: String = of_type("text").filter_map(|b| b["text"].as_str()).collect();
        let finish = match body["stop_reason"].as_str() {
            Some("end_turn" | "stop_sequence") => FinishReason::Stop,
            Some("max_tokens") => FinishReason::Length,
            Some("refusal") => {
                let said = if text.trim().is_empty() {
                    "it gives no reason"
                } else {
                    &text
                };
                return Err(ModelError::Refusal {
                    message: message(said, key),
                    usage,
                });
            }
            // `model_context_window_exceeded` is among these: more room would not help.
            other => FinishReason::Other(message(other.unwrap_or("none"), None)),
        };
        if text.trim().is_empty() {
            let reasoned = of_type("thinking")
                .chain(of_type("redacted_thinking"))
                .next();
            return Err(if reasoned.is_some() {
                ModelError::ReasoningOnly { usage }
            } else if of_type("tool_use").next().is_some() {
                ModelError::NotAnAnswer {
                    found: "a call of a tool".to_owned(),
                }
            } else {
                ModelError::Empty { usage }
            });
        }
        Ok(Completion {
            text,
            finish,
            usage,
            model_asked: self.options.model.clone(),
            model_answered: body["model"].as_str().map(|model| message(model, None)),
        })
    }
}

/// Structured outputs take no bounds on arrays but `minItems` of 0 or 1.
fn is_unsupported(name: &str, value: &Value) -> bool {
    match name {
        "maxItems" => true,
        "minItems" => value.as_u64().is_none_or(|least| least > 1),
        _ => false,
    }
}

/// `input_tokens` counts only what no cache had a part in: the three add up.
fn usage(reported: &Value) -> Usage {
    let cached_input = tokens(&reported["cache_read_input_tokens"]);
    Usage {
        input: tokens(&reported["input_tokens"])
            .saturating_add(cached_input)
            .saturating_add(tokens(&reported["cache_creation_input_tokens"])),
        cached_input,
        output: tokens(&reported["output_tokens"]),
    }
}

/// `base` with `v1/messages`, whether or not it ends in `v1` already.
fn endpoint(base: &Url) -> Url {
    let mut url = base.clone();
    let versioned = url.path().trim_end_matches('/').ends_with("/v1");
    // Only an address such as `data:` has no path; the transport refuses it.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty();
        if !versioned {
            path.push("v1");
        }
        path.push("messages");
    }
    url
}
