//! Days, months, years and weekdays: read in four languages, compared as calendar facts.
//!
//! A date is what its writer stated of it: any of year, month, day, weekday, and a
//! relation to the day of publication ("yesterday", "last month"). Two dates agree when
//! what both state is equal, or when both resolve to the same days; a coarser date rests
//! on a finer one ("in March" on "on 3 March"), never the other way round. Not read:
//! times of day, durations and holidays; other calendars.

use jiff::{ToSpan, civil::Date};

use super::{
    Evidence, Finding, Reason, Severity,
    calendar::Relation,
    finding, quoted,
    sources::Library,
    tokens::{Token, TokenKind},
};
use crate::{text::Span, verify::ClaimKind};

/// A date in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DateMention {
    /// Its first token.
    pub(super) first: usize,
    /// Its last token.
    pub(super) last: usize,
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    /// 1 for Monday to 7 for Sunday.
    pub(super) weekday: Option<i8>,
    pub(super) relation: Option<Relation>,
    /// The days it may mean, each a first and a last day.
    pub(super) days: Vec<(Date, Date)>,
}

/// Holds one date of the checked text against the sources.
pub(super) fn judge(
    date: &DateMention,
    tokens: &[Token],
    library: &Library<'_>,
    closest: impl FnOnce() -> Option<Evidence>,
) -> Result<Evidence, Finding> {
    if let Some(evidence) = stated(date, library) {
        return Ok(evidence);
    }
    let span = Span::new(tokens[date.first].span.start, tokens[date.last].span.end);
    // "Last month" may be put in other words, and where no day of publication is known,
    // a source's "yesterday" may be any weekday.
    let weekday = date.weekday.is_some() && date.day.is_none();
    let floating = library.days.is_empty()
        && ["today", "tomorrow", "tonight", "yesterday"]
            .iter()
            .any(|word| !library.places(word).is_empty());
    let severity = if date.relation.is_some() || weekday && floating {
        Severity::Warning
    } else {
        Severity::Error
    };
    let written: Vec<&str> = tokens[date.first..=date.last]
        .iter()
        .map(|token| token.text.as_str())
        .collect();
    Err(finding(
        ClaimKind::Date,
        Reason::DateNotFound,
        severity,
        span,
        format!("No source has the date {}.", quoted(&written.join(" "))),
        closest(),
    ))
}

fn stated(date: &DateMention, library: &Library<'_>) -> Option<Evidence> {
    for (doc, entry) in library.docs.iter().enumerate() {
        if let Some(theirs) = entry.dates.iter().find(|theirs| date.rests_on(theirs)) {
            return Some(library.evidence(doc, theirs.first, theirs.last));
        }
    }
    // A year may stand in a number, as in "the 2025-26 season".
    if let (Some(year), None, None) = (date.year, date.month, date.relation) {
        for (doc, entry) in library.docs.iter().enumerate() {
            let same = entry.quantities.iter().find(|quantity| {
                (quantity.value - f64::from(year)).abs() < 0.5
                    || quantity.first > 1
                        && quantity.value < 100.0
                        && (quantity.value - f64::from(year % 100)).abs() < 0.5
                        && spans_years(&entry.tokens, quantity.first)
            });
            if let Some(quantity) = same {
                return Some(library.evidence(doc, quantity.first, quantity.last));
            }
        }
    }
    let (id, day) = library.days.iter().find(|(_, day)| date.means(*day))?;
    Some(Library::published_evidence(id, *day))
}

/// Whether the number at `at` is the second of `2025-26` or `2025/26`.
fn spans_years(tokens: &[Token], at: usize) -> bool {
    let joint = &tokens[at - 1];
    (joint.is_mark("-") || joint.is_mark("/"))
        && tokens[at - 2].text.len() == 4
        && tokens[at - 2].kind == TokenKind::Digits
}

impl DateMention {
    /// Whether the checked text may say this date because a source says `theirs`.
    fn rests_on(&self, theirs: &Self) -> bool {
        if self.relation.is_some()
            && self.relation == theirs.relation
            && self.month == theirs.month
            && self.weekday == theirs.weekday
        {
            return true;
        }
        if self.relation.is_none() && theirs.relation.is_none() {
            let agrees = |ours: Option<i16>, theirs: Option<i16>| ours.is_none() || ours == theirs;
            let wide = |part: Option<i8>| part.map(i16::from);
            let day_only = self.weekday.is_some()
                && self.day.is_none()
                && self.month.is_none()
                && self.year.is_none();
            let stated = agrees(self.year, theirs.year)
                && agrees(wide(self.month), wide(theirs.month))
                && agrees(wide(self.day), wide(theirs.day));
            if day_only {
                if self.weekday == theirs.weekday {
                    return true;
                }
            } else if stated {
                return true;
            }
        }
        self.days.iter().any(|(first, last)| {
            theirs
                .days
                .iter()
                .any(|(from, to)| first <= from && to <= last)
        }) && (self.year.is_none() || theirs.year.is_none() || self.year == theirs.year)
    }

    /// Whether the date is, or contains, this day of publication.
    fn means(&self, published: Date) -> bool {
        self.days
            .iter()
            .any(|(first, last)| *first <= published && published <= *last)
    }

    /// Works out which days the mention may mean for a text published on `published`.
    pub(super) fn resolve(&mut self, published: Option<Date>) {
        let days = &mut self.days;
        match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => {
                days.extend(Date::new(year, month, day).ok().map(|d| (d, d)));
                return;
            }
            (Some(year), Some(month), None) => {
                days.extend(month_of(year, month));
                return;
            }
            (Some(year), None, _) => {
                days.extend(year_of(year));
                return;
            }
            _ => {}
        }
        let Some(published) = published else { return };
        if let (Some(month), Some(day)) = (self.month, self.day) {
            // Without a year, the nearest one is meant.
            for year in [published.year() - 1, published.year(), published.year() + 1] {
                let near = Date::new(year, month, day)
                    .ok()
                    .filter(|d| days_between(*d, published) <= 200);
                days.extend(near.map(|d| (d, d)));
            }
        } else if let Some(relation) = self.relation {
            days.extend(relation.resolve(published, self.weekday, self.month));
        } else if let Some(month) = self.month {
            for year in [published.year() - 1, published.year(), published.year() + 1] {
                days.extend(
                    month_of(year, month)
                        .filter(|(first, _)| days_between(*first, published) <= 200),
                );
            }
        } else if let Some(weekday) = self.weekday {
            // "On Tuesday" is the last one or the next one.
            let back =
                i64::from((published.weekday().to_monday_one_offset() - weekday).rem_euclid(7));
            for shift in [-back, 7 - back] {
                days.extend(published.checked_add(shift.days()).ok().map(|d| (d, d)));
            }
        }
    }
}

fn days_between(a: Date, b: Date) -> i32 {
    (a.duration_since(b).as_hours() / 24)
        .abs()
        .try_into()
        .unwrap_or(i32::MAX)
}

pub(super) fn month_of(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

pub(super) fn year_of(year: i16) -> Option<(Date, Date)> {
    let first = Date::new(year, 1, 1).ok()?;
    Some((first, first.last_of_year()))
}
