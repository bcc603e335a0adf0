//! The parts of a name: what the sources have of it, and what is wrong with one.

use crate::verify::{
    Evidence, Reason, Severity,
    read::tokens::Gap,
    sources::{Library, Place},
};

/// Places of one word that are looked at; a hostile source has one word without end.
pub(super) const PLACES: usize = 100;

/// A part of a name: a run of words that some source has in a row.
pub(super) struct Part {
    /// The first word, a token of the checked text.
    pub(super) at: usize,
    /// How many words.
    pub(super) words: usize,
    /// Where: the first token and the last.
    pub(super) place: Option<(Place, usize)>,
}

impl Part {
    /// Its words among those of the whole name.
    pub(super) fn words_in<'w>(&self, words: &'w [usize]) -> impl Iterator<Item = usize> + 'w {
        let from = words.partition_point(|word| *word < self.at);
        words[from..].iter().copied().take(self.words)
    }
}

/// What is wrong with a name; a finding once the text's style and language are weighed.
pub(super) struct Doubt {
    pub(super) reason: Reason,
    pub(super) severity: Severity,
    /// The first token and the last.
    pub(super) run: (usize, usize),
    pub(super) message: String,
    pub(super) closest: Option<Evidence>,
}

/// Whether no other part of a name stands right beside the word at `place`.
pub(super) fn is_alone(place: Place, library: &Library<'_>) -> bool {
    let theirs = &library.docs[place.doc].reading.tokens;
    let joins = |at: usize| theirs[at].gap == Gap::Blank;
    let before = place.token.checked_sub(1);
    let after = Some(place.token + 1).filter(|after| *after < theirs.len());
    let is_name = |at: usize| theirs[at].is_capitalised() && !theirs[at].stem_kinds.is_common();
    let led = before.is_some_and(|at| is_name(at) && joins(place.token));
    !led && !after.is_some_and(|at| is_name(at) && joins(at))
}
