//! What is known of each feed: its validators, and until when it need not be asked.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{AnyPool, Row};

use super::{StoreError, values::timestamp};
use crate::fetch::Validators;

pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS feeds (
        feed TEXT NOT NULL PRIMARY KEY,
        etag TEXT NOT NULL,
        last_modified TEXT NOT NULL,
        address TEXT NOT NULL,
        read_ms BIGINT NOT NULL,
        fresh_until_ms BIGINT NOT NULL
    )";

/// A feed as it was when it was last read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownFeed {
    /// What to ask with.
    pub validators: Validators,
    /// When its entries were last read, all of them.
    pub read: Timestamp,
    /// Until when its server says that it need not be asked.
    pub fresh_until: Timestamp,
}

/// The table of feeds.
pub(super) struct Feeds<'a> {
    pub(super) pool: &'a AnyPool,
}

impl Feeds<'_> {
    /// All feeds by their address without secrets.
    pub(super) async fn all(&self) -> Result<HashMap<String, KnownFeed>, StoreError> {
        let rows = sqlx::query("SELECT * FROM feeds")
            .fetch_all(self.pool)
            .await?;
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        rows.iter()
            .map(|row| {
                let known = KnownFeed {
                    validators: Validators {
                        etag: text(row.try_get("etag")?),
                        last_modified: text(row.try_get("last_modified")?),
                        address: row.try_get("address")?,
                    },
                    read: timestamp(row.try_get("read_ms")?),
                    fresh_until: timestamp(row.try_get("fresh_until_ms")?),
                };
                Ok((row.try_get("feed")?, known))
            })
            .collect()
    }

    /// Notes feeds, all or none.
    pub(super) async fn put(&self, feeds: &[(String, KnownFeed)]) -> Result<(), StoreError> {
        let sql = "INSERT INTO feeds (feed, etag, last_modified, address, read_ms, fresh_until_ms)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (feed) DO UPDATE SET etag = excluded.etag,
                last_modified = excluded.last_modified,
                address = excluded.address,
                read_ms = excluded.read_ms,
                fresh_until_ms = excluded.fresh_until_ms";
        let mut transaction = self.pool.begin().await?;
        for (feed, known) in feeds {
            let Validators {
                etag,
                last_modified,
                address,
            } = known.validators.clone();
            sqlx::query(sql)
                .bind(feed.clone())
                .bind(etag.unwrap_or_default())
                .bind(last_modified.unwrap_or_default())
                .bind(address)
                .bind(known.read.as_millisecond())
                .bind(known.fresh_until.as_millisecond())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
