//! Progress: a bar on a terminal, one line an item elsewhere, as JSON where the log is.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::{
    FeedItem, FeedOutcome, Item, Outcome,
    talk::{self, Level},
};

/// Shows how far a run has come, on stderr.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    terminal: bool,
}

impl Progress {
    /// Progress of a run.
    pub fn new() -> Self {
        let terminal = std::io::stderr().is_terminal() && !talk::is_json();
        let target = if terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, terminal }
    }

    /// Begins a phase of `n` steps.
    pub fn phase(&self, name: &'static str, n: usize) {
        self.bar.set_message(name);
        self.bar.set_length(n as u64);
        self.bar.set_position(0);
    }

    /// One step of the phase is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// An item has its outcome.
    pub fn item(&self, item: &Item) {
        if talk::is_json() {
            return item_event(item);
        }
        let what = item.title.as_deref().unwrap_or(&item.input);
        let mut line = format!("{:<9} {}", item.outcome, plain(what));
        if let (Some(id), Some(revision)) = (&item.id, item.revision) {
            line += &format!("  [{id} r{revision}]");
        }
        if !item.reason.is_empty() {
            line += &format!("  {}", item.reason);
        }
        if !item.message.is_empty() {
            line += &format!(": {}", plain(&item.message));
        }
        self.say(&line);
    }

    /// One of several items that have the same outcome for the same reason. A person is told
    /// once, by [`Self::alike`].
    pub fn one_of_many(&self, item: &Item) {
        if talk::is_json() {
            item_event(item);
        }
    }

    /// So many items have the same outcome for the same reason as `first`.
    pub fn alike(&self, first: &Item, n: usize) {
        match n {
            _ if talk::is_json() => {}
            1 => self.item(first),
            _ => self.say(&format!(
                "{:<9} {n} entries  {}: {}",
                first.outcome,
                first.reason,
                plain(&first.message)
            )),
        }
    }

    /// A feed has its outcome. A person is told of those that failed.
    pub fn feed(&self, feed: &FeedItem) {
        let failed = feed.outcome == FeedOutcome::Failed;
        if talk::is_json() {
            let level = if failed { Level::Warning } else { Level::Info };
            talk::event(
                level,
                json!({
                    "event": "feed",
                    "feed": feed.feed,
                    "outcome": feed.outcome,
                    "reason": feed.reason,
                    "entries": feed.entries,
                    "ms": feed.ms,
                }),
            );
        } else if failed {
            let (outcome, reason) = (feed.outcome.as_str(), &feed.reason);
            let (name, message) = (plain(&feed.feed), plain(&feed.message));
            self.say(&format!("{outcome:<9} {name}  {reason}: {message}"));
        }
    }

    /// Says one line.
    fn say(&self, line: &str) {
        if self.terminal {
            self.bar.suspend(|| talk::line(line));
        } else {
            talk::line(line);
        }
    }

    /// The run is over.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

/// The item without its title and its message, in which words from outside may stand. An
/// entry without an address is known by what its feed calls it, which are such words too.
fn item_event(item: &Item) {
    let is_address = item.input.starts_with("http://") || item.input.starts_with("https://");
    let input = (item.feed.is_none() || is_address).then_some(&item.input);
    let level = match item.outcome {
        Outcome::Failed => Level::Warning,
        _ => Level::Info,
    };
    talk::event(
        level,
        json!({
            "event": "item",
            "feed": item.feed,
            "input": input,
            "outcome": item.outcome,
            "reason": item.reason,
            "id": item.id,
            "revision": item.revision,
            "cost_micro_dollars": item.spent.cost_micro_dollars,
            "calls": item.spent.calls,
            "ms": item.ms,
        }),
    );
}

/// Text from outside on one line, without what could steer a terminal.
fn plain(text: &str) -> String {
    let mut line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    if line.len() < text.len() && text.chars().count() > 200 {
        line.push('…');
    }
    line
}
