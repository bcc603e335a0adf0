//! One run over the feeds, in three phases: **gather** (fetch and extract), **plan** (what
//! is new, in a fixed order), **buy** (write, check and store, in any order). Gathering and
//! planning go in rounds, so that no page is fetched that this run has no room for, and no
//! more articles are in memory than one round has.

use std::{collections::BTreeSet, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use tokio::time::Instant;
use url::Url;

use super::{
    Order, Pipeline,
    ask::stopped,
    attempts::{begin, came_back, note, settle},
    choice,
    end::End,
    plan::ROUND,
    wanted::{TakenUp, Wanted, item},
};
use crate::{
    report::{Item, Outcome, Progress, Report},
    store::StoreError,
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
        let mut wanted = self
            .wanted(options, &gather_until, report, progress)
            .await?;
        let beyond = choice::beyond_limits(&mut wanted);
        // What may be what cuts runs off is worked on alone, when everything else is done.
        let suspects: Vec<Wanted> = wanted.extract_if(.., |one| one.is_suspect).collect();
        let configured = self.settings.ingest.max_new_per_run;
        let mut room = options.limit.unwrap_or(usize::MAX).min(configured);
        let jobs = self
            .plan(wanted, &mut room, options, &gather_until, report, progress)
            .await?;
        let feed_limit = (
            "feed_limit",
            "beyond what `limit` of its feed lets one run take",
        );
        self.put_off(beyond, feed_limit, options, report, progress)
            .await?;
        let end = end(whole);
        self.buy(jobs, &end, options, report, progress).await?;
        for suspect in suspects {
            let jobs = self
                .plan(vec![suspect], &mut room, options, &end, report, progress)
                .await?;
            self.buy(jobs, &end, options, report, progress).await?;
        }
        progress.finish();
        Ok(())
    }

    /// Phase 3: writes the analyses.
    async fn buy(
        &self,
        jobs: Vec<Wanted>,
        end: &End,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        progress.phase("analyses", jobs.len());
        let most = self.concurrency.analyses();
        let mut next = 0;
        let mut begun: BTreeSet<usize> = BTreeSet::new();
        let mut under_way = FuturesUnordered::new();
        // Calls that are under way are waited for even if the store fails: they are paid for.
        let mut failure: Option<StoreError> = None;
        let mut over = std::pin::pin!(end.over());
        let ended = loop {
            while let Some(job) = jobs.get(next)
                && under_way.len() < most
                && failure.is_none()
                && end.has_come().is_none()
                && self.breaker.open().is_none()
            {
                let nth = next;
                begun.insert(nth);
                next += 1;
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
                            report.push(&item);
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
        for nth in &begun {
            self.let_go(&jobs[*nth]).await?;
        }
        let is_left = |nth: &usize| *nth >= next || begun.contains(nth);
        let numbered = jobs.into_iter().enumerate();
        let left = numbered.filter(|(nth, _)| is_left(nth)).map(|(_, job)| job);
        self.put_off(left, (reason, &message), options, report, progress)
            .await
    }

    /// Reports jobs that are left for the next run, which takes them first.
    pub(super) async fn put_off(
        &self,
        left: impl IntoIterator<Item = Wanted>,
        (reason, message): (&str, &str),
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let mut left = left.into_iter();
        let (mut first, mut n) = (None, 0);
        loop {
            let round: Vec<Wanted> = left.by_ref().take(ROUND).collect();
            if round.is_empty() {
                break;
            }
            let mut jobs = Vec::new();
            for TakenUp { mut job, .. } in self.taken_up(round).await? {
                let item = item(&job, Outcome::Deferred).because(reason, message);
                // A long backlog is not written anew in every run.
                if job.reason != item.reason {
                    note(&mut job, &item, self.clock.now());
                    jobs.push(job);
                }
                progress.one_of_many(&item);
                report.push(&item);
                n += 1;
                first.get_or_insert(item);
            }
            if !options.dry_run {
                self.store.put_jobs(&jobs).await?;
            }
        }
        if let Some(first) = first {
            progress.alike(&first, n);
        }
        Ok(())
    }

    /// Notes that a job is not worked on any more.
    async fn let_go(&self, wanted: &Wanted) -> Result<(), StoreError> {
        let mut job = self.job_of(wanted).await?;
        came_back(&mut job);
        self.store.put_jobs(&[job]).await
    }

    /// Writes the analysis of one job and notes its outcome.
    async fn bought(&self, wanted: &Wanted) -> Result<Item, StoreError> {
        let began = self.clock.now();
        let mut job = self.job_of(wanted).await?;
        begin(&mut job);
        self.store.put_jobs(std::slice::from_ref(&job)).await?;
        let article = self.store.article(&job.article).await?;
        let story = Story::new(vec![(article, job.retrieved)]);
        let order = Order {
            story: story.expect("a story of one article is not empty"),
            input: job.url.clone(),
            feed: Some(job.feed.clone()),
            category: wanted.feed.settings.category.clone(),
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
