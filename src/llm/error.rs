//! Why a model gave no usable answer, in our words, out of what a vendor says.
//!
//! Vendors' own messages are foreign text: they are bounded, without control
//! characters, and without anything that looks like a key. A refused key is reported
//! without the vendor's message, since that repeats a part of the key.

use std::time::Duration;

use jiff::fmt::rfc2822;
use serde_json::Value;

use super::Usage;
use crate::fetch::Response;

/// Code points of a vendor's message that are kept.
const MOST_MESSAGE: usize = 300;

/// Types and codes of a prompt that is too long. Sorted.
const TOO_LONG_WORDS: [&str; 3] = [
    "context_length_exceeded",
    "exceed_context_size",
    "request_too_large",
];

/// What servers that have no code for it say of a prompt that is too long; some send it
/// with a 403. "Request too large" comes as a rate limit, but no waiting makes it fit.
/// Sorted.
const TOO_LONG_PHRASES: [&str; 6] = [
    "context length",
    "context size",
    "context window",
    "maximum context",
    "prompt is too long",
    "request too large",
];

/// What vendors say, with a 400, of an account that may not spend more. Sorted.
const QUOTA_PHRASES: [&str; 3] = [
    "credit balance is too low",
    "exceeded your current quota",
    "usage limits",
];

/// Why there is no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The key is wrong, or may not use this model.
    #[error("the model's server refused the key (status {status})")]
    RefusedKey {
        /// 401 or 403.
        status: u16,
    },
    /// The account has no money or allowance left.
    #[error("the account has no quota left: {message}")]
    Quota {
        /// What the vendor says.
        message: String,
    },
    /// Too many requests or tokens a minute.
    #[error("the model's server limits the rate")]
    RateLimit {
        /// How long to wait, where the vendor says.
        retry_after: Option<Duration>,
    },
    /// The vendor has too much to do, or is loading the model.
    #[error("the model's server is overloaded")]
    Overloaded {
        /// How long to wait, where the vendor says.
        retry_after: Option<Duration>,
    },
    /// The prompt and the room for the answer do not fit the model.
    #[error("the prompt is too long for the model: {message}")]
    ContextTooLong {
        /// What the vendor says.
        message: String,
    },
    /// The request is wrong for this server.
    #[error("the model's server refused the request (status {status}): {message}")]
    BadRequest {
        /// The status.
        status: u16,
        /// What the vendor says.
        message: String,
    },
    /// There is no such model, or no such address.
    #[error("the model's server does not know the model `{model}`: {message}")]
    UnknownModel {
        /// The model that was asked for.
        model: String,
        /// What the vendor says.
        message: String,
    },
    /// The server failed.
    #[error("the model's server failed (status {status}): {message}")]
    Server {
        /// The status.
        status: u16,
        /// What the vendor says.
        message: String,
    },
    /// What came back is not an answer of this API.
    #[error("the model's server sent no answer but {found}")]
    NotAnAnswer {
        /// What it is: a web page, half a JSON document, ….
        found: String,
    },
    /// The model wrote nothing.
    #[error("the model's answer is empty")]
    Empty {
        /// What it cost.
        usage: Usage,
    },
    /// The model reasoned until it ran out of room.
    #[error("the model's answer is nothing but reasoning")]
    ReasoningOnly {
        /// What it cost.
        usage: Usage,
    },
    /// The model declined.
    #[error("the model declined to answer: {message}")]
    Refusal {
        /// What it said.
        message: String,
        /// What it cost.
        usage: Usage,
    },
    /// The vendor's filter took the answer away.
    #[error("the vendor's content filter withheld the answer")]
    ContentFilter {
        /// What it cost.
        usage: Usage,
    },
}

impl ModelError {
    /// The word that names the reason in reports and in the store.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::RefusedKey { .. } => "refused_key",
            Self::Quota { .. } => "quota",
            Self::RateLimit { .. } => "rate_limit",
            Self::Overloaded { .. } => "overloaded",
            Self::ContextTooLong { .. } => "context_too_long",
            Self::BadRequest { .. } => "bad_request",
            Self::UnknownModel { .. } => "unknown_model",
            Self::Server { .. } => "server_error",
            Self::NotAnAnswer { .. } => "not_an_answer",
            Self::Empty { .. } => "empty",
            Self::ReasoningOnly { .. } => "reasoning_only",
            Self::Refusal { .. } => "refusal",
            Self::ContentFilter { .. } => "content_filter",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::RefusedKey { .. } => {
                "check the key in the environment, and that it may use this model"
            }
            Self::Quota { .. } => {
                "check the plan, the credit and the spending limit of the account"
            }
            Self::RateLimit { .. } => "try again later, or with fewer calls at a time",
            Self::Overloaded { .. } | Self::Server { .. } => "try again later",
            Self::ContextTooLong { .. } => {
                "lower the input budget in the settings, or give a local server more context"
            }
            Self::BadRequest { .. } => {
                "the server may not know a parameter: check `base_url`, the model and `temperature`"
            }
            Self::UnknownModel { .. } => "check the model's name and `base_url` in the settings",
            Self::NotAnAnswer { .. } => {
                "check `base_url`: it should end where the API starts, often in `/v1`"
            }
            Self::Empty { .. } => "try again, or take another model",
            Self::ReasoningOnly { .. } => {
                "give the answer more room, or take a model that reasons less"
            }
            Self::Refusal { .. } | Self::ContentFilter { .. } => {
                "another model may answer; the story itself may be why this one does not"
            }
        };
        Some(hint.to_owned())
    }

    /// How long the vendor asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimit { retry_after } | Self::Overloaded { retry_after } => *retry_after,
            _ => None,
        }
    }

    /// What an answer that cannot be used has cost all the same.
    pub fn usage(&self) -> Option<Usage> {
        match self {
            Self::Empty { usage }
            | Self::ReasoningOnly { usage }
            | Self::Refusal { usage, .. }
            | Self::ContentFilter { usage } => Some(*usage),
            _ => None,
        }
    }
}

/// The answer's JSON, or why it is none: the status says that the request failed, the
/// body is no JSON, or it is an error in spite of its status.
///
/// `model` is what was asked for, and `key` what no message may repeat.
pub(super) fn document(
    response: &Response,
    model: &str,
    key: Option<&str>,
) -> Result<Value, ModelError> {
    let body = serde_json::from_slice::<Value>(&response.body);
    let error = body.as_ref().ok().and_then(error_object);
    let success = (200..300).contains(&response.status);
    match (success, error, body) {
        (true, None, Ok(body)) => Ok(body),
        (true, None, Err(fault)) => Err(not_json(&response.body, &fault)),
        (_, error, _) => Err(classify(response, error.as_ref(), model, key)),
    }
}

/// A model's or vendor's message, fit for a log.
pub(super) fn message(text: &str, key: Option<&str>) -> String {
    let text = match key {
        Some(key) if !key.is_empty() => text.replace(key, "[REDACTED]"),
        _ => text.to_owned(),
    };
    let folded: Vec<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| {
            if word.contains("sk-") {
                "[REDACTED]"
            } else {
                word
            }
        })
        .collect();
    let folded = folded.join(" ");
    if folded.chars().count() <= MOST_MESSAGE {
        return folded;
    }
    let mut short: String = folded.chars().take(MOST_MESSAGE).collect();
    short.push('…');
    short
}

/// What the two vendors and the servers that imitate them say about an error.
struct Said {
    /// `error.type` and `error.code`, in lower case.
    words: String,
    message: String,
    /// `error.code` where it is a number: the status of an error sent with a 200.
    status: Option<u16>,
}

fn error_object(body: &Value) -> Option<Said> {
    fn word(value: Option<&Value>) -> &str {
        value.and_then(Value::as_str).unwrap_or_default()
    }
    let error = body.get("error").filter(|error| !error.is_null())?;
    let code = error.get("code");
    Some(Said {
        words: format!("{} {}", word(error.get("type")), word(code)).to_lowercase(),
        // Some servers say `"error": "…"`.
        message: word(error.get("message").or(Some(error))).to_owned(),
        status: code
            .and_then(Value::as_u64)
            .and_then(|code| u16::try_from(code).ok()),
    })
}

fn classify(
    response: &Response,
    said: Option<&Said>,
    model: &str,
    key: Option<&str>,
) -> ModelError {
    let success = (200..300).contains(&response.status);
    let said_status = said.and_then(|said| said.status);
    let status = if success {
        said_status.unwrap_or(500)
    } else {
        response.status
    };
    let words = said.map_or("", |said| &said.words);
    let lower = said.map_or(String::new(), |said| said.message.to_lowercase());
    let says = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    let text = match said {
        Some(said) if !said.message.is_empty() => message(&said.message, key),
        _ => "it gives no reason".to_owned(),
    };
    if has(&TOO_LONG_WORDS) || says(&TOO_LONG_PHRASES) || status == 413 {
        return ModelError::ContextTooLong { message: text };
    }
    if has(&["insufficient_quota", "billing"]) || says(&QUOTA_PHRASES) || status == 402 {
        return ModelError::Quota { message: text };
    }
    if has(&[
        "authentication_error",
        "permission_error",
        "invalid_api_key",
    ]) || matches!(status, 401 | 403)
    {
        let status = if status == 403 { 403 } else { 401 };
        return ModelError::RefusedKey { status };
    }
    if has(&["rate_limit"]) || status == 429 {
        let retry_after = retry_after(response);
        return ModelError::RateLimit { retry_after };
    }
    if has(&["overloaded", "unavailable_error"]) || matches!(status, 503 | 529) {
        let retry_after = retry_after(response);
        return ModelError::Overloaded { retry_after };
    }
    if has(&["content_filter", "content_policy"]) {
        return ModelError::ContentFilter {
            usage: Usage::default(),
        };
    }
    if has(&["model_not_found", "not_found_error"]) || status == 404 {
        return ModelError::UnknownModel {
            model: model.to_owned(),
            message: text,
        };
    }
    match status {
        300..=399 => ModelError::NotAnAnswer {
            found: format!("a redirect (status {status})"),
        },
        408 | 500.. => ModelError::Server {
            status,
            message: text,
        },
        _ => ModelError::BadRequest {
            status,
            message: text,
        },
    }
}

fn not_json(body: &[u8], fault: &serde_json::Error) -> ModelError {
    let start = body.trim_ascii_start();
    let found = if start.is_empty() {
        "an empty body".to_owned()
    } else if start.starts_with(b"<") {
        "a web page".to_owned()
    } else if fault.is_eof() {
        "half a JSON document".to_owned()
    } else {
        format!("something that is not JSON ({fault})")
    };
    ModelError::NotAnAnswer { found }
}

/// `Retry-After` in seconds, or as a date against the server's own `Date`: so the
/// result does not depend on our clock.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let parser = rfc2822::DateTimeParser::new();
    let until = parser.parse_timestamp(value).ok()?;
    let now = parser.parse_timestamp(response.header("date")?).ok()?;
    Duration::try_from(until.duration_since(now)).ok()
}
