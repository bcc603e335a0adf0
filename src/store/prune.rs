//! What may be forgotten: entries that no feed lists any more, answers whose analysis is
//! stored, articles that no analysis was written from. Never a revision, and never what a
//! reader of the folder sees.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

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
    /// What models said.
    pub completions: Forgotten,
    /// Snapshots of articles.
    pub articles: Forgotten,
}

impl Store {
    /// Forgets what is older than `before`, or with `dry_run` only counts it. For the
    /// holder of the lock. A revision that cannot be read is an error: what it refers to
    /// is not known.
    pub async fn prune(&self, before: Timestamp, dry_run: bool) -> Result<Pruned, StoreError> {
        let references = self.references().await?;
        Ok(Pruned {
            entries: self.prune_entries(before, dry_run).await?,
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

    /// A feed of which nothing is newer keeps all its rows: it has only been quiet, and
    /// must not be taken for one that is read for the first time.
    async fn prune_entries(
        &self,
        before: Timestamp,
        dry_run: bool,
    ) -> Result<Forgotten, StoreError> {
        const OLD: &str = "FROM jobs WHERE state = 'done' AND seen_ms < $1 AND feed IN
            (SELECT feed FROM jobs GROUP BY feed HAVING MAX(seen_ms) >= $1)";
        let pool = self.state.pool();
        let before = before.as_millisecond();
        let sql =
            "SELECT COUNT(*), MIN(CASE WHEN state = 'done' AND seen_ms >= $1 THEN seen_ms END)
            FROM jobs";
        let row = sqlx::query(sql).bind(before).fetch_one(pool).await?;
        let every: i64 = row.try_get(0)?;
        let next: Option<i64> = row.try_get(1)?;
        let counting = AssertSqlSafe(format!("SELECT COUNT(*) {OLD}"));
        let row = sqlx::query(counting).bind(before).fetch_one(pool).await?;
        let old: i64 = row.try_get(0)?;
        if !dry_run {
            let deleting = AssertSqlSafe(format!("DELETE {OLD}"));
            sqlx::query(deleting).bind(before).execute(pool).await?;
        }
        Ok(Forgotten {
            count: usize::try_from(old).unwrap_or(0),
            bytes: 0,
            kept: usize::try_from(every - old).unwrap_or(0),
            next: next.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        })
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
    use crate::store::JobState;

    #[tokio::test]
    async fn entries_go_once_their_feed_lists_newer_ones_and_they_are_done_with() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        for (feed, entry, seen, settled) in [
            ("busy", "old", 10, true),
            ("busy", "waiting", 10, false),
            ("busy", "new", 200, true),
            ("quiet", "old", 10, true),
        ] {
            let job = Job {
                feed: feed.into(),
                entry: entry.into(),
                url: String::new(),
                title: String::new(),
                published: None,
                state: if settled {
                    JobState::Done
                } else {
                    JobState::Fetched
                },
                article: String::new(),
                retrieved: at(seen),
                outcome: "skipped".into(),
                reason: String::new(),
                attempts: 0,
                found: at(seen),
                seen: at(seen),
            };
            store.put_jobs(&[job]).await.unwrap();
        }
        let would = store.prune(at(100), true).await.unwrap().entries;
        let did = store.prune(at(100), false).await.unwrap().entries;
        assert_eq!(would, did);
        assert_eq!((did.count, did.kept, did.next), (1, 3, Some(at(200))));
        assert!(store.job("busy", "old").await.unwrap().is_none());
        assert!(store.job("busy", "waiting").await.unwrap().is_some());
        assert!(store.knows_feed("quiet").await.unwrap());
        let again = store.prune(at(100), false).await.unwrap().entries;
        assert_eq!((again.count, again.kept), (0, 3));
    }
}
