//! Plain text for a terminal.

use std::fmt::Write;

use super::{finding_line, held_line, reading_time, source_lines, speaker};
use crate::analysis::Analysis;

/// Columns of a line; longer lines tire the eye.
const WIDTH: usize = 88;

/// The analysis for reading on a terminal, with what the check found.
pub fn text(analysis: &Analysis) -> String {
    let mut out = Out::default();
    out.line(&format!("{} · {}", analysis.category, analysis.label));
    out.blank();
    out.line(&analysis.title);
    out.line(&"=".repeat(analysis.title.chars().count().min(WIDTH)));
    out.line(&format!("{} · {}", reading_time(analysis), analysis.id));
    if let Some(held) = held_line(analysis) {
        out.line(&held);
    }
    for paragraph in [&analysis.summary, &analysis.lede] {
        out.blank();
        out.line(paragraph);
    }
    for section in &analysis.sections {
        out.blank();
        out.line(&section.heading);
        out.line(&"-".repeat(section.heading.chars().count().min(WIDTH)));
        for (nth, paragraph) in section.paragraphs.iter().enumerate() {
            if nth > 0 {
                out.blank();
            }
            out.line(paragraph);
        }
        if let Some(quote) = analysis
            .pull_quote
            .as_ref()
            .filter(|quote| quote.after == section.id)
        {
            out.blank();
            out.indented(&format!("“{}”", quote.text));
            if let Some(speaker) = speaker(quote) {
                out.indented(&format!("— {speaker}"));
            }
        }
    }
    out.blank();
    for (words, url) in source_lines(analysis) {
        out.line(&format!(
            "Source: {words}{}",
            url.map(|url| format!(" <{url}>")).unwrap_or_default()
        ));
    }
    out.blank();
    out.line(&analysis.disclaimer);
    out.blank();
    let counts = analysis.verification.counts;
    out.line(&format!(
        "Checked: {} of {} claims supported, {} errors, {} warnings",
        counts.supported, counts.claims, counts.errors, counts.warnings
    ));
    for finding in &analysis.verification.findings {
        out.line(&format!("  {}", finding_line(finding)));
    }
    out.0
}

#[derive(Default)]
struct Out(String);

impl Out {
    fn blank(&mut self) {
        self.0.push('\n');
    }

    fn line(&mut self, text: &str) {
        self.wrapped(text, "");
    }

    fn indented(&mut self, text: &str) {
        self.wrapped(text, "    ");
    }

    /// Words of one paragraph, broken into lines, without what could steer a terminal.
    fn wrapped(&mut self, text: &str, indent: &str) {
        let lead = text.len() - text.trim_start_matches(' ').len();
        let indent = format!("{indent}{}", " ".repeat(lead));
        let mut column = 0;
        for word in text.split_whitespace() {
            let word: String = word.chars().filter(|c| !c.is_control()).collect();
            let width = word.chars().count();
            if column > 0 && column + 1 + width > WIDTH {
                self.0.push('\n');
                column = 0;
            }
            let _ = if column == 0 {
                write!(self.0, "{indent}{word}")
            } else {
                write!(self.0, " {word}")
            };
            column += if column == 0 {
                indent.len() + width
            } else {
                1 + width
            };
        }
        self.0.push('\n');
    }
}
