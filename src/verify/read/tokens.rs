//! A text as words, marks and quotation marks, each with its place in the original.
//!
//! Words are compared by what stands here: `text` has the glyphs unified, `folded`
//! forgets case and accents too. Scripts without blanks between words give one token
//! for each character. Nothing here knows what a number or a name is.

use unicode_normalization::char::is_combining_mark;

use super::normal::{Normal, fold, unify};
use crate::text::Span;

/// One word or mark.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Token {
    /// The token with unified glyphs.
    pub(in crate::verify) text: String,
    /// `text` without case and accents.
    pub(in crate::verify) folded: String,
    /// Where it stands in the original.
    pub(in crate::verify) span: Span,
    /// What it is.
    pub(in crate::verify) kind: TokenKind,
    /// What stands between it and the token before.
    pub(in crate::verify) gap: Gap,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum TokenKind {
    /// Letters.
    Word,
    /// Begins with a digit; may end in letters, as `1.5bn` does.
    Digits,
    /// Punctuation or a symbol.
    Mark,
    /// A quotation mark, or an apostrophe at a word's edge, with its own glyph.
    Quote(char),
}

/// The white space before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::verify) enum Gap {
    /// None.
    None,
    /// Blanks.
    Blank,
    /// A line break.
    Line,
    /// An empty line, or the beginning of the text.
    Paragraph,
}

impl Token {
    /// Whether it is a word or a number.
    pub(in crate::verify) fn is_word(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Digits)
    }

    /// Whether it is this mark.
    pub(in crate::verify) fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// Whether it begins with a capital letter.
    pub(in crate::verify) fn is_capitalised(&self) -> bool {
        self.kind == TokenKind::Word && self.text.starts_with(char::is_uppercase)
    }

    /// Whether it has two letters or more, all of them capitals (`NHS`, `EU's`).
    pub(in crate::verify) fn is_all_capitals(&self) -> bool {
        let stem = self.text.strip_suffix("'s").unwrap_or(&self.text);
        stem.chars().nth(1).is_some()
            && stem.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
            && self.kind == TokenKind::Word
    }

    /// The folded word without a possessive `'s`.
    pub(in crate::verify) fn stem(&self) -> &str {
        self.folded.strip_suffix("'s").unwrap_or(&self.folded)
    }
}

/// The tokens of `original` in order.
pub(in crate::verify) fn tokens(original: &str) -> Vec<Token> {
    let normal = Normal::new(original);
    let chars: Vec<(usize, char)> = normal.text().char_indices().collect();
    let mut found: Vec<Token> = Vec::with_capacity(chars.len() / 5 + 1);
    let mut gap = Gap::Paragraph;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at].1;
        if c == ' ' || c == '\n' {
            gap = match (c, gap) {
                ('\n', Gap::Line | Gap::Paragraph) => Gap::Paragraph,
                ('\n', _) => Gap::Line,
                _ => gap.max(Gap::Blank),
            };
            at += 1;
            continue;
        }
        let (end, kind) = token_end(&chars, at);
        let byte_end = chars.get(end).map_or(normal.text().len(), |(b, _)| *b);
        let text: String = match kind {
            TokenKind::Quote('"') => "\"".to_owned(),
            // `U.S.` and `US` are one word.
            TokenKind::Word => chars[at..end]
                .iter()
                .map(|(_, c)| unify(*c))
                .filter(|c| *c != '.')
                .collect(),
            _ => chars[at..end].iter().map(|(_, c)| unify(*c)).collect(),
        };
        found.push(Token {
            folded: fold(&text),
            text,
            span: normal.span(chars[at].0, byte_end),
            kind,
            gap,
        });
        gap = Gap::None;
        at = end;
    }
    found
}

/// Where the token that begins at `at` ends, and what it is.
fn token_end(chars: &[(usize, char)], at: usize) -> (usize, TokenKind) {
    let get = |i: usize| chars.get(i).map_or(' ', |(_, c)| *c);
    let c = get(at);
    if is_unspaced(c) {
        return (at + 1, TokenKind::Word);
    }
    if c.is_alphanumeric() || is_combining_mark(c) {
        let digits = c.is_ascii_digit();
        let mut end = at + 1;
        // Initials: `U.S.`, `J.K.`, with their last full stop.
        if c.is_uppercase() && get(at + 1) == '.' && get(at + 2).is_uppercase() {
            let mut last = at;
            while get(last + 1) == '.' && get(last + 2).is_uppercase() {
                last += 2;
            }
            if !get(last + 1).is_alphanumeric() {
                let stop = usize::from(get(last + 1) == '.' && get(last + 2) != '.');
                return (last + 1 + stop, TokenKind::Word);
            }
        }
        loop {
            let next = get(end);
            let inner = match next {
                '.' | ',' => get(end - 1).is_ascii_digit() && get(end + 1).is_ascii_digit(),
                _ => {
                    is_apostrophe(next)
                        && get(end - 1).is_alphanumeric()
                        && get(end + 1).is_alphanumeric()
                }
            };
            let letter = (next.is_alphanumeric() || is_combining_mark(next)) && !is_unspaced(next);
            if !letter && !inner {
                break;
            }
            end += 1;
        }
        let kind = if digits {
            TokenKind::Digits
        } else {
            TokenKind::Word
        };
        return (end, kind);
    }
    match unify(c) {
        '.' => {
            let dots = (at..chars.len()).take_while(|i| get(*i) == '.').count();
            (at + dots, TokenKind::Mark)
        }
        // Two single marks are one double mark, as TeX and typewriters write it.
        '\'' if unify(get(at + 1)) == '\'' && get(at + 1) == c && !"‹›".contains(c) => {
            (at + 2, TokenKind::Quote('"'))
        }
        '\'' | '"' => (at + 1, TokenKind::Quote(c)),
        _ => (at + 1, TokenKind::Mark),
    }
}

/// Scripts that set no blanks between words, or inflect so that words are no unit.
pub(in crate::verify) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '′' | '`' | '´')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_words_and_marks() {
        for (text, expected) in [
            ("Don’t pay $1,500.25 now.", "Don't|pay|$|1,500.25|now|."),
            ("the U.S. Senate", "the|US|Senate"),
            ("J.K. Rowling, 1.5bn", "JK|Rowling|,|1.5bn"),
            ("wait… what", "wait|...|what"),
            ("東京で「はい」", "東|京|で|\"|は|い|\""),
            ("``So''", "\"|So|\""),
            ("10-year-old", "10|-|year|-|old"),
        ] {
            let found: Vec<_> = tokens(text).into_iter().map(|t| t.text).collect();
            assert_eq!(found.join("|"), expected, "{text}");
        }
    }
}
