//! Which articles belong together: a story is one or more articles about one event.
//!
//! Its sources have the ids `s1`, `s2`, … that prompts, claims and documents use.

use jiff::Timestamp;

use crate::article::Article;

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
