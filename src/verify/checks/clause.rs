//! What a clause of a source says beside a denied word, seen from a sentence of the text:
//! what it shares with the sentence, and what speaks against a "not" that was only left
//! out.

use super::matching::Comparison;
use crate::verify::{
    read::{Sentence, negation::Denial, tokens::TokenKind},
    sources::Place,
    wording::Word,
};

/// What a clause of a source says beside a denied word.
#[derive(Debug)]
pub(super) struct Clause {
    /// Whether the sentence has all that denies in the text, and the "not" is none of it.
    pub(super) has_ours: bool,
    /// Whether it denies only up to a time ("not until May"), or what is only supposed ("if
    /// she had not").
    pub(super) is_over: bool,
    /// The share of its weight that the sentence of the text has too.
    pub(super) share: f64,
    /// How much speaks against a "not" that was only left out.
    pub(super) doubt: f64,
}

/// The clause of a source around a denied word, seen from a sentence of the text.
pub(super) fn clause(
    comparison: &Comparison<'_>,
    place: Place,
    cue: usize,
    sentence: Sentence,
) -> Option<Clause> {
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
    // What limits both limits no denial: "until May" on both sides.
    let ours = &comparison.reading.tokens[sentence.first..sentence.end];
    let is_limit = |at: usize| {
        let word = theirs.tokens[at].folded.as_str();
        LIMITS.binary_search(&word).is_ok() && ours.iter().all(|own| own.folded != word)
    };
    let before = theirs.tokens[from..cue].iter().rev();
    let is_unreal = before
        .take_while(|token| token.kind != TokenKind::Mark)
        .any(|token| token.folded == "if");
    let denies = |at: &usize| words[*at].denial == Denial::Denies;
    let theirs_have = |root: u32| {
        let words = &words[bounds.first..bounds.end];
        words.iter().any(|word| word.root == root)
    };
    let is_other = |word: &&Word| word.denial == Denial::Denies && !theirs_have(word.root);
    let doubts = [
        // A "not" that is taken back in part.
        (1.4, (cue..end).any(is_limit)),
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
    let is_end = |at: usize| {
        is_limit(at)
            && matches!(
                theirs.tokens[at].folded.as_str(),
                "until" | "till" | "bis" | "jusqu'a" | "hasta"
            )
    };
    let denials_of_ours = || here.iter().filter(|word| word.denial == Denial::Denies);
    let cue_root = words[cue].root;
    Some(Clause {
        has_ours: denials_of_ours().all(|word| theirs_have(word.root) && word.root != cue_root),
        is_over: is_unreal || (place.token..end).any(is_end),
        share: if all > 0.0 { has / all } else { 0.0 },
        doubt: doubts.map(|(weight, _)| weight).sum::<f64>() + 0.3 * (denials as f64 - 1.0),
    })
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
