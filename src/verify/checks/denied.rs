//! Statements that a source only reports as denied: the text says that the search was late
//! where the source says that somebody denied that it was.
//!
//! A verb like "denied" or "dismissed" is followed by what it denies. A sentence of the text
//! that has nearly all of those words and no word of doubt states what the source does not,
//! unless another sentence of the sources has them undenied.

use crate::verify::{
    Finding, Kind, Reason, Severity,
    evidence::{Backing, Passage},
    finding::{finding, quoted},
    read::{
        Reading, Sentence,
        negation::{Denial, denies_a_clause, shared_language},
        tokens::TokenKind,
    },
    sources::Library,
    wording::{TextWords, Word, Wording},
};

/// The share of the weight of the denied words that a sentence has which states them.
const STATED: f64 = 0.7;

/// A finding for each sentence that states what its sources only report as denied.
pub(in crate::verify) fn findings(
    reading: &Reading<'_>,
    backings: &[Backing],
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
) -> Vec<Finding> {
    if shared_language(reading.language, library.language).is_none() {
        return Vec::new();
    }
    let denies = denies_a_clause(reading.language);
    let check = Check {
        reading,
        library,
        wording,
        text,
        denies,
    };
    let sentences = reading.sentences.iter().zip(backings);
    sentences
        .filter_map(|(sentence, backing)| check.judge(*sentence, backing))
        .collect()
}

struct Check<'a, D> {
    reading: &'a Reading<'a>,
    library: &'a Library<'a>,
    wording: &'a Wording,
    text: &'a TextWords,
    /// Whether a folded word denies the statement behind it.
    denies: D,
}

impl<D: Fn(&str) -> bool> Check<'_, D> {
    fn judge(&self, sentence: Sentence, backing: &Backing) -> Option<Finding> {
        // A sentence of more tokens is no sentence.
        const LONGEST: usize = 120;
        if sentence.end - sentence.first > LONGEST {
            return None;
        }
        let words = &self.text.words[sentence.first..sentence.end];
        let (passage, cue, end) = backing.passages.iter().find_map(|passage| {
            let (cue, end) = self.denied_in(*passage)?;
            let denied = &self.wording.doc(passage.doc)[cue + 1..end];
            let is_stated = self.share(denied, words)? >= STATED;
            (is_stated && !self.is_doubted(sentence, denied)).then_some((*passage, cue, end))
        })?;
        let denied = &self.wording.doc(passage.doc)[cue + 1..end];
        let is_stated = backing.passages.iter().any(|other| {
            let span = self.library.docs[other.doc].reading.sentences[other.sentence];
            let there = &self.wording.doc(other.doc)[span.first..span.end];
            *other != passage
                && self.denied_in(*other).is_none()
                && self
                    .share(denied, there)
                    .is_some_and(|share| share >= STATED)
        });
        if is_stated {
            return None;
        }
        let there = &self.library.docs[passage.doc].reading;
        let message = format!(
            "The source has this as denied: {}.",
            quoted(there.span(cue, end - 1).of(there.text))
        );
        Some(finding(
            Kind::Polarity,
            Reason::NegationDiffers,
            Severity::Warning,
            sentence.span,
            message,
            Some(self.library.passage(passage)),
        ))
    }

    /// Whether the text itself denies or doubts what the source says is denied.
    fn is_doubted(&self, sentence: Sentence, denied: &[Word]) -> bool {
        /// Words by which a text says that somebody else says so, as their beginnings.
        const DOUBTS: &[&str] = &[
            "accus", "alleg", "believ", "charg", "claim", "critici", "fear", "question", "report",
            "rumo", "specul", "suggest", "suspect",
        ];
        (sentence.first..sentence.end).any(|at| {
            let word = self.reading.tokens[at].folded.as_str();
            let ours = self.text.words[at];
            ours.denial == Denial::Denies && denied.iter().all(|word| word.root != ours.root)
                || DOUBTS.iter().any(|doubt| word.starts_with(doubt))
        })
    }

    /// The verb of a passage that denies something, and one past the last token of that.
    fn denied_in(&self, passage: Passage) -> Option<(usize, usize)> {
        let there = &self.library.docs[passage.doc].reading;
        let sentence = there.sentences[passage.sentence];
        let words = self.wording.doc(passage.doc);
        let cue = (sentence.first..sentence.end).find(|at| {
            words[*at].denial == Denial::Denies && (self.denies)(&there.tokens[*at].folded)
        })?;
        let ends = |at: &usize| match there.tokens[*at].kind {
            TokenKind::Mark => !there.tokens[*at].is_mark("-"),
            TokenKind::Quote(_) => true,
            _ => matches!(there.tokens[*at].folded.as_str(), "and" | "but"),
        };
        let end = (cue + 1..sentence.end).find(ends).unwrap_or(sentence.end);
        // "Dismissed a report in the paper that …": what the report says.
        let that = (cue + 1..end).find(|at| there.tokens[*at].folded == "that");
        Some((that.unwrap_or(cue), end)).filter(|(from, end)| from + 1 < *end)
    }

    /// The share of the weight of the denied words that `words` have; `None` where they are
    /// too few to tell a statement by.
    fn share(&self, denied: &[Word], words: &[Word]) -> Option<f64> {
        const FEWEST: usize = 3;
        let (mut has, mut all, mut count) = (0.0, 0.0, 0);
        for word in denied.iter().filter(|word| word.content) {
            let weight = self.wording.weight(word.root);
            count += 1;
            all += weight;
            if words.iter().any(|ours| ours.root == word.root) {
                has += weight;
            }
        }
        (count >= FEWEST).then_some(has / all)
    }
}
