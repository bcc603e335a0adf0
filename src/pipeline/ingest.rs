//! One run over the feeds, in three phases with a barrier between them: **gather**
//! (fetch and extract, in any order), **plan** (what is new, in a fixed order),
//! **buy** (write, check and store, in any order).

use std::{collections::HashSet, time::Instant};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use url::Url;

use super::{
    Order, Pipeline,
    entries::Wanted,
    gather::{self, usable},
    write::output_language,
};
use crate::{
    article::Article,
    feed::Entry,
    fetch::{Purpose, shown},
    report::{Again, Item, Outcome, Progress, Report},
    store::{EntryRow, StoreError},
    story::{Story, aliases},
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
    wanted: Wanted,
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
    /// Reads the feeds, and writes what is new. What happened is in `report`, also where
    /// the store fails on the way.
    pub async fn ingest(
        &self,
        options: &IngestOptions,
        progress: &Progress,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        report.dry_run = options.dry_run;
        let began = Instant::now();
        let whole = self.settings.ingest.deadline.0;
        // Half of the time is for fetching, so that slow sites cannot leave none to write.
        let gather_until = Deadline {
            end: began + whole / 2,
        };
        let buy_until = Deadline { end: began + whole };

        let entries = self.entries(options, report, progress).await?;
        let gathered = self.gather(entries, &gather_until, progress).await;
        let orders = self.plan(gathered, options, report, progress).await?;
        if options.dry_run {
            for (wanted, order) in &orders {
                let mut item = Item::new(order.input.clone(), Outcome::Deferred)
                    .because("dry_run", "would be written");
                item.title.clone_from(&order.story.lead().article.title);
                item.feed.clone_from(&order.feed);
                item.ms = wanted.ms;
                progress.item(&item);
                report.items.push(item);
            }
        } else {
            self.buy(orders, &buy_until, report, progress).await?;
        }
        progress.finish();
        Ok(())
    }

    /// Phase 1: the article of each entry. An address that two entries name is fetched once.
    async fn gather(
        &self,
        entries: Vec<Wanted>,
        deadline: &Deadline,
        progress: &Progress,
    ) -> Vec<Gathered> {
        let mut seen = HashSet::new();
        progress.phase("articles", entries.len());
        let work = entries.into_iter().map(|mut wanted| {
            let first = seen.insert(wanted.url.clone());
            async move {
                let began = self.clock.now();
                let url = &wanted.url;
                let result = if !first {
                    Err(Box::new(Item::new(shown(url), Outcome::Skipped).because(
                        "duplicate",
                        "another entry names the same address",
                    )))
                } else if deadline.is_past() || self.stop.is_set() {
                    Err(Box::new(
                        Item::new(shown(url), Outcome::Deferred)
                            .because("deadline", "the time for fetching was over"),
                    ))
                } else {
                    self.article(url).await
                };
                wanted.ms = self.ms_since(began);
                progress.step();
                Gathered { wanted, result }
            }
        });
        let work: Vec<_> = work.collect();
        stream::iter(work)
            .buffer_unordered(self.concurrency.fetches)
            .collect()
            .await
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

    /// Phase 2: what is new, the newest first, then by address, however the articles came in.
    async fn plan(
        &self,
        mut gathered: Vec<Gathered>,
        options: &IngestOptions,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<(Wanted, Order)>, StoreError> {
        gathered.sort_by_cached_key(|Gathered { wanted, .. }| {
            let at = wanted.entry.published.or(wanted.entry.updated);
            (
                std::cmp::Reverse(at),
                wanted.url.to_string(),
                wanted.feed.clone(),
            )
        });
        let configured = self.settings.ingest.max_new_per_run;
        let most = options.limit.unwrap_or(usize::MAX).min(configured);
        let mut seen = HashSet::new();
        let mut orders = Vec::new();
        for Gathered { wanted, result } in gathered {
            let planned = match result {
                Ok((article, retrieved)) => {
                    let room = orders.len() < most;
                    self.planned(&wanted, article, retrieved, &mut seen, room)
                        .await?
                }
                Err(item) => Err(item),
            };
            match planned {
                Ok(order) => orders.push((wanted, order)),
                Err(mut item) => {
                    item.feed = Some(wanted.feed.clone());
                    item.ms = wanted.ms;
                    if item.title.is_none() {
                        item.title.clone_from(&wanted.entry.title);
                    }
                    if !options.dry_run {
                        self.settle(&wanted.feed, &wanted.entry, &item, wanted.tries)
                            .await?;
                    }
                    progress.item(&item);
                    report.items.push(*item);
                }
            }
        }
        Ok(orders)
    }

    /// The order for one article, or the item that says why there is nothing to write.
    async fn planned(
        &self,
        wanted: &Wanted,
        article: Article,
        retrieved: Timestamp,
        seen: &mut HashSet<String>,
        room: bool,
    ) -> Result<Result<Order, Box<Item>>, StoreError> {
        let language = output_language(&self.settings, &article);
        let story = Story::new(vec![(article, retrieved)]);
        let story = story.expect("a story of one article is not empty");
        let names = aliases(&story, &language);
        let duplicate = names.iter().any(|name| seen.contains(name));
        let known = self.store.find(&names).await?;
        seen.extend(names);
        let mut item = Box::new(Item::new(shown(&wanted.url), Outcome::Skipped));
        item.title.clone_from(&story.lead().article.title);
        if duplicate {
            let message = "the same article came up in this run already";
            return Ok(Err(Box::new(item.because("duplicate", message))));
        }
        if let Some(row) = known.filter(|row| self.stands(row, &story)) {
            item.outcome = Outcome::Unchanged;
            item.id = Some(row.id);
            item.revision = Some(row.revision);
            return Ok(Err(item));
        }
        if !room {
            item.outcome = Outcome::Deferred;
            return Ok(Err(Box::new(
                item.because("run_limit", "beyond what one run takes on"),
            )));
        }
        Ok(Ok(Order {
            story,
            input: shown(&wanted.url),
            feed: Some(wanted.feed.clone()),
            regenerate: None,
            note: None,
            by_hand: false,
        }))
    }

    /// Phase 3: writes the orders.
    async fn buy(
        &self,
        orders: Vec<(Wanted, Order)>,
        deadline: &Deadline,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        progress.phase("analyses", orders.len());
        let work = orders.into_iter().map(|(wanted, order)| async move {
            let began = self.clock.now();
            let mut item = if deadline.is_past() || self.stop.is_set() {
                let mut item = Item::new(order.input.clone(), Outcome::Deferred)
                    .because("deadline", "the time of the run was over");
                item.title.clone_from(&order.story.lead().article.title);
                item.feed.clone_from(&order.feed);
                item
            } else {
                self.write(order).await.item
            };
            item.ms = wanted.ms + self.ms_since(began);
            self.settle(&wanted.feed, &wanted.entry, &item, wanted.tries)
                .await?;
            progress.item(&item);
            progress.step();
            Ok::<_, StoreError>(item)
        });
        let work: Vec<_> = work.collect();
        let mut items = stream::iter(work).buffer_unordered(self.concurrency.calls);
        // Calls that are under way are waited for even if the store fails: they are paid for.
        let mut outcome = Ok(());
        while let Some(item) = items.next().await {
            match item {
                Ok(item) => report.items.push(item),
                Err(error) if outcome.is_ok() => outcome = Err(error),
                Err(_) => {}
            }
        }
        outcome
    }

    /// Notes what became of an entry; one that may have more luck is left for the next run.
    pub(super) async fn settle(
        &self,
        feed: &str,
        entry: &Entry,
        item: &Item,
        tries: u64,
    ) -> Result<(), StoreError> {
        let attempts = if item.again == Again::Counted {
            tries + 1
        } else {
            tries
        };
        let settled = match item.outcome {
            Outcome::Deferred => false,
            Outcome::Failed | Outcome::Skipped => match item.again {
                Again::No => true,
                Again::Counted => attempts >= MOST_TRIES,
                Again::Always => false,
            },
            Outcome::Saved | Outcome::Unchanged | Outcome::Held => true,
        };
        let row = EntryRow {
            feed: feed.to_owned(),
            entry: entry.id.clone(),
            url: item.input.clone(),
            outcome: item.outcome.as_str().to_owned(),
            reason: item.reason.clone(),
            attempts,
            settled,
            seen: self.clock.now(),
        };
        self.store.put_entry(&row).await
    }
}
