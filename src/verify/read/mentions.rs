//! The dates of a text, read from digits, names of months and weekdays, and words that
//! count from the day of publication.

use jiff::civil::Date;

use super::{
    calendar::{Direction, Period, Relation},
    date::DateMention,
    figures::{day_number, marked, numeric, quarter, short_quarter, time, year_number},
    tokens::{Gap, Token, TokenKind},
    units,
    words::{Begins, Habit, Meaning, Words},
};

/// The dates of a text, in order; `begins` belongs to its words, and `published` is the day
/// from which it counts.
pub(in crate::verify) fn mentions(
    tokens: &[Token],
    begins: &[Begins],
    language: Option<&str>,
    published: Option<Date>,
) -> Vec<DateMention> {
    let words = Words::of(language);
    let month_first = language.is_none_or(|tag| {
        let tag = tag.to_ascii_lowercase();
        tag == "en" || tag == "en-us"
    });
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let may_begin = match token.kind {
            TokenKind::Digits => true,
            TokenKind::Word => begins[token.nth()].date || short_quarter(token).is_some(),
            _ => false,
        };
        if !may_begin {
            at += 1;
            continue;
        }
        let read = numeric(tokens, at, month_first)
            .or_else(|| quarter(tokens, at, words))
            .or_else(|| time(tokens, at, words))
            .or_else(|| marked(tokens, at, words))
            .or_else(|| with_month(tokens, at, words))
            .or_else(|| relative(tokens, at, words))
            .or_else(|| weekday_alone(tokens, at, words))
            .or_else(|| year(tokens, at, words));
        match read {
            Some(mut mention) => {
                mention.resolve(published);
                at = mention.last + 1;
                found.push(mention);
            }
            None => at += 1,
        }
    }
    found
}

/// The month that the token names, 1 to 12.
fn month(tokens: &[Token], at: usize, words: &Words) -> Option<i8> {
    let token = tokens.get(at).filter(|t| t.kind == TokenKind::Word)?;
    words.word(token.stem(), |meaning| match meaning {
        Meaning::Month(month) => Some(month),
        _ => None,
    })
}

/// The weekday that the word at `at` names, 1 for Monday, and its last token.
fn weekday(tokens: &[Token], at: usize, words: &Words) -> Option<(i8, usize)> {
    if !words.begins_word(tokens, at) {
        return None;
    }
    words.read(tokens, at, |meaning| match meaning {
        Meaning::Weekday(weekday) => Some(weekday),
        _ => None,
    })
}

/// A date with the name of a month: `Tuesday, 5 January 2026`, `Jan. 5`, `March 2026`.
fn with_month(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    let mut mention = DateMention {
        first: at,
        last: at,
        ..DateMention::default()
    };
    let inside = |at: usize| words.is(tokens, at, Meaning::InsideDate);
    let mut i = at;
    if let Some((weekday, last)) = weekday(tokens, at, words) {
        mention.weekday = Some(weekday);
        i = last + 1;
        i += usize::from(is_comma(tokens, i));
        i += usize::from(inside(i));
    }
    if let Some(day) = day_number(tokens, i) {
        mention.day = Some(day);
        i += 1;
        // `5. Januar`, `5 de enero`, `5th of May`
        while tokens.get(i).is_some_and(|t| t.is_mark(".")) || inside(i) {
            i += 1;
        }
    }
    let name = tokens.get(i)?;
    mention.month = Some(month(tokens, i, words)?);
    mention.last = i;
    let mut after = i + 1;
    if name.text.len() < 5
        && tokens
            .get(after)
            .is_some_and(|t| t.is_mark(".") && t.gap == Gap::None)
    {
        after += 1;
    }
    if mention.day.is_none()
        && let Some(day) = day_number(tokens, after)
        && tokens[after].gap <= Gap::Blank
    {
        mention.day = Some(day);
        mention.last = after;
        after += 1;
    }
    let comma = usize::from(is_comma(tokens, after) || inside(after));
    if let Some(year) = tokens.get(after + comma).and_then(year_number) {
        mention.year = Some(year);
        mention.last = after + comma;
    }
    let alone = mention.day.is_none() && mention.year.is_none();
    if alone && mention.weekday.is_some() {
        return None;
    }
    // "She may", "the march": only a day or year makes a small word a month.
    let small = words.has(Habit::Capitals) && !name.is_capitalised();
    if alone
        && words.is_doubtful_month(name)
        && (small || i == 0 || !words.is(tokens, i - 1, Meaning::BeforeMonth))
    {
        return None;
    }
    if alone {
        mention.relation = direction_around(&mut mention, tokens, words).map(Relation::Named);
    }
    Some(mention)
}

fn is_comma(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.is_mark(","))
}

/// The "last", "this" or "next" beside a weekday or month; one behind it joins it.
fn direction_around(
    mention: &mut DateMention,
    tokens: &[Token],
    words: &Words,
) -> Option<Direction> {
    let behind = words
        .has(Habit::DirectionsBehind)
        .then(|| direction(tokens, mention.last + 1, words))
        .flatten();
    if let Some((direction, last)) = behind {
        mention.last = last;
        return Some(direction);
    }
    let before = mention.first.checked_sub(1)?;
    // "지난" and "이번" are two tokens.
    (before.saturating_sub(1)..=before)
        .filter_map(|at| direction(tokens, at, words))
        .find_map(|(direction, last)| (last == before).then_some(direction))
}

fn direction(tokens: &[Token], at: usize, words: &Words) -> Option<(Direction, usize)> {
    words.read(tokens, at, |meaning| match meaning {
        Meaning::Direction(direction) => Some(direction),
        _ => None,
    })
}

fn weekday_alone(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    let (weekday, last) = weekday(tokens, at, words)?;
    let mut mention = DateMention {
        first: at,
        last,
        weekday: Some(weekday),
        ..DateMention::default()
    };
    mention.relation = direction_around(&mut mention, tokens, words).map(Relation::Named);
    Some(mention)
}

/// A year by itself: four digits that count nothing.
fn year(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    let year = year_number(&tokens[at])?;
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let unit = words.read_next(tokens, at + 1, |meaning| {
        matches!(
            meaning,
            Meaning::Percent | Meaning::Points(_) | Meaning::Currency(_) | Meaning::Scale(..)
        )
        .then_some(())
    });
    let amount = before.is_some_and(|t| units::currency_sign(&t.text).is_some());
    (!amount && unit.is_none()).then(|| DateMention {
        first: at,
        last: at,
        year: Some(year),
        ..DateMention::default()
    })
}

/// "Yesterday", "last month".
fn relative(tokens: &[Token], at: usize, words: &Words) -> Option<DateMention> {
    if !words.begins_word(tokens, at) {
        return None;
    }
    let mention = |relation, last| DateMention {
        first: at,
        last,
        relation: Some(relation),
        ..DateMention::default()
    };
    let named = words.read(tokens, at, |meaning| match meaning {
        Meaning::Day(by) => Some(Relation::Later(Period::Day, by)),
        Meaning::Period(period, by) => Some(Relation::Later(period, by)),
        _ => None,
    });
    if let Some((relation, last)) = named {
        // "지난달 5일", "작년 3월"
        let inner = tokens
            .get(last + 1)
            .and_then(|_| marked(tokens, last + 1, words))
            .filter(|inner| inner.year.is_none());
        return Some(match inner {
            Some(inner) => DateMention {
                first: at,
                relation: Some(relation),
                ..inner
            },
            None => mention(relation, last),
        });
    }
    let period = |at: usize| {
        words.read_next(tokens, at, |meaning| match meaning {
            Meaning::Calendar(period) => Some(period),
            _ => None,
        })
    };
    let (direction, period, last) = if words.has(Habit::DirectionsBehind) {
        let (period, last) = period(at)?;
        let (direction, last) = direction(tokens, last + 1, words)?;
        (direction, period, last)
    } else {
        let (direction, last) = direction(tokens, at, words)?;
        let (period, last) = period(last + 1)?;
        (direction, period, last)
    };
    let by = match direction {
        Direction::Last => -1,
        Direction::Next => 1,
        // "This week" and "this year" are said of anything that is new.
        Direction::This => return None,
    };
    Some(mention(Relation::Later(period, by), last))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::verify::read::Reading;

    fn resolved(text: &str, language: &str) -> String {
        let published = Some("2026-01-07".parse().unwrap());
        let found = Reading::new(text, Some(language), published).dates;
        let days = |m: &DateMention| {
            let days: Vec<_> = m
                .days
                .iter()
                .map(|(a, b)| {
                    if a == b {
                        a.to_string()
                    } else {
                        format!("{a}..{b}")
                    }
                })
                .collect();
            days.join("/")
        };
        found.iter().map(days).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn dates_resolve_to_days() {
        // 7 January 2026 was a Wednesday.
        for (language, text, expected) in [
            ("en", "on Tuesday, January 6, 2026", "2026-01-06"),
            ("en", "on 6 Jan. 2026", "2026-01-06"),
            ("en", "on Jan. 6", "2026-01-06"),
            ("en", "on the 6th of January", "2026-01-06"),
            ("en", "on Tuesday", "2026-01-06/2026-01-13"),
            ("en", "on Wednesday", "2026-01-07/2026-01-14"),
            ("en", "yesterday", "2026-01-06"),
            ("en", "last month", "2025-12-01..2025-12-31"),
            ("en", "in 2025", "2025-01-01..2025-12-31"),
            ("en", "in December", "2025-12-01..2025-12-31"),
            ("en", "she may march in protest", ""),
            ("de", "am 6. Januar 2026", "2026-01-06"),
            ("fr", "le 6 janvier 2026", "2026-01-06"),
            ("es", "el 6 de enero de 2026", "2026-01-06"),
            ("de", "am 6.1.2026", "2026-01-06"),
            ("en", "2026-01-06", "2026-01-06"),
            ("de", "gestern", "2026-01-06"),
            ("de", "letzte Woche", "2025-12-29..2026-01-04"),
            ("de", "im vergangenen Jahr", "2025-01-01..2025-12-31"),
            ("fr", "hier", "2026-01-06"),
            ("fr", "la semaine dernière", "2025-12-29..2026-01-04"),
            ("es", "ayer", "2026-01-06"),
            ("es", "el mes pasado", "2025-12-01..2025-12-31"),
            ("ko", "어제", "2026-01-06"),
            ("ko", "지난달 5일", "2025-12-05"),
            ("ko", "작년 3월", "2025-03-01..2025-03-31"),
            ("ko", "5일 오후", "2025-12-05/2026-01-05/2026-02-05"),
            ("ko", "지난 주", "2025-12-29..2026-01-04"),
            ("ko", "작년", "2025-01-01..2025-12-31"),
            ("ko", "1월 5일", "2026-01-05"),
            ("ko", "2025년 3월", "2025-03-01..2025-03-31"),
            ("ko", "화요일에", "2026-01-06/2026-01-13"),
            ("ko", "5년간", ""),
            ("en-US", "1/6/2026", "2026-01-06"),
            ("en-GB", "6/1/2026", "2026-01-06"),
        ] {
            assert_eq!(resolved(text, language), expected, "{text}");
        }
    }
}
