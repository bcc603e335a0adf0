//! Which vocabulary an element belongs to, by its namespace or, where that is
//! missing or wrong, by the prefix that everyone uses for it.

/// The vocabularies that feeds are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS, RDF and Atom in all versions.
    Core,
    /// Dublin Core, elements and terms.
    DublinCore,
    /// RSS's module for content.
    Content,
    /// Apple's elements for podcasts.
    Itunes,
    /// Yahoo's elements for media.
    Media,
    /// Anything else.
    Foreign,
}

/// The namespaces in force.
#[derive(Default)]
pub(super) struct Names<'a> {
    declared: Vec<(&'a str, Space)>,
}

impl<'a> Names<'a> {
    /// How many declarations are in force: a mark to go back to.
    pub(super) fn len(&self) -> usize {
        self.declared.len()
    }

    /// Forgets the declarations since a mark.
    pub(super) fn truncate(&mut self, len: usize) {
        self.declared.truncate(len);
    }

    /// Takes a declaration; `at_root` says that it stands on the first element.
    pub(super) fn declare(&mut self, prefix: &'a str, uri: &str, at_root: bool) {
        let space = by_uri(uri).unwrap_or_else(|| match prefix {
            // A feed with a namespace that nobody knows is a feed all the same; a
            // part of one that calls itself something else is something else.
            "" if at_root || uri.is_empty() => Space::Core,
            "" => Space::Foreign,
            _ => by_prefix(prefix),
        });
        self.declared.push((prefix, space));
    }

    /// The vocabulary of the element `name`.
    pub(super) fn space(&self, name: &str) -> Space {
        let prefix = name.rsplit_once(':').map_or("", |(prefix, _)| prefix);
        self.declared
            .iter()
            .rev()
            .find(|(declared, _)| declared.eq_ignore_ascii_case(prefix))
            .map_or_else(|| by_prefix(prefix), |(_, space)| *space)
    }
}

/// By address, whatever its scheme, its letters' case and its last character.
fn by_uri(uri: &str) -> Option<Space> {
    let uri = uri.trim().to_ascii_lowercase();
    let uri = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let starts = |known: &[&str]| known.iter().any(|start| uri.starts_with(start));
    if starts(&["purl.org/rss/1.0/modules/content"]) {
        Some(Space::Content)
    } else if starts(&["purl.org/rss/1.0/modules/", "www.w3.org/1999/xhtml"]) {
        Some(Space::Foreign)
    } else if starts(&["search.yahoo.com/"]) {
        Some(Space::Media)
    } else if starts(&["purl.org/dc/"]) {
        Some(Space::DublinCore)
    } else if starts(&["www.itunes.com/dtds/", "itunes.apple.com/"]) {
        Some(Space::Itunes)
    } else if starts(&[
        "www.w3.org/2005/atom",
        "purl.org/atom/",
        "purl.org/rss/",
        "purl.org/net/rss",
        "my.netscape.com/",
        "channel.netscape.com/rdf",
        "backend.userland.com/rss",
        "blogs.law.harvard.edu/tech/rss",
        "www.w3.org/1999/02/22-rdf",
    ]) {
        Some(Space::Core)
    } else {
        None
    }
}

fn by_prefix(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "atom" | "atom03" | "atom10" | "a10" | "rdf" | "rss" => Space::Core,
        "dc" | "dcterms" => Space::DublinCore,
        "content" => Space::Content,
        "itunes" => Space::Itunes,
        "media" => Space::Media,
        _ => Space::Foreign,
    }
}
