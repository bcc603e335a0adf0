//! Which entries of the feeds a run takes up: those that are not done with, not too old,
//! and not beyond what is taken of a feed that is read for the first time.

use futures::{StreamExt, stream};
use jiff::SignedDuration;
use url::Url;

use super::{IngestOptions, Pipeline};
use crate::{
    feed::{self, Entry},
    fetch::{Purpose, shown},
    report::{FeedItem, FeedOutcome, Item, Outcome, Progress, Report},
    store::{EntryRow, StoreError},
    story::without_tracking,
};

/// How long after it was noted that an entry is still listed this is noted anew.
const SEEN_ANEW: SignedDuration = SignedDuration::from_hours(24);

/// An entry that is taken up.
pub(super) struct Wanted {
    /// The address of its feed.
    pub(super) feed: String,
    pub(super) entry: Entry,
    /// Where its article is, without what only tracks readers.
    pub(super) url: Url,
    /// How often earlier runs tried it.
    pub(super) tries: u64,
    /// How long this run worked on it so far, in milliseconds.
    pub(super) ms: u64,
}

/// Why a feed could not be read.
struct FeedFailure {
    reason: String,
    message: String,
    hint: Option<String>,
}

impl Pipeline {
    /// Reads the feeds; gives the entries that are taken up, each feed's newest first, and
    /// reports the others.
    pub(super) async fn entries(
        &self,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<Wanted>, StoreError> {
        let configured = self.settings.feeds.iter().map(|feed| &feed.url);
        let feeds: Vec<&Url> = match options.feeds.as_slice() {
            [] => configured.collect(),
            named => named.iter().collect(),
        };
        progress.phase("feeds", feeds.len());
        let read = stream::iter(feeds.into_iter().map(|url| async move {
            let began = self.clock.now();
            let feed = self.feed(url).await;
            progress.step();
            (url, feed, self.ms_since(began))
        }));
        let read: Vec<_> = read.buffered(self.concurrency.fetches).collect().await;

        let mut wanted = Vec::new();
        for (url, feed, ms) in read {
            let mut line = FeedItem {
                feed: shown(url),
                outcome: FeedOutcome::Read,
                reason: String::new(),
                message: String::new(),
                hint: None,
                entries: 0,
                ms,
            };
            match feed {
                Ok(feed) => {
                    line.entries = feed.entries.len();
                    progress.feed(&line);
                    report.feeds.push(line);
                    self.choose(url, feed.entries, options, report, progress, &mut wanted)
                        .await?;
                }
                Err(failed) => {
                    line.outcome = FeedOutcome::Failed;
                    line.reason = failed.reason;
                    line.message = failed.message;
                    line.hint = failed.hint;
                    progress.feed(&line);
                    report.feeds.push(line);
                }
            }
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

    async fn choose(
        &self,
        url: &Url,
        mut entries: Vec<Entry>,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
        wanted: &mut Vec<Wanted>,
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
        for entry in entries {
            let known = self.store.entry(feed, &entry.id).await?;
            if let Some(row) = known.as_ref().filter(|row| row.settled) {
                // What a feed goes on listing must not be forgotten by `prism prune`.
                let now = self.clock.now();
                if !options.dry_run && now.duration_since(row.seen) > SEEN_ANEW {
                    let row = EntryRow {
                        seen: now,
                        ..row.clone()
                    };
                    self.store.put_entry(&row).await?;
                }
                continue;
            }
            // What an earlier run put off does not grow too old by waiting.
            let too_old = known.is_none() && self.is_too_old(&entry);
            let tries = known.map_or(0, |row| row.attempts);
            let (reason, message) = match &entry.url {
                Some(url) if !too_old && taken < most => {
                    taken += 1;
                    let url = without_tracking(url.clone());
                    wanted.push(Wanted {
                        feed: feed.clone(),
                        entry,
                        url,
                        tries,
                        ms: 0,
                    });
                    continue;
                }
                Some(_) if too_old => ("too_old", "older than `ingest.max_age`"),
                Some(_) => (
                    "first_run_limit",
                    "beyond `ingest.first_run_limit` of a new feed",
                ),
                None => ("no_address", "the entry names no web address"),
            };
            let input = entry.url.as_ref().map_or_else(|| entry.id.clone(), shown);
            let mut item = Item::new(input, Outcome::Skipped).because(reason, message);
            item.feed = Some(feed.clone());
            item.title.clone_from(&entry.title);
            if !options.dry_run {
                self.settle(feed, &entry, &item, tries).await?;
            }
            progress.item(&item);
            report.items.push(item);
        }
        Ok(())
    }

    fn is_too_old(&self, entry: &Entry) -> bool {
        let age =
            SignedDuration::try_from(self.settings.ingest.max_age.0).unwrap_or(SignedDuration::MAX);
        let dated = entry.published.or(entry.updated);
        dated.is_some_and(|at| self.clock.now().duration_since(at) > age)
    }
}
