//! The whole way from a page to an article: decode, parse, find the text, read the
//! metadata, judge. Each step is in a file of its own; this one only joins them.

use std::{borrow::Cow, fmt};

use super::{
    Access, Article, Block, Explanation, Origins, Quality, Reading, Sites, content, language,
    metadata::{Stated, byline::people},
    page::{
        blocks::{self, Raw},
        dom::{self, Tree},
        encoding, visible,
    },
    pages,
    quality::{self, Look},
    sites,
};
use crate::{fetch::Page, text::Span};

/// Reads a page: its best text and metadata, and whether that is a usable article.
///
/// Never fails and always ends: what is no page at all gives an empty text and a
/// quality that says so. Of site rules it knows the built-in ones.
pub fn extract(page: &Page) -> Reading {
    extract_with(page, Sites::builtin())
}

/// Reads a page as [`extract`] does, with a house's own site rules.
pub fn extract_with(page: &Page, sites: &Sites) -> Reading {
    read(page, sites, false).0
}

/// Reads a page as [`extract_with`] does, and accounts for what was taken and what was cut.
pub fn explain_with(page: &Page, sites: &Sites) -> (Reading, Option<Explanation>) {
    read(page, sites, true)
}

fn read(page: &Page, sites: &Sites, explained: bool) -> (Reading, Option<Explanation>) {
    if let Some((quality, evidence)) = quality::not_html(&page.body, page.content_type.as_deref()) {
        let reading = Reading {
            article: empty(page),
            quality,
            evidence,
            limit: None,
            next_page: None,
        };
        return (reading, None);
    }
    let text = encoding::decode(&page.body, page.content_type.as_deref());
    let text = as_html(text);
    let document = dom::parse(&text);
    let tree = Tree::new(&document);
    let mut hidden = visible::hidden(&tree);
    let rule = page.url.as_ref().and_then(|url| sites.rule(url));
    let mut rule = rule.map(|rule| sites::apply(rule, &tree, &mut hidden));
    let blocks = blocks::gather(&tree, &hidden);
    let narrowed = rule.as_mut().and_then(|rule| rule.narrow(&tree, &blocks));
    let stated = Stated::of(&tree, &blocks, page.url.as_ref());
    let mut content = content::find(
        &tree,
        &hidden,
        narrowed.as_deref().unwrap_or(&blocks),
        &content::Hints {
            title: stated.title.as_deref(),
            description: stated.description(),
            closed: stated.is_closed(),
            ruled: narrowed.is_some(),
        },
    );
    if let Some(rule) = &rule {
        rule.widen(&mut content);
    }
    let chosen = stated.choose(&tree, &hidden, &blocks, &content, page.retrieved);
    let authors: Vec<String> = chosen
        .byline
        .iter()
        .map(|name| people::bare(name).to_owned())
        .collect();
    content.drop_author_notes(&authors);
    let (quality, evidence) = quality::judge(&Look {
        status: page.status,
        tree: &tree,
        blocks: &blocks,
        content: &content,
        stated: &stated,
        access: chosen.access,
        address: page.url.as_ref().or(stated.canonical_url.as_ref()),
        in_article: narrowed.is_some()
            || std::iter::once(content.container)
                .chain(tree.ancestors(content.container))
                .any(|id| tree.name(id) == "article"),
        is_root: page
            .url
            .as_ref()
            .is_some_and(|url| url.path() == "/" && url.query().is_none()),
    });
    let explanation = explained.then(|| Explanation {
        rule: rule.map(|rule| rule.account()),
        ..Explanation::of(&tree, &blocks, &content)
    });
    let (text, blocks) = join(content.text());
    let language = language::language(stated.languages(), &text);
    let article = Article {
        url: page.url.clone(),
        origins: Origins {
            language: language.origin,
            text: content.origin(),
            ..chosen.origins
        },
        language: language.tag,
        language_declared: language.contradicted,
        canonical_url: stated.canonical_url,
        title: stated.title,
        byline: chosen.byline,
        published: chosen.published,
        modified: chosen.modified,
        outlet: stated.outlet,
        section: chosen.section,
        image: chosen.image,
        tags: chosen.tags,
        access: chosen.access,
        text,
        blocks,
    };
    let reading = Reading {
        next_page: page
            .url
            .as_ref()
            .filter(|_| quality == Quality::Ok)
            .and_then(|url| pages::next(&tree, url)),
        article,
        quality,
        evidence,
        limit: document.cut,
    };
    (reading, explanation)
}

impl Reading {
    /// The article, if an analysis may be written from it.
    pub fn usable(self) -> Result<Article, Refusal> {
        if self.quality == Quality::Ok {
            return Ok(self.article);
        }
        Err(Refusal {
            quality: self.quality,
            evidence: self.evidence,
        })
    }
}

/// Why a page is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// What the page is instead.
    pub quality: Quality,
    /// What that rests on.
    pub evidence: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.quality {
            Quality::Ok => "the page is usable",
            Quality::Thin => "the page has too little text",
            Quality::Paywalled => "only the beginning of the article is free",
            Quality::Consent => {
                "the page asks for consent to cookies instead of showing an article"
            }
            Quality::BotWall => "the page is a check for robots",
            Quality::Listing => "the page is a list of articles, not an article",
            Quality::NotArticle => "this is not an article's page",
            Quality::ErrorPage => "the page is an error message",
        };
        write!(f, "{what}: {}", self.evidence)
    }
}

fn empty(page: &Page) -> Article {
    Article {
        url: page.url.clone(),
        canonical_url: None,
        title: None,
        byline: Vec::new(),
        published: None,
        modified: None,
        outlet: None,
        language: None,
        language_declared: None,
        section: None,
        tags: Vec::new(),
        image: None,
        access: Access::Unknown,
        origins: Origins::default(),
        text: String::new(),
        blocks: Vec::new(),
    }
}

/// Plain text, which has no tag at all, as HTML with a paragraph for each of its own.
fn as_html(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_html = text.match_indices('<').any(|(at, _)| {
        text[at + 1..]
            .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    });
    if is_html {
        return text;
    }
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace("\r\n", "\n");
    Cow::Owned(format!("<p>{}", escaped.replace("\n\n", "<p>")))
}

/// The blocks joined by blank lines, with the place of each.
fn join(raw: &[Raw]) -> (String, Vec<Block>) {
    let mut text = String::new();
    let mut blocks = Vec::with_capacity(raw.len());
    for block in raw {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&block.text);
        blocks.push(Block {
            kind: block.kind,
            span: Span::new(start, text.len()),
        });
    }
    (text, blocks)
}
