//! The words of a text as numbers: which root each has, whether it says something by
//! itself, whether a "not" governs it, and where the sources have the same root. What
//! the checks of whole statements (`checks/polarity`, `checks/coverage`) compare by.

use std::{borrow::Cow, sync::OnceLock};

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{
    read::{
        Reading,
        negation::{Denial, Denials, denials},
        opposites::{Side, sides},
        tokens::{Token, TokenKind, words},
    },
    sources::{Doc, Library, Place},
};

/// One token of a text.
#[derive(Clone, Copy, Debug)]
pub(in crate::verify) struct Word {
    /// The number of its root; words of no source have numbers of their own.
    pub(in crate::verify) root: u32,
    /// Whether it says something by itself.
    pub(in crate::verify) content: bool,
    /// Whether a word beside it denies it.
    pub(in crate::verify) denial: Denial,
}

/// What is known of a root.
#[derive(Debug)]
struct Root {
    /// Where its places begin among all.
    first: usize,
    /// One past its last place.
    end: usize,
    /// The sides of opposites that it is on.
    sides: &'static [Side],
    /// How much it tells: the fewer sentences of the sources have it, the more.
    weight: f64,
}

/// The words of all sources.
#[derive(Debug, Default)]
pub(in crate::verify) struct Wording {
    /// The words of each document, one for each token.
    docs: Vec<Vec<Word>>,
    /// The number of each root; only looked up, never walked.
    numbers: HashMap<String, u32>,
    roots: Vec<Root>,
    /// Where the sources have the roots, those of one root in a row and in order.
    places: Vec<Place>,
    /// The roots of the sources on each side of opposites.
    by_side: HashMap<Side, Vec<u32>>,
    /// The weight of a root that no source has.
    unknown: f64,
    /// The beginnings of the roots of the sources; only looked up, never walked. Made
    /// when they are first asked for.
    beginnings: OnceLock<HashSet<String>>,
}

/// The words of a checked text.
#[derive(Debug)]
pub(in crate::verify) struct TextWords {
    /// One for each token.
    pub(in crate::verify) words: Vec<Word>,
    /// The sides of opposites of the roots that no source has.
    sides: Vec<&'static [Side]>,
}

impl Wording {
    pub(in crate::verify) fn new(library: &Library<'_>) -> Self {
        let different = |doc: &Doc<'_>| words(&doc.reading.tokens).len();
        let mut wording = Self {
            numbers: HashMap::with_capacity(library.docs.iter().map(different).sum()),
            ..Self::default()
        };
        let mut sentences = 0;
        for doc in &library.docs {
            let reading = &doc.reading;
            let denials = denials(reading);
            let roots: Vec<u32> = words(&reading.tokens)
                .iter()
                .map(|word| wording.number(word.lemma()))
                .collect();
            let word = |(at, token): (usize, &Token)| Word {
                root: roots[token.nth()],
                content: token.is_content(),
                denial: denials.of(at),
            };
            let words = reading.tokens.iter().enumerate().map(word);
            wording.docs.push(words.collect());
            sentences += reading.sentences.len();
        }
        let all = sentences.max(1) as f64;
        wording.place(library, all);
        wording.unknown = (1.0 + all / 0.5).ln();
        for (number, root) in wording.roots.iter().enumerate() {
            for side in root.sides {
                let roots = wording.by_side.entry(*side).or_default();
                roots.extend(u32::try_from(number));
            }
        }
        wording
    }

    /// Notes where the sources have each root, and how much it tells; `all` is the number
    /// of their sentences.
    fn place(&mut self, library: &Library<'_>, all: f64) {
        // Marks have no places.
        let mut placed: Vec<(usize, Place, Option<usize>)> = Vec::new();
        for (doc, (words, entry)) in self.docs.iter().zip(&library.docs).enumerate() {
            let (tokens, sentences) = (&entry.reading.tokens, &entry.reading.sentences);
            let mut nth = 0;
            for (token, word) in words.iter().enumerate() {
                if tokens[token].kind == TokenKind::Mark {
                    continue;
                }
                while sentences.get(nth).is_some_and(|s| s.end <= token) {
                    nth += 1;
                }
                let inside = sentences.get(nth).is_some_and(|s| s.first <= token);
                let place = Place { doc, token };
                placed.push((word.root as usize, place, inside.then_some(nth)));
                self.roots[word.root as usize].end += 1;
            }
        }
        let mut next = 0;
        for root in &mut self.roots {
            root.first = next;
            next += std::mem::replace(&mut root.end, next);
        }
        self.places.resize(next, Place { doc: 0, token: 0 });
        // For each root its last sentence, and how many sentences have it.
        let mut having = vec![(None, 0_usize); self.roots.len()];
        for (number, place, sentence) in placed {
            let root = &mut self.roots[number];
            self.places[root.end] = place;
            root.end += 1;
            let sentence = (place.doc, sentence);
            let (last, count) = &mut having[number];
            *count += usize::from(last.replace(sentence) != Some(sentence));
        }
        for (root, (_, count)) in self.roots.iter_mut().zip(having) {
            root.weight = (1.0 + all / count.max(1) as f64).ln();
        }
    }

    /// The number of a root that the sources have.
    fn number(&mut self, root: Cow<'_, str>) -> u32 {
        if let Some(number) = self.numbers.get(root.as_ref()) {
            return *number;
        }
        let number = u32::try_from(self.roots.len()).unwrap_or(u32::MAX);
        self.roots.push(Root {
            first: 0,
            end: 0,
            sides: sides(&root),
            weight: 0.0,
        });
        self.numbers.insert(root.into_owned(), number);
        number
    }

    /// The words of a checked text.
    pub(in crate::verify) fn words_of(&self, reading: &Reading<'_>) -> TextWords {
        let denials: Denials = denials(reading);
        let mut own: HashMap<String, u32> = HashMap::new();
        let mut own_sides = Vec::new();
        let roots: Vec<u32> = words(&reading.tokens)
            .iter()
            .map(|word| {
                let root = word.lemma();
                let known = self.numbers.get(root.as_ref()).or(own.get(root.as_ref()));
                known.copied().unwrap_or_else(|| {
                    let next = u32::try_from(self.roots.len() + own.len()).unwrap_or(u32::MAX);
                    own_sides.push(sides(&root));
                    own.insert(root.into_owned(), next);
                    next
                })
            })
            .collect();
        let word = |(at, token): (usize, &Token)| Word {
            root: roots[token.nth()],
            content: token.is_content(),
            denial: denials.of(at),
        };
        TextWords {
            words: reading.tokens.iter().enumerate().map(word).collect(),
            sides: own_sides,
        }
    }

    /// Whether a source has a word that begins like `root`, such as "investigation" for
    /// "investigate".
    pub(in crate::verify) fn has_beginning(&self, root: &str) -> bool {
        let beginnings = self.beginnings.get_or_init(|| {
            let roots = self.numbers.keys();
            roots
                .filter_map(|root| Some(beginning(root)?.to_owned()))
                .collect()
        });
        beginning(root).is_some_and(|beginning| beginnings.contains(beginning))
    }

    /// Where the sources have the root.
    pub(in crate::verify) fn places(&self, root: u32) -> &[Place] {
        let root = self.roots.get(root as usize);
        root.map_or(&[], |root| &self.places[root.first..root.end])
    }

    /// How much the root tells.
    pub(in crate::verify) fn weight(&self, root: u32) -> f64 {
        let root = self.roots.get(root as usize);
        root.map_or(self.unknown, |root| root.weight)
    }

    /// The word at a place of the sources.
    pub(in crate::verify) fn word(&self, place: Place) -> Word {
        self.docs[place.doc][place.token]
    }

    /// The words of a document.
    pub(in crate::verify) fn doc(&self, doc: usize) -> &[Word] {
        &self.docs[doc]
    }

    /// The sides of opposites that the root is on.
    fn sides(&self, root: u32, text: &TextWords) -> &'static [Side] {
        let root = root as usize;
        match self.roots.get(root) {
            Some(root) => root.sides,
            None => text
                .sides
                .get(root - self.roots.len())
                .copied()
                .unwrap_or_default(),
        }
    }

    /// The roots of the sources that say the opposite of a root, each once.
    pub(in crate::verify) fn opposites(&self, root: u32, text: &TextWords) -> Vec<u32> {
        let sides = self.sides(root, text).iter();
        let mut opposites: Vec<u32> = sides
            .filter_map(|side| self.by_side.get(&side.other()))
            .flatten()
            .copied()
            .collect();
        opposites.sort_unstable();
        opposites.dedup();
        opposites
    }
}

/// The first letters of a root, which words made from each other share.
fn beginning(root: &str) -> Option<&str> {
    const LETTERS: usize = 5;
    let (end, last) = root.char_indices().nth(LETTERS - 1)?;
    Some(&root[..end + last.len_utf8()])
}
