//! Which model writes, where it is, and what it costs.

use std::{collections::BTreeMap, fs, path::PathBuf};

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Pause, SettingsError};

/// Which engine writes, and with which model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ModelSettings {
    /// Who answers; nothing means that `analyze` looks for a key and `ingest` refuses to start.
    pub provider: Option<ProviderName>,
    /// The model's name as the vendor has it.
    pub name: Option<String>,
    /// Where the API is, when it is not the vendor's own address.
    pub base_url: Option<Url>,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// A file that holds the key and nothing else.
    pub api_key_file: Option<PathBuf>,
    /// Tokens that prompt and answer may have together.
    pub context_tokens: usize,
    /// Tokens of it that are kept free for the answer.
    pub max_output_tokens: usize,
    /// Sampling temperature; the vendor's own when it is not set.
    pub temperature: Option<f64>,
    /// Seed, for servers that take one.
    pub seed: Option<u64>,
    /// How long one call may take.
    pub timeout: Pause,
    /// Calls at the same time.
    pub concurrency: usize,
    /// What the model costs; without it the cost is unknown.
    pub price: Option<Price>,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            provider: None,
            name: None,
            base_url: None,
            api_key_env: None,
            api_key_file: None,
            context_tokens: 32_000,
            max_output_tokens: 4_000,
            temperature: None,
            seed: None,
            timeout: Pause::seconds(180),
            concurrency: 4,
            price: None,
        }
    }
}

impl ModelSettings {
    /// The key of this provider, from the variable or the file that the settings name,
    /// else from the vendor's customary variable.
    pub fn api_key(
        &self,
        provider: ProviderName,
        env: &BTreeMap<String, String>,
    ) -> Result<Option<SecretString>, SettingsError> {
        if let Some(path) = &self.api_key_file {
            let text = fs::read_to_string(path).map_err(|error| SettingsError::Read {
                path: path.clone(),
                error,
            })?;
            return Ok(Some(SecretString::from(text.trim())));
        }
        let name = self.api_key_env.as_deref().or(provider.default_key_env());
        let key = name
            .and_then(|name| env.get(name))
            .filter(|key| !key.trim().is_empty());
        match (key, &self.api_key_env) {
            (Some(key), _) => Ok(Some(SecretString::from(key.trim()))),
            (None, Some(name)) => Err(SettingsError::NoKey { name: name.clone() }),
            (None, None) => Ok(None),
        }
    }
}

/// The engines by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    /// OpenAI's chat completions, or any server that speaks them (set `base_url`).
    Openai,
    /// Anthropic's Messages.
    Anthropic,
    /// Google's models through their OpenAI-compatible address.
    Gemini,
    /// An Ollama on this machine through its OpenAI-compatible address.
    Ollama,
    /// No model: the sources' own sentences.
    Extractive,
}

impl ProviderName {
    /// The word as settings and documents have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
            Self::Extractive => "extractive",
        }
    }

    /// Where the vendor's API is.
    pub fn default_base_url(self) -> &'static str {
        match self {
            Self::Openai => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta/openai",
            Self::Ollama => "http://127.0.0.1:11434/v1",
            Self::Extractive => "about:blank",
        }
    }

    /// The environment variable that customarily holds the vendor's key.
    pub fn default_key_env(self) -> Option<&'static str> {
        match self {
            Self::Openai => Some("OPENAI_API_KEY"),
            Self::Anthropic => Some("ANTHROPIC_API_KEY"),
            Self::Gemini => Some("GEMINI_API_KEY"),
            Self::Ollama | Self::Extractive => None,
        }
    }
}

/// US dollars for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of the prompt.
    pub input: f64,
    /// Of the part of the prompt that came from the vendor's cache; as `input` when it is not set.
    #[serde(default)]
    pub cached_input: Option<f64>,
    /// Of the answer.
    pub output: f64,
}
