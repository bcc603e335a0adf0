//! What a run works on: the jobs that earlier runs left open, and the entries of the feeds
//! that are new, not too old, and not beyond what is taken of a feed that is read for the
//! first time. Each is a durable job from here on.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{
    IngestOptions, Pipeline,
    attempts::note,
    choice,
    end::End,
    wanted::{Addresses, NamedFeed, Wanted, item},
};
use crate::{
    feed::{self, Entry},
    fetch::shown,
    report::{FeedItem, FeedOutcome, Outcome, Progress, Report},
    store::{Job, JobState, KnownFeed, StoreError},
    story::without_tracking,
};

/// How long after it was noted that an entry is still listed this is noted anew.
const SEEN_ANEW: SignedDuration = SignedDuration::from_hours(24);

/// How long after it was read a feed is asked for all of itself again: there are servers that
/// say for ever that nothing has changed.
const WHOLE_AGAIN: SignedDuration = SignedDuration::from_hours(24);

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
        let feeds: Vec<Arc<NamedFeed>> = self.feeds(options);
        let mut by_name: HashMap<&str, &Arc<NamedFeed>> = HashMap::new();
        let mut alike: HashSet<&str> = HashSet::new();
        for feed in &feeds {
            if by_name.contains_key(feed.name.as_str()) {
                alike.insert(&feed.name);
            } else {
                by_name.insert(&feed.name, feed);
            }
        }
        let mut wanted = self.left_open(&by_name).await?;
        let left_open = wanted.len();
        let mut addresses = Addresses::default();

        let mut known = self.store.known_feeds().await?;
        // Of feeds whose addresses differ only in their secrets, nobody can tell which one it
        // was that is known.
        known.retain(|name, _| self.client.is_conditional() && !alike.contains(name.as_str()));
        let known = &known;
        let mut noted: Vec<(String, KnownFeed)> = Vec::new();
        progress.phase("feeds", feeds.len());
        let read = stream::iter(feeds.iter().map(|feed| async move {
            let began = self.clock.now();
            let url = &feed.settings.url;
            let read = end
                .bound(self.feed(url, known.get(&feed.name), options))
                .await
                .unwrap_or_else(|ended| {
                    Err(FeedFailure {
                        reason: ended.reason().to_owned(),
                        message: ended.message().to_owned(),
                        hint: None,
                    })
                });
            progress.step();
            (feed, read, self.ms_since(began))
        }));
        let mut read = read.buffered(self.concurrency.fetches);
        while let Some((feed, read, ms)) = read.next().await {
            let mut line = FeedItem {
                feed: feed.name.clone(),
                outcome: FeedOutcome::Read,
                reason: String::new(),
                message: String::new(),
                hint: None,
                entries: 0,
                ms,
            };
            let read = match read {
                Ok(read) => read,
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
            match &read.entries {
                Some(entries) => line.entries = entries.len(),
                None => line.outcome = FeedOutcome::Unchanged,
            }
            progress.feed(&line);
            report.feeds.push(line);
            let mut run = Choosing {
                options,
                report,
                progress,
                addresses: &mut addresses,
                wanted: &mut wanted,
            };
            if let Some(entries) = read.entries {
                self.choose(feed, entries, &mut run).await?;
            }
            if known.get(&feed.name) != Some(&read.known) {
                noted.push((feed.name.clone(), read.known));
            }
        }
        addresses.tell(&mut wanted[..left_open]);
        // Only now is every entry a job: a run that is cut off before reads the feeds again.
        // An address that holds a secret is not kept, so its feed must name it again.
        let hidden = wanted.iter().filter(|one| one.is_hidden());
        let hidden: HashSet<&str> = hidden.map(|one| one.feed.name.as_str()).collect();
        noted.retain(|(feed, _)| !alike.contains(feed.as_str()) && !hidden.contains(feed.as_str()));
        if !options.dry_run {
            self.store.put_feeds(&noted).await?;
        }
        let found = wanted.split_off(left_open);
        wanted.extend(choice::in_turn(found));
        Ok(wanted)
    }

    /// The feeds that are read, with what is wanted of each.
    fn feeds(&self, options: &IngestOptions) -> Vec<Arc<NamedFeed>> {
        let feeds = match options.feeds.as_slice() {
            [] => self.settings.feeds.clone(),
            named => named.iter().map(|url| self.settings.feed(url)).collect(),
        };
        let named = feeds.into_iter().map(NamedFeed::new);
        named.map(Arc::new).collect()
    }

    /// The jobs that earlier runs left open: first those that were put off.
    async fn left_open(
        &self,
        feeds: &HashMap<&str, &Arc<NamedFeed>>,
    ) -> Result<Vec<Wanted>, StoreError> {
        let (mut put_off, mut cut_off) = (Vec::new(), Vec::new());
        let take = |job: Job| {
            if let Some(feed) = feeds.get(job.feed.as_str()) {
                let wanted = Wanted::left_open(&job, Arc::clone(feed));
                if job.outcome == Outcome::Deferred.as_str() {
                    put_off.push(wanted);
                } else {
                    cut_off.push(wanted);
                }
            }
        };
        self.store.open_jobs(take).await?;
        let mut wanted = choice::in_turn(put_off);
        wanted.extend(choice::in_turn(cut_off));
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
        feed: &Arc<NamedFeed>,
        mut entries: Vec<Entry>,
        run: &mut Choosing<'_>,
    ) -> Result<(), StoreError> {
        entries.sort_by_cached_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated)));
        // The store and the report know a feed without the secrets of its address.
        let first_run = !self.store.knows_feed(&feed.name).await?;
        let most = if first_run {
            self.settings.ingest.first_run_limit
        } else {
            usize::MAX
        };
        let mut taken = 0;
        run.wanted.reserve(entries.len().min(most));
        // Of two with the same id the second finds the first. A dry run takes back what is
        // noted.
        let mut together = self.store.together().await?;
        for entry in entries {
            let known = together.job(&feed.name, &entry.id).await?;
            if let Some(mut job) = known {
                let now = self.clock.now();
                if job.state != JobState::Done {
                    if let Some(url) = entry.url {
                        run.addresses.note(job, without_tracking(url));
                    }
                } else if now.duration_since(job.seen) > SEEN_ANEW {
                    // What a feed goes on listing must not be forgotten by `prism prune`.
                    job.seen = now;
                    together.put(&job).await?;
                }
                continue;
            }
            let too_old = || {
                let message = "older than `ingest.max_age`".to_owned();
                self.is_too_old(&entry).then_some(("too_old", message))
            };
            let unwanted = too_old().or_else(|| choice::unwanted_entry(&entry, &feed.settings));
            let (reason, message) = match (unwanted, &entry.url) {
                (Some(why), _) => why,
                (None, Some(_)) if taken >= most => (
                    "first_run_limit",
                    "beyond `ingest.first_run_limit` of a new feed".into(),
                ),
                (None, Some(url)) => {
                    taken += 1;
                    let url = without_tracking(url.clone());
                    let job = self.job(&feed.name, &entry, Some(&url));
                    let wanted = Wanted::found(&job, url, Arc::clone(feed));
                    together.put(&job).await?;
                    run.wanted.push(if run.options.dry_run {
                        wanted.not_stored(job)
                    } else {
                        wanted
                    });
                    continue;
                }
                (None, None) => ("no_address", "the entry names no web address".into()),
            };
            let mut job = self.job(&feed.name, &entry, entry.url.as_ref());
            let item = item(&job, Outcome::Skipped).because(reason, message);
            note(&mut job, &item, self.clock.now());
            together.put(&job).await?;
            run.progress.item(&item);
            run.report.push(&item);
        }
        if !run.options.dry_run {
            together.keep().await?;
        }
        Ok(())
    }

    fn job(&self, feed: &str, entry: &Entry, url: Option<&Url>) -> Job {
        Job {
            url: url.map_or_else(|| entry.id.clone(), shown),
            title: entry.title.clone().unwrap_or_default(),
            published: entry.published.or(entry.updated),
            ..Job::found(feed, &entry.id, self.clock.now())
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
    /// Of jobs that earlier runs left open.
    addresses: &'a mut Addresses,
    wanted: &'a mut Vec<Wanted>,
}
