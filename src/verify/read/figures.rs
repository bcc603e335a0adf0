//! Dates in figures: `2026-01-05`, `Q3 2020`, `2026년 1월 5일`, times of day.

use jiff::civil::Date;

use super::{
    clock::clock,
    date::DateMention,
    tokens::{Gap, Token, TokenKind},
    words::{Meaning, Words},
};

/// `2026-01-05`, `5.1.2026`, `05/01/2026`.
pub(super) fn numeric(tokens: &[Token], at: usize, month_first: bool) -> Option<DateMention> {
    let token = &tokens[at];
    if token.kind != TokenKind::Digits {
        return None;
    }
    // `5.1.2026` is one token, the others are five.
    let dotted: Vec<&str> = token.text.split('.').collect();
    let (parts, last) = if dotted.len() == 3 {
        (dotted, at)
    } else {
        let joint = tokens.get(at + 1)?;
        let again = tokens.get(at + 3)?;
        let tight = tokens
            .get(at + 1..at + 5)?
            .iter()
            .all(|t| t.gap == Gap::None);
        if !tight || joint.text != again.text || !(joint.is_mark("-") || joint.is_mark("/")) {
            return None;
        }
        let parts = vec![
            token.text.as_str(),
            tokens[at + 2].text.as_str(),
            // An ISO time follows its day without a blank.
            tokens[at + 4].text.split('T').next().unwrap_or(""),
        ];
        (parts, at + 4)
    };
    let numbers: Vec<i16> = parts
        .iter()
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    let small = |n: i16| i8::try_from(n).ok();
    let (year, month, day) = if parts[0].len() == 4 {
        (numbers[0], small(numbers[1])?, small(numbers[2])?)
    } else if parts[2].len() == 4 || parts[2].len() == 2 {
        let year = if parts[2].len() == 2 {
            2000 + numbers[2]
        } else {
            numbers[2]
        };
        let (a, b) = (small(numbers[0])?, small(numbers[1])?);
        let slashed = tokens.get(at + 1).is_some_and(|t| t.is_mark("/"));
        if slashed && (month_first && a <= 12 || b > 12) {
            (year, a, b)
        } else {
            (year, b, a)
        }
    } else {
        return None;
    };
    Date::new(year, month, day).ok()?;
    Some(DateMention {
        first: at,
        last,
        year: Some(year),
        month: Some(month),
        day: Some(day),
        ..DateMention::default()
    })
}

/// A time of day.
pub(super) fn time(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    let (clock, last) = clock(tokens, at, words)?;
    Some(DateMention {
        first: at,
        last,
        clock: Some(clock),
        ..DateMention::default()
    })
}

/// The 3 of `Q3` or `3Q`.
pub(super) fn short_quarter(token: &Token) -> Option<i8> {
    match token.folded.as_bytes() {
        [b'q', digit @ b'1'..=b'4'] | [digit @ b'1'..=b'4', b'q'] => {
            i8::try_from(digit - b'0').ok()
        }
        _ => None,
    }
}

/// `Q3`, `Q3 2020`, `3Q20`, "the third quarter of 2020", `3분기`.
pub(super) fn quarter(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    let token = &tokens[at];
    let (quarter, mut last) = if let Some(quarter) = short_quarter(token) {
        (quarter, at)
    } else {
        let (number, last) = match token.kind {
            TokenKind::Digits => {
                let digits = token.folded.trim_end_matches(char::is_alphabetic);
                (f64::from(digits.parse::<i16>().ok()?), at)
            }
            TokenKind::Word => words.read(tokens, at, |meaning| match meaning {
                Meaning::Ordinal(number) => Some(number),
                _ => None,
            })?,
            _ => return None,
        };
        let stop = usize::from(tokens.get(last + 1).is_some_and(|t| t.is_mark(".")));
        let ((), last) = words.read(tokens, last + 1 + stop, |m| {
            (m == Meaning::Quarter).then_some(())
        })?;
        // A quarter-final is no quarter.
        if tokens.get(last + 1).is_some_and(|t| t.is_mark("-")) {
            return None;
        }
        let quarter = (1..=4).find(|quarter| (f64::from(*quarter) - number).abs() < 0.1)?;
        (quarter, last)
    };
    let of = usize::from(words.is(tokens, last + 1, Meaning::InsideDate));
    let year = tokens.get(last + 1 + of).and_then(year_number);
    if year.is_some() {
        last += 1 + of;
    }
    Some(DateMention {
        first: at,
        last,
        quarter: Some(quarter),
        year,
        ..DateMention::default()
    })
}

/// `2026년 1월 5일`, `1월 5일`, `5일`.
pub(super) fn marked(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    if tokens[at].kind != TokenKind::Digits {
        return None;
    }
    let mut mention = DateMention {
        first: at,
        last: at,
        ..DateMention::default()
    };
    let mut next = at;
    let mut above = None;
    while let Some(token) = tokens.get(next)
        && token.kind == TokenKind::Digits
        && let Ok(number) = token.text.parse::<i16>()
        && let Some(mark) = tokens.get(next + 1).filter(|mark| mark.gap == Gap::None)
        && let Some(part) = words.word(&mark.folded, |meaning| match meaning {
            Meaning::Mark(part) => Some(part),
            _ => None,
        })
        && above.is_none_or(|above| part == above + 1)
    {
        // "5년간" and "3일 동안" are lengths of time.
        let longer = words.read(tokens, next + 1, |meaning| match meaning {
            Meaning::Measure(_) => Some(()),
            _ => None,
        });
        if longer.is_some_and(|((), last)| last > next + 1) {
            return None;
        }
        match part {
            0 => mention.year = Some(number).filter(|year| (1400..=2100).contains(year)),
            1 => mention.month = month_number(number),
            _ => mention.day = day_of_month(number),
        }
        mention.last = next + 1;
        above = Some(part);
        next += 2;
    }
    (mention.year.is_some() || mention.month.is_some() || mention.day.is_some()).then_some(mention)
}

fn month_number(number: i16) -> Option<i8> {
    i8::try_from(number).ok().filter(|m| (1..=12).contains(m))
}

fn day_of_month(number: i16) -> Option<i8> {
    i8::try_from(number)
        .ok()
        .filter(|day| (1..=31).contains(day))
}

/// A day of a month, `5` or `5th`.
pub(super) fn day_number(tokens: &[Token], at: usize) -> Option<i8> {
    let token = tokens
        .get(at)
        .filter(|token| token.kind == TokenKind::Digits)?;
    let digits = token.folded.trim_end_matches(char::is_alphabetic);
    let suffix = &token.folded[digits.len()..];
    if !matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er") {
        return None;
    }
    day_of_month(digits.parse().ok()?)
}

/// Four digits that may be a year.
pub(super) fn year_number(token: &Token) -> Option<i16> {
    (token.kind == TokenKind::Digits && token.text.len() == 4)
        .then(|| token.text.parse().ok())?
        .filter(|year| (1400..=2100).contains(year))
}
