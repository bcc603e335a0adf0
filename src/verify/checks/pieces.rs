//! Quotations that a source has only in pieces: with an ellipsis, with an editor's words
//! in brackets, or stitched together from several places.

use super::stretch::{Stretch, Verdict, run, somewhere, whole, words_of};
use crate::verify::{
    Reason, Severity,
    finding::quoted,
    read::tokens::{Token, TokenKind},
    sources::{Library, Place},
};

/// How many tokens at the start are an ellipsis: `...`, `[...]` or `(…)`.
pub(super) fn ellipsis(tokens: &[&Token]) -> Option<usize> {
    let dots = |token: &Token| {
        token.kind == TokenKind::Mark && token.text.len() > 1 && token.text.starts_with("..")
    };
    match tokens {
        [first, ..] if dots(first) => Some(1),
        [open, middle, close, ..]
            if (open.is_mark("[") && close.is_mark("]")
                || open.is_mark("(") && close.is_mark(")"))
                && dots(middle) =>
        {
            Some(3)
        }
        _ => None,
    }
}

/// As [`ellipsis`], at the end.
pub(super) fn ellipsis_at_end(tokens: &[&Token]) -> Option<usize> {
    [1, 3].into_iter().find(|length| {
        tokens
            .len()
            .checked_sub(*length)
            .is_some_and(|from| ellipsis(&tokens[from..]) == Some(*length))
    })
}

/// What stands between two pieces of a quotation.
enum Break<'t> {
    Ellipsis,
    /// An editor's words in brackets.
    Inserted(Vec<&'t Token>),
}

/// A quotation with an ellipsis or with words in brackets, its pieces found in a source.
pub(super) fn edited(core: &[&Token], library: &Library<'_>) -> Option<Verdict> {
    // No honest quotation has more pieces.
    const MOST: usize = 8;
    let (pieces, breaks) = split(core);
    if breaks.is_empty() || pieces.is_empty() || pieces.len() > MOST {
        return None;
    }
    let elided = breaks
        .iter()
        .any(|between| matches!(between, Break::Ellipsis));
    let Some(found) = in_order(&pieces, elided, library) else {
        return (elided
            && pieces
                .iter()
                .all(|piece| somewhere(piece, library).is_some()))
        .then(|| Verdict {
            reason: Reason::QuotationJoined,
            severity: Severity::Error,
            message: "The ellipsis joins parts that no source has in this order; quote each \
                          part by itself."
                .to_owned(),
            closest: somewhere(&pieces[0], library),
        });
    };
    let (first, last) = (found[0], found[found.len() - 1]);
    let closest = Some(Stretch {
        last: last.last,
        ..first
    });
    let tokens = &library.docs[first.doc].reading.tokens;
    let between: Vec<&Token> = found
        .windows(2)
        .flat_map(|pair| &tokens[pair[0].last + 1..pair[1].first])
        .collect();
    // Where the source has brackets of its own, ours are no editor's.
    if !elided && between.iter().any(|token| token.is_mark("[")) {
        return None;
    }
    let missing: Vec<&Token> = between.into_iter().filter(|t| t.is_word()).collect();
    let negation = missing.iter().find(|token| is_negation(token));
    if elided {
        let advice = "quote the passage whole, or each part by itself";
        let message = match negation {
            _ if missing.is_empty() => {
                format!("The ellipsis stands where the source leaves nothing out; {advice}.")
            }
            Some(negation) => format!(
                "The quotation leaves out {} of the source, and with it {}; {advice}.",
                quoted(&words_of(&missing)),
                quoted(&negation.text)
            ),
            None => format!(
                "The quotation leaves out {} of the source, no negation among it; {advice}.",
                quoted(&words_of(&missing))
            ),
        };
        return Some(Verdict {
            reason: Reason::QuotationElided,
            severity: Severity::Error,
            message,
            closest,
        });
    }
    let inserted: Vec<&Token> = breaks
        .iter()
        .flat_map(|between| match between {
            Break::Inserted(words) => words.as_slice(),
            Break::Ellipsis => &[],
        })
        .copied()
        .collect();
    let turned = negation.is_some() != inserted.iter().any(|token| is_negation(token));
    let ours = quoted(&words_of(&inserted));
    Some(Verdict {
        reason: Reason::QuotationAltered,
        // Brackets say openly that these are an editor's words.
        severity: if turned {
            Severity::Error
        } else {
            Severity::Warning
        },
        message: if missing.is_empty() {
            format!("The words in brackets, {ours}, are not the source's.")
        } else {
            format!(
                "The brackets have {ours} where the source says {}.",
                quoted(&words_of(&missing))
            )
        },
        closest,
    })
}

/// The words of each piece, and what parts them. Brackets at an end part nothing.
fn split<'t>(core: &[&'t Token]) -> (Vec<Vec<&'t Token>>, Vec<Break<'t>>) {
    // What an editor adds is short.
    const LONGEST: usize = 8;
    let (mut pieces, mut breaks) = (vec![Vec::new()], Vec::new());
    let mut at = 0;
    while at < core.len() {
        let length = ellipsis(&core[at..]);
        let closing = || {
            let inside = core[at + 1..].iter().take(LONGEST);
            let length = inside.take_while(|token| !token.is_mark("]")).count();
            core.get(at + 1 + length)
                .filter(|close| core[at].is_mark("[") && close.is_mark("]"))
                .map(|_| length)
        };
        let between = if let Some(length) = length {
            at += length;
            Some(Break::Ellipsis)
        } else if let Some(length) = closing() {
            let inside = &core[at + 1..at + 1 + length];
            at += length + 2;
            Some(Break::Inserted(
                inside.iter().copied().filter(|t| t.is_word()).collect(),
            ))
        } else {
            None
        };
        if let Some(between) = between {
            breaks.push(between);
            pieces.push(Vec::new());
            continue;
        }
        if core[at].is_word()
            && let Some(piece) = pieces.last_mut()
        {
            piece.push(core[at]);
        }
        at += 1;
    }
    pieces.retain(|piece| !piece.is_empty());
    (pieces, breaks)
}

/// Where one text of a source has all pieces, one after the other.
fn in_order(pieces: &[Vec<&Token>], elided: bool, library: &Library<'_>) -> Option<Vec<Stretch>> {
    // An ellipsis passes over some sentences at most, brackets over a name or two.
    let reach = if elided { 200 } else { 12 };
    let starts: Vec<&[Place]> = pieces
        .iter()
        .map(|piece| library.places(piece[0].stem()))
        .collect();
    starts[0]
        .iter()
        .take_while(|_| !library.work.is_used_up())
        .find_map(|place| {
            let mut found = vec![whole(&pieces[0], *place, library)?];
            for (piece, starts) in pieces.iter().zip(&starts).skip(1) {
                let from = found[found.len() - 1].last + 1;
                let next = starts.partition_point(|p| (p.doc, p.token) < (place.doc, from));
                let next = starts[next..]
                    .iter()
                    .take_while(|p| p.doc == place.doc && p.token < from + reach)
                    .find_map(|place| whole(piece, *place, library))?;
                found.push(next);
            }
            Some(found)
        })
}

/// A quotation whose words all stand in sources, but in several places.
pub(super) fn stitched(words: &[&Token], library: &Library<'_>) -> Option<Verdict> {
    // Fewer words in a row stand everywhere.
    const SHORTEST: usize = 3;
    const MOST: usize = 4;
    let mut found: Vec<Stretch> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..];
        if found.len() == MOST || rest.len() < SHORTEST {
            return None;
        }
        let follows = |stretch: &Stretch| {
            found
                .last()
                .is_some_and(|before| before.doc == stretch.doc && before.last < stretch.first)
        };
        let (length, stretch) = library
            .places(rest[0].stem())
            .iter()
            .take_while(|_| !library.work.is_used_up())
            .map(|place| {
                let (matched, last) = run(rest, *place, library);
                let stretch = Stretch {
                    doc: place.doc,
                    first: place.token,
                    last,
                };
                (matched, stretch)
            })
            .max_by_key(|(matched, stretch)| (*matched, follows(stretch)))?;
        if length < SHORTEST {
            return None;
        }
        found.push(stretch);
        at += length;
    }
    let sentence = |doc: usize, token: usize| library.sentence_of(Place { doc, token });
    let together = found.windows(2).all(|pair| {
        pair[0].doc == pair[1].doc
            && pair[0].last < pair[1].first
            && sentence(pair[0].doc, pair[0].last) == sentence(pair[1].doc, pair[1].first)
    });
    // Within one sentence words were left out; that is said with these words.
    if together {
        return None;
    }
    let (one, two) = (found[0], found[1]);
    let ids = |stretch: Stretch| library.docs[stretch.doc].id;
    let apart = if ids(one) == ids(two) {
        "from different places of a source"
    } else {
        "from different sources"
    };
    Some(Verdict {
        reason: Reason::QuotationJoined,
        severity: Severity::Error,
        message: format!(
            "The quotation joins {} and {} {apart}.",
            quoted(&one.evidence(library).text),
            quoted(&two.evidence(library).text)
        ),
        closest: Some(one),
    })
}

/// Whether the word turns a statement round.
fn is_negation(token: &Token) -> bool {
    token.folded.ends_with("n't") || NEGATIONS.binary_search(&token.folded.as_str()).is_ok()
}

/// Words of English, French, German, Italian, Portuguese and Spanish, folded and sorted.
const NEGATIONS: &[&str] = &[
    "aucun", "aucune", "barely", "cannot", "hardly", "jamais", "kein", "keine", "keinem", "keinen",
    "keiner", "mai", "nao", "neither", "nem", "never", "ni", "nicht", "nichts", "nie", "niemals",
    "no", "non", "none", "nor", "not", "nothing", "nunca", "ohne", "pas", "rien", "sans",
    "scarcely", "sem", "senza", "sin", "without",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_negations_is_sorted() {
        assert!(NEGATIONS.is_sorted());
    }
}
