//! Where each field of an article was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part of a page that a field was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The page's address.
    Address,
    /// Found out from the text itself, such as its language.
    Detected,
    /// A heading of the visible page.
    Heading,
    /// An attribute of the markup, such as `lang` or `hreflang`.
    Attribute,
    /// JSON-LD.
    JsonLd,
    /// A `<link>` in the head.
    Link,
    /// A `<meta>` in the head, Open Graph and the like included.
    Meta,
    /// Microdata or a microformat: `itemprop`, `rel=author`, `h-entry`.
    Microdata,
    /// State that the page's scripts start from, such as `__NEXT_DATA__`.
    State,
    /// A `<time>` element.
    Time,
    /// A visible line of the page.
    Visible,
    /// The `<title>` of the window.
    WindowTitle,
}

/// Where each field of an article was read; `None` where there is no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origins {
    /// Of the title.
    pub title: Option<Origin>,
    /// Of the byline.
    pub byline: Option<Origin>,
    /// Of the day or time of publication.
    pub published: Option<Origin>,
    /// Of the time of the last change.
    pub modified: Option<Origin>,
    /// Of the outlet's name.
    pub outlet: Option<Origin>,
    /// Of the language.
    pub language: Option<Origin>,
    /// Of the section.
    pub section: Option<Origin>,
    /// Of the tags.
    pub tags: Option<Origin>,
    /// Of the lead image.
    pub image: Option<Origin>,
    /// Of the address that the page gives itself.
    pub canonical_url: Option<Origin>,
    /// Of the access.
    pub access: Option<Origin>,
    /// Of the text: the visible page, or an object inside it that holds more.
    #[serde(default)]
    pub text: Option<Origin>,
}
