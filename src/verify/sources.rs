//! The sources of a check, read once, with an index of their words.

use std::{collections::HashMap, sync::OnceLock};

use jiff::civil::Date;

use super::{
    Evidence, SourceField, SourceText,
    read::{
        Reading,
        lexicon::{is_particle, is_place},
        roots::root,
        tokens::Token,
    },
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

/// Other ways to write what the sources name; only looked up, never walked.
#[derive(Debug, Default)]
struct Forms {
    initials: HashMap<String, Place>,
    joined: HashMap<String, Place>,
    /// Capitalised words in order.
    capitalised: Vec<(String, Place)>,
}

impl Forms {
    fn new(docs: &[Doc<'_>]) -> Self {
        // The longest acronym that is still read as one.
        const LONGEST: usize = 6;
        let mut forms = Self::default();
        for (doc, entry) in docs.iter().enumerate() {
            let tokens = &entry.reading.tokens;
            for (token, word) in tokens
                .iter()
                .enumerate()
                .filter(|(_, t)| t.is_capitalised())
            {
                let place = Place { doc, token };
                forms.capitalised.push((word.stem().to_owned(), place));
                let mut letters = String::new();
                for next in tokens[token..]
                    .iter()
                    .filter(|t| !t.is_mark("-"))
                    .take(2 * LONGEST)
                {
                    if next.is_capitalised() {
                        letters.extend(next.folded.chars().next());
                    } else if !(next.is_word() && is_particle(&next.folded)
                        || matches!(next.folded.as_str(), "and" | "for" | "on" | "&" | "in"))
                    {
                        break;
                    }
                    if letters.len() > 1 && next.is_capitalised() {
                        forms.initials.entry(letters.clone()).or_insert(place);
                    }
                }
            }
            for (token, pair) in tokens.windows(3).enumerate() {
                if pair[0].is_word() {
                    let second = if pair[1].is_word() {
                        &pair[1]
                    } else {
                        &pair[2]
                    };
                    if (pair[1].is_word() || pair[1].is_mark("-")) && second.is_word() {
                        let both = format!("{}{}", pair[0].stem(), second.stem());
                        forms.joined.entry(both).or_insert(Place { doc, token });
                    }
                }
            }
        }
        forms.capitalised.sort_by(|a, b| a.0.cmp(&b.0));
        forms
    }
}

/// All texts of all sources.
#[derive(Debug)]
pub(in crate::verify) struct Library<'a> {
    pub(in crate::verify) docs: Vec<Doc<'a>>,
    /// Where each folded word stands, in order; only looked up, never walked.
    places: HashMap<String, Vec<Place>>,
    /// Which of these words share a root, by the root.
    roots: HashMap<String, Vec<String>>,
    /// Initials of names, hyphenated words in one, and the beginnings of longer names.
    forms: Forms,
    /// The day that relative dates of the checked text count from.
    pub(in crate::verify) published: Option<Date>,
    /// Whether no source names any country or people: then the story is at home.
    pub(in crate::verify) at_home: bool,
    /// The sources' ids and days of publication.
    pub(in crate::verify) days: Vec<(&'a str, Date)>,
    /// The primary language of the first source that states one.
    pub(in crate::verify) language: Option<&'a str>,
}

impl<'a> Library<'a> {
    pub(in crate::verify) fn new(sources: &'a [SourceText<'a>]) -> Self {
        let mut docs = Vec::new();
        for source in sources {
            let texts = std::iter::once((SourceField::Text, source.text))
                .chain(source.title.map(|title| (SourceField::Title, title)))
                .chain(source.names.iter().map(|n| (SourceField::Name, n.as_str())));
            for (field, text) in texts {
                docs.push(Doc {
                    id: source.id,
                    field,
                    reading: Reading::new(text, source.language, source.published),
                    speech: OnceLock::new(),
                });
            }
        }
        let mut places: HashMap<String, Vec<Place>> = HashMap::new();
        for (doc, entry) in docs.iter().enumerate() {
            for (token, word) in entry
                .reading
                .tokens
                .iter()
                .enumerate()
                .filter(|(_, t)| t.is_word())
            {
                places
                    .entry(word.stem().to_owned())
                    .or_default()
                    .push(Place { doc, token });
            }
        }
        let mut roots: HashMap<String, Vec<String>> = HashMap::new();
        for stem in places.keys() {
            let root = root(stem).into_owned();
            roots.entry(root).or_default().push(stem.clone());
        }
        Self {
            forms: Forms::new(&docs),
            roots,
            places,
            at_home: !docs
                .iter()
                .flat_map(|doc| &doc.reading.tokens)
                .any(|token| token.is_capitalised() && is_place(token.stem())),
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
        self.places.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Where the words stand that share the root of `stem`, in no order.
    pub(in crate::verify) fn family(&self, stem: &str) -> impl Iterator<Item = Place> {
        let words = self.roots.get(root(stem).as_ref());
        words
            .into_iter()
            .flatten()
            .flat_map(|word| self.places(word).iter().copied())
    }

    pub(in crate::verify) fn token(&self, place: Place) -> &Token {
        &self.docs[place.doc].reading.tokens[place.token]
    }

    /// Where a name begins whose initials are `letters`.
    pub(in crate::verify) fn spelled_out(&self, letters: &str) -> Option<Place> {
        self.forms.initials.get(letters).copied()
    }

    /// Where two words stand that make `word` when written as one.
    pub(in crate::verify) fn written_apart(&self, word: &str) -> Option<Place> {
        self.forms.joined.get(word).copied()
    }

    /// Where a capitalised word stands that shares the first `length` letters of `stem`.
    pub(in crate::verify) fn with_beginning(&self, stem: &str, length: usize) -> Option<Place> {
        let at = self
            .forms
            .capitalised
            .partition_point(|(word, _)| word.as_str() < stem);
        let shares = |(word, place): &(String, Place)| {
            let same = word
                .chars()
                .zip(stem.chars())
                .take_while(|(a, b)| a == b)
                .count();
            (same >= length && word.chars().count() <= stem.chars().count() + 5).then_some(*place)
        };
        let before = at
            .checked_sub(1)
            .and_then(|before| shares(&self.forms.capitalised[before]));
        before.or_else(|| self.forms.capitalised.get(at).and_then(shares))
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
