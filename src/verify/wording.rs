//! The words of a text as numbers: which root each has, whether it says something by
//! itself, whether a "not" governs it, and where the sources have the same root. What
//! the checks of whole statements (`checks/polarity`, `checks/coverage`) compare by.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{
    evidence::is_content,
    read::{
        Reading,
        negation::{Denial, Denials, denials},
        opposites::{Side, sides},
        roots::lemma,
        tokens::TokenKind,
    },
    sources::{Library, Place},
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
    /// Where the sources have it, in order.
    places: Vec<Place>,
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
    /// The number of the root of each stem; only looked up, never walked.
    stems: HashMap<String, u32>,
    /// The number of each root; only looked up, never walked.
    numbers: HashMap<String, u32>,
    roots: Vec<Root>,
    /// The roots of the sources on each side of opposites.
    by_side: HashMap<Side, Vec<u32>>,
    /// The weight of a root that no source has.
    unknown: f64,
    /// The beginnings of the roots of the sources; only looked up, never walked.
    beginnings: HashSet<String>,
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
        let mut wording = Self::default();
        let mut sentences = 0;
        for (doc, entry) in library.docs.iter().enumerate() {
            let reading = &entry.reading;
            let denials = denials(reading);
            let mut words = Vec::with_capacity(reading.tokens.len());
            for (at, token) in reading.tokens.iter().enumerate() {
                let root = wording.number(token.stem());
                if token.kind != TokenKind::Mark {
                    wording.roots[root as usize]
                        .places
                        .push(Place { doc, token: at });
                }
                words.push(Word {
                    root,
                    content: is_content(token),
                    denial: denials.of(at),
                });
            }
            wording.docs.push(words);
            sentences += reading.sentences.len();
        }
        let all = sentences.max(1) as f64;
        for root in &mut wording.roots {
            let mut last = None;
            let mut having = 0;
            for place in &root.places {
                let sentence = (place.doc, library.sentence_of(*place));
                having += usize::from(last != Some(sentence));
                last = Some(sentence);
            }
            root.weight = (1.0 + all / having.max(1) as f64).ln();
        }
        wording.unknown = (1.0 + all / 0.5).ln();
        wording.beginnings = wording
            .numbers
            .keys()
            .filter_map(|root| Some(beginning(root)?.to_owned()))
            .collect();
        for (number, root) in wording.roots.iter().enumerate() {
            for side in root.sides {
                let roots = wording.by_side.entry(*side).or_default();
                roots.extend(u32::try_from(number));
            }
        }
        wording
    }

    /// The number of the root of `stem`, which the sources have.
    fn number(&mut self, stem: &str) -> u32 {
        if let Some(number) = self.stems.get(stem) {
            return *number;
        }
        let root = lemma(stem);
        let next = u32::try_from(self.roots.len()).unwrap_or(u32::MAX);
        let number = *self
            .numbers
            .entry(root.into_owned())
            .or_insert_with_key(|root| {
                self.roots.push(Root {
                    places: Vec::new(),
                    sides: sides(root),
                    weight: 0.0,
                });
                next
            });
        self.stems.insert(stem.to_owned(), number);
        number
    }

    /// The words of a checked text.
    pub(in crate::verify) fn words_of(&self, reading: &Reading<'_>) -> TextWords {
        let denials: Denials = denials(reading);
        let mut own: HashMap<String, u32> = HashMap::new();
        let mut own_sides = Vec::new();
        let words = reading
            .tokens
            .iter()
            .enumerate()
            .map(|(at, token)| {
                let known = self.stems.get(token.stem()).copied().or_else(|| {
                    let root = lemma(token.stem());
                    self.numbers.get(root.as_ref()).copied()
                });
                let root = known.unwrap_or_else(|| {
                    let root = lemma(token.stem()).into_owned();
                    let next = u32::try_from(self.roots.len() + own.len()).unwrap_or(u32::MAX);
                    *own.entry(root).or_insert_with_key(|root| {
                        own_sides.push(sides(root));
                        next
                    })
                });
                Word {
                    root,
                    content: is_content(token),
                    denial: denials.of(at),
                }
            })
            .collect();
        TextWords {
            words,
            sides: own_sides,
        }
    }

    /// Whether a source has a word that begins like `root`, such as "investigation" for
    /// "investigate".
    pub(in crate::verify) fn has_beginning(&self, root: &str) -> bool {
        beginning(root).is_some_and(|beginning| self.beginnings.contains(beginning))
    }

    /// Where the sources have the root.
    pub(in crate::verify) fn places(&self, root: u32) -> &[Place] {
        let root = self.roots.get(root as usize);
        root.map_or(&[], |root| root.places.as_slice())
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
