//! Which articles belong together: a story is one or more articles about one event.
//!
//! Its sources have the ids `s1`, `s2`, … that prompts, claims and documents use.

use jiff::Timestamp;
use url::Url;

use crate::{article::Article, text::sha256};

/// One or more articles about one event; never empty.
#[derive(Clone, Debug)]
pub struct Story {
    sources: Vec<Source>,
}

/// One article of a story.
#[derive(Clone, Debug)]
pub struct Source {
    /// `s1`, `s2`, … in the story's order.
    pub id: String,
    /// The article itself.
    pub article: Article,
    /// When its page was received.
    pub retrieved: Timestamp,
}

impl Story {
    /// A story of these articles, in this order, each with the time its page was
    /// received; `None` when there are none.
    pub fn new(articles: Vec<(Article, Timestamp)>) -> Option<Self> {
        let sources: Vec<_> = articles
            .into_iter()
            .enumerate()
            .map(|(at, (article, retrieved))| Source {
                id: format!("s{}", at + 1),
                article,
                retrieved,
            })
            .collect();
        (!sources.is_empty()).then_some(Self { sources })
    }

    /// The sources in order; at least one.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The first source: it gives the story its id, its image and its language.
    pub fn lead(&self) -> &Source {
        &self.sources[0]
    }

    /// The source of this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }
}

/// The addresses and texts that lead to an analysis of this story in this language. A
/// story of several articles has one of its own, so that an analysis of one of them
/// stays another.
pub fn aliases(story: &Story, language: &str) -> Vec<String> {
    let of = |article: &Article| {
        let mut names: Vec<String> = [&article.canonical_url, &article.url]
            .into_iter()
            .flatten()
            .map(|url| format!("url {url}"))
            .collect();
        names.push(format!("text {}", sha256(article.text.as_bytes())));
        names.dedup();
        names
    };
    let names = match story.sources() {
        [only] => of(&only.article),
        several => {
            let mut first: Vec<_> = several
                .iter()
                .filter_map(|source| of(&source.article).into_iter().next())
                .collect();
            first.sort();
            vec![format!("together {}", sha256(first.join("\n").as_bytes()))]
        }
    };
    names
        .into_iter()
        .map(|name| format!("{language} {name}"))
        .collect()
}

/// Query parameters that say where a reader came from and nothing about the article,
/// besides `utm_…`; sorted.
const TRACKING: [&str; 8] = [
    "dclid", "fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid", "yclid",
];

/// The address without its fragment and without parameters that only track readers, so
/// that one article has one address in every feed.
pub fn without_tracking(mut url: Url) -> Url {
    url.set_fragment(None);
    let tracks = |name: &str| name.starts_with("utm_") || TRACKING.contains(&name);
    if url.query_pairs().any(|(name, _)| tracks(&name)) {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !tracks(name))
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    url
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn only_what_tracks_is_taken_from_an_address() {
        for (given, wanted) in [
            (
                "http://a.example/x?utm_source=rss&id=7#top",
                "http://a.example/x?id=7",
            ),
            ("http://a.example/x?fbclid=1", "http://a.example/x"),
            (
                "http://a.example/x?q=a%2Bb&lang=de",
                "http://a.example/x?q=a%2Bb&lang=de",
            ),
        ] {
            assert_eq!(without_tracking(given.parse().unwrap()).as_str(), wanted);
        }
    }
}
