//! `prism feeds`: what feeds hold.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};
use url::Url;

use super::{Exit, Failure, ListFormat, output};
use crate::{
    feed::{self, FeedError},
    text::one_line,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The entries of feed files; exit status 1 where a file is no feed
    Parse {
        /// Where the feeds come from, for relative addresses
        #[arg(long, value_name = "URL")]
        base: Option<Url>,
        /// The `Content-Type` that they came with
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
        /// How the entries are printed
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let Command::Parse {
        base,
        content_type,
        format,
        files,
    } = args.command;
    let mut exit = Exit::Done;
    for file in &files {
        let input = file.display().to_string();
        let body = match std::fs::read(file) {
            Ok(body) => body,
            Err(error) => {
                exit = Exit::Nothing;
                output::say(&format!("error: cannot read `{input}`: {error}\n"));
                continue;
            }
        };
        match parse_to_json(&input, &body, content_type.as_deref(), base.as_ref()) {
            Ok(feed) if format == ListFormat::Json => output::json_line(&feed)?,
            Ok(feed) => output::print(&for_people(&feed))?,
            Err(error) => {
                exit = Exit::Nothing;
                output::say(&format!("error: `{input}`: {error}\n"));
                if let Some(hint) = error.hint() {
                    output::say(&format!("hint: {hint}\n"));
                }
            }
        }
    }
    Ok(exit)
}

fn for_people(feed: &Value) -> String {
    let word = |value: &Value| one_line(value.as_str().unwrap_or("-"));
    let entries = feed["entries"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut out = format!(
        "{}: {} ({} entries)\n",
        word(&feed["input"]),
        word(&feed["title"]),
        entries.len()
    );
    for entry in entries {
        let dated = if entry["published"].is_null() {
            &entry["updated"]
        } else {
            &entry["published"]
        };
        out += &format!(
            "  {:<20}  {}  <{}>\n",
            word(dated),
            word(&entry["title"]),
            word(&entry["url"])
        );
    }
    out
}

/// What `prism feeds parse --format json` prints for one file: its name as given
/// (`input`), the feed's title, and its entries with dates in RFC 3339 or null.
pub fn parse_to_json(
    input: &str,
    body: &[u8],
    content_type: Option<&str>,
    base: Option<&Url>,
) -> Result<Value, FeedError> {
    let feed = feed::parse(body, content_type, base)?;
    let entries: Vec<Value> = feed
        .entries
        .into_iter()
        .map(|entry| {
            json!({
                "id": entry.id,
                "title": entry.title,
                "url": entry.url,
                "published": entry.published,
                "updated": entry.updated,
                "authors": entry.authors,
                "summary": entry.summary,
            })
        })
        .collect();
    Ok(json!({ "input": input, "title": feed.title, "entries": entries }))
}
