//! Where things are kept: documents as JSON files, state in an embedded database.
//!
//! ```text
//! revisions/<id>/<n>.json   every revision, held ones too; never changed
//! analyses/<id>.json        the latest revision that may be published
//! held/<id>.json            the latest revision, while it is held
//! articles/<key>.json       source snapshots, by the digest of the whole article
//! completions/<key>.json    what models said, by the digest of what they were asked
//! state.db                  which analysis belongs to which address and text; jobs; money
//! ```
//!
//! The order of writing is revision, then state row (the truth), then the projections
//! `analyses/` and `held/`, which are made again at start where a run was cut off.
//! Files are synced to disk. Nothing here decides what is written.

pub mod check;
mod completions;
mod documents;
mod error;
mod feeds;
mod jobs;
mod lock;
mod money;
mod prune;
mod record;
mod state;
mod unfinished;
mod values;

use std::{
    collections::HashMap,
    fs::File,
    path::{Path, PathBuf},
};

pub use completions::{CompletionKey, StoredCompletion, Unusable};
pub use error::{NO_DATABASE, StoreError};
pub use feeds::KnownFeed;
pub use jobs::{Job, JobState, Together};
pub use lock::Lock;
pub use money::{Cap, Caps, CostRow, CostsBy, End, PastCalls, Purchase, Reserved};
pub use prune::{Forgotten, Pruned};
pub use record::{Identity, Making, Record, new_id, slug, story_digest};
pub use state::AnalysisRow;

use crate::{
    analysis::{Analysis, document::Status},
    article::{Article, snapshot},
    settings::PublishRequires,
};
use documents::Documents;
use money::Money;
use state::State;

/// The store of one folder.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    documents: Documents,
    state: State,
}

impl Store {
    /// Opens the store in `folder`, and makes it where there is none.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Folder {
            path: folder.to_owned(),
            error,
        })?;
        let folder = folder.canonicalize().map_err(|error| StoreError::Folder {
            path: folder.to_owned(),
            error,
        })?;
        let documents = Documents::open(&folder)?;
        let state = State::open(&folder.join("state.db")).await?;
        Ok(Self {
            folder,
            documents,
            state,
        })
    }

    /// Ends what a cut-off run left behind: projections that were not written, purchases that
    /// were not settled. For the holder of the lock: nobody else is writing then.
    pub async fn repair(&self, now: jiff::Timestamp) -> Result<(), StoreError> {
        self.end_left_over(now).await?;
        for row in self.state.unprojected().await? {
            let analysis = self.revision(&row.id, row.revision).await?;
            let publish = row.published_revision == Some(row.revision);
            self.project(&analysis, publish).await?;
        }
        Ok(())
    }

    /// Closes the database, so that everything is in one file.
    pub async fn close(self) {
        self.state.close().await;
    }

    /// Takes the lock of `prism ingest`; it is let go when it is dropped, or when the
    /// process dies.
    pub fn lock(&self) -> Result<Lock, StoreError> {
        Lock::take(&self.folder)
    }

    /// An empty file for what a run need not keep in memory. It has no name any more, so it
    /// ends with the run. For the holder of the lock.
    pub fn scratch(&self) -> Result<File, StoreError> {
        let path = self.folder.join("scratch");
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path);
        let nameless = file.and_then(|file| std::fs::remove_file(&path).map(|()| file));
        nameless.map_err(|error| StoreError::Folder { path, error })
    }

    /// Keeps the snapshot of an article and gives its key.
    pub async fn put_article(&self, article: &Article) -> Result<String, StoreError> {
        let key = snapshot::digest(article);
        let path = format!("articles/{key}.json");
        // Its name says what is in it, so what is there is not written and synced anew.
        if !self.documents.exists(&path).await? {
            self.documents
                .create(&path, snapshot::to_json(article))
                .await?;
        }
        Ok(key)
    }

    /// The article of this key.
    pub async fn article(&self, key: &str) -> Result<Article, StoreError> {
        let path = format!("articles/{key}.json");
        let text = self
            .documents
            .get(&path)
            .await?
            .ok_or_else(|| StoreError::missing(&path))?;
        snapshot::from_json(&text).map_err(|error| StoreError::damaged(&path, error))
    }

    /// What was bought under this key.
    pub async fn completion(
        &self,
        key: &CompletionKey,
    ) -> Result<Option<StoredCompletion>, StoreError> {
        let path = key.path();
        match self.documents.get(&path).await? {
            Some(text) => serde_json::from_str(&text)
                .map(Some)
                .map_err(|error| StoreError::damaged(&path, error)),
            None => Ok(None),
        }
    }

    /// Keeps what was bought; the first answer under a key stays.
    pub async fn put_completion(
        &self,
        key: &CompletionKey,
        stored: &StoredCompletion,
    ) -> Result<(), StoreError> {
        self.documents.create(&key.path(), stored.to_json()).await?;
        Ok(())
    }

    /// The analysis that one of these aliases leads to.
    pub async fn find(&self, aliases: &[String]) -> Result<Option<AnalysisRow>, StoreError> {
        for alias in aliases {
            if let Some(row) = self.state.by_alias(alias).await? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The analysis of this id, or of a prefix that only one id has.
    pub async fn by_id(&self, id: &str) -> Result<AnalysisRow, StoreError> {
        let mut rows = self.state.by_id_prefix(id).await?;
        match rows.len() {
            1 => Ok(rows.remove(0)),
            0 => Err(StoreError::NoAnalysis { id: id.to_owned() }),
            n => Err(StoreError::Ambiguous {
                id: id.to_owned(),
                n,
            }),
        }
    }

    /// All analyses, the newest revision first.
    pub async fn list(&self) -> Result<Vec<AnalysisRow>, StoreError> {
        self.state.list().await
    }

    /// One revision of an analysis.
    pub async fn revision(&self, id: &str, revision: u64) -> Result<Analysis, StoreError> {
        let path = revision_path(id, revision);
        let text = self
            .documents
            .get(&path)
            .await?
            .ok_or_else(|| StoreError::missing(&path))?;
        Analysis::from_json(&text).map_err(|error| StoreError::damaged(&path, error))
    }

    /// Stores a record. Where a cut-off run has left the same revision, written from the
    /// same completions, that one is adopted; where another stands there, the record
    /// takes the next number.
    pub async fn save(
        &self,
        mut record: Record,
        require: PublishRequires,
    ) -> Result<Analysis, StoreError> {
        loop {
            let path = revision_path(record.id(), record.analysis().revision);
            if self
                .documents
                .create(&path, record.analysis().to_json())
                .await?
            {
                break;
            }
            let there = self
                .revision(record.id(), record.analysis().revision)
                .await?;
            if record.adopt(&there) {
                break;
            }
            record.next_revision();
        }
        let publish =
            record.analysis().status == Status::Ready && require == PublishRequires::Ready;
        self.state
            .put_analysis(
                record.analysis(),
                record.story_digest(),
                record.aliases(),
                publish,
            )
            .await?;
        let analysis = record.into_analysis();
        self.project(&analysis, publish).await?;
        Ok(analysis)
    }

    /// Writes what readers of the folder see of the latest revision.
    async fn project(&self, analysis: &Analysis, publish: bool) -> Result<(), StoreError> {
        let id = &analysis.id;
        let held = format!("held/{id}.json");
        if publish {
            self.documents
                .replace(&format!("analyses/{id}.json"), analysis.to_json())
                .await?;
        }
        if analysis.status == Status::Held {
            self.documents.replace(&held, analysis.to_json()).await?;
        } else {
            self.documents.remove(&held).await?;
        }
        self.state.projected(id, analysis.revision).await
    }

    /// Reserves the highest cost of a call that is to be bought.
    pub async fn reserve(&self, purchase: &Purchase, caps: &Caps) -> Result<Reserved, StoreError> {
        self.money().reserve(purchase, caps).await
    }

    /// Ends a purchase that was reserved.
    pub async fn end(&self, purchase: &str, end: End) -> Result<(), StoreError> {
        self.money().end(purchase, end).await
    }

    /// The newest answered calls of a model for a purpose, added up; `None` where there are
    /// none.
    pub async fn past_calls(
        &self,
        model: &str,
        purpose: &str,
    ) -> Result<Option<PastCalls>, StoreError> {
        self.money().past_calls(model, purpose).await
    }

    /// What was spent from the day `since` (`2026-11-25`) on, added up.
    pub async fn costs(&self, by: CostsBy, since: &str) -> Result<Vec<CostRow>, StoreError> {
        self.money().costs(by, since).await
    }

    /// Ends what cut-off runs left reserved: by the answer that they kept, or as lost once
    /// none can come any more.
    pub async fn end_left_over(&self, now: jiff::Timestamp) -> Result<(), StoreError> {
        for open in self.money().open_purchases().await? {
            let key = CompletionKey::from_digest(&open.completion);
            let kept = self.completion(&key).await?;
            match kept {
                Some(kept) => self.end(&open.id, kept.end()).await?,
                None if open.expires < now => self.end(&open.id, End::Lost).await?,
                None => {}
            }
        }
        Ok(())
    }

    fn money(&self) -> Money {
        self.state.money()
    }

    /// What is known of each feed, by its address without secrets.
    pub async fn known_feeds(&self) -> Result<HashMap<String, KnownFeed>, StoreError> {
        self.state.feeds().all().await
    }

    /// Notes what is known of feeds, all or none.
    pub async fn put_feeds(&self, feeds: &[(String, KnownFeed)]) -> Result<(), StoreError> {
        self.state.feeds().put(feeds).await
    }

    /// Gives the jobs that have no outcome yet to `take`, one after the other: by feed, the
    /// newest first.
    pub async fn open_jobs(&self, take: impl FnMut(Job)) -> Result<(), StoreError> {
        self.state.jobs().open(take).await
    }

    /// The job of an entry of a feed.
    pub async fn job(&self, feed: &str, entry: &str) -> Result<Option<Job>, StoreError> {
        self.state.jobs().get(feed, entry).await
    }

    /// The jobs of these entries, each by its feed and its id there, in this order.
    pub async fn jobs(&self, entries: &[(&str, &str)]) -> Result<Vec<Job>, StoreError> {
        self.state.jobs().several(entries).await
    }

    /// Notes jobs, all or none.
    pub async fn put_jobs(&self, jobs: &[Job]) -> Result<(), StoreError> {
        self.state.jobs().put(jobs).await
    }

    /// Begins to note jobs that are kept all or none.
    pub async fn together(&self) -> Result<Together, StoreError> {
        self.state.jobs().together().await
    }

    /// Whether an entry of this feed was ever noted.
    pub async fn knows_feed(&self, feed: &str) -> Result<bool, StoreError> {
        self.state.jobs().knows_feed(feed).await
    }
}

fn revision_path(id: &str, revision: u64) -> String {
    format!("revisions/{id}/{revision}.json")
}
