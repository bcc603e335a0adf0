//! Progress: a bar on a terminal, one line an item elsewhere.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Item;

/// Shows how far a run has come, on stderr.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    terminal: bool,
}

impl Progress {
    /// Progress of a run.
    pub fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
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

    /// Says one line.
    pub fn say(&self, line: &str) {
        if self.terminal {
            self.bar.suspend(|| eprint_line(line));
        } else {
            eprint_line(line);
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

/// Nothing can be done when stderr is closed, and a run must not end over it.
fn eprint_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
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
