//! Money: what each period has spent and reserved, and each purchase.
//!
//! A call is bought in three steps: its highest cost is **reserved**, the answer is kept, the
//! reservation is **settled** at what the answer cost. One conditional `UPDATE` reserves in
//! the run, the day and the month at once, or in none of them, so that no cap is passed
//! whatever happens at the same time. A call that certainly cost nothing is **released**.
//! What a cut-off run left reserved is settled from the answer it kept, or, once no answer
//! can come any more, **lost**: at its highest cost.
//!
//! Money is in millionths of a US dollar, times are milliseconds.

use jiff::Timestamp;
use sqlx::{AnyPool, Row, any::AnyRow};

use super::{
    StoreError,
    values::{as_i64, as_u64},
};
use crate::llm::{Usage, dollars};

pub(super) const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS periods (
        period TEXT NOT NULL PRIMARY KEY,
        spent_micro BIGINT NOT NULL,
        reserved_micro BIGINT NOT NULL,
        spent_tokens BIGINT NOT NULL,
        reserved_tokens BIGINT NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS purchases (
        id TEXT NOT NULL PRIMARY KEY,
        completion TEXT NOT NULL,
        state TEXT NOT NULL,
        run TEXT NOT NULL,
        day TEXT NOT NULL,
        month TEXT NOT NULL,
        feed TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        purpose TEXT NOT NULL,
        priced BIGINT NOT NULL,
        most_micro BIGINT NOT NULL,
        most_tokens BIGINT NOT NULL,
        bytes BIGINT NOT NULL,
        expires_ms BIGINT NOT NULL,
        cost_micro BIGINT NOT NULL,
        input BIGINT NOT NULL,
        cached_input BIGINT NOT NULL,
        output BIGINT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS purchases_by_completion ON purchases (completion)",
];

/// What may be spent in one period; `None` where there is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cap {
    /// Millionths of a US dollar.
    pub micro_dollars: Option<u64>,
    /// Tokens of prompts and answers together.
    pub tokens: Option<u64>,
}

/// The caps of a run, its day and its month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Of one run.
    pub run: Cap,
    /// Of one day of UTC.
    pub day: Cap,
    /// Of one month of UTC.
    pub month: Cap,
}

/// A call that is to be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The key of its completion.
    pub completion: String,
    /// The run that buys.
    pub run: String,
    /// The feed that the story came from; empty for none.
    pub feed: String,
    /// Who answers and with which model: `openai/gpt-5-mini`.
    pub model: String,
    /// The prompt with its version: `analysis.v3`.
    pub prompt: String,
    /// What the answer is for.
    pub purpose: String,
    /// The highest cost, or `None` where the price is unknown.
    pub most_micro: Option<u64>,
    /// The most tokens.
    pub most_tokens: u64,
    /// The length of the request.
    pub bytes: u64,
    /// Now.
    pub at: Timestamp,
    /// When no answer can come any more.
    pub expires: Timestamp,
}

/// What came of a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// It is held under this id.
    Yes(String),
    /// It would pass this cap, in words: ``the cap of 5 US dollars a day``.
    No(String),
}

/// The ends of a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// An answer came, at this cost and usage.
    Settled(u64, Usage),
    /// It certainly cost nothing.
    Released,
    /// Nobody knows; it counts at its highest cost.
    Lost,
}

/// A purchase that is neither settled nor released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenPurchase {
    /// Its id.
    pub(super) id: String,
    /// The key of its completion.
    pub(super) completion: String,
    /// When no answer can come any more.
    pub(super) expires: Timestamp,
}

/// What calls that have a thing in common have cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// What they have in common, as a day or a feed.
    pub name: String,
    /// Calls that were paid for.
    pub calls: u64,
    /// Their tokens.
    pub usage: Usage,
    /// Their cost in millionths of a US dollar, as far as the prices are known.
    pub cost_micro_dollars: u64,
    /// Calls whose price is unknown.
    pub unpriced: u64,
    /// Calls that broke off, counted at their highest cost.
    pub lost: u64,
}

/// Calls that were answered, added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastCalls {
    /// How many.
    pub calls: u64,
    /// The lengths of their requests.
    pub bytes: u64,
    /// Their tokens.
    pub usage: Usage,
}

/// What costs are added up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostsBy {
    /// The day of UTC.
    Day,
    /// The feed that the story came from.
    Feed,
    /// The model.
    Model,
    /// The prompt with its version.
    Prompt,
}

impl CostsBy {
    fn column(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Feed => "feed",
            Self::Model => "model",
            Self::Prompt => "prompt",
        }
    }
}

/// The periods of a purchase, as their rows are named.
fn periods(run: &str, at: Timestamp) -> [String; 3] {
    let day = at.to_string();
    [
        format!("run {run}"),
        format!("day {}", &day[..10]),
        format!("month {}", &day[..7]),
    ]
}

/// The tables of money.
#[derive(Clone, Debug)]
pub(super) struct Money {
    pub(super) pool: AnyPool,
}

impl Money {
    /// Reserves the highest cost of a call in its run, its day and its month.
    pub(super) async fn reserve(
        &self,
        purchase: &Purchase,
        caps: &Caps,
    ) -> Result<Reserved, StoreError> {
        let [run, day, month] = periods(&purchase.run, purchase.at);
        let micro = as_i64(purchase.most_micro.unwrap_or(0));
        let tokens = as_i64(purchase.most_tokens);
        let mut transaction = self.pool.begin().await?;
        let sql = "UPDATE periods
            SET reserved_micro = reserved_micro + $1, reserved_tokens = reserved_tokens + $2
            WHERE period IN ($3, $4, $5) AND 3 = (
                SELECT COUNT(*) FROM periods p WHERE
                    (p.period = $3 AND p.spent_micro + p.reserved_micro + $1 <= $6
                        AND p.spent_tokens + p.reserved_tokens + $2 <= $7)
                    OR (p.period = $4 AND p.spent_micro + p.reserved_micro + $1 <= $8
                        AND p.spent_tokens + p.reserved_tokens + $2 <= $9)
                    OR (p.period = $5 AND p.spent_micro + p.reserved_micro + $1 <= $10
                        AND p.spent_tokens + p.reserved_tokens + $2 <= $11))";
        let conditional = || {
            let query = sqlx::query(sql)
                .bind(micro)
                .bind(tokens)
                .bind(run.clone())
                .bind(day.clone())
                .bind(month.clone());
            [caps.run, caps.day, caps.month]
                .into_iter()
                .fold(query, |query, cap| {
                    query.bind(bound(cap.micro_dollars)).bind(bound(cap.tokens))
                })
        };
        let mut reserved = conditional().execute(&mut *transaction).await?;
        if reserved.rows_affected() == 0 {
            // A period of which nothing was reserved yet has no row.
            let sql = "INSERT INTO periods
                    (period, spent_micro, reserved_micro, spent_tokens, reserved_tokens)
                VALUES ($1, 0, 0, 0, 0), ($2, 0, 0, 0, 0), ($3, 0, 0, 0, 0)
                ON CONFLICT (period) DO NOTHING";
            sqlx::query(sql)
                .bind(run.clone())
                .bind(day.clone())
                .bind(month.clone())
                .execute(&mut *transaction)
                .await?;
            reserved = conditional().execute(&mut *transaction).await?;
        }
        if reserved.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(Reserved::No(
                self.reached(purchase, caps, [run, day, month]).await?,
            ));
        }
        let sql = "SELECT COUNT(*) AS n FROM purchases WHERE completion = $1";
        let before = sqlx::query(sql)
            .bind(purchase.completion.clone())
            .fetch_one(&mut *transaction)
            .await?;
        let id = format!("{}.{}", purchase.completion, before.try_get::<i64, _>("n")?);
        let sql = "INSERT INTO purchases (id, completion, state, run, day, month, feed, model,
                prompt, purpose, priced, most_micro, most_tokens, expires_ms, bytes, cost_micro, input,
                cached_input, output)
            VALUES ($1, $2, 'reserved', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, 0, 0)";
        sqlx::query(sql)
            .bind(id.clone())
            .bind(purchase.completion.clone())
            .bind(run)
            .bind(day)
            .bind(month)
            .bind(purchase.feed.clone())
            .bind(purchase.model.clone())
            .bind(purchase.prompt.clone())
            .bind(purchase.purpose.clone())
            .bind(i64::from(purchase.most_micro.is_some()))
            .bind(micro)
            .bind(tokens)
            .bind(purchase.expires.as_millisecond())
            .bind(as_i64(purchase.bytes))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Reserved::Yes(id))
    }

    /// Which cap a purchase would pass, in words.
    async fn reached(
        &self,
        purchase: &Purchase,
        caps: &Caps,
        periods: [String; 3],
    ) -> Result<String, StoreError> {
        let caps = [(caps.run, "run"), (caps.day, "day"), (caps.month, "month")];
        for (period, (cap, word)) in periods.iter().zip(caps) {
            let sql = "SELECT spent_micro + reserved_micro AS micro,
                spent_tokens + reserved_tokens AS tokens FROM periods WHERE period = $1";
            let row = sqlx::query(sql)
                .bind(period.clone())
                .fetch_optional(&self.pool)
                .await?;
            let (micro, tokens) = match row {
                Some(row) => (
                    as_u64(row.try_get("micro")?),
                    as_u64(row.try_get("tokens")?),
                ),
                None => (0, 0),
            };
            let most = purchase.most_micro.unwrap_or(0);
            if cap.micro_dollars.is_some_and(|cap| micro + most > cap) {
                return Ok(format!(
                    "`budget.usd_per_{word}` leaves ${} and the call may cost ${}",
                    dollars(cap.micro_dollars.unwrap_or(0).saturating_sub(micro)),
                    dollars(most)
                ));
            }
            if cap
                .tokens
                .is_some_and(|cap| tokens + purchase.most_tokens > cap)
            {
                return Ok(format!(
                    "`budget.tokens_per_{word}` leaves {} tokens and the call may take {}",
                    cap.tokens.unwrap_or(0).saturating_sub(tokens),
                    purchase.most_tokens
                ));
            }
        }
        // Somebody else's reservation was let go between the two looks.
        Ok("a cap of `[budget]` was reached".to_owned())
    }

    /// Ends a purchase; what has ended already stays as it is.
    pub(super) async fn end(&self, id: &str, end: End) -> Result<(), StoreError> {
        let (state, cost, usage) = match end {
            End::Settled(cost, usage) => ("settled", Some(cost), usage),
            End::Released => ("released", Some(0), Usage::default()),
            End::Lost => ("lost", None, Usage::default()),
        };
        let mut transaction = self.pool.begin().await?;
        // Lost: what was reserved is what it cost, and its tokens count as those of the prompt.
        let sql = "UPDATE purchases SET state = $1,
                cost_micro = CASE WHEN $2 < 0 THEN most_micro ELSE $2 END,
                input = CASE WHEN $2 < 0 THEN most_tokens ELSE $3 END,
                cached_input = $4, output = $5
            WHERE id = $6 AND state = 'reserved'";
        let ended = sqlx::query(sql)
            .bind(state)
            .bind(cost.map_or(-1, as_i64))
            .bind(as_i64(usage.input))
            .bind(as_i64(usage.cached_input))
            .bind(as_i64(usage.output))
            .bind(id.to_owned())
            .execute(&mut *transaction)
            .await?;
        if ended.rows_affected() == 1 {
            let row = sqlx::query("SELECT * FROM purchases WHERE id = $1")
                .bind(id.to_owned())
                .fetch_one(&mut *transaction)
                .await?;
            let number = |name| row.try_get::<i64, _>(name);
            let text = |name| row.try_get::<String, _>(name);
            let sql = "UPDATE periods SET
                    reserved_micro = reserved_micro - $1, reserved_tokens = reserved_tokens - $2,
                    spent_micro = spent_micro + $3, spent_tokens = spent_tokens + $4
                WHERE period IN ($5, $6, $7)";
            sqlx::query(sql)
                .bind(number("most_micro")?)
                .bind(number("most_tokens")?)
                .bind(number("cost_micro")?)
                .bind(number("input")? + number("output")?)
                .bind(text("run")?)
                .bind(text("day")?)
                .bind(text("month")?)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The purchases that have not ended.
    pub(super) async fn open_purchases(&self) -> Result<Vec<OpenPurchase>, StoreError> {
        let sql = "SELECT id, completion, expires_ms FROM purchases WHERE state = 'reserved'
            ORDER BY id";
        let open = |row: &AnyRow| {
            Ok(OpenPurchase {
                id: row.try_get("id")?,
                completion: row.try_get("completion")?,
                expires: Timestamp::from_millisecond(row.try_get("expires_ms")?)
                    .unwrap_or(Timestamp::UNIX_EPOCH),
            })
        };
        sqlx::query(sql)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(open)
            .collect()
    }

    /// The newest answered calls of a model for a purpose, added up; `None` where there are
    /// none.
    pub(super) async fn past_calls(
        &self,
        model: &str,
        purpose: &str,
    ) -> Result<Option<PastCalls>, StoreError> {
        // Enough for a mean, and new enough to follow a change of the prompt.
        let sql = "SELECT COUNT(*) AS calls, COALESCE(SUM(bytes), 0) AS bytes,
                COALESCE(SUM(input), 0) AS input, COALESCE(SUM(cached_input), 0) AS cached,
                COALESCE(SUM(output), 0) AS output
            FROM (SELECT * FROM purchases WHERE state = 'settled' AND model = $1 AND purpose = $2
                AND bytes > 0
                ORDER BY expires_ms DESC LIMIT 100) AS newest";
        let row = sqlx::query(sql)
            .bind(model.to_owned())
            .bind(purpose.to_owned())
            .fetch_one(&self.pool)
            .await?;
        let number = |name| Ok::<_, StoreError>(as_u64(row.try_get::<i64, _>(name)?));
        let past = PastCalls {
            calls: number("calls")?,
            bytes: number("bytes")?,
            usage: Usage {
                input: number("input")?,
                cached_input: number("cached")?,
                output: number("output")?,
            },
        };
        Ok(Some(past).filter(|past| past.calls > 0 && past.bytes > 0))
    }

    /// What was spent from the day `since` (`2026-11-25`) on, added up.
    pub(super) async fn costs(&self, by: CostsBy, since: &str) -> Result<Vec<CostRow>, StoreError> {
        let column = by.column();
        let sql = format!(
            "SELECT {column} AS name, COUNT(*) AS calls, SUM(input) AS input,
                SUM(cached_input) AS cached, SUM(output) AS output, SUM(cost_micro) AS cost,
                SUM(1 - priced) AS unpriced, SUM(CASE WHEN state = 'lost' THEN 1 ELSE 0 END) AS lost
            FROM purchases WHERE state IN ('settled', 'lost') AND day >= $1
            GROUP BY {column} ORDER BY {column}"
        );
        let cost = |row: &AnyRow| {
            let number = |name| Ok::<_, StoreError>(as_u64(row.try_get::<i64, _>(name)?));
            let name: String = row.try_get("name")?;
            Ok(CostRow {
                name: name.strip_prefix("day ").unwrap_or(&name).to_owned(),
                calls: number("calls")?,
                usage: Usage {
                    input: number("input")?,
                    cached_input: number("cached")?,
                    output: number("output")?,
                },
                cost_micro_dollars: number("cost")?,
                unpriced: number("unpriced")?,
                lost: number("lost")?,
            })
        };
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(format!("day {since}"))
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(cost)
            .collect()
    }
}

fn bound(cap: Option<u64>) -> i64 {
    cap.map_or(i64::MAX, as_i64)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
