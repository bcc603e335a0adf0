//! For every sentence of the checked text the sentences of the sources that support it
//! best: those that together cover most of its content words, each word weighed by how
//! few sentences of the sources have it (inverse document frequency).

use super::{
    Evidence,
    read::{Reading, lexicon::is_function, tokens::Token},
    sources::Library,
};

/// A sentence of a source that shares words with a sentence of the checked text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::verify) struct Passage {
    /// The document of the library.
    pub(in crate::verify) doc: usize,
    /// Its sentence.
    pub(in crate::verify) sentence: usize,
    /// The share of the checked sentence's weight that it covers by itself, 0 to 1.
    pub(in crate::verify) share: f64,
}

/// What supports one sentence of the checked text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::verify) struct Backing {
    /// The passages, each adding to what those before it cover; at most three.
    pub(in crate::verify) passages: Vec<Passage>,
    /// The share of the weight that they cover together, 0 to 1; 1 where the sentence has
    /// no content word.
    pub(in crate::verify) covered: f64,
    /// Content words, as tokens, that no source has in any form.
    pub(in crate::verify) unknown: Vec<usize>,
}

/// Whether the word says something by itself.
pub(in crate::verify) fn is_content(token: &Token) -> bool {
    token.is_word() && !is_function(&token.folded)
}

/// What supports each sentence of `reading`, in their order.
pub(in crate::verify) fn backings(reading: &Reading<'_>, library: &Library<'_>) -> Vec<Backing> {
    let mut scores = Scores::new(library);
    reading
        .sentences
        .iter()
        .map(|sentence| scores.backing(reading, sentence.first..sentence.end, library))
        .collect()
}

/// Room for the score of every sentence of the sources, used again for each sentence.
struct Scores {
    /// The number of the first sentence of each document.
    offsets: Vec<usize>,
    /// The document of each sentence.
    doc_of: Vec<usize>,
    /// The weight that each sentence covers.
    weight: Vec<f64>,
}

impl Scores {
    fn new(library: &Library<'_>) -> Self {
        let mut offsets = Vec::with_capacity(library.docs.len());
        let mut doc_of = Vec::new();
        for (nth, doc) in library.docs.iter().enumerate() {
            offsets.push(doc_of.len());
            doc_of.resize(doc_of.len() + doc.reading.sentences.len(), nth);
        }
        Self {
            offsets,
            weight: vec![0.0; doc_of.len()],
            doc_of,
        }
    }

    fn backing(
        &mut self,
        reading: &Reading<'_>,
        tokens: std::ops::Range<usize>,
        library: &Library<'_>,
    ) -> Backing {
        const MOST: usize = 3;
        // A further passage must add this share of the weight.
        const WORTH: f64 = 0.1;
        let mut words: Vec<(usize, f64, Vec<usize>)> = Vec::new();
        for at in tokens.filter(|at| is_content(&reading.tokens[*at])) {
            let stem = reading.tokens[at].stem();
            if words
                .iter()
                .any(|(other, ..)| reading.tokens[*other].stem() == stem)
            {
                continue;
            }
            let mut there: Vec<usize> = library
                .family(stem)
                .filter_map(|place| {
                    let sentence = library.sentence_of(place)?;
                    Some(self.offsets[place.doc] + sentence)
                })
                .collect();
            there.sort_unstable();
            there.dedup();
            let all = self.doc_of.len() as f64;
            let weight = (1.0 + all / (there.len() as f64).max(0.5)).ln();
            words.push((at, weight, there));
        }
        let total: f64 = words.iter().map(|(_, weight, _)| weight).sum();
        let unknown = words
            .iter()
            .filter(|(.., there)| there.is_empty())
            .map(|(at, ..)| *at)
            .collect();
        let mut backing = Backing {
            covered: 1.0,
            unknown,
            ..Backing::default()
        };
        if total <= 0.0 {
            return backing;
        }
        backing.covered = 0.0;
        while backing.passages.len() < MOST {
            self.weight.fill(0.0);
            for (_, weight, there) in &words {
                for sentence in there {
                    self.weight[*sentence] += weight;
                }
            }
            let mut best = (0.0, 0);
            for (sentence, weight) in self.weight.iter().enumerate() {
                if *weight > best.0 {
                    best = (*weight, sentence);
                }
            }
            let (weight, sentence) = best;
            if weight < WORTH * total || weight <= 0.0 {
                break;
            }
            words.retain(|(.., there)| there.binary_search(&sentence).is_err());
            backing.covered += weight / total;
            let doc = self.doc_of[sentence];
            backing.passages.push(Passage {
                doc,
                sentence: sentence - self.offsets[doc],
                share: weight / total,
            });
        }
        backing
    }
}

impl Library<'_> {
    /// The passage as evidence.
    pub(in crate::verify) fn passage(&self, passage: Passage) -> Evidence {
        let span = self.docs[passage.doc].reading.sentences[passage.sentence].span;
        self.evidence_at(passage.doc, span)
    }
}
