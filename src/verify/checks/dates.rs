//! Days, months, years and weekdays: read in four languages, compared as calendar facts.
//!
//! A date is what its writer stated of it: any of year, month, day, weekday, and a
//! relation to the day of publication ("yesterday", "last month"). Two dates agree when
//! what both state is equal, or when both resolve to the same days; a coarser date rests
//! on a finer one ("in March" on "on 3 March"), never the other way round. Not read:
//! times of day, durations and holidays; other calendars.

use super::stretch::written;
use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            calendar::{Period, Relation},
            date::DateMention,
            tokens::{Gap, Token, TokenKind},
        },
        sources::Library,
    },
};

/// Holds one date of the checked text against the sources.
pub(in crate::verify) fn judge(
    date: &DateMention,
    tokens: &[Token],
    library: &Library<'_>,
    closest: impl FnOnce() -> Option<Evidence>,
) -> Result<Evidence, Finding> {
    if let Some(evidence) = stated(date, library) {
        return Ok(evidence);
    }
    let span = Span::new(tokens[date.first].span.start, tokens[date.last].span.end);
    let closest = closest();
    let unsure = date.relation.is_some()
        || date.is_weekday_alone()
            && (may_be_name(date, tokens)
                || library.days.is_empty() && counts_from_today(closest.as_ref(), library));
    let severity = if unsure {
        Severity::Warning
    } else {
        Severity::Error
    };
    let written = written(&tokens[date.first..=date.last]);
    let what = if date.clock.is_some() { "time" } else { "date" };
    Err(finding(
        Kind::Date,
        Reason::DateNotFound,
        severity,
        span,
        format!("No source has the {what} {}.", quoted(&written)),
        closest,
    ))
}

/// Where no day of publication is known, a source's "yesterday" may be any weekday: here
/// whether the passage that comes nearest has such a word.
fn counts_from_today(closest: Option<&Evidence>, library: &Library<'_>) -> bool {
    library.docs.iter().any(|doc| {
        let near = |date: &DateMention| {
            closest.is_none_or(|passage| {
                let there = doc.reading.span(date.first, date.last);
                passage.source == doc.id
                    && passage.field == doc.field
                    && passage.span.contains(there)
            })
        };
        let mut dates = library.work.share(&doc.reading.dates).iter();
        dates.any(|date| {
            matches!(date.relation, Some(Relation::Later(Period::Day, _))) && near(date)
        })
    })
}

/// Whether a weekday may be a first name or stand in a title: a capitalised word follows
/// and no preposition leads to it ("Sunday Oluwole").
fn may_be_name(date: &DateMention, tokens: &[Token]) -> bool {
    const LEADING: &[&str] = &[
        "after", "am", "and", "before", "by", "den", "for", "from", "last", "next", "of", "on",
        "since", "this", "until",
    ];
    let possessive = tokens[date.last].folded.ends_with("'s");
    let before = date
        .first
        .checked_sub(1)
        .map(|at| tokens[at].folded.as_str());
    !possessive
        && tokens
            .get(date.last + 1)
            .is_some_and(|next| next.is_capitalised() && next.gap == Gap::Blank)
        && before.is_none_or(|word| LEADING.binary_search(&word).is_err())
}

fn stated(date: &DateMention, library: &Library<'_>) -> Option<Evidence> {
    for (doc, entry) in library.docs.iter().enumerate() {
        let all = library.work.share(&entry.reading.dates);
        if let Some(theirs) = all.iter().find(|theirs| date.rests_on(theirs)) {
            return Some(library.evidence(doc, theirs.first, theirs.last));
        }
    }
    // A year may stand in a number, as in "the 2025-26 season".
    if let (Some(year), None, None, None) = (date.year, date.month, date.relation, date.quarter) {
        for (doc, entry) in library.docs.iter().enumerate() {
            let all = library.work.share(&entry.reading.quantities);
            let same = all.iter().find(|quantity| {
                (quantity.value - f64::from(year)).abs() < 0.5
                    || quantity.first > 1
                        && quantity.value < 100.0
                        && (quantity.value - f64::from(year % 100)).abs() < 0.5
                        && spans_years(&entry.reading.tokens, quantity.first)
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
