//! Words in quotation marks: found by their marks, then held against the sources.
//!
//! A quotation is supported when a source has its words, in their order, with their
//! capitals and their punctuation. What house styles move may differ: the glyphs of
//! quotation marks and dashes, white space, the case of the first letter, and a comma,
//! full stop or ellipsis at an end. Whether the source itself marks the words as speech
//! does not matter; who said them is not judged here. A quotation inside a quotation
//! is judged with the outer one.

use super::align::{self, Nearest};
use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            quotations::Quotation,
            tokens::{Token, TokenKind},
        },
        sources::{Library, Place},
    },
};

/// Holds one quotation against the sources.
pub(in crate::verify) fn judge(
    quotation: Quotation,
    tokens: &[Token],
    library: &Library<'_>,
    may_search: impl Fn() -> bool,
) -> Result<Evidence, Finding> {
    let inner = &tokens[quotation.first..=quotation.last];
    let span = Span::new(inner[0].span.start, inner[inner.len() - 1].span.end);
    let core = core(inner);
    if let Some(evidence) = exact(&core, library) {
        return Ok(evidence);
    }
    let words: Vec<&Token> = core.iter().copied().filter(|t| t.is_word()).collect();
    let report = |reason, severity, message: String, closest| {
        Err(finding(
            Kind::Quotation,
            reason,
            severity,
            span,
            message,
            closest,
        ))
    };
    let nearest = may_search()
        .then(|| align::nearest(&words, library))
        .flatten();
    if core.iter().any(|token| is_ellipsis(token)) {
        return report(
            Reason::QuotationElided,
            Severity::Error,
            "The quotation leaves words out; quote the passage whole, or each part by itself."
                .to_owned(),
            nearest.map(|near| near.evidence),
        );
    }
    if let Some(evidence) = same_words(&words, library) {
        let message = format!(
            "The words are the source's, but capitals or punctuation differ: the source has {}.",
            quoted(&evidence.text)
        );
        return report(
            Reason::QuotationAltered,
            Severity::Warning,
            message,
            Some(evidence),
        );
    }
    if let Some(evidence) = joined(&words, library) {
        let message = format!(
            "The quotation joins two parts that the source keeps apart: {}.",
            quoted(&evidence.text)
        );
        return report(
            Reason::QuotationJoined,
            Severity::Warning,
            message,
            Some(evidence),
        );
    }
    match nearest {
        Some(Nearest {
            evidence,
            theirs,
            ours,
            ..
        }) => {
            let message = match (theirs.as_str(), ours.as_str()) {
                (theirs, "") => {
                    format!("The quotation leaves out {} of the source.", quoted(theirs))
                }
                ("", ours) => format!(
                    "The quotation adds {}, which the source does not have there.",
                    quoted(ours)
                ),
                (theirs, ours) => format!(
                    "The quotation is not word for word: the source says {} where the text says {}.",
                    quoted(theirs),
                    quoted(ours)
                ),
            };
            report(
                Reason::QuotationAltered,
                Severity::Error,
                message,
                Some(evidence),
            )
        }
        None => report(
            Reason::QuotationNotFound,
            Severity::Error,
            format!(
                "No source has the quoted words {}.",
                quoted(&words_of(&words))
            ),
            None,
        ),
    }
}

/// The tokens that must agree: no quotation marks, nothing that house styles move.
fn core(inner: &[Token]) -> Vec<&Token> {
    let mut core: Vec<&Token> = inner
        .iter()
        .filter(|token| !matches!(token.kind, TokenKind::Quote(_)))
        .collect();
    let moves = |token: &Token| token.is_mark(",") || token.is_mark(".") || is_ellipsis(token);
    while core.last().is_some_and(|token| moves(token)) {
        core.pop();
    }
    let begin = core.iter().take_while(|token| is_ellipsis(token)).count();
    core.drain(..begin);
    core
}

fn is_ellipsis(token: &Token) -> bool {
    token.kind == TokenKind::Mark && token.text.len() > 1 && token.text.starts_with("..")
}

fn words_of(words: &[&Token]) -> String {
    let words: Vec<_> = words.iter().map(|token| token.text.as_str()).collect();
    words.join(" ")
}

/// Where a source has exactly these tokens.
fn exact(core: &[&Token], library: &Library<'_>) -> Option<Evidence> {
    let lead = core.iter().position(|token| token.is_word())?;
    library.places(core[lead].stem()).iter().find_map(|place| {
        let tokens = &library.docs[place.doc].reading.tokens;
        let begin = place.token.checked_sub(lead)?;
        let mut at = begin;
        for (nth, token) in core.iter().enumerate() {
            while matches!(tokens.get(at)?.kind, TokenKind::Quote(_)) {
                at += 1;
            }
            let theirs = &tokens[at];
            let same = theirs.text == token.text
                || (nth == lead && same_but_first_letter(&theirs.text, &token.text));
            if !same {
                return None;
            }
            at += 1;
        }
        Some(library.evidence(place.doc, begin, at - 1))
    })
}

fn same_but_first_letter(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.chars(), b.chars());
    let first = |c: Option<char>| c.map(|c| c.to_lowercase().to_string());
    first(a.next()) == first(b.next()) && a.as_str() == b.as_str()
}

/// Where a source has these words with other capitals, accents or punctuation.
fn same_words(words: &[&Token], library: &Library<'_>) -> Option<Evidence> {
    library
        .places(words.first()?.stem())
        .iter()
        .find_map(|place| {
            let (matched, last) = run(words, *place, library);
            (matched == words.len()).then(|| library.evidence(place.doc, place.token, last))
        })
}

/// How many of `words` stand in a row from `place` on, and the last token of them.
fn run(words: &[&Token], place: Place, library: &Library<'_>) -> (usize, usize) {
    let mut last = place.token;
    let mut matched = 0;
    for (at, theirs) in library.docs[place.doc]
        .reading
        .tokens
        .iter()
        .enumerate()
        .skip(place.token)
    {
        if !theirs.is_word() {
            continue;
        }
        if words
            .get(matched)
            .is_none_or(|ours| ours.folded != theirs.folded)
        {
            break;
        }
        matched += 1;
        last = at;
    }
    (matched, last)
}

/// Where a source has the words in two parts with an attribution between them, as in
/// `"We know," she said, "what to do."`
fn joined(words: &[&Token], library: &Library<'_>) -> Option<Evidence> {
    // The longest attribution that is still read as an interruption.
    const INTERRUPTION: usize = 20;
    library
        .places(words.first()?.stem())
        .iter()
        .find_map(|place| {
            let (matched, last) = run(words, *place, library);
            let rest = words.get(matched..)?;
            let tokens = &library.docs[place.doc].reading.tokens;
            let between = last + 1..(last + 1 + INTERRUPTION).min(tokens.len());
            let marks = |upto: usize| {
                tokens[last + 1..upto]
                    .iter()
                    .filter(|token| matches!(token.kind, TokenKind::Quote(_)))
                    .count()
            };
            between
                .filter(|at| tokens[*at].folded == rest[0].folded && marks(*at) == 2)
                .find_map(|token| {
                    let again = Place {
                        doc: place.doc,
                        token,
                    };
                    let (more, end) = run(rest, again, library);
                    (more == rest.len()).then(|| library.evidence(place.doc, place.token, end))
                })
        })
}
