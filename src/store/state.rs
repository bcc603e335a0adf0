//! State: which analysis belongs to which address and text. One connection, short statements, none across a network wait.

use std::path::Path;

use jiff::Timestamp;
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, Row, any::AnyPoolOptions, any::AnyRow, query::Query,
};
use url::Url;

use super::{
    StoreError,
    feeds::{self, Feeds},
    jobs::{self, Jobs},
    money::{self, Money},
    values::{as_i64, as_u64, timestamp},
};
use crate::analysis::{
    Analysis,
    document::{EngineKind, Status},
};

/// Which form the tables have. Whoever changes one adds a step to [`bring_up`].
const FORM: i64 = 1;

/// Only TEXT and BIGINT, so that every database behind `Any` takes it: times are epoch
/// milliseconds, truth values are 0 and 1.
const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS analyses (
        id TEXT NOT NULL PRIMARY KEY,
        slug TEXT NOT NULL,
        revision BIGINT NOT NULL,
        published_revision BIGINT,
        status TEXT NOT NULL,
        engine TEXT NOT NULL,
        story TEXT NOT NULL,
        title TEXT NOT NULL,
        category TEXT NOT NULL,
        language TEXT NOT NULL,
        created_ms BIGINT NOT NULL,
        revised_ms BIGINT NOT NULL,
        projected BIGINT NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS aliases (
        alias TEXT NOT NULL PRIMARY KEY,
        id TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS aliases_by_id ON aliases (id)",
];

#[derive(Debug)]
pub(super) struct State {
    pool: AnyPool,
}

/// What the state knows of an analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalysisRow {
    /// Its id.
    pub id: String,
    /// Its slug, fixed at revision 1.
    pub slug: String,
    /// The latest revision.
    pub revision: u64,
    /// The revision in `analyses/`, if any.
    pub published_revision: Option<u64>,
    /// Of the latest revision.
    pub status: Status,
    /// What wrote the latest revision.
    pub engine: EngineKind,
    /// The digest of the texts that the latest revision was written from.
    pub story: String,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: String,
    /// Its language.
    pub language: String,
    /// When revision 1 was made.
    pub created: Timestamp,
    /// When the latest revision was made.
    pub revised: Timestamp,
}

impl State {
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let file = Url::from_file_path(path).map_err(|()| StoreError::missing("state.db"))?;
        let url = format!("sqlite://{}?mode=rwc", file.path());
        let pool = AnyPoolOptions::new()
            .max_connections(1)
            .connect(&url)
            .await?;
        for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
            sqlx::query(pragma).execute(&pool).await?;
        }
        if form(&mut *pool.acquire().await?).await? != FORM {
            // Whoever comes second finds it done.
            let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
            bring_up(&mut transaction).await?;
            transaction.commit().await?;
        }
        Ok(Self { pool })
    }

    pub(super) fn money(&self) -> Money {
        Money {
            pool: self.pool.clone(),
        }
    }

    pub(super) fn feeds(&self) -> Feeds<'_> {
        Feeds { pool: &self.pool }
    }

    pub(super) fn jobs(&self) -> Jobs<'_> {
        Jobs { pool: &self.pool }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// The database, for what is asked of it elsewhere.
    pub(super) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// What the database finds wrong with itself; nothing where it is whole.
    pub(super) async fn integrity(&self) -> Vec<String> {
        let answer = sqlx::query("PRAGMA integrity_check")
            .fetch_all(&self.pool)
            .await;
        let lines = answer.and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect());
        match lines {
            Ok(lines) => Vec::into_iter(lines).filter(|line| line != "ok").collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    pub(super) async fn by_alias(&self, alias: &str) -> Result<Option<AnalysisRow>, StoreError> {
        let sql = "SELECT a.* FROM analyses a JOIN aliases l ON l.id = a.id WHERE l.alias = $1";
        let row = sqlx::query(sql)
            .bind(alias.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| analysis_row(&row)).transpose()
    }

    pub(super) async fn by_id_prefix(&self, prefix: &str) -> Result<Vec<AnalysisRow>, StoreError> {
        let sql = "SELECT * FROM analyses WHERE substr(id, 1, $1) = $2 ORDER BY id";
        let length = i64::try_from(prefix.chars().count()).unwrap_or(i64::MAX);
        self.analyses(sqlx::query(sql).bind(length).bind(prefix.to_owned()))
            .await
    }

    pub(super) async fn list(&self) -> Result<Vec<AnalysisRow>, StoreError> {
        self.analyses(sqlx::query(
            "SELECT * FROM analyses ORDER BY revised_ms DESC, id",
        ))
        .await
    }

    /// Analyses whose projections may be older than their row.
    pub(super) async fn unprojected(&self) -> Result<Vec<AnalysisRow>, StoreError> {
        self.analyses(sqlx::query(
            "SELECT * FROM analyses WHERE projected = 0 ORDER BY id",
        ))
        .await
    }

    async fn analyses(
        &self,
        query: Query<'_, Any, sqlx::any::AnyArguments>,
    ) -> Result<Vec<AnalysisRow>, StoreError> {
        query
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(analysis_row)
            .collect()
    }

    /// Writes the row and the aliases of a revision in one transaction.
    pub(super) async fn put_analysis(
        &self,
        analysis: &Analysis,
        story_digest: &str,
        aliases: &[String],
        publish: bool,
    ) -> Result<(), StoreError> {
        let revision = as_i64(analysis.revision);
        let mut transaction = self.pool.begin().await?;
        let sql = "INSERT INTO analyses (id, slug, revision, published_revision, status, engine, story,
                title, category, language, created_ms, revised_ms, projected)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)
            ON CONFLICT (id) DO UPDATE SET
                revision = excluded.revision,
                published_revision = COALESCE(excluded.published_revision, analyses.published_revision),
                status = excluded.status, engine = excluded.engine, story = excluded.story,
                title = excluded.title, category = excluded.category, language = excluded.language,
                revised_ms = excluded.revised_ms, projected = 0";
        sqlx::query(sql)
            .bind(analysis.id.clone())
            .bind(analysis.slug.clone())
            .bind(revision)
            .bind(publish.then_some(revision))
            .bind(analysis.status.as_str())
            .bind(analysis.provenance.engine.as_str())
            .bind(story_digest.to_owned())
            .bind(analysis.title.clone())
            .bind(analysis.category.clone())
            .bind(analysis.language.clone())
            .bind(analysis.created_at.as_millisecond())
            .bind(analysis.revised_at.as_millisecond())
            .execute(&mut *transaction)
            .await?;
        for alias in aliases {
            sqlx::query(
                "INSERT INTO aliases (alias, id) VALUES ($1, $2) ON CONFLICT (alias) DO NOTHING",
            )
            .bind(alias.clone())
            .bind(analysis.id.clone())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Notes that the projections of this revision are written.
    pub(super) async fn projected(&self, id: &str, revision: u64) -> Result<(), StoreError> {
        sqlx::query("UPDATE analyses SET projected = 1 WHERE id = $1 AND revision = $2")
            .bind(id.to_owned())
            .bind(as_i64(revision))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// The form that the database has; 0 where it is new, or from before forms were noted.
async fn form(database: &mut AnyConnection) -> Result<i64, StoreError> {
    let row = sqlx::query("PRAGMA user_version").fetch_one(database);
    Ok(row.await?.try_get(0)?)
}

/// Makes the tables of a new database, and brings those of an older form up to this one.
async fn bring_up(database: &mut AnyConnection) -> Result<(), StoreError> {
    let form = form(database).await?;
    if form > FORM {
        return Err(StoreError::Newer { form, ours: FORM });
    }
    if form < 1 {
        // What was known of feeds is asked anew; entries became jobs.
        for forget in ["DROP TABLE IF EXISTS feeds", "DROP TABLE IF EXISTS entries"] {
            sqlx::query(forget).execute(&mut *database).await?;
        }
        for (table, column) in [("purchases", "bytes"), ("jobs", "begun")] {
            let sql = "SELECT COUNT(*), COALESCE(SUM(name = $2), 0) FROM pragma_table_info($1)";
            let columns = sqlx::query(sql).bind(table).bind(column);
            let row = columns.fetch_one(&mut *database).await?;
            let (all, found): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            if all > 0 && found == 0 {
                let sql =
                    format!("ALTER TABLE {table} ADD COLUMN {column} BIGINT NOT NULL DEFAULT 0");
                let add = sqlx::query(AssertSqlSafe(sql));
                add.execute(&mut *database).await?;
            }
        }
    }
    let tables = TABLES.into_iter().chain([feeds::TABLE]);
    for table in tables.chain(jobs::TABLES).chain(money::TABLES) {
        sqlx::query(table).execute(&mut *database).await?;
    }
    let note = AssertSqlSafe(format!("PRAGMA user_version = {FORM}"));
    sqlx::query(note).execute(database).await?;
    Ok(())
}

fn analysis_row(row: &AnyRow) -> Result<AnalysisRow, StoreError> {
    let status = match row.try_get::<String, _>("status")?.as_str() {
        "ready" => Status::Ready,
        _ => Status::Held,
    };
    let engine = match row.try_get::<String, _>("engine")?.as_str() {
        "extractive" => EngineKind::Extractive,
        _ => EngineKind::Model,
    };
    Ok(AnalysisRow {
        id: row.try_get("id")?,
        slug: row.try_get("slug")?,
        revision: as_u64(row.try_get("revision")?),
        published_revision: row
            .try_get::<Option<i64>, _>("published_revision")?
            .map(as_u64),
        status,
        engine,
        story: row.try_get("story")?,
        title: row.try_get("title")?,
        category: row.try_get("category")?,
        language: row.try_get("language")?,
        created: timestamp(row.try_get("created_ms")?),
        revised: timestamp(row.try_get("revised_ms")?),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::store::{KnownFeed, Store};

    async fn changed(folder: &Path, statements: &[&'static str]) {
        let store = Store::open(folder).await.unwrap();
        for statement in statements {
            let query = sqlx::query(*statement).execute(store.state.pool());
            query.await.unwrap();
        }
        store.close().await;
    }

    #[tokio::test]
    async fn a_database_from_before_forms_were_noted_is_brought_up() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let older = [
            "DROP TABLE feeds",
            "CREATE TABLE feeds (feed TEXT NOT NULL PRIMARY KEY, etag TEXT NOT NULL)",
            "INSERT INTO feeds VALUES ('http://a.example/', 'one')",
            "CREATE TABLE entries (feed TEXT NOT NULL, entry TEXT NOT NULL)",
            "ALTER TABLE purchases DROP COLUMN bytes",
            "INSERT INTO jobs VALUES ('f', 'e', 'u', 't', 1, 'found', '', 0, '', '', 3, 7, 0, 0)",
            "ALTER TABLE jobs DROP COLUMN begun",
            "INSERT INTO aliases VALUES ('en url http://a.example/1', '0123')",
            "PRAGMA user_version = 0",
        ];
        changed(folder, &older).await;
        let store = Store::open(folder).await.unwrap();
        assert_eq!(store.known_feeds().await.unwrap().len(), 0);
        let noted = [("http://a.example/".to_owned(), KnownFeed::default())];
        store.put_feeds(&noted).await.unwrap();
        let past = store.past_calls("openai/tiny", "analysis").await.unwrap();
        assert!(past.is_none());
        let job = store.job("f", "e").await.unwrap().unwrap();
        assert_eq!((job.attempts, job.begun), (3, 0));
        let kept = sqlx::query("SELECT COUNT(*) FROM aliases").fetch_one(store.state.pool());
        assert_eq!(kept.await.unwrap().get::<i64, _>(0), 1);
        store.close().await;
        // It is done once.
        let store = Store::open(folder).await.unwrap();
        assert_eq!(store.known_feeds().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_database_of_a_newer_prism_is_left_alone_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        changed(folder.path(), &["PRAGMA user_version = 99"]).await;
        let error = Store::open(folder.path()).await.unwrap_err();
        assert!(error.to_string().contains("form 99"), "{error}");
        assert!(error.hint().unwrap().contains("the prism that made it"));
        assert!(!error.is_damage());
    }
}
