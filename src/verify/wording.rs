//! The words of a text as numbers: which root each has, whether it says something by
//! itself, whether a "not" governs it, and where the sources have the same root. What
//! the checks of whole statements (`checks/polarity`, `checks/coverage`) compare by.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use super::{
    read::{
        Reading,
        negation::{Cue, Denial, cue, denials, known_language},
        opposites::{Side, sides},
        tokens::{Token, TokenKind},
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
#[derive(Debug)]
struct Root {
    /// Where the sources have it, in order.
    places: Vec<Place>,
    /// How many sentences of the sources have it.
    sentences: u32,
    /// The last of these, counted through all documents.
    last: usize,
    /// The sides of opposites that it is on.
    sides: &'static [Side],
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
    /// What each folded word is; only looked up, never walked.
    forms: HashMap<String, Form>,
    /// The number of each root; only looked up, never walked.
    numbers: HashMap<String, u32>,
    roots: Vec<Root>,
    /// The roots of the sources on each side of opposites.
    by_side: HashMap<Side, Vec<u32>>,
    /// The weight of a root that no source has.
    unknown: f64,
    /// The beginnings of the roots of the sources; only looked up, never walked.
    beginnings: HashSet<[u8; LETTERS]>,
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
            let language = known_language(reading.language);
            let forms: Vec<Form> = reading
                .tokens
                .iter()
                .map(|token| wording.form(token, language))
                .collect();
            for (nth, sentence) in (sentences..).zip(&reading.sentences) {
                let tokens = sentence.first..sentence.end;
                for (at, form) in tokens.clone().zip(&forms[tokens]) {
                    if reading.tokens[at].kind == TokenKind::Mark {
                        continue;
                    }
                    let root = &mut wording.roots[form.root as usize];
                    root.places.push(Place { doc, token: at });
                    if root.sentences == 0 || root.last != nth {
                        root.sentences += 1;
                        root.last = nth;
                    }
                }
            }
            wording.docs.push(words(reading, &forms));
            sentences += reading.sentences.len();
        }
        // A word tells the more, the fewer sentences have it; an unknown one as if half
        // a sentence had it.
        let all = sentences.max(1) as f64;
        for root in &mut wording.roots {
            root.weight = (1.0 + all / f64::from(root.sentences.max(1))).ln();
        }
        wording.unknown = (1.0 + all / 0.5).ln();
        wording.beginnings = wording
            .numbers
            .keys()
            .filter_map(|root| beginning(root))
            .collect();
        for (number, root) in (0..).zip(&wording.roots) {
            for side in root.sides {
                wording.by_side.entry(*side).or_default().push(number);
            }
        }
        wording
    }

    /// What a token of a source is.
    fn form(&mut self, token: &Token, language: Option<&str>) -> Form {
        if let Some(form) = self.forms.get(&token.folded) {
            return *form;
        }
        let form = form_of(token, language, |root| {
            if let Some(number) = self.numbers.get(root.as_ref()) {
                return *number;
            }
            let next = u32::try_from(self.roots.len()).unwrap_or(u32::MAX);
            self.roots.push(Root {
                places: Vec::new(),
                sentences: 0,
                last: 0,
                sides: sides(&root),
                weight: 0.0,
            });
            self.numbers.insert(root.into_owned(), next);
            next
        });
        self.forms.insert(token.folded.clone(), form);
        form
    }

    /// The words of a checked text.
    pub(in crate::verify) fn words_of(&self, reading: &Reading<'_>) -> TextWords {
        let language = known_language(reading.language);
        let mut own: HashMap<String, u32> = HashMap::default();
        let mut own_sides = Vec::new();
        let form = |token: &Token| {
            if let Some(form) = self.forms.get(&token.folded) {
                return *form;
            }
            form_of(token, language, |root| {
                if let Some(number) = self.numbers.get(root.as_ref()) {
                    return *number;
                }
                let next = u32::try_from(self.roots.len() + own.len()).unwrap_or(u32::MAX);
                *own.entry(root.into_owned()).or_insert_with_key(|root| {
                    own_sides.push(sides(root));
                    next
                })
            })
        };
        let forms: Vec<Form> = reading.tokens.iter().map(form).collect();
        TextWords {
            words: words(reading, &forms),
            sides: own_sides,
        }
    }

    /// Whether a source has a word that begins like `root`, such as "investigation" for
    /// "investigate".
    pub(in crate::verify) fn has_beginning(&self, root: &str) -> bool {
        beginning(root).is_some_and(|beginning| self.beginnings.contains(&beginning))
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

/// What a token is in a language, where `number` tells the number of its root.
fn form_of(
    token: &Token,
    language: Option<&str>,
    number: impl FnOnce(Cow<'_, str>) -> u32,
) -> Form {
    let root = token.lemma();
    Form {
        cue: cue(&token.folded, &root, language),
        root: number(root),
        content: token.is_content(),
    }
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
