//! The document `prism.report/1`: what `--report` writes of one run.
//!
//! `prism schema report` prints its JSON Schema.

use std::io;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{FeedItem, Item, KeptItems, Outcome, Report, Spent};

/// The value of [`ReportDocument::schema`].
pub const REPORT_SCHEMA: &str = "prism.report/1";

/// Everything that happened in one run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReportDocument<'a> {
    /// `prism.report/1`.
    pub schema: &'static str,
    /// The version of prism.
    pub program_version: &'static str,
    /// When the run began.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub started_at: Timestamp,
    /// When it ended.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub ended_at: Timestamp,
    /// How long it took.
    pub seconds: f64,
    /// How the program ended: 0 done, 1 nothing could be done, 3 a person must look,
    /// 130 interrupted.
    pub exit_code: u8,
    /// Why the run ended before its time, where it did.
    pub error: Option<RunError>,
    /// Whether it only said what it would do.
    pub dry_run: bool,
    /// Which engine wrote, in words.
    pub engine: &'a str,
    /// How many items had each outcome.
    pub counts: Counts,
    /// What the whole run spent.
    pub spent: Spent,
    /// What the calls that a dry run names would cost.
    pub expected: Spent,
    /// The feeds.
    pub feeds: &'a [FeedItem],
    /// The articles.
    #[schemars(with = "Vec<Item>")]
    pub items: KeptItems<'a>,
}

/// How many items had each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// New revisions that are ready.
    pub saved: usize,
    /// Known texts.
    pub unchanged: usize,
    /// Those without anything to write an analysis from.
    pub skipped: usize,
    /// New revisions that a person must see first.
    pub held: usize,
    /// Those left for the next run.
    pub deferred: usize,
    /// Those that went wrong.
    pub failed: usize,
}

/// Why a run ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunError {
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// With which exit code.
    pub exit_code: u8,
    /// Why before its time, where it did.
    pub error: Option<RunError>,
}

impl ReportDocument<'_> {
    /// The JSON that is written: two spaces of indent, a line feed at the end.
    pub fn write(&self, file: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *file, self)?;
        file.write_all(b"\n")
    }

    /// The JSON Schema (2020-12) of the report: of what is written, so that every key
    /// that always stands there is required.
    pub fn schema_document() -> serde_json::Value {
        schemars::generate::SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator()
            .into_root_schema_for::<Self>()
            .to_value()
    }
}

impl Report {
    /// The report of a run that ended so, for which it must have kept its items.
    pub fn document(&mut self, ended: Ended) -> io::Result<ReportDocument<'_>> {
        let (counts, spent, expected) = (self.counts(), self.spent(), self.expected());
        let not_kept = || io::Error::other("the items of the run were not kept");
        let items = self.items.as_mut().ok_or_else(not_kept)?.kept()?;
        Ok(ReportDocument {
            schema: REPORT_SCHEMA,
            program_version: env!("CARGO_PKG_VERSION"),
            started_at: self.started_at,
            ended_at: ended.at,
            seconds: super::milliseconds(self.started_at, ended.at) as f64 / 1000.0,
            exit_code: ended.exit_code,
            error: ended.error,
            dry_run: self.dry_run,
            engine: &self.engine,
            counts,
            spent,
            expected,
            feeds: &self.feeds,
            items,
        })
    }
}

impl Counts {
    /// How many there are.
    pub fn all(&self) -> usize {
        Outcome::ALL.iter().map(|outcome| self.of(*outcome)).sum()
    }

    /// How many had this outcome.
    pub fn of(&self, outcome: Outcome) -> usize {
        match outcome {
            Outcome::Saved => self.saved,
            Outcome::Unchanged => self.unchanged,
            Outcome::Skipped => self.skipped,
            Outcome::Held => self.held,
            Outcome::Deferred => self.deferred,
            Outcome::Failed => self.failed,
        }
    }

    pub(super) fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Saved => &mut self.saved,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Held => &mut self.held,
            Outcome::Deferred => &mut self.deferred,
            Outcome::Failed => &mut self.failed,
        } += 1;
    }
}
