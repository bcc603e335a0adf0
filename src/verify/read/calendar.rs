//! Names of months and weekdays, and words that count from the day of publication.

use jiff::{ToSpan, civil::Date};

use super::{
    date::{month_of, year_of},
    tokens::{Token, TokenKind},
};

/// How a date hangs on the day of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Relation {
    /// So many days later.
    Days(i8),
    /// Weeks, months or years later.
    Weeks(i8),
    /// See [`Relation::Weeks`].
    Months(i8),
    /// See [`Relation::Weeks`].
    Years(i8),
    /// Before a weekday or month: the one before.
    Last,
    /// The one that is now.
    This,
    /// The one after.
    Next,
}

impl Relation {
    /// The days that the relation may mean for a text of this day.
    pub(in crate::verify) fn resolve(
        self,
        published: Date,
        weekday: Option<i8>,
        month: Option<i8>,
    ) -> Vec<(Date, Date)> {
        let shifted = |by: jiff::Span| published.checked_add(by).ok();
        let range = match self {
            Self::Days(by) => shifted(i64::from(by).days()).map(|d| (d, d)),
            Self::Weeks(by) => shifted(i64::from(by).weeks()).and_then(|day| {
                let monday = day
                    .checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
                    .ok()?;
                Some((monday, monday.checked_add(6.days()).ok()?))
            }),
            Self::Months(by) => {
                shifted(i64::from(by).months()).and_then(|d| month_of(d.year(), d.month()))
            }
            Self::Years(by) => published
                .year()
                .checked_add(i16::from(by))
                .and_then(year_of),
            Self::Last | Self::This | Self::Next => {
                return self.named(published, weekday, month);
            }
        };
        range.into_iter().collect()
    }

    /// "Last Tuesday", "next March": writers differ by one, so both are possible.
    fn named(self, published: Date, weekday: Option<i8>, month: Option<i8>) -> Vec<(Date, Date)> {
        let shifts: &[i64] = match self {
            Self::Last => &[-1, 0],
            Self::Next => &[1, 2],
            _ => &[0, 1],
        };
        if let Some(weekday) = weekday {
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
        let years: &[i16] = match self {
            Self::Last => &[-1, 0],
            Self::Next => &[0, 1],
            _ => &[0],
        };
        years
            .iter()
            .filter_map(|by| month_of(published.year().checked_add(*by)?, month))
            .collect()
    }
}

/// The month that a word names, 1 to 12. English names need their capital.
pub(in crate::verify) fn month(token: &Token) -> Option<i8> {
    if token.kind != TokenKind::Word {
        return None;
    }
    let at = MONTHS
        .binary_search_by_key(&token.stem(), |(name, _)| name)
        .ok()?;
    let needs_capital = !LOWER_CASE_MONTHS.contains(&token.folded.as_str());
    (!needs_capital || token.is_capitalised()).then_some(MONTHS[at].1)
}

/// Whether the name of a month is a word or a person's name as well.
pub(in crate::verify) fn is_also_a_word(token: &Token) -> bool {
    matches!(
        token.folded.as_str(),
        "april" | "august" | "dec" | "jan" | "mai" | "mar" | "march" | "may" | "sep"
    )
}

/// The weekday that a word names, 1 for Monday.
pub(in crate::verify) fn weekday(token: &Token) -> Option<i8> {
    if token.kind != TokenKind::Word {
        return None;
    }
    let name = token.stem();
    let name = match name.strip_suffix('s') {
        Some(one) if one.ends_with("day") => one,
        _ => name,
    };
    let at = WEEKDAYS
        .binary_search_by_key(&name, |(name, _)| name)
        .ok()?;
    let capital = !name.ends_with("day") && !name.ends_with("tag") && name != "mittwoch";
    (capital || token.is_capitalised()).then_some(WEEKDAYS[at].1)
}

/// The day that one word names by its distance from today.
pub(in crate::verify) fn relative_day(word: &str) -> Option<Relation> {
    match word {
        "yesterday" => Some(Relation::Days(-1)),
        "tomorrow" => Some(Relation::Days(1)),
        _ => None,
    }
}

/// What "last", "this" and "next" before a date mean.
pub(in crate::verify) fn relation_before(token: &Token) -> Option<Relation> {
    match token.folded.as_str() {
        "last" => Some(Relation::Last),
        "this" => Some(Relation::This),
        "next" => Some(Relation::Next),
        _ => None,
    }
}

/// "Last week", "next year".
pub(in crate::verify) fn relative_unit(direction: Relation, unit: &str) -> Option<Relation> {
    let by = match direction {
        Relation::Last => -1,
        Relation::Next => 1,
        // "This week" and "this year" are said of anything that is new.
        _ => return None,
    };
    match unit {
        "week" => Some(Relation::Weeks(by)),
        "month" => Some(Relation::Months(by)),
        "year" => Some(Relation::Years(by)),
        _ => None,
    }
}

/// Months whose names are written small in their language.
const LOWER_CASE_MONTHS: &[&str] = &[
    "abril",
    "agosto",
    "aout",
    "avril",
    "decembre",
    "diciembre",
    "enero",
    "febrero",
    "fevrier",
    "janvier",
    "juillet",
    "juin",
    "julio",
    "junio",
    "marzo",
    "mayo",
    "noviembre",
    "octobre",
    "octubre",
    "septembre",
    "septiembre",
];

/// English, German, French and Spanish names and English abbreviations, folded and sorted.
const MONTHS: &[(&str, i8)] = &[
    ("abril", 4),
    ("agosto", 8),
    ("aout", 8),
    ("apr", 4),
    ("april", 4),
    ("aug", 8),
    ("august", 8),
    ("avril", 4),
    ("dec", 12),
    ("december", 12),
    ("decembre", 12),
    ("dezember", 12),
    ("diciembre", 12),
    ("enero", 1),
    ("feb", 2),
    ("febrero", 2),
    ("februar", 2),
    ("february", 2),
    ("fevrier", 2),
    ("jan", 1),
    ("januar", 1),
    ("january", 1),
    ("janvier", 1),
    ("juillet", 7),
    ("juin", 6),
    ("jul", 7),
    ("juli", 7),
    ("julio", 7),
    ("july", 7),
    ("jun", 6),
    ("june", 6),
    ("juni", 6),
    ("junio", 6),
    ("mai", 5),
    ("mar", 3),
    ("march", 3),
    ("mars", 3),
    ("marz", 3),
    ("marzo", 3),
    ("may", 5),
    ("mayo", 5),
    ("nov", 11),
    ("november", 11),
    ("novembre", 11),
    ("noviembre", 11),
    ("oct", 10),
    ("october", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("oktober", 10),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("septembre", 9),
    ("septiembre", 9),
];

/// The same for weekdays. "Martes" and "mars" are no trouble; "Sun" and "Sat" are.
const WEEKDAYS: &[(&str, i8)] = &[
    ("dienstag", 2),
    ("dimanche", 7),
    ("domingo", 7),
    ("donnerstag", 4),
    ("freitag", 5),
    ("friday", 5),
    ("jeudi", 4),
    ("jueves", 4),
    ("lundi", 1),
    ("lunes", 1),
    ("mardi", 2),
    ("martes", 2),
    ("mercredi", 3),
    ("miercoles", 3),
    ("mittwoch", 3),
    ("monday", 1),
    ("montag", 1),
    ("sabado", 6),
    ("samedi", 6),
    ("samstag", 6),
    ("saturday", 6),
    ("sonntag", 7),
    ("sunday", 7),
    ("thursday", 4),
    ("tuesday", 2),
    ("vendredi", 5),
    ("viernes", 5),
    ("wednesday", 3),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(MONTHS.is_sorted_by_key(|(name, _)| name));
        assert!(WEEKDAYS.is_sorted_by_key(|(name, _)| name));
    }
}
