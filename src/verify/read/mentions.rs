//! The dates of a text, read from digits, names of months and weekdays, and words that
//! count from the day of publication.

use jiff::civil::Date;

use super::{
    calendar,
    date::DateMention,
    tokens::{Gap, Token, TokenKind},
    units,
};

/// The dates of a text, in order; `published` is the day from which it counts.
pub(in crate::verify) fn mentions(
    tokens: &[Token],
    language: Option<&str>,
    published: Option<Date>,
) -> Vec<DateMention> {
    let english = language.is_none_or(|tag| tag.to_ascii_lowercase().starts_with("en"));
    let month_first = language.is_none_or(|tag| {
        let tag = tag.to_ascii_lowercase();
        tag == "en" || tag == "en-us"
    });
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let read = numeric(tokens, at, month_first)
            .or_else(|| with_month(tokens, at))
            .or_else(|| relative(tokens, at, english))
            .or_else(|| weekday(tokens, at))
            .or_else(|| year(tokens, at));
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

/// `2026-01-05`, `5.1.2026`, `05/01/2026`.
fn numeric(tokens: &[Token], at: usize, month_first: bool) -> Option<DateMention> {
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

/// A date with the name of a month: `Tuesday, 5 January 2026`, `Jan. 5`, `March 2026`.
fn with_month(tokens: &[Token], at: usize) -> Option<DateMention> {
    let mut mention = DateMention {
        first: at,
        last: at,
        ..DateMention::default()
    };
    let mut i = at;
    if let Some(weekday) = calendar::weekday(tokens.get(i)?) {
        mention.weekday = Some(weekday);
        i += 1;
        i += usize::from(is_comma(tokens, i));
        i += usize::from(
            tokens
                .get(i)
                .is_some_and(|t| matches!(t.folded.as_str(), "the" | "den" | "le")),
        );
    }
    if let Some(day) = day_number(tokens, i) {
        mention.day = Some(day);
        i += 1;
        // `5. Januar`, `5 de enero`, `5th of May`
        while tokens
            .get(i)
            .is_some_and(|t| t.is_mark(".") || matches!(t.folded.as_str(), "of" | "de"))
        {
            i += 1;
        }
    }
    let name = tokens.get(i)?;
    let month = calendar::month(name)?;
    mention.month = Some(month);
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
    let comma = usize::from(
        is_comma(tokens, after)
            || tokens
                .get(after)
                .is_some_and(|t| matches!(t.folded.as_str(), "de" | "of")),
    );
    if let Some(year) = tokens.get(after + comma).and_then(year_number) {
        mention.year = Some(year);
        mention.last = after + comma;
    }
    let alone = mention.day.is_none() && mention.year.is_none();
    if alone && mention.weekday.is_some() {
        return None;
    }
    if alone && calendar::is_also_a_word(name) && !follows_preposition(tokens, i) {
        return None;
    }
    if alone
        && let Some(relation) = at
            .checked_sub(1)
            .and_then(|b| calendar::relation_before(&tokens[b]))
    {
        mention.relation = Some(relation);
    }
    Some(mention)
}

fn is_comma(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.is_mark(","))
}

/// "May" and "March" are months after these.
fn follows_preposition(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        matches!(
            tokens[before].folded.as_str(),
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "of"
                | "last"
                | "next"
                | "this"
                | "early"
                | "late"
                | "mid"
                | "from"
                | "before"
                | "after"
                | "and"
                | "to"
                | "im"
                | "en"
                | "-"
        )
    })
}

fn day_number(tokens: &[Token], at: usize) -> Option<i8> {
    let token = tokens
        .get(at)
        .filter(|token| token.kind == TokenKind::Digits)?;
    let digits = token.folded.trim_end_matches(char::is_alphabetic);
    let suffix = &token.folded[digits.len()..];
    if !matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er") {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year_number(token: &Token) -> Option<i16> {
    (token.kind == TokenKind::Digits && token.text.len() == 4)
        .then(|| token.text.parse().ok())?
        .filter(|year| (1400..=2100).contains(year))
}

fn weekday(tokens: &[Token], at: usize) -> Option<DateMention> {
    let weekday = calendar::weekday(&tokens[at])?;
    let relation = at
        .checked_sub(1)
        .and_then(|before| calendar::relation_before(&tokens[before]));
    Some(DateMention {
        first: at,
        last: at,
        weekday: Some(weekday),
        relation,
        ..DateMention::default()
    })
}

/// A year by itself: four digits that count nothing.
fn year(tokens: &[Token], at: usize) -> Option<DateMention> {
    let year = year_number(&tokens[at])?;
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let amount = before.is_some_and(|t| units::currency_sign(&t.text).is_some())
        || units::percent_length(tokens, at + 1) > 0;
    (!amount).then(|| DateMention {
        first: at,
        last: at,
        year: Some(year),
        ..DateMention::default()
    })
}

/// "Yesterday", "last month"; English only.
fn relative(tokens: &[Token], at: usize, english: bool) -> Option<DateMention> {
    if !english {
        return None;
    }
    let token = &tokens[at];
    let mention = |relation, last| DateMention {
        first: at,
        last,
        relation: Some(relation),
        ..DateMention::default()
    };
    if let Some(relation) = calendar::relative_day(&token.folded) {
        return Some(mention(relation, at));
    }
    let direction = calendar::relation_before(token)?;
    let unit = tokens.get(at + 1).filter(|t| t.gap == Gap::Blank)?;
    // "This month's" belongs to a thing, "last" alone to anything.
    let relation = calendar::relative_unit(direction, unit.stem())?;
    Some(mention(relation, at + 1))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::verify::read::tokens::tokens;

    fn resolved(text: &str, language: &str) -> String {
        let found = mentions(
            &tokens(text),
            Some(language),
            Some("2026-01-07".parse().unwrap()),
        );
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
            ("en-US", "1/6/2026", "2026-01-06"),
            ("en-GB", "6/1/2026", "2026-01-06"),
        ] {
            assert_eq!(resolved(text, language), expected, "{text}");
        }
    }
}
