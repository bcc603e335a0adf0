//! Dates as pages state them for machines: ISO 8601 in all its sloppy forms, RFC 2822,
//! seconds since 1970, and the days that addresses name.
//!
//! A time is taken only together with its offset; without one, only the day is
//! known. What is none of these is read like a date in a text, by `written`.

use jiff::{Timestamp, civil, tz::Offset};

use super::{
    months::{self, date},
    written::{self, Order},
};
use crate::article::Moment;

/// Reads a date that a page states for machines, or a text that is nothing but a date.
pub(crate) fn parse(text: &str, order: Option<Order>) -> Option<Moment> {
    let text = text.trim();
    if text.len() > 120 || text.is_empty() {
        return None;
    }
    iso(text)
        .or_else(|| epoch(text))
        .or_else(|| rfc2822(text))
        .or_else(|| {
            written::find(text, order)
                .next()
                .map(|found| Moment::Day(found.day))
        })
}

/// The day that an address names, as `/2026/01/05/`, `/2026-01-05-` or `/20260105`.
pub(crate) fn in_path(path: &str) -> Option<civil::Date> {
    let bytes = path.as_bytes();
    for start in 0..bytes.len() {
        let fresh = start == 0 || !bytes[start - 1].is_ascii_digit();
        let Some(year) = path
            .get(start..start + 4)
            .filter(|y| fresh && y.starts_with("20"))
        else {
            continue;
        };
        let rest = path.get(start + 4..).unwrap_or("");
        let found = match rest.as_bytes().first() {
            Some(&separator @ (b'/' | b'-' | b'_')) => {
                let mut parts = rest[1..].splitn(3, separator as char);
                let month = parts.next().unwrap_or("");
                let month = month
                    .parse()
                    .ok()
                    .or_else(|| months::number(&month.to_lowercase()));
                let day: String = parts
                    .next()
                    .unwrap_or("")
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                month.zip(day.parse().ok().filter(|_| day.len() <= 2))
            }
            Some(b'0'..=b'9') => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                (digits == 4)
                    .then(|| rest[..2].parse().ok().zip(rest[2..4].parse().ok()))
                    .flatten()
            }
            _ => None,
        };
        if let Some(date) = found.and_then(|(month, day)| date(year.parse().ok()?, month, day)) {
            return Some(date);
        }
    }
    None
}

/// Whether an address names the month of `day`, as `/2026/01/`.
pub(crate) fn has_month(path: &str, day: civil::Date) -> bool {
    path.contains(&format!("/{}/{:02}/", day.year(), day.month()))
}

/// `2026-01-05`, `2026-01-05T09:30`, `2026-01-05 09:30:00.5 +0900`, `20260105`, …
fn iso(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let (day, rest) = if digits == 8 {
        (
            date(
                text[..4].parse().ok()?,
                text[4..6].parse().ok()?,
                text[6..8].parse().ok()?,
            )?,
            &text[8..],
        )
    } else if digits == 4 && matches!(bytes.get(4), Some(b'-' | b'/' | b'.')) {
        let (month, rest) = leading_number(&text[5..])?;
        let rest = rest.strip_prefix(['-', '/', '.'])?;
        let (day, rest) = leading_number(rest)?;
        (date(text[..4].parse().ok()?, month, day)?, rest)
    } else {
        return None;
    };
    // A longer number is no day.
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']);
    Some(clock(rest).map_or(Moment::Day(day), |(time, offset)| {
        Moment::Time(day.to_datetime(time), offset)
    }))
}

fn leading_number(text: &str) -> Option<(i8, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).take(3).count();
    (1..=2)
        .contains(&digits)
        .then(|| Some((text[..digits].parse().ok()?, &text[digits..])))?
}

/// A time of day with its offset.
fn clock(text: &str) -> Option<(civil::Time, Offset)> {
    let (hour, rest) = leading_number(text)?;
    let (minute, mut rest) = leading_number(rest.strip_prefix(':')?)?;
    let mut second = 0;
    if let Some(more) = rest.strip_prefix(':') {
        (second, rest) = leading_number(more)?;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let time = civil::Time::new(hour, minute, second, 0).ok()?;
    Some((time, offset(rest.trim())?))
}

fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT" | "+00:00") {
        return Some(Offset::UTC);
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|&c| c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60)
        .then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Moment> {
    let number: i64 = text.parse().ok()?;
    let second = match text.len() {
        10 => number,
        13 => number / 1000,
        _ => return None,
    };
    let at = Timestamp::from_second(second).ok()?;
    let moment = Moment::from(at);
    (1990..2100)
        .contains(&moment.date().year())
        .then_some(moment)
}

fn rfc2822(text: &str) -> Option<Moment> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    let local = zoned.datetime();
    date(local.year(), local.month(), local.day())?;
    Some(Moment::Time(local, zoned.offset()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_exactly_as_they_are_written() {
        let cases = [
            ("2026-01-05", Some("2026-01-05")),
            (
                "2026-01-05T09:30:00+09:00",
                Some("2026-01-05T09:30:00+09:00"),
            ),
            ("2026-01-05T09:30:00.123Z", Some("2026-01-05T09:30:00Z")),
            ("2026-01-05T09:30-0330", Some("2026-01-05T09:30:00-03:30")),
            (
                "2026-01-05 09:30:00 +0100",
                Some("2026-01-05T09:30:00+01:00"),
            ),
            ("2026-01-05 09:30:00", Some("2026-01-05")),
            ("20260105", Some("2026-01-05")),
            ("1767605400", Some("2026-01-05T09:30:00Z")),
            ("1767605400000", Some("2026-01-05T09:30:00Z")),
            (
                "Mon, 05 Jan 2026 09:30:00 GMT",
                Some("2026-01-05T09:30:00Z"),
            ),
            ("January 5th, 2026", Some("2026-01-05")),
            ("Published: 5 Jan. 2026 at 9.30am", Some("2026-01-05")),
            ("Stand: 5. März 2026", Some("2026-03-05")),
            ("5 de enero de 2026", Some("2026-01-05")),
            ("1er février 2026", Some("2026-02-01")),
            ("5 января 2026 г.", Some("2026-01-05")),
            ("٥", None),
            ("5 يناير 2026", Some("2026-01-05")),
            ("2026年1月5日", Some("2026-01-05")),
            ("2026년 1월 5일", Some("2026-01-05")),
            ("입력 2026.01.05. 오전 9:30", Some("2026-01-05")),
            ("05.01.2026, 09:30 Uhr", Some("2026-01-05")),
            ("25/01/2026", Some("2026-01-25")),
            ("01/25/2026", Some("2026-01-25")),
            ("01/05/2026", None),
            ("5-Jan-2026", Some("2026-01-05")),
            ("05.01.26", Some("2026-01-05")),
            ("5.1.26.3", None),
            ("am 14.–20. Januar 2026", None),
            ("March 5–7, 2026", None),
            ("5.1.2026 - 7.1.2026", None),
            ("31. Dezember 2025 – 6. Januar 2026", None),
            ("© 2025 January 5, 2026", Some("2026-01-05")),
            ("Thứ hai, 5 tháng 1, 2026", Some("2026-01-05")),
            ("5 มกราคม 2569", Some("2026-01-05")),
            ("५ जनवरी २०२६", Some("2026-01-05")),
            ("٥ يناير ٢٠٢٦", Some("2026-01-05")),
            ("5 בינואר 2026", Some("2026-01-05")),
            ("2026. január 5.", Some("2026-01-05")),
            ("2026 m. sausio 5 d.", Some("2026-01-05")),
            ("2026-13-45", None),
            ("0001-01-01", None),
            ("12345678901", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                parse(text, None).map(|m| m.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn an_address_may_name_the_day() {
        for (path, expected) in [
            ("/news/2026/01/05/bridge", Some("2026-01-05")),
            ("/2026/jan/05/bridge", Some("2026-01-05")),
            ("/news/2026-01-05-bridge.html", Some("2026-01-05")),
            ("/a/20260105/bridge", Some("2026-01-05")),
            ("/2026/01/bridge", None),
            ("/id/120260105", None),
            ("/x/202601051234", None),
        ] {
            assert_eq!(
                in_path(path).map(|d| d.to_string()).as_deref(),
                expected,
                "{path}"
            );
        }
    }
}
