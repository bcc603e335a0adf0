//! The sources of a check, read once, with an index of their words.

use std::sync::OnceLock;

use foldhash::HashMap;
use jiff::civil::Date;

use super::{
    Evidence, SourceField, SourceText,
    index::Index,
    language::is_english,
    read::{
        Reading,
        lexicon::Home,
        spelling::{is_form, sound, with_digraphs},
        tokens::{Token, TokenKind, Word, is_unspaced, words},
    },
    work::Work,
};
use crate::{article::quotation::Speech, text::Span};

/// One text of a source.
#[derive(Debug)]
pub(in crate::verify) struct Doc<'a> {
    /// The source's id.
    pub(in crate::verify) id: &'a str,
    /// Which text of the source it is.
    pub(in crate::verify) field: SourceField,
    /// What it says.
    pub(in crate::verify) reading: Reading<'a>,
    /// Who says what in it; read when it is first asked for.
    speech: OnceLock<Speech>,
    /// Whether its names have capitals; a text all in small letters tells none.
    pub(in crate::verify) cased: bool,
}

impl Doc<'_> {
    /// Who says what in it.
    pub(in crate::verify) fn speech(&self) -> &Speech {
        self.speech.get_or_init(|| self.reading.speech(|_| false))
    }
}

/// A token of a source: which document, which token of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct Place {
    pub(in crate::verify) doc: usize,
    pub(in crate::verify) token: usize,
}

/// Other ways to write what the sources name; only looked up, never walked. Each is made
/// when it is first asked for, since most texts write names as their sources do.
#[derive(Debug, Default)]
struct Forms {
    /// The initials of names.
    initials: OnceLock<HashMap<String, Place>>,
    /// Two words in one, and `oe` for `ö`.
    respelled: OnceLock<HashMap<String, Place>>,
    /// How names sound.
    sounds: OnceLock<HashMap<String, Place>>,
    /// Capitalised words in order.
    capitalised: OnceLock<Vec<(String, Place)>>,
}

/// The capitalised words of documents, in order, and their places.
fn capitalised<'d>(docs: &'d [Doc<'_>]) -> impl Iterator<Item = (Place, &'d Token)> {
    docs.iter().enumerate().flat_map(|(doc, entry)| {
        let tokens = entry.reading.tokens.iter().enumerate();
        tokens
            .filter(|(_, word)| word.is_capitalised())
            .map(move |(token, word)| (Place { doc, token }, word))
    })
}

impl Forms {
    fn initials(&self, docs: &[Doc<'_>]) -> &HashMap<String, Place> {
        // The longest acronym that is still read as one.
        const LONGEST: usize = 6;
        self.initials.get_or_init(|| {
            let mut initials = HashMap::default();
            let mut letters = String::new();
            for (place, _) in capitalised(docs) {
                letters.clear();
                let tokens = &docs[place.doc].reading.tokens[place.token..];
                let tokens = tokens.iter().filter(|t| !t.is_mark("-"));
                for next in tokens.take(2 * LONGEST) {
                    if next.is_capitalised() {
                        letters.extend(next.folded.chars().next());
                    } else if !next.kinds.is_particle()
                        && !matches!(next.folded.as_str(), "and" | "for" | "on" | "&" | "in")
                    {
                        break;
                    }
                    if letters.len() > 1
                        && next.is_capitalised()
                        && !initials.contains_key(&letters)
                    {
                        initials.insert(letters.clone(), place);
                    }
                }
            }
            initials
        })
    }

    fn respelled(&self, docs: &[Doc<'_>]) -> &HashMap<String, Place> {
        self.respelled.get_or_init(|| {
            let mut respelled = HashMap::default();
            for (doc, entry) in docs.iter().enumerate() {
                for (place, word) in capitalised(&docs[doc..=doc]) {
                    if let Some(spelled) = with_digraphs(&word.text) {
                        let place = Place { doc, ..place };
                        respelled.entry(spelled).or_insert(place);
                    }
                }
                for (token, pair) in entry.reading.tokens.windows(3).enumerate() {
                    if pair[0].is_word() {
                        let second = if pair[1].is_word() {
                            &pair[1]
                        } else {
                            &pair[2]
                        };
                        if (pair[1].is_word() || pair[1].is_mark("-")) && second.is_word() {
                            let both = format!("{}{}", pair[0].stem(), second.stem());
                            respelled.entry(both).or_insert(Place { doc, token });
                        }
                    }
                }
            }
            respelled
        })
    }

    fn sounds(&self, docs: &[Doc<'_>]) -> &HashMap<String, Place> {
        self.sounds.get_or_init(|| {
            let mut sounds = HashMap::default();
            for (place, word) in capitalised(docs) {
                if let Some(sound) = sound(word.stem()) {
                    sounds.entry(sound).or_insert(place);
                }
            }
            sounds
        })
    }

    fn capitalised(&self, docs: &[Doc<'_>]) -> &[(String, Place)] {
        self.capitalised.get_or_init(|| {
            let words = capitalised(docs).map(|(place, word)| (word.stem().to_owned(), place));
            let mut words: Vec<(String, Place)> = words.collect();
            words.sort_by(|a, b| a.0.cmp(&b.0));
            words
        })
    }
}

/// All texts of all sources.
#[derive(Debug)]
pub(in crate::verify) struct Library<'a> {
    pub(in crate::verify) docs: Vec<Doc<'a>>,
    index: Index,
    /// What the check that runs has looked at.
    pub(in crate::verify) work: Work,
    forms: Forms,
    /// The day that relative dates of the checked text count from.
    pub(in crate::verify) published: Option<Date>,
    /// The countries of which a source shows signs.
    homes: Vec<Home>,
    /// Whether a source is in Latin letters.
    pub(in crate::verify) latin: bool,
    /// Whether a source is in another language than English.
    pub(in crate::verify) foreign: bool,
    /// The sources' ids and days of publication.
    pub(in crate::verify) days: Vec<(&'a str, Date)>,
    /// The primary language of the first source that states one.
    pub(in crate::verify) language: Option<&'a str>,
}

/// Whether a text's names have capitals: more than those that begin its sentences.
fn is_cased(reading: &Reading<'_>) -> bool {
    // A text of sentences has one name at least in so many words.
    const WORDS: usize = 50;
    let capitals = |tokens: &[Token]| tokens.iter().filter(|t| t.is_capitalised()).count();
    let words = reading.tokens.iter().filter(|t| t.is_word()).count();
    let inside: usize = reading
        .sentences
        .iter()
        .map(|sentence| {
            capitals(
                reading
                    .tokens
                    .get(sentence.first + 1..sentence.end)
                    .unwrap_or(&[]),
            )
        })
        .sum();
    words < WORDS || inside * WORDS > words
}

/// Whether most words are in Latin letters.
fn is_latin(tokens: &[Token]) -> bool {
    let (mut all, mut latin) = (0, 0);
    for word in tokens.iter().filter(|t| t.kind == TokenKind::Word) {
        all += 1;
        latin += usize::from(word.folded.starts_with(|c: char| c.is_ascii_lowercase()));
    }
    latin * 2 > all
}

/// The countries of which the sources show signs.
fn homes(docs: &[Doc<'_>]) -> Vec<Home> {
    let mut homes = Vec::new();
    for word in docs.iter().flat_map(|doc| words(&doc.reading.tokens)) {
        if word.is_capitalised()
            && (word.stem_kinds.is_sign() || word.stem().ends_with("shire"))
            && let Some(home) = Home::shown(word.stem())
            && !homes.contains(&home)
        {
            homes.push(home);
        }
    }
    homes
}

impl<'a> Library<'a> {
    pub(in crate::verify) fn new(sources: &'a [SourceText<'a>]) -> Self {
        let mut docs = Vec::new();
        for source in sources {
            let texts = std::iter::once((SourceField::Text, source.text))
                .chain(source.title.map(|title| (SourceField::Title, title)))
                .chain(source.names.iter().map(|n| (SourceField::Name, n.as_str())));
            for (field, text) in texts {
                let reading = Reading::new(text, source.language, source.published);
                docs.push(Doc {
                    id: source.id,
                    field,
                    speech: OnceLock::new(),
                    cased: is_cased(&reading),
                    reading,
                });
            }
        }
        Self {
            index: Index::new(&docs),
            work: Work::default(),
            forms: Forms::default(),
            homes: homes(&docs),
            latin: docs.iter().any(|doc| is_latin(&doc.reading.tokens)),
            foreign: sources.iter().any(|source| !is_english(source.language)),
            published: sources.iter().find_map(|source| source.published),
            days: sources
                .iter()
                .filter_map(|source| Some((source.id, source.published?)))
                .collect(),
            docs,
            language: sources.iter().find_map(|s| s.language),
        }
    }

    /// Where a word stands whose stem is `stem`.
    pub(in crate::verify) fn places(&self, stem: &str) -> &[Place] {
        self.work.share(self.index.places(stem))
    }

    /// Where the words stand that share the root of `stem`, in no order.
    pub(in crate::verify) fn family<'s>(&'s self, stem: &'s str) -> impl Iterator<Item = Place> {
        self.work
            .counted(self.index.family_places(stem, &self.docs))
    }

    /// The sentences that have a word with the root of `word`, counted through all
    /// documents, in order and each once.
    pub(in crate::verify) fn family_sentences(&self, word: &Word) -> Vec<usize> {
        self.index.family_sentences(word, &self.docs)
    }

    pub(in crate::verify) fn token(&self, place: Place) -> &Token {
        &self.docs[place.doc].reading.tokens[place.token]
    }

    /// Whether the word at `place` may be a name there: it has a capital, or its text has
    /// none at all.
    pub(in crate::verify) fn names(&self, place: Place) -> bool {
        self.token(place).is_capitalised() || !self.docs[place.doc].cased
    }

    /// Whether the story seems to be at home in this country.
    pub(in crate::verify) fn is_at_home(&self, country: Home) -> bool {
        self.homes.iter().any(|home| country.is_implied_by(*home))
    }

    /// Where a name begins whose initials are `letters`.
    pub(in crate::verify) fn spelled_out(&self, letters: &str) -> Option<Place> {
        self.forms.initials(&self.docs).get(letters).copied()
    }

    /// Where a word stands of a script without blanks, whose tokens are its letters.
    pub(in crate::verify) fn run(&self, word: &str) -> Option<Place> {
        let mut letters = word.chars();
        let first = letters.next().filter(|c| is_unspaced(*c))?;
        let mut buffer = [0; 4];
        let places = self.places(first.encode_utf8(&mut buffer)).iter().copied();
        places.take(100).find(|place| {
            let theirs = &self.docs[place.doc].reading.tokens[place.token + 1..];
            letters
                .clone()
                .enumerate()
                .all(|(nth, c)| theirs.get(nth).is_some_and(|t| t.text.starts_with(c)))
        })
    }

    /// Where two words stand that make `word` when written as one, or a name with umlauts
    /// for which `word` has other letters.
    pub(in crate::verify) fn written_otherwise(&self, word: &str) -> Option<Place> {
        self.forms.respelled(&self.docs).get(word).copied()
    }

    /// Where a name stands that sounds like `stem`.
    pub(in crate::verify) fn sounds_like(&self, stem: &str) -> Option<Place> {
        self.forms.sounds(&self.docs).get(&sound(stem)?).copied()
    }

    /// Where a capitalised word stands that shares its first `length` letters or more with
    /// `stem`, and what follows them in both is an ending of English names.
    pub(in crate::verify) fn with_beginning(&self, stem: &str, length: usize) -> Option<Place> {
        let words = self.forms.capitalised(&self.docs);
        let at = words.partition_point(|(word, _)| word.as_str() < stem);
        let shares =
            |(word, place): &(String, Place)| is_form(word, stem, length).then_some(*place);
        let before = at.checked_sub(1).and_then(|before| shares(&words[before]));
        before.or_else(|| words.get(at).and_then(shares))
    }

    /// The index of the sentence that a place is in.
    pub(in crate::verify) fn sentence_of(&self, place: Place) -> Option<usize> {
        self.docs[place.doc].reading.sentence_of(place.token)
    }

    /// The tokens `first..=last` of a document as evidence.
    pub(in crate::verify) fn evidence(&self, doc: usize, first: usize, last: usize) -> Evidence {
        let tokens = &self.docs[doc].reading.tokens;
        self.evidence_at(
            doc,
            Span::new(tokens[first].span.start, tokens[last].span.end),
        )
    }

    pub(in crate::verify) fn evidence_at(&self, doc: usize, span: Span) -> Evidence {
        let doc = &self.docs[doc];
        Evidence {
            source: doc.id.to_owned(),
            field: doc.field,
            span,
            text: span.of(doc.reading.text).to_owned(),
        }
    }

    /// The sentence of the word at `place` as evidence.
    pub(in crate::verify) fn sentence_at(&self, place: Place) -> Option<Evidence> {
        let nth = self.sentence_of(place)?;
        let span = self.docs[place.doc].reading.sentences[nth].span;
        Some(self.evidence_at(place.doc, span))
    }

    /// The publication day of the source `id` as evidence.
    pub(in crate::verify) fn published_evidence(id: &str, day: Date) -> Evidence {
        let text = day.to_string();
        Evidence {
            source: id.to_owned(),
            field: SourceField::Published,
            span: Span::new(0, text.len()),
            text,
        }
    }
}
