//! What the page says about its article besides the text.
//!
//! All of it is untrusted: cleaned of tags and invisible characters, bounded, and
//! believed only as far as each field's own rules say. Chooses among the sources;
//! reading them is the business of `head`, `structured`, `when`, `people`, `image`.

mod byline;
mod dateline;
mod dates;
mod head;
mod image;
mod labels;
mod months;
mod names;
pub(crate) mod people;
mod places;
mod structured;
mod title;
mod when;

use jiff::Timestamp;
use url::Url;

use self::{
    head::{Head, plain_text},
    places::Places,
    structured::Structured,
    when::Where,
};
use crate::article::{
    Access, Image, Moment, Origin, Origins,
    content::{Content, plain},
    page::{blocks::Raw, dom::Tree},
};

/// The longest name of an outlet or a section, in characters.
const MAX_NAME: usize = 100;

/// What is stated before the text is known.
pub(crate) struct Stated {
    head: Head,
    structured: Structured,
    places: Places,
    url: Option<Url>,
    /// Whether the page's address, or the one that it gives itself, is its site's root.
    is_front: bool,
    /// The address that the page gives itself, if it may be believed.
    pub(crate) canonical_url: Option<Url>,
    /// The headline.
    pub(crate) title: Option<String>,
    /// The outlet's name.
    pub(crate) outlet: Option<String>,
}

/// What is stated, chosen with the text at hand.
pub(crate) struct Chosen {
    pub(crate) byline: Vec<String>,
    pub(crate) published: Option<Moment>,
    pub(crate) modified: Option<Moment>,
    pub(crate) section: Option<String>,
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
        let title = title::choose(tree, blocks, &head, &structured, outlet.as_deref(), host);
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
        let is_front = match url {
            Some(url) => is_root(url),
            None => {
                let mut stated = [head.link("canonical"), head.meta(&["og:url"])]
                    .into_iter()
                    .flatten()
                    .filter_map(|stated| Url::parse(stated).ok())
                    .map(|url| is_root(&url))
                    .peekable();
                stated.peek().is_some() && stated.all(|is_root| is_root)
            }
        };
        Self {
            places: Places::of(tree),
            is_front,
            url: url.cloned(),
            canonical_url,
            title,
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
            places: &self.places,
            head: &self.head,
            structured: &self.structured,
            url: address,
            title: self.title.as_deref(),
            language: self.language(),
            is_front: self.is_front,
            retrieved,
        };
        let published = when::published(&place);
        let modified = when::modified(&place, published.map(|(moment, _)| moment));
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
        Chosen {
            byline: self.byline(tree, hidden, blocks, content),
            published: published.map(|(moment, _)| moment),
            modified: modified.map(|(moment, _)| moment),
            origins: Origins {
                published: published.map(|(_, origin)| origin),
                modified: modified.map(|(_, origin)| origin),
                ..Origins::default()
            },
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
    ) -> Vec<String> {
        let outlet = self.outlet.as_deref();
        let structured: Vec<&str> = self.structured.authors.iter().map(String::as_str).collect();
        let meta: Vec<&str> = self
            .head
            .metas_of(&[
                "author",
                "article:author",
                "article:author_name",
                "dc.creator",
                "dcterms.creator",
                "parsely-author",
                "sailthru.author",
                "byl",
                "citation_author",
                "og:article:author",
                "cxenseparse:author",
            ])
            .collect();
        let stated = [structured, meta]
            .into_iter()
            .map(|names| people::names(names, outlet))
            .find(|names| !names.is_empty())
            .unwrap_or_default();
        byline::choose(tree, hidden, blocks, content, stated, outlet)
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
            let same_site =
                url.is_none_or(|url| site(url).is_some() && site(url) == site(&canonical));
            (matches!(canonical.scheme(), "http" | "https")
                && canonical.has_host()
                && !is_root(&canonical)
                && same_site
                && canonical.username().is_empty())
            .then_some(canonical)
        })
}

/// Whether an address is that of a site's front.
fn is_root(url: &Url) -> bool {
    url.path() == "/"
        && url.query().is_none()
        && url.host_str().is_some_and(|host| !host.starts_with('.'))
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
