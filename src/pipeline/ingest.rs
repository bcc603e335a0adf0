//! One run over the feeds, in three phases: **gather** (fetch and extract), **plan** (what
//! is new, in a fixed order), **buy** (write, check and store, in any order). Gathering and
//! planning go in rounds, so that no page is fetched that this run has no room for, and no
//! more articles are in memory than one round has.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use tokio::time::Instant;
use url::Url;

use super::{
    Order, Pipeline,
    ask::stopped,
    end::End,
    entries::{Wanted, settle},
};
use crate::{
    report::{Item, Outcome, Progress, Report},
    settings::FeedSettings,
    store::{Job, StoreError},
    story::Story,
};

/// What the command line says of a run.
#[derive(Clone, Debug, Default)]
pub struct IngestOptions {
    /// Feeds instead of those of the settings.
    pub feeds: Vec<Url>,
    /// Most analyses of this run.
    pub limit: Option<usize>,
    /// Ends after planning.
    pub dry_run: bool,
}

impl Pipeline {
    /// Reads the feeds, and writes what is new. What happened is in `report`, also where
    /// the store fails on the way.
    pub async fn ingest(
        &self,
        options: &IngestOptions,
        progress: &Progress,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        report.dry_run = options.dry_run;
        let whole = self.settings.ingest.deadline.0;
        let began = Instant::now();
        let end = |share: Duration| End {
            at: began + share,
            grace: self.settings.run.grace.0,
            stop: self.stop.clone(),
        };
        // Half of the time is for fetching, so that slow sites cannot leave none to write;
        // what is fetched late is not waited for, since it costs nothing to ask again.
        let gather_until = End {
            grace: Duration::ZERO,
            ..end(whole / 2)
        };
        let wanted = self
            .wanted(options, &gather_until, report, progress)
            .await?;
        let jobs = self
            .plan(wanted, options, &gather_until, report, progress)
            .await?;
        if !options.dry_run {
            self.buy(jobs, &end(whole), options, report, progress)
                .await?;
        }
        progress.finish();
        Ok(())
    }

    /// What is wanted of the feed of a job.
    pub(super) fn feed_of(&self, job: &Job) -> FeedSettings {
        self.feeds.get(&job.feed).cloned().unwrap_or_else(|| {
            let nowhere = Url::parse("about:blank").expect("a constant address");
            FeedSettings::everything(job.feed.parse().unwrap_or(nowhere))
        })
    }

    /// Phase 3: writes the analyses.
    async fn buy(
        &self,
        jobs: Vec<Job>,
        end: &End,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        progress.phase("analyses", jobs.len());
        let mut waiting = jobs.into_iter().enumerate();
        let mut under_way = FuturesUnordered::new();
        let mut begun: BTreeMap<usize, Job> = BTreeMap::new();
        // Calls that are under way are waited for even if the store fails: they are paid for.
        let mut failure: Option<StoreError> = None;
        let mut over = std::pin::pin!(end.over());
        let ended = loop {
            while under_way.len() < self.concurrency.analyses()
                && failure.is_none()
                && end.has_come().is_none()
                && self.breaker.open().is_none()
            {
                let Some((nth, job)) = waiting.next() else {
                    break;
                };
                begun.insert(nth, job.clone());
                under_way.push(async move { (nth, self.bought(job).await) });
            }
            if under_way.is_empty() {
                break end.has_come();
            }
            tokio::select! {
                Some((nth, bought)) = under_way.next() => {
                    begun.remove(&nth);
                    match bought {
                        Ok(item) => {
                            progress.item(&item);
                            progress.step();
                            report.items.push(item);
                        }
                        Err(error) => failure = failure.or(Some(error)),
                    }
                }
                ended = &mut over => break Some(ended),
            }
        };
        drop(under_way);
        if let Some(error) = failure {
            return Err(error);
        }
        let (reason, message) = match (ended, self.breaker.open()) {
            (Some(ended), _) => (ended.reason(), ended.message().to_owned()),
            (None, Some(why)) => ("buying_stopped", stopped(&why)),
            (None, None) => return Ok(()),
        };
        let left = begun.into_values().chain(waiting.map(|(_, job)| job));
        let left = left.map(|job| Wanted::found(job, None)).collect();
        self.put_off(left, (reason, &message), options, report, progress)
            .await
    }

    /// Reports jobs that are left for the next run, which takes them first.
    pub(super) async fn put_off(
        &self,
        wanted: Vec<Wanted>,
        (reason, message): (&str, &str),
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let mut jobs = Vec::new();
        let before = report.items.len();
        for wanted in wanted {
            let item = wanted.item(Outcome::Deferred).because(reason, message);
            let mut job = wanted.job;
            // A long backlog is not written anew in every run.
            if job.reason != item.reason {
                settle(&mut job, &item, self.clock.now());
                jobs.push(job);
            }
            report.items.push(item);
        }
        progress.items(&report.items[before..]);
        if !options.dry_run {
            self.store.put_jobs(&jobs).await?;
        }
        Ok(())
    }

    /// Writes the analysis of one job and notes its outcome.
    async fn bought(&self, mut job: Job) -> Result<Item, StoreError> {
        let began = self.clock.now();
        let article = self.store.article(&job.article).await?;
        let story = Story::new(vec![(article, job.retrieved)]);
        let order = Order {
            story: story.expect("a story of one article is not empty"),
            input: job.url.clone(),
            feed: Some(job.feed.clone()),
            category: self.feed_of(&job).category,
            regenerate: None,
            note: None,
            by_hand: false,
        };
        let mut item = self.write(order).await.item;
        item.ms = self.ms_since(began);
        settle(&mut job, &item, self.clock.now());
        self.store.put_jobs(std::slice::from_ref(&job)).await?;
        Ok(item)
    }
}
