//! The clause of a source around a denied word, seen from a sentence of the text.

use super::super::matching::Comparison;
use crate::verify::{
    read::{Sentence, negation::Denial, tokens::Token},
    sources::Place,
    wording::Word,
};

/// What a clause of a source says beside a denied word.
pub(super) struct Clause {
    /// Whether it denies only up to a time ("not until May").
    pub(super) is_over: bool,
    /// The share of its weight that the sentence of the text has too.
    pub(super) share: f64,
    /// How much speaks against a "not" that was only left out.
    pub(super) doubt: f64,
}

impl Clause {
    /// The clause of a source around a denied word, seen from a sentence of the text.
    pub(super) fn around(
        place: Place,
        cue: usize,
        comparison: &Comparison<'_>,
        sentence: Sentence,
    ) -> Option<Self> {
        const REACH: usize = 8;
        /// Words that take a denial back in part, sorted.
        const LIMITS: &[&str] = &[
            "alone",
            "always",
            "but",
            "enough",
            "first",
            "if",
            "just",
            "necessarily",
            "only",
            "till",
            "unless",
            "until",
            "whether",
            "without",
        ];
        let Comparison {
            library,
            wording,
            text,
            ..
        } = comparison;
        let theirs = &library.docs[place.doc].reading;
        let words = wording.doc(place.doc);
        let bounds = near(theirs.sentences[theirs.sentence_of(cue)?], cue);
        let from = bounds.first.max(cue.saturating_sub(REACH));
        let end = bounds.end.min(place.token + REACH + 1);
        let here = &text.words[sentence.first..sentence.end];
        let own = wording.word(place).root;
        let (mut has, mut all) = (0.0, 0.0);
        for word in &words[from..end] {
            if !word.content || word.denial == Denial::Denies || word.root == own {
                continue;
            }
            let weight = wording.weight(word.root);
            all += weight;
            if here.iter().any(|ours| ours.root == word.root) {
                has += weight;
            }
        }
        let ours = &comparison.reading.tokens[sentence.first..sentence.end];
        let ours_have = |at: usize| {
            let limit = &theirs.tokens[at].folded;
            ours.iter().any(|token| token.folded == *limit)
        };
        let is_limit = |at: usize| {
            LIMITS
                .binary_search(&theirs.tokens[at].folded.as_str())
                .is_ok()
        };
        let denies = |at: &usize| words[*at].denial == Denial::Denies;
        let theirs_have = |root: u32| {
            let words = &words[bounds.first..bounds.end];
            words.iter().any(|word| word.root == root)
        };
        let is_other = |word: &&Word| word.denial == Denial::Denies && !theirs_have(word.root);
        let doubts = [
            // A "not" that is taken back in part, and not in the text as well.
            (1.4, (cue..end).any(|at| is_limit(at) && !ours_have(at))),
            // One that denies a thing, not a deed.
            (
                1.1,
                matches!(theirs.tokens[cue].folded.as_str(), "no" | "without"),
            ),
            // One with another word between it and ours.
            (
                0.5,
                words
                    .get(cue + 1..place.token)
                    .is_some_and(|between| between.iter().any(|word| word.content)),
            ),
            // A text that denies in its own words.
            (0.8, here.iter().any(|word| is_other(&word))),
        ];
        let doubts = doubts.iter().filter(|(_, is_there)| *is_there);
        let denials = (bounds.first..bounds.end).filter(denies).count();
        let is_end = |token: &Token| {
            matches!(
                token.folded.as_str(),
                "until" | "till" | "bis" | "jusqu'a" | "hasta"
            )
        };
        Some(Self {
            // What was not so until May may be told as being so; but not until May.
            is_over: theirs.tokens[place.token..end].iter().any(is_end) && !ours.iter().any(is_end),
            share: if all > 0.0 { has / all } else { 0.0 },
            doubt: doubts.map(|(weight, _)| weight).sum::<f64>() + 0.3 * (denials as f64 - 1.0),
        })
    }
}

/// The part of a sentence that is looked at around a token: all of it, but in a text
/// without full stops.
pub(super) fn near(sentence: Sentence, at: usize) -> Sentence {
    const REACH: usize = 80;
    Sentence {
        first: sentence.first.max(at.saturating_sub(REACH)),
        end: sentence.end.min(at + REACH),
        ..sentence
    }
}
