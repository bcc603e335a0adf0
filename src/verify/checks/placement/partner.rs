//! Numbers of one sentence exchanged with each other: "six drones and two dogs" for "six
//! dogs and two drones", "Moen, 31" for "Moen, 34".
//!
//! A number has a partner beside it: the thing that it counts, or the person whose age it
//! is. Where the sources have that partner only with another number, and in the same
//! sentence the claim's number with another partner, the two were exchanged. Where a source
//! has the number and the partner in one phrase, the number is in its place.

use crate::verify::{
    Claim, Kind, Reason, Report, Severity, Support,
    checks::counted::is_joint,
    finding::{finding, quoted},
    read::{
        Reading,
        quantity::{Quantity, Unit, Writing},
        tokens::{Gap, Token, TokenKind},
    },
    sources::{Library, Place},
};

/// No phrase that a number begins has more tokens.
const LONGEST: usize = 8;

/// Adds a finding for every supported number of the report that was exchanged.
pub(super) fn check(reading: &Reading<'_>, library: &Library<'_>, report: &mut Report) {
    for claim in &mut report.claims {
        let found = number_in(claim, reading).and_then(|ours| exchanged(ours, reading, library));
        let Some((place, theirs)) = found else {
            continue;
        };
        let there = library.evidence(place.doc, theirs.first, theirs.last);
        let message = format!(
            "The source has {} there, not {}, which it has elsewhere in the same sentence.",
            quoted(&there.text),
            quoted(claim.span.of(reading.text))
        );
        let found = finding(
            Kind::Number,
            Reason::NumberMisplaced,
            Severity::Error,
            claim.span,
            message,
            library.sentence_at(place),
        );
        claim.contradict(&found);
        report.findings.push(found);
    }
}

/// The number that a supported claim is about.
pub(super) fn number_in<'r>(claim: &Claim, reading: &'r Reading<'_>) -> Option<&'r Quantity> {
    if claim.kind != Kind::Number || claim.support != Support::Supported {
        return None;
    }
    let at = reading.quantity_of(reading.token_at(claim.span.start))?;
    Some(&reading.quantities[at])
}

/// The partner of `ours` in a source, and its number there, where `ours` stands in the
/// same sentence with another partner.
fn exchanged<'s>(
    ours: &Quantity,
    reading: &Reading<'_>,
    library: &'s Library<'_>,
) -> Option<(Place, &'s Quantity)> {
    // A thing that is counted so often is the story's subject.
    const MOST: usize = 40;
    let partner = &reading.tokens[partner_of(ours, reading)?];
    let mut numbers = library
        .family(partner.stem())
        .take(MOST)
        .filter_map(|place| Some((place, number_of(place, library)?)));
    let (place, theirs) = numbers.next()?;
    // What stands with two numbers may well have a third.
    let is_known = !ours.same_value(theirs)
        && !ours.hedge.allows(ours.value, ours.grain, theirs.value)
        && numbers.all(|(_, other)| other.same_value(theirs));
    (is_known && is_elsewhere(ours, partner, place, library)).then_some((place, theirs))
}

/// Whether a source has the number in one phrase with what it counts in the text: "two
/// boats", also as "two of the nine old boats".
pub(super) fn is_at_home(ours: &Quantity, reading: &Reading<'_>, library: &Library<'_>) -> bool {
    // A thing that is counted more often is the story's subject.
    const MOST: usize = 40;
    let Some(partner) = partner_of(ours, reading) else {
        return false;
    };
    let mut places = library.family(reading.tokens[partner].stem()).take(MOST);
    places.any(|place| {
        let there = &library.docs[place.doc].reading;
        let from = there
            .quantities
            .partition_point(|quantity| quantity.last + LONGEST < place.token);
        let before = there.quantities[from..].iter();
        before
            .take_while(|quantity| quantity.last < place.token)
            .any(|quantity| quantity.same_value(ours) && place.token < phrase_end(quantity, there))
    })
}

/// Whether the sentence at `place` has the claim's number for something else.
fn is_elsewhere(ours: &Quantity, partner: &Token, place: Place, library: &Library<'_>) -> bool {
    // A hostile source may crowd a sentence with numbers.
    const MOST: usize = 60;
    let reading = &library.docs[place.doc].reading;
    let Some(sentence) = reading.sentence_of(place.token) else {
        return false;
    };
    let here = reading.quantities_in(reading.sentences[sentence]).iter();
    here.take(MOST)
        .filter(|quantity| quantity.same_value(ours))
        .any(|quantity| {
            // "Two first-half penalties" are penalties too.
            let lemma = partner.lemma();
            let may_count = |at: usize| reading.tokens[at].lemma() == lemma;
            partner_of(quantity, reading).is_some()
                && !(quantity.last + 1..phrase_end(quantity, reading)).any(may_count)
        })
}

/// One past the last token of the phrase that a number begins; in "two of the nine boats"
/// it goes on behind the second number.
fn phrase_end(quantity: &Quantity, reading: &Reading<'_>) -> usize {
    let tokens = &reading.tokens;
    let from = quantity.last + 1;
    let is_part = tokens.get(from).is_some_and(|next| next.folded == "of");
    let is_number = |at: usize| reading.quantity_of(at).is_some();
    let ends = |at: &usize| match tokens[*at].kind {
        TokenKind::Word => is_joint(&tokens[*at]) || !is_part && is_number(*at),
        TokenKind::Digits => !is_part,
        TokenKind::Mark => !tokens[*at].is_mark("-"),
        TokenKind::Quote(_) => true,
    };
    let furthest = tokens.len().min(from + LONGEST);
    (from..furthest).find(ends).unwrap_or(furthest)
}

/// The number whose partner is the word at `place`.
fn number_of<'s>(place: Place, library: &'s Library<'_>) -> Option<&'s Quantity> {
    let reading = &library.docs[place.doc].reading;
    let from = reading
        .quantities
        .partition_point(|quantity| quantity.last + 1 < place.token);
    let near = reading.quantities[from..].iter();
    near.take_while(|quantity| quantity.first <= place.token + 2)
        .find(|quantity| partner_of(quantity, reading) == Some(place.token))
}

/// The token of the thing that a number counts, or of the person whose age it is.
fn partner_of(quantity: &Quantity, reading: &Reading<'_>) -> Option<usize> {
    let tokens = &reading.tokens;
    let before = |back: usize| {
        let at = quantity.first.checked_sub(back)?;
        Some((at, &tokens[at]))
    };
    // Not the 2 of a score or of odds ("7-2").
    let is_score = tokens[quantity.first].gap == Gap::None
        && before(1).is_some_and(|(_, token)| !token.is_mark("("));
    let is_count = !is_score
        && quantity.unit == Unit::Plain
        && !quantity.ordinal
        && matches!(quantity.writing, Writing::Digits | Writing::Words);
    if !is_count || quantity.in_date {
        return None;
    }
    let behind = tokens.get(quantity.last + 1);
    // "Moen, 34, …", "Moen (34)".
    if let (Some((_, mark)), Some((named, name))) = (before(1), before(2))
        && name.is_capitalised()
        && (mark.is_mark(",") || mark.is_mark("("))
        && behind.is_none_or(|behind| !behind.is_word())
    {
        return Some(named);
    }
    // The number of a name ("Racing 92") counts nothing.
    let is_named = before(1).is_some_and(|(_, token)| token.is_capitalised());
    let counts = behind.is_some_and(|thing| {
        thing.gap == Gap::Blank && thing.is_content() && !thing.is_capitalised()
    });
    (counts && !is_named).then_some(quantity.last + 1)
}
