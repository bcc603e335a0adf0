//! Words of the sources that stand in a row, and what is said of a quotation beside them.

use crate::verify::{
    Evidence, Reason, Severity,
    read::tokens::{Gap, Token},
    sources::{Library, Place},
};

/// Tokens of a source in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct Stretch {
    /// The document of the library.
    pub(in crate::verify) doc: usize,
    /// Its first token.
    pub(in crate::verify) first: usize,
    /// Its last token.
    pub(in crate::verify) last: usize,
}

impl Stretch {
    /// Its words, as an editor reads them.
    pub(super) fn evidence(self, library: &Library<'_>) -> Evidence {
        library.evidence(self.doc, self.first, self.last)
    }
}

/// What is said of a quotation beside its kind and place.
pub(super) struct Verdict {
    pub(super) reason: Reason,
    pub(super) severity: Severity,
    pub(super) message: String,
    /// The words of a source that come nearest.
    pub(super) closest: Option<Stretch>,
}

/// How many of `words` stand in a row from `place` on, and the last token of them.
pub(super) fn run(words: &[&Token], place: Place, library: &Library<'_>) -> (usize, usize) {
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
    library.work.add(last + 1 - place.token);
    (matched, last)
}

/// The stretch from `place` on, if all `words` stand there, with whatever capitals,
/// accents and punctuation.
pub(super) fn whole(words: &[&Token], place: Place, library: &Library<'_>) -> Option<Stretch> {
    let (matched, last) = run(words, place, library);
    (matched == words.len()).then_some(Stretch {
        doc: place.doc,
        first: place.token,
        last,
    })
}

/// The first place that has all `words`, as [`whole`] finds them.
pub(super) fn somewhere(words: &[&Token], library: &Library<'_>) -> Option<Stretch> {
    library
        .places(words.first()?.stem())
        .iter()
        .take_while(|_| !library.work.is_used_up())
        .find_map(|place| whole(words, *place, library))
}

/// Words in a row, as a message has them.
pub(super) fn words_of(words: &[&Token]) -> String {
    let words: Vec<_> = words.iter().map(|token| token.text.as_str()).collect();
    words.join(" ")
}

/// Tokens as they were written, each white space one blank.
pub(super) fn written(tokens: &[Token]) -> String {
    let mut written = String::new();
    for (nth, token) in tokens.iter().enumerate() {
        if nth > 0 && token.gap != Gap::None {
            written.push(' ');
        }
        written.push_str(&token.text);
    }
    written
}
