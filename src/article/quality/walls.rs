//! Pages that stand in an article's way whatever it is: checks for robots, errors, and
//! questions about cookies. What ends the free part of an article is in `paywall`.

use super::{BRIEF, Case, ENOUGH, LINE, THIN, is_prose, markup, signs};
use crate::article::{BlockKind, page::blocks::Raw};

/// A page that says less than this in all, menus included, has no room for an article.
const NOTHING: usize = 420;
/// No line of an error message is longer …
const MESSAGE: usize = 160;
/// … and no headline or window's title of one.
const HEAD: usize = 90;
/// A button stands at most so many blocks from the question that it answers.
const NEAR: usize = 14;

impl Case<'_> {
    pub(super) fn bot_wall(&self) -> Option<String> {
        // A check has nothing to say of an article that it hides.
        if self.prose > ENOUGH / 2 || (self.is_stated_article() && self.prose >= BRIEF) {
            return None;
        }
        if let Some(phrase) = self.phrase(signs::BOT_WALL, LINE) {
            return Some(format!(
                "the page says `{phrase}` and has almost no other text"
            ));
        }
        let hints: Vec<&str> = signs::BOT_HINT
            .iter()
            .copied()
            .filter(|hint| self.phrase(&[hint], LINE).is_some())
            .take(2)
            .collect();
        let whole = self.whole();
        let has_challenge = whole < 2 * ENOUGH && markup::has_challenge(self.look.tree);
        match hints[..] {
            [one, two] if whole < 2 * ENOUGH && !self.has_headline() => {
                Some(format!("the page says `{one}` and `{two}`"))
            }
            [one, ..] if has_challenge || (whole < NOTHING && !self.has_headline()) => Some(
                format!("the page says `{one}` and has almost no other text"),
            ),
            _ => (has_challenge && self.prose < THIN && whole < 3 * THIN)
                .then(|| "the page runs a check for robots and has almost no text".to_owned()),
        }
    }

    pub(super) fn error_page(&self) -> Option<String> {
        let look = self.look;
        let is_article = look.stated.structured().is_article;
        if look.status >= 400 && !(self.prose > ENOUGH && is_article) {
            return Some(format!("the server answered with status {}", look.status));
        }
        if self.prose > ENOUGH || is_article {
            return None;
        }
        let heads = self.heads();
        let phrase = heads
            .iter()
            .flat_map(|head| head.split(['|', '·', '–', '—', '»', '«']))
            .flat_map(|part| part.split(" - "))
            .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
            .find_map(|part| signs::ERROR_HEAD.binary_search(&part).ok())
            .map(|at| signs::ERROR_HEAD[at])
            .or_else(|| {
                let named = |head: &String| {
                    signs::ERROR
                        .iter()
                        .copied()
                        .find(|phrase| head.contains(phrase))
                };
                (self.prose <= ENOUGH / 2)
                    .then(|| heads.iter().find_map(named))
                    .flatten()
            })
            .or_else(|| {
                (self.prose < 2 * THIN && !self.is_stated_article())
                    .then(|| self.phrase(signs::ERROR, MESSAGE))
                    .flatten()
            })?;
        Some(format!(
            "the page says `{phrase}` and has little other text"
        ))
    }

    /// The window's title, the title, and the first headings, in lower case.
    fn heads(&self) -> Vec<String> {
        let title = self.look.stated.title.as_deref().unwrap_or("");
        let headings = self
            .lines()
            .iter()
            .filter(|line| self.look.blocks[line.at].kind == BlockKind::Heading)
            .take(2)
            .map(|line| line.text.clone());
        [self.window.clone(), title.to_lowercase()]
            .into_iter()
            .chain(headings)
            .filter(|head| head.chars().count() <= HEAD)
            .collect()
    }

    pub(super) fn consent(&self) -> Option<String> {
        if self.prose > 2 * ENOUGH {
            return None;
        }
        let kept = &self.look.content.blocks;
        let says = |text: &str, phrases: &[&str]| phrases.iter().any(|word| text.contains(word));
        // Every page has a banner; an article about data protection has one too, and uses
        // its words. But only a question speaks to the reader.
        let texts: Vec<(usize, String, bool)> = kept
            .iter()
            .filter(|block| is_prose(block))
            .map(|block| {
                let text = block.text.to_lowercase();
                let asks = says(&text, signs::ASKING);
                (block.weight, text, asks)
            })
            .collect();
        let asked = texts.iter().any(|(_, _, asks)| *asks);
        if self.prose > 0 && !asked {
            return None;
        }
        let asking: usize = texts
            .iter()
            .filter(|(_, text, asks)| *asks || says(text, signs::CONSENT))
            .map(|(weight, _, _)| weight)
            .sum();
        let share = if self.is_stated_article() { 9 } else { 5 };
        if self.prose > 0 && asking * 10 < self.prose * share {
            return None;
        }
        if self.prose == 0 && self.phrase(signs::ASKING, LINE).is_none() {
            return None;
        }
        // The banner of a page that has no text, such as a gallery, is no wall.
        if asking * 10 < self.whole() * 3 && self.prose > 0 {
            return None;
        }
        let accept = self.button(kept)?;
        Some(format!(
            "the text asks for consent and a button says `{accept}`"
        ))
    }

    /// What the button says that stands near the text, or is a part of it on a page that
    /// says hardly anything else.
    fn button(&self, kept: &[Raw]) -> Option<&'static str> {
        let find = |text: &str| {
            signs::ACCEPT
                .iter()
                .copied()
                .find(|accept| text.contains(accept))
        };
        let (start, end) = self.extent().unwrap_or((0, self.look.blocks.len()));
        self.lines()
            .iter()
            .filter(|line| line.weight <= 60)
            .filter(|line| line.at + NEAR >= start && line.at <= end + NEAR)
            .find_map(|line| find(&line.text))
            .or_else(|| {
                (self.prose < 2 * THIN)
                    .then(|| {
                        kept.iter()
                            .find_map(|block| find(&block.text.to_lowercase()))
                    })
                    .flatten()
            })
    }
}
