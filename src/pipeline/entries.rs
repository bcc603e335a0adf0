//! What a run works on: the jobs that earlier runs left open, and the entries of the feeds
//! that are new, not too old, and not beyond what is taken of a feed that is read for the
//! first time. Each is a durable job from here on.

use std::collections::HashMap;

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{IngestOptions, Pipeline, end::End};
use crate::{
    feed::{self, Entry},
    fetch::{Purpose, shown},
    report::{FeedItem, FeedOutcome, Item, Outcome, Progress, Report},
    store::{Job, JobState, StoreError},
    story::without_tracking,
};

/// How long after it was noted that an entry is still listed this is noted anew.
const SEEN_ANEW: SignedDuration = SignedDuration::from_hours(24);

/// A job that is taken up.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) job: Job,
    /// Where its article is, without what only tracks readers. `None` where the address
    /// holds a secret, which is not kept, and the feed has not named it again.
    pub(super) url: Option<Url>,
    /// How long this run worked on it so far, in milliseconds.
    pub(super) ms: u64,
}

/// Why a feed could not be read.
struct FeedFailure {
    reason: String,
    message: String,
    hint: Option<String>,
}

impl Wanted {
    fn left_open(job: Job) -> Self {
        let url = job.url.parse().ok().filter(|url| !holds_secret(url));
        Self { job, url, ms: 0 }
    }

    /// An item of this outcome.
    pub(super) fn item(&self, outcome: Outcome) -> Item {
        let mut item = Item::new(self.job.url.clone(), outcome);
        item.feed = Some(self.job.feed.clone());
        item.title = self.title();
        item
    }

    /// The title that the feed gives.
    pub(super) fn title(&self) -> Option<String> {
        Some(self.job.title.clone()).filter(|title| !title.is_empty())
    }
}

/// Whether the address as it is kept is not the address itself.
fn holds_secret(url: &Url) -> bool {
    shown(url) != url.as_str() || url.as_str().contains("REDACTED")
}

impl Pipeline {
    /// Reads the feeds; gives the jobs that are taken up, those of earlier runs first, and
    /// reports the entries that are not.
    pub(super) async fn wanted(
        &self,
        options: &IngestOptions,
        end: &End,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<Wanted>, StoreError> {
        let feeds: Vec<Url> = match options.feeds.as_slice() {
            [] => self.settings.feeds.iter().map(|f| f.url.clone()).collect(),
            named => named.to_vec(),
        };
        let names: Vec<String> = feeds.iter().map(shown).collect();
        let open = self.store.open_jobs().await?;
        let mut wanted: Vec<Wanted> = open
            .into_iter()
            .filter(|job| names.contains(&job.feed))
            .map(Wanted::left_open)
            .collect();
        let mut open: HashMap<(String, String), usize> = HashMap::new();
        for (at, Wanted { job, .. }) in wanted.iter().enumerate() {
            open.insert((job.feed.clone(), job.entry.clone()), at);
        }

        progress.phase("feeds", feeds.len());
        let read = stream::iter(feeds.into_iter().map(|url| async move {
            let began = self.clock.now();
            let feed = end.bound(self.feed(&url)).await.unwrap_or_else(|ended| {
                Err(FeedFailure {
                    reason: ended.reason().to_owned(),
                    message: ended.message().to_owned(),
                    hint: None,
                })
            });
            progress.step();
            (url, feed, self.ms_since(began))
        }));
        let mut read = read.buffered(self.concurrency.fetches);
        while let Some((url, feed, ms)) = read.next().await {
            let mut line = FeedItem {
                feed: shown(&url),
                outcome: FeedOutcome::Read,
                reason: String::new(),
                message: String::new(),
                hint: None,
                entries: 0,
                ms,
            };
            let entries = match feed {
                Ok(feed) => feed.entries,
                Err(failed) => {
                    line.outcome = FeedOutcome::Failed;
                    line.reason = failed.reason;
                    line.message = failed.message;
                    line.hint = failed.hint;
                    progress.feed(&line);
                    report.feeds.push(line);
                    continue;
                }
            };
            line.entries = entries.len();
            progress.feed(&line);
            report.feeds.push(line);
            let mut run = Choosing {
                options,
                report,
                progress,
                open: &open,
                wanted: &mut wanted,
            };
            self.choose(&url, entries, &mut run).await?;
        }
        Ok(wanted)
    }

    async fn feed(&self, url: &Url) -> Result<feed::Feed, FeedFailure> {
        let page = self
            .client
            .get(url, Purpose::Feed)
            .await
            .map_err(|error| FeedFailure {
                reason: error.reason(),
                message: error.to_string(),
                hint: error.hint(),
            })?;
        let parse =
            move || feed::parse(&page.body, page.content_type.as_deref(), page.url.as_ref());
        tokio::task::spawn_blocking(parse)
            .await
            .expect("parsing does not panic and is not cancelled")
            .map_err(|error| FeedFailure {
                reason: "not_a_feed".into(),
                message: format!("`{}`: {error}", shown(url)),
                hint: error.hint(),
            })
    }

    /// Takes up the new entries of one feed, all of them at once or none.
    async fn choose(
        &self,
        url: &Url,
        mut entries: Vec<Entry>,
        run: &mut Choosing<'_>,
    ) -> Result<(), StoreError> {
        // Reports and the store know a feed without the secrets of its address.
        let feed = &shown(url);
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated)));
        let first_run = !self.store.knows_feed(feed).await?;
        let most = if first_run {
            self.settings.ingest.first_run_limit
        } else {
            usize::MAX
        };
        let mut taken = 0;
        let mut found: Vec<Job> = Vec::new();
        for entry in entries {
            let name = (feed.clone(), entry.id.clone());
            if let Some(at) = run.open.get(&name) {
                run.wanted[*at].url = entry.url.map(without_tracking);
                continue;
            }
            if found.iter().any(|job| job.entry == entry.id) {
                continue;
            }
            if let Some(mut job) = self.store.job(feed, &entry.id).await? {
                // What a feed goes on listing must not be forgotten by `prism prune`.
                let now = self.clock.now();
                if now.duration_since(job.seen) > SEEN_ANEW {
                    job.seen = now;
                    found.push(job);
                }
                continue;
            }
            let (reason, message) = match &entry.url {
                _ if self.is_too_old(&entry) => ("too_old", "older than `ingest.max_age`"),
                Some(_) if taken >= most => (
                    "first_run_limit",
                    "beyond `ingest.first_run_limit` of a new feed",
                ),
                Some(_) => {
                    taken += 1;
                    let url = entry.url.clone().map(without_tracking);
                    let job = self.job(feed, &entry, url.as_ref());
                    found.push(job.clone());
                    run.wanted.push(Wanted { job, url, ms: 0 });
                    continue;
                }
                None => ("no_address", "the entry names no web address"),
            };
            let mut job = self.job(feed, &entry, entry.url.as_ref());
            let wanted = Wanted {
                job,
                url: None,
                ms: 0,
            };
            let item = wanted.item(Outcome::Skipped).because(reason, message);
            job = wanted.job;
            settle(&mut job, &item, self.clock.now());
            found.push(job);
            run.progress.item(&item);
            run.report.items.push(item);
        }
        if !run.options.dry_run {
            self.store.put_jobs(&found).await?;
        }
        Ok(())
    }

    fn job(&self, feed: &str, entry: &Entry, url: Option<&Url>) -> Job {
        let now = self.clock.now();
        Job {
            feed: feed.to_owned(),
            entry: entry.id.clone(),
            url: url.map_or_else(|| entry.id.clone(), shown),
            title: entry.title.clone().unwrap_or_default(),
            published: entry.published.or(entry.updated),
            state: JobState::Found,
            article: String::new(),
            retrieved: Timestamp::UNIX_EPOCH,
            outcome: String::new(),
            reason: String::new(),
            attempts: 0,
            found: now,
            seen: now,
        }
    }

    fn is_too_old(&self, entry: &Entry) -> bool {
        let age =
            SignedDuration::try_from(self.settings.ingest.max_age.0).unwrap_or(SignedDuration::MAX);
        let dated = entry.published.or(entry.updated);
        dated.is_some_and(|at| self.clock.now().duration_since(at) > age)
    }
}

/// What choosing needs beside the entries of a feed.
struct Choosing<'a> {
    options: &'a IngestOptions,
    report: &'a mut Report,
    progress: &'a Progress,
    /// Where in `wanted` the jobs of earlier runs are, by feed and entry.
    open: &'a HashMap<(String, String), usize>,
    wanted: &'a mut Vec<Wanted>,
}

/// How often an entry that failed for a passing reason is tried.
const MOST_TRIES: u64 = 5;

/// Writes the outcome into the job; one that may have more luck stays open.
pub(super) fn settle(job: &mut Job, item: &Item, now: Timestamp) {
    use crate::report::Again;
    if item.again == Again::Counted {
        job.attempts += 1;
    }
    let done = match item.outcome {
        Outcome::Deferred => false,
        Outcome::Failed | Outcome::Skipped => match item.again {
            Again::No => true,
            Again::Counted => job.attempts >= MOST_TRIES,
            Again::Always => false,
        },
        Outcome::Saved | Outcome::Unchanged | Outcome::Held => true,
    };
    if done {
        job.state = JobState::Done;
    }
    item.outcome.as_str().clone_into(&mut job.outcome);
    job.reason.clone_from(&item.reason);
    job.seen = now;
}
