//! Chat completions, as `OpenAI` defined them and many servers speak them.
//!
//! Looked up in the API's own types (`openai/openai-python`, `types/chat/*` and
//! `types/shared_params/response_format_json_schema.py`) and, for servers that imitate
//! it, in llama.cpp's server (`error.type` `exceed_context_size_error`, `error.code` a
//! number, `reasoning_content` beside `content`). Streaming, tools and images are not
//! spoken.

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
    analysis::answer::without_reasoning,
    fetch::{Request, Response},
    prompt::Prompt,
};

/// Hosts of the vendor's own service: they want `max_completion_tokens` and refuse some
/// keywords of a schema. Other servers may know only `max_tokens`.
const HOSTED: [&str; 2] = ["openai.azure.com", "openai.com"];

/// Keywords that the hosted strict mode does not promise to know. Sorted.
const UNSUPPORTED: [&str; 2] = ["maxItems", "minItems"];

/// Translates for chat completions.
pub(super) struct OpenAi {
    pub(super) options: ModelOptions,
}

impl Provider for OpenAi {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn request(&self, prompt: &Prompt) -> Request {
        let options = &self.options;
        let hosted = is_hosted(&options.base_url);
        let mut schema = prompt.schema.clone();
        if hosted {
            super::remove_keywords(&mut schema, |name, _| UNSUPPORTED.contains(&name));
        }
        let mut body = Map::new();
        body.insert("model".to_owned(), json!(options.model));
        body.insert(
            "messages".to_owned(),
            json!([
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ]),
        );
        body.insert(
            "response_format".to_owned(),
            json!({
                "type": "json_schema",
                "json_schema": {
                    "name": prompt.purpose.as_str(),
                    "strict": true,
                    "schema": schema,
                },
            }),
        );
        let most = if hosted {
            "max_completion_tokens"
        } else {
            "max_tokens"
        };
        body.insert(most.to_owned(), json!(prompt.max_output_tokens));
        if let Some(temperature) = options.temperature {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        if let Some(seed) = options.seed {
            body.insert("seed".to_owned(), json!(seed));
        }
        let secret = options
            .key
            .as_ref()
            .map(|key| ("authorization", format!("Bearer {}", key.expose_secret())));
        post(
            endpoint(&options.base_url),
            Vec::new(),
            secret,
            Bytes::from(Value::Object(body).to_string()),
            options.time,
        )
    }

    fn completion(&self, response: &Response) -> Result<Completion, ModelError> {
        let key = self.options.key.as_ref().map(ExposeSecret::expose_secret);
        let body = document(response, &self.options.model, key)?;
        let usage = usage(&body["usage"]);
        let choice = &body["choices"][0];
        let said = &choice["message"];
        if !said.is_object() {
            return Err(ModelError::NotAnAnswer {
                found: "JSON without a choice".to_owned(),
            });
        }
        if let Some(refusal) = said["refusal"].as_str().filter(|text| !text.is_empty()) {
            return Err(ModelError::Refusal {
                message: message(refusal, key),
                usage,
            });
        }
        let finish = match choice["finish_reason"].as_str() {
            Some("stop") => FinishReason::Stop,
            Some("length") => FinishReason::Length,
            Some("content_filter") => return Err(ModelError::ContentFilter { usage }),
            other => FinishReason::Other(message(other.unwrap_or("none"), None)),
        };
        let content = content(&said["content"]);
        let text = without_reasoning(&content);
        if text.trim().is_empty() {
            return Err(nothing(said, &body["usage"], &content, usage));
        }
        Ok(Completion {
            text: text.to_owned(),
            finish,
            usage,
            model_asked: self.options.model.clone(),
            model_answered: body["model"].as_str().map(|model| message(model, None)),
        })
    }
}

/// Why there is no text.
fn nothing(said: &Value, reported: &Value, content: &str, usage: Usage) -> ModelError {
    let filled = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    let reasoned = filled(&said["reasoning_content"])
        || filled(&said["reasoning"])
        || !content.trim().is_empty()
        || tokens(&reported["completion_tokens_details"]["reasoning_tokens"]) > 0;
    if reasoned {
        return ModelError::ReasoningOnly { usage };
    }
    match said["tool_calls"].as_array() {
        Some(calls) if !calls.is_empty() => ModelError::NotAnAnswer {
            found: "a call of a tool".to_owned(),
        },
        _ => ModelError::Empty { usage },
    }
}

/// The text of `content`: a string, or parts of which those of type `text` count.
fn content(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter(|part| part["type"] == "text")
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}

fn usage(reported: &Value) -> Usage {
    Usage {
        input: tokens(&reported["prompt_tokens"]),
        cached_input: tokens(&reported["prompt_tokens_details"]["cached_tokens"]),
        output: tokens(&reported["completion_tokens"]),
    }
}

fn is_hosted(base: &Url) -> bool {
    base.host_str().is_some_and(|host| {
        HOSTED.iter().any(|known| {
            host.strip_suffix(known)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    })
}

/// `base` with `chat/completions`; a base without any path gets the usual `v1`.
fn endpoint(base: &Url) -> Url {
    let mut url = base.clone();
    let pathless = matches!(url.path(), "" | "/");
    // Only an address such as `data:` has no path; the transport refuses it.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty();
        if pathless {
            path.push("v1");
        }
        path.extend(["chat", "completions"]);
    }
    url
}
