//! `prism costs`: what was spent, by day, feed, model or prompt.

use clap::ValueEnum;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde_json::json;

use super::{Context, Exit, Failure, ListFormat, output};
use crate::{
    llm::{Usage, dollars},
    store::{CostRow, CostsBy},
    text::one_line,
};

/// Days that are shown when nothing else is said.
const DAYS: i64 = 31;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the costs are added up by
    #[arg(long, value_enum, default_value = "day")]
    by: By,
    /// From this day of UTC on [default: 31 days ago]
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<Date>,
    /// How the table is shown
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Day,
    Feed,
    Model,
    Prompt,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let store = context
        .existing_store(&context.settings(Vec::new())?)
        .await?;
    let since = args.since.unwrap_or_else(|| {
        let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
        today.saturating_sub(DAYS.days())
    });
    let by = match args.by {
        By::Day => CostsBy::Day,
        By::Feed => CostsBy::Feed,
        By::Model => CostsBy::Model,
        By::Prompt => CostsBy::Prompt,
    };
    let rows = store.costs(by, &since.to_string()).await?;
    store.close().await;
    match args.format {
        ListFormat::Json => {
            for row in &rows {
                output::json_line(&json!({
                    "name": row.name,
                    "calls": row.calls,
                    "usage": row.usage,
                    "cost_micro_dollars": row.cost_micro_dollars,
                    "unpriced_calls": row.unpriced,
                    "lost_calls": row.lost,
                }))?;
            }
        }
        ListFormat::Text => output::print(&table(&rows, since))?,
    }
    Ok(Exit::Done)
}

fn table(rows: &[CostRow], since: Date) -> String {
    if rows.is_empty() {
        return format!("nothing was bought since {since}\n");
    }
    let mut text = format!(
        "{:>12} {:>7} {:>12} {:>12} {:>10}  {}\n",
        "US dollars", "calls", "tokens in", "cached", "out", "of"
    );
    for row in rows.iter().chain([&sum(rows)]) {
        let mut notes = String::new();
        if row.unpriced > 0 {
            notes += &format!(", {} at an unknown price", row.unpriced);
        }
        if row.lost > 0 {
            notes += &format!(", {} broken off and counted at their highest", row.lost);
        }
        // A story that no feed named, such as one of `prism analyze`.
        let name = if row.name.is_empty() {
            "no feed".to_owned()
        } else {
            one_line(&row.name)
        };
        text += &format!(
            "{:>12} {:>7} {:>12} {:>12} {:>10}  {name}{notes}\n",
            dollars(row.cost_micro_dollars),
            row.calls,
            row.usage.input,
            row.usage.cached_input,
            row.usage.output
        );
    }
    text
}

fn sum(rows: &[CostRow]) -> CostRow {
    let of = |get: fn(&CostRow) -> u64| rows.iter().map(get).sum();
    CostRow {
        name: "all together".to_owned(),
        calls: of(|row| row.calls),
        usage: Usage {
            input: of(|row| row.usage.input),
            cached_input: of(|row| row.usage.cached_input),
            output: of(|row| row.usage.output),
        },
        cost_micro_dollars: of(|row| row.cost_micro_dollars),
        unpriced: of(|row| row.unpriced),
        lost: of(|row| row.lost),
    }
}
