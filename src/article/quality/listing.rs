//! Whether a page is a list of other pages: a section front, a tag page, a search result.
//!
//! Short articles stand among many teasers too, and list articles have linked headings.
//! What tells them apart is a headline of their own with text under it.

use super::{BRIEF, Case, ENOUGH, THIN, is_prose, is_teaser, prose, signs};
use crate::article::{BlockKind, page::blocks::Raw};

/// A headline has at least so many words; a section's name or a topic has fewer …
const HEADLINE: usize = 5;
/// … or so many characters, in scripts that do not part words.
const HEADLINE_CHARS: usize = 14;

impl Case<'_> {
    pub(super) fn listing(&self) -> Option<String> {
        let look = self.look;
        if self.is_stated_article() && !look.is_root {
            return None;
        }
        // Linked headings are seldom taken for the text, so all that stands among it counts.
        let kept = match self.extent() {
            Some((first, last)) => &look.blocks[first.saturating_sub(1)..=last],
            None => &[],
        };
        let headings = kept
            .iter()
            .filter(|block| block.kind == BlockKind::Heading)
            .count();
        let teasers = teasers(kept);
        let paragraphs = kept.iter().filter(|block| is_prose(block)).count();
        let calls_itself = self.calls_itself_a_list();
        // Most headings are links, and hardly a paragraph or two under each.
        if teasers >= 4
            && teasers * 3 >= headings * 2
            && (paragraphs <= 2 * teasers || calls_itself)
            && !self.is_introduced()
        {
            return Some(format!(
                "{teasers} linked headings with {paragraphs} paragraphs between them"
            ));
        }
        let elsewhere = self::teasers(look.blocks);
        let links = look
            .blocks
            .iter()
            .filter(|block| block.link_share() > 0.8)
            .count();
        if look.is_root && (elsewhere >= 5 || links >= 25) {
            return Some(format!(
                "the site's root, with {links} lines that are links"
            ));
        }
        if calls_itself && (elsewhere >= 5 || links >= 20) && self.prose < ENOUGH {
            return Some(format!(
                "the page calls itself a collection and has {links} lines that are links"
            ));
        }
        let few = (self.prose < 3 * THIN && (elsewhere >= 6 || (links >= 30 && elsewhere >= 3)))
            || (self.prose < BRIEF && elsewhere >= 4);
        (few && !(self.prose >= THIN && self.has_headline())).then(|| {
            format!(
                "{elsewhere} linked headings and only {} letters of running text",
                self.prose
            )
        })
    }

    /// Whether the metadata, the title or the address say that the page is a list.
    fn calls_itself_a_list(&self) -> bool {
        let stated = self.look.stated;
        let title = stated.title.as_deref().unwrap_or("").trim().to_lowercase();
        // "Archive" and "Archive of the ferry line" are lists, "Archives burn" may be news.
        let heads = |title: &str| {
            signs::LISTING_HEAD.iter().any(|head| {
                title.strip_prefix(head).is_some_and(|rest| {
                    rest.chars().count() < 40 && !rest.starts_with(char::is_alphanumeric)
                })
            })
        };
        let named = (self.prose < THIN || !self.has_headline())
            && (heads(&title) || heads(self.window.trim()));
        let path = self.look.address.is_some_and(|url| {
            let parts: Vec<&str> = url
                .path_segments()
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
            // The name of a topic is short; a headline in an address has many hyphens.
            matches!(parts[..], [.., kind, name]
                if signs::LISTING_PATH.binary_search(&kind).is_ok() && name.matches('-').count() < 4)
                || matches!(parts[..], [.., "page", number] if number.parse::<u32>().is_ok())
        });
        stated.structured().is_listing || named || path
    }

    /// Whether the page has a headline of its own.
    pub(super) fn has_headline(&self) -> bool {
        self.headline().is_some()
    }

    /// The block of the page's own headline: an `h1` before the text that leads nowhere and
    /// says more than a topic's name.
    fn headline(&self) -> Option<usize> {
        let (start, _) = self.extent()?;
        self.look.blocks[..=start].iter().rposition(|block| {
            block.kind == BlockKind::Heading
                && block.link_share() < 0.3
                && self.look.tree.name(block.holder) == "h1"
                && is_long(&block.text)
        })
    }

    /// Whether an introduction stands between the headline and the first linked heading,
    /// as in an article that goes through a list.
    fn is_introduced(&self) -> bool {
        self.headline().is_some_and(|at| {
            let before = self.look.blocks[at + 1..]
                .iter()
                .take_while(|block| !is_teaser(block));
            prose(before) >= BRIEF
        })
    }
}

fn teasers(blocks: &[Raw]) -> usize {
    blocks.iter().filter(|block| is_teaser(block)).count()
}

fn is_long(heading: &str) -> bool {
    // Chinese, Japanese and Thai are written without spaces.
    let unparted = |c: &char| matches!(u32::from(*c), 0x0E00..=0x0EFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0x2_0000..=0x3_FFFF);
    heading.split_whitespace().count() >= HEADLINE
        || heading.chars().filter(unparted).count() >= HEADLINE_CHARS
}
