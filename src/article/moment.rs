//! A publication time as exact as the page gave it: a day, or a time with its zone.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil, tz::Offset};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day (`2026-01-05`), or a time with its offset (`2026-01-05T09:30:00+09:00`).
///
/// Written and read as RFC 3339, so that a page which names only a day is never
/// given an hour that nobody stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Only the day is known.
    Day(civil::Date),
    /// The local time and the offset from UTC that the page stated.
    Time(civil::DateTime, Offset),
}

impl Moment {
    /// The calendar day, as the page's own clock had it.
    pub fn date(self) -> civil::Date {
        match self {
            Self::Day(date) => date,
            Self::Time(local, _) => local.date(),
        }
    }

    /// The instant in UTC; a bare day counts from its midnight in UTC.
    pub fn timestamp(self) -> Timestamp {
        let (local, offset) = match self {
            Self::Day(date) => (date.at(0, 0, 0, 0), Offset::UTC),
            Self::Time(local, offset) => (local, offset),
        };
        // Only years beyond ±9999 overflow, and `civil` holds none of those.
        offset.to_timestamp(local).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::Time(Offset::UTC.to_datetime(at), Offset::UTC)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Time(local, offset) if *offset == Offset::UTC => {
                write!(f, "{}Z", at_second(*local))
            }
            Self::Time(local, offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
                write!(f, "{}{sign}{hours:02}:{rest:02}", at_second(*local))
            }
        }
    }
}

/// Fractions of a second say nothing about an article and differ between mirrors.
fn at_second(local: civil::DateTime) -> civil::DateTime {
    local
        .date()
        .at(local.hour(), local.minute(), local.second(), 0)
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() <= 10 {
            return Ok(Self::Day(text.parse()?));
        }
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_timestamp(text)?;
        let local: civil::DateTime = text
            .trim_end_matches('Z')
            .split_once('+')
            .map_or(text.trim_end_matches('Z'), |(local, _)| local)
            .get(..19)
            .unwrap_or(text)
            .parse()?;
        let seconds = local
            .duration_since(Offset::UTC.to_datetime(pieces))
            .as_secs();
        Ok(Self::Time(
            local,
            Offset::from_seconds(i32::try_from(seconds).unwrap_or(0))?,
        ))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day, or a time with its offset (RFC 3339).",
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}))?$"
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_what_it_writes() {
        for text in [
            "2026-01-05",
            "2026-01-05T09:30:00+09:00",
            "2026-01-05T23:30:00-03:30",
            "2026-01-05T09:30:00Z",
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        let evening: Moment = "2026-01-05T23:30:00-03:30".parse().unwrap();
        assert_eq!(evening.date().to_string(), "2026-01-05");
        assert_eq!(evening.timestamp().to_string(), "2026-01-06T03:00:00Z");
        assert!("yesterday".parse::<Moment>().is_err());
    }
}
