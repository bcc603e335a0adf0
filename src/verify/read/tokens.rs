//! A text as words, marks and quotation marks, each with its place in the original.
//!
//! Words are compared by what stands here: `text` has the glyphs unified, `folded`
//! forgets case and accents too. Scripts without blanks between words give one token
//! for each character. Nothing here knows what a number or a name is.

use std::{borrow::Cow, fmt, ops::Deref, sync::Arc};

use foldhash::{HashMap, HashMapExt as _};
use unicode_normalization::char::is_combining_mark;

use super::{
    kinds::{Kinds, Listed},
    letters::Letters,
    normal::{Normal, fold, unify},
    roots::{lemma, regular_lemma, root},
};
use crate::text::Span;

/// One word or mark where it stands.
#[derive(Clone)]
pub(in crate::verify) struct Token {
    /// All different words of the text.
    words: Arc<[Word]>,
    /// Which of them it is.
    nth: u32,
    /// Where it stands in the original.
    pub(in crate::verify) span: Span,
    /// What stands between it and the token before.
    pub(in crate::verify) gap: Gap,
}

/// What all tokens with the same characters have in common. Made once for a text, since
/// every second word of a text stands there more than once.
#[derive(Debug)]
pub(in crate::verify) struct Word {
    /// The word with unified glyphs.
    pub(in crate::verify) text: Letters,
    /// `text` without case and accents.
    pub(in crate::verify) folded: Letters,
    /// What it is.
    pub(in crate::verify) kind: TokenKind,
    /// What the word lists say of `folded`.
    pub(in crate::verify) kinds: Kinds,
    /// What they say of the stem.
    pub(in crate::verify) stem_kinds: Kinds,
    /// The stem in the word lists.
    listed: Option<&'static Listed>,
    capitalised: bool,
    all_capitals: bool,
}

impl Deref for Token {
    type Target = Word;

    fn deref(&self) -> &Word {
        &self.words[self.nth as usize]
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("word", &**self)
            .field("span", &self.span)
            .field("gap", &self.gap)
            .finish_non_exhaustive()
    }
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

impl Word {
    /// The word that stands as `raw` in a normalised text; `small` is room for its small
    /// letters.
    fn new(raw: &str, kind: TokenKind, small: &mut String) -> Self {
        if kind == TokenKind::Word && raw.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Self::plain(raw);
        }
        let text: Cow<'_, str> = match kind {
            TokenKind::Quote('"') => Cow::Borrowed("\""),
            // `U.S.` and `US` are one word.
            TokenKind::Word if raw.contains('.') || !raw.is_ascii() => {
                raw.chars().map(unify).filter(|c| *c != '.').collect()
            }
            _ if raw.is_ascii() && !raw.contains('`') => Cow::Borrowed(raw),
            _ => raw.chars().map(unify).collect(),
        };
        if text.is_ascii() {
            small.clear();
            small.push_str(&text);
            small.make_ascii_lowercase();
        } else {
            *small = fold(&text);
        }
        let is_word = kind == TokenKind::Word;
        let stem = text.strip_suffix("'s").unwrap_or(&text);
        let known = Listed::find(small).filter(|_| is_word);
        let listed = known.map(|(_, listed)| listed);
        let listed = listed.filter(|_| !small.ends_with("'s"));
        let (kinds, stem_kinds) = match listed {
            Some(listed) => (listed.kinds, listed.kinds),
            None => Self::kinds(small, kind),
        };
        let folded = match known {
            Some((known, _)) => Letters::Known(known),
            None => Letters::of_mark(small),
        };
        Self {
            kind,
            kinds,
            stem_kinds,
            listed,
            capitalised: is_word && text.starts_with(char::is_uppercase),
            all_capitals: is_word
                && stem.chars().nth(1).is_some()
                && stem.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()),
            text: if *text == *folded {
                folded.clone()
            } else {
                Letters::from(&*text)
            },
            folded,
        }
    }

    /// The word of these small letters of ASCII, as most are.
    fn plain(letters: &str) -> Self {
        let known = Listed::find(letters);
        let text = known.map_or_else(
            || Letters::from(letters),
            |(known, _)| Letters::Known(known),
        );
        let listed = known.map(|(_, listed)| listed);
        let kinds = listed.map_or_else(Kinds::default, |listed| listed.kinds);
        Self {
            folded: text.clone(),
            text,
            kind: TokenKind::Word,
            kinds,
            stem_kinds: kinds,
            listed,
            capitalised: false,
            all_capitals: false,
        }
    }

    /// What the word lists say of a folded word and of its stem; they have no marks.
    fn kinds(folded: &str, kind: TokenKind) -> (Kinds, Kinds) {
        if !matches!(kind, TokenKind::Word | TokenKind::Digits) {
            return <(Kinds, Kinds)>::default();
        }
        let kinds = Kinds::of(folded);
        (kinds, folded.strip_suffix("'s").map_or(kinds, Kinds::of))
    }

    /// The folded word without a possessive `'s`.
    pub(in crate::verify) fn stem(&self) -> &str {
        self.folded.strip_suffix("'s").unwrap_or(&self.folded)
    }

    /// The root of the stem.
    pub(in crate::verify) fn root(&self) -> Cow<'_, str> {
        match self.listed {
            Some(listed) => Cow::Borrowed(&listed.root),
            None => root(self.stem()),
        }
    }

    /// The [`Word::lemma`] of a word of the lists.
    pub(in crate::verify) fn listed_lemma(&self) -> Option<&'static str> {
        self.listed.map(|listed| &*listed.lemma)
    }

    /// The root of the stem, with irregular forms led back to their base.
    pub(in crate::verify) fn lemma(&self) -> Cow<'_, str> {
        if let Some(lemma) = self.listed_lemma() {
            Cow::Borrowed(lemma)
        } else if self.stem_kinds.is_irregular() {
            lemma(self.stem())
        } else {
            regular_lemma(self.stem())
        }
    }

    /// Whether it begins with a capital letter.
    pub(in crate::verify) fn is_capitalised(&self) -> bool {
        self.capitalised
    }

    /// Whether it is a word or a number.
    pub(in crate::verify) fn is_word(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Digits)
    }

    /// Whether it says something by itself.
    pub(in crate::verify) fn is_content(&self) -> bool {
        self.is_word() && !self.kinds.is_function()
    }
}

impl Token {
    /// The word with the one of `letter` in front, as `[W]e` is read.
    pub(in crate::verify) fn after_letter(&self, letter: &Self, gap: Gap) -> Self {
        let folded = format!("{}{}", letter.folded, self.folded);
        let (kinds, stem_kinds) = Word::kinds(&folded, self.kind);
        let word = Word {
            text: Letters::from(&*format!("{}{}", letter.text, self.text)),
            folded: Letters::from(&*folded),
            kind: self.kind,
            kinds,
            stem_kinds,
            listed: None,
            capitalised: letter.capitalised,
            all_capitals: false,
        };
        Self {
            words: Arc::from([word]),
            nth: 0,
            span: self.span,
            gap,
        }
    }

    /// Whether it is this mark.
    pub(in crate::verify) fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// Whether it has two letters or more, all of them capitals (`NHS`, `EU's`).
    pub(in crate::verify) fn is_all_capitals(&self) -> bool {
        self.all_capitals
    }

    /// Which of the [`words`] of its text it is.
    pub(in crate::verify) fn nth(&self) -> usize {
        self.nth as usize
    }
}

/// The different words of a text, given all its tokens.
pub(in crate::verify) fn words(tokens: &[Token]) -> &[Word] {
    tokens.first().map_or(&[], |token| &token.words)
}

/// The tokens of `original` in order.
pub(in crate::verify) fn tokens(original: &str) -> Vec<Token> {
    let normal = Normal::new(original);
    let text = normal.text();
    // Five characters a token with its blank, and every second word is a new one.
    let mut found: Vec<(u32, Span, Gap)> = Vec::with_capacity(text.len() / 4 + 1);
    let mut words: Vec<Word> = Vec::with_capacity(text.len() / 12 + 1);
    let mut known: HashMap<&str, u32> = HashMap::with_capacity(text.len() / 12 + 1);
    let mut small = String::new();
    let mut gap = Gap::Paragraph;
    let (mut at, mut piece) = (0, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        if let b' ' | b'\n' = byte {
            gap = match (byte, gap) {
                (b'\n', Gap::Line | Gap::Paragraph) => Gap::Paragraph,
                (b'\n', _) => Gap::Line,
                _ => gap.max(Gap::Blank),
            };
            at += 1;
            continue;
        }
        let (end, kind) = token_end(text, at);
        let raw = &text[at..end];
        let nth = *known.entry(raw).or_insert_with(|| {
            words.push(Word::new(raw, kind, &mut small));
            u32::try_from(words.len() - 1).unwrap_or(u32::MAX)
        });
        found.push((nth, normal.span(&mut piece, at, end), gap));
        gap = Gap::None;
        at = end;
    }
    let words: Arc<[Word]> = words.into();
    found
        .into_iter()
        .map(|(nth, span, gap)| Token {
            words: Arc::clone(&words),
            nth,
            span,
            gap,
        })
        .collect()
}

/// The character at the byte `at`; a blank at the end of the text.
fn char_at(text: &str, at: usize) -> char {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => char::from(*byte),
        Some(_) => text[at..].chars().next().unwrap_or(' '),
        None => ' ',
    }
}

/// Where the token that begins at the byte `at` ends, and what it is. Depends on nothing
/// before `at`.
fn token_end(text: &str, at: usize) -> (usize, TokenKind) {
    let get = |at: usize| char_at(text, at);
    let c = get(at);
    let next = at + c.len_utf8();
    if c.is_ascii_lowercase() {
        return (word_end(text, c, next), TokenKind::Word);
    }
    if is_unspaced(c) {
        return (next, TokenKind::Word);
    }
    if c.is_alphanumeric() || is_combining_mark(c) {
        if c.is_uppercase()
            && let Some(end) = initials_end(text, next)
        {
            return (end, TokenKind::Word);
        }
        let kind = if c.is_ascii_digit() {
            TokenKind::Digits
        } else {
            TokenKind::Word
        };
        return (word_end(text, c, next), kind);
    }
    match unify(c) {
        '.' => {
            let dots = text.as_bytes()[at..].iter().take_while(|b| **b == b'.');
            (at + dots.count(), TokenKind::Mark)
        }
        // Two single marks are one double mark, as TeX and typewriters write it.
        '\'' if get(next) == c && !"‹›".contains(c) => {
            (next + c.len_utf8(), TokenKind::Quote('"'))
        }
        '\'' | '"' => (next, TokenKind::Quote(c)),
        _ => (next, TokenKind::Mark),
    }
}

/// Where initials end, `U.S.` or `J.K.` with their last full stop, of which the first
/// capital ends at `at`; `None` where there are none.
fn initials_end(text: &str, at: usize) -> Option<usize> {
    let get = |at: usize| char_at(text, at);
    let mut end = at;
    while get(end) == '.' && get(end + 1).is_uppercase() {
        end += 1 + get(end + 1).len_utf8();
    }
    if end == at || get(end).is_alphanumeric() {
        return None;
    }
    let stop = get(end) == '.' && get(end + 1) != '.';
    Some(end + usize::from(stop))
}

/// Where the word or number ends whose first character `c` ends at `at`.
fn word_end(text: &str, c: char, at: usize) -> usize {
    let (mut before, mut end) = (c, at);
    loop {
        let rest = &text.as_bytes()[end..];
        let is_plain = |byte: &&u8| byte.is_ascii_alphanumeric();
        let plain = rest.iter().take_while(is_plain).count();
        if let Some(last) = rest[..plain].last() {
            before = char::from(*last);
            end += plain;
        }
        let next = char_at(text, end);
        let after = end + next.len_utf8();
        let goes_on = match next {
            ' ' => false,
            '.' | ',' => before.is_ascii_digit() && char_at(text, after).is_ascii_digit(),
            _ if is_apostrophe(next) => {
                before.is_alphanumeric() && char_at(text, after).is_alphanumeric()
                    || is_letter(next)
            }
            _ => is_letter(next),
        };
        if !goes_on {
            return end;
        }
        (before, end) = (next, after);
    }
}

/// Whether the character goes on with a word.
fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && !is_unspaced(c)
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
            let found: Vec<_> = tokens(text).iter().map(|t| t.text.to_string()).collect();
            assert_eq!(found.join("|"), expected, "{text}");
        }
    }
}
