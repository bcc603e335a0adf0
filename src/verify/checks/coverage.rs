//! Sentences whose content the sources do not have: too many words that stand in no
//! source in any form.
//!
//! A good writer says things in other words, so one unknown word tells nothing, and words
//! that writers use for telling ("announced", "following", "incident") tell little; a time,
//! an age or a role that no source has tells more. What the other checks judge is not
//! counted: numbers, names (words with a capital) and quotations. The score's weights are
//! those of a logistic regression on the rows of the grounding collection, rounded.

use std::collections::HashSet;

use crate::verify::{
    Finding, Kind, Reason, Severity,
    evidence::Backing,
    finding::{finding, quoted},
    language::is_english,
    read::{
        Reading, Sentence,
        lexicon::is_generic,
        paraphrase::{is_paraphrase, is_time},
        tokens::TokenKind,
    },
    sources::Library,
    wording::{TextWords, Word, Wording},
};

/// On the rows of the collection: 89 of 100 rows with a finding were wrong …
const LEAST: f64 = 1.5;
/// … as were 95 of 100 of the sure ones.
const SURE: f64 = 2.2;

/// How many words of a sentence no source has, by what they tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Unknown {
    /// Words of time and age.
    times: u32,
    /// Roles and kinds of institution.
    roles: u32,
    /// All others but the words for telling, which weigh nothing.
    others: u32,
}

/// The sentences that the sources do not cover; only for English, whose words are known.
pub(in crate::verify) fn findings(
    reading: &Reading<'_>,
    backings: &[Backing],
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
) -> Vec<Finding> {
    let scored = scored(reading, backings, library, wording, text, 0.0);
    scored.into_iter().map(|(_, finding)| finding).collect()
}

/// The same, each with how far its score lies above the bound of a warning; with `slack`,
/// also those that lie at most so far below it.
pub(in crate::verify) fn scored(
    reading: &Reading<'_>,
    backings: &[Backing],
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
    slack: f64,
) -> Vec<(f64, Finding)> {
    if !is_english(reading.language) || !is_english(library.language) {
        return Vec::new();
    }
    let sentences = reading.sentences.iter().zip(backings);
    sentences
        .filter_map(|(sentence, backing)| {
            let sentence = *sentence;
            let (score, finding) =
                judge(reading, sentence, backing, library, wording, text, slack)?;
            Some((score - LEAST, finding))
        })
        .collect()
}

fn judge(
    reading: &Reading<'_>,
    sentence: Sentence,
    backing: &Backing,
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
    slack: f64,
) -> Option<(f64, Finding)> {
    // A heading of a few words says too little to be judged.
    const FEWEST: usize = 4;
    let words = &text.words[sentence.first..sentence.end];
    if words.iter().filter(|word| word.content).count() < FEWEST {
        return None;
    }
    let (unknown, places) = unknown(reading, sentence, wording, text);
    let best = backing.passages.first();
    let score = 0.8
        + 0.3 * f64::from(unknown.others)
        + 0.5 * f64::from(unknown.roles)
        + f64::from(unknown.times)
        - 2.4 * best.map_or(0.0, |best| best.share);
    if score < LEAST - slack {
        return None;
    }
    let (first, last) = longest_run(&places, words, sentence.first)?;
    let found = finding(
        Kind::Sentence,
        Reason::SentenceNotCovered,
        if score < SURE {
            Severity::Warning
        } else {
            Severity::Error
        },
        reading.span(first, last),
        message(reading, &places),
        best.map(|best| library.passage(*best)),
    );
    Some((score, found))
}

/// The longest run of unknown words that no other content word parts: the place to look
/// at, while the message names all of them.
fn longest_run(places: &[usize], words: &[Word], from: usize) -> Option<(usize, usize)> {
    let is_parted = |pair: &[usize]| {
        words[pair[0] + 1 - from..pair[1] - from]
            .iter()
            .any(|word| word.content)
    };
    let mut best: Option<(usize, &[usize])> = None;
    for run in places.chunk_by(|a, b| !is_parted(&[*a, *b])) {
        if best.is_none_or(|(length, _)| run.len() > length) {
            best = Some((run.len(), run));
        }
    }
    let (_, run) = best?;
    Some((*run.first()?, *run.last()?))
}

/// Names the first few of the words that no source has.
fn message(reading: &Reading<'_>, places: &[usize]) -> String {
    const NAMED: usize = 6;
    let mut named = HashSet::new();
    let mut words: Vec<&str> = places
        .iter()
        .map(|place| reading.tokens[*place].text.as_str())
        .filter(|word| named.insert(*word))
        .collect();
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    let words: Vec<String> = words.into_iter().map(quoted).collect();
    let words = words.join(", ");
    if more > 0 {
        format!("No source has {words} and {more} more words of this sentence.")
    } else {
        format!("No source has {words} of this sentence.")
    }
}

/// The words of a sentence that no source has, and their tokens.
fn unknown(
    reading: &Reading<'_>,
    sentence: Sentence,
    wording: &Wording,
    text: &TextWords,
) -> (Unknown, Vec<usize>) {
    let mut unknown = Unknown::default();
    let mut places = Vec::new();
    for at in sentence.first..sentence.end {
        let token = &reading.tokens[at];
        let word = text.words[at];
        let is_name = token.is_capitalised() && at != sentence.first;
        if token.kind != TokenKind::Word
            || !word.content
            || is_name
            || token.folded.chars().count() < 3
            || !wording.places(word.root).is_empty()
            || is_judged_elsewhere(reading, at)
        {
            continue;
        }
        let root = token.lemma();
        let count = if is_time(&root) {
            &mut unknown.times
        } else if is_generic(token.stem()) {
            &mut unknown.roles
        } else if wording.has_beginning(&root) || is_paraphrase(&root) {
            continue;
        } else {
            &mut unknown.others
        };
        *count += 1;
        places.push(at);
    }
    (unknown, places)
}

/// Whether the token is part of a quotation, number or date, which have checks of their
/// own.
fn is_judged_elsewhere(reading: &Reading<'_>, at: usize) -> bool {
    reading.is_quoted(at) || reading.quantity_of(at).is_some()
}
