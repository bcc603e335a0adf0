//! What a text says in its own words that someone said: `Ruiz said that …`, `Ruiz has
//! warned`, `according to Ruiz`.
//!
//! Only who is named as the subject of a verb of speech, or after "according to", counts;
//! what a pronoun stands for is not asked.

use super::{
    Speaker, Utterance,
    classes::{Class, Classes},
    names::{self, Gap, People},
    speaker::{Named, Reader, Said, according, is_verb},
};
use crate::{article::Block, text::Span};

/// Someone of whom a text says that they said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reported {
    /// Who.
    pub(crate) speaker: Speaker,
    /// Where the name stands, with its titles.
    pub(crate) named: Span,
}

/// Whether the word is a verb that reports speech, in a form that reports use.
pub(crate) fn is_report(word: &str) -> bool {
    Classes::of(word).has(Class::Verb)
}

/// Whether the word is a title or role that stands before names, in small letters.
pub(crate) fn is_title(word: &str) -> bool {
    Classes::of(word).has(Class::Title)
}

/// Who is said to have said something, outside of `utterances`, in order.
pub(super) fn reported(
    text: &str,
    blocks: &[Block],
    words: &[Vec<names::Word<'_>>],
    people: &People,
    utterances: &[Utterance],
) -> Vec<Reported> {
    let mut found = Vec::new();
    for (block, words) in blocks.iter().zip(words) {
        let start = block.span.start;
        let reader = Reader {
            text: block.span.of(text),
            words,
            people,
        };
        let quoted = |at: usize| {
            let byte = words[at].span.start + start;
            let next = utterances.partition_point(|one| one.span.start <= byte);
            next > 0 && byte < utterances[next - 1].span.end
        };
        // Where the sentence begins, or the words after a quotation.
        let mut from = 0;
        for at in 0..words.len() {
            if words[at].gap >= Gap::Mark {
                from = at;
            }
            let said = if is_verb(&words[at]) && !quoted(at) {
                reader.subject(from, at).map(|(said, _)| said)
            } else {
                according(&words[at..])
                    .filter(|_| !quoted(at))
                    .map(|length| reader.object(words, at + length))
            };
            if let Some(Said::By(Named { speaker, at })) = said {
                let named = at.shifted(start);
                found.push(Reported { speaker, named });
            }
        }
    }
    found
}
