//! An analysis as a person reads it: plain text for a terminal, Markdown, a page.
//!
//! Documents hold plain text; here it is escaped for where it goes. What was found by
//! the check is shown with the analysis, since that is what an editor needs to see.

mod html;
mod markdown;
mod text;

pub use html::html;
pub use markdown::markdown;
pub use text::text;

use crate::analysis::{
    Analysis,
    document::{FindingRecord, PullQuote},
};

/// `2 min read`.
fn reading_time(analysis: &Analysis) -> String {
    format!("{} min read", analysis.reading_minutes)
}

/// Who said the pull quote: the name, and the role where it is known.
fn speaker(quote: &PullQuote) -> Option<String> {
    let name = quote.speaker.as_ref()?;
    Some(match &quote.role {
        Some(role) => format!("{name}, {role}"),
        None => name.clone(),
    })
}

/// The sources, each as outlet, title and address.
fn source_lines(analysis: &Analysis) -> Vec<(String, Option<String>)> {
    let line = |source: &crate::analysis::document::AnalysisSource| {
        let named = [source.outlet.as_deref(), source.title.as_deref()];
        let words: Vec<_> = named.into_iter().flatten().collect();
        let url = source
            .canonical_url
            .as_ref()
            .or(source.url.as_ref())
            .map(ToString::to_string);
        let words = if words.is_empty() {
            source.id.clone()
        } else {
            words.join(": ")
        };
        (words, url)
    };
    analysis.sources.iter().map(line).collect()
}

/// Why it is held, in one line; `None` for a ready one.
fn held_line(analysis: &Analysis) -> Option<String> {
    let why: Vec<_> = analysis.held_for.iter().map(|why| why.as_str()).collect();
    (!why.is_empty()).then(|| {
        format!(
            "HELD ({}): a person must look at it before it is published",
            why.join(", ")
        )
    })
}

/// A finding in one line: how bad, where, what.
fn finding_line(finding: &FindingRecord) -> String {
    let severity = match finding.severity {
        crate::verify::Severity::Error => "error",
        crate::verify::Severity::Warning => "warning",
    };
    format!("{severity} {}: {}", finding.field, finding.message)
}
