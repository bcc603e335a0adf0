//! A page becomes an article: content, metadata, and a verdict on its quality.
//!
//! Knows nothing of feeds, models or the store. Everything a page says is
//! untrusted text; only what a reader of the page could see comes out.

mod read;
pub mod snapshot;

mod page;

pub mod content;
mod explain;
mod language;
mod metadata;
mod moment;
mod origin;
pub(crate) mod pages;
mod quality;

pub mod quotation;
mod sites;

#[cfg(test)]
pub(crate) mod plain;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

pub use explain::{Explanation, Judged};
pub use moment::Moment;
pub use origin::{Origin, Origins};
pub use page::dom::Limit;
pub use read::{Refusal, explain_with, extract, extract_with};
pub use sites::{Sites, SitesError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::Span;

/// What a page says: its text as blocks, and the metadata that the page states.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Where the page came from, after redirects; `None` for a file of unknown origin.
    pub url: Option<Url>,
    /// The address that the page gives itself, believed only within the same
    /// registrable domain and when it is not the site's root.
    pub canonical_url: Option<Url>,
    /// The headline, without the outlet's name.
    pub title: Option<String>,
    /// The authors' names, without "By", roles or agencies.
    pub byline: Vec<String>,
    /// When it was first published.
    pub published: Option<Moment>,
    /// When it was last changed.
    pub modified: Option<Moment>,
    /// The name of the outlet.
    pub outlet: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The tag that the page declares, where its text says otherwise.
    pub language_declared: Option<String>,
    /// The outlet's own section, such as "Politics".
    pub section: Option<String>,
    /// The outlet's own tags, in its order.
    pub tags: Vec<String>,
    /// The lead image.
    pub image: Option<Image>,
    /// Who may read the page.
    pub access: Access,
    /// Where each of these was read.
    pub origins: Origins,
    /// The whole text: the blocks joined by blank lines, and nothing else.
    pub text: String,
    /// The parts of `text`, in order; they do not overlap.
    pub blocks: Vec<Block>,
}

/// One part of an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in [`Article::text`].
    pub span: Span,
}

/// The kinds of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading inside the article.
    Heading,
    /// One item of a list.
    ListItem,
    /// A block quotation.
    Quote,
    /// Words set off for display that do not stand elsewhere in the text.
    PullQuote,
    /// One row of a table, its cells set apart by ` | `.
    TableRow,
}

/// The lead image of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Where the image is.
    pub url: Url,
    /// The text for those who cannot see it.
    pub alt: Option<String>,
    /// The caption under it.
    pub caption: Option<String>,
    /// Who made or supplied it.
    pub credit: Option<String>,
}

/// Who may read a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// The page says that it is free.
    Open,
    /// Some of it is for subscribers.
    Metered,
    /// It is for subscribers.
    Paywalled,
    /// The page does not say.
    #[default]
    Unknown,
}

/// Whether a page is an article that an analysis may be written from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// A usable article.
    Ok,
    /// Too little text.
    Thin,
    /// The beginning of an article, the rest for subscribers.
    Paywalled,
    /// A question about cookies instead of an article.
    Consent,
    /// A check for robots instead of an article.
    BotWall,
    /// A section front, tag page or search result.
    Listing,
    /// Something else: an application shell, a PDF, a picture.
    NotArticle,
    /// "Page not found" and the like, whatever its status.
    ErrorPage,
}

impl Quality {
    /// All verdicts.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::Thin,
        Self::Paywalled,
        Self::Consent,
        Self::BotWall,
        Self::Listing,
        Self::NotArticle,
        Self::ErrorPage,
    ];

    /// The word as JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Thin => "thin",
            Self::Paywalled => "paywalled",
            Self::Consent => "consent",
            Self::BotWall => "bot_wall",
            Self::Listing => "listing",
            Self::NotArticle => "not_article",
            Self::ErrorPage => "error_page",
        }
    }
}

/// What [`extract`] made of a page: its best text, and whether that is an article.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The best text and metadata of the page; the text may be empty.
    pub article: Article,
    /// The verdict.
    pub quality: Quality,
    /// What the verdict rests on, in words for a person; empty for [`Quality::Ok`].
    pub evidence: String,
    /// The page on which the article goes on, if this one links to it.
    pub next_page: Option<Url>,
    /// The limit at which the page was cut, so that what stands behind is not in the text.
    pub limit: Option<Limit>,
}
