//! A quotation given to one source while only another one has it: "according to the
//! Harbour Gazette" beside words that stand in the Coast Courier alone.
//!
//! Asked only of a quotation that is found. A source counts as named where its outlet or
//! author stands as the one who says it; one that is merely mentioned may be the story's.

use super::quotes::Located;
use crate::{
    article::quotation::is_report,
    verify::{
        Finding, Kind, Reason, Severity, SourceField,
        finding::{finding, quoted},
        read::{Reading, tokens::Token},
        sources::Library,
    },
};

/// The finding for a quotation whose sentence names another source than those that have
/// it.
pub(in crate::verify) fn judge(
    reading: &Reading<'_>,
    located: &Located,
    library: &Library<'_>,
) -> Option<Finding> {
    // An attribution stands near; the bound keeps hostile text linear.
    const REACH: usize = 60;
    let first = located.stretches.first()?;
    let holders: Vec<&str> = located
        .stretches
        .iter()
        .map(|stretch| library.docs[stretch.doc].id)
        .collect();
    if library.docs.iter().all(|doc| doc.id == library.docs[0].id) {
        return None;
    }
    let quotation = located.quotation;
    let sentence = reading.sentences[reading.sentence_of(quotation.first)?];
    // The sentence of a long quotation ends with it; the words after it may be another's.
    let end = reading
        .sentence_of(quotation.last)
        .map_or(sentence.end, |last| reading.sentences[last].end);
    let before = sentence.first.max(quotation.first.saturating_sub(REACH))..quotation.first;
    let next = quotation.last + 1;
    let after = next..end.clamp(next, next + REACH);
    let mut wrong = None;
    for doc in library.docs.iter().filter(|d| d.field == SourceField::Name) {
        let name = &doc.reading.tokens;
        let said = [before.clone(), after.clone()]
            .into_iter()
            .find_map(|part| speaks(&reading.tokens, part, name));
        match said {
            Some(_) if holders.contains(&doc.id) => return None,
            Some(place) => wrong = wrong.or(Some((doc.id, place))),
            None => {}
        }
    }
    let (_, (from, to)) = wrong?;
    let holder = library.docs[first.doc].id;
    // A source may quote the other one.
    let name = &reading.tokens[from..=to];
    let mentions = library
        .docs
        .iter()
        .filter(|doc| holders.contains(&doc.id))
        .any(|doc| {
            let tokens = &doc.reading.tokens;
            // Where no steps are left, it may.
            !library.work.take(tokens.len()) || stands_in(tokens, 0..tokens.len(), name).is_some()
        });
    if mentions {
        return None;
    }
    let named = reading.span(from, to);
    let evidence = library.evidence(first.doc, first.first, first.last);
    let outlet = library
        .docs
        .iter()
        .filter(|doc| doc.id == holder && doc.field == SourceField::Name)
        .map(|doc| format!(" ({})", quoted(doc.reading.text)))
        .next_back();
    Some(finding(
        Kind::Quotation,
        Reason::QuotationOtherSource,
        Severity::Error,
        reading.span(quotation.first, quotation.last),
        format!(
            "The text gives the quotation to {}, but only source {holder}{} has these words.",
            quoted(named.of(reading.text)),
            outlet.unwrap_or_default()
        ),
        Some(evidence),
    ))
}

/// Where `name` stands in the tokens `part` as the one who says something.
fn speaks(
    tokens: &[Token],
    part: std::ops::Range<usize>,
    name: &[Token],
) -> Option<(usize, usize)> {
    let (first, last) = stands_in(tokens, part.clone(), name)?;
    let small = |at: &usize| {
        matches!(
            tokens[*at].folded.as_str(),
            "the" | "der" | "die" | "das" | "le" | "la" | "el"
        )
    };
    let mut before = part.clone().rev().filter(|at| *at < first && !small(at));
    let (one, two) = (before.next(), before.next());
    let word = |at: Option<usize>| at.map_or("", |at| tokens[at].folded.as_str());
    let cited = match (word(one), word(two)) {
        ("to", "according")
        | ("laut" | "selon" | "segun" | "secondo" | "segundo" | "volgens", _) => true,
        (verb, _) => is_report(verb),
    };
    let mut after = last + 1..part.end;
    let acts = after.find(|at| tokens[*at].is_word()).is_some_and(|at| {
        is_report(&tokens[at].text)
            || matches!(
                tokens[at].folded.as_str(),
                "has" | "had" | "hat" | "a" | "ha"
            ) && tokens.get(at + 1).is_some_and(|next| is_report(&next.text))
    });
    (cited || acts).then_some((first, last))
}

/// Where the words of `name` stand in the tokens `part`, with its capitals and without an
/// article before it.
fn stands_in(
    tokens: &[Token],
    part: std::ops::Range<usize>,
    name: &[Token],
) -> Option<(usize, usize)> {
    let name = match name {
        [article, rest @ ..] if article.folded == "the" && !rest.is_empty() => rest,
        name => name,
    };
    let end = part.end;
    part.into_iter()
        .find(|at| {
            at + name.len() <= end
                && std::iter::zip(&tokens[*at..], name).all(|(ours, theirs)| {
                    theirs.text == *ours.text.strip_suffix("'s").unwrap_or(&ours.text)
                })
        })
        .filter(|_| name.iter().any(|token| token.is_capitalised()))
        .map(|at| (at, at + name.len() - 1))
}
