//! Feeds: entries out of RSS, Atom and JSON Feed.

use jiff::Timestamp;
use url::Url;

/// What a feed says.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// The feed's own title.
    pub title: Option<String>,
    /// Its entries, in the feed's order.
    pub entries: Vec<Entry>,
}

/// One item of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id that the feed gives it, or its address where it gives none.
    pub id: String,
    /// The headline, as plain text.
    pub title: Option<String>,
    /// Where the article is.
    pub url: Option<Url>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was changed.
    pub updated: Option<Timestamp>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// The feed's own summary, as plain text.
    pub summary: Option<String>,
}
