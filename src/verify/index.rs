//! Where each word of the sources stands, by its stem and by the root of that.

use std::{
    borrow::{Borrow, Cow},
    hash::{BuildHasher as _, Hash, Hasher},
};

use foldhash::{HashMap, HashMapExt as _, fast::RandomState};

use super::{
    read::{
        roots::root,
        tokens::{Token, Word, words},
    },
    sources::{Doc, Place},
};

/// The places of all words, those of one stem in a row and in order.
#[derive(Debug, Default)]
pub(in crate::verify) struct Index {
    /// The number of each stem.
    numbers: HashMap<Stem, usize>,
    /// Where the places of each stem begin, and at the end their number.
    starts: Vec<usize>,
    places: Vec<Place>,
    /// For each place the number of its sentence, counted through all documents.
    sentences: Vec<Option<usize>>,
    /// The last stem of each root, under the root's hash.
    roots: HashMap<u64, usize>,
    /// For each stem the one before it under the same hash.
    relatives: Vec<Option<usize>>,
    hasher: RandomState,
}

/// A word that is looked up by its stem.
#[derive(Debug)]
struct Stem(Token);

impl Borrow<str> for Stem {
    fn borrow(&self) -> &str {
        self.0.stem()
    }
}

impl Hash for Stem {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.stem().hash(state);
    }
}

impl PartialEq for Stem {
    fn eq(&self, other: &Self) -> bool {
        self.0.stem() == other.0.stem()
    }
}

impl Eq for Stem {}

impl Index {
    pub(in crate::verify) fn new(docs: &[Doc<'_>]) -> Self {
        let all: usize = docs
            .iter()
            .map(|doc| words(&doc.reading.tokens).len())
            .sum();
        let mut index = Self {
            numbers: HashMap::with_capacity(all),
            roots: HashMap::with_capacity(all),
            starts: Vec::with_capacity(all + 1),
            relatives: Vec::with_capacity(all),
            ..Self::default()
        };
        let tokens = docs.iter().map(|doc| doc.reading.tokens.len()).sum();
        let mut found: Vec<(usize, Place, Option<usize>)> = Vec::with_capacity(tokens);
        let mut sentences_before = 0;
        for (doc, entry) in docs.iter().enumerate() {
            let reading = &entry.reading;
            let mut numbers = vec![None; words(&reading.tokens).len()];
            let mut sentence = 0;
            for (token, word) in reading.tokens.iter().enumerate() {
                if !word.is_word() {
                    continue;
                }
                let number = *numbers[word.nth()].get_or_insert_with(|| index.number(word));
                while reading
                    .sentences
                    .get(sentence)
                    .is_some_and(|s| s.end <= token)
                {
                    sentence += 1;
                }
                let inside = reading
                    .sentences
                    .get(sentence)
                    .is_some_and(|s| s.first <= token);
                let place = Place { doc, token };
                found.push((number, place, inside.then_some(sentences_before + sentence)));
                index.starts[number] += 1;
            }
            sentences_before += reading.sentences.len();
        }
        index.sort(&found);
        index
    }

    /// The number of the stem of `word`; a new one where it is met first.
    fn number(&mut self, word: &Token) -> usize {
        let number = self.starts.len();
        let known = *self.numbers.entry(Stem(word.clone())).or_insert(number);
        if known == number {
            let root = self.hasher.hash_one(word.root().as_ref());
            self.relatives.push(self.roots.insert(root, number));
            self.starts.push(0);
        }
        known
    }

    /// Puts what was found in order; `starts` has the count of each stem.
    fn sort(&mut self, found: &[(usize, Place, Option<usize>)]) {
        let mut next = 0;
        for start in &mut self.starts {
            next += std::mem::replace(start, next);
        }
        let mut ends = self.starts.clone();
        self.starts.push(next);
        self.places.resize(next, Place { doc: 0, token: 0 });
        self.sentences.resize(next, None);
        for (number, place, sentence) in found {
            let at = ends[*number];
            self.places[at] = *place;
            self.sentences[at] = *sentence;
            ends[*number] += 1;
        }
    }

    /// Where a word stands whose stem is `stem`, in order.
    pub(in crate::verify) fn places(&self, stem: &str) -> &[Place] {
        match self.numbers.get(stem) {
            Some(number) => &self.places[self.range(*number)],
            None => &[],
        }
    }

    fn range(&self, number: usize) -> std::ops::Range<usize> {
        self.starts[number]..self.starts[number + 1]
    }

    /// The stems that have the root, as ranges of places.
    fn family<'a>(
        &'a self,
        root: Cow<'a, str>,
        docs: &'a [Doc<'_>],
    ) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        let last = self.roots.get(&self.hasher.hash_one(root.as_ref()));
        std::iter::successors(last.copied(), |number| self.relatives[*number])
            .map(|number| self.range(number))
            .filter(move |range| {
                // Another root may have the same hash.
                let place = self.places[range.start];
                docs[place.doc].reading.tokens[place.token].root() == root
            })
    }

    /// Where the words stand that share the root of `stem`, in no order.
    pub(in crate::verify) fn family_places<'a>(
        &'a self,
        stem: &'a str,
        docs: &'a [Doc<'_>],
    ) -> impl Iterator<Item = Place> + 'a {
        self.family(root(stem), docs)
            .flat_map(|range| self.places[range].iter().copied())
    }

    /// The sentences, counted through all documents, that have a word with the root of
    /// `word`, in order and each once.
    pub(in crate::verify) fn family_sentences(&self, word: &Word, docs: &[Doc<'_>]) -> Vec<usize> {
        let mut sentences: Vec<usize> = self
            .family(word.root(), docs)
            .flat_map(|range| self.sentences[range].iter().flatten().copied())
            .collect();
        sentences.sort_unstable();
        sentences.dedup();
        sentences
    }
}
