//! A date as its writer stated it, and the days that it may mean.

use jiff::{ToSpan, civil::Date};

use super::{
    calendar::{Period, Relation, later},
    clock::Clock,
};

/// A date in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::verify) struct DateMention {
    /// Its first token.
    pub(in crate::verify) first: usize,
    /// Its last token.
    pub(in crate::verify) last: usize,
    pub(in crate::verify) year: Option<i16>,
    pub(in crate::verify) month: Option<i8>,
    pub(in crate::verify) day: Option<i8>,
    /// 1 for Monday to 7 for Sunday.
    pub(in crate::verify) weekday: Option<i8>,
    pub(in crate::verify) relation: Option<Relation>,
    /// A quarter of the year, 1 to 4.
    pub(in crate::verify) quarter: Option<i8>,
    /// A time of day; then nothing else is stated.
    pub(in crate::verify) clock: Option<Clock>,
    /// The days it may mean, each a first and a last day.
    pub(in crate::verify) days: Vec<(Date, Date)>,
}

impl DateMention {
    /// Whether a reader takes it for a statement; "today" is said of anything that is new.
    pub(in crate::verify) fn is_claim(&self) -> bool {
        self.relation != Some(Relation::Later(Period::Day, 0))
    }

    /// Whether it is a weekday without a day of the month.
    pub(in crate::verify) fn is_weekday_alone(&self) -> bool {
        self.weekday.is_some() && self.day.is_none()
    }

    /// Whether its numbers count nothing: a day of a month, a time of day.
    pub(in crate::verify) fn is_of_numbers(&self) -> bool {
        self.month.is_some() || self.clock.is_some() || self.quarter.is_some()
    }

    /// Whether the checked text may say this date because a source says `theirs`.
    pub(in crate::verify) fn rests_on(&self, theirs: &Self) -> bool {
        if let (Some(ours), Some(theirs)) = (self.clock, theirs.clock) {
            return ours.agrees(theirs);
        }
        if self.clock.is_some() || theirs.clock.is_some() {
            return false;
        }
        if self.quarter.is_some() {
            let year = self.year.is_none() || theirs.year.is_none() || self.year == theirs.year;
            return year && self.quarter == theirs.quarter;
        }
        if self.relation.is_some()
            && self.relation == theirs.relation
            && self.month == theirs.month
            && self.day == theirs.day
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
    pub(in crate::verify) fn means(&self, published: Date) -> bool {
        self.days
            .iter()
            .any(|(first, last)| *first <= published && published <= *last)
    }

    /// Works out which days the mention may mean for a text published on `published`.
    pub(in crate::verify) fn resolve(&mut self, published: Option<Date>) {
        if self.clock.is_some() || self.quarter.is_some() {
            return;
        }
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
        if let (Some(Relation::Later(period, by)), true) =
            (self.relation, self.month.or(self.day).is_some())
        {
            // "지난달 5일", "작년 3월": a part of the period.
            let Some((first, _)) = later(published, period, by) else {
                return;
            };
            let month = self.month.unwrap_or(first.month());
            days.extend(match self.day {
                Some(day) => Date::new(first.year(), month, day).ok().map(|d| (d, d)),
                None => month_of(first.year(), month),
            });
        } else if let (Some(month), Some(day)) = (self.month, self.day) {
            // Without a year, the nearest one is meant.
            for year in [published.year() - 1, published.year(), published.year() + 1] {
                let near = Date::new(year, month, day)
                    .ok()
                    .filter(|d| days_between(*d, published) <= 200);
                days.extend(near.map(|d| (d, d)));
            }
        } else if let Some(day) = self.day {
            // "5일": of this month, the last or the next.
            for by in [-1, 0, 1] {
                let near = later(published, Period::Month, by)
                    .and_then(|(first, _)| Date::new(first.year(), first.month(), day).ok());
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

pub(in crate::verify) fn month_of(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

pub(in crate::verify) fn year_of(year: i16) -> Option<(Date, Date)> {
    let first = Date::new(year, 1, 1).ok()?;
    Some((first, first.last_of_year()))
}
