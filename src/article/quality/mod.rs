//! Whether a page is an article that an analysis may be written from.
//!
//! An article must not be refused, so every refusal needs two things: the text is
//! too little or too uniform to be an article, and something says what it is
//! instead. Phrases alone refuse nothing: articles about cookies and error codes exist,
//! and a search for a missing man may end with "not found". Nor does metadata alone:
//! many pages call a text paid and carry all of it.

mod bytes;
mod listing;
mod markup;
mod paywall;
mod signs;
mod walls;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

pub(crate) use bytes::not_html;

use std::cell::OnceCell;

use url::Url;

use crate::article::{
    Access, BlockKind, Quality,
    content::{Content, is_prose},
    metadata::Stated,
    page::{blocks::Raw, dom::Tree},
};

/// Less than this (some 35 words) is no article …
const THIN: usize = 170;
/// … unless the page marks it as one: then a brief of two sentences (some 20 words) is enough.
const BRIEF: usize = 85;
/// A film with less text than this is a player with a teaser.
const PLAYER: usize = 350;
/// A text with more than this (some 250 words) is not a wall, an error or a consent page.
const ENOUGH: usize = 1_300;
/// A subscriber-only text with more than this (some 500 words) is there in full.
const FULL: usize = 2_600;
/// No line that a wall consists of is longer.
const LINE: usize = 400;
/// Lines that are no paragraphs are a poem or a recipe from this average length on; below
/// it they are the page's menus.
const VERSE: usize = 16;

/// What the verdict looks at.
pub(crate) struct Look<'p> {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The page.
    pub(crate) tree: &'p Tree<'p>,
    /// All visible blocks of it.
    pub(crate) blocks: &'p [Raw],
    /// What was taken for the article.
    pub(crate) content: &'p Content,
    /// The metadata.
    pub(crate) stated: &'p Stated,
    /// Who may read it.
    pub(crate) access: Access,
    /// Where the page came from, or where it says that it belongs.
    pub(crate) address: Option<&'p Url>,
    /// Whether the text stands in an `<article>`.
    pub(crate) in_article: bool,
    /// Whether the address is the site's root.
    pub(crate) is_root: bool,
}

/// The verdict, and what it rests on.
pub(crate) fn judge(look: &Look<'_>) -> (Quality, String) {
    let case = Case::of(look);
    case.bot_wall()
        .map(|evidence| (Quality::BotWall, evidence))
        .or_else(|| {
            case.error_page()
                .map(|evidence| (Quality::ErrorPage, evidence))
        })
        .or_else(|| case.consent().map(|evidence| (Quality::Consent, evidence)))
        .or_else(|| {
            case.paywall()
                .map(|evidence| (Quality::Paywalled, evidence))
        })
        .or_else(|| case.listing().map(|evidence| (Quality::Listing, evidence)))
        .or_else(|| case.thin())
        .unwrap_or((Quality::Ok, String::new()))
}

/// A page with what several rules ask of it.
struct Case<'l> {
    look: &'l Look<'l>,
    /// How much the running text of the article says.
    prose: usize,
    /// What [`Case::lines`] gives, once it was asked for.
    lines: OnceCell<Vec<Line>>,
    /// The window's title, in lower case.
    window: String,
}

/// A short block of the page.
struct Line {
    /// Which of the page's blocks it is.
    at: usize,
    weight: usize,
    /// In lower case.
    text: String,
}

impl<'l> Case<'l> {
    fn of(look: &'l Look<'l>) -> Self {
        let prose = prose(look.content.blocks.iter());
        let window = look.stated.window_title().unwrap_or("").to_lowercase();
        Self {
            look,
            prose,
            lines: OnceCell::new(),
            window,
        }
    }

    /// The page's shorter lines; none where so much text is there that no phrase counts.
    fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| {
            if self.prose >= FULL {
                return Vec::new();
            }
            self.look
                .blocks
                .iter()
                .enumerate()
                .filter(|(_, block)| block.weight <= LINE)
                .map(|(at, block)| Line {
                    at,
                    weight: block.weight,
                    text: block.text.to_lowercase(),
                })
                .collect()
        })
    }

    fn thin(&self) -> Option<(Quality, String)> {
        let look = self.look;
        let kept = &look.content.blocks;
        let whole = weight(kept);
        let is_film = look
            .stated
            .og_type()
            .is_some_and(|kind| kind.starts_with("video"));
        let least = match (is_film, look.in_article || self.is_stated_article()) {
            (true, _) => PLAYER,
            (false, true) => BRIEF,
            (false, false) => THIN,
        };
        // Notes on rights and cookies, where there is nothing else to read.
        let own = if self.prose < 3 * THIN {
            prose(kept.iter().filter(|block| !is_note(block)))
        } else {
            self.prose
        };
        if own >= least || (whole >= 3 * THIN && whole >= VERSE * kept.len()) {
            return None;
        }
        if self.whole() < 3 * THIN && markup::is_shell(look.tree) {
            return Some((
                Quality::NotArticle,
                "an application shell: scripts are to fill the page".to_owned(),
            ));
        }
        Some((Quality::Thin, format!("only {own} letters of running text")))
    }

    /// Whether the metadata call the page an article.
    fn is_stated_article(&self) -> bool {
        let stated = self.look.stated;
        stated.structured().is_article
            || stated
                .og_type()
                .is_some_and(|kind| kind.contains("article"))
    }

    /// All visible text of the page.
    fn whole(&self) -> usize {
        weight(self.look.blocks)
    }

    /// The first of the phrases that the window's title or a line of at most `most`
    /// letters contains.
    fn phrase(&self, phrases: &[&'static str], most: usize) -> Option<&'static str> {
        let find = |text: &str| phrases.iter().copied().find(|phrase| text.contains(phrase));
        find(&self.window).or_else(|| {
            self.lines()
                .iter()
                .filter(|line| line.weight <= most)
                .find_map(|line| find(&line.text))
        })
    }

    /// The page's blocks that are the article's first and last.
    fn extent(&self) -> Option<(usize, usize)> {
        let kept = &self.look.content.blocks;
        let place = |block: &Raw| {
            self.look
                .blocks
                .iter()
                .position(|other| other.first == block.first && other.last == block.last)
        };
        Some((place(kept.first()?)?, place(kept.last()?)?))
    }
}

/// How much the running text among the blocks says.
fn prose<'b>(blocks: impl Iterator<Item = &'b Raw>) -> usize {
    blocks
        .filter(|block| is_prose(block))
        .map(|block| block.weight)
        .sum()
}

/// How much the blocks say.
fn weight(blocks: &[Raw]) -> usize {
    blocks.iter().map(|block| block.weight).sum()
}

/// Whether a paragraph is a note on rights or on cookies.
fn is_note(block: &Raw) -> bool {
    let text = block.text.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    says(signs::BOILERPLATE) || (says(signs::ASKING) && says(&["cookie", "クッキー", "쿠키"]))
}

/// Whether a heading is that of another page: most of it is a link.
fn is_teaser(block: &Raw) -> bool {
    block.kind == BlockKind::Heading && block.link_share() > 0.8
}
