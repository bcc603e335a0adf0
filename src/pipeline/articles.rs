//! The article of a job: the one that an earlier run kept, or the page's.

use jiff::Timestamp;
use url::Url;

use super::{
    Pipeline,
    end::End,
    entries::{Wanted, settle},
    gather::{self, usable},
};
use crate::{
    article::Article,
    fetch::{Purpose, shown},
    report::{Again, Item, Outcome, Progress},
    settings::Attention,
    store::{Job, JobState, StoreError},
};

/// A job with its article, or with what became of it already.
pub(super) struct Gathered {
    pub(super) wanted: Wanted,
    pub(super) result: Result<Article, Box<Item>>,
}

impl Pipeline {
    /// The article of a job: the one that an earlier run kept, or the page's.
    pub(super) async fn gathered(
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
