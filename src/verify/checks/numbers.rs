//! Numbers, amounts and percentages: read from digits and words, compared by value.
//!
//! `1,500`, `1 500`, `fifteen hundred` and `1.5k` are one number. A currency and a
//! percent sign belong to the claim: "5 %" does not bear out "$5". A hedge ("about",
//! "nearly", "more than") is believed within the bounds that `Hedge::allows` states.

use super::{counted, stretch::written};
use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            Reading,
            quantity::{Quantity, Unit, Writing, equal},
            roots::root,
            tokens::{Gap, Token, TokenKind},
            units::Measure,
            words::{Meaning, Words},
        },
        sources::Library,
    },
};

/// Whether a claim in `ours` may rest on a source's number in `theirs`. A source that
/// gives no currency may say it elsewhere in the sentence.
fn compatible(ours: Unit, theirs: Unit) -> bool {
    const DOLLARS: &[&str] = &["AUD", "CAD", "HKD", "NZD", "SGD", "USD"];
    // A bare "$" is whichever dollar the text is about, and pounds may be a weight.
    let loose = |a, b| match (a, b) {
        (Unit::Money("dollar"), Unit::Money(currency)) => DOLLARS.contains(&currency),
        (Unit::Money("pound"), Unit::Money(currency)) => currency == "GBP",
        (Unit::Money("pound"), Unit::Measure(measure)) => measure == Measure::Pound,
        _ => false,
    };
    ours == theirs
        || loose(ours, theirs)
        || loose(theirs, ours)
        || matches!(
            (ours, theirs),
            (Unit::Money(_) | Unit::Measure(_), Unit::Plain)
                | (Unit::Plain, Unit::Money(_) | Unit::Measure(_))
                | (Unit::Measure(_), Unit::Measure(_))
        )
}

/// Whether the bare number `theirs` may be an amount of the measure `ours`: not the six
/// of "six people" for six months.
fn may_measure(ours: Unit, theirs: &Quantity, reading: &Reading<'_>) -> bool {
    // "Six more long months", "aged six", "6 to 12 months".
    const REACH: usize = 4;
    let Unit::Measure(measure) = ours else {
        return true;
    };
    if theirs.unit != Unit::Plain {
        return true;
    }
    // Twins are no two years old.
    if theirs.writing == Writing::Implied {
        return false;
    }
    let tokens = &reading.tokens;
    let words = Words::of(reading.language);
    let open = tokens
        .get(theirs.last + 1)
        .is_none_or(|next| next.gap > Gap::Blank || !next.is_word());
    let near = (theirs.last + 1..theirs.last + 1 + REACH).any(|at| {
        words
            .read(tokens, at, |meaning| match meaning {
                Meaning::Measure(other) => (other.dimension() == measure.dimension()).then_some(()),
                _ => None,
            })
            .is_some()
    });
    let age = (theirs.first.saturating_sub(2)..theirs.first).any(|at| {
        let age = words.read(tokens, at, |m| (m == Meaning::Age).then_some(()));
        age.is_some_and(|((), last)| last + 1 == theirs.first)
    });
    open || near || age
}

/// Holds one number of the checked text against the sources.
pub(in crate::verify) fn judge(
    quantity: &Quantity,
    ours: &Reading<'_>,
    library: &Library<'_>,
    closest: impl FnOnce() -> Option<Evidence>,
) -> Result<Evidence, Finding> {
    let tokens = &ours.tokens;
    if let Some(evidence) = stated(quantity, ours, library) {
        return Ok(evidence);
    }
    let years = counted::years_apart(quantity, ours, library);
    if let (Some(evidence), Some(_)) = (&years, library.published) {
        return Ok(evidence.clone());
    }
    let span = Span::new(
        tokens[quantity.first].span.start,
        tokens[quantity.last].span.end,
    );
    let report = |reason, severity, message, closest| {
        Err(finding(
            Kind::Number,
            reason,
            severity,
            span,
            message,
            closest,
        ))
    };
    let written = written(&tokens[quantity.first..=quantity.last]);
    let points = |a, b| a == Unit::Points && b == Unit::Percent;
    let other_unit = |theirs: &Quantity| {
        quantity.unit != Unit::Plain
            && !(theirs.in_date || theirs.ordinal)
            // "Six people" are no other unit of six months.
            && (theirs.unit != Unit::Plain || !matches!(quantity.unit, Unit::Measure(_)))
            && theirs.writing != Writing::Implied
            && quantity.same_value(theirs)
    };
    if let Some((doc, theirs)) = find(library, other_unit) {
        let evidence = library.evidence(doc, theirs.first, theirs.last);
        let message = format!(
            "The source has this number with another unit: {} instead of {}.",
            quoted(&evidence.text),
            quoted(&written)
        );
        // Writers say "2 %" for two points, and mean it.
        let severity = if points(quantity.unit, theirs.unit) || points(theirs.unit, quantity.unit) {
            Severity::Warning
        } else {
            Severity::Error
        };
        return report(Reason::NumberUnitDiffers, severity, message, Some(evidence));
    }
    if let Some((doc, theirs)) = find(library, |theirs| rounds(quantity, theirs)) {
        let evidence = library.evidence(doc, theirs.first, theirs.last);
        let message = format!(
            "The source has the exact number {}; the text rounds it without saying so.",
            quoted(&evidence.text)
        );
        return report(
            Reason::NumberRounded,
            Severity::Warning,
            message,
            Some(evidence),
        );
    }
    let derived = years.or_else(|| counted::sum(quantity, ours, library));
    if let Some(evidence) = derived {
        let message = format!(
            "No source states the number {}; it may follow from {}.",
            quoted(&written),
            quoted(&evidence.text)
        );
        return report(
            Reason::NumberNotFound,
            Severity::Warning,
            message,
            Some(evidence),
        );
    }
    // A small count may be what a list of the source shows without saying it, or follow
    // from a "third"; and "24/7" and "9/11" count nothing.
    let listed = quantity.unit == Unit::Plain
        && (2..=6_usize)
            .find(|count| equal(*count as f64, quantity.value))
            .is_some_and(|count| {
                let nth = |theirs: &Quantity| theirs.ordinal && quantity.same_value(theirs);
                find(library, nth).is_some() || counted::list(count, library).is_some()
            });
    let slash = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.is_mark("/"))
    };
    let slashed = slash(quantity.first.checked_sub(1)) || slash(Some(quantity.last + 1));
    let scored = score_unlike_any(quantity, tokens, library);
    let counted = quantity.unit == Unit::Plain
        && quantity.writing == Writing::Words
        && quantity.value <= 4.0
        && !counted_otherwise(quantity, ours, library);
    let severity = if listed || slashed || scored || counted {
        Severity::Warning
    } else {
        Severity::Error
    };
    let message = format!("No source has the number {}.", quoted(&written));
    report(Reason::NumberNotFound, severity, message, closest())
}

/// Whether a source counts the same things as the text, and counts another number of them.
/// Where none does, the writer may have counted.
fn counted_otherwise(quantity: &Quantity, ours: &Reading<'_>, library: &Library<'_>) -> bool {
    let Some(thing) = counted::thing_behind(quantity, ours) else {
        return false;
    };
    let thing = root(thing.stem());
    library.docs.iter().any(|doc| {
        doc.reading.quantities.iter().any(|theirs| {
            counted::thing_behind(theirs, &doc.reading)
                .is_some_and(|word| root(word.stem()) == thing)
        })
    })
}

/// Whether the number is one side of a small score, and no source has a score: then the
/// goals that it tells of may be counted.
fn score_unlike_any(quantity: &Quantity, tokens: &[Token], library: &Library<'_>) -> bool {
    is_side_of_score(quantity, tokens)
        && !library.docs.iter().any(|doc| {
            let mut numbers = library.work.share(&doc.reading.quantities).iter();
            numbers.any(|theirs| is_side_of_score(theirs, &doc.reading.tokens))
        })
}

/// Whether the number is one side of a small score: `3-1`.
fn is_side_of_score(quantity: &Quantity, tokens: &[Token]) -> bool {
    const MOST: f64 = 9.0;
    let digits = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.kind == TokenKind::Digits && t.text.len() == 1)
    };
    let dash = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.is_mark("-"))
    };
    quantity.value <= MOST
        && quantity.unit == Unit::Plain
        && quantity.writing == Writing::Digits
        && (dash(quantity.first.checked_sub(1)) && digits(quantity.first.checked_sub(2))
            || dash(Some(quantity.last + 1)) && digits(Some(quantity.last + 2)))
}

/// The best place of a source that bears the number out: the same word behind it first.
fn stated(quantity: &Quantity, ours: &Reading<'_>, library: &Library<'_>) -> Option<Evidence> {
    let tokens = &ours.tokens;
    let next = tokens.get(quantity.last + 1).map(|t| t.folded.as_str());
    let score = is_side_of_score(quantity, tokens);
    let repeated = tokens.iter().skip(quantity.last + 1).take(2).any(|t| {
        matches!(
            t.folded.as_str(),
            "time" | "times" | "mal" | "fois" | "veces"
        )
    });
    let mut best: Option<(u8, Evidence)> = None;
    for (doc, entry) in library.docs.iter().enumerate() {
        for theirs in library.work.share(&entry.reading.quantities) {
            // The 27th of May is no 27, and a third place no three; but who has won the
            // sixth is a six-time winner, and a 15th birthday is the age of 15.
            let behind = entry.reading.tokens.get(theirs.last + 1);
            let birthday = behind.is_some_and(|word| word.stem() == "birthday");
            if theirs.in_date || theirs.ordinal && !(quantity.ordinal || repeated || birthday) {
                continue;
            }
            let fits = compatible(quantity.unit, theirs.unit)
                && may_measure(quantity.unit, theirs, &entry.reading)
                && (theirs.unit == Unit::Plain || !(score || implied_measure(quantity, theirs)))
                && (quantity.same_amount(theirs)
                    || quantity.converted(theirs).is_some_and(|truth| {
                        quantity.hedge.allows(quantity.value, quantity.grain, truth)
                    }))
                || quantity.same_share(theirs)
                || vague(quantity, theirs)
                || in_decade(quantity, theirs);
            if !fits {
                continue;
            }
            let after = behind.map(|t| t.folded.as_str());
            let score = u8::from(after == next)
                + 2 * u8::from(theirs.unit == quantity.unit && theirs.ordinal == quantity.ordinal);
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, library.evidence(doc, theirs.first, theirs.last)));
            }
        }
    }
    best.map(|(_, evidence)| evidence)
        .or_else(|| one(quantity, tokens, library))
        .or_else(|| ratio(quantity, ours, library))
}

/// A quarter is three months, but no three.
fn implied_measure(ours: &Quantity, theirs: &Quantity) -> bool {
    theirs.writing == Writing::Implied && ours.unit == Unit::Plain
}

/// "Hundreds" may stand for any number above them.
fn vague(ours: &Quantity, theirs: &Quantity) -> bool {
    ours.writing == Writing::Vague
        && compatible(ours.unit, theirs.unit)
        && (ours.value..1000.0 * ours.value).contains(&theirs.value)
}

/// The 1990s are named by any of their years.
fn in_decade(ours: &Quantity, theirs: &Quantity) -> bool {
    ours.unit == Unit::Decade
        && (theirs.value - ours.value >= 0.0 && theirs.value - ours.value < 10.0
            || theirs.unit == Unit::Decade && equal(theirs.value % 100.0, ours.value % 100.0))
}

/// "One in five" is 20 %: the share that the number is a part of.
pub(in crate::verify) fn share(quantity: &Quantity, ours: &Reading<'_>) -> Option<f64> {
    let at = ours
        .quantities
        .partition_point(|q| q.first < quantity.first);
    let words = Words::of(ours.language);
    [at.checked_sub(1)?, at].into_iter().find_map(|at| {
        let (part, whole) = (ours.quantities.get(at)?, ours.quantities.get(at + 1)?);
        let ((), last) = words.read_next(&ours.tokens, part.last + 1, |meaning| {
            (meaning == Meaning::Ratio).then_some(())
        })?;
        (last + 1 == whole.first && part.value < whole.value).then_some(part.value / whole.value)
    })
}

/// Where a source has the percentage that "one in five" is, or the other way round.
fn ratio(quantity: &Quantity, ours: &Reading<'_>, library: &Library<'_>) -> Option<Evidence> {
    const NEAR: f64 = 0.6;
    if quantity.unit == Unit::Percent {
        return library.docs.iter().enumerate().find_map(|(nth, doc)| {
            let is_same = |theirs: &&Quantity| {
                let share = share(theirs, &doc.reading);
                share.is_some_and(|share| (100.0 * share - quantity.value).abs() < NEAR)
            };
            let mut quantities = library.work.share(&doc.reading.quantities).iter();
            let theirs = quantities.find(is_same)?;
            Some(library.evidence(nth, theirs.first, theirs.last))
        });
    }
    let share = share(quantity, ours)?;
    let percent = Quantity {
        unit: Unit::Percent,
        ..Quantity::plain(quantity.first, quantity.last, 100.0 * share)
    };
    let (doc, theirs) = find(library, |theirs| {
        let rounded = theirs.unit == Unit::Percent && (theirs.value - percent.value).abs() < NEAR;
        rounded || percent.same_share(theirs)
    })?;
    Some(library.evidence(doc, theirs.first, theirs.last))
}

/// The articles and other words that say "one"; for one of a measure its own word.
fn one(quantity: &Quantity, tokens: &[Token], library: &Library<'_>) -> Option<Evidence> {
    if !equal(quantity.value, 1.0) {
        return None;
    }
    if quantity.writing == Writing::First {
        return beginning(library);
    }
    let place = match quantity.unit {
        Unit::Plain => library.docs.iter().find_map(|doc| {
            let words = Words::of(doc.reading.language);
            words
                .ones
                .iter()
                .find_map(|word| library.places(word).first())
        }),
        Unit::Measure(_) => library.places(tokens[quantity.last].stem()).first(),
        _ => None,
    }?;
    Some(library.evidence(place.doc, place.token, place.token))
}

/// Words of the sources that say that something was not so before; where a source's
/// language has no table of them, its first word.
fn beginning(library: &Library<'_>) -> Option<Evidence> {
    library.docs.iter().enumerate().find_map(|(nth, doc)| {
        let beginnings = &Words::of(doc.reading.language).beginnings;
        if beginnings.is_empty() && !doc.reading.tokens.is_empty() {
            return Some(library.evidence(nth, 0, 0));
        }
        let mut places = beginnings.iter().flat_map(|word| library.family(word));
        let place = places.find(|place| place.doc == nth)?;
        Some(library.evidence(nth, place.token, place.token))
    })
}

/// Whether `ours` is `theirs` rounded to what `ours` shows, with two digits or more.
fn rounds(ours: &Quantity, theirs: &Quantity) -> bool {
    let same_measure =
        !matches!((ours.unit, theirs.unit), (Unit::Measure(a), Unit::Measure(b)) if a != b);
    compatible(ours.unit, theirs.unit)
        && same_measure
        && theirs.grain < ours.grain
        && ours.value >= 10.0 * ours.grain.min(1.0)
        && (ours.value >= 100.0 || ours.unit == Unit::Percent || ours.grain < 1.0)
        && equal((theirs.value / ours.grain).round() * ours.grain, ours.value)
        && (ours.value - theirs.value).abs() <= ours.value / 20.0
}

fn find<'l>(
    library: &'l Library<'_>,
    fits: impl Fn(&Quantity) -> bool,
) -> Option<(usize, &'l Quantity)> {
    library.docs.iter().enumerate().find_map(|(doc, entry)| {
        let all = library.work.share(&entry.reading.quantities);
        Some((doc, all.iter().find(|q| fits(q))?))
    })
}
