//! Two numbers between which something moved, told in the wrong direction: "to 75 from 84"
//! where a source has "to 84 from 75".

use super::partner::number_in;
use crate::{
    text::Span,
    verify::{
        Kind, Reason, Report, Severity,
        finding::{finding, quoted},
        read::{Reading, Sentence, quantity::Quantity, tokens::TokenKind},
        sources::Library,
    },
};

/// Adds a finding for each sentence whose numbers a source has the other way round.
pub(super) fn check(reading: &Reading<'_>, library: &Library<'_>, report: &mut Report) {
    // An editor reads the first few; a hostile text may hold thousands.
    const MOST: usize = 100;
    let courses = reading
        .sentences
        .iter()
        .filter_map(|sentence| course(reading, *sentence));
    for ours in courses.take(MOST) {
        let ends = [ours.from, ours.to].map(|end| reading.span(end.first, end.last));
        let in_question = |span: Span| {
            let claims = report.claims.iter();
            claims
                .filter(|claim| claim.span.overlaps(span))
                .any(|claim| number_in(claim, reading).is_some())
        };
        if !ends.into_iter().all(in_question) {
            continue;
        }
        let Some((doc, sentence)) = turned(&ours, reading, library) else {
            continue;
        };
        let there = &library.docs[doc].reading;
        let Some(theirs) = course(there, sentence) else {
            continue;
        };
        let written = |end: &Quantity, reading: &Reading<'_>| {
            quoted(reading.span(end.first, end.last).of(reading.text))
        };
        let message = format!(
            "The source goes from {} to {}, the text from {} to {}.",
            written(theirs.from, there),
            written(theirs.to, there),
            written(ours.from, reading),
            written(ours.to, reading)
        );
        let [from, to] = ends;
        let found = finding(
            Kind::Number,
            Reason::NumberMisplaced,
            Severity::Error,
            Span::new(from.start.min(to.start), from.end.max(to.end)),
            message,
            Some(library.evidence_at(doc, sentence.span)),
        );
        for claim in &mut report.claims {
            if claim.kind == Kind::Number && ends.iter().any(|end| end.overlaps(claim.span)) {
                claim.contradict(&found);
            }
        }
        report.findings.push(found);
    }
}

/// The numbers behind a "from" and a "to".
struct Course<'r> {
    from: &'r Quantity,
    to: &'r Quantity,
}

/// The course of a sentence that has one "from" and one "to" before numbers of a kind.
fn course<'r>(reading: &'r Reading<'_>, sentence: Sentence) -> Option<Course<'r>> {
    let (mut from, mut to) = (None, None);
    for quantity in reading.quantities_in(sentence) {
        let before = quantity.first.checked_sub(1);
        let end = match before.map(|before| reading.tokens[before].folded.as_str()) {
            Some("from") => &mut from,
            Some("to") => &mut to,
            _ => continue,
        };
        if end.replace(quantity).is_some() {
            return None;
        }
    }
    Some(Course {
        from: from?,
        to: to?,
    })
}

/// A sentence that has the course of the text turned round, where none has it as it is.
fn turned(
    ours: &Course<'_>,
    reading: &Reading<'_>,
    library: &Library<'_>,
) -> Option<(usize, Sentence)> {
    let mut found = None;
    for (nth, doc) in library.docs.iter().enumerate() {
        let there = &doc.reading;
        if !library
            .work
            .take(there.quantities.len() + there.sentences.len())
        {
            return None;
        }
        for sentence in &there.sentences {
            let Some(theirs) = course(there, *sentence) else {
                continue;
            };
            let same = |a: &Quantity, b: &Quantity| is_same(a, reading, b, there);
            if same(ours.from, theirs.from) && same(ours.to, theirs.to) {
                return None;
            }
            if same(ours.from, theirs.to) && same(ours.to, theirs.from) {
                found = found.or(Some((nth, *sentence)));
            }
        }
    }
    found
}

/// Whether two numbers are equal; "from 84" may leave out the unit that stands behind the
/// other.
fn is_same(ours: &Quantity, reading: &Reading<'_>, theirs: &Quantity, there: &Reading<'_>) -> bool {
    fn digits<'r>(number: &Quantity, reading: &'r Reading<'_>) -> Option<&'r str> {
        let mut tokens = reading.tokens[number.first..=number.last].iter();
        let digits = tokens.find(|token| token.kind == TokenKind::Digits)?;
        Some(&digits.text)
    }
    let written = digits(ours, reading);
    ours.same_value(theirs) || written.is_some() && written == digits(theirs, there)
}
