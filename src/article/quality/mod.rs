//! Whether a page is an article that an analysis may be written from.
//!
//! An article must not be refused, so every refusal needs two things: the text is
//! too little or too uniform to be an article, and something says what it is
//! instead. Phrases alone refuse nothing: articles about cookies and error codes exist.

mod signs;

use crate::article::{
    Access, BlockKind, Quality,
    content::{Content, is_prose},
    metadata::Stated,
    page::blocks::Raw,
};

/// Less than this (some 35 words) is no article …
const THIN: usize = 170;
/// … unless the page marks it as one: then a brief of two sentences is enough.
const BRIEF: usize = 75;
/// A text with more than this (some 250 words) is not a wall, an error or a consent page.
const ENOUGH: usize = 1_300;
/// A subscriber-only text with more than this (some 500 words) is there in full.
const FULL: usize = 2_600;

/// What the verdict looks at.
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
pub(crate) struct Look<'p> {
    /// The HTTP status.
    pub(crate) status: u16,
    /// All visible blocks of the page.
    pub(crate) blocks: &'p [Raw],
    /// What was taken for the article.
    pub(crate) content: &'p Content,
    /// The metadata.
    pub(crate) stated: &'p Stated,
    /// Who may read it.
    pub(crate) access: Access,
    /// Whether the text stands in an `<article>`.
    pub(crate) in_article: bool,
    /// Whether the address is the site's root.
    pub(crate) is_root: bool,
    /// Whether scripts are to fill the page.
    pub(crate) is_shell: bool,
    /// Whether the markup carries the marks of a bot check.
    pub(crate) has_challenge: bool,
}

/// The verdict, and what it rests on.
pub(crate) fn judge(look: &Look<'_>) -> (Quality, String) {
    let prose: usize = look
        .content
        .blocks
        .iter()
        .filter(|block| is_prose(block))
        .map(|block| block.weight)
        .sum();
    look.bot_wall(prose)
        .map(|evidence| (Quality::BotWall, evidence))
        .or_else(|| {
            look.error_page(prose)
                .map(|evidence| (Quality::ErrorPage, evidence))
        })
        .or_else(|| {
            look.consent(prose)
                .map(|evidence| (Quality::Consent, evidence))
        })
        .or_else(|| {
            look.paywall(prose)
                .map(|evidence| (Quality::Paywalled, evidence))
        })
        .or_else(|| {
            look.listing(prose)
                .map(|evidence| (Quality::Listing, evidence))
        })
        .or_else(|| look.thin(prose))
        .unwrap_or((Quality::Ok, String::new()))
}

impl Look<'_> {
    fn bot_wall(&self, prose: usize) -> Option<String> {
        if prose > ENOUGH / 2 {
            return None;
        }
        if let Some((phrase, _)) = self.phrase(signs::BOT_WALL, 400) {
            return Some(format!(
                "the page says `{phrase}` and has almost no other text"
            ));
        }
        (self.has_challenge && prose < THIN && self.whole() < 3 * THIN)
            .then(|| "the page runs a check for robots and has almost no text".to_owned())
    }

    fn error_page(&self, prose: usize) -> Option<String> {
        if self.status >= 400 && !(prose > ENOUGH && self.stated.structured().is_article) {
            return Some(format!("the server answered with status {}", self.status));
        }
        if prose > ENOUGH / 2 || self.stated.structured().is_article {
            return None;
        }
        let heads = [self.stated.title.as_deref(), self.stated.window_title()];
        let phrase = heads
            .into_iter()
            .flatten()
            .find_map(|title| {
                let title = title.to_lowercase();
                signs::ERROR
                    .iter()
                    .find(|phrase| title.contains(*phrase) && title.chars().count() < 70)
            })
            .copied()
            .or_else(|| {
                (prose < 2 * THIN)
                    .then(|| self.phrase(signs::ERROR, 120))
                    .flatten()
                    .map(|(phrase, _)| phrase)
            })?;
        Some(format!(
            "the page says `{phrase}` and has little other text"
        ))
    }

    fn consent(&self, prose: usize) -> Option<String> {
        if prose > 2 * ENOUGH || self.stated.structured().is_article {
            return None;
        }
        let about = |block: &&Raw| {
            let text = block.text.to_lowercase();
            signs::CONSENT.iter().any(|word| text.contains(word))
        };
        // On a page that says hardly anything else, the button may be part of the sentence.
        let within = || {
            let asking = self
                .content
                .blocks
                .iter()
                .filter(|_| prose < 2 * THIN)
                .filter(about);
            let texts: Vec<String> = asking.map(|block| block.text.to_lowercase()).collect();
            let said = |phrase: &&&str| texts.iter().any(|text| text.contains(**phrase));
            signs::ACCEPT.iter().find(said).copied()
        };
        let button = self.phrase(signs::ACCEPT, 60).map(|(accept, _)| accept);
        let accept = button.or_else(within)?;
        let consent: usize = self
            .content
            .blocks
            .iter()
            .filter(|block| is_prose(block))
            .filter(about)
            .map(|block| block.weight)
            .sum();
        (consent * 10 >= prose * 6 && (prose > 0 || self.blocks.iter().any(|block| about(&block))))
            .then(|| format!("the text asks for consent and a button says `{accept}`"))
    }

    fn paywall(&self, prose: usize) -> Option<String> {
        let phrase = self.phrase(signs::PAYWALL, 260).map(|(phrase, _)| phrase);
        match (self.access, phrase) {
            (Access::Paywalled | Access::Metered, Some(phrase)) if prose < FULL => Some(format!(
                "the page is for subscribers and says `{phrase}` after {prose} letters of text"
            )),
            (Access::Paywalled, None) if prose < ENOUGH => Some(format!(
                "the page says that it is not free, and only {prose} letters of text are there"
            )),
            (Access::Unknown, Some(phrase)) if prose < ENOUGH => Some(format!(
                "the page says `{phrase}` after {prose} letters of text"
            )),
            _ => None,
        }
    }

    fn listing(&self, prose: usize) -> Option<String> {
        let structured = self.stated.structured();
        if self.is_stated_article() && !self.is_root {
            return None;
        }
        let linked = |blocks: &[Raw]| {
            blocks
                .iter()
                .filter(|block| block.kind == BlockKind::Heading && block.link_share() > 0.8)
                .count()
        };
        let kept = &self.content.blocks;
        let headings = kept
            .iter()
            .filter(|block| block.kind == BlockKind::Heading)
            .count();
        let teasers = linked(kept);
        let paragraphs = kept.iter().filter(|block| is_prose(block)).count();
        // Teasers: most headings are links, and hardly a paragraph or two under each.
        if teasers >= 4 && teasers * 3 >= headings * 2 && paragraphs <= 2 * teasers {
            return Some(format!(
                "{teasers} linked headings with {paragraphs} paragraphs between them"
            ));
        }
        let elsewhere = linked(self.blocks);
        let links = self
            .blocks
            .iter()
            .filter(|block| block.link_share() > 0.8)
            .count();
        if self.is_root && (elsewhere >= 5 || links >= 25) {
            return Some(format!(
                "the site's root, with {links} lines that are links"
            ));
        }
        if structured.is_listing && (elsewhere >= 5 || links >= 40) && prose < ENOUGH {
            return Some(format!(
                "the page calls itself a collection and has {links} lines that are links"
            ));
        }
        let few = prose < 3 * THIN;
        (few && (elsewhere >= 6 || (links >= 30 && elsewhere >= 3))).then(|| {
            format!("{elsewhere} linked headings and only {prose} letters of running text")
        })
    }

    fn thin(&self, prose: usize) -> Option<(Quality, String)> {
        let whole: usize = self.content.blocks.iter().map(|block| block.weight).sum();
        let least = if self.in_article || self.is_stated_article() {
            BRIEF
        } else {
            THIN
        };
        if prose >= least || whole >= 3 * THIN {
            return None;
        }
        if self.is_shell && self.whole() < 3 * THIN {
            return Some((
                Quality::NotArticle,
                "an application shell: scripts are to fill the page".to_owned(),
            ));
        }
        Some((
            Quality::Thin,
            format!("only {prose} letters of running text"),
        ))
    }

    /// Whether the metadata call the page an article.
    fn is_stated_article(&self) -> bool {
        self.stated.structured().is_article
            || self
                .stated
                .og_type()
                .is_some_and(|kind| kind.contains("article"))
    }

    /// All visible text of the page.
    fn whole(&self) -> usize {
        self.blocks.iter().map(|block| block.weight).sum()
    }

    /// The first of the phrases that a block of at most `most` letters contains.
    fn phrase(
        &self,
        phrases: &'static [&'static str],
        most: usize,
    ) -> Option<(&'static str, usize)> {
        let title = self.stated.window_title().map(str::to_lowercase);
        let find = |text: &str| phrases.iter().copied().find(|phrase| text.contains(phrase));
        title
            .as_deref()
            .and_then(find)
            .map(|phrase| (phrase, 0))
            .or_else(|| {
                self.blocks
                    .iter()
                    .enumerate()
                    .filter(|(_, block)| block.weight <= most)
                    .find_map(|(at, block)| Some((find(&block.text.to_lowercase())?, at)))
            })
    }
}

/// What the bytes are when they are not HTML; `None` when they may be.
pub(crate) fn not_html(body: &[u8], content_type: Option<&str>) -> Option<(Quality, String)> {
    let head = body[..body.len().min(1_024)].trim_ascii_start();
    if head.is_empty() && body.trim_ascii().is_empty() {
        return Some((Quality::Thin, "the page is empty".to_owned()));
    }
    if let Some((_, kind)) = signs::MAGIC
        .iter()
        .find(|(magic, _)| body.starts_with(magic))
    {
        return Some((Quality::NotArticle, format!("{kind}, not a page")));
    }
    let wide = body.starts_with(&[0xFF, 0xFE]) || body.starts_with(&[0xFE, 0xFF]);
    let lower = head.to_ascii_lowercase();
    if !wide && head.iter().filter(|&&byte| byte == 0).nth(2).is_some() {
        return Some((Quality::NotArticle, "binary data, not a page".to_owned()));
    }
    // Text of any encoding has hardly a control character; random bytes have one in nine.
    let controls = head
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t'..=b'\r' | 0x1B))
        .count();
    if !wide && controls > 2 && controls * 50 > head.len() {
        return Some((Quality::NotArticle, "binary data, not a page".to_owned()));
    }
    let holds = |needle: &[u8]| lower.windows(needle.len()).any(|window| window == needle);
    if (holds(b"<rss")
        || holds(b"<feed")
        || holds(b"<rdf:rdf")
        || holds(b"<urlset")
        || holds(b"<sitemapindex"))
        && !holds(b"<html")
    {
        return Some((
            Quality::NotArticle,
            "a feed or a sitemap, not a page".to_owned(),
        ));
    }
    if matches!(lower.first(), Some(b'{' | b'['))
        && serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
    {
        return Some((Quality::NotArticle, "JSON, not a page".to_owned()));
    }
    let media = content_type
        .map(|t| {
            t.split(';')
                .next()
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase()
        })
        .unwrap_or_default();
    let foreign = [
        "image/",
        "audio/",
        "video/",
        "font/",
        "application/pdf",
        "application/zip",
        "application/json",
        "text/css",
        "text/javascript",
        "application/javascript",
    ];
    if foreign.iter().any(|kind| media.starts_with(kind))
        && !holds(b"<html")
        && !holds(b"<!doctype html")
    {
        return Some((Quality::NotArticle, format!("`{media}`, not a page")));
    }
    None
}
