//! What has been read of a feed and of an item, and how that becomes a [`Feed`] and
//! its [`Entry`]s: which date is which, which address counts, what the id is.
//!
//! The first value that makes sense stands; later ones do not overwrite it.

use jiff::Timestamp;
use url::Url;

use super::{
    Entry, Feed, date,
    namespace::Space,
    plain::{Kind, folded, plain},
};
use crate::text::sha256;

/// The fields whose text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    /// The title of a picture or film, for an item that has no other.
    MediaTitle,
    /// An address as text.
    Link,
    /// An id that is also the address, unless the feed denies it.
    Guid {
        permalink: bool,
    },
    Id,
    /// The date of publication.
    Published,
    /// The date of the last change.
    Updated,
    /// A date that does not say of what.
    Dated,
    /// A name, or a mailbox with a name.
    Author,
    Summary,
    /// The article itself, which is read from its page and not from the feed. It is a
    /// field so that what stands in it is not taken for the item's own.
    Content,
}

impl Field {
    /// The field that an element is; `permalink` is what its attribute says.
    pub(super) fn of(space: Space, name: &str, permalink: bool) -> Option<Self> {
        use Space::{Core, DublinCore, Itunes, Media};
        Some(match (space, name) {
            (Core | DublinCore, "title") => Self::Title,
            (Media, "title") => Self::MediaTitle,
            (Core, "link") => Self::Link,
            (Core, "guid") => Self::Guid { permalink },
            (Core, "id") | (DublinCore, "identifier") => Self::Id,
            (Core, "pubdate" | "published") | (Core | DublinCore, "issued") => Self::Published,
            (Core, "updated") | (Core | DublinCore, "modified") => Self::Updated,
            (Core | DublinCore, "date" | "created") => Self::Dated,
            (Core, "author" | "name") | (DublinCore, "creator") | (Itunes, "author") => {
                Self::Author
            }
            (Core | DublinCore, "description") | (Core | Itunes, "summary") => Self::Summary,
            (Core, "content") | (Space::Content, "encoded") => Self::Content,
            _ => return None,
        })
    }
}

/// An address as the feed wrote it, with the base that its element had.
#[derive(Clone, Debug)]
pub(super) struct Href {
    text: String,
    base: Option<Url>,
}

impl Href {
    pub(super) fn new(text: &str, base: Option<&Url>) -> Self {
        Self {
            text: text.trim().to_owned(),
            base: base.cloned(),
        }
    }

    /// The address, if it is one of the web: a feed may not send a reader elsewhere.
    fn resolve(&self, bases: Bases<'_>) -> Option<Url> {
        let base = self.base.as_ref().or(bases.site).or(bases.document);
        let base = match self.text.as_str() {
            "" => return None,
            // What names a host and no scheme takes the scheme it was fetched with.
            text if text.starts_with("//") => bases.document.or(base),
            _ => base,
        };
        Url::options()
            .base_url(base)
            .parse(&self.text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    }
}

/// What relative addresses are relative to, where no `xml:base` says so.
#[derive(Clone, Copy, Default)]
struct Bases<'a> {
    /// The page that the feed belongs to. It comes first, since feeds are often
    /// served from another host than the articles.
    site: Option<&'a Url>,
    /// Where the feed came from.
    document: Option<&'a Url>,
}

/// What a feed says of itself.
#[derive(Default)]
pub(super) struct Head {
    title: Option<String>,
    link: Option<Href>,
    authors: Vec<String>,
}

impl Head {
    /// Takes the value of a field.
    pub(super) fn set(&mut self, field: Field, text: &str, kind: Kind, href: impl Fn() -> Href) {
        match field {
            Field::Title => fill(&mut self.title, || plain(text, kind)),
            Field::Link if !text.trim().is_empty() => fill(&mut self.link, || Some(href())),
            Field::Author => add_author(&mut self.authors, text, kind),
            _ => {}
        }
    }

    /// Takes an Atom link.
    pub(super) fn link(&mut self, href: Href, rel: Option<&str>) {
        if is_alternate(rel) {
            fill(&mut self.link, || Some(href));
        }
    }

    /// The feed of these items. In Atom, what has no author has the feed's.
    pub(super) fn feed(self, mut items: Items, inherits: bool, document: Option<&Url>) -> Feed {
        items.resolve(&self, document);
        if inherits {
            let without = items
                .entries
                .iter_mut()
                .filter(|one| one.authors.is_empty());
            without.for_each(|one| one.authors.clone_from(&self.authors));
        }
        Feed {
            title: self.title,
            entries: items.entries,
        }
    }
}

/// The items of a feed. A draft is larger than its entry, so it becomes one as soon as it is
/// known what its addresses are relative to.
#[derive(Default)]
pub(super) struct Items {
    entries: Vec<Entry>,
    drafts: Vec<Draft>,
}

impl Items {
    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.drafts.len()
    }

    /// Takes an item of the feed with this head, as far as that is read.
    pub(super) fn push(&mut self, draft: Draft, head: &Head, document: Option<&Url>) {
        self.drafts.push(draft);
        // The first link stands, whatever comes later.
        if head.link.is_some() {
            self.resolve(head, document);
        }
    }

    fn resolve(&mut self, head: &Head, document: Option<&Url>) {
        let document = Bases {
            document,
            site: None,
        };
        let site = head.link.as_ref().and_then(|link| link.resolve(document));
        let bases = Bases {
            site: site.as_ref(),
            ..document
        };
        let resolved = self.drafts.drain(..).map(|draft| draft.entry(bases));
        self.entries.extend(resolved);
    }
}

/// What an item says.
#[derive(Default)]
pub(super) struct Draft {
    id: Option<String>,
    about: Option<String>,
    title: Option<String>,
    media_title: Option<String>,
    /// `<link>` with an address as its text.
    link: Option<Href>,
    /// Atom's link to a page, and to whatever the article is instead.
    page: Option<Href>,
    other: Option<Href>,
    /// An id that may be an address.
    permalink: Option<String>,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    dated: Option<Timestamp>,
    authors: Vec<String>,
    summary: Option<String>,
}

impl Draft {
    /// RSS 1.0's name for the item, which is mostly its address.
    pub(super) fn about(&mut self, about: Option<&str>) {
        self.about = about.filter(|about| !about.is_empty()).map(str::to_owned);
    }

    /// Takes the value of a field.
    pub(super) fn set(&mut self, field: Field, text: &str, kind: Kind, href: impl Fn() -> Href) {
        let id = || Some(folded(text)).filter(|id| !id.is_empty());
        match field {
            Field::Title => fill(&mut self.title, || plain(text, kind)),
            Field::MediaTitle => fill(&mut self.media_title, || plain(text, kind)),
            Field::Link if !text.trim().is_empty() => fill(&mut self.link, || Some(href())),
            Field::Guid { permalink } => {
                fill(&mut self.id, id);
                if permalink {
                    fill(&mut self.permalink, || Some(text.to_owned()));
                }
            }
            Field::Id => {
                fill(&mut self.id, id);
                fill(&mut self.permalink, || Some(text.to_owned()));
            }
            Field::Published => fill(&mut self.published, || date::parse(text)),
            Field::Updated => fill(&mut self.updated, || date::parse(text)),
            Field::Dated => fill(&mut self.dated, || date::parse(text)),
            Field::Author => add_author(&mut self.authors, text, kind),
            Field::Summary => fill(&mut self.summary, || plain(text, kind)),
            Field::Link | Field::Content => {}
        }
    }

    /// Takes an Atom link; only the article itself counts, a page before a file.
    pub(super) fn link(&mut self, href: Href, rel: Option<&str>, kind: Option<&str>) {
        if is_alternate(rel) {
            let page = kind.is_none_or(|kind| kind.contains("html"));
            fill(
                if page {
                    &mut self.page
                } else {
                    &mut self.other
                },
                || Some(href),
            );
        }
    }

    /// Whether an item that a cut left unfinished is worth having.
    pub(super) fn is_usable(&self) -> bool {
        let address = self.link.is_some() || self.page.is_some() || self.permalink.is_some();
        self.title.is_some() && address
    }

    fn entry(self, bases: Bases<'_>) -> Entry {
        let title = self.title.or(self.media_title);
        let whole = |text: &str| Href::new(text, None).resolve(Bases::default());
        let url = [self.link, self.page, self.other]
            .into_iter()
            .flatten()
            .find_map(|href| href.resolve(bases))
            // An id is no promise of a page, so it comes last, and only when whole.
            .or_else(|| whole(&self.permalink?))
            .or_else(|| whole(self.about.as_deref()?));
        let published = self.published.or(self.dated);
        let id = self
            .id
            .or(self.about)
            .or_else(|| url.as_ref().map(Url::to_string))
            .unwrap_or_else(|| digest(title.as_deref().or(self.summary.as_deref()), published));
        Entry {
            id,
            title,
            url,
            published,
            updated: self.updated,
            authors: self.authors,
            summary: self.summary,
        }
    }
}

/// Whether a relation is the one that a link has by default; RFC 4287 allows its
/// registered address as well.
fn is_alternate(rel: Option<&str>) -> bool {
    rel.and_then(|rel| rel.rsplit('/').next())
        .is_none_or(|name| name.is_empty() || name.eq_ignore_ascii_case("alternate"))
}

/// An id for an item that has neither id nor address.
pub(super) fn digest(title: Option<&str>, published: Option<Timestamp>) -> String {
    let moment = published.map(|at| at.to_string()).unwrap_or_default();
    let mut id = sha256(format!("{}\n{moment}", title.unwrap_or_default()).as_bytes());
    id.truncate(32);
    id
}

fn fill<T>(slot: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = value();
    }
}

fn add_author(authors: &mut Vec<String>, text: &str, kind: Kind) {
    if let Some(name) = plain(text, kind).and_then(|text| author(&text))
        && !authors.contains(&name)
    {
        authors.push(name);
    }
}

/// The name in `ann@example.org (Ann Lee)` or `Ann Lee <ann@example.org>`; an
/// address alone is no name, and not ours to pass on.
pub(super) fn author(text: &str) -> Option<String> {
    let name = match text.split_once('(') {
        Some((mailbox, name)) if mailbox.contains('@') => name.trim_end().trim_end_matches(')'),
        _ => text,
    };
    let words: Vec<&str> = name
        .split_whitespace()
        .filter(|word| !word.contains('@'))
        .collect();
    Some(words.join(" ")).filter(|name| !name.is_empty())
}
