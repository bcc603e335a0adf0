//! One run over the feeds, in three phases: **gather** (fetch and extract), **plan** (what
//! is new, in a fixed order), **buy** (write, check and store, in any order). Gathering and
//! planning go in rounds, so that no page is fetched that this run has no room for, and no
//! more articles are in memory than one round has.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use futures::{StreamExt, stream, stream::FuturesUnordered};
use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use super::{
    Order, Pipeline,
    ask::stopped,
    choice,
    end::End,
    entries::{Wanted, settle},
    gather::{self, usable},
    write::output_language,
};
use crate::{
    article::Article,
    fetch::{Purpose, shown},
    report::{Again, Item, Outcome, Progress, Report},
    settings::{Attention, FeedSettings},
    store::{Job, JobState, StoreError},
    story::{Story, aliases},
    text::sha256,
};

/// The place of a job that is not on the plan.
const NOT_PLANNED: usize = usize::MAX;

/// Most articles of one round.
const ROUND: usize = 64;

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

/// A job with its article, or with what became of it already.
struct Gathered {
    wanted: Wanted,
    result: Result<Article, Box<Item>>,
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

    /// Phases 1 and 2: the jobs that are bought, in the order of `wanted`, however the
    /// articles come in.
    async fn plan(
        &self,
        wanted: Vec<Wanted>,
        options: &IngestOptions,
        end: &End,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<Job>, StoreError> {
        let configured = self.settings.ingest.max_new_per_run;
        let most = options.limit.unwrap_or(usize::MAX).min(configured);
        let mut plan = Plan {
            options,
            report: &mut *report,
            progress,
            seen: HashMap::new(),
            taken: 0,
            jobs: Vec::new(),
        };
        let limits: HashMap<String, usize> = self
            .settings
            .feeds
            .iter()
            .filter_map(|feed| Some((shown(&feed.url), feed.limit?)))
            .collect();
        let (wanted, beyond) = choice::within_limits(wanted, |feed| limits.get(feed).copied());
        progress.phase("articles", wanted.len().min(most));
        let mut wanted = wanted.into_iter();
        while plan.taken < most {
            let room = (most - plan.taken).min(ROUND);
            let round: Vec<Wanted> = wanted.by_ref().take(room).collect();
            if round.is_empty() {
                break;
            }
            let gathered = round
                .into_iter()
                .map(|wanted| self.gathered(wanted, options.dry_run, end, progress));
            // All of them before the first is planned: one that waits here while the database
            // works for it would keep planning from the database.
            let gathered: Vec<Gathered> = stream::iter(gathered)
                .buffered(self.concurrency.fetches)
                .collect()
                .await;
            for Gathered { wanted, result } in gathered {
                self.planned(wanted, result, &mut plan).await?;
            }
        }
        let jobs = plan.jobs;
        let left = wanted.collect();
        let run_limit = ("run_limit", "beyond what one run takes on");
        self.put_off(left, run_limit, options, report, progress)
            .await?;
        let feed_limit = (
            "feed_limit",
            "beyond what `limit` of its feed lets one run take",
        );
        self.put_off(beyond, feed_limit, options, report, progress)
            .await?;
        Ok(jobs)
    }

    /// The article of a job: the one that an earlier run kept, or the page's.
    async fn gathered(
        &self,
        mut wanted: Wanted,
        dry_run: bool,
        end: &End,
        progress: &Progress,
    ) -> Gathered {
        let began = self.clock.now();
        let result = match self.kept(&wanted.job).await {
            Some(article) => Ok(article),
            None => self.fetched(&mut wanted, dry_run, end).await,
        };
        progress.step();
        wanted.ms = self.ms_since(began);
        let result = match result {
            Ok(article) => Ok(article),
            Err(mut item) => {
                item.feed = Some(wanted.job.feed.clone());
                item.ms = wanted.ms;
                if item.title.is_none() {
                    item.title = wanted.title();
                }
                if dry_run {
                    Err(item)
                } else {
                    Err(self.refused(&mut wanted, item).await)
                }
            }
        };
        Gathered { wanted, result }
    }

    /// Notes at once that there is no article, so that a page is not fetched again by the
    /// next run if this one is cut off.
    async fn refused(&self, wanted: &mut Wanted, item: Box<Item>) -> Box<Item> {
        settle(&mut wanted.job, &item, self.clock.now());
        match self.store.put_jobs(std::slice::from_ref(&wanted.job)).await {
            Ok(()) => item,
            Err(error) => not_kept(wanted, &error),
        }
    }

    /// The article that an earlier run kept, if it can still be read.
    async fn kept(&self, job: &Job) -> Option<Article> {
        if job.article.is_empty() {
            return None;
        }
        self.store.article(&job.article).await.ok()
    }

    async fn fetched(
        &self,
        wanted: &mut Wanted,
        dry_run: bool,
        end: &End,
    ) -> Result<Article, Box<Item>> {
        let Some(url) = &wanted.url else {
            return Err(Box::new(wanted.item(Outcome::Deferred).because(
                "address_unknown",
                "its address holds a secret, and its feed does not name it any more",
            )));
        };
        let fetched = end.bound(self.article(url)).await.unwrap_or_else(|ended| {
            Err(Box::new(
                wanted
                    .item(Outcome::Deferred)
                    .because(ended.reason(), ended.message()),
            ))
        });
        let (article, retrieved) = fetched?;
        wanted.job.retrieved = retrieved;
        if !dry_run {
            let kept = self.keep(&mut wanted.job, &article).await;
            kept.map_err(|error| not_kept(wanted, &error))?;
        }
        Ok(article)
    }

    /// Keeps the article before anything else happens to its job.
    async fn keep(&self, job: &mut Job, article: &Article) -> Result<(), StoreError> {
        job.article = self.store.put_article(article).await?;
        job.state = JobState::Fetched;
        job.seen = self.clock.now();
        self.store.put_jobs(std::slice::from_ref(job)).await
    }

    async fn article(&self, url: &Url) -> Result<(Article, Timestamp), Box<Item>> {
        let page = self.client.get(url, Purpose::Page).await.map_err(|error| {
            let mut item =
                Item::new(shown(url), Outcome::Failed).because(error.reason(), error.to_string());
            if error.is_transient() {
                item.again = Again::Counted;
            }
            item.hint = error.hint();
            Box::new(item)
        })?;
        let retrieved = page.retrieved;
        let reading = gather::reading(page, &self.sites).await;
        let reading = gather::whole(reading, &self.client, &self.sites).await;
        usable(&shown(url), reading).map(|article| (article, retrieved))
    }

    /// Puts a job onto the plan, or reports why it is not bought.
    async fn planned(
        &self,
        mut wanted: Wanted,
        result: Result<Article, Box<Item>>,
        plan: &mut Plan<'_>,
    ) -> Result<(), StoreError> {
        let item = match result {
            Err(item) => item,
            Ok(article) => match self.is_new(&mut wanted, article, plan).await? {
                Ok(()) => {
                    plan.jobs.push(wanted.job);
                    return Ok(());
                }
                Err(item) => {
                    if !plan.options.dry_run {
                        settle(&mut wanted.job, &item, self.clock.now());
                        self.store
                            .put_jobs(std::slice::from_ref(&wanted.job))
                            .await?;
                    }
                    item
                }
            },
        };
        plan.progress.item(&item);
        plan.report.items.push(*item);
        Ok(())
    }

    /// Whether there is something to buy for the article, or the item that says why not.
    async fn is_new(
        &self,
        wanted: &mut Wanted,
        article: Article,
        plan: &mut Plan<'_>,
    ) -> Result<Result<(), Box<Item>>, StoreError> {
        let feed = self.feed_of(&wanted.job);
        if let Some((reason, message)) = choice::unwanted_article(&article, &feed) {
            let mut item = wanted.item(Outcome::Skipped).because(reason, message);
            item.ms = wanted.ms;
            return Ok(Err(Box::new(item)));
        }
        let language = output_language(&self.settings, &article);
        let story = Story::new(vec![(article, wanted.job.retrieved)]);
        let story = story.expect("a story of one article is not empty");
        let names = aliases(&story, &language);
        let known = self.store.find(&names).await?;
        // Digests, since a run may plan thousands.
        let digests: Vec<u64> = names.iter().map(|name| digest(name)).collect();
        let first = digests.iter().find_map(|name| plan.seen.get(name)).copied();
        for name in &digests {
            plan.seen.entry(*name).or_insert(NOT_PLANNED);
        }
        // Of two that are the same, the one that was published first is the original.
        if let Some(planned) = first.and_then(|nth| plan.jobs.get_mut(nth))
            && wanted.job.published.is_some()
            && wanted.job.published < planned.published
        {
            std::mem::swap(&mut wanted.job, planned);
        }
        let mut item = Box::new(wanted.item(Outcome::Skipped));
        item.ms = wanted.ms;
        if first.is_some() {
            let message = "the same article came up in this run already";
            return Ok(Err(Box::new(item.because("duplicate", message))));
        }
        if let Some(title) = &story.lead().article.title {
            item.title = Some(title.clone());
        }
        if let Some(row) = known.filter(|row| self.stands(row, &story)) {
            item.outcome = Outcome::Unchanged;
            item.id = Some(row.id);
            item.revision = Some(row.revision);
            return Ok(Err(item));
        }
        let nth = plan.jobs.len();
        plan.seen
            .extend(digests.into_iter().map(|name| (name, nth)));
        plan.taken += 1;
        if plan.options.dry_run {
            item.outcome = Outcome::Deferred;
            return Ok(Err(Box::new(self.priced(*item, &story, &language).await)));
        }
        Ok(Ok(()))
    }

    /// The item of a story that would be written, with what that may cost.
    async fn priced(&self, item: Item, story: &Story, language: &str) -> Item {
        let expected = match self.estimate(story, language).await {
            Ok(expected) => expected,
            Err(error) => return item.because(error.reason(), error.to_string()),
        };
        let Some(expected) = expected else {
            return item.because("dry_run", "would be written");
        };
        let message = format!(
            "would be written: 1 call, about {} tokens in and {} out, {}",
            expected.usage.input,
            expected.usage.output,
            expected.cost_in_words()
        );
        let mut item = item.because("dry_run", message);
        item.expected = Some(expected);
        item
    }

    /// What is wanted of the feed of a job.
    fn feed_of(&self, job: &Job) -> FeedSettings {
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
    async fn put_off(
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

/// The first eight bytes of a SHA-256: two of a run's names share them once in ten billion runs.
fn digest(name: &str) -> u64 {
    u64::from_str_radix(&sha256(name.as_bytes())[..16], 16).expect("hex digits")
}

/// The item of a job of which the store could not keep something.
fn not_kept(wanted: &Wanted, error: &StoreError) -> Box<Item> {
    let mut item = wanted
        .item(Outcome::Failed)
        .because("store", error.to_string());
    item.hint = error.hint();
    item.attention = Some(Attention::DamagedStore);
    item.again = Again::Always;
    Box::new(item)
}

/// What planning has so far.
struct Plan<'a> {
    options: &'a IngestOptions,
    report: &'a mut Report,
    progress: &'a Progress,
    /// Digests of the addresses and texts of this run, each with the place in `jobs` of the
    /// job that has it, if it is planned.
    seen: HashMap<u64, usize>,
    /// Analyses that this run will buy, or would.
    taken: usize,
    jobs: Vec<Job>,
}
