//! The claims of texts as numbers, for `training/placement.py`.
//!
//! Reads rows `{"source", "text"}`, one JSON object a line, from the standard input and
//! prints one line of JSON for each.

use std::io::{self, BufRead as _, BufWriter, Write as _};

use prism::verify::training;

#[derive(serde::Deserialize)]
struct Row {
    source: String,
    text: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let row: Row = serde_json::from_str(&line?)?;
        let read = training::read(&row.source, &row.text);
        let examples: Vec<_> = read
            .examples
            .iter()
            .map(|example| {
                let signs: serde_json::Map<String, serde_json::Value> = example
                    .signs
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).into()))
                    .collect();
                serde_json::json!({
                    "kind": example.kind, "start": example.points.start,
                    "end": example.points.end, "text": example.text, "other": example.other,
                    "passage": example.passage, "own": example.own, "signs": signs,
                })
            })
            .collect();
        let claims: Vec<_> = read
            .claims
            .iter()
            .map(|(kind, at)| serde_json::json!({"kind": kind, "start": at.start, "end": at.end}))
            .collect();
        let line = serde_json::json!({
            "examples": examples, "claims": claims, "mentions": read.mentions,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
