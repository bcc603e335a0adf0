//! What is used: built once from the file, the environment and the flags.
//!
//! The environment comes in through [`Origins`], and nothing below reads it. An unknown key is an
//! error that names the nearest known one. Under replay the recording's own file is
//! used and the environment chooses nothing.

mod budget;
mod error;
mod feeds;
mod keys;
mod model;
mod pause;

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

pub use budget::BudgetSettings;
pub use error::SettingsError;
pub use feeds::{FeedSettings, Pattern};
pub use model::{ModelSettings, Price, ProviderName};
pub use pause::Pause;

use crate::verify::CopyLimits;

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
    /// What may be spent.
    pub budget: BudgetSettings,
    /// How pages and feeds are fetched.
    pub fetch: FetchSettings,
    /// How articles are read from pages.
    pub article: ArticleSettings,
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

/// How articles are read from pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArticleSettings {
    /// A file of the house's own site rules.
    pub sites: Option<PathBuf>,
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
    /// How long a feed is not asked at most because its server said that it stays the same.
    pub trust_max_age: Pause,
}

impl Default for IngestSettings {
    fn default() -> Self {
        Self {
            max_age: Pause::seconds(48 * 3600),
            first_run_limit: 3,
            max_new_per_run: 40,
            deadline: Pause::seconds(12 * 60),
            trust_max_age: Pause::seconds(3600),
        }
    }
}

/// How analyses are checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VerifySettings {
    /// How often the model is asked to mend what the check found.
    pub max_repairs: usize,
    /// From so many words in a row on that are a source's, an editor is told.
    pub copy_warning_words: usize,
    /// From so many words in a row on, the analysis is held.
    pub copy_held_words: usize,
    /// A second model that judges each sentence by its evidence; none unless it is named.
    pub judge: Option<ModelSettings>,
}

impl Default for VerifySettings {
    fn default() -> Self {
        let copying = CopyLimits::default();
        Self {
            max_repairs: 1,
            copy_warning_words: copying.warning,
            copy_held_words: copying.held,
            judge: None,
        }
    }
}

impl VerifySettings {
    /// From which lengths on copying is found.
    pub fn copy_limits(&self) -> CopyLimits {
        CopyLimits {
            warning: self.copy_warning_words,
            held: self.copy_held_words,
        }
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
    /// How long a run that must end still waits for answers that are under way.
    pub grace: Pause,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            attention: vec![
                Attention::RefusedKey,
                Attention::CapReached,
                Attention::DamagedStore,
            ],
            grace: Pause::seconds(20),
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
        let settings: Self =
            serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
                SettingsError::Value {
                    key: error.path().to_string(),
                    problem: error.into_inner().message().trim().to_owned(),
                    file: file.clone(),
                }
            })?;
        if settings.house.categories.is_empty() {
            let (key, problem) = ("house.categories".into(), "needs at least one".into());
            return Err(SettingsError::Value { key, problem, file });
        }
        let categories = &settings.house.categories;
        let mut problems = settings.feeds.iter().map(|feed| feed.problem(categories));
        if let Some((key, problem)) = problems.find_map(|problem| problem) {
            let key = key.into();
            return Err(SettingsError::Value { key, problem, file });
        }
        Ok(settings)
    }

    /// What is wanted of the feed at this address.
    pub fn feed(&self, url: &Url) -> FeedSettings {
        let configured = self.feeds.iter().find(|feed| feed.url == *url);
        configured
            .cloned()
            .unwrap_or_else(|| FeedSettings::everything(url.clone()))
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
            .model
            .api_key(ProviderName::Openai, &BTreeMap::new())
            .unwrap_err();
        assert!(error.to_string().contains("`HOUSE_KEY`"), "{error}");
    }
}
