//! Numbers, amounts and percentages: read from digits and words, compared by value.
//!
//! `1,500`, `1 500`, `fifteen hundred` and `1.5k` are one number. A currency and a
//! percent sign belong to the claim: "5 %" does not bear out "$5". A hedge ("about",
//! "nearly", "more than") is believed within the bounds that [`Hedge::allows`] states. Not
//! judged: what is counted, arithmetic, and vague amounts ("dozens", "thousands").

use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            quantity::{Quantity, Unit, equal},
            tokens::{Gap, Token},
            words::Words,
        },
        sources::Library,
    },
};

/// Whether a claim in `ours` may rest on a source's number in `theirs`. A source that
/// gives no currency may say it elsewhere in the sentence.
fn compatible(ours: Unit, theirs: Unit) -> bool {
    const DOLLARS: &[&str] = &["AUD", "CAD", "HKD", "NZD", "SGD", "USD"];
    // A bare "$" is whichever dollar the text is about.
    let dollar =
        |a, b| a == Unit::Money("dollar") && matches!(b, Unit::Money(c) if DOLLARS.contains(&c));
    ours == theirs
        || dollar(ours, theirs)
        || dollar(theirs, ours)
        || matches!(
            (ours, theirs),
            (Unit::Money(_) | Unit::Measure(_), Unit::Plain)
                | (Unit::Plain, Unit::Money(_) | Unit::Measure(_))
                | (Unit::Measure(_), Unit::Measure(_))
        )
}

/// Holds one number of the checked text against the sources.
pub(in crate::verify) fn judge(
    quantity: &Quantity,
    tokens: &[Token],
    library: &Library<'_>,
    closest: impl FnOnce() -> Option<Evidence>,
) -> Result<Evidence, Finding> {
    if let Some(evidence) = stated(quantity, tokens, library) {
        return Ok(evidence);
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
    let written = words_of(tokens, quantity);
    let other_unit = |theirs: &Quantity| {
        quantity.unit != Unit::Plain && !theirs.in_date && quantity.same_value(theirs)
    };
    if let Some((doc, theirs)) = find(library, other_unit) {
        let evidence = library.evidence(doc, theirs.first, theirs.last);
        let message = format!(
            "The source has this number with another unit: {} instead of {}.",
            quoted(&evidence.text),
            quoted(&written)
        );
        return report(
            Reason::NumberUnitDiffers,
            Severity::Error,
            message,
            Some(evidence),
        );
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
    // A small count may be what a list of the source shows without saying it, and
    // "24/7" and "9/11" count nothing.
    let counted = quantity.unit == Unit::Plain && quantity.value <= 4.0;
    let slash = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.is_mark("/"))
    };
    let slashed = slash(quantity.first.checked_sub(1)) || slash(Some(quantity.last + 1));
    let severity = if counted || slashed {
        Severity::Warning
    } else {
        Severity::Error
    };
    let message = format!("No source has the number {}.", quoted(&written));
    report(Reason::NumberNotFound, severity, message, closest())
}

fn words_of(tokens: &[Token], quantity: &Quantity) -> String {
    let mut words = String::new();
    for (nth, token) in tokens[quantity.first..=quantity.last].iter().enumerate() {
        if nth > 0 && token.gap != Gap::None {
            words.push(' ');
        }
        words.push_str(&token.text);
    }
    words
}

/// The best place of a source that bears the number out: the same word behind it first.
fn stated(quantity: &Quantity, tokens: &[Token], library: &Library<'_>) -> Option<Evidence> {
    let next = tokens.get(quantity.last + 1).map(|t| t.folded.as_str());
    let mut best: Option<(u8, Evidence)> = None;
    for (doc, entry) in library.docs.iter().enumerate() {
        for theirs in &entry.reading.quantities {
            // The 27th of May is no 27, and a third place no three.
            if theirs.in_date || theirs.ordinal && !quantity.ordinal {
                continue;
            }
            let fits = compatible(quantity.unit, theirs.unit)
                && (quantity.same_amount(theirs)
                    || quantity
                        .hedge
                        .allows(quantity.value, quantity.grain, theirs.value))
                || quantity.same_share(theirs)
                || in_decade(quantity, theirs);
            if !fits {
                continue;
            }
            let after = entry
                .reading
                .tokens
                .get(theirs.last + 1)
                .map(|t| t.folded.as_str());
            let score = u8::from(after == next)
                + 2 * u8::from(theirs.unit == quantity.unit && theirs.ordinal == quantity.ordinal);
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, library.evidence(doc, theirs.first, theirs.last)));
            }
        }
    }
    best.map(|(_, evidence)| evidence)
        .or_else(|| one(quantity, library))
}

/// The 1990s are named by any of their years.
fn in_decade(ours: &Quantity, theirs: &Quantity) -> bool {
    ours.unit == Unit::Decade
        && (theirs.value - ours.value >= 0.0 && theirs.value - ours.value < 10.0
            || theirs.unit == Unit::Decade && equal(theirs.value % 100.0, ours.value % 100.0))
}

/// The articles and other words that say "one".
fn one(quantity: &Quantity, library: &Library<'_>) -> Option<Evidence> {
    if !equal(quantity.value, 1.0) || quantity.unit != Unit::Plain {
        return None;
    }
    let place = library.docs.iter().find_map(|doc| {
        let words = Words::of(doc.reading.language);
        words
            .ones
            .iter()
            .find_map(|word| library.places(word).first())
    })?;
    Some(library.evidence(place.doc, place.token, place.token))
}

/// Whether `ours` is `theirs` rounded to what `ours` shows, with two digits or more.
fn rounds(ours: &Quantity, theirs: &Quantity) -> bool {
    compatible(ours.unit, theirs.unit)
        && theirs.grain < ours.grain
        && ours.value >= 10.0 * ours.grain.min(1.0)
        && (ours.value >= 100.0 || ours.unit == Unit::Percent || ours.grain < 1.0)
        && (ours.value - theirs.value).abs() <= ours.grain / 2.0 + 1e-9
        && (ours.value - theirs.value).abs() <= ours.value / 20.0
}

fn find<'l>(
    library: &'l Library<'_>,
    fits: impl Fn(&Quantity) -> bool,
) -> Option<(usize, &'l Quantity)> {
    library
        .docs
        .iter()
        .enumerate()
        .find_map(|(doc, entry)| Some((doc, entry.reading.quantities.iter().find(|q| fits(q))?)))
}
