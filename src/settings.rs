//! What is used: built once from the file, the environment and the flags.
//!
//! The environment is read in [`Settings::load`] and nowhere else. An unknown key is an
//! error that names the nearest known one. Under replay the recording's own file is
//! used and the environment chooses nothing.

mod keys;
mod pause;

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

pub use pause::Pause;

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where documents and state are kept, when `--store` does not say.
    pub store: StoreSettings,
    /// How the house writes.
    pub house: House,
    /// Which engine writes, and with which model.
    pub model: ModelSettings,
    /// How pages and feeds are fetched.
    pub fetch: FetchSettings,
    /// What one run over the feeds takes on.
    pub ingest: IngestSettings,
    /// How analyses are checked.
    pub verify: VerifySettings,
    /// Which analyses may be published.
    pub publish: PublishSettings,
    /// The engine without a model.
    pub extractive: ExtractiveSettings,
    /// What a run reports.
    pub run: RunSettings,
    /// The feeds of `prism ingest`.
    pub feeds: Vec<FeedSettings>,
}

/// Where things are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// The folder; `prism-data` when nothing says otherwise.
    pub dir: Option<PathBuf>,
}

/// How the house writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct House {
    /// The language of the analyses as a BCP 47 tag, or `source` for that of the first source.
    pub language: String,
    /// The closed list of categories; the last one takes what fits no other.
    pub categories: Vec<String>,
    /// What the house asks of its writers, in plain words; stands in every prompt.
    pub style: String,
    /// Words that an analysis should have.
    pub words: usize,
    /// What marks the text as written by a machine.
    pub label: String,
    /// The note under every analysis that a model wrote.
    pub disclaimer: String,
}

impl Default for House {
    fn default() -> Self {
        Self {
            language: "source".into(),
            categories: [
                "Politics",
                "World",
                "Business",
                "Technology",
                "Science",
                "Health",
                "Environment",
                "Culture",
                "Sports",
                "Society",
            ]
            .map(String::from)
            .to_vec(),
            style: "Plain and concrete. Short sentences, active verbs, no opinion, no exclamation marks."
                .into(),
            words: 280,
            label: "AI Analysis".into(),
            disclaimer: "A language model wrote this analysis from the sources named here, and a program \
                         checked it against them. It can still be wrong: please read the original reports."
                .into(),
        }
    }
}

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

/// How pages and feeds are fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FetchSettings {
    /// Who we say we are.
    pub user_agent: String,
    /// How long one exchange may take.
    pub timeout: Pause,
    /// Most bytes of a page or feed, after decompression.
    pub max_bytes: usize,
    /// How often an exchange that failed for a passing reason is repeated.
    pub retries: u32,
    /// The longest `Retry-After` that is waited for.
    pub max_wait: Pause,
    /// Exchanges at the same time.
    pub concurrency: usize,
    /// Private addresses that may be fetched all the same, such as `127.0.0.0/8:8970`.
    pub allow_private: Vec<String>,
    /// Hosts that are reached at a fixed address, as with curl's `--connect-to`.
    pub hosts: BTreeMap<String, SocketAddr>,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            user_agent: concat!("prism/", env!("CARGO_PKG_VERSION")).into(),
            timeout: Pause::seconds(30),
            max_bytes: 10_000_000,
            retries: 3,
            max_wait: Pause::seconds(60),
            concurrency: 8,
            allow_private: Vec::new(),
            hosts: BTreeMap::new(),
        }
    }
}

/// What one run over the feeds takes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IngestSettings {
    /// Older entries are skipped.
    pub max_age: Pause,
    /// Entries of a feed that is read for the first time.
    pub first_run_limit: usize,
    /// New analyses of one run; the rest is deferred.
    pub max_new_per_run: usize,
    /// When a run ends, whatever the sites do.
    pub deadline: Pause,
}

impl Default for IngestSettings {
    fn default() -> Self {
        Self {
            max_age: Pause::seconds(48 * 3600),
            first_run_limit: 3,
            max_new_per_run: 40,
            deadline: Pause::seconds(12 * 60),
        }
    }
}

/// How analyses are checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VerifySettings {
    /// How often the model is asked to mend what the check found.
    pub max_repairs: usize,
}

impl Default for VerifySettings {
    fn default() -> Self {
        Self { max_repairs: 1 }
    }
}

/// Which analyses may be published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PublishSettings {
    /// What a revision must be before it replaces the published one.
    pub require: PublishRequires,
}

/// What must be true of a published revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublishRequires {
    /// Its status is `ready`.
    #[default]
    Ready,
    /// A person has approved it.
    Approved,
}

/// The engine without a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExtractiveSettings {
    /// Whether its analyses, which consist of the sources' own sentences, may be published.
    pub publish: bool,
}

/// What a run reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunSettings {
    /// What makes a run exit with 3.
    pub attention: Vec<Attention>,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            attention: vec![
                Attention::RefusedKey,
                Attention::CapReached,
                Attention::DamagedStore,
            ],
        }
    }
}

/// What a person must see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The model's vendor refused the key.
    RefusedKey,
    /// A spending cap was reached.
    CapReached,
    /// The store is damaged.
    DamagedStore,
    /// An item failed.
    ItemFailed,
    /// An analysis was held.
    Held,
}

/// One feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedSettings {
    /// Where it is.
    pub url: Url,
}

/// Where settings come from, in the order in which the later wins.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// `--config`; else `prism.toml` in the working folder, where there is one.
    pub config: Option<PathBuf>,
    /// `--replay`: its `prism.toml` is the file, unless `--config` names one.
    pub replay: Option<PathBuf>,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// Flags, as `key = value` of a dotted key.
    pub flags: Vec<(&'static str, toml::Value)>,
}

impl Settings {
    /// Builds the settings from all their origins.
    pub fn load(origins: &Origins) -> Result<Self, SettingsError> {
        let file = origins.file();
        let mut table = match &file {
            Some(path) => read_table(path)?,
            None => toml::Table::new(),
        };
        keys::check(&table).map_err(|unknown| unknown.into_error(file.as_deref()))?;
        if origins.replay.is_none() {
            for (key, value) in keys::from_env(&origins.env) {
                keys::insert(&mut table, &key, value);
            }
        }
        for (key, value) in &origins.flags {
            keys::insert(&mut table, key, value.clone());
        }
        serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
            SettingsError::Value {
                key: error.path().to_string(),
                problem: error.into_inner().message().trim().to_owned(),
                file,
            }
        })
    }

    /// The key of this provider, from the variable or the file that the settings name,
    /// else from the vendor's customary variable.
    pub fn api_key(
        &self,
        provider: ProviderName,
        env: &BTreeMap<String, String>,
    ) -> Result<Option<SecretString>, SettingsError> {
        if let Some(path) = &self.model.api_key_file {
            let text = fs::read_to_string(path).map_err(|error| SettingsError::Read {
                path: path.clone(),
                error,
            })?;
            return Ok(Some(SecretString::from(text.trim())));
        }
        let name = self
            .model
            .api_key_env
            .as_deref()
            .or(provider.default_key_env());
        let key = name
            .and_then(|name| env.get(name))
            .filter(|key| !key.trim().is_empty());
        match (key, &self.model.api_key_env) {
            (Some(key), _) => Ok(Some(SecretString::from(key.trim()))),
            (None, Some(name)) => Err(SettingsError::NoKey { name: name.clone() }),
            (None, None) => Ok(None),
        }
    }
}

impl Origins {
    /// The settings file: the one that `config` names, else `prism.toml` of the recording or of
    /// the working folder.
    pub fn file(&self) -> Option<PathBuf> {
        let in_folder =
            |folder: &Path| Some(folder.join("prism.toml")).filter(|path| path.exists());
        match (&self.config, &self.replay) {
            (Some(path), _) => Some(path.clone()),
            (None, Some(folder)) => in_folder(folder),
            (None, None) => in_folder(Path::new("")),
        }
    }
}

fn read_table(path: &Path) -> Result<toml::Table, SettingsError> {
    let text = fs::read_to_string(path).map_err(|error| SettingsError::Read {
        path: path.to_owned(),
        error,
    })?;
    text.parse()
        .map_err(|error: toml::de::Error| SettingsError::Syntax {
            path: path.to_owned(),
            line: error
                .span()
                .map_or(1, |span| text[..span.start].lines().count().max(1)),
            problem: error.message().to_owned(),
        })
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A named file cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("`{}`, line {line}: {problem}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A key that nobody knows.
    #[error("unknown setting `{key}`{}", in_file(file.as_deref()))]
    UnknownKey {
        /// The dotted key.
        key: String,
        /// The known key that comes nearest.
        nearest: Option<String>,
        /// Which file has it.
        file: Option<PathBuf>,
    },
    /// A value of the wrong kind.
    #[error("setting `{key}`{}: {problem}", in_file(file.as_deref()))]
    Value {
        /// The dotted key.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// Which file was read.
        file: Option<PathBuf>,
    },
    /// The settings name a variable for the key, and it is not set.
    #[error("the environment variable `{name}` that should hold the model's key is not set")]
    NoKey {
        /// The variable.
        name: String,
    },
}

impl SettingsError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey {
                nearest: Some(nearest),
                ..
            } => Some(format!("did you mean `{nearest}`?")),
            Self::NoKey { name } => Some(format!(
                "set `{name}`, or name a file that holds the key with `model.api_key_file`"
            )),
            _ => None,
        }
    }
}

fn in_file(file: Option<&Path>) -> String {
    file.map(|path| format!(" in `{}`", path.display()))
        .unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn load(text: &str, env: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prism.toml");
        fs::write(&path, text).unwrap();
        Settings::load(&Origins {
            config: Some(path),
            env: env
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            ..Origins::default()
        })
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let text = "[ingest]\nmax_age = \"3h\"\nfirst_run_limit = 7\n[[feeds]]\nurl = \"http://a.example/f\"";
        let settings = load(
            text,
            &[("PRISM_INGEST_MAX_AGE", "5h"), ("PRISM_MODEL_NAME", "m1")],
        )
        .unwrap();
        assert_eq!(settings.ingest.max_age, Pause::seconds(5 * 3600));
        assert_eq!(settings.ingest.first_run_limit, 7);
        assert_eq!(settings.model.name.as_deref(), Some("m1"));
        assert_eq!(settings.feeds.len(), 1);
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let error = load("[fetch]\nalow_private = []", &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("unknown setting `fetch.alow_private` in"),
            "{error}"
        );
        assert_eq!(
            error.hint().as_deref(),
            Some("did you mean `fetch.allow_private`?")
        );
        let error = load("[[feeds]]\nurl = \"http://a.example\"\nurk = 1", &[]).unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `feeds.url`?"));
    }

    #[test]
    fn a_wrong_value_and_broken_toml_say_where() {
        let error = load("[ingest]\nmax_age = \"soon\"", &[]).unwrap_err();
        assert!(
            error.to_string().contains("setting `ingest.max_age`"),
            "{error}"
        );
        let error = load("[ingest\nmax_age = 1", &[]).unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
    }

    #[test]
    fn a_key_that_the_settings_name_must_be_there() {
        let settings = load("[model]\napi_key_env = \"HOUSE_KEY\"", &[]).unwrap();
        let error = settings
            .api_key(ProviderName::Openai, &BTreeMap::new())
            .unwrap_err();
        assert!(error.to_string().contains("`HOUSE_KEY`"), "{error}");
    }
}
