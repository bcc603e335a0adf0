//! The article of a job: the one that an earlier run kept, or the page's.

use futures::{StreamExt, stream};
use jiff::Timestamp;
use url::Url;

use super::{
    Pipeline,
    attempts::{begin, came_back, given_up, settle},
    end::End,
    gather::{self, usable},
    wanted::{TakenUp, title},
};
use crate::{
    article::Article,
    fetch::{Purpose, shown},
    report::{Again, Item, Outcome, Progress},
    settings::Attention,
    store::{Job, JobState, StoreError},
};

/// What to do about a job that was given up.
const LOOK_AT_IT: &str = "`prism analyze` with its address shows what is wrong with it";

/// A job with its article, or with what became of it already.
pub(super) struct Gathered {
    pub(super) taken: TakenUp,
    pub(super) result: Result<Article, Box<Item>>,
}

impl Pipeline {
    /// The articles of one round, in its order.
    pub(super) async fn gathered(
        &self,
        round: Vec<TakenUp>,
        dry_run: bool,
        end: &End,
        progress: &Progress,
    ) -> Vec<Gathered> {
        let gathered = round.into_iter().map(|taken| async move {
            let gathered = self.gathered_one(taken, dry_run, end).await;
            progress.step();
            gathered
        });
        // All of them before the first is planned: one that waits here while the database
        // works for it would keep planning from the database.
        stream::iter(gathered)
            .buffered(self.concurrency.fetches)
            .collect()
            .await
    }

    /// The article of a job: the one that an earlier run kept, or the page's.
    async fn gathered_one(&self, mut taken: TakenUp, dry_run: bool, end: &End) -> Gathered {
        let began = self.clock.now();
        let result = if let Some((reason, message)) = given_up(&taken.job, began) {
            let mut item = taken.item(Outcome::Failed).because(reason, message);
            item.hint = Some(LOOK_AT_IT.to_owned());
            Err(Box::new(item))
        } else if let Some(article) = self.kept(&taken.job).await {
            Ok(article)
        } else {
            self.fetched(&mut taken, dry_run, end).await
        };
        taken.ms = self.ms_since(began);
        let result = match result {
            Ok(article) => Ok(article),
            Err(mut item) => {
                item.feed = Some(taken.job.feed.clone());
                item.ms = taken.ms;
                if item.title.is_none() {
                    item.title = title(&taken.job);
                }
                if dry_run {
                    Err(item)
                } else {
                    Err(self.refused(&mut taken, item).await)
                }
            }
        };
        Gathered { taken, result }
    }

    /// Notes at once that there is no article, so that a page is not fetched again by the
    /// next run if this one is cut off.
    async fn refused(&self, taken: &mut TakenUp, item: Box<Item>) -> Box<Item> {
        settle(&mut taken.job, &item, self.clock.now());
        match self.store.put_jobs(std::slice::from_ref(&taken.job)).await {
            Ok(()) => item,
            Err(error) => not_kept(taken, &error),
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
        taken: &mut TakenUp,
        dry_run: bool,
        end: &End,
    ) -> Result<Article, Box<Item>> {
        let Some(url) = &taken.url else {
            return Err(Box::new(taken.item(Outcome::Deferred).because(
                "address_unknown",
                "its address holds a secret, and its feed does not name it any more",
            )));
        };
        if !dry_run {
            begin(&mut taken.job);
            let begun = self.store.put_jobs(std::slice::from_ref(&taken.job)).await;
            begun.map_err(|error| not_kept(taken, &error))?;
        }
        let fetched = end.bound(self.article(url)).await.unwrap_or_else(|ended| {
            Err(Box::new(
                taken
                    .item(Outcome::Deferred)
                    .because(ended.reason(), ended.message()),
            ))
        });
        let (article, retrieved) = fetched?;
        taken.job.retrieved = retrieved;
        if !dry_run {
            let kept = self.keep(&mut taken.job, &article).await;
            kept.map_err(|error| not_kept(taken, &error))?;
        }
        Ok(article)
    }

    /// Keeps the article before anything else happens to its job.
    async fn keep(&self, job: &mut Job, article: &Article) -> Result<(), StoreError> {
        job.article = self.store.put_article(article).await?;
        job.state = JobState::Fetched;
        came_back(job);
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
fn not_kept(taken: &TakenUp, error: &StoreError) -> Box<Item> {
    let mut item = taken
        .item(Outcome::Failed)
        .because("store", error.to_string());
    item.hint = error.hint();
    item.attention = Some(Attention::DamagedStore);
    item.again = Again::Always;
    Box::new(item)
}
