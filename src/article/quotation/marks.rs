//! Where quotation marks open and close in one block of text.
//!
//! Knows the marks and what may stand beside them, and no words: who speaks is `speaker`'s
//! question. Reads a text once, from left to right, with a bounded look ahead.

use crate::{extractive::rank::in_pairs, text::Span};

/// Words in quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marked {
    /// From the opening mark to the end of the closing one.
    pub(super) outer: Span,
    /// The words between them, without white space and without a last comma, which
    /// belongs to the sentence that reports them.
    pub(super) words: Span,
}

/// What was found in one text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Pairs of marks, in the order of their start.
    pub(super) marked: Vec<Marked>,
    /// Marks that were opened and never closed.
    pub(super) open: Vec<Open>,
}

/// A mark that opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) mark: char,
    /// Where the mark stands.
    pub(super) at: usize,
}

/// For each opening mark the marks that may close it, sorted by the opening mark.
/// Typists mix straight and curly marks, so each also closes the other.
const PAIRS: &[(char, &[char])] = &[
    ('"', &['"', '”']),
    ('\'', &['\'', '’']),
    ('«', &['»']),
    ('»', &['«', '»']),
    ('‘', &['’', '\'']),
    ('’', &['’']),
    ('‚', &['‘', '’']),
    ('“', &['”', '"', '“']),
    ('”', &['”']),
    ('„', &['“', '”', '"']),
    ('‟', &['”']),
    ('‹', &['›']),
    ('›', &['‹', '›']),
    ('「', &['」']),
    ('『', &['』']),
    ('＂', &['＂']),
    ('｢', &['｣']),
];

/// Marks that open whatever stands before them.
const ALWAYS_OPEN: &[char] = &['«', '‚', '“', '„', '‟', '‹', '「', '『', '｢'];

/// Words that begin with an apostrophe, in lower case, sorted.
const ELISIONS: &[&str] = &[
    "bout", "cause", "cept", "cos", "em", "im", "m", "n", "ne", "nen", "ner", "nuff", "round", "s",
    "t", "til", "till", "tis", "twas", "tween", "twere", "twill",
];

/// Nested deeper than this is no quotation but noise; the outermost is given up.
const MAX_DEPTH: usize = 8;

/// How far ahead a doubtful mark looks for the one that decides.
const LOOK_AHEAD: usize = 400;

/// All pairs of quotation marks in `text`.
pub(super) fn find(text: &str) -> Found {
    let mut found = Found::default();
    // Where the last mark ends, if it opened.
    let mut opened = None;
    for (at, mark) in marks(text) {
        let end = at + mark.len_utf8();
        let prev = text[..at].chars().next_back();
        let just_opened = opened == Some(at);
        let step = step(text, at, mark, prev, just_opened, &text[end..], &found.open);
        opened = matches!(step, Step::Open).then_some(end);
        match step {
            Step::Nothing => {}
            Step::Open => {
                if found.open.len() == MAX_DEPTH {
                    found.open.remove(0);
                }
                found.open.push(Open { mark, at });
            }
            Step::Close(nth) => {
                let start = found.open[nth].at;
                let inner = start + found.open[nth].mark.len_utf8();
                found.open.truncate(nth);
                let outer = Span::new(start, end);
                if let Some(words) = words(text, Span::new(inner, at)) {
                    found.marked.push(Marked { outer, words });
                }
            }
        }
    }
    found.marked.sort_by_key(|marked| marked.outer);
    found
}

/// Whether every quotation that begins in `text` also ends in it and the other way round,
/// so that the text can stand alone.
pub(crate) fn is_whole(text: &str) -> bool {
    let found = find(text);
    let stray = |(at, c): (usize, char)| {
        matches!(
            c,
            '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』'
        ) && !found
            .marked
            .iter()
            .any(|m| m.outer.start <= at && at < m.outer.end)
    };
    // A digit before it makes the mark one of inches.
    !text
        .char_indices()
        .any(|(at, c)| stray((at, c)) && !text[..at].ends_with(|c: char| c.is_ascii_digit()))
}

/// The quotation marks of a text and where they stand.
fn marks(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            // Letters of ASCII, which are most of most texts, are passed by as bytes.
            let rest = text.as_bytes()[at..].iter();
            let may_be = |byte: u8| matches!(byte, b'"' | b'\'') || !byte.is_ascii();
            at += rest.copied().position(may_be)?;
            let (start, mark) = (at, text[at..].chars().next()?);
            at += mark.len_utf8();
            if is_mark(mark) {
                return Some((start, mark));
            }
        }
    })
}

/// The words inside `span`, or `None` where there are none.
pub(super) fn words(text: &str, span: Span) -> Option<Span> {
    let trimmed = span.trimmed(text);
    let kept = trimmed.of(text).trim_end_matches([',', '，', '、']);
    let words = Span::new(trimmed.start, trimmed.start + kept.len()).trimmed(text);
    words
        .of(text)
        .contains(char::is_alphanumeric)
        .then_some(words)
}

/// Whether the text begins with a mark that can open as `mark` does.
pub(super) fn begins_with(text: &str, mark: char) -> bool {
    text.chars().next().is_some_and(|first| {
        first == mark || (['"', '“', '”'].contains(&first) && ['"', '“', '”'].contains(&mark))
    })
}

/// Whether the mark is one of double quotation, which runs on over paragraphs.
pub(super) fn is_double(mark: char) -> bool {
    !['\'', '‘', '’', '‚', '‹', '›'].contains(&mark)
}

/// Whether the character is a quotation mark of some kind.
pub(super) fn is_mark(c: char) -> bool {
    if c.is_ascii() {
        return c == '"' || c == '\'';
    }
    // Letters with accents and other scripts stand far from the marks.
    let may_be =
        matches!(c, '«' | '»' | '\u{2018}'..='\u{203a}' | '\u{300c}'..='\u{300f}' | '\u{ff00}'..);
    may_be
        && PAIRS
            .iter()
            .any(|(open, close)| *open == c || close.contains(&c))
}

enum Step {
    Nothing,
    Open,
    /// Closes the open mark of this number.
    Close(usize),
}

fn step(
    text: &str,
    at: usize,
    mark: char,
    prev: Option<char>,
    just_opened: bool,
    after: &str,
    open: &[Open],
) -> Step {
    let next = after.chars().next();
    let single = mark == '\'' || mark == '’' || mark == '‘';
    let letters_around = prev.is_some_and(|c| c.is_alphanumeric() && !in_pairs(c))
        && next.is_some_and(char::is_alphanumeric);
    if single && letters_around {
        return Step::Nothing;
    }
    let closable = open.iter().rposition(|open| {
        PAIRS
            .iter()
            .any(|(opening, closing)| *opening == open.mark && closing.contains(&mark))
    });
    let begins = just_opened
        || prev.is_none_or(|c| c.is_whitespace() || "([{<—–-/:;,…¿¡=>|".contains(c) || in_pairs(c));
    let goes_on = match next {
        Some('.') => after[1..].starts_with(|c: char| c == '.' || c.is_alphanumeric()),
        Some(c) => !c.is_whitespace() && !",;:!?)]}".contains(c),
        None => false,
    };

    if let Some(nth) = closable {
        let opening = begins && goes_on && !prev.is_some_and(in_pairs);
        if !opening {
            if measures(text, at, mark, prev, after) || (single && owns(prev, after)) {
                return Step::Nothing;
            }
            return Step::Close(nth);
        }
    } else if prev.is_some_and(|c| c.is_ascii_digit()) && matches!(mark, '"' | '\'' | '”' | '’')
    {
        return Step::Nothing;
    }
    let can_open = PAIRS.iter().any(|(opening, _)| *opening == mark);
    if !can_open || next.is_none() {
        return Step::Nothing;
    }
    if ALWAYS_OPEN.contains(&mark) {
        return Step::Open;
    }
    if single && (mark == '’' || elides(after)) {
        return Step::Nothing;
    }
    if begins && goes_on {
        return Step::Open;
    }
    Step::Nothing
}

/// Whether a mark after a digit means feet or inches: `6'2"`, or `a 7" record` with the
/// mark that really closes still ahead.
fn measures(text: &str, at: usize, mark: char, prev: Option<char>, after: &str) -> bool {
    if !prev.is_some_and(|c| c.is_ascii_digit()) || is_curly(mark) {
        return false;
    }
    let before = text[..at].trim_end_matches(|c: char| c.is_ascii_digit());
    if mark == '"' && before.ends_with(['\'', '’', '′']) {
        return true;
    }
    let lower_follows = after.starts_with(' ')
        && after[1..].starts_with(|c: char| c.is_lowercase())
        || (mark == '\'' && after.starts_with(|c: char| c.is_ascii_digit()));
    lower_follows && closes_ahead(mark, after)
}

/// Whether a single mark after a word is its plural's apostrophe (`the boys' game`) since
/// the mark that really closes is still ahead.
fn owns(prev: Option<char>, after: &str) -> bool {
    prev.is_some_and(|c| matches!(c, 's' | 'S' | 'x' | 'z'))
        && after.starts_with(' ')
        && after[1..].starts_with(char::is_lowercase)
        && (closes_ahead('’', after) || closes_ahead('\'', after))
}

/// Whether the next such mark that is no apostrophe closes.
fn closes_ahead(mark: char, after: &str) -> bool {
    let mut prev = None;
    let mut chars = after.chars().take(LOOK_AHEAD).peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let between =
            prev.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
        if mark == '’' && c == '‘' {
            return false;
        }
        if c == mark && !between {
            return prev.is_some_and(|c| !c.is_whitespace())
                && next.is_none_or(|c| !c.is_alphanumeric());
        }
        prev = Some(c);
    }
    false
}

/// Whether what follows a single mark makes it an apostrophe: `'90s`, `'tis`.
fn elides(after: &str) -> bool {
    let word: String = after
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .take(8)
        .flat_map(char::to_lowercase)
        .collect();
    word.starts_with(|c: char| c.is_ascii_digit()) || ELISIONS.binary_search(&word.as_str()).is_ok()
}

fn is_curly(mark: char) -> bool {
    !mark.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_of_the_table_is_a_mark() {
        for (open, close) in PAIRS {
            assert!(is_mark(*open), "{open}");
            assert!(close.iter().all(|c| is_mark(*c)), "{close:?}");
        }
    }

    #[test]
    fn tables_are_sorted() {
        assert!(PAIRS.is_sorted_by_key(|(open, _)| *open));
        assert!(ELISIONS.is_sorted());
    }

    #[test]
    fn marks_are_paired() {
        for (text, expected) in [
            (r#"He said "yes" and "no"."#, vec!["yes", "no"]),
            ("“A ‘bad’ day,” she said.", vec!["A ‘bad’ day", "bad"]),
            (
                "Sie sagte: „Nein.“ Er: „Ein ‚Ja‘!“",
                vec!["Nein.", "Ein ‚Ja‘!", "Ja"],
            ),
            ("Il dit : « Non », puis « oui ».", vec!["Non", "oui"]),
            ("»Gut«, sagte er.", vec!["Gut"]),
            ("”Hej”, sade hon. ”Nej.”", vec!["Hej", "Nej."]),
            (
                "彼は「『はい』と言え」と述べた。",
                vec!["『はい』と言え", "はい"],
            ),
            ("'I don't know,' he said.", vec!["I don't know"]),
            (
                "‘The boys’ game is off,’ he said.",
                vec!["The boys’ game is off"],
            ),
            ("She is 6'2\" tall in the '90s, rock 'n' roll.", vec![]),
            ("\"She is 6'2\" tall,\" he said.", vec!["She is 6'2\" tall"]),
            (
                "\"I bought a 7\" record,\" he said.",
                vec!["I bought a 7\" record"],
            ),
            ("He sold \"25\" and the dogs' beds.", vec!["25"]),
            ("\"Never closed. He said \"no\" again.", vec!["no"]),
            ("그는 \"안 된다\"고 말했다.", vec!["안 된다"]),
            ("그는\"안 된다\"라고 \"또\" 말했다.", vec!["안 된다", "또"]),
            ("\"\" and \" , \"", vec![]),
            ("“Mixed\" marks and \"mixed” again", vec!["Mixed", "mixed"]),
        ] {
            let found = find(text).marked;
            let words: Vec<_> = found.iter().map(|marked| marked.words.of(text)).collect();
            assert_eq!(words, expected, "{text}");
        }
    }
}
