//! The sources of a check, read once: tokens, an index of their words, the numbers and
//! dates they state, and their sentences for showing the passage that comes nearest.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::{
    Evidence, SourceField, SourceText,
    dates::DateMention,
    lexicon::{is_particle, is_place},
    mentions,
    numbers::Quantity,
    quantities,
    tokens::{Token, tokens},
};
use crate::text::{Span, sentences};

/// One text of a source.
#[derive(Debug)]
pub(super) struct Doc<'a> {
    /// The source's id.
    pub(super) id: &'a str,
    /// Which text of the source it is.
    pub(super) field: SourceField,
    /// The text itself.
    pub(super) text: &'a str,
    /// Its tokens.
    pub(super) tokens: Vec<Token>,
    /// The numbers it states, those inside dates included.
    pub(super) quantities: Vec<Quantity>,
    /// The dates it states.
    pub(super) dates: Vec<DateMention>,
}

/// A token of a source: which document, which token of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) doc: usize,
    pub(super) token: usize,
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
            let tokens = &entry.tokens;
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

/// A sentence of a source: its document, its place and its longer words.
type Passage = (usize, Span, HashSet<String>);

/// All texts of all sources.
#[derive(Debug)]
pub(super) struct Library<'a> {
    pub(super) docs: Vec<Doc<'a>>,
    /// Where each folded word stands, in order; only looked up, never walked.
    places: HashMap<String, Vec<Place>>,
    /// Initials of names, hyphenated words in one, and the beginnings of longer names.
    forms: Forms,
    /// Sentences of the articles with their longer words.
    passages: Vec<Passage>,
    /// The day that relative dates of the checked text count from.
    pub(super) published: Option<Date>,
    /// Whether no source names any country or people: then the story is at home.
    pub(super) at_home: bool,
    /// The sources' ids and days of publication.
    pub(super) days: Vec<(&'a str, Date)>,
    /// The primary language of the first source that states one.
    pub(super) language: Option<&'a str>,
}

impl<'a> Library<'a> {
    pub(super) fn new(sources: &'a [SourceText<'a>]) -> Self {
        let mut docs = Vec::new();
        let mut passages = Vec::new();
        for source in sources {
            let texts = std::iter::once((SourceField::Text, source.text))
                .chain(source.title.map(|title| (SourceField::Title, title)))
                .chain(source.names.iter().map(|n| (SourceField::Name, n.as_str())));
            for (field, text) in texts {
                let tokens = tokens(text);
                if matches!(field, SourceField::Text | SourceField::Title) {
                    for span in sentences(text, source.language) {
                        passages.push((docs.len(), span, long_words(&tokens, span)));
                    }
                }
                let dates = mentions::mentions(&tokens, source.language, source.published);
                let mut quantities = quantities::quantities(&tokens, text, source.language);
                for date in dates.iter().filter(|date| date.month.is_some()) {
                    let from = quantities.partition_point(|q| q.first < date.first);
                    let inside = quantities[from..].iter_mut();
                    inside
                        .take_while(|quantity| quantity.last <= date.last)
                        .for_each(|quantity| quantity.in_date = true);
                }
                docs.push(Doc {
                    id: source.id,
                    field,
                    text,
                    quantities,
                    dates,
                    tokens,
                });
            }
        }
        let mut places: HashMap<String, Vec<Place>> = HashMap::new();
        for (doc, entry) in docs.iter().enumerate() {
            for (token, word) in entry.tokens.iter().enumerate().filter(|(_, t)| t.is_word()) {
                places
                    .entry(word.stem().to_owned())
                    .or_default()
                    .push(Place { doc, token });
            }
        }
        Self {
            forms: Forms::new(&docs),
            places,
            passages,
            at_home: !docs
                .iter()
                .flat_map(|doc| &doc.tokens)
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
    pub(super) fn places(&self, stem: &str) -> &[Place] {
        self.places.get(stem).map_or(&[], Vec::as_slice)
    }

    pub(super) fn token(&self, place: Place) -> &Token {
        &self.docs[place.doc].tokens[place.token]
    }

    /// Where a name begins whose initials are `letters`.
    pub(super) fn spelled_out(&self, letters: &str) -> Option<Place> {
        self.forms.initials.get(letters).copied()
    }

    /// Where two words stand that make `word` when written as one.
    pub(super) fn written_apart(&self, word: &str) -> Option<Place> {
        self.forms.joined.get(word).copied()
    }

    /// Where a capitalised word stands that shares the first `length` letters of `stem`.
    pub(super) fn with_beginning(&self, stem: &str, length: usize) -> Option<Place> {
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

    /// The tokens `first..=last` of a document as evidence.
    pub(super) fn evidence(&self, doc: usize, first: usize, last: usize) -> Evidence {
        let tokens = &self.docs[doc].tokens;
        self.evidence_at(
            doc,
            Span::new(tokens[first].span.start, tokens[last].span.end),
        )
    }

    pub(super) fn evidence_at(&self, doc: usize, span: Span) -> Evidence {
        let doc = &self.docs[doc];
        Evidence {
            source: doc.id.to_owned(),
            field: doc.field,
            span,
            text: span.of(doc.text).to_owned(),
        }
    }

    /// The publication day of the source `id` as evidence.
    pub(super) fn published_evidence(id: &str, day: Date) -> Evidence {
        let text = day.to_string();
        Evidence {
            source: id.to_owned(),
            field: SourceField::Published,
            span: Span::new(0, text.len()),
            text,
        }
    }

    /// The sentence of a source that shares most words with the sentence `around` of
    /// the checked text; `None` when no sentence shares two.
    pub(super) fn closest(&self, words: &HashSet<String>) -> Option<Evidence> {
        let mut best: Option<(usize, &Passage)> = None;
        for passage in &self.passages {
            let shared = passage.2.intersection(words).count();
            if shared >= 2 && best.is_none_or(|(most, _)| shared > most) {
                best = Some((shared, passage));
            }
        }
        best.map(|(_, (doc, span, _))| self.evidence_at(*doc, *span))
    }
}

/// The folded words inside `span` that are long enough to say something.
pub(super) fn long_words(tokens: &[Token], span: Span) -> HashSet<String> {
    // Tokens lie in order, so the span's own can be found by bisection.
    let from = tokens.partition_point(|token| token.span.start < span.start);
    tokens[from..]
        .iter()
        .take_while(|token| token.span.start < span.end)
        .filter(|token| token.is_word() && token.stem().chars().nth(3).is_some())
        .map(|token| token.stem().to_owned())
        .collect()
}
