//! What words that count from the day of publication mean on the calendar.

use jiff::{ToSpan, civil::Date};
use serde::Deserialize;

use super::{
    date::{month_of, year_of},
    tokens::Token,
    words::{Meaning, Words},
};

/// "Last", "this" or "next".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Direction {
    /// The one before.
    Last,
    /// The one that is now.
    This,
    /// The one after.
    Next,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::verify) enum Period {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

/// How a date hangs on the day of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Relation {
    /// So many periods later.
    Later(Period, i8),
    /// Before or after a weekday or month: the last one, this one, the next one.
    Named(Direction),
}

impl Relation {
    /// The days that the relation may mean for a text of this day.
    pub(in crate::verify) fn resolve(
        self,
        published: Date,
        weekday: Option<i8>,
        month: Option<i8>,
    ) -> Vec<(Date, Date)> {
        match self {
            Self::Later(period, by) => later(published, period, by).into_iter().collect(),
            Self::Named(direction) => named(direction, published, weekday, month),
        }
    }
}

/// The period that is `by` periods after the one of `published`.
pub(in crate::verify) fn later(published: Date, period: Period, by: i8) -> Option<(Date, Date)> {
    let shifted = |by: jiff::Span| published.checked_add(by).ok();
    let by = i64::from(by);
    match period {
        Period::Day => shifted(by.days()).map(|day| (day, day)),
        Period::Week => {
            let day = shifted(by.weeks())?;
            let offset = i64::from(day.weekday().to_monday_zero_offset());
            let monday = day.checked_sub(offset.days()).ok()?;
            Some((monday, monday.checked_add(6.days()).ok()?))
        }
        Period::Month => shifted(by.months()).and_then(|day| month_of(day.year(), day.month())),
        Period::Year => shifted(by.years()).and_then(|day| year_of(day.year())),
    }
}

/// "Last Tuesday", "next March": writers differ by one, so both are possible.
fn named(
    direction: Direction,
    published: Date,
    weekday: Option<i8>,
    month: Option<i8>,
) -> Vec<(Date, Date)> {
    if let Some(weekday) = weekday {
        let shifts: &[i64] = match direction {
            Direction::Last => &[-1, 0],
            Direction::Next => &[1, 2],
            Direction::This => &[0, 1],
        };
        let back = (published.weekday().to_monday_one_offset() - weekday).rem_euclid(7);
        return shifts
            .iter()
            .filter_map(|by| {
                let day = published
                    .checked_add((by * 7 - i64::from(back)).days())
                    .ok()?;
                Some((day, day))
            })
            .collect();
    }
    let Some(month) = month else {
        return Vec::new();
    };
    let years: &[i16] = match direction {
        Direction::Last => &[-1, 0],
        Direction::Next => &[0, 1],
        Direction::This => &[0],
    };
    years
        .iter()
        .filter_map(|by| month_of(published.year().checked_add(*by)?, month))
        .collect()
}

/// The month that a capitalised word names in any language, 1 to 12.
pub(in crate::verify) fn month(token: &Token) -> Option<i8> {
    in_any_language(token, |meaning| match meaning {
        Meaning::Month(month) => Some(month),
        _ => None,
    })
}

/// The weekday that a capitalised word names in any language, 1 for Monday.
pub(in crate::verify) fn weekday(token: &Token) -> Option<i8> {
    in_any_language(token, |meaning| match meaning {
        Meaning::Weekday(weekday) => Some(weekday),
        _ => None,
    })
}

fn in_any_language(token: &Token, pick: impl Fn(Meaning) -> Option<i8>) -> Option<i8> {
    token
        .is_capitalised()
        .then(|| Words::every().find_map(|words| words.word(token.stem(), &pick)))
        .flatten()
}
