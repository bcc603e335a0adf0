//! The echo of an attack: text that follows an order which a source gives to language
//! models, that carries a marker from such an order, or that speaks of the prompt.
//!
//! An article about such attacks quotes them, and an analysis may quote it: what stands
//! in quotation marks is no echo. The orders are recognised by their phrases
//! (`words/attack.toml`); an attack in other words is not seen here, but what it makes
//! a model claim still has to stand in a source.

mod phrases;

use std::{
    cell::OnceCell,
    collections::HashMap,
    ops::Range,
    sync::{LazyLock, OnceLock},
};

use serde::Deserialize;

use self::phrases::Phrases;
use crate::{
    text::Span,
    verify::{
        Finding, Kind, Reason, Report, Severity, SourceField,
        finding::quoted,
        read::{
            Reading,
            tokens::{Gap, Token},
        },
        sources::{Doc, Library, Place},
    },
};

/// `words/attack.toml`: phrases.
#[derive(Deserialize)]
struct Table {
    orders: Vec<String>,
    prompt: Vec<String>,
}

struct Tables {
    orders: Phrases,
    prompt: Phrases,
}

static PHRASES: LazyLock<Tables> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("../read/words/attack.toml")).expect("our own table");
    Tables {
        orders: Phrases::new(&table.orders),
        prompt: Phrases::new(&table.prompt),
    }
});

/// The orders of all sources, looked for when they are first asked for.
#[derive(Debug, Default)]
pub(in crate::verify) struct Orders(OnceLock<Vec<Order>>);

/// A stretch of a source that gives orders to a model.
#[derive(Debug)]
struct Order {
    doc: usize,
    /// The first token of the phrase that was recognised.
    first: usize,
    /// One past the last token that may belong to the order.
    end: usize,
}

/// The stretches that give orders: from a phrase to the end of the second sentence after
/// it in its paragraph, where the order goes on.
fn orders(library: &Library<'_>) -> Vec<Order> {
    const GOES_ON: usize = 2;
    let mut found = Vec::new();
    for (doc, entry) in library.docs.iter().enumerate() {
        if entry.field == SourceField::Name {
            continue;
        }
        let reading = &entry.reading;
        if !PHRASES
            .orders
            .may_be_in(&folded(reading, 0..reading.tokens.len()))
        {
            continue;
        }
        for (nth, sentence) in reading.sentences.iter().enumerate() {
            let tokens = sentence.first..sentence.end;
            let words = folded(reading, tokens.clone());
            let Some(phrase) = PHRASES.orders.any.find(&words) else {
                continue;
            };
            let place = tokens_of(reading, tokens, phrase.start(), phrase.end());
            let Some((first, _)) = place else {
                continue;
            };
            let end = (nth + 1..(nth + 1 + GOES_ON).min(reading.sentences.len()))
                .take_while(|next| {
                    let between = sentence.span.end..reading.sentences[*next].span.start;
                    !reading.text[between].contains('\n')
                })
                .last()
                .map_or(sentence.end, |last| reading.sentences[last].end);
            found.push(Order { doc, first, end });
        }
    }
    found
}

/// The orders that hold a place, as a range of `orders`: these stand in order, and none
/// ends before one that begins before it.
fn around(orders: &[Order], place: Place) -> Range<usize> {
    let at = (place.doc, place.token);
    let from = orders.partition_point(|order| (order.doc, order.end) <= at);
    let to = orders.partition_point(|order| (order.doc, order.first) <= at);
    from..to.max(from)
}

/// The folded words and marks of some tokens with blanks where the text has white space.
fn folded(reading: &Reading<'_>, tokens: Range<usize>) -> String {
    // Six characters a word with its blank, in most texts.
    let mut words = String::with_capacity(6 * tokens.len());
    for (nth, token) in reading.tokens[tokens].iter().enumerate() {
        if nth > 0 && token.gap != Gap::None {
            words.push(' ');
        }
        words.push_str(&token.folded);
    }
    words
}

/// Adds what the text echoes.
pub(in crate::verify) fn check(
    reading: &Reading<'_>,
    library: &Library<'_>,
    orders: &Orders,
    report: &mut Report,
) {
    let orders = orders.0.get_or_init(|| self::orders(library));
    let all = folded(reading, 0..reading.tokens.len());
    let prompt = PHRASES.prompt.may_be_in(&all);
    if orders.is_empty() && !prompt {
        return;
    }
    let sources = OnceCell::new();
    for sentence in &reading.sentences {
        let tokens = sentence.first..sentence.end;
        if tokens.is_empty() {
            continue;
        }
        if prompt {
            names_the_prompt(reading, tokens.clone(), library, &sources, report);
        }
        if orders.is_empty() {
            continue;
        }
        carries_a_marker(reading, tokens.clone(), orders, library, report);
        if let Some(order) = followed(reading, tokens, orders, library) {
            let evidence = library.evidence(order.doc, order.first, order.end - 1);
            report.findings.push(Finding {
                kind: Kind::Echo,
                reason: Reason::EchoOfInstruction,
                severity: Severity::Warning,
                span: sentence.span,
                message: format!(
                    "The source gives an order to language models, and this sentence follows it: {}.",
                    quoted(&evidence.text)
                ),
                closest: Some(evidence),
            });
        }
    }
}

/// The order that most of the words of a sentence come from: what the sources say besides
/// may speak of the same things, so some of them must stand in the order alone.
fn followed<'o>(
    reading: &Reading<'_>,
    tokens: Range<usize>,
    orders: &'o [Order],
    library: &Library<'_>,
) -> Option<&'o Order> {
    // Fewer words are alike by chance.
    const FEWEST: usize = 3;
    let words: Vec<&Token> = tokens
        .filter(|at| reading.tokens[*at].is_content())
        .filter(|at| !reading.is_quoted(*at))
        .map(|at| &reading.tokens[at])
        .collect();
    if words.len() < FEWEST {
        return None;
    }
    // For each order how many of the words it has, and how many it alone has.
    let mut shares: HashMap<usize, (usize, usize)> = HashMap::new();
    for word in &words {
        let mut places = 0;
        let mut inside: HashMap<usize, usize> = HashMap::new();
        for place in library.family(word.stem()) {
            places += 1;
            for order in around(orders, place) {
                *inside.entry(order).or_default() += 1;
            }
        }
        for (order, count) in inside {
            let (has, alone) = shares.entry(order).or_default();
            *has += 1;
            *alone += usize::from(count == places);
        }
    }
    let follows =
        |(has, alone): (usize, usize)| 5 * has >= 3 * words.len() && 3 * alone >= words.len();
    let followed = shares.into_iter().filter(|(_, share)| follows(*share));
    Some(&orders[followed.map(|(order, _)| order).min()?])
}

/// A phrase about the prompt that no source has.
fn names_the_prompt(
    reading: &Reading<'_>,
    tokens: Range<usize>,
    library: &Library<'_>,
    sources: &OnceCell<Vec<String>>,
    report: &mut Report,
) {
    let words = folded(reading, tokens.clone());
    let Some(found) = PHRASES.prompt.any.find(&words) else {
        return;
    };
    let sources = sources.get_or_init(|| {
        let all = |doc: &Doc<'_>| folded(&doc.reading, 0..doc.reading.tokens.len());
        library.docs.iter().map(all).collect()
    });
    // Where no steps are left, a source may have it.
    let known = sources
        .iter()
        .any(|source| !library.work.take(source.len()) || source.contains(found.as_str()));
    let Some((first, last)) = tokens_of(reading, tokens, found.start(), found.end()) else {
        return;
    };
    if known || reading.is_quoted(first) {
        return;
    }
    let span = reading.span(first, last);
    report.findings.push(Finding {
        kind: Kind::Echo,
        reason: Reason::EchoOfPrompt,
        severity: Severity::Warning,
        span,
        message: format!(
            "The words {} are about how the text was made, not about the news.",
            quoted(span.of(reading.text))
        ),
        closest: None,
    });
}

/// The tokens whose folded words hold the bytes `start..end` of [`folded`].
fn tokens_of(
    reading: &Reading<'_>,
    tokens: Range<usize>,
    start: usize,
    end: usize,
) -> Option<(usize, usize)> {
    let mut at = 0;
    let (mut first, mut last) = (None, None);
    for (nth, index) in tokens.enumerate() {
        let token = &reading.tokens[index];
        if nth > 0 && token.gap != Gap::None {
            at += 1;
        }
        let until = at + token.folded.len();
        if at < end && start < until {
            first = first.or(Some(index));
            last = Some(index);
        }
        at = until;
    }
    Some((first?, last?))
}

/// A word that looks made up for the purpose and stands in an order, and nowhere else in
/// the sources.
fn carries_a_marker(
    reading: &Reading<'_>,
    tokens: Range<usize>,
    orders: &[Order],
    library: &Library<'_>,
    report: &mut Report,
) {
    for at in tokens {
        let token = &reading.tokens[at];
        if !token.is_content() || reading.is_quoted(at) {
            continue;
        }
        let places = library.places(token.stem());
        let in_order = |place: &Place| !around(orders, *place).is_empty();
        let Some(first) = places.first() else {
            continue;
        };
        if !places.iter().all(in_order) {
            continue;
        }
        let theirs = library.token(*first);
        let source = &library.docs[first.doc].reading;
        if !looks_made_up(theirs) && !source.is_quoted(first.token) {
            continue;
        }
        // A run of such words is one marker.
        let span = token.span;
        let touching = |finding: &Finding| {
            finding.reason == Reason::EchoOfMarker
                && reading.text[finding.span.end.min(span.start)..span.start]
                    .chars()
                    .all(|c| !c.is_alphanumeric())
        };
        if let Some(last) = report.findings.last_mut().filter(|last| touching(last)) {
            last.span = Span::new(last.span.start, span.end);
            continue;
        }
        report.findings.push(Finding {
            kind: Kind::Echo,
            reason: Reason::EchoOfMarker,
            severity: Severity::Warning,
            span,
            message: format!(
                "The source has {} only where it gives an order to language models.",
                quoted(&token.text)
            ),
            closest: library.sentence_at(*first),
        });
    }
}

/// Whether a word is a code rather than a word: capitals throughout, digits among
/// letters, or joined by underscores.
fn looks_made_up(token: &Token) -> bool {
    let letters = token.text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = token.text.chars().any(|c| c.is_ascii_digit());
    letters >= 4 && (token.is_all_capitals() || digits)
}
