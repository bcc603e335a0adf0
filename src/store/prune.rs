//! What may be forgotten: entries that no feed lists any more, answers whose analysis is
//! stored, articles that no analysis was written from. Never a revision, and never what a
//! reader of the folder sees.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
};

use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use super::{Job, Store, StoreError};

/// What was forgotten of one kind, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many.
    pub count: usize,
    /// Their size on disk.
    pub bytes: u64,
    /// How many stay.
    pub kept: usize,
    /// The time of the oldest of those that only stay for being too young.
    pub next: Option<Timestamp>,
}

impl Forgotten {
    fn stays(&mut self, only_for_now: Option<Timestamp>) {
        self.kept += 1;
        self.next = match (self.next, only_for_now) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

/// What was forgotten, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Rows of entries that are done with.
    pub entries: Forgotten,
    /// What is known of feeds that are not read any more.
    pub feeds: Forgotten,
    /// What models said.
    pub completions: Forgotten,
    /// Snapshots of articles.
    pub articles: Forgotten,
}

impl Store {
    /// Forgets what is older than `before`, or with `dry_run` only counts it. `feeds` are the
    /// names of those that are read, where that is known. For the holder of the lock. A revision
    /// that cannot be read is an error: what it refers to is not known.
    pub async fn prune(
        &self,
        before: Timestamp,
        feeds: Option<&HashSet<String>>,
        dry_run: bool,
    ) -> Result<Pruned, StoreError> {
        let references = self.references().await?;
        let (entries, feeds) = self.prune_rows(before, feeds, dry_run).await?;
        Ok(Pruned {
            entries,
            feeds,
            completions: self
                .prune_files("completions", dry_run, |key, _| {
                    match references.completions.get(key) {
                        Some(Some(written)) if *written < before => Verdict::Forget,
                        Some(Some(written)) => Verdict::Keep(Some(*written)),
                        // An answer that no analysis was made of was paid for, and is not
                        // to be paid for again.
                        Some(None) | None => Verdict::Keep(None),
                    }
                })
                .await?,
            articles: self
                .prune_files("articles", dry_run, |key, at| match at {
                    _ if references.articles.contains(key) => Verdict::Keep(None),
                    Some(at) if at < before => Verdict::Forget,
                    at => Verdict::Keep(at),
                })
                .await?,
        })
    }

    async fn references(&self) -> Result<References, StoreError> {
        let rows: BTreeMap<String, u64> = self
            .state
            .list()
            .await?
            .into_iter()
            .map(|row| (row.id, row.revision))
            .collect();
        let mut references = References::default();
        // What is still to be written.
        let keep = |job: Job| {
            references.articles.insert(job.article);
        };
        self.state.jobs().open(keep).await?;
        for (id, numbers) in self.revisions()? {
            let known = rows.get(&id).copied().unwrap_or(0);
            for number in numbers {
                let analysis = self.revision(&id, number).await?;
                let made = &analysis.provenance;
                let judged = made.judge.iter().flat_map(|judge| &judge.completions);
                for key in made.completions.iter().chain(judged) {
                    // One that a cut-off run left without a row is made anew from them.
                    let written = (number <= known).then_some(analysis.revised_at);
                    let newest = references.completions.entry(key.clone()).or_insert(written);
                    *newest = newest.zip(written).map(|(one, other)| one.max(other));
                }
                let articles = analysis.sources.into_iter().map(|source| source.article);
                references.articles.extend(articles);
            }
        }
        Ok(references)
    }

    /// Rows of entries, and of feeds. A feed of which nothing is newer keeps all its entries:
    /// it has only been quiet, and must not be taken for one that is read for the first time.
    /// One that is not read any more keeps none, and no entry waits for it.
    async fn prune_rows(
        &self,
        before: Timestamp,
        feeds: Option<&HashSet<String>>,
        dry_run: bool,
    ) -> Result<(Forgotten, Forgotten), StoreError> {
        let before = before.as_millisecond();
        let is_read = |feed: &String| feeds.is_none_or(|feeds| feeds.contains(feed));
        // Counting is forgetting and taking it back.
        let mut transaction = self.state.pool().begin().await?;
        let known = sqlx::query("SELECT DISTINCT feed FROM jobs")
            .fetch_all(&mut *transaction)
            .await?;
        let mut entries = 0;
        for row in known {
            let feed: String = row.try_get(0)?;
            if !is_read(&feed) {
                let sql = "DELETE FROM jobs WHERE feed = $1 AND seen_ms < $2";
                let gone = sqlx::query(sql).bind(feed).bind(before);
                entries += gone.execute(&mut *transaction).await?.rows_affected();
            }
        }
        let old = "DELETE FROM jobs WHERE state = 'done' AND seen_ms < $1 AND feed IN
            (SELECT feed FROM jobs GROUP BY feed HAVING MAX(seen_ms) >= $1)";
        let gone = sqlx::query(old).bind(before);
        entries += gone.execute(&mut *transaction).await?.rows_affected();
        let sql =
            "SELECT COUNT(*), MIN(CASE WHEN state = 'done' AND seen_ms >= $1 THEN seen_ms END)
            FROM jobs";
        let kept = sqlx::query(sql).bind(before);
        let entries = rows(entries, &kept.fetch_one(&mut *transaction).await?)?;

        // A feed that is read is asked for all of itself once a day, which is noted.
        let gone = sqlx::query("DELETE FROM feeds WHERE read_ms < $1").bind(before);
        let gone = gone.execute(&mut *transaction).await?.rows_affected();
        let known = sqlx::query("SELECT feed, read_ms FROM feeds")
            .fetch_all(&mut *transaction)
            .await?;
        let mut feeds_gone = Forgotten {
            count: usize::try_from(gone).unwrap_or(0),
            ..Forgotten::default()
        };
        for row in known {
            let for_good = is_read(&row.try_get(0)?);
            let read = Timestamp::from_millisecond(row.try_get(1)?).ok();
            feeds_gone.stays(read.filter(|_| !for_good));
        }
        if dry_run {
            transaction.rollback().await?;
        } else {
            transaction.commit().await?;
        }
        Ok((entries, feeds_gone))
    }

    async fn prune_files(
        &self,
        folder: &str,
        dry_run: bool,
        verdict: impl Fn(&str, Option<Timestamp>) -> Verdict,
    ) -> Result<Forgotten, StoreError> {
        let mut forgotten = Forgotten::default();
        for name in self.names(folder)? {
            let Some(key) = name.strip_suffix(".json") else {
                continue;
            };
            let path = format!("{folder}/{name}");
            let there = fs::metadata(self.folder.join(&path)).ok();
            let at = there.as_ref().and_then(|there| there.modified().ok());
            match verdict(key, at.and_then(|at| Timestamp::try_from(at).ok())) {
                Verdict::Forget => {
                    if !dry_run {
                        self.documents.remove(&path).await?;
                    }
                    forgotten.count += 1;
                    forgotten.bytes += there.map_or(0, |there| there.len());
                }
                Verdict::Keep(at) => forgotten.stays(at),
            }
        }
        Ok(forgotten)
    }
}

/// So many rows are gone; this row counts those that stay and has the time of the oldest.
fn rows(gone: u64, kept: &AnyRow) -> Result<Forgotten, StoreError> {
    let (stay, next): (i64, Option<i64>) = (kept.try_get(0)?, kept.try_get(1)?);
    Ok(Forgotten {
        count: usize::try_from(gone).unwrap_or(0),
        bytes: 0,
        kept: usize::try_from(stay).unwrap_or(0),
        next: next.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
    })
}

enum Verdict {
    Forget,
    /// With its time, where it stays only for being too young.
    Keep(Option<Timestamp>),
}

/// What the revisions refer to.
#[derive(Default)]
struct References {
    /// Answers, with the time of the last analysis that was made of each; `None` where that
    /// has no row yet.
    completions: BTreeMap<String, Option<Timestamp>>,
    articles: BTreeSet<String>,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::store::{JobState, KnownFeed};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    async fn note(store: &Store, jobs: &[(&str, &str, i64, bool)]) {
        for (feed, entry, seen, settled) in jobs {
            let state = if *settled {
                JobState::Done
            } else {
                JobState::Fetched
            };
            let job = Job {
                state,
                ..Job::found(feed, entry, at(*seen))
            };
            store.put_jobs(&[job]).await.unwrap();
        }
    }

    #[tokio::test]
    async fn entries_go_once_their_feed_lists_newer_ones_and_they_are_done_with() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let jobs = [
            ("busy", "old", 10, true),
            ("busy", "waiting", 10, false),
            ("busy", "new", 200, true),
            ("quiet", "old", 10, true),
        ];
        note(&store, &jobs).await;
        let feeds = HashSet::from(["busy".to_owned(), "quiet".to_owned()]);
        let would = store
            .prune(at(100), Some(&feeds), true)
            .await
            .unwrap()
            .entries;
        let did = store
            .prune(at(100), Some(&feeds), false)
            .await
            .unwrap()
            .entries;
        assert_eq!(would, did);
        assert_eq!((did.count, did.kept, did.next), (1, 3, Some(at(200))));
        assert!(store.job("busy", "old").await.unwrap().is_none());
        assert!(store.job("busy", "waiting").await.unwrap().is_some());
        assert!(store.knows_feed("quiet").await.unwrap());
        let again = store
            .prune(at(100), Some(&feeds), false)
            .await
            .unwrap()
            .entries;
        assert_eq!((again.count, again.kept), (0, 3));
    }

    #[tokio::test]
    async fn of_a_feed_that_is_not_read_any_more_nothing_old_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let jobs = [
            ("read", "quiet", 10, true),
            ("given up", "quiet", 10, true),
            ("given up", "waiting", 10, false),
            ("given up lately", "waiting", 200, false),
        ];
        note(&store, &jobs).await;
        let known = |feed: &str, second| {
            let known = KnownFeed {
                read: at(second),
                ..KnownFeed::default()
            };
            (feed.to_owned(), known)
        };
        let noted = [
            known("read", 300),
            known("given up", 10),
            known("given up lately", 200),
        ];
        store.put_feeds(&noted).await.unwrap();
        let feeds = HashSet::from(["read".to_owned()]);
        let would = store.prune(at(100), Some(&feeds), true).await.unwrap();
        assert_eq!(store.known_feeds().await.unwrap().len(), 3);
        let did = store.prune(at(100), Some(&feeds), false).await.unwrap();
        assert_eq!(would, did);
        assert_eq!((did.entries.count, did.entries.kept), (2, 2));
        let feeds = (did.feeds.count, did.feeds.kept, did.feeds.next);
        assert_eq!(feeds, (1, 2, Some(at(200))));
        let left = store.known_feeds().await.unwrap();
        let mut left: Vec<&str> = left.keys().map(String::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["given up lately", "read"]);
        assert!(store.knows_feed("read").await.unwrap());
        assert!(!store.knows_feed("given up").await.unwrap());
    }
}
