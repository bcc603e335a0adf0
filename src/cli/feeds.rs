//! `prism feeds`: what feeds hold.
//!
//! Here is the pure part: bytes in, JSON out. Reading files and printing is the
//! caller's.

use serde_json::{Value, json};
use url::Url;

use crate::feed::{self, FeedError};

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
