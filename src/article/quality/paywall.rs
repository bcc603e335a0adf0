//! Whether only the beginning of an article is there, and the rest is for those who pay.
//!
//! What the page says of itself is not enough: many mark a text as paid and send all of
//! it, and offers to subscribe stand beside free articles too. So the wall must stand
//! where the text ends, or the text must break off.

use super::{Case, ENOUGH, FULL, THIN, is_prose, signs};
use crate::article::{Access, BlockKind};

/// A wall stands at most so many blocks after the end of the text.
const AFTER: usize = 8;
/// No line of a wall is longer.
const OFFER: usize = 260;
/// No line that only hints at one is longer; a paragraph of the article's own may be.
const HINT: usize = 90;
/// So many long words are looked at before a text is called unreadable.
const SAMPLE: usize = 30;

impl Case<'_> {
    pub(super) fn paywall(&self) -> Option<String> {
        let prose = self.prose;
        let paid = match self.look.access {
            Access::Open => return None,
            Access::Paywalled | Access::Metered => true,
            Access::Unknown => false,
        };
        if paid && self.is_scrambled() {
            return Some(
                "the page says that it is not free, and the letters of its text are scrambled"
                    .to_owned(),
            );
        }
        // So much text stands behind no wall.
        if prose >= if paid { FULL } else { ENOUGH } {
            return None;
        }
        let (wall, hint) = self.offers();
        let broken = self.breaks_off();
        if let Some(phrase) = wall {
            return Some(format!(
                "the page says `{phrase}` after {prose} letters of text"
            ));
        }
        if let Some((phrase, subscribe)) = hint
            && prose < ENOUGH
            && (paid || broken || subscribe)
        {
            return Some(format!(
                "the page says `{phrase}` after {prose} letters of text{}",
                if broken { " that break off" } else { "" }
            ));
        }
        if paid && prose < ENOUGH && (broken || prose < THIN) {
            return Some(format!(
                "the page says that it is not free, and only {prose} letters of text are there"
            ));
        }
        (broken && prose < 2 * THIN && self.wants_account()).then(|| {
            format!("the text breaks off after {prose} letters, and the page offers an account")
        })
    }

    /// A phrase that says where the free part ends, and one that may: with whether words
    /// about subscribing stand around it. Both only where the text ends.
    fn offers(&self) -> (Option<&'static str>, Option<(&'static str, bool)>) {
        let Some((start, end)) = self.extent() else {
            return (None, None);
        };
        // A wall may interrupt what was taken for the text, but not stand before half of it.
        let half = super::weight(&self.look.content.blocks) / 2;
        let mut seen = 0;
        let from = (start..end)
            .find(|&at| {
                seen += self.look.blocks[at].weight;
                seen > half
            })
            .unwrap_or(end);
        let near: Vec<_> = self
            .lines()
            .iter()
            .filter(|line| from <= line.at && line.at <= end + AFTER && line.weight <= OFFER)
            .collect();
        let find = |phrases: &[&'static str], text: &str| {
            phrases.iter().copied().find(|phrase| text.contains(phrase))
        };
        let wall = near
            .iter()
            .find_map(|line| find(signs::PAYWALL, &line.text));
        let hint = near
            .iter()
            .filter(|line| line.weight <= HINT)
            .find_map(|line| {
                let phrase = find(signs::PAYWALL_HINT, &line.text)?;
                let subscribe = near
                    .iter()
                    .filter(|other| other.at.abs_diff(line.at) <= 3)
                    .any(|other| find(signs::SUBSCRIBE, &other.text).is_some());
                Some((phrase, subscribe))
            });
        (wall, hint)
    }

    /// Whether the last paragraph ends with dots.
    fn breaks_off(&self) -> bool {
        self.look
            .content
            .blocks
            .iter()
            .rev()
            .find(|block| is_prose(block))
            .is_some_and(|block| {
                let text = block.text.trim_end();
                text.ends_with('…') || text.ends_with("...") || text.ends_with("[…]")
            })
    }

    /// Whether a line soon after the text offers an account or a subscription.
    fn wants_account(&self) -> bool {
        self.extent().is_some_and(|(_, end)| {
            self.lines()
                .iter()
                .filter(|line| end < line.at && line.at <= end + AFTER && line.weight <= OFFER)
                .any(|line| signs::SUBSCRIBE.iter().any(|word| line.text.contains(word)))
        })
    }

    /// Whether the text is letters without words: publishers send a paid text with its
    /// letters exchanged. Of words of five letters or more in any Latin script hardly one
    /// in a hundred has no vowel; of random ones every fourth.
    fn is_scrambled(&self) -> bool {
        let (mut words, mut mute) = (0_usize, 0_usize);
        for block in &self.look.content.blocks {
            if block.kind == BlockKind::Heading {
                continue;
            }
            for word in block.text.split(|c: char| !c.is_alphabetic()) {
                if word.len() >= 5 && word.is_ascii() {
                    words += 1;
                    mute += usize::from(!word.bytes().any(|b| b"aeiouyAEIOUY".contains(&b)));
                }
            }
        }
        words >= SAMPLE && mute * 12 > words
    }
}
