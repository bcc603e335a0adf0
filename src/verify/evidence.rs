//! For every sentence of the checked text the sentences of the sources that support it
//! best: those that together cover most of its content words, each word weighed by how
//! few sentences of the sources have it (inverse document frequency).

use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};

use super::{
    Evidence,
    read::{
        Reading,
        tokens::{Token, words},
    },
    sources::Library,
};

/// The sentences of the sources that are looked at for one word. No story has so many
/// with the same word, but a hostile text may.
const ENOUGH: usize = 300;

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

/// What supports each sentence of `reading`, in their order.
pub(in crate::verify) fn backings(reading: &Reading<'_>, library: &Library<'_>) -> Vec<Backing> {
    let mut scores = Scores::new(reading, library);
    reading
        .sentences
        .iter()
        .map(|sentence| scores.backing(&reading.tokens, sentence.first..sentence.end))
        .collect()
}

/// What the content words of a checked text weigh and where the sources have them, and
/// room to add that up for each sentence.
struct Scores {
    /// The document of each sentence of the sources.
    doc_of: Vec<usize>,
    /// The number of the first sentence of each document.
    offsets: Vec<usize>,
    /// For each different word of the checked text which of `stems` it has, if it says
    /// something by itself.
    stem_of: Vec<Option<usize>>,
    stems: Vec<Stem>,
    /// The weight that each sentence of the sources covers.
    weight: Vec<f64>,
    /// Which of them are not 0.
    touched: Vec<usize>,
}

/// The stem of a content word.
struct Stem {
    weight: f64,
    /// The sentences of the sources that have a word of its root.
    there: Vec<usize>,
    /// The last sentence of the checked text that has it.
    seen: Option<usize>,
}

/// A word of a sentence: its token and which of the stems it has.
type Content = (usize, usize);

impl Scores {
    fn new(reading: &Reading<'_>, library: &Library<'_>) -> Self {
        let mut offsets = Vec::with_capacity(library.docs.len());
        let mut doc_of = Vec::new();
        for (nth, doc) in library.docs.iter().enumerate() {
            offsets.push(doc_of.len());
            doc_of.resize(doc_of.len() + doc.reading.sentences.len(), nth);
        }
        let all = doc_of.len() as f64;
        let mut stems: Vec<Stem> = Vec::new();
        let different = words(&reading.tokens).len();
        let mut numbers: HashMap<&str, usize> = HashMap::with_capacity(different);
        let mut stem_of = vec![None; different];
        let mut known = vec![false; different];
        for token in &reading.tokens {
            if std::mem::replace(&mut known[token.nth()], true) || !token.is_content() {
                continue;
            }
            let number = *numbers.entry(token.stem()).or_insert_with(|| {
                let mut there = library.family_sentences(token);
                let weight = (1.0 + all / (there.len() as f64).max(0.5)).ln();
                there.truncate(ENOUGH);
                stems.push(Stem {
                    weight,
                    there,
                    seen: None,
                });
                stems.len() - 1
            });
            stem_of[token.nth()] = Some(number);
        }
        Self {
            offsets,
            stem_of,
            stems,
            weight: vec![0.0; doc_of.len()],
            touched: Vec::new(),
            doc_of,
        }
    }

    fn backing(&mut self, tokens: &[Token], sentence: Range<usize>) -> Backing {
        const MOST: usize = 3;
        // A further passage must add this share of the weight.
        const WORTH: f64 = 0.1;
        let mut words: Vec<Content> = Vec::new();
        let this = sentence.start;
        for at in sentence {
            if let Some(stem) = self.stem_of[tokens[at].nth()]
                && self.stems[stem].seen.replace(this) != Some(this)
            {
                words.push((at, stem));
            }
        }
        let total: f64 = words.iter().map(|(_, stem)| self.stems[*stem].weight).sum();
        let nowhere = |(_, stem): &&Content| self.stems[*stem].there.is_empty();
        let mut backing = Backing {
            covered: 1.0,
            unknown: words.iter().filter(nowhere).map(|(at, _)| *at).collect(),
            ..Backing::default()
        };
        if total <= 0.0 {
            return backing;
        }
        backing.covered = 0.0;
        while backing.passages.len() < MOST {
            let (weight, sentence) = self.best(&words);
            if weight < WORTH * total || weight <= 0.0 {
                break;
            }
            let has = |stem: usize| self.stems[stem].there.binary_search(&sentence).is_ok();
            words.retain(|(_, stem)| !has(*stem));
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

    /// The sentence of the sources that has most of the weight of `words`, the first of
    /// several, and that weight.
    fn best(&mut self, words: &[Content]) -> (f64, usize) {
        for (_, stem) in words {
            let stem = &self.stems[*stem];
            for sentence in &stem.there {
                if self.weight[*sentence] == 0.0 {
                    self.touched.push(*sentence);
                }
                self.weight[*sentence] += stem.weight;
            }
        }
        let mut best = (0.0, usize::MAX);
        for sentence in self.touched.drain(..) {
            let weight = std::mem::take(&mut self.weight[sentence]);
            if weight > best.0 || weight >= best.0 && sentence < best.1 {
                best = (weight, sentence);
            }
        }
        best
    }
}

impl Library<'_> {
    /// The passage as evidence.
    pub(in crate::verify) fn passage(&self, passage: Passage) -> Evidence {
        let span = self.docs[passage.doc].reading.sentences[passage.sentence].span;
        self.evidence_at(passage.doc, span)
    }
}
