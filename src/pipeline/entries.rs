//! What a run works on: the jobs that earlier runs left open, and the entries of the feeds
//! that are new, not too old, and not beyond what is taken of a feed that is read for the
//! first time. Each is a durable job from here on.

use std::collections::{HashMap, HashSet};

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{IngestOptions, Pipeline, choice, end::End};
use crate::{
    feed::{self, Entry},
    fetch::shown,
    report::{FeedItem, FeedOutcome, Item, Outcome, Progress, Report},
    store::{Job, JobState, KnownFeed, StoreError},
    story::without_tracking,
};

/// How long after it was noted that an entry is still listed this is noted anew.
const SEEN_ANEW: SignedDuration = SignedDuration::from_hours(24);

/// How long after it was read a feed is asked for all of itself again: there are servers that
/// say for ever that nothing has changed.
const WHOLE_AGAIN: SignedDuration = SignedDuration::from_hours(24);

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

/// A feed that was asked for.
struct FeedRead {
    /// Its entries; `None` where they are those of the last time.
    entries: Option<Vec<Entry>>,
    /// What to ask with the next time.
    known: KnownFeed,
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

    /// A job that a feed has just named.
    pub(super) fn found(job: Job, url: Option<Url>) -> Self {
        Self { job, url, ms: 0 }
    }

    /// An item of this outcome.
    pub(super) fn item(&self, outcome: Outcome) -> Item {
        let mut item = Item::new(self.job.url.clone(), outcome);
        item.feed = Some(self.job.feed.clone());
        item.title = self.title();
        item
    }

    /// Whether its address is not kept, and neither is its article yet.
    fn is_secret(&self) -> bool {
        self.job.article.is_empty() && self.url.as_ref().is_none_or(holds_secret)
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
        let mut once = HashSet::new();
        let alike: HashSet<&String> = names.iter().filter(|name| !once.insert(*name)).collect();
        let open = self.store.open_jobs().await?;
        let open = open.into_iter().filter(|job| once.contains(&job.feed));
        let (put_off, cut_off): (Vec<Job>, Vec<Job>) =
            open.partition(|job| job.outcome == Outcome::Deferred.as_str());
        let left = |jobs: Vec<Job>| choice::in_turn(jobs.into_iter().map(Wanted::left_open));
        let mut wanted = left(put_off);
        wanted.extend(left(cut_off));
        let mut open: HashMap<(String, String), usize> = HashMap::new();
        let left_open = wanted.len();
        for (at, Wanted { job, .. }) in wanted.iter().enumerate() {
            open.insert((job.feed.clone(), job.entry.clone()), at);
        }

        let mut known = self.store.known_feeds().await?;
        // Of feeds whose addresses differ only in their secrets, nobody can tell which one it
        // was that is known.
        known.retain(|name, _| self.client.is_conditional() && !alike.contains(name));
        let known = &known;
        let mut noted: Vec<(String, KnownFeed)> = Vec::new();
        progress.phase("feeds", feeds.len());
        let read = stream::iter(feeds.into_iter().map(|url| async move {
            let began = self.clock.now();
            let feed = end
                .bound(self.feed(&url, known.get(&shown(&url)), options))
                .await
                .unwrap_or_else(|ended| {
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
            let feed = match feed {
                Ok(feed) => feed,
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
            let name = line.feed.clone();
            match &feed.entries {
                Some(entries) => line.entries = entries.len(),
                None => line.outcome = FeedOutcome::Unchanged,
            }
            progress.feed(&line);
            report.feeds.push(line);
            let mut run = Choosing {
                options,
                report,
                progress,
                open: &open,
                wanted: &mut wanted,
            };
            if let Some(entries) = feed.entries {
                self.choose(&url, entries, &mut run).await?;
            }
            if known.get(&name) != Some(&feed.known) {
                noted.push((name, feed.known));
            }
        }
        // Only now is every entry a job: a run that is cut off before reads the feeds again.
        // An address that holds a secret is not kept, so its feed must name it again.
        noted.retain(|(feed, _)| {
            !alike.contains(feed)
                && !wanted
                    .iter()
                    .any(|one| one.job.feed == *feed && one.is_secret())
        });
        if !options.dry_run {
            self.store.put_feeds(&noted).await?;
        }
        let found = wanted.split_off(left_open);
        wanted.extend(choice::in_turn(found));
        Ok(wanted)
    }

    /// The entries of a feed, unless it is as it was when it was last read.
    async fn feed(
        &self,
        url: &Url,
        known: Option<&KnownFeed>,
        options: &IngestOptions,
    ) -> Result<FeedRead, FeedFailure> {
        let now = self.clock.now();
        // Who names a feed wants to know now.
        let fresh = known.filter(|known| options.feeds.is_empty() && self.is_fresh(known, now));
        if let Some(known) = fresh {
            return Ok(FeedRead {
                entries: None,
                known: known.clone(),
            });
        }
        let whole_again =
            |known: &&KnownFeed| known.read > now || now.duration_since(known.read) >= WHOLE_AGAIN;
        let before = known.filter(|known| !whole_again(known)).cloned();
        let before = before.unwrap_or_default();
        let changed = self
            .client
            .get_changed(url, &before.validators)
            .await
            .map_err(|error| FeedFailure {
                reason: error.reason(),
                message: error.to_string(),
                hint: error.hint(),
            })?;
        let trusted = changed.fresh_for.min(self.settings.ingest.trust_max_age.0);
        let fresh_until = if trusted.is_zero() {
            Timestamp::UNIX_EPOCH
        } else {
            now.checked_add(trusted).unwrap_or(Timestamp::MAX)
        };
        let Some(page) = changed.page else {
            return Ok(FeedRead {
                entries: None,
                known: KnownFeed {
                    fresh_until,
                    ..before
                },
            });
        };
        let parse =
            move || feed::parse(&page.body, page.content_type.as_deref(), page.url.as_ref());
        let read = tokio::task::spawn_blocking(parse)
            .await
            .expect("parsing does not panic and is not cancelled")
            .map_err(|error| FeedFailure {
                reason: "not_a_feed".into(),
                message: format!("`{}`: {error}", shown(url)),
                hint: error.hint(),
            })?;
        Ok(FeedRead {
            entries: Some(read.entries),
            known: KnownFeed {
                validators: changed.validators,
                read: now,
                fresh_until,
            },
        })
    }

    /// Whether a feed need not be asked: not for longer than the settings say now, nor than
    /// they say of a clock that has been set back.
    fn is_fresh(&self, known: &KnownFeed, now: Timestamp) -> bool {
        let most = now.checked_add(self.settings.ingest.trust_max_age.0);
        known.fresh_until > now && known.fresh_until <= most.unwrap_or(Timestamp::MAX)
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
        let settings = self.settings.feed(url);
        let mut taken = 0;
        let mut found: Vec<Job> = Vec::new();
        let mut met: HashSet<String> = HashSet::new();
        for entry in entries {
            let name = (feed.clone(), entry.id.clone());
            if let Some(at) = run.open.get(&name) {
                run.wanted[*at].url = entry.url.map(without_tracking);
                continue;
            }
            if !met.insert(entry.id.clone()) {
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
            let too_old = || {
                let message = "older than `ingest.max_age`".to_owned();
                self.is_too_old(&entry).then_some(("too_old", message))
            };
            let unwanted = too_old().or_else(|| choice::unwanted_entry(&entry, &settings));
            let (reason, message) = match (unwanted, &entry.url) {
                (Some(why), _) => why,
                (None, Some(_)) if taken >= most => (
                    "first_run_limit",
                    "beyond `ingest.first_run_limit` of a new feed".into(),
                ),
                (None, Some(_)) => {
                    taken += 1;
                    let url = entry.url.clone().map(without_tracking);
                    let job = self.job(feed, &entry, url.as_ref());
                    found.push(job.clone());
                    run.wanted.push(Wanted::found(job, url));
                    continue;
                }
                (None, None) => ("no_address", "the entry names no web address".into()),
            };
            let job = self.job(feed, &entry, entry.url.as_ref());
            let mut skipped = Wanted::found(job, None);
            let item = skipped.item(Outcome::Skipped).because(reason, message);
            settle(&mut skipped.job, &item, self.clock.now());
            found.push(skipped.job);
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
