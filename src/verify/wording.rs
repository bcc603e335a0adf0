//! The words of a text as numbers: which root each has, whether it says something by
//! itself, whether a "not" governs it, and where the sources have the same root. What
//! the checks of whole statements (`checks/polarity`, `checks/coverage`) compare by.

use std::{borrow::Cow, sync::OnceLock};

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{
    read::{
        Reading,
        negation::{Cue, Denial, cues, denials},
        opposites::opposites,
        tokens::{self, Token, TokenKind},
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

/// How many letters words made from each other share, such as "investigate" and
/// "investigation".
const LETTERS: usize = 5;

/// What is known of a root.
#[derive(Debug, Default)]
struct Root {
    /// Where its places begin.
    start: usize,
    /// How many places of the sources have it.
    places: usize,
    /// How many sentences of the sources have it.
    sentences: u32,
    /// The last of these, counted through all documents.
    last: usize,
    /// How much it tells: the fewer sentences of the sources have it, the more.
    weight: f64,
}

/// What a folded word is wherever it stands.
#[derive(Clone, Copy, Debug)]
struct Form {
    root: u32,
    content: bool,
    cue: Option<Cue>,
}

/// The words of all sources.
#[derive(Debug, Default)]
pub(in crate::verify) struct Wording {
    /// The words of each document, one for each token.
    docs: Vec<Vec<Word>>,
    /// The number of each root; only looked up, never walked.
    numbers: HashMap<Cow<'static, str>, u32>,
    roots: Vec<Root>,
    /// Where the sources have the roots, those of one root in a row and in order.
    places: Vec<Place>,
    /// The weight of a root that no source has.
    unknown: f64,
    /// The beginnings of the roots of the sources, made when they are first asked for; only
    /// looked up, never walked.
    beginnings: OnceLock<HashSet<[u8; LETTERS]>>,
}

/// The words of a checked text.
#[derive(Debug)]
pub(in crate::verify) struct TextWords {
    /// One for each token.
    pub(in crate::verify) words: Vec<Word>,
    /// The roots of the sources that say the opposite of a root, where there are any.
    opposites: HashMap<u32, Vec<u32>>,
}

impl TextWords {
    /// The roots of the sources that say the opposite of a root of the text, each once.
    pub(in crate::verify) fn opposites(&self, root: u32) -> &[u32] {
        self.opposites.get(&root).map_or(&[], Vec::as_slice)
    }
}

impl Wording {
    pub(in crate::verify) fn new(library: &Library<'_>) -> Self {
        let readings = || library.docs.iter().map(|doc| &doc.reading);
        let different = readings().map(|reading| tokens::words(&reading.tokens).len());
        let different: usize = different.sum();
        let all = readings().map(|reading| reading.tokens.len()).sum();
        let mut wording = Self {
            numbers: HashMap::with_capacity(different),
            roots: Vec::with_capacity(different),
            ..Self::default()
        };
        let mut found: Vec<(u32, Place)> = Vec::with_capacity(all);
        let mut sentences = 0;
        for (doc, entry) in library.docs.iter().enumerate() {
            let reading = &entry.reading;
            let forms = forms(reading, |word, root| wording.number(word, root));
            for (nth, sentence) in (sentences..).zip(&reading.sentences) {
                let tokens = sentence.first..sentence.end;
                for (at, form) in tokens.clone().zip(&forms[tokens]) {
                    if reading.tokens[at].kind == TokenKind::Mark {
                        continue;
                    }
                    found.push((form.root, Place { doc, token: at }));
                    let root = &mut wording.roots[form.root as usize];
                    root.places += 1;
                    if root.sentences == 0 || root.last != nth {
                        root.sentences += 1;
                        root.last = nth;
                    }
                }
            }
            wording.docs.push(words(reading, &forms));
            sentences += reading.sentences.len();
        }
        wording.sort(&found);
        // A word tells the more, the fewer sentences have it; an unknown one as if half
        // a sentence had it.
        let all = sentences.max(1) as f64;
        for root in &mut wording.roots {
            root.weight = (1.0 + all / f64::from(root.sentences.max(1))).ln();
        }
        wording.unknown = (1.0 + all / 0.5).ln();
        wording
    }

    /// The number of the root of a word; a new one where it is met first.
    fn number(&mut self, word: &tokens::Word, root: Cow<'_, str>) -> u32 {
        if let Some(number) = self.numbers.get(root.as_ref()) {
            return *number;
        }
        let root = match word.listed_lemma() {
            Some(listed) => Cow::Borrowed(listed),
            None => Cow::Owned(root.into_owned()),
        };
        let next = u32::try_from(self.roots.len()).unwrap_or(u32::MAX);
        self.roots.push(Root::default());
        self.numbers.insert(root, next);
        next
    }

    /// Puts the places that were found in order; each root has its count.
    fn sort(&mut self, found: &[(u32, Place)]) {
        let mut next = 0;
        for root in &mut self.roots {
            root.start = next;
            next += std::mem::take(&mut root.places);
        }
        self.places.resize(next, Place { doc: 0, token: 0 });
        for (root, place) in found {
            let root = &mut self.roots[*root as usize];
            self.places[root.start + root.places] = *place;
            root.places += 1;
        }
    }

    /// The words of a checked text.
    pub(in crate::verify) fn words_of(&self, reading: &Reading<'_>) -> TextWords {
        let mut own: HashMap<String, u32> = HashMap::default();
        let mut opposed: HashMap<u32, Vec<u32>> = HashMap::default();
        let forms = forms(reading, |_, root| {
            let there = opposites(&root);
            let number = self.numbers.get(root.as_ref()).copied().unwrap_or_else(|| {
                let next = u32::try_from(self.roots.len() + own.len()).unwrap_or(u32::MAX);
                *own.entry(root.into_owned()).or_insert(next)
            });
            let there = there
                .iter()
                .filter_map(|root| self.numbers.get(root.as_str()).copied());
            let mut there: Vec<u32> = there.collect();
            if !there.is_empty() {
                there.sort_unstable();
                opposed.insert(number, there);
            }
            number
        });
        TextWords {
            words: words(reading, &forms),
            opposites: opposed,
        }
    }

    /// Whether a source has a word that begins like `root`, such as "investigation" for
    /// "investigate".
    pub(in crate::verify) fn has_beginning(&self, root: &str) -> bool {
        let all = || self.numbers.keys().filter_map(|root| beginning(root));
        let beginnings = self.beginnings.get_or_init(|| all().collect());
        beginning(root).is_some_and(|beginning| beginnings.contains(&beginning))
    }

    /// Where the sources have the root.
    pub(in crate::verify) fn places(&self, root: u32) -> &[Place] {
        let root = self.roots.get(root as usize);
        root.map_or(&[], |root| {
            &self.places[root.start..root.start + root.places]
        })
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
}

/// What the tokens of a text are, where `number` tells the number of a root; asked once
/// for each different word.
fn forms(
    reading: &Reading<'_>,
    mut number: impl FnMut(&tokens::Word, Cow<'_, str>) -> u32,
) -> Vec<Form> {
    let cue = cues(reading.language);
    let mut known = vec![None; tokens::words(&reading.tokens).len()];
    let form = |token: &Token| {
        *known[token.nth()].get_or_insert_with(|| {
            let root = token.lemma();
            Form {
                cue: cue(&token.folded, &root),
                root: number(token, root),
                content: token.is_content(),
            }
        })
    };
    reading.tokens.iter().map(form).collect()
}

/// The words of a text, whose tokens are `forms`.
fn words(reading: &Reading<'_>, forms: &[Form]) -> Vec<Word> {
    let denials = denials(reading, |at| forms[at].cue);
    let words = forms.iter().zip(denials);
    words
        .map(|(form, denial)| Word {
            root: form.root,
            content: form.content,
            denial,
        })
        .collect()
}

/// The first letters of a root, which words made from each other share.
fn beginning(root: &str) -> Option<[u8; LETTERS]> {
    root.as_bytes().first_chunk().copied()
}
