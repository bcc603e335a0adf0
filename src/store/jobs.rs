//! Jobs: what becomes of each entry of a feed, from the moment at which it is found, so
//! that a run that was cut off goes on where it was.
//!
//! ```text
//! found ──▶ fetched ──▶ done
//! ```
//!
//! A job that is put off keeps its state and its article; the next run takes it first.

use std::collections::HashMap;

use futures::TryStreamExt;
use jiff::Timestamp;
use sqlx::{
    Any, AnyPool, QueryBuilder, Row, Transaction,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::{
    StoreError,
    values::{as_i64, as_u64, timestamp},
};

pub(super) const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS jobs (
        feed TEXT NOT NULL,
        entry TEXT NOT NULL,
        url TEXT NOT NULL,
        title TEXT NOT NULL,
        published_ms BIGINT,
        state TEXT NOT NULL,
        article TEXT NOT NULL,
        retrieved_ms BIGINT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        begun BIGINT NOT NULL,
        found_ms BIGINT NOT NULL,
        seen_ms BIGINT NOT NULL,
        PRIMARY KEY (feed, entry)
    )",
    "CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state)",
];

type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// A feed names it.
    Found,
    /// Its article is kept.
    Fetched,
    /// It has its outcome.
    Done,
}

impl JobState {
    /// The word as the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Fetched => "fetched",
            Self::Done => "done",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "done" => Self::Done,
            "fetched" => Self::Fetched,
            _ => Self::Found,
        }
    }
}

/// An entry of a feed on its way to an analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The feed's address, without secrets.
    pub feed: String,
    /// The entry's id in that feed.
    pub entry: String,
    /// The article's address, without secrets.
    pub url: String,
    /// The title that the feed gives; may be empty.
    pub title: String,
    /// When it was published, or else changed, as the feed says.
    pub published: Option<Timestamp>,
    /// How far it has come.
    pub state: JobState,
    /// The key of its article's snapshot; empty before it is fetched.
    pub article: String,
    /// When the article was fetched.
    pub retrieved: Timestamp,
    /// The word of the last outcome; empty before the first.
    pub outcome: String,
    /// Its reason; may be empty.
    pub reason: String,
    /// How often it failed for a reason of its own that may pass.
    pub attempts: u64,
    /// How many runs began to work on it since it last came to an end.
    pub begun: u64,
    /// When it was found.
    pub found: Timestamp,
    /// When this was noted.
    pub seen: Timestamp,
}

impl Job {
    /// The job of an entry that was found now; its address and what the feed says of it are
    /// to be filled in.
    pub fn found(feed: &str, entry: &str, now: Timestamp) -> Self {
        Self {
            feed: feed.to_owned(),
            entry: entry.to_owned(),
            url: String::new(),
            title: String::new(),
            published: None,
            state: JobState::Found,
            article: String::new(),
            retrieved: Timestamp::UNIX_EPOCH,
            outcome: String::new(),
            reason: String::new(),
            attempts: 0,
            begun: 0,
            found: now,
            seen: now,
        }
    }
}

/// The table of jobs.
pub(super) struct Jobs<'a> {
    pub(super) pool: &'a AnyPool,
}

impl Jobs<'_> {
    /// Gives the jobs that have no outcome yet to `take`: by feed, the newest first.
    pub(super) async fn open(&self, mut take: impl FnMut(Job)) -> Result<(), StoreError> {
        let sql = "SELECT * FROM jobs WHERE state <> 'done'
            ORDER BY feed, COALESCE(published_ms, found_ms) DESC, url, entry";
        let mut rows = sqlx::query(sql).fetch(self.pool);
        while let Some(row) = rows.try_next().await? {
            take(job(&row)?);
        }
        Ok(())
    }

    /// The jobs of these entries, in this order.
    pub(super) async fn several(&self, entries: &[(&str, &str)]) -> Result<Vec<Job>, StoreError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = QueryBuilder::<Any>::new("SELECT * FROM jobs WHERE (feed, entry) IN (");
        sql.push_values(entries, |mut pair, (feed, entry)| {
            pair.push_bind((*feed).to_owned())
                .push_bind((*entry).to_owned());
        });
        let rows = sql.push(")").build().fetch_all(self.pool).await?;
        let mut found = HashMap::new();
        for row in &rows {
            let job = job(row)?;
            found.insert((job.feed.clone(), job.entry.clone()), job);
        }
        entries
            .iter()
            .map(|(feed, entry)| {
                let key = ((*feed).to_owned(), (*entry).to_owned());
                found.get(&key).cloned().ok_or_else(StoreError::missing_job)
            })
            .collect()
    }

    pub(super) async fn get(&self, feed: &str, entry: &str) -> Result<Option<Job>, StoreError> {
        let row = asked(feed, entry).fetch_optional(self.pool).await?;
        row.map(|row| job(&row)).transpose()
    }

    /// Notes jobs, all or none.
    pub(super) async fn put(&self, jobs: &[Job]) -> Result<(), StoreError> {
        // One statement is a transaction of its own.
        if let [job] = jobs {
            noted(job).execute(self.pool).await?;
            return Ok(());
        }
        let mut together = self.together().await?;
        for job in jobs {
            together.put(job).await?;
        }
        together.keep().await
    }

    pub(super) async fn together(&self) -> Result<Together, StoreError> {
        let transaction = self.pool.begin().await?;
        Ok(Together { transaction })
    }

    pub(super) async fn knows_feed(&self, feed: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM jobs WHERE feed = $1")
            .bind(feed.to_owned())
            .fetch_one(self.pool)
            .await?;
        Ok(row.try_get::<i64, _>("n")? > 0)
    }
}

/// Jobs that are noted together, all or none. Nobody else gets at the database meanwhile, so
/// there must be no waiting for anything else.
#[derive(Debug)]
pub struct Together {
    transaction: Transaction<'static, Any>,
}

impl Together {
    /// The job of an entry of a feed.
    pub async fn job(&mut self, feed: &str, entry: &str) -> Result<Option<Job>, StoreError> {
        let row = asked(feed, entry)
            .fetch_optional(&mut *self.transaction)
            .await?;
        row.map(|row| job(&row)).transpose()
    }

    /// Notes a job.
    pub async fn put(&mut self, job: &Job) -> Result<(), StoreError> {
        noted(job).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Keeps what was noted; without it, none of it is.
    pub async fn keep(self) -> Result<(), StoreError> {
        self.transaction.commit().await?;
        Ok(())
    }
}

fn asked<'q>(feed: &str, entry: &str) -> AnyQuery<'q> {
    sqlx::query("SELECT * FROM jobs WHERE feed = $1 AND entry = $2")
        .bind(feed.to_owned())
        .bind(entry.to_owned())
}

fn noted<'q>(job: &Job) -> AnyQuery<'q> {
    let sql = "INSERT INTO jobs (feed, entry, url, title, published_ms, state, article,
            retrieved_ms, outcome, reason, attempts, begun, found_ms, seen_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (feed, entry) DO UPDATE SET
            url = excluded.url, title = excluded.title, published_ms = excluded.published_ms,
            state = excluded.state, article = excluded.article,
            retrieved_ms = excluded.retrieved_ms, outcome = excluded.outcome,
            reason = excluded.reason, attempts = excluded.attempts,
            begun = excluded.begun, seen_ms = excluded.seen_ms";
    sqlx::query(sql)
        .bind(job.feed.clone())
        .bind(job.entry.clone())
        .bind(job.url.clone())
        .bind(job.title.clone())
        .bind(job.published.map(Timestamp::as_millisecond))
        .bind(job.state.as_str())
        .bind(job.article.clone())
        .bind(job.retrieved.as_millisecond())
        .bind(job.outcome.clone())
        .bind(job.reason.clone())
        .bind(as_i64(job.attempts))
        .bind(as_i64(job.begun))
        .bind(job.found.as_millisecond())
        .bind(job.seen.as_millisecond())
}

fn job(row: &AnyRow) -> Result<Job, StoreError> {
    let time = |name| Ok::<_, StoreError>(timestamp(row.try_get(name)?));
    Ok(Job {
        feed: row.try_get("feed")?,
        entry: row.try_get("entry")?,
        url: row.try_get("url")?,
        title: row.try_get("title")?,
        published: row
            .try_get::<Option<i64>, _>("published_ms")?
            .map(timestamp),
        state: JobState::parse(&row.try_get::<String, _>("state")?),
        article: row.try_get("article")?,
        retrieved: time("retrieved_ms")?,
        outcome: row.try_get("outcome")?,
        reason: row.try_get("reason")?,
        attempts: as_u64(row.try_get("attempts")?),
        begun: as_u64(row.try_get("begun")?),
        found: time("found_ms")?,
        seen: time("seen_ms")?,
    })
}
