//! The only place that knows all stages, and the only place with concurrency.
//!
//! [`gather`] brings articles in, [`Pipeline::write`] makes an analysis of a story and
//! stores it, [`Pipeline::ingest`] does both for the entries of feeds in three phases.

mod articles;
mod ask;
mod attempts;
mod breaker;
mod choice;
mod draft;
mod end;
mod engine;
mod entries;
mod estimate;
mod failure;
pub mod gather;
mod ingest;
mod judge;
mod plan;
mod repair;
mod wanted;
mod write;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Semaphore;

pub use end::Stop;
pub use engine::{Engine, EngineError, ModelEngine};
pub use failure::{AskFailure, WriteError};
pub use ingest::IngestOptions;
pub use write::{Order, Written, fitting_prompt, output_language};

use crate::{
    article::Sites,
    fetch::{Client, Clock},
    prompt::Library,
    report::milliseconds,
    settings::Settings,
    store::Store,
};
use breaker::Breaker;

/// All stages with what they share.
pub struct Pipeline {
    /// What is used.
    pub settings: Settings,
    /// The way in and out.
    pub client: Client,
    /// What is known of single sites.
    pub sites: Sites,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where things are kept.
    pub store: Store,
    /// What writes.
    pub engine: Engine,
    /// A second model that judges what was written, where the house wants one.
    pub judge: Option<ModelEngine>,
    /// The prompts.
    pub library: Library,
    /// Things done at the same time: one under replay, so that two replays write the
    /// same bytes in the same order.
    pub concurrency: Concurrency,
    /// Whether somebody asked the run to end.
    pub stop: Stop,
    /// Names the run among the purchases.
    run: String,
    /// Model calls that may still be begun now.
    calls: Semaphore,
    breaker: Breaker,
}

/// How much is done at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// Pages and feeds.
    pub fetches: usize,
    /// Model calls.
    pub calls: usize,
}

impl Concurrency {
    /// Analyses that are written at the same time: while as many calls are under way as may
    /// be, the next ones are made ready and those that were answered are stored.
    pub(crate) fn analyses(self) -> usize {
        match self.calls {
            1 => 1,
            calls => calls * 2,
        }
    }

    /// What the settings say, or one thing at a time under replay.
    pub fn new(settings: &Settings, replay: bool) -> Self {
        if replay {
            return Self {
                fetches: 1,
                calls: 1,
            };
        }
        Self {
            fetches: settings.fetch.concurrency.max(1),
            calls: settings.model.concurrency.max(1),
        }
    }
}

impl Pipeline {
    /// A pipeline of these parts, with the built-in site rules.
    pub fn new(
        settings: Settings,
        client: Client,
        clock: Arc<dyn Clock>,
        store: Store,
        engine: Engine,
        library: Library,
        concurrency: Concurrency,
    ) -> Self {
        Self {
            run: clock.now().to_string(),
            calls: Semaphore::new(concurrency.calls),
            settings,
            client,
            sites: Sites::builtin().clone(),
            clock,
            store,
            engine,
            judge: None,
            library,
            concurrency,
            stop: Stop::default(),
            breaker: Breaker::default(),
        }
    }

    /// Milliseconds since then, by the pipeline's clock: none under replay.
    fn ms_since(&self, began: Timestamp) -> u64 {
        milliseconds(began, self.clock.now())
    }

    /// The same, with a second model that judges what was written.
    #[must_use]
    pub fn with_judge(self, judge: Option<ModelEngine>) -> Self {
        Self { judge, ..self }
    }

    /// The same, with a house's own site rules.
    #[must_use]
    pub fn with_sites(self, sites: Sites) -> Self {
        Self { sites, ..self }
    }
}
