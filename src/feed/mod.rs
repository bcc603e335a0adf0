//! Feeds: entries out of RSS, Atom and JSON Feed.
//!
//! [`parse`] takes the bytes as they came and gives what the feed holds, however
//! broken it is; what is no feed is refused with the reason. It fetches nothing, and
//! it never gives an address that is not one of the web, a date that nobody wrote, or
//! text with markup in it.

mod date;
mod decode;
mod draft;
mod json;
mod lenient;
mod namespace;
mod plain;
mod scan;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

use jiff::Timestamp;
use url::Url;

/// What a feed says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// The feed's own title.
    pub title: Option<String>,
    /// Its entries, in the feed's order.
    pub entries: Vec<Entry>,
}

/// One item of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id that the feed gives it, or its address where it gives none, or else a
    /// digest of its title and its date.
    pub id: String,
    /// The headline, as plain text.
    pub title: Option<String>,
    /// Where the article is: `http` or `https`.
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

/// Most entries that are read of one feed.
const ENTRIES: usize = 10_000;

/// Reads the feed in `body`.
///
/// `content_type` is the header that came with it, `base` the address it came from.
pub fn parse(
    body: &[u8],
    content_type: Option<&str>,
    base: Option<&Url>,
) -> Result<Feed, FeedError> {
    if body.starts_with(b"%PDF-") {
        return Err(FeedError::Other { what: "a PDF" });
    }
    let text = decode::to_text(body, content_type);
    if text.trim().is_empty() {
        return Err(FeedError::Empty);
    }
    if text.starts_with('{') {
        return json::read(&text, base).map_err(|reason| FeedError::Json { reason });
    }
    lenient::read(&text, base).map_err(|root| match root {
        _ if is_html(&text, root) => FeedError::Html {
            feeds: advertised(&text, base),
        },
        _ if body.contains(&0) => FeedError::Other {
            what: "binary data",
        },
        Some(root) => FeedError::Xml {
            root: root.chars().take(40).collect(),
        },
        None => FeedError::Other { what: "plain text" },
    })
}

/// Why a body is no feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// There is nothing in it.
    #[error("no feed: the file is empty")]
    Empty,
    /// It is a web page.
    #[error("no feed: this is an HTML page")]
    Html {
        /// The addresses of the feeds that it names.
        feeds: Vec<String>,
    },
    /// It is XML of another kind.
    #[error("no feed: this is XML that begins with `<{root}>`, neither RSS nor Atom")]
    Xml {
        /// The name of its first element.
        root: String,
    },
    /// It is JSON of another kind, or broken JSON.
    #[error("no feed: this is JSON, but {reason}")]
    Json {
        /// What is wrong with it.
        reason: String,
    },
    /// It is neither XML nor JSON.
    #[error("no feed: this is {what}")]
    Other {
        /// What it seems to be.
        what: &'static str,
    },
}

impl FeedError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty => Some("check whether the address still gives a feed".to_owned()),
            Self::Html { feeds } if feeds.is_empty() => Some(
                "the page names no feed; look on the site for a link to RSS or Atom".to_owned(),
            ),
            Self::Html { feeds } => {
                let named: Vec<_> = feeds.iter().map(|feed| format!("`{feed}`")).collect();
                Some(format!("the page names its feeds: {}", named.join(", ")))
            }
            Self::Xml { root } if matches!(root.as_str(), "urlset" | "sitemapindex") => {
                Some("this is a sitemap; look for the site's RSS or Atom feed".to_owned())
            }
            Self::Xml { root } if root.eq_ignore_ascii_case("opml") => {
                Some("this is a list of feeds; give the feeds that it names".to_owned())
            }
            Self::Xml { .. } | Self::Json { .. } | Self::Other { .. } => {
                Some("feeds are RSS, Atom or JSON Feed".to_owned())
            }
        }
    }
}

/// Whether a text that is no feed, and whose first element is `root`, is a web page.
fn is_html(text: &str, root: Option<&str>) -> bool {
    /// Elements that pages and fragments of pages begin with, sorted.
    const HTML: [&str; 16] = [
        "a", "body", "br", "center", "div", "h1", "head", "html", "link", "meta", "p", "script",
        "span", "style", "table", "title",
    ];
    let root = root.map(str::to_ascii_lowercase).unwrap_or_default();
    HTML.binary_search(&root.as_str()).is_ok()
        || text
            .get(.."<!doctype html".len())
            .is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"))
}

/// The feeds that a page names in its `<link rel="alternate">`s.
fn advertised(page: &str, base: Option<&Url>) -> Vec<String> {
    /// More than anyone would want to read in a message.
    const MOST: usize = 5;
    let mut feeds = Vec::new();
    let mut base = base.cloned();
    for token in scan::Scanner::new(page) {
        let scan::Token::Start { name, .. } = token else {
            continue;
        };
        let value = |wanted: &str| token.attribute(wanted);
        let resolved =
            value("href").and_then(|href| Url::options().base_url(base.as_ref()).parse(href).ok());
        if name.eq_ignore_ascii_case("base") {
            base = resolved.or(base);
            continue;
        }
        let is_feed = value("type").is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            [
                "application/rss+xml",
                "application/atom+xml",
                "application/feed+json",
            ]
            .iter()
            .any(|known| kind.starts_with(known))
        });
        let alternate = value("rel").is_some_and(|rel| {
            rel.split_whitespace()
                .any(|word| word.eq_ignore_ascii_case("alternate"))
        });
        if name.eq_ignore_ascii_case("link") && is_feed && alternate {
            // Without a base a relative address is still worth naming.
            let href = resolved.map_or_else(
                || value("href").unwrap_or_default().to_owned(),
                |url| url.to_string(),
            );
            if !href.is_empty() && !feeds.contains(&href) {
                feeds.push(href);
            }
        }
        if feeds.len() == MOST {
            break;
        }
    }
    feeds
}
