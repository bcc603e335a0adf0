//! What the page says about its article besides the text.
//!
//! All of it is untrusted: cleaned of tags and invisible characters, bounded, and
//! believed only as far as each field's own rules say. Chooses among the sources;
//! reading them is the business of `head`, `structured`, `when`, `people`, `image`.

mod address;
pub(crate) mod byline;
mod head;
pub(crate) mod image;
mod places;
mod structured;
mod subject;
pub(crate) mod title;
pub(crate) mod when;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

use jiff::Timestamp;
use url::Url;

pub(crate) use self::address::site;
use self::{
    head::{Head, plain_text},
    image::Scene,
    places::Places,
    structured::Structured,
    subject::Subject,
    when::Where,
};
use crate::article::{
    Access, Image, Moment, Origin, Origins,
    content::{Content, words::plain},
    page::{
        blocks::Raw,
        dom::{Id, Tree},
    },
};

/// The longest name of an outlet or a section, in characters.
const MAX_NAME: usize = 100;

/// What is stated before the text is known.
pub(crate) struct Stated {
    head: Head,
    structured: Structured,
    places: Places,
    url: Option<Url>,
    /// Whether the page is its site's front.
    is_front: bool,
    canonical_origin: Option<Origin>,
    outlet_origin: Option<Origin>,
    /// The address that the page gives itself, if it may be believed.
    pub(crate) canonical_url: Option<Url>,
    /// The headline.
    pub(crate) title: Option<String>,
    /// Where the headline was read.
    pub(crate) title_origin: Option<Origin>,
    /// Its first text, where it is visible.
    headline: Option<Id>,
    /// The outlet's name.
    pub(crate) outlet: Option<String>,
}

/// What is stated, chosen with the text at hand.
pub(crate) struct Chosen {
    pub(crate) byline: Vec<String>,
    pub(crate) published: Option<Moment>,
    pub(crate) modified: Option<Moment>,
    pub(crate) section: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) image: Option<Image>,
    pub(crate) access: Access,
    /// Where each of them was read; that of the language is not known here.
    pub(crate) origins: Origins,
}

impl Stated {
    /// Reads the head, the JSON-LD and the headings.
    pub(crate) fn of(tree: &Tree<'_>, blocks: &[Raw], url: Option<&Url>) -> Self {
        let head = Head::of(tree);
        let titles = title::stated(tree, blocks, &head);
        let structured = Structured::of(tree, &titles);
        let canonical = address::canonical(&head, url);
        let host = url
            .or(canonical.as_ref().map(|(url, _)| url))
            .and_then(Url::host_str);
        let named = head.meta(&[
            "og:site_name",
            "application-name",
            "al:iphone:app_name",
            "dc.publisher",
            "publisher",
        ]);
        let mut outlet_origin = if named.is_some() {
            Origin::Meta
        } else {
            Origin::JsonLd
        };
        let mut outlet = named
            .or(structured.publisher.as_deref())
            .and_then(|name| plain_text(name, MAX_NAME))
            .filter(|name| !name.starts_with("http"));
        let (title, title_origin, headline) =
            title::choose(tree, blocks, &head, &structured, outlet.as_deref(), host)
                .map_or((None, None, None), |found| {
                    (Some(found.text), Some(found.origin), found.at)
                });
        if outlet.is_none()
            && let (Some(window), Some(title)) = (&head.title, &title)
        {
            // Before the headline may also stand a section; a logo is the outlet's.
            let is_outlet = |name: &String| {
                title::is_site_name(name, None, host)
                    || tree
                        .all("img")
                        .filter_map(|id| tree.attr(id, "alt"))
                        .any(|alt| plain(alt) == plain(name))
            };
            outlet = title::outlet_in(window, title)
                .or_else(|| title::before(window, title).filter(is_outlet));
            outlet_origin = Origin::WindowTitle;
        }
        Self {
            places: Places::of(tree),
            is_front: address::is_front(&head, url),
            url: url.cloned(),
            canonical_origin: canonical.as_ref().map(|(_, origin)| *origin),
            canonical_url: canonical.map(|(url, _)| url),
            title,
            title_origin,
            headline,
            outlet_origin: outlet.is_some().then_some(outlet_origin),
            outlet,
            head,
            structured,
        }
    }

    /// The languages that the page declares, most trusted first.
    pub(crate) fn languages(&self) -> impl Iterator<Item = (&str, Origin)> {
        const METAS: &[&str] = &["content-language", "dc.language", "language", "og:locale"];
        let attribute = self.head.language.as_deref();
        let metas = self.head.metas_of(METAS).map(|tag| (tag, Origin::Meta));
        let json = self.structured.language.as_deref();
        attribute
            .map(|tag| (tag, Origin::Attribute))
            .into_iter()
            .chain(metas)
            .chain(json.map(|tag| (tag, Origin::JsonLd)))
    }

    /// The page's JSON-LD.
    pub(crate) fn structured(&self) -> &Structured {
        &self.structured
    }

    /// The description in the head.
    pub(crate) fn description(&self) -> Option<&str> {
        self.head
            .meta(&["og:description", "description", "twitter:description"])
    }

    /// What `og:type` says.
    pub(crate) fn og_type(&self) -> Option<&str> {
        self.head.meta(&["og:type"])
    }

    /// The text of the window's title.
    pub(crate) fn window_title(&self) -> Option<&str> {
        self.head.title.as_deref()
    }

    /// Chooses the rest, with the text at hand.
    pub(crate) fn choose(
        &self,
        tree: &Tree<'_>,
        hidden: &[bool],
        blocks: &[Raw],
        content: &Content,
        retrieved: Timestamp,
    ) -> Chosen {
        let address = self.url.as_ref().or(self.canonical_url.as_ref());
        let page = Where {
            tree,
            hidden,
            blocks,
            content,
            places: &self.places,
            head: &self.head,
            structured: &self.structured,
            url: address,
            title: self.title.as_deref(),
            language: self.languages().next().map(|(tag, _)| tag),
            is_front: self.is_front,
            retrieved,
        };
        let when::Dates {
            published,
            modified,
        } = when::dates(&page);
        let base = address::base(&self.head, address);
        let image = Scene {
            tree,
            hidden,
            places: &self.places,
            head: &self.head,
            structured: &self.structured,
            base: base.as_ref(),
            container: content.container,
            before_text: page.place().before_text(),
        }
        .lead();
        let subject = Subject {
            tree,
            hidden,
            places: &self.places,
            head: &self.head,
            structured: &self.structured,
            container: content.container,
            title: self.title.as_deref(),
            outlet: self.outlet.as_deref(),
        };
        let section = subject.section();
        let (tags, tags_origin) = subject.tags();
        let access = self.access();
        let (byline, byline_origin) = self
            .byline(tree, hidden, blocks, content)
            .map_or((Vec::new(), None), |(names, origin)| (names, Some(origin)));
        Chosen {
            byline,
            published: published.map(|(moment, _)| moment),
            modified: modified.map(|(moment, _)| moment),
            origins: Origins {
                title: self.title_origin,
                byline: byline_origin,
                published: published.map(|(_, origin)| origin),
                modified: modified.map(|(_, origin)| origin),
                outlet: self.outlet_origin,
                section: section.as_ref().map(|(_, origin)| *origin),
                tags: tags_origin,
                image: image.as_ref().map(|(_, origin)| *origin),
                canonical_url: self.canonical_origin,
                access: access.map(|(_, origin)| origin),
                ..Origins::default()
            },
            section: section.map(|(name, _)| name),
            tags,
            image: image.map(|(image, _)| image),
            access: access.map_or(Access::Unknown, |(access, _)| access),
        }
    }

    /// Whether the page says that it is for subscribers only.
    pub(crate) fn is_closed(&self) -> bool {
        self.access()
            .is_some_and(|(access, _)| access == Access::Paywalled)
    }

    fn access(&self) -> Option<(Access, Origin)> {
        const TIERS: &[&str] = &[
            "article:content_tier",
            "article:opinion_tier",
            "content_tier",
        ];
        let tier = self.head.meta(TIERS).map(str::to_ascii_lowercase);
        let stated = match tier.as_deref().map(str::trim) {
            Some("metered") => Some(Access::Metered),
            Some("locked" | "paid" | "premium") => Some(Access::Paywalled),
            Some("free") => Some(Access::Open),
            _ => None,
        };
        // Where the two disagree, the page is at least partly for subscribers.
        match (stated, self.structured.free) {
            (Some(Access::Open) | None, Some(false)) => Some((Access::Paywalled, Origin::JsonLd)),
            (None, Some(true)) => Some((Access::Open, Origin::JsonLd)),
            (stated, _) => Some((stated?, Origin::Meta)),
        }
    }

    fn byline(
        &self,
        tree: &Tree<'_>,
        hidden: &[bool],
        blocks: &[Raw],
        content: &Content,
    ) -> Option<byline::Named> {
        let outlet = self.outlet.as_deref();
        let page = byline::Page {
            tree,
            hidden,
            blocks,
            content,
            headline: self.headline,
            title: self.title.as_deref().map(plain),
            outlet,
        };
        let stated = byline::stated(&self.head, &self.structured, outlet);
        byline::choose(&page, stated).or_else(|| byline::desk(&self.head, &self.structured, outlet))
    }
}
