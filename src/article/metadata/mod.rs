//! What the page says about its article besides the text.
//!
//! All of it is untrusted: cleaned of tags and invisible characters, bounded, and
//! believed only as far as each field's own rules say. Chooses among the sources;
//! reading them is the business of `head`, `structured`, `when`, `people`, `image`.

mod byline;
mod claims;
mod dates;
mod desks;
mod head;
mod image;
mod lines;
mod marks;
mod months;
mod names;
pub(crate) mod people;
mod person;
mod structured;
mod title;
mod when;

use jiff::Timestamp;
use url::Url;

use self::{
    head::{Head, plain_text},
    structured::Structured,
    when::Where,
};
use crate::article::{
    Access, Image, Moment, Origin,
    content::{Content, plain},
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
    url: Option<Url>,
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
    pub(crate) byline_origin: Option<Origin>,
    pub(crate) published: Option<Moment>,
    pub(crate) modified: Option<Moment>,
    pub(crate) section: Option<String>,
    pub(crate) image: Option<Image>,
    pub(crate) access: Access,
}

impl Stated {
    /// Reads the head, the JSON-LD and the headings.
    pub(crate) fn of(tree: &Tree<'_>, blocks: &[Raw], url: Option<&Url>) -> Self {
        let head = Head::of(tree);
        let titles = title::stated(tree, blocks, &head);
        let structured = Structured::of(tree, &titles);
        let canonical_url = canonical(&head, url);
        let host = url.or(canonical_url.as_ref()).and_then(Url::host_str);
        let mut outlet = head
            .meta(&[
                "og:site_name",
                "application-name",
                "al:iphone:app_name",
                "dc.publisher",
                "publisher",
            ])
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
        }
        Self {
            url: url.cloned(),
            canonical_url,
            title,
            title_origin,
            headline,
            outlet,
            head,
            structured,
        }
    }

    /// The declared language.
    pub(crate) fn language(&self) -> Option<&str> {
        self.head
            .language
            .as_deref()
            .or(self.structured.language.as_deref())
    }

    /// The page's JSON-LD.
    pub(crate) fn structured(&self) -> &Structured {
        &self.structured
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
        let place = Where {
            tree,
            hidden,
            blocks,
            content,
            head: &self.head,
            structured: &self.structured,
            url: address,
            retrieved,
        };
        let published = when::published(&place);
        let base = self.base();
        let holder = content.container;
        let image = image::lead(
            tree,
            hidden,
            &self.head,
            &self.structured,
            base.as_ref(),
            (holder, tree.node(holder).end),
        );
        let (byline, byline_origin) = self
            .byline(tree, hidden, blocks, content)
            .map_or((Vec::new(), None), |(names, origin)| (names, Some(origin)));
        Chosen {
            byline,
            byline_origin,
            published,
            modified: when::modified(&place, published),
            section: self
                .head
                .meta(&[
                    "article:section",
                    "og:article:section",
                    "parsely-section",
                    "section",
                    "articlesection",
                ])
                .or(self.structured.section.as_deref())
                .and_then(|name| plain_text(name, MAX_NAME)),
            image,
            access: self.access(),
        }
    }

    fn base(&self) -> Option<Url> {
        let address = self.url.as_ref().or(self.canonical_url.as_ref());
        match (&self.head.base, address) {
            (Some(base), Some(address)) => {
                address.join(base).ok().or_else(|| Some(address.clone()))
            }
            (Some(base), None) => Url::parse(base).ok(),
            (None, address) => address.cloned(),
        }
    }

    fn access(&self) -> Access {
        let tier = self
            .head
            .meta(&[
                "article:content_tier",
                "article:opinion_tier",
                "content_tier",
            ])
            .map(str::to_lowercase);
        match (tier.as_deref(), self.structured.free) {
            (Some("metered"), _) => Access::Metered,
            (Some("locked" | "paid" | "premium"), _) | (_, Some(false)) => Access::Paywalled,
            (Some("free"), _) | (_, Some(true)) => Access::Open,
            _ => Access::Unknown,
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

/// The page's own address as it states it. Believed only within the same registrable
/// domain and when it is not the site's root; a page without an address has nothing
/// to compare with.
fn canonical(head: &Head, url: Option<&Url>) -> Option<Url> {
    [head.link("canonical"), head.meta(&["og:url"])]
        .into_iter()
        .flatten()
        .find_map(|stated| {
            if stated.len() > 2_000 {
                return None;
            }
            let mut canonical = url
                .map_or_else(|| Url::parse(stated), |url| url.join(stated))
                .ok()?;
            canonical.set_fragment(None);
            let is_root = canonical.path() == "/" && canonical.query().is_none();
            let same_site =
                url.is_none_or(|url| site(url).is_some() && site(url) == site(&canonical));
            (matches!(canonical.scheme(), "http" | "https")
                && canonical.has_host()
                && !is_root
                && same_site
                && canonical.username().is_empty())
            .then_some(canonical)
        })
}

/// The registrable domain, or the whole host where there is none (an IP address).
fn site(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(
        match url.domain().and_then(|domain| psl::domain_str(domain)) {
            Some(domain) => domain.to_owned(),
            None => host.to_owned(),
        },
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::article::page::dom;

    #[test]
    fn a_canonical_address_is_believed_only_at_home() {
        for (stated, url, expected) in [
            (
                "https://news.post.co.uk/a",
                Some("https://m.post.co.uk/a?x=1"),
                Some("https://news.post.co.uk/a"),
            ),
            (
                "/a",
                Some("https://post.example/a?x=1#y"),
                Some("https://post.example/a"),
            ),
            (
                "https://evil.example/a",
                Some("https://post.example/a"),
                None,
            ),
            ("https://other.co.uk/a", Some("https://post.co.uk/a"), None),
            (
                "https://post.example/",
                Some("https://post.example/a"),
                None,
            ),
            (
                "https://post.example/a",
                None,
                Some("https://post.example/a"),
            ),
            ("javascript:alert(1)", None, None),
        ] {
            let page = format!("<link rel=canonical href='{stated}'>");
            let html = dom::parse(&page);
            let head = Head::of(&Tree::new(&html));
            let url = url.map(|url| Url::parse(url).unwrap());
            assert_eq!(
                canonical(&head, url.as_ref()).map(String::from).as_deref(),
                expected,
                "{stated}"
            );
        }
    }
}
