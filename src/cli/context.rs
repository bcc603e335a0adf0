//! What commands share: the settings, and the parts that are built from them when a
//! command needs them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{Exit, Failure, Global, output};
use crate::{
    article::Sites,
    fetch::{
        Client, Clock, Guard, Limits, Live, LiveOptions, Policy, Recorder, Replay, ReplayClock,
        Retry, SharedTransport, SystemClock, shown,
    },
    pipeline::{Concurrency, Engine, EngineError, ModelEngine, Pipeline, Stop},
    prompt::Library,
    settings::{Origins, Settings},
    store::Store,
};

/// The folder of the store when nothing names one.
const DEFAULT_STORE: &str = "prism-data";

/// The site rules of a recording.
const SITES: &str = "sites.toml";

/// Most time for a connection to come about; a server that takes longer is not there.
const CONNECT_TIME: Duration = Duration::from_secs(10);

pub(super) struct Context {
    global: Global,
    env: BTreeMap<String, String>,
}

/// The way in and out, and the time.
pub(super) struct Network {
    pub(super) client: Client,
    pub(super) clock: Arc<dyn Clock>,
}

/// Whether a command may look for a key when the settings name no engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unset {
    LookAround,
    Refuse,
}

impl Context {
    pub(super) fn new(global: Global) -> Self {
        // A variable that is no Unicode cannot be a setting or a key of ours.
        let env = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { global, env }
    }

    /// The settings, with what the command's own flags say.
    pub(super) fn settings(
        &self,
        flags: Vec<(&'static str, toml::Value)>,
    ) -> Result<Settings, Failure> {
        Ok(Settings::load(&Origins {
            config: self.global.config.clone(),
            replay: self.global.replay.clone(),
            env: self.env.clone(),
            flags,
        })?)
    }

    /// The settings file that was named.
    pub(super) fn config(&self) -> Option<&Path> {
        self.global.config.as_deref()
    }

    /// The settings file that is used, where there is one.
    pub(super) fn settings_file(&self) -> Option<PathBuf> {
        let origins = Origins {
            config: self.global.config.clone(),
            replay: self.global.replay.clone(),
            ..Origins::default()
        };
        origins.file()
    }

    /// Where keys are; nowhere under replay, which needs none.
    pub(super) fn keys(&self) -> Option<&BTreeMap<String, String>> {
        (!self.is_replay()).then_some(&self.env)
    }

    pub(super) fn is_replay(&self) -> bool {
        self.global.replay.is_some()
    }

    /// The client, with the clock that goes with it.
    pub(super) fn network(&self, settings: &Settings) -> Result<Network, Failure> {
        let fetch = &settings.fetch;
        let guard = Guard::new(&fetch.allow_private)?.with_hosts(fetch.hosts.clone());
        let (transport, clock) = match &self.global.replay {
            Some(folder) => replay(folder)?,
            None => self.live(settings, guard.clone())?,
        };
        let limits = Limits {
            bytes: fetch.max_bytes,
            time: fetch.timeout.0,
        };
        let policy = Policy {
            page: limits,
            feed: limits,
            pages: Retry {
                times: fetch.retries,
                longest_wait: fetch.max_wait.0,
                ..Retry::PAGES
            },
            conditional: !self.is_replay() && self.global.record.is_none(),
            ..Policy::default()
        };
        let client = Client::new(transport, Arc::clone(&clock), guard, policy);
        Ok(Network { client, clock })
    }

    /// The real network, recorded where that is wanted.
    fn live(
        &self,
        settings: &Settings,
        guard: Guard,
    ) -> Result<(SharedTransport, Arc<dyn Clock>), Failure> {
        let live = Arc::new(Live::new(LiveOptions {
            user_agent: settings.fetch.user_agent.clone(),
            guard,
            connect_time: CONNECT_TIME,
        })?);
        let clock = Arc::new(SystemClock);
        let Some(folder) = &self.global.record else {
            return Ok((live, clock));
        };
        self.keep_settings(folder, settings)?;
        let recorder = Recorder::create(folder, live, clock.now())?;
        Ok((Arc::new(recorder), clock))
    }

    /// A recording holds the settings that it was made with, so that its replay asks the
    /// same. Keys come from the environment or from a file; an address that holds a secret
    /// must not get into a recording.
    fn keep_settings(&self, folder: &Path, settings: &Settings) -> Result<(), Failure> {
        let feeds = settings.feeds.iter().map(|feed| &feed.url);
        if let Some(url) = feeds
            .chain(&settings.model.base_url)
            .find(|url| shown(url) != url.as_str())
        {
            let message = format!("the settings hold a secret in the address `{}`", shown(url));
            let hint = "a recording keeps the settings: record without that secret";
            return Err(Failure::new(Exit::Usage, message, Some(hint.into())));
        }
        let origins = Origins {
            config: self.global.config.clone(),
            ..Origins::default()
        };
        if let Some(path) = origins.file() {
            keep(&path, folder, "prism.toml")?;
        }
        if let Some(path) = &settings.article.sites {
            keep(path, folder, SITES)?;
        }
        Ok(())
    }

    pub(super) async fn store(&self, settings: &Settings) -> Result<Store, Failure> {
        Ok(Store::open(&self.store_folder(settings)).await?)
    }

    /// The store, if there is one: a command that only looks makes no folder.
    pub(super) async fn existing_store(&self, settings: &Settings) -> Result<Store, Failure> {
        let folder = self.store_folder(settings);
        if !folder.is_dir() {
            return Err(Failure::new(
                Exit::Nothing,
                format!("there is no store in `{}`", folder.display()),
                Some(
                    "`prism ingest` and `prism analyze` make one; `--store` names another folder"
                        .into(),
                ),
            ));
        }
        self.store(settings).await
    }

    pub(super) fn store_folder(&self, settings: &Settings) -> PathBuf {
        let folder = self.global.store.as_ref().or(settings.store.dir.as_ref());
        folder.cloned().unwrap_or_else(|| DEFAULT_STORE.into())
    }

    /// What is known of single sites: the house's file is the recording's own under replay,
    /// as the settings are.
    pub(super) fn sites(&self, settings: &Settings) -> Result<Sites, Failure> {
        let recorded = self
            .global
            .replay
            .as_ref()
            .filter(|_| self.global.config.is_none())
            .map(|folder| folder.join(SITES))
            .filter(|path| path.exists());
        Ok(
            match recorded.as_ref().or(settings.article.sites.as_ref()) {
                Some(path) => Sites::with_file(path)?,
                None => Sites::builtin().clone(),
            },
        )
    }

    pub(super) fn library(&self) -> Result<Library, Failure> {
        Ok(match &self.global.prompts {
            Some(folder) => Library::with_folder(folder)?,
            None => Library::builtin(),
        })
    }

    pub(super) async fn engine(
        &self,
        settings: &Settings,
        client: &Client,
        unset: Unset,
    ) -> Result<Engine, Failure> {
        let env = self.keys();
        if let Some(engine) = Engine::from_settings(settings, env)? {
            return Ok(engine);
        }
        match (unset, env) {
            (Unset::LookAround, Some(env)) => Ok(Engine::look_around(settings, env, client).await?),
            (Unset::LookAround, None) => Ok(Engine::Extractive),
            (Unset::Refuse, _) => Err(EngineError::Unset.into()),
        }
    }

    /// Everything that writing needs; says who writes, and to whom the text goes.
    pub(super) async fn pipeline(
        &self,
        settings: Settings,
        unset: Unset,
    ) -> Result<Pipeline, Failure> {
        let sites = self.sites(&settings)?;
        let network = self.network(&settings)?;
        let library = self.library()?;
        let engine = self.engine(&settings, &network.client, unset).await?;
        let store = self.store(&settings).await?;
        output::say(&format!("engine: {engine}\n"));
        let judge = ModelEngine::judge(&settings, self.keys())?;
        if let Some(judge) = &judge {
            output::say(&format!("judge: {judge}\n"));
        }
        if unset == Unset::Refuse {
            let models = match &engine {
                Engine::Model(model) => Some(model),
                Engine::Extractive => None,
            };
            for model in models.into_iter().chain(&judge) {
                model.bounded(&settings)?;
            }
        }
        let concurrency = Concurrency::new(&settings, self.is_replay());
        let pipeline = Pipeline::new(
            settings,
            network.client,
            network.clock,
            store,
            engine,
            library,
            concurrency,
        )
        .with_sites(sites)
        .with_judge(judge);
        stop_on_signal(pipeline.stop.clone());
        Ok(pipeline)
    }
}

/// Copies a file into a recording.
fn keep(path: &Path, folder: &Path, name: &str) -> Result<(), Failure> {
    let into = folder.join(name);
    if path == into {
        return Ok(());
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::io("make the folder", folder, &error))?;
    std::fs::copy(path, &into)
        .map_err(|error| Failure::io("copy the settings to", &into, &error))?;
    Ok(())
}

/// A recording, with the clock of its time.
fn replay(folder: &Path) -> Result<(SharedTransport, Arc<dyn Clock>), Failure> {
    let replay = Replay::open(folder)?;
    let clock = Arc::new(ReplayClock::new(replay.recorded_at()));
    Ok((Arc::new(replay), clock))
}

/// The first Ctrl-C or SIGTERM asks the run to end, so that what was bought is saved; a
/// second one ends the process at once.
fn stop_on_signal(stop: Stop) {
    tokio::spawn(async move {
        loop {
            if interrupted().await.is_err() {
                return;
            }
            if stop.is_set() {
                std::process::exit(i32::from(Exit::Interrupted as u8));
            }
            output::say("stopping: nothing more is bought, what was bought is saved\n");
            stop.set();
        }
    });
}

#[cfg(unix)]
async fn interrupted() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
