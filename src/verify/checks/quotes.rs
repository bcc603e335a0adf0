//! Words in quotation marks: found by their marks, then held against the sources.
//!
//! A quotation is supported when a source has its words, in their order, with their
//! capitals and their punctuation. What house styles move may differ: the glyphs of
//! quotation marks and dashes, white space, the case of the first letter (also as
//! `[W]e`), a `[sic]`, and a comma, full stop or ellipsis at an end. Whether the source
//! itself marks the words as speech does not matter; who said them is the business of
//! [`super::attribution`]. A quotation inside a quotation is judged with the outer one.

use std::borrow::Cow;

use super::{
    align::{self, Nearest},
    pieces,
    stretch::{Stretch, Verdict, run, somewhere, words_of},
};
use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            quotations::Quotation,
            tokens::{Gap, Token, TokenKind},
        },
        sources::{Library, Place},
    },
};

/// A quotation, and where sources have its words.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Located {
    pub(in crate::verify) quotation: Quotation,
    /// Where they stand, or where the words that come nearest do; empty where no source
    /// has anything like them.
    pub(in crate::verify) stretches: Vec<Stretch>,
}

/// Holds one quotation against the sources; gives also where they have its words.
pub(in crate::verify) fn judge(
    quotation: Quotation,
    tokens: &[Token],
    library: &Library<'_>,
    may_search: impl Fn() -> bool,
) -> (Result<Evidence, Finding>, Located) {
    let inner = &tokens[quotation.first..=quotation.last];
    // The brackets of a source are its words like any others.
    let mut stretches = exact(&core(inner), library);
    let plain = without_editing(inner);
    let core = core(&plain);
    if stretches.is_empty() && matches!(plain, Cow::Owned(_)) {
        stretches = exact(&core, library);
    }
    if let Some(first) = stretches.first() {
        let evidence = first.evidence(library);
        let located = Located {
            quotation,
            stretches,
        };
        return (Ok(evidence), located);
    }
    let verdict = differs(&core, library, &may_search);
    let span = Span::new(inner[0].span.start, inner[inner.len() - 1].span.end);
    let finding = finding(
        Kind::Quotation,
        verdict.reason,
        verdict.severity,
        span,
        verdict.message,
        verdict.closest.map(|closest| closest.evidence(library)),
    );
    let located = Located {
        quotation,
        stretches: verdict.closest.into_iter().collect(),
    };
    (Err(finding), located)
}

/// How the sources' words differ from a quotation that none of them has as it stands.
fn differs(core: &[&Token], library: &Library<'_>, may_search: &impl Fn() -> bool) -> Verdict {
    let words: Vec<&Token> = core.iter().copied().filter(|t| t.is_word()).collect();
    if let Some(same) = somewhere(&words, library) {
        return Verdict {
            reason: Reason::QuotationAltered,
            severity: Severity::Warning,
            message: format!(
                "The words are the source's, but capitals or punctuation differ: the source has {}.",
                quoted(&same.evidence(library).text)
            ),
            closest: Some(same),
        };
    }
    if let Some(interrupted) = interrupted(&words, library) {
        return Verdict {
            reason: Reason::QuotationJoined,
            severity: Severity::Warning,
            message: format!(
                "The quotation joins two parts that the source keeps apart: {}.",
                quoted(&interrupted.evidence(library).text)
            ),
            closest: Some(interrupted),
        };
    }
    if may_search() {
        if let Some(verdict) = pieces::edited(core, library) {
            return verdict;
        }
        if let Some(verdict) = pieces::stitched(&words, library) {
            return verdict;
        }
        if let Some(nearest) = align::nearest(&words, library) {
            return altered(&nearest);
        }
    }
    not_found(&words, library)
}

fn altered(nearest: &Nearest) -> Verdict {
    let message = match (nearest.theirs.as_str(), nearest.ours.as_str()) {
        (theirs, "") => format!("The quotation leaves out {} of the source.", quoted(theirs)),
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
    Verdict {
        reason: Reason::QuotationAltered,
        severity: Severity::Error,
        message,
        closest: Some(nearest.at),
    }
}

fn not_found(words: &[&Token], library: &Library<'_>) -> Verdict {
    // One word in another form is the source's word still.
    if let [word] = words
        && let Some(place) = library.family(word.stem()).min_by_key(|p| (p.doc, p.token))
    {
        let at = Stretch {
            doc: place.doc,
            first: place.token,
            last: place.token,
        };
        return Verdict {
            reason: Reason::QuotationAltered,
            severity: Severity::Warning,
            message: format!(
                "The source has the quoted word in another form: {}.",
                quoted(&at.evidence(library).text)
            ),
            closest: Some(at),
        };
    }
    Verdict {
        reason: Reason::QuotationNotFound,
        severity: Severity::Error,
        message: format!(
            "No source has the quoted words {}.",
            quoted(&words_of(words))
        ),
        closest: None,
    }
}

/// The tokens without what an editor set in brackets to say that nothing was changed:
/// `[sic]`, and `[W]e` for a letter in another case.
fn without_editing(inner: &[Token]) -> Cow<'_, [Token]> {
    if !inner.iter().any(|token| token.is_mark("[")) {
        return Cow::Borrowed(inner);
    }
    let mut plain = Vec::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        let bracketed = match &inner[at..] {
            [open, word, close, ..] if open.is_mark("[") && close.is_mark("]") => Some(word),
            _ => None,
        };
        match (bracketed, inner.get(at + 3)) {
            (Some(word), _) if word.folded == "sic" => at += 3,
            (Some(letter), Some(rest))
                if letter.text.chars().nth(1).is_none()
                    && letter.is_word()
                    && rest.is_word()
                    && rest.gap == Gap::None =>
            {
                plain.push(rest.after_letter(letter, inner[at].gap));
                at += 4;
            }
            _ => {
                plain.push(inner[at].clone());
                at += 1;
            }
        }
    }
    Cow::Owned(plain)
}

/// The tokens that must agree: no quotation marks, nothing that house styles move.
fn core(inner: &[Token]) -> Vec<&Token> {
    let core: Vec<&Token> = inner
        .iter()
        .filter(|token| !matches!(token.kind, TokenKind::Quote(_)))
        .collect();
    let (mut from, mut to) = (0, core.len());
    loop {
        let rest = &core[from..to];
        if let Some(length) = pieces::ellipsis(rest) {
            from += length;
        } else if let Some(length) = pieces::ellipsis_at_end(rest) {
            to -= length;
        } else if rest
            .last()
            .is_some_and(|token| token.is_mark(",") || token.is_mark("."))
        {
            to -= 1;
        } else {
            break;
        }
    }
    core[from..to].to_vec()
}

/// Where sources have exactly these tokens, the first few places.
fn exact(core: &[&Token], library: &Library<'_>) -> Vec<Stretch> {
    // A phrase of two words may stand everywhere; who says it is asked of a few places.
    const MOST: usize = 8;
    let Some(lead) = core.iter().position(|token| token.is_word()) else {
        return Vec::new();
    };
    let stretch = |place: &Place| {
        let tokens = &library.docs[place.doc].reading.tokens;
        let first = place.token.checked_sub(lead)?;
        let (same, end) = agree(core, lead, &tokens[first..]);
        library.work.add(end);
        (same == core.len()).then(|| Stretch {
            doc: place.doc,
            first,
            last: first + end - 1,
        })
    };
    let places = library.places(core[lead].stem()).iter();
    let places = places.take_while(|_| !library.work.is_used_up());
    places.filter_map(stretch).take(MOST).collect()
}

/// How many tokens of `core` stand at the beginning of `theirs`, quotation marks left out,
/// and one past the last of them. The first letter of the token `lead` may differ.
fn agree(core: &[&Token], lead: usize, theirs: &[Token]) -> (usize, usize) {
    let mut end = 0;
    for (nth, token) in core.iter().enumerate() {
        let is_quote = |token: &&Token| matches!(token.kind, TokenKind::Quote(_));
        let at = end + theirs[end..].iter().take_while(is_quote).count();
        let same = theirs.get(at).is_some_and(|their| {
            their.text == token.text
                || (nth == lead && same_but_first_letter(&their.text, &token.text))
        });
        if !same {
            return (nth, end);
        }
        end = at + 1;
    }
    (core.len(), end)
}

fn same_but_first_letter(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.chars(), b.chars());
    let first = |c: Option<char>| c.map(|c| c.to_lowercase().to_string());
    first(a.next()) == first(b.next()) && a.as_str() == b.as_str()
}

/// Where a source has the words in two parts with an attribution between them, as in
/// `"We know," she said, "what to do."`
fn interrupted(words: &[&Token], library: &Library<'_>) -> Option<Stretch> {
    // The longest attribution that is still read as an interruption.
    const INTERRUPTION: usize = 20;
    library
        .places(words.first()?.stem())
        .iter()
        .take_while(|_| !library.work.is_used_up())
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
                    let (more, last) = run(rest, again, library);
                    (more == rest.len()).then_some(Stretch {
                        doc: place.doc,
                        first: place.token,
                        last,
                    })
                })
        })
}
