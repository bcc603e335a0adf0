//! A page of its own: the form that readers know from a news site, without a script.

use minijinja::{AutoEscape, Environment, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

use super::{finding_line, held_line, reading_time, source_lines, speaker};
use crate::analysis::Analysis;

const PAGE: &str = include_str!("page.html");

/// The analysis as an HTML page. Every text is escaped.
pub fn html(analysis: &Analysis) -> String {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    let lines = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    templates.set_syntax(lines.expect("two flags cannot contradict each other"));
    let lead = source_lines(analysis)
        .into_iter()
        .next()
        .and_then(|(_, url)| url);
    let findings: Vec<String> = analysis
        .verification
        .findings
        .iter()
        .map(finding_line)
        .collect();
    let values = Values {
        analysis,
        reading_time: reading_time(analysis),
        speaker: analysis.pull_quote.as_ref().and_then(speaker),
        held: held_line(analysis),
        source_url: lead,
        sources: source_lines(analysis),
        findings,
    };
    templates
        .template_from_str(PAGE)
        .and_then(|page| page.render(Serde(values)))
        .expect("the built-in page renders every document, as its tests show")
}

/// What the page shows, as the template sees it.
#[derive(Serialize)]
struct Values<'a> {
    analysis: &'a Analysis,
    reading_time: String,
    speaker: Option<String>,
    held: Option<String>,
    source_url: Option<String>,
    sources: Vec<(String, Option<String>)>,
    findings: Vec<String>,
}
