//! The addresses that a page gives itself, and what they tell.
//!
//! Believed only within the page's own site. No address is fetched or followed here.

use url::Url;

use crate::article::Origin;
use crate::article::metadata::head::Head;

/// The page's own address as it states it. Believed only within the same registrable
/// domain and when it is not the site's root; a page without an address has nothing
/// to compare with.
pub(crate) fn canonical(head: &Head, url: Option<&Url>) -> Option<(Url, Origin)> {
    stated(head).find_map(|(stated, origin)| {
        if stated.len() > 2_000 {
            return None;
        }
        let mut canonical = url
            .map_or_else(|| Url::parse(stated), |url| url.join(stated))
            .ok()?;
        canonical.set_fragment(None);
        let same_site = url.is_none_or(|url| site(url).is_some() && site(url) == site(&canonical));
        (matches!(canonical.scheme(), "http" | "https")
            && canonical.has_host()
            && !is_root(&canonical)
            && same_site
            && canonical.username().is_empty())
        .then_some((canonical, origin))
    })
}

/// Whether the page is the front of its site: by its address, else by all that it says
/// of it.
pub(crate) fn is_front(head: &Head, url: Option<&Url>) -> bool {
    if let Some(url) = url {
        return is_root(url);
    }
    let mut stated = stated(head)
        .filter_map(|(stated, _)| Url::parse(stated).ok())
        .map(|url| is_root(&url))
        .peekable();
    stated.peek().is_some() && stated.all(|is_root| is_root)
}

/// What relative addresses start from.
pub(crate) fn base(head: &Head, address: Option<&Url>) -> Option<Url> {
    match (&head.base, address) {
        (Some(base), Some(address)) => address.join(base).ok().or_else(|| Some(address.clone())),
        (Some(base), None) => Url::parse(base).ok(),
        (None, address) => address.cloned(),
    }
}

/// The addresses that the page gives itself.
fn stated(head: &Head) -> impl Iterator<Item = (&str, Origin)> {
    let link = head.link("canonical").map(|stated| (stated, Origin::Link));
    let meta = head.meta(&["og:url"]).map(|stated| (stated, Origin::Meta));
    link.into_iter().chain(meta)
}

/// Whether an address is that of a site's front.
fn is_root(url: &Url) -> bool {
    url.path() == "/"
        && url.query().is_none()
        && url.host_str().is_some_and(|host| !host.starts_with('.'))
}

/// The registrable domain, or the whole host where there is none (an IP address).
pub(crate) fn site(url: &Url) -> Option<&str> {
    let registrable = url.domain().and_then(|domain| psl::domain_str(domain));
    registrable.or_else(|| url.host_str())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::article::page::dom::{self, Tree};

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
                canonical(&head, url.as_ref())
                    .map(|(url, _)| String::from(url))
                    .as_deref(),
                expected,
                "{stated}"
            );
        }
    }
}
