//! What happened: an outcome for each item, a summary, hints, what needs attention.
//!
//! Everything here is talk and goes to stderr: a progress bar on a terminal, one line
//! an item elsewhere, the summary at the end. The same facts as JSON go to `--report`.

mod document;
mod items;
mod progress;
pub mod talk;
mod tally;

use std::{fmt, fmt::Write as _, io};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

pub use document::{Counts, Ended, REPORT_SCHEMA, ReportDocument, RunError};
pub use items::{Items, KeptItems};
pub use progress::Progress;

use crate::{
    llm::{Usage, dollars},
    settings::Attention,
};
use tally::Tally;

/// What became of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new revision that is ready.
    Saved,
    /// The text is known and nothing was bought.
    Unchanged,
    /// There is nothing to write an analysis from.
    Skipped,
    /// A new revision that a person must see first.
    Held,
    /// Left for the next run.
    Deferred,
    /// It went wrong.
    Failed,
}

impl Outcome {
    /// All of them, in the order of the summary.
    pub const ALL: [Self; 6] = [
        Self::Saved,
        Self::Unchanged,
        Self::Skipped,
        Self::Held,
        Self::Deferred,
        Self::Failed,
    ];

    /// The word as reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Held => "held",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One item of a run with its outcome.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Item {
    /// What was asked for: an address or a file.
    pub input: String,
    /// The feed that named it, if one did.
    pub feed: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The named reason, such as `paywalled` or `timeout`; empty for a saved one.
    pub reason: String,
    /// The reason in words.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The analysis, where there is one.
    pub id: Option<String>,
    /// Its revision.
    pub revision: Option<u64>,
    /// Its title, or the article's.
    pub title: Option<String>,
    /// What was spent on it in this run.
    pub spent: Spent,
    /// What the call that a dry run names would cost; null elsewhere.
    pub expected: Option<Spent>,
    /// How long this run worked on it, in milliseconds: fetching, writing and storing.
    pub ms: u64,
    /// What a person must see about it.
    #[serde(skip)]
    pub attention: Option<Attention>,
    /// Whether the next run should try again.
    #[serde(skip)]
    pub again: Again,
}

/// Whether the next run should try an item again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It would end the same way.
    No,
    /// A few times: what failed is the item's own and may pass.
    Counted,
    /// For as long as it takes: what failed is not the item's own, such as a refused key.
    Always,
}

/// Tokens and money of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spent {
    /// Calls that were paid for in this run.
    pub calls: usize,
    /// Their tokens.
    pub usage: Usage,
    /// Their cost in millionths of a US dollar; null when the price is unknown.
    pub cost_micro_dollars: Option<u64>,
}

impl Default for Spent {
    /// Nothing was bought, and that costs nothing.
    fn default() -> Self {
        Self {
            calls: 0,
            usage: Usage::default(),
            cost_micro_dollars: Some(0),
        }
    }
}

impl Spent {
    /// The cost in dollars, or that the price is unknown.
    pub fn cost_in_words(&self) -> String {
        self.cost_micro_dollars.map_or_else(
            || "at an unknown price".to_owned(),
            |micro| format!("${}", dollars(micro)),
        )
    }

    /// Adds what another item spent; an unknown cost makes the sum unknown.
    pub fn add(&mut self, other: Self) {
        if other.calls == 0 {
            return;
        }
        let costs = self.cost_micro_dollars.zip(other.cost_micro_dollars);
        self.cost_micro_dollars = costs.map(|(ours, theirs)| ours + theirs);
        self.calls += other.calls;
        self.usage.input += other.usage.input;
        self.usage.cached_input += other.usage.cached_input;
        self.usage.output += other.usage.output;
    }
}

impl Item {
    /// An item of this outcome, to be filled in.
    pub fn new(input: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            input: input.into(),
            feed: None,
            outcome,
            reason: String::new(),
            message: String::new(),
            hint: None,
            id: None,
            revision: None,
            title: None,
            spent: Spent::default(),
            expected: None,
            ms: 0,
            attention: None,
            again: Again::No,
        }
    }

    /// The item with a named reason and the reason in words.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>, message: impl Into<String>) -> Self {
        self.reason = reason.into();
        self.message = message.into();
        self
    }
}

/// One feed of a run with its outcome.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeedItem {
    /// Its address, without secrets.
    pub feed: String,
    /// What became of it.
    pub outcome: FeedOutcome,
    /// The named reason, such as `timeout` or `not_a_feed`; empty for one that was read.
    pub reason: String,
    /// The reason in words.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Entries that it listed.
    pub entries: usize,
    /// How long it took to fetch and read, in milliseconds.
    pub ms: u64,
}

/// What became of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedOutcome {
    /// Its entries are known.
    Read,
    /// It is as it was when it was last read.
    Unchanged,
    /// It could not be read.
    Failed,
}

impl FeedOutcome {
    /// The word as reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// Everything that happened in one run.
#[derive(Debug)]
pub struct Report {
    /// When the run began.
    pub started_at: Timestamp,
    /// Which engine wrote, in words.
    pub engine: String,
    /// Whether it only says what it would do.
    pub dry_run: bool,
    /// The feeds.
    pub feeds: Vec<FeedItem>,
    /// The items, added up.
    tally: Tally,
    /// The items themselves, where somebody asks for them.
    items: Option<Items>,
}

impl Report {
    /// An empty report, which adds items up and does not keep them.
    pub fn new(started_at: Timestamp, engine: impl Into<String>) -> Self {
        Self {
            started_at,
            engine: engine.into(),
            dry_run: false,
            feeds: Vec::new(),
            tally: Tally::default(),
            items: None,
        }
    }

    /// The same, keeping its items here.
    #[must_use]
    pub fn keeping(self, items: Items) -> Self {
        Self {
            items: Some(items),
            ..self
        }
    }

    /// Takes an item up.
    pub fn push(&mut self, item: &Item) {
        self.tally.add(item);
        if let Some(items) = &mut self.items {
            items.push(item);
        }
    }

    /// The items that came so far. There are none in a report that does not keep them.
    pub fn items(&mut self) -> io::Result<Option<KeptItems<'_>>> {
        self.items.as_mut().map(Items::kept).transpose()
    }

    /// How many items had each outcome.
    pub fn counts(&self) -> Counts {
        self.tally.counts
    }

    /// How many feeds were read.
    pub fn feeds_read(&self) -> usize {
        self.feeds.len() - self.failed_feeds().count()
    }

    /// The feeds that could not be read.
    pub fn failed_feeds(&self) -> impl Iterator<Item = &FeedItem> {
        self.feeds
            .iter()
            .filter(|feed| feed.outcome == FeedOutcome::Failed)
    }

    /// What the whole run spent.
    pub fn spent(&self) -> Spent {
        self.tally.spent
    }

    /// What the calls that a dry run names would cost together.
    pub fn expected(&self) -> Spent {
        self.tally.expected
    }

    /// Whether something happened that the house wants a person to see.
    pub fn needs_attention(&self, wanted: &[Attention]) -> bool {
        let a_feed_failed = self.failed_feeds().next().is_some();
        if a_feed_failed && wanted.contains(&Attention::ItemFailed) {
            return true;
        }
        self.tally
            .attention
            .iter()
            .any(|seen| wanted.contains(seen))
    }

    /// The summary for a person.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let counts = self.counts();
        if !self.feeds.is_empty() {
            let failed = self.failed_feeds().count();
            let read = self.feeds_read();
            let same = |feed: &&FeedItem| feed.outcome == FeedOutcome::Unchanged;
            let unchanged = match self.feeds.iter().filter(same).count() {
                0 => String::new(),
                n => format!(" ({n} unchanged)"),
            };
            let _ = writeln!(text, "feeds: {read} read{unchanged}, {failed} failed");
        }
        let words: Vec<_> = Outcome::ALL
            .iter()
            .map(|&outcome| format!("{} {outcome}", counts.of(outcome)))
            .collect();
        let _ = writeln!(text, "items: {}", words.join(", "));
        for (outcome, reason, n) in self.reasons() {
            let _ = writeln!(text, "  {outcome}: {reason} ({n})");
        }
        let spent = self.spent();
        let cost = match (spent.calls, spent.cost_micro_dollars) {
            (0, _) => "nothing was bought".to_owned(),
            (_, Some(micro)) => format!("cost ${}", dollars(micro)),
            (_, None) => "cost unknown: set `model.price`".to_owned(),
        };
        let _ = writeln!(
            text,
            "model: {} calls, {} tokens in ({} cached), {} out; {cost}",
            spent.calls, spent.usage.input, spent.usage.cached_input, spent.usage.output
        );
        let expected = self.expected();
        if expected.calls > 0 {
            let cost = expected.cost_in_words();
            let _ = writeln!(
                text,
                "expected: {} calls, about {} tokens in and {} out, {cost}; repairs come on top",
                expected.calls, expected.usage.input, expected.usage.output
            );
        }
        for hint in self.hints() {
            let _ = writeln!(text, "hint: {hint}");
        }
        text
    }

    /// The summary as one line of a log that takes JSON.
    pub fn summary_event(&self, exit_code: u8, ended_at: Timestamp) -> Value {
        let reasons: Vec<_> = self
            .reasons()
            .map(|(outcome, reason, n)| json!({"outcome": outcome, "reason": reason, "n": n}))
            .collect();
        let spent = self.spent();
        json!({
            "event": "summary",
            "exit_code": exit_code,
            "dry_run": self.dry_run,
            "feeds": {"read": self.feeds_read(), "failed": self.failed_feeds().count()},
            "items": self.counts(),
            "reasons": reasons,
            "calls": spent.calls,
            "usage": spent.usage,
            "cost_micro_dollars": spent.cost_micro_dollars,
            "ms": milliseconds(self.started_at, ended_at),
            "hints": self.hints(),
        })
    }

    fn reasons(&self) -> impl Iterator<Item = (Outcome, &str, usize)> {
        let reasons = self.tally.reasons.iter();
        reasons.map(|((outcome, reason), n)| (*outcome, reason.as_str(), *n))
    }

    /// Each piece of advice once, in the order in which it came up.
    fn hints(&self) -> Vec<&str> {
        let mut hints: Vec<&str> = Vec::new();
        let of_feeds = self.failed_feeds().filter_map(|feed| feed.hint.as_deref());
        let of_items = self.tally.hints.iter().map(String::as_str);
        for hint in of_feeds.chain(of_items) {
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        hints
    }
}

/// How long it is from one time to another; nothing where a clock was set back.
pub fn milliseconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cost_makes_the_sum_unknown_and_a_free_item_does_not() {
        let bought = |cost| Spent {
            calls: 1,
            usage: Usage::default(),
            cost_micro_dollars: cost,
        };
        let mut sum = Spent::default();
        sum.add(Spent::default());
        sum.add(bought(Some(7)));
        sum.add(Spent::default());
        assert_eq!((sum.calls, sum.cost_micro_dollars), (1, Some(7)));
        sum.add(bought(None));
        assert_eq!((sum.calls, sum.cost_micro_dollars), (2, None));
    }

    #[test]
    fn the_summary_counts_outcomes_and_names_reasons() {
        let mut report = Report::new(Timestamp::UNIX_EPOCH, "extractive");
        report.push(&Item::new("a", Outcome::Saved));
        report.push(
            &Item::new("b", Outcome::Skipped).because("paywalled", "the rest is for subscribers"),
        );
        let summary = report.summary();
        assert!(
            summary.contains("1 saved, 0 unchanged, 1 skipped"),
            "{summary}"
        );
        assert!(summary.contains("skipped: paywalled (1)"), "{summary}");
        assert!(summary.contains("nothing was bought"), "{summary}");
        assert!(!report.needs_attention(&[Attention::ItemFailed]));
    }
}
