//! Articles that go on over several pages: which link leads to the next one, and how
//! its text is joined.
//!
//! `rel=next` alone means little, since many sites point it to the next article. The
//! link must be the page's own address with the next number in it.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;
use url::Url;

use super::{
    Article, Block,
    page::dom::{Id, Tree},
};
use crate::text::Span;

/// An article of more pages than this is read to here.
pub(crate) const MAX_PAGES: u32 = 20;

/// Parameters that number pages. Sorted.
const PARAMETERS: [&str; 9] = [
    "p", "pag", "page", "pagina", "paged", "pg", "s", "seite", "strana",
];

/// A page number at the end of a path: `/2`, `/page/2/`, `-seite-2.html`, `,2`, `_p2.htm`.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)[/,_.-](?:(?:page|pagina|pag|seite|strana|p|s)[-_/]?)?(\d{1,2})(/?|\.[a-z]{2,5})$",
    )
    .expect("a constant pattern")
});

/// The address of the page on which the article goes on, if the page links to it.
pub(crate) fn next(tree: &Tree<'_>, url: &Url) -> Option<Url> {
    let (base, number) = numbered(url);
    let wanted = number + 1;
    if wanted > MAX_PAGES {
        return None;
    }
    let digits = wanted.to_string();
    let slug = url.path().trim_matches('/').rsplit('/').next()?;
    let slug: String = slug.chars().take_while(|c| c.is_alphabetic()).collect();
    (0..tree.len())
        .filter(|&id| matches!(tree.name(id), "a" | "link"))
        .filter_map(|id| Some((id, tree.attr(id, "href")?)))
        // Most links are ruled out before they are parsed.
        .filter(|(_, href)| {
            href.len() < 2_000
                && href.contains(&digits)
                && (href.contains(&slug) || href.starts_with('?'))
        })
        .filter(|(id, _)| calls_itself(tree, *id, &digits))
        .filter_map(|(_, href)| url.join(href).ok())
        .find(|link| {
            link.host_str() == url.host_str()
                && matches!(link.scheme(), "http" | "https")
                && numbered(link) == (base.clone(), wanted)
        })
}

/// Whether a link says that it leads to the next page: by `rel`, or by the number that
/// it shows.
fn calls_itself(tree: &Tree<'_>, link: Id, number: &str) -> bool {
    let is_next = |rel: &str| rel.split_ascii_whitespace().any(|word| word == "next");
    let shows = || {
        let text = tree.raw_text(link);
        text.len() < 40
            && text
                .split(|c: char| !c.is_ascii_digit())
                .any(|digits| digits == number)
    };
    tree.attr(link, "rel").is_some_and(is_next) || shows()
}

/// An address without its page number, and the number; 1 where there is none.
fn numbered(url: &Url) -> (String, u32) {
    let mut number = None;
    let mut query = Vec::new();
    for (key, value) in url.query_pairs() {
        let own = PARAMETERS
            .binary_search(&key.to_lowercase().as_str())
            .ok()
            .and_then(|_| value.parse::<u32>().ok());
        match own {
            Some(own) if own <= MAX_PAGES => number = Some(own),
            _ => query.push(format!("{key}={value}")),
        }
    }
    let mut path = url.path().to_owned();
    if number.is_none()
        && let Some(found) = NUMBER.captures(url.path())
        && let Ok(own) = found[1].parse::<u32>()
        && (1..=MAX_PAGES).contains(&own)
    {
        number = Some(own);
        let start = found.get(0).map_or(0, |whole| whole.start());
        path.truncate(start);
        path.push_str(found[2].trim_matches('/'));
    }
    let path = path.trim_end_matches('/');
    (format!("{path}?{}", query.join("&")), number.unwrap_or(1))
}

impl Article {
    /// Joins the text of the article's next page; what stands on both is read once.
    /// Says whether anything was new.
    pub fn append(&mut self, next: &Self) -> bool {
        let known: HashSet<String> = self
            .blocks
            .iter()
            .map(|block| block.span.of(&self.text).to_owned())
            .collect();
        let before = self.blocks.len();
        for block in &next.blocks {
            let text = block.span.of(&next.text);
            if known.contains(text) {
                continue;
            }
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            let start = self.text.len();
            self.text.push_str(text);
            self.blocks.push(Block {
                kind: block.kind,
                span: Span::new(start, self.text.len()),
            });
        }
        self.blocks.len() > before
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::article::page::dom;

    #[test]
    fn the_next_page_is_this_one_with_the_next_number() {
        for (url, links, expected) in [
            (
                "https://a.example/news/bridge",
                "/news/bridge?page=2",
                Some("/news/bridge?page=2"),
            ),
            (
                "https://a.example/news/bridge?page=2",
                "?page=1 ?page=3",
                Some("/news/bridge?page=3"),
            ),
            (
                "https://a.example/news/bridge/",
                "/news/bridge/2/",
                Some("/news/bridge/2/"),
            ),
            (
                "https://a.example/news/bridge.html",
                "/news/bridge-2.html",
                Some("/news/bridge-2.html"),
            ),
            (
                "https://a.example/bruecke",
                "/bruecke/seite-2",
                Some("/bruecke/seite-2"),
            ),
            (
                "https://a.example/bruecke/seite-2",
                "/bruecke/seite-3",
                Some("/bruecke/seite-3"),
            ),
            // Another article, another site, comments, the same page, a page further on.
            ("https://a.example/news/bridge", "/news/tunnel-2", None),
            (
                "https://a.example/news/bridge",
                "https://b.example/news/bridge?page=2",
                None,
            ),
            (
                "https://a.example/news/bridge",
                "/news/bridge/comment-page-2/",
                None,
            ),
            ("https://a.example/news/bridge", "/news/bridge?page=1", None),
            ("https://a.example/news/bridge", "/news/bridge?page=3", None),
            (
                "https://a.example/news/bridge-2025",
                "/news/bridge-2026",
                None,
            ),
        ] {
            let page: String = links.split(' ').fold(String::new(), |page, link| {
                let number = link.trim_end_matches(|c: char| !c.is_ascii_digit());
                let at = number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
                page + "<a href='" + link + "'>Page " + &number[at..] + "</a>"
            });
            let html = dom::parse(&page);
            let found = next(&Tree::new(&html), &url.parse().unwrap());
            let found = found.map(|found| found[url::Position::BeforePath..].to_owned());
            assert_eq!(found.as_deref(), expected, "{url} {links}");
        }
    }
}
