//! How a text uses capitals, which decides what they tell of its names.

use super::tokens::{Token, TokenKind};
use crate::verify::language::is_german;

/// How a text uses capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Style {
    /// Names have capitals, other words mostly not.
    Sentence,
    /// Most words have capitals, as in headings and in German.
    Title,
}

/// How the text uses capitals; `None` where capitals tell nothing.
pub(in crate::verify) fn style(tokens: &[Token], language: Option<&str>) -> Option<Style> {
    let (mut capitals, mut small, mut shouted) = (0, 0, 0);
    for token in tokens.iter().filter(|t| t.kind == TokenKind::Word) {
        if token.is_capitalised() {
            capitals += 1;
            shouted += usize::from(token.is_all_capitals());
        } else if token.text.starts_with(char::is_lowercase) && !token.kinds.is_small_in_headings()
        {
            small += 1;
        }
    }
    // A line of two acronyms is not shouted.
    if capitals == 0 || shouted >= 4 && shouted > small {
        return None;
    }
    // A heading may have a small word or two that our list does not know; a sentence of
    // names still has its verb.
    let title = capitals >= 3 && small * 7 <= capitals;
    Some(if title || is_german(language) {
        Style::Title
    } else {
        Style::Sentence
    })
}
