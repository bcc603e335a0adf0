//! Markdown, with every character of the text that means something there escaped.

use super::{finding_line, held_line, reading_time, source_lines, speaker};
use crate::analysis::Analysis;

/// The analysis as Markdown.
pub fn markdown(analysis: &Analysis) -> String {
    let mut parts = vec![
        format!("# {}", escaped(&analysis.title)),
        format!(
            "*{} · {} · {}*",
            escaped(&analysis.category),
            escaped(&analysis.label),
            reading_time(analysis)
        ),
    ];
    if let Some(held) = held_line(analysis) {
        parts.push(format!("**{held}**"));
    }
    parts.push(format!("**{}**", escaped(&analysis.summary)));
    parts.push(escaped(&analysis.lede));
    for section in &analysis.sections {
        parts.push(format!("## {}", escaped(&section.heading)));
        parts.extend(
            section
                .paragraphs
                .iter()
                .map(|paragraph| escaped(paragraph)),
        );
        if let Some(quote) = analysis
            .pull_quote
            .as_ref()
            .filter(|quote| quote.after == section.id)
        {
            let mut lines = format!("> “{}”", escaped(&quote.text));
            if let Some(speaker) = speaker(quote) {
                lines += &format!("\n>\n> — {}", escaped(&speaker));
            }
            parts.push(lines);
        }
    }
    let sources: Vec<String> = source_lines(analysis)
        .into_iter()
        .map(|(words, url)| match url {
            // Angle brackets hold any address that the `url` crate writes.
            Some(url) => format!("- Source: [{}](<{url}>)", escaped(&words)),
            None => format!("- Source: {}", escaped(&words)),
        })
        .collect();
    parts.push(sources.join("\n"));
    parts.push(format!("*{}*", escaped(&analysis.disclaimer)));
    let findings: Vec<String> = analysis
        .verification
        .findings
        .iter()
        .map(|finding| format!("- {}", escaped(&finding_line(finding))))
        .collect();
    if !findings.is_empty() {
        parts.push(format!(
            "### Findings of the check\n\n{}",
            findings.join("\n")
        ));
    }
    parts.join("\n\n") + "\n"
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars().filter(|c| !c.is_control()) {
            if matches!(
                c,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!'
            ) {
                out.push('\\');
            }
            out.push(c);
        }
    }
    // A number or a dash at the start would open a list.
    let opens_list = out.starts_with(['-', '+'])
        || out
            .split_once(['.', ')'])
            .is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if opens_list {
        format!("\u{200b}{out}")
    } else {
        out
    }
}
