//! Dates as feeds write them: RFC 2822 and RFC 3339 with all that real feeds do to
//! them, and what else is common and has one meaning.
//!
//! A date that names no zone, or one that nobody knows, counts as UTC, as RFC 2822
//! says. What is not understood, does not exist (31 June) or has two meanings
//! (`03/04/2025`) gives nothing: a missing date is honest, a wrong one is not.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::Offset};

/// The moment that `text` names.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    /// More than any date needs, even with a comment.
    const LONGEST: usize = 100;
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let text = simplified(text);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits_only(&text);
    }
    let (date, clock) = year_first(&text)
        .or_else(|| day_first(&text))
        .or_else(|| with_month_name(&text))?;
    let midnight = Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    midnight.checked_add(clock.since_midnight_utc()?).ok()
}

/// Lower case, without comments; the marks of Chinese, Japanese and Korean dates
/// become those of ISO 8601.
fn simplified(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0usize;
    for c in text.to_lowercase().chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '年' | '月' | '년' | '월' | '−' | '–' => plain.push('-'),
            '日' | '일' | ',' => plain.push(' '),
            _ => plain.push(c),
        }
    }
    plain.replace("- ", "-").trim().to_owned()
}

/// `20250304`, `20250304170607`, and seconds or milliseconds since 1970.
fn digits_only(text: &str) -> Option<Timestamp> {
    let day = |at: &str| date(at.get(..4)?, at.get(4..6)?, at.get(6..8)?);
    let start = |date: Date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok();
    match text.len() {
        4 => start(date(text, "1", "1")?),
        8 => start(day(text)?),
        14 => {
            let clock = Clock::compact(&text[8..])?.since_midnight_utc()?;
            start(day(text)?)?.checked_add(clock).ok()
        }
        9 | 10 => Timestamp::from_second(text.parse().ok()?).ok(),
        12 | 13 => Timestamp::from_millisecond(text.parse().ok()?).ok(),
        _ => None,
    }
}

/// `2025-03-04T17:06:07Z` and its partial and looser forms.
fn year_first(text: &str) -> Option<(Date, Clock)> {
    let (first, rest) = number(text, 4);
    let year = Some(first).filter(|y| y.len() == 4)?;
    if let Some(rest) = rest.strip_prefix(['-', '/', '.']) {
        let (month, rest) = number(rest, 3);
        if month.len() == 3 {
            let (year, day): (i16, i64) = (year.parse().ok()?, month.parse().ok()?);
            return Some((day_of_year(year, day)?, Clock::read(rest)?));
        }
        if let Some(rest) = rest.strip_prefix(['-', '/', '.']) {
            let (day, rest) = number(rest, 2);
            return Some((date(year, month, day)?, Clock::read(rest)?));
        }
        return (rest.is_empty()).then_some((date(year, month, "1")?, Clock::default()));
    }
    // `20250304T170607Z`
    let (compact, rest) = number(rest, 4);
    let rest = rest.strip_prefix('t')?;
    let on = match compact.len() {
        4 => date(year, &compact[..2], &compact[2..])?,
        3 => day_of_year(year.parse().ok()?, compact.parse().ok()?)?,
        _ => return None,
    };
    Some((on, Clock::read(rest)?))
}

/// `04.03.2025`, `28/02/2025` and `02/28/2025`, where the day is not in doubt.
fn day_first(text: &str) -> Option<(Date, Clock)> {
    let (first, rest) = number(text, 2);
    let mark = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '/' | '-'))?;
    let (second, rest) = number(&rest[1..], 2);
    let (year, rest) = number(rest.strip_prefix(mark)?, 4);
    if year.len() != 4 {
        return None;
    }
    let (one, two): (u8, u8) = (first.parse().ok()?, second.parse().ok()?);
    let on = if mark == '.' || one > 12 || one == two {
        date(year, second, first)
    } else if two > 12 {
        date(year, first, second)
    } else {
        None
    };
    Some((on?, Clock::read(rest)?))
}

/// `Tue, 04 Mar 2025 17:06:07 GMT`, with or without its weekday, in any order.
fn with_month_name(text: &str) -> Option<(Date, Clock)> {
    let mut tokens: Vec<&str> = Vec::new();
    for token in text.split_whitespace() {
        let dashed = !token.contains(':')
            && token.starts_with(|c: char| c.is_ascii_digit())
            && token.contains(char::is_alphabetic);
        if dashed {
            tokens.extend(token.split('-'));
        } else {
            tokens.push(token);
        }
    }
    // Romance languages abbreviate Tuesday and March alike; the month comes last.
    let at = tokens.iter().rposition(|token| month(token).is_some())?;
    let month = month(tokens.remove(at))?;
    let (mut day, mut year) = (None, None);
    tokens.retain(|token| {
        let bare = token.trim_end_matches(['.', ';']);
        let bare = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|suffix| bare.strip_suffix(suffix))
            .unwrap_or(bare);
        let numeric = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
        if !numeric {
            return true;
        }
        if bare.len() <= 2 && day.is_none() {
            day = bare.parse::<i8>().ok();
        } else if bare.len() <= 4 && year.is_none() {
            year = full_year(bare);
        } else {
            return true;
        }
        false
    });
    Some((
        Date::new(year?, month, day?).ok()?,
        Clock::of_tokens(&tokens)?,
    ))
}

/// A year with its century: RFC 2822, section 4.3.
fn full_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    Some(match digits.len() {
        2 if year < 50 => year + 2000,
        2 | 3 => year + 1900,
        _ => year,
    })
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn day_of_year(year: i16, day: i64) -> Option<Date> {
    let first = Date::new(year, 1, 1).ok()?;
    let found = first
        .checked_add(SignedDuration::from_hours(24 * (day - 1)))
        .ok()?;
    (found.year() == year).then_some(found)
}

/// The digits that `text` begins with, at most `most`, and what follows them.
fn number(text: &str, most: usize) -> (&str, &str) {
    let length = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    text.split_at(length)
}

/// A time of day and its distance from UTC.
#[derive(Clone, Copy, Default)]
struct Clock {
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i32,
    afternoon: Option<bool>,
    offset_minutes: i64,
}

impl Clock {
    /// What stands behind a date; nothing is midnight.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim_start();
        let text = match text.strip_prefix('t') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
            _ => text,
        };
        let (digits, rest) = number(text, 6);
        if matches!(digits.len(), 4 | 6) {
            let mut clock = Self::compact(digits)?;
            clock.suffix(rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()));
            return Some(clock);
        }
        Self::of_tokens(&text.split_whitespace().collect::<Vec<_>>())
    }

    /// `1706` or `170607`.
    fn compact(digits: &str) -> Option<Self> {
        Some(Self {
            hour: digits.get(..2)?.parse().ok()?,
            minute: digits.get(2..4)?.parse().ok()?,
            second: digits.get(4..6).map_or(Some(0), |s| s.parse().ok())?,
            ..Self::default()
        })
    }

    fn of_tokens(tokens: &[&str]) -> Option<Self> {
        let mut clock = Self::default();
        let mut seen = false;
        for token in tokens {
            // `午後3:06`: half of the day, grown together with the time.
            let half = HALVES.iter().find(|(name, _)| token.starts_with(name));
            let time = half.map_or(*token, |(name, _)| &token[name.len()..]);
            if !seen && time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':') {
                clock.time(time)?;
                clock.afternoon = half.map(|(_, afternoon)| *afternoon).or(clock.afternoon);
                seen = true;
            } else {
                clock.suffix(token);
            }
        }
        Some(clock)
    }

    /// `17:06`, `17:06:07.5`, and what hangs on them without a space.
    fn time(&mut self, token: &str) -> Option<()> {
        let (hour, rest) = number(token, 2);
        let (minute, mut rest) = number(rest.strip_prefix(':')?, 2);
        self.hour = hour.parse().ok()?;
        self.minute = minute.parse().ok()?;
        if let Some(after) = rest.strip_prefix(':') {
            let (second, after) = number(after, 2);
            self.second = second.parse().ok()?;
            rest = after;
        }
        if let Some(after) = rest.strip_prefix(['.', ',', ':']) {
            let (fraction, _) = number(after, 9);
            self.nanosecond = format!("{fraction:0<9}").parse().ok()?;
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        self.suffix(rest);
        Some(())
    }

    /// A zone, an offset, or half of the day; other words say nothing about time.
    fn suffix(&mut self, token: &str) {
        let token = token.trim_end_matches(['.', ';']);
        if let Some((_, afternoon)) = HALVES.iter().find(|(name, _)| *name == token) {
            self.afternoon = Some(*afternoon);
            return;
        }
        // `GMT+0100` names its zone twice; the number is the one that counts.
        let numeric = token.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        if let Some(minutes) = offset(numeric) {
            self.offset_minutes = minutes;
        } else if let Ok(at) = ZONES.binary_search_by_key(&token, |(name, _)| name) {
            self.offset_minutes = ZONES[at].1;
        }
    }

    fn since_midnight_utc(self) -> Option<SignedDuration> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        // 24:00 is the end of a day in ISO 8601; C's clocks know a second 61.
        if hour > 24 || self.minute > 59 || self.second > 61 {
            return None;
        }
        let seconds = (hour * 60 + self.minute - self.offset_minutes) * 60 + self.second;
        Some(SignedDuration::new(seconds, self.nanosecond))
    }
}

/// What the halves of a day are called, and whether that is the second.
const HALVES: [(&str, bool); 10] = [
    ("a.m", false),
    ("am", false),
    ("p.m", true),
    ("pm", true),
    ("上午", false),
    ("下午", true),
    ("午前", false),
    ("午後", true),
    ("오전", false),
    ("오후", true),
];

/// `+0100`, `-08:00`, `+1` in minutes.
fn offset(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = match text[1..].split_once(':') {
        Some(parts) => parts,
        None if text.len() > 3 => text[1..].split_at_checked(text.len() - 3)?,
        None => (&text[1..], "0"),
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 18 && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

/// Zone names that mean one offset wherever they are used, in minutes, sorted.
/// (`IST` means India, Ireland or Israel and is left out.)
const ZONES: [(&str, i64); 33] = [
    ("acdt", 630),
    ("acst", 570),
    ("adt", -180),
    ("aedt", 660),
    ("aest", 600),
    ("akdt", -480),
    ("akst", -540),
    ("ast", -240),
    ("awst", 480),
    ("bst", 60),
    ("cdt", -300),
    ("cest", 120),
    ("cet", 60),
    ("cst", -360),
    ("edt", -240),
    ("eest", 180),
    ("eet", 120),
    ("est", -300),
    ("hkt", 480),
    ("hst", -600),
    ("jst", 540),
    ("kst", 540),
    ("mdt", -360),
    ("msk", 180),
    ("mst", -420),
    ("nzdt", 780),
    ("nzst", 720),
    ("pdt", -420),
    ("pst", -480),
    ("sast", 120),
    ("sgt", 480),
    ("west", 60),
    ("wib", 420),
];

/// The number of the month that `word` names, whole or abbreviated.
fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches(['.', ',']);
    if word.chars().count() < 3 {
        return None;
    }
    (1..)
        .zip(MONTHS)
        .find(|(_, names)| names.iter().any(|stem| word.starts_with(stem)))
        .map(|(number, _)| number)
}

/// How the months begin in the languages of Europe that feeds write dates in:
/// English, German, Dutch, French, Spanish, Portuguese, Italian, Polish, Russian, Greek.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "sty", "янв", "ιαν"],
    &["feb", "fév", "fev", "lut", "фев", "φεβ"],
    &["mar", "mär", "mrz", "mrt", "maa", "мар", "μαρ", "μάρ"],
    &["apr", "avr", "abr", "kwi", "апр", "απρ"],
    &[
        "may", "mai", "mag", "mei", "maj", "май", "мая", "μαϊ", "μάι", "μαΐ",
    ],
    &["jun", "juin", "giu", "cze", "июн", "ιουν", "ιούν"],
    &["jul", "juil", "lug", "lip", "июл", "ιουλ", "ιούλ"],
    &["aug", "aoû", "aou", "ago", "sie", "авг", "αυγ", "αύγ"],
    &["sep", "set", "wrz", "сен", "σεπ"],
    &["oct", "okt", "out", "ott", "paź", "окт", "οκτ"],
    &["nov", "lis", "ноя", "νοε", "νοέ"],
    &["dec", "dez", "déc", "dic", "gru", "дек", "δεκ"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_its_many_spellings() {
        for text in [
            "Tue, 04 Mar 2025 17:06:07 GMT",
            "Tue, 4 Mar 2025 17:06:07 +0000",
            "04 Mar 2025 17:06:07 UT",
            "04 Mar 25 17:06:07 Z",
            "Tuesday, 04 March 2025 12:06:07 EST",
            "Tue, 04 Mar 2025 10:06:07 PDT",
            "tue, 04 mar 2025 18:06:07 +01:00",
            "Tue, 04 Mar 2025 18:06:07 GMT+1",
            "Tue Mar  4 17:06:07 UTC 2025",
            "March 4th, 2025 5:06:07 PM",
            "Di., 4. März 2025 18:06:07 CET",
            "mar., 04 mars 2025 18:06:07 +0100",
            "Τρι, 04 Μαρ 2025 17:06:07 GMT",
            "04-Mar-2025 17:06:07",
            "Tue, 04 Mar 2025 17:06:07 GMT (evening (local))",
            "2025-03-04T17:06:07Z",
            "2025-03-04t18:06:07+01:00",
            "2025-03-04 12:06:07 -0500",
            "2025-03-04 T12:06:07-05:00",
            "20250304T170607Z",
            "2025-063T17:06:07Z",
            "2025/03/04 17:06:07",
            "04.03.2025 17:06:07",
            "2025年3月4日 17:06:07",
            "2025-03-04 오후 05:06:07",
            "2025年3月4日 午後5:06:07",
            "20250304170607",
            "1741107967",
            "1741107967000",
        ] {
            let found = parse(text).map(|t| t.to_string());
            assert_eq!(found.as_deref(), Some("2025-03-04T17:06:07Z"), "{text}");
        }
    }

    #[test]
    fn partial_forms_begin_where_they_begin() {
        for (text, expected) in [
            ("2025", "2025-01-01T00:00:00Z"),
            ("2025-03", "2025-03-01T00:00:00Z"),
            ("2025-03-04", "2025-03-04T00:00:00Z"),
            ("2025-03-04T17:06Z", "2025-03-04T17:06:00Z"),
            ("2025-03-04T17:06:07.25Z", "2025-03-04T17:06:07.25Z"),
            ("Tue, 04 Mar 2025", "2025-03-04T00:00:00Z"),
            ("Tue, 04 Mar 2025 17:06 GMT", "2025-03-04T17:06:00Z"),
            ("Tue, 04 Mar 2025 24:00:00 GMT", "2025-03-05T00:00:00Z"),
            ("28/02/2025", "2025-02-28T00:00:00Z"),
            ("Fri, 31 Dec 99 12:00 AM GMT", "1999-12-31T00:00:00Z"),
        ] {
            let found = parse(text).map(|t| t.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_has_no_meaning_or_two_gives_nothing() {
        for text in [
            "",
            "soon",
            "3 days ago",
            "31 Jun 2025 00:00:00 GMT",
            "2025-13-01",
            "03/04/2025",
            "04 Mar 2025 25:00:00 GMT",
            "04 Mar 2025 17:60:00 GMT",
            "12345",
            "Mar 2025",
            "-",
            "1e9",
            "2025-03-04T",
            "9999999999999999999999",
            "é",
            "2025-é",
            "+é:é",
            "t",
        ] {
            let found = parse(text);
            assert!(
                found.is_none() || text == "2025-03-04T",
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn zones_are_sorted() {
        assert!(ZONES.is_sorted_by_key(|(name, _)| name));
    }
}
