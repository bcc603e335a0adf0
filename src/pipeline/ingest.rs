//! One run over the feeds, in three phases with a barrier between them: **gather**
//! (fetch and extract, in any order), **plan** (what is new, in a fixed order),
//! **buy** (write, check and store, in any order).

use std::{collections::HashSet, time::Instant};

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{
    Order, Pipeline,
    gather::{self, usable},
    write::{aliases, output_language},
};
use crate::{
    article::Article,
    feed::{self, Entry},
    fetch::Purpose,
    report::{Item, Outcome, Progress, Report},
    store::{EntryRow, StoreError},
    story::{Story, without_tracking},
};

/// How often an entry that failed for a passing reason is tried.
const MOST_TRIES: u64 = 5;

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

/// An entry with its article, or with what became of it already.
struct Gathered {
    feed: String,
    entry: Entry,
    url: Url,
    tries: u64,
    result: Result<(Article, Timestamp), Box<Item>>,
}

/// What is left of a run's time.
struct Deadline {
    end: Instant,
}

impl Deadline {
    fn is_past(&self) -> bool {
        Instant::now() >= self.end
    }
}

impl Pipeline {
    /// Reads the feeds, and writes what is new.
    pub async fn ingest(
        &self,
        options: &IngestOptions,
        progress: &Progress,
    ) -> Result<Report, StoreError> {
        let mut report = Report::new(self.clock.now(), self.engine.to_string());
        let began = Instant::now();
        let whole = self.settings.ingest.deadline.0;
        // Half of the time is for fetching, so that slow sites cannot leave none to write.
        let gather_until = Deadline {
            end: began + whole / 2,
        };
        let buy_until = Deadline { end: began + whole };

        let entries = self.entries(options, &mut report, progress).await?;
        let gathered = self.gather(entries, &gather_until, progress).await?;
        let orders = self.plan(gathered, options, &mut report, progress).await?;
        if options.dry_run {
            for (_, order) in &orders {
                let mut item = Item::new(order.input.clone(), Outcome::Deferred)
                    .because("dry_run", "would be written");
                item.title.clone_from(&order.story.lead().article.title);
                progress.item(&item);
                report.items.push(item);
            }
        } else {
            self.buy(orders, &buy_until, &mut report, progress).await?;
        }
        progress.finish();
        Ok(report)
    }

    /// The entries of all feeds that are not done with, each feed's newest first.
    async fn entries(
        &self,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<(String, Entry, Url, u64)>, StoreError> {
        let feeds: Vec<Url> = if options.feeds.is_empty() {
            self.settings
                .feeds
                .iter()
                .map(|feed| feed.url.clone())
                .collect()
        } else {
            options.feeds.clone()
        };
        progress.phase("feeds", feeds.len());
        let read = stream::iter(feeds.iter().map(|url| async move {
            let feed = self.feed(url).await;
            progress.step();
            (url, feed)
        }));
        let mut read: Vec<_> = read.buffered(self.concurrency.fetches).collect().await;

        let mut wanted = Vec::new();
        for (url, feed) in &mut read {
            let feed = match feed {
                Ok(feed) => feed,
                Err(item) => {
                    progress.item(item);
                    report.failed_feeds.push(Item::clone(item));
                    continue;
                }
            };
            report.feeds_read += 1;
            feed.entries
                .sort_by_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated)));
            let first_run = !self.store.knows_feed(url.as_str()).await?;
            let mut taken = 0;
            for entry in std::mem::take(&mut feed.entries) {
                let known = self.store.entry(url.as_str(), &entry.id).await?;
                if known.as_ref().is_some_and(|row| row.settled) {
                    continue;
                }
                let tries = known.map_or(0, |row| row.attempts);
                let skip = match &entry.url {
                    None => Some(("no_address", "the entry names no web address")),
                    Some(_) if self.is_too_old(&entry) => {
                        Some(("too_old", "older than `ingest.max_age`"))
                    }
                    Some(_) if first_run && taken >= self.settings.ingest.first_run_limit => {
                        Some((
                            "first_run_limit",
                            "beyond `ingest.first_run_limit` of a new feed",
                        ))
                    }
                    Some(_) => None,
                };
                match (skip, entry.url.clone()) {
                    (None, Some(address)) => {
                        taken += 1;
                        wanted.push((url.to_string(), entry, without_tracking(address), tries));
                    }
                    (skip, address) => {
                        let (reason, message) = skip.unwrap_or_default();
                        let input = address.map_or_else(|| entry.id.clone(), |url| url.to_string());
                        let mut item = Item::new(input, Outcome::Skipped).because(reason, message);
                        item.feed = Some(url.to_string());
                        item.title.clone_from(&entry.title);
                        if !options.dry_run {
                            self.settle(url.as_str(), &entry, &item, tries).await?;
                        }
                        progress.item(&item);
                        report.items.push(item);
                    }
                }
            }
        }
        Ok(wanted)
    }

    async fn feed(&self, url: &Url) -> Result<feed::Feed, Box<Item>> {
        let failed = |reason: String, message: String, hint| {
            let mut item = Item::new(url.to_string(), Outcome::Failed).because(reason, message);
            item.hint = hint;
            Box::new(item)
        };
        let page = self
            .client
            .get(url, Purpose::Feed)
            .await
            .map_err(|error| failed(error.reason(), error.to_string(), error.hint()))?;
        let parse =
            move || feed::parse(&page.body, page.content_type.as_deref(), page.url.as_ref());
        tokio::task::spawn_blocking(parse)
            .await
            .expect("parsing does not panic and is not cancelled")
            .map_err(|error| {
                failed(
                    "not_a_feed".into(),
                    format!("`{url}`: {error}"),
                    error.hint(),
                )
            })
    }

    fn is_too_old(&self, entry: &Entry) -> bool {
        let age =
            SignedDuration::try_from(self.settings.ingest.max_age.0).unwrap_or(SignedDuration::MAX);
        let dated = entry.published.or(entry.updated);
        dated.is_some_and(|at| self.clock.now().duration_since(at) > age)
    }

    /// Phase 1: the article of each entry. An address that two entries name is fetched once.
    async fn gather(
        &self,
        entries: Vec<(String, Entry, Url, u64)>,
        deadline: &Deadline,
        progress: &Progress,
    ) -> Result<Vec<Gathered>, StoreError> {
        let mut seen = HashSet::new();
        progress.phase("articles", entries.len());
        let work = entries.into_iter().map(|(feed, entry, url, tries)| {
            let first = seen.insert(url.clone());
            async move {
                let result = if !first {
                    Err(Box::new(Item::new(url.as_str(), Outcome::Skipped).because(
                        "duplicate",
                        "another entry names the same address",
                    )))
                } else if deadline.is_past() || self.stop.is_set() {
                    Err(Box::new(
                        Item::new(url.as_str(), Outcome::Deferred)
                            .because("deadline", "the time for fetching was over"),
                    ))
                } else {
                    self.article(&url).await
                };
                progress.step();
                Gathered {
                    feed,
                    entry,
                    url,
                    tries,
                    result,
                }
            }
        });
        let work: Vec<_> = work.collect();
        Ok(stream::iter(work)
            .buffer_unordered(self.concurrency.fetches)
            .collect()
            .await)
    }

    async fn article(&self, url: &Url) -> Result<(Article, Timestamp), Box<Item>> {
        let page = self.client.get(url, Purpose::Page).await.map_err(|error| {
            let mut item =
                Item::new(url.as_str(), Outcome::Failed).because(error.reason(), error.to_string());
            item.again = error.is_transient();
            item.hint = error.hint();
            Box::new(item)
        })?;
        let retrieved = page.retrieved;
        let reading = gather::reading(page).await;
        usable(url.as_str(), reading).map(|article| (article, retrieved))
    }

    /// Phase 2: what is new, the newest first, then by address, however the articles came in.
    async fn plan(
        &self,
        mut gathered: Vec<Gathered>,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<((Entry, u64), Order)>, StoreError> {
        gathered.sort_by_cached_key(|one| {
            let at = one.entry.published.or(one.entry.updated);
            (std::cmp::Reverse(at), one.url.to_string(), one.feed.clone())
        });
        let most = options
            .limit
            .unwrap_or(usize::MAX)
            .min(self.settings.ingest.max_new_per_run);
        let mut seen = HashSet::new();
        let mut orders = Vec::new();
        for Gathered {
            feed,
            entry,
            url,
            tries,
            result,
        } in gathered
        {
            let item = match result {
                Err(item) => *item,
                Ok((article, retrieved)) => {
                    let language = output_language(&self.settings, &article);
                    let title = article.title.clone();
                    let story = Story::new(vec![(article, retrieved)]);
                    let story = story.expect("a story of one article is not empty");
                    let names = aliases(&story, &language);
                    let duplicate = names.iter().any(|name| seen.contains(name));
                    seen.extend(names);
                    let mut item = Item::new(url.as_str(), Outcome::Skipped)
                        .because("duplicate", "the same article came up in this run already");
                    if !duplicate && orders.len() < most {
                        let order = Order {
                            story,
                            input: url.to_string(),
                            feed: Some(feed),
                            regenerate: None,
                            note: None,
                            by_hand: false,
                        };
                        orders.push(((entry, tries), order));
                        continue;
                    }
                    if !duplicate {
                        item = Item::new(url.as_str(), Outcome::Deferred)
                            .because("run_limit", "beyond what one run takes on");
                    }
                    item.title = title;
                    item
                }
            };
            let mut item = item;
            item.feed = Some(feed.clone());
            if item.title.is_none() {
                item.title.clone_from(&entry.title);
            }
            if !options.dry_run {
                self.settle(&feed, &entry, &item, tries).await?;
            }
            progress.item(&item);
            report.items.push(item);
        }
        Ok(orders)
    }

    /// Phase 3: writes the orders.
    async fn buy(
        &self,
        orders: Vec<((Entry, u64), Order)>,
        deadline: &Deadline,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        progress.phase("analyses", orders.len());
        let work = orders
            .into_iter()
            .map(|((entry, tries), order)| async move {
                let feed = order.feed.clone().unwrap_or_default();
                let item = if deadline.is_past() || self.stop.is_set() {
                    let mut item = Item::new(order.input.clone(), Outcome::Deferred)
                        .because("deadline", "the time of the run was over");
                    item.title.clone_from(&order.story.lead().article.title);
                    item.feed = Some(feed.clone());
                    item
                } else {
                    self.write(order).await.item
                };
                self.settle(&feed, &entry, &item, tries).await?;
                progress.item(&item);
                progress.step();
                Ok::<_, StoreError>(item)
            });
        let work: Vec<_> = work.collect();
        let mut items = stream::iter(work).buffer_unordered(self.concurrency.calls);
        while let Some(item) = items.next().await {
            report.items.push(item?);
        }
        Ok(())
    }

    /// Notes what became of an entry; one that may have more luck is left for the next run.
    async fn settle(
        &self,
        feed: &str,
        entry: &Entry,
        item: &Item,
        tries: u64,
    ) -> Result<(), StoreError> {
        let attempts = tries + 1;
        let settled = match item.outcome {
            Outcome::Deferred => false,
            Outcome::Failed => !item.again || attempts >= MOST_TRIES,
            Outcome::Saved | Outcome::Unchanged | Outcome::Skipped | Outcome::Held => true,
        };
        let row = EntryRow {
            feed: feed.to_owned(),
            entry: entry.id.clone(),
            url: item.input.clone(),
            outcome: item.outcome.as_str().to_owned(),
            reason: item.reason.clone(),
            attempts: if item.outcome == Outcome::Deferred {
                tries
            } else {
                attempts
            },
            settled,
            seen: self.clock.now(),
        };
        self.store.put_entry(&row).await
    }
}
