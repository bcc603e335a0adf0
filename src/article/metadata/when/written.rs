//! Dates as people write them in a text: numbers, and words in the larger languages.
//!
//! Only days; a clock time beside one is left. A day that could be read in two ways is
//! read in the page's [`Order`], and not at all where that is unknown. Nothing here
//! knows where on the page a date stands or what it is of.

use jiff::civil;

use super::months::{self, date};

/// Whether a page writes `3/4/2026` for the third of April or for the fourth of March.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// As most of the world does.
    DayFirst,
    /// As the United States do.
    MonthFirst,
}

/// A date in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The day.
    pub(crate) day: civil::Date,
    /// Its first byte in the text.
    pub(crate) start: usize,
    /// One past its last byte.
    pub(crate) end: usize,
}

/// The dates in a text, in order. A range such as `14.–20. Januar 2026` is none: it tells
/// when something takes place.
pub(crate) fn find(text: &str, order: Option<Order>) -> impl Iterator<Item = Found> {
    let tokens = if may_hold_date(text) {
        tokens(text)
    } else {
        Vec::new()
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < tokens.len() {
            let rest = &tokens[at..];
            let read = |rest: &[Token]| named(rest).or_else(|| numeric(rest, order));
            match read(rest) {
                Some((_, taken)) if is_range(&tokens[..at]) => at += taken,
                Some((day, taken)) => {
                    if let Some(Kind::Mark('-' | '–' | '—')) =
                        rest.get(taken).map(|token| &token.kind)
                        && let Some((_, more)) = read(&rest[taken + 1..])
                    {
                        at += taken + 1 + more;
                        continue;
                    }
                    let found = Found {
                        day,
                        start: rest[0].start,
                        end: rest[taken - 1].end,
                    };
                    at += taken;
                    return Some(found);
                }
                None => at += 1,
            }
        }
        None
    })
}

/// The order that a text shows by a date which has only one reading: `25/1/2026`, or in
/// words `25 January 2026`.
pub(crate) fn shown_order(text: &str) -> Option<Order> {
    let has_year = text
        .as_bytes()
        .windows(4)
        .any(|four| four.iter().all(u8::is_ascii_digit));
    if !has_year {
        return None;
    }
    let tokens = tokens(text);
    let kinds: Vec<&Kind> = tokens.iter().map(|token| &token.kind).collect();
    (0..kinds.len()).find_map(|at| match kinds[at..] {
        [
            Kind::Number(a, 1..=2),
            Kind::Mark('/'),
            Kind::Number(b, 1..=2),
            Kind::Mark('/'),
            Kind::Number(1990..2100, 4),
            ..,
        ] => match (a, b) {
            (13..=31, 1..=12) => Some(Order::DayFirst),
            (1..=12, 13..=31) => Some(Order::MonthFirst),
            _ => None,
        },
        [
            Kind::Number(1..=31, 1..=2),
            Kind::Month(_),
            Kind::Number(1990..2100, 4),
            ..,
        ] => Some(Order::DayFirst),
        [
            Kind::Month(_),
            Kind::Number(1..=31, 1..=2),
            Kind::Mark(','),
            Kind::Number(1990..2100, 4),
            ..,
        ] => Some(Order::MonthFirst),
        _ => None,
    })
}

/// Whether a text holds numbers that only an [`Order`] makes a date of.
pub(crate) fn needs_order(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| {
        three[0].is_ascii_digit() && matches!(three[1], b'/' | b'-') && three[2].is_ascii_digit()
    })
}

/// Whether there is a number of two digits or a numeral of another script at all: most
/// lines of a page have none, and need not be taken apart.
pub(crate) fn may_hold_date(text: &str) -> bool {
    text.as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_digit())
        || text.chars().any(|c| !c.is_ascii() && digit(c).is_some())
}

/// Whether the tokens before a date make it the end of a range.
fn is_range(before: &[Token]) -> bool {
    let mut before = before.iter().rev().map(|token| &token.kind);
    if !matches!(before.next(), Some(Kind::Mark('-' | '–' | '—'))) {
        return false;
    }
    match before.next() {
        Some(Kind::Number(n, 1..=2)) => *n <= 31,
        Some(Kind::Mark('.')) => matches!(before.next(), Some(Kind::Number(_, 1..=2))),
        _ => false,
    }
}

/// A piece of a text with its place.
#[derive(Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

#[derive(Debug)]
enum Kind {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(i8),
    /// A word that may stand between the parts of a date.
    Filler,
    /// `tháng`, which says in Vietnamese that the next number is a month.
    MonthWord,
    Word,
    Mark(char),
}

/// The value of a decimal digit in the scripts of the larger languages.
fn digit(c: char) -> Option<u32> {
    let code = u32::from(c);
    [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10]
        .into_iter()
        .find(|&zero| (zero..zero + 10).contains(&code))
        .map(|zero| code - zero)
}

/// Numbers, words and single marks of a short text.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(c) = text[start..].chars().next() {
        if tokens.len() > 400 {
            break;
        }
        let rest = &text[start..];
        let length = |is: &dyn Fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (kind, length) = if digit(c).is_some() {
            let length = length(&|c| digit(c).is_some());
            let (mut value, mut digits) = (0_u32, 0);
            for digit in rest[..length].chars().filter_map(digit) {
                value = value.saturating_mul(10).saturating_add(digit);
                digits += 1;
            }
            (Some(Kind::Number(value, digits)), length)
        } else if matches!(c, '年' | '月' | '日' | '년' | '월' | '일') {
            (Some(Kind::Mark(c)), c.len_utf8())
        } else if c.is_alphabetic() {
            let length = length(&|c| {
                c.is_alphabetic()
                    || matches!(u32::from(c), 0x300..=0x36F | 0x900..=0xDFF | 0xE00..=0xE7F)
            });
            (Some(word(&rest[..length])), length)
        } else {
            ((!c.is_whitespace()).then_some(Kind::Mark(c)), c.len_utf8())
        };
        tokens.extend(kind.map(|kind| Token {
            kind,
            start,
            end: start + length,
        }));
        start += length;
    }
    tokens
}

fn word(word: &str) -> Kind {
    // No month and no filler is longer.
    if word.len() > 40 {
        return Kind::Word;
    }
    let word = word.to_lowercase();
    if let Some(month) = months::number(&word) {
        return Kind::Month(month);
    }
    match word.as_str() {
        "st" | "nd" | "rd" | "th" | "de" | "del" | "di" | "er" | "of" | "º" | "г" | "m" | "the"
        | "năm" => Kind::Filler,
        "tháng" => Kind::MonthWord,
        _ => Kind::Word,
    }
}

/// `5. Januar 2026`, `January 5th, 2026`, `5-Jan-26`, `5 de enero de 2026`, `2026年1月5日`:
/// the day, and how many tokens it takes.
fn named(tokens: &[Token]) -> Option<(civil::Date, usize)> {
    let small = |kind: &Kind| match kind {
        Kind::Number(n, 1..=2) => i8::try_from(*n).ok(),
        _ => None,
    };
    if let [
        Token { kind: a, .. },
        Token {
            kind: Kind::Mark('-' | '/'),
            ..
        },
        Token {
            kind: Kind::Month(month),
            ..
        },
        Token {
            kind: Kind::Mark('-' | '/'),
            ..
        },
        Token { kind: c, .. },
        ..,
    ] = tokens
    {
        let day = date(year(c)?, *month, small(a)?)?;
        return Some((day, 5));
    }
    // Ordinal endings, dots, commas and articles may stand between the parts.
    let is_filler = |kind: &Kind| {
        matches!(
            kind,
            Kind::Filler | Kind::Mark('.' | ',' | '،' | '’' | '\'')
        )
    };
    let mut parts = tokens
        .iter()
        .enumerate()
        .take(9)
        .map(|(at, token)| (at + 1, &token.kind))
        .filter(|(at, kind)| *at == 1 || !is_filler(kind));
    let ((_, a), (_, b), (taken, c)) = (parts.next()?, parts.next()?, parts.next()?);
    match (a, b) {
        (Kind::Month(month), day) => Some((date(full_year(c)?, *month, small(day)?)?, taken)),
        (Kind::Number(_, 1..=2), Kind::Month(month)) => {
            Some((date(full_year(c)?, *month, small(a)?)?, taken))
        }
        (Kind::Number(_, 4), Kind::Month(month)) => {
            let day = date(full_year(a)?, *month, small(c)?)?;
            // In `© 2025 January 5, 2026` the second year is the date's.
            let again = parts
                .next()
                .is_some_and(|(_, kind)| full_year(kind).is_some());
            (!again).then_some((day, taken))
        }
        (Kind::Number(_, 1..=2), Kind::MonthWord) => {
            let (taken, y) = parts.next()?;
            Some((date(full_year(y)?, small(c)?, small(a)?)?, taken))
        }
        (Kind::Number(_, 4), Kind::Mark('年' | '년')) => {
            let (_, Kind::Mark('月' | '월')) = parts.next()? else {
                return None;
            };
            let (taken, day) = parts.next()?;
            Some((date(full_year(a)?, small(c)?, small(day)?)?, taken))
        }
        _ => None,
    }
}

/// A year of four digits; the Buddhist era is 543 years ahead.
fn full_year(kind: &Kind) -> Option<i16> {
    match kind {
        Kind::Number(n @ 2533..2643, 4) => i16::try_from(n - 543).ok(),
        Kind::Number(n, 4) => i16::try_from(*n).ok(),
        _ => None,
    }
}

/// A year of four digits, or of two.
fn year(kind: &Kind) -> Option<i16> {
    match kind {
        Kind::Number(n @ 0..50, 2) => i16::try_from(2000 + n).ok(),
        Kind::Number(n @ 90..100, 2) => i16::try_from(1900 + n).ok(),
        kind => full_year(kind),
    }
}

/// `2026-01-05`, `2026.1.5`, `05.01.2026`, `05.01.26`, and with slashes where only one
/// order works or `order` tells which is meant.
fn numeric(tokens: &[Token], order: Option<Order>) -> Option<(civil::Date, usize)> {
    let [
        Token {
            kind: first @ Kind::Number(a, a_len),
            ..
        },
        Token {
            kind: Kind::Mark(m),
            ..
        },
        Token {
            kind: Kind::Number(b, 1..=2),
            ..
        },
        Token {
            kind: Kind::Mark(n),
            ..
        },
        Token {
            kind: last @ Kind::Number(c, c_len),
            ..
        },
        after @ ..,
    ] = tokens
    else {
        return None;
    };
    // A version number has more parts than a date.
    let goes_on = matches!(
        after,
        [
            Token {
                kind: Kind::Mark(more),
                ..
            },
            Token {
                kind: Kind::Number(..),
                start,
                ..
            },
            ..
        ] if more == m && tokens[4].end + m.len_utf8() == *start
    );
    if m != n || goes_on {
        return None;
    }
    let part = |n: &u32| i8::try_from(*n).ok();
    let day = match (m, a_len, c_len) {
        ('-' | '/' | '.', 4, 1..=2) => date(full_year(first)?, part(b)?, part(c)?),
        ('.', 1..=2, 2 | 4) => date(year(last)?, part(b)?, part(a)?),
        ('/' | '-', 1..=2, 4) | ('/', 1..=2, 2) => {
            let day_first = if *a > 12 || a == b {
                true
            } else if *b > 12 {
                false
            } else {
                order? == Order::DayFirst
            };
            let (day, month) = if day_first { (a, b) } else { (b, a) };
            date(year(last)?, part(month)?, part(day)?)
        }
        _ => None,
    }?;
    Some((day, 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_page_decides_between_two_readings() {
        for (text, order, expected) in [
            ("3/4/2026", Order::DayFirst, "2026-04-03"),
            ("3/4/2026", Order::MonthFirst, "2026-03-04"),
            ("3/4/26", Order::MonthFirst, "2026-03-04"),
            ("03-04-2026", Order::DayFirst, "2026-04-03"),
            ("13/4/2026", Order::MonthFirst, "2026-04-13"),
            ("4/13/2026", Order::DayFirst, "2026-04-13"),
            ("3.4.2026", Order::MonthFirst, "2026-04-03"),
        ] {
            let found = find(text, Some(order)).next().map(|f| f.day.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn several_dates_of_a_line_come_with_their_places() {
        let line = "Updated on May 6, 2026 · Published: 01.02.2025 by A. Moss";
        let found: Vec<_> = find(line, None)
            .map(|found| &line[found.start..found.end])
            .collect();
        assert_eq!(found, ["May 6, 2026", "01.02.2025"]);
    }
}
