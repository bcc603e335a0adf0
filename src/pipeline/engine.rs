//! Which engine writes, and to whom the text goes.

use std::{collections::BTreeMap, fmt, time::Duration};

use secrecy::SecretString;
use url::Url;

use crate::{
    fetch::{Client, Limits, Method, Purpose, Request},
    llm::{ListedPrice, ModelOptions, Provider, ProviderKind, provider},
    pack::Tokens,
    settings::{ModelSettings, Price, ProviderName, Settings, SettingsError},
};

/// The model that is asked when a key is there and no name is set: the vendors' small
/// models, as their documentation named them when this was written.
const DEFAULT_MODELS: [(ProviderName, &str); 3] = [
    (ProviderName::Anthropic, "claude-haiku-4-5"),
    (ProviderName::Gemini, "gemini-flash-latest"),
    (ProviderName::Openai, "gpt-5-mini"),
];

/// Where a person looks for a key first, second and third.
const KEY_ORDER: [ProviderName; 3] = [
    ProviderName::Anthropic,
    ProviderName::Openai,
    ProviderName::Gemini,
];

/// What writes.
pub enum Engine {
    /// A language model.
    Model(ModelEngine),
    /// A program that takes the sources' own sentences.
    Extractive,
}

/// A language model.
pub struct ModelEngine {
    /// Its translator.
    pub provider: Box<dyn Provider>,
    /// Who answers.
    pub vendor: ProviderName,
    /// Its name as the vendor has it.
    pub model: String,
    /// Where its API is.
    pub base_url: Url,
    /// How its tokens are counted.
    pub tokens: Tokens,
    /// Tokens that prompt and answer may have together.
    pub context_tokens: usize,
    /// Tokens of it that are kept free for the answer.
    pub max_output_tokens: usize,
    /// What it costs; without it the cost is unknown.
    pub price: Option<Price>,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(model) => write!(f, "{model}"),
            Self::Extractive => {
                write!(
                    f,
                    "the extractive engine, no model; the text of the articles goes to nobody"
                )
            }
        }
    }
}

impl fmt::Display for ModelEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the model `{}` by `{}`; the text of the articles goes to {}",
            self.model,
            self.vendor.as_str(),
            self.base_url.host_str().unwrap_or("an unknown host")
        )
    }
}

impl Engine {
    /// The engine that the settings name, or `None` where they say nothing. `env` holds
    /// the keys; `None` stands for a replay, which needs none.
    pub fn from_settings(
        settings: &Settings,
        env: Option<&BTreeMap<String, String>>,
    ) -> Result<Option<Self>, EngineError> {
        match settings.model.provider {
            None => Ok(None),
            Some(ProviderName::Extractive) => Ok(Some(Self::Extractive)),
            Some(name) => {
                let model = ModelEngine::from_settings(&settings.model, name, env)?;
                Ok(Some(Self::Model(model)))
            }
        }
    }

    /// The engine of a machine whose settings say nothing: the first key that is set,
    /// else an Ollama that answers here, else the extractive engine.
    pub async fn look_around(
        settings: &Settings,
        env: &BTreeMap<String, String>,
        client: &Client,
    ) -> Result<Self, EngineError> {
        for name in KEY_ORDER {
            // Only the vendor's own variables: a key that the settings name for one vendor
            // must not go to another.
            let own = |suffix: &str| env.get(&format!("{}_{suffix}", name.as_str().to_uppercase()));
            let Some(key) = own("API_KEY")
                .map(|key| key.trim())
                .filter(|key| !key.is_empty())
            else {
                continue;
            };
            let Some(model) = settings.model.name.clone().or_else(|| default_model(name)) else {
                continue;
            };
            let base_url = match own("BASE_URL") {
                Some(said) => Some(said.parse().map_err(|_| EngineError::BadBaseUrl {
                    variable: format!("{}_BASE_URL", name.as_str().to_uppercase()),
                })?),
                None => None,
            };
            let key = Some(SecretString::from(key));
            let model = ModelEngine::new(&settings.model, name, model, key, base_url)?;
            return Ok(Self::Model(model));
        }
        match ollama_model(client).await {
            Some(model) => {
                let model = settings.model.name.clone().unwrap_or(model);
                let name = ProviderName::Ollama;
                let model = ModelEngine::new(&settings.model, name, model, None, None)?;
                Ok(Self::Model(model))
            }
            None => Ok(Self::Extractive),
        }
    }
}

impl ModelEngine {
    /// Who answers and with which model, as purchases name it: `openai/gpt-5-mini`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.vendor.as_str(), self.model)
    }

    /// Refuses a model that could be bought without bound.
    pub fn bounded(&self, settings: &Settings) -> Result<(), EngineError> {
        if self.price.is_some() || settings.budget.bounds_tokens() {
            return Ok(());
        }
        Err(EngineError::Unpriced {
            model: self.model.clone(),
        })
    }

    /// The model that the settings name for this provider. `env` holds the keys; `None`
    /// stands for a replay, which needs none.
    fn from_settings(
        settings: &ModelSettings,
        name: ProviderName,
        env: Option<&BTreeMap<String, String>>,
    ) -> Result<Self, EngineError> {
        let key = match env {
            Some(env) => settings.api_key(name, env)?,
            None => None,
        };
        let needs_key = env.is_some() && key.is_none() && settings.base_url.is_none();
        if let Some(variable) = name.default_key_env().filter(|_| needs_key) {
            return Err(EngineError::NoKey {
                provider: name,
                variable,
            });
        }
        let Some(model) = settings.name.clone().or_else(|| default_model(name)) else {
            return Err(EngineError::NoModel { provider: name });
        };
        Self::new(settings, name, model, key, None)
    }

    /// The model that judges, where the settings name one; `env` as for the engine.
    pub fn judge(
        settings: &Settings,
        env: Option<&BTreeMap<String, String>>,
    ) -> Result<Option<Self>, EngineError> {
        let Some(judge) = &settings.verify.judge else {
            return Ok(None);
        };
        match judge.provider {
            None | Some(ProviderName::Extractive) => Err(EngineError::NoJudge),
            Some(name) => Self::from_settings(judge, name, env).map(Some),
        }
    }

    fn new(
        settings: &ModelSettings,
        name: ProviderName,
        model: String,
        key: Option<SecretString>,
        base_url: Option<Url>,
    ) -> Result<Self, EngineError> {
        let base_url = match settings.base_url.clone().or(base_url) {
            Some(url) => url,
            None => name
                .default_base_url()
                .parse()
                .expect("the table holds addresses"),
        };
        if !matches!(base_url.scheme(), "http" | "https") {
            return Err(EngineError::BaseUrl { url: base_url });
        }
        let kind = match name {
            ProviderName::Anthropic => ProviderKind::Anthropic,
            _ => ProviderKind::OpenAi,
        };
        let options = ModelOptions {
            base_url: base_url.clone(),
            model: model.clone(),
            key,
            temperature: settings.temperature,
            seed: settings.seed,
            time: settings.timeout.0,
        };
        let provider = provider(kind, options);
        let tokens = Tokens::for_provider(name.as_str());
        let price = settings.price.or_else(|| known_price(name, &model));
        Ok(Self {
            provider,
            vendor: name,
            model,
            base_url,
            tokens,
            context_tokens: settings.context_tokens,
            max_output_tokens: settings.max_output_tokens,
            price,
        })
    }
}

/// The price of the built-in table; a model on this machine costs nothing.
fn known_price(provider: ProviderName, model: &str) -> Option<Price> {
    const FREE: Price = Price {
        input: 0.0,
        cached_input: None,
        output: 0.0,
    };
    match provider {
        ProviderName::Ollama => Some(FREE),
        _ => ListedPrice::of(provider, model).map(ListedPrice::price),
    }
}

fn default_model(name: ProviderName) -> Option<String> {
    let found = DEFAULT_MODELS
        .iter()
        .find(|(provider, _)| *provider == name);
    found.map(|(_, model)| (*model).to_owned())
}

/// The first model of an Ollama on this machine, if one answers. Its list of models is
/// `GET /api/tags`: `{"models":[{"name": …}]}`.
async fn ollama_model(client: &Client) -> Option<String> {
    let request = Request {
        method: Method::Get,
        url: "http://127.0.0.1:11434/api/tags".parse().ok()?,
        purpose: Purpose::Model,
        headers: Vec::new(),
        secret_headers: Vec::new(),
        body: None,
        limits: Limits {
            bytes: 1_000_000,
            time: Duration::from_millis(300),
        },
    };
    let response = client
        .once(request)
        .await
        .ok()
        .filter(|response| response.status == 200)?;
    let tags: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    Some(tags["models"][0]["name"].as_str()?.to_owned())
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A vendor that needs a key, and none is set.
    #[error("no key for the provider `{}`: `{variable}` is not set", provider.as_str())]
    NoKey {
        /// The vendor.
        provider: ProviderName,
        /// Where its key is looked for.
        variable: &'static str,
    },
    /// A provider that has no customary model.
    #[error("`model.name` is not set, and the provider `{}` has no customary model", provider.as_str())]
    NoModel {
        /// The provider.
        provider: ProviderName,
    },
    /// An address that no model can be reached at.
    #[error("`model.base_url` is `{url}`, which is no `http` or `https` address")]
    BaseUrl {
        /// The address.
        url: Url,
    },
    /// A variable that should hold an address holds none.
    #[error("`{variable}` holds no address")]
    BadBaseUrl {
        /// The variable.
        variable: String,
    },
    /// A model without a price, and nothing that bounds its tokens.
    #[error("the price of the model `{model}` is unknown, so no cap in dollars can hold")]
    Unpriced {
        /// The model.
        model: String,
    },
    /// A judge without a provider, or one that is no model.
    #[error("`[verify.judge]` does not say which model judges")]
    NoJudge,
    /// The settings say nothing, and this command must not guess.
    #[error("the settings do not say which engine writes")]
    Unset,
}

impl EngineError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Settings(error) => error.hint(),
            Self::NoKey { variable, .. } => Some(format!(
                "set `{variable}`, or name another variable with `model.api_key_env` or a file with `model.api_key_file`"
            )),
            Self::Unset => Some(
                "put `[model]` with `provider = \"openai\"` (or `anthropic`, `gemini`, `ollama`, `extractive`) into prism.toml"
                    .into(),
            ),
            Self::NoJudge => Some(
                "set `provider` and `name` there, or leave the section out: nothing is judged then".into(),
            ),
            Self::Unpriced { .. } => Some(
                "set `model.price`, or cap its tokens with `budget.tokens_per_day`, or say `budget.unpriced = true`"
                    .into(),
            ),
            Self::NoModel { .. } | Self::BaseUrl { .. } | Self::BadBaseUrl { .. } => None,
        }
    }
}
