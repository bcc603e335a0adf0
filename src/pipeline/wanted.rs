//! A job that is taken up. What its place in the order needs is in memory; the rest stays in
//! the store until its turn comes, so that memory hardly grows with what the feeds list.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use url::Url;

use super::{Pipeline, attempts};
use crate::{
    fetch::shown,
    report::{Item, Outcome},
    settings::FeedSettings,
    store::{Job, StoreError},
};

/// A feed of a run.
#[derive(Debug)]
pub(super) struct NamedFeed {
    /// Its address without secrets, which is its name in the store and in reports.
    pub(super) name: String,
    /// What is wanted of it.
    pub(super) settings: FeedSettings,
}

impl NamedFeed {
    pub(super) fn new(settings: FeedSettings) -> Self {
        Self {
            name: shown(&settings.url),
            settings,
        }
    }
}

/// A job that is taken up.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) feed: Arc<NamedFeed>,
    /// Its id in that feed.
    pub(super) entry: Box<str>,
    pub(super) published: Option<Timestamp>,
    /// Where its article is, where the store does not say that: it keeps no secrets, and an
    /// entry may move.
    url: Option<Box<Url>>,
    /// Whether the store has neither its article nor where that is.
    is_hidden: bool,
    /// Whether it may be what cuts runs off.
    pub(super) is_suspect: bool,
    /// The job, where the store does not have it: in a dry run.
    not_stored: Option<Box<Job>>,
}

impl Wanted {
    /// A job that an earlier run left open.
    pub(super) fn left_open(job: &Job, feed: Arc<NamedFeed>) -> Self {
        Self {
            feed,
            entry: job.entry.as_str().into(),
            published: job.published,
            url: None,
            is_hidden: job.article.is_empty() && kept_address(job).is_none(),
            is_suspect: attempts::is_suspect(job),
            not_stored: None,
        }
    }

    /// A job that its feed has just named.
    pub(super) fn found(job: &Job, url: Url, feed: Arc<NamedFeed>) -> Self {
        let mut found = Self::left_open(job, feed);
        if holds_secret(&url) {
            found.is_at(url);
        }
        found
    }

    /// The same, of a job that the store does not have.
    pub(super) fn not_stored(self, job: Job) -> Self {
        Self {
            not_stored: Some(Box::new(job)),
            ..self
        }
    }

    /// Its feed says that its article is there.
    pub(super) fn is_at(&mut self, url: Url) {
        self.is_hidden = holds_secret(&url);
        self.url = Some(Box::new(url));
    }

    /// Whether its feed must name it again before the next run can fetch it.
    pub(super) fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    fn key(&self) -> (&str, &str) {
        (&self.feed.name, &self.entry)
    }
}

/// A job whose turn has come.
#[derive(Debug)]
pub(super) struct TakenUp {
    pub(super) wanted: Wanted,
    pub(super) job: Job,
    /// Where its article is. `None` where the address holds a secret, which is not kept, and
    /// the feed has not named it again.
    pub(super) url: Option<Url>,
    /// How long this run worked on it so far, in milliseconds.
    pub(super) ms: u64,
}

impl TakenUp {
    fn new(mut wanted: Wanted, job: Job) -> Self {
        let named = wanted.url.take().map(|url| *url);
        Self {
            url: named.or_else(|| kept_address(&job)),
            wanted,
            job,
            ms: 0,
        }
    }

    /// An item of this outcome.
    pub(super) fn item(&self, outcome: Outcome) -> Item {
        let mut item = item(&self.job, outcome);
        item.ms = self.ms;
        item
    }
}

/// An item of this job with this outcome.
pub(super) fn item(job: &Job, outcome: Outcome) -> Item {
    let mut item = Item::new(job.url.clone(), outcome);
    item.feed = Some(job.feed.clone());
    item.title = title(job);
    item
}

/// The title that the feed gives.
pub(super) fn title(job: &Job) -> Option<String> {
    Some(job.title.clone()).filter(|title| !title.is_empty())
}

/// The address that the store has, if it is the whole one.
fn kept_address(job: &Job) -> Option<Url> {
    job.url.parse().ok().filter(|url| !holds_secret(url))
}

/// Whether the address as it is kept is not the address itself.
fn holds_secret(url: &Url) -> bool {
    shown(url) != url.as_str() || url.as_str().contains("REDACTED")
}

impl Pipeline {
    /// The jobs whose turn has come, in this order.
    pub(super) async fn taken_up(&self, wanted: Vec<Wanted>) -> Result<Vec<TakenUp>, StoreError> {
        let stored = wanted.iter().filter(|one| one.not_stored.is_none());
        let keys: Vec<(&str, &str)> = stored.map(Wanted::key).collect();
        let mut stored = self.store.jobs(&keys).await?.into_iter();
        let taken = wanted.into_iter().map(|mut one| {
            let job = one.not_stored.take().map(|job| *job);
            let job = job.or_else(|| stored.next());
            TakenUp::new(
                one,
                job.expect("the store gives as many as it is asked for"),
            )
        });
        Ok(taken.collect())
    }

    /// The job of one that is on the plan.
    pub(super) async fn job_of(&self, wanted: &Wanted) -> Result<Job, StoreError> {
        let (feed, entry) = wanted.key();
        let job = self.store.job(feed, entry).await?;
        job.ok_or_else(StoreError::missing_job)
    }
}

/// Where feeds say that the articles of open jobs are, by the names of feed and entry.
#[derive(Debug, Default)]
pub(super) struct Addresses(HashMap<(String, String), Url>);

impl Addresses {
    /// Notes the address of an open job where the store has another.
    pub(super) fn note(&mut self, job: Job, url: Url) {
        if job.article.is_empty() && url.as_str() != job.url {
            self.0.insert((job.feed, job.entry), url);
        }
    }

    /// Tells the jobs where their articles are.
    pub(super) fn tell(mut self, wanted: &mut [Wanted]) {
        if self.0.is_empty() {
            return;
        }
        for one in wanted {
            let (feed, entry) = one.key();
            if let Some(url) = self.0.remove(&(feed.to_owned(), entry.to_owned())) {
                one.is_at(url);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn feed() -> Arc<NamedFeed> {
        let url = "http://a.example/feed".parse().unwrap();
        Arc::new(NamedFeed::new(FeedSettings::everything(url)))
    }

    fn job(url: &str) -> Job {
        Job {
            url: url.to_owned(),
            ..Job::found(&feed().name, "1", Timestamp::UNIX_EPOCH)
        }
    }

    #[test]
    fn a_feed_may_list_ten_thousand_entries_so_one_that_waits_is_small() {
        assert!(size_of::<Wanted>() <= 80, "{}", size_of::<Wanted>());
    }

    #[test]
    fn an_address_is_kept_in_memory_only_where_the_store_does_not_have_it() {
        let plain: Url = "http://a.example/1".parse().unwrap();
        let secret: Url = "http://a.example/1?token=0123456789".parse().unwrap();
        for (url, is_hidden) in [(&plain, false), (&secret, true)] {
            let job = job(&shown(url));
            let found = Wanted::found(&job, url.clone(), feed());
            assert_eq!(
                (found.url.is_some(), found.is_hidden()),
                (is_hidden, is_hidden)
            );
            assert_eq!(TakenUp::new(found, job.clone()).url.as_ref(), Some(url));

            // A later run waits until the feed names it again.
            let left_open = || vec![Wanted::left_open(&job, feed())];
            assert_eq!(left_open()[0].is_hidden(), is_hidden);
            let known = Some(url).filter(|_| !is_hidden);
            let taken = TakenUp::new(left_open().remove(0), job.clone());
            assert_eq!(taken.url.as_ref(), known);
            let mut addresses = Addresses::default();
            addresses.note(job.clone(), url.clone());
            let mut told = left_open();
            addresses.tell(&mut told);
            assert_eq!(told[0].url.is_some(), is_hidden);
            let taken = TakenUp::new(told.remove(0), job);
            assert_eq!(taken.url.as_ref(), Some(url));
        }
    }
}
