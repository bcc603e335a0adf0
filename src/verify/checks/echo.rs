//! The echo of an attack: text that follows an order which a source gives to language
//! models, that carries a marker from such an order, or that speaks of the prompt.
//!
//! An article about such attacks quotes them, and an analysis may quote it: what stands
//! in quotation marks is no echo. The orders are recognised by their phrases
//! (`words/attack.toml`); an attack in other words is not seen here, but what it makes
//! a model claim still has to stand in a source.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::{
    text::Span,
    verify::{
        Finding, Kind, Reason, Report, Severity, SourceField,
        evidence::{Backing, is_content},
        finding::quoted,
        read::{Reading, quotations, tokens::Token},
        sources::Library,
    },
};

/// `words/attack.toml`: phrases.
#[derive(Deserialize)]
struct Table {
    orders: Vec<String>,
    prompt: Vec<String>,
}

struct Phrases {
    orders: Regex,
    prompt: Regex,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("../read/words/attack.toml")).expect("our own table");
    Phrases {
        orders: any_of(&table.orders),
        prompt: any_of(&table.prompt),
    }
});

fn any_of(phrases: &[String]) -> Regex {
    let patterns: Vec<String> = phrases
        .iter()
        .map(|phrase| {
            let words: Vec<String> = phrase
                .split(' ')
                .map(|word| match word {
                    "*" => r"(?:\S+\s+){0,3}?".to_owned(),
                    word => regex::escape(word) + r"\s+",
                })
                .collect();
            // No white space is asked for behind the last word.
            words.concat().trim_end_matches(r"\s+").to_owned()
        })
        .collect();
    let first_is_letter = r"(?:\b|\B)";
    Regex::new(&format!("{first_is_letter}(?:{})", patterns.join("|"))).expect("escaped phrases")
}

/// A stretch of a source that gives orders to a model.
struct Order {
    doc: usize,
    /// The sentence that was recognised.
    sentence: usize,
    /// One past the last sentence that may belong to it.
    end: usize,
}

/// The sentences that give orders, each with the two that follow it in its paragraph,
/// where the order goes on.
fn orders(library: &Library<'_>) -> Vec<Order> {
    const GOES_ON: usize = 2;
    let mut found = Vec::new();
    for (doc, entry) in library.docs.iter().enumerate() {
        if entry.field == SourceField::Name {
            continue;
        }
        let reading = &entry.reading;
        for (nth, sentence) in reading.sentences.iter().enumerate() {
            let words = folded(reading, sentence.first..sentence.end);
            if !PHRASES.orders.is_match(&words) {
                continue;
            }
            let end = (nth + 1..(nth + 1 + GOES_ON).min(reading.sentences.len()))
                .take_while(|next| {
                    let between = sentence.span.end..reading.sentences[*next].span.start;
                    !reading.text[between].contains('\n')
                })
                .last()
                .map_or(nth + 1, |last| last + 1);
            found.push(Order {
                doc,
                sentence: nth,
                end,
            });
        }
    }
    found
}

/// The folded words and marks of some tokens with blanks where the text has white space.
fn folded(reading: &Reading<'_>, tokens: std::ops::Range<usize>) -> String {
    let mut words = String::new();
    for (nth, token) in reading.tokens[tokens].iter().enumerate() {
        if nth > 0 && token.gap != crate::verify::read::tokens::Gap::None {
            words.push(' ');
        }
        words.push_str(&token.folded);
    }
    words
}

/// Adds what the text echoes.
pub(in crate::verify) fn check(
    reading: &Reading<'_>,
    backings: &[Backing],
    library: &Library<'_>,
    report: &mut Report,
) {
    let orders = orders(library);
    for (nth, sentence) in reading.sentences.iter().enumerate() {
        let tokens = sentence.first..sentence.end;
        if tokens.is_empty() {
            continue;
        }
        names_the_prompt(reading, tokens.clone(), library, report);
        if orders.is_empty() {
            continue;
        }
        carries_a_marker(reading, tokens.clone(), &orders, library, report);
        let follows = backings.get(nth).and_then(|backing| {
            let best = backing.passages.first()?;
            let order = orders.iter().find(|order| {
                order.doc == best.doc && (order.sentence..order.end).contains(&best.sentence)
            })?;
            // What the article says besides may speak of the same thing.
            const ALIKE: f64 = 0.6;
            let quoted = is_quoted(reading, tokens.clone());
            (best.share >= ALIKE && !quoted).then_some((*best, order))
        });
        if let Some((passage, _)) = follows {
            let evidence = library.passage(passage);
            report.findings.push(Finding {
                kind: Kind::Echo,
                reason: Reason::EchoOfInstruction,
                severity: Severity::Warning,
                span: sentence.span,
                message: format!(
                    "The source gives an order to language models, and this sentence repeats it: {}.",
                    quoted(&evidence.text)
                ),
                closest: Some(evidence),
            });
        }
    }
}

/// Whether most of the words of a sentence stand in quotation marks.
fn is_quoted(reading: &Reading<'_>, tokens: std::ops::Range<usize>) -> bool {
    let inside = tokens
        .clone()
        .filter(|at| in_quotation(&reading.quotations, *at))
        .count();
    2 * inside > tokens.len()
}

fn in_quotation(quotations: &[quotations::Quotation], at: usize) -> bool {
    let next = quotations.partition_point(|quotation| quotation.last < at);
    quotations.get(next).is_some_and(|q| q.first <= at)
}

/// A phrase about the prompt that no source has.
fn names_the_prompt(
    reading: &Reading<'_>,
    tokens: std::ops::Range<usize>,
    library: &Library<'_>,
    report: &mut Report,
) {
    let words = folded(reading, tokens.clone());
    let Some(found) = PHRASES.prompt.find(&words) else {
        return;
    };
    let known = library.docs.iter().any(|doc| {
        let all = 0..doc.reading.tokens.len();
        folded(&doc.reading, all).contains(found.as_str())
    });
    let Some((first, last)) = tokens_of(reading, tokens, found.start(), found.end()) else {
        return;
    };
    if known || in_quotation(&reading.quotations, first) {
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
    tokens: std::ops::Range<usize>,
    start: usize,
    end: usize,
) -> Option<(usize, usize)> {
    let mut at = 0;
    let (mut first, mut last) = (None, None);
    for (nth, index) in tokens.enumerate() {
        let token = &reading.tokens[index];
        if nth > 0 && token.gap != crate::verify::read::tokens::Gap::None {
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
    tokens: std::ops::Range<usize>,
    orders: &[Order],
    library: &Library<'_>,
    report: &mut Report,
) {
    for at in tokens {
        let token = &reading.tokens[at];
        if !is_content(token) || in_quotation(&reading.quotations, at) {
            continue;
        }
        let places = library.places(token.stem());
        let in_order = |place: &crate::verify::sources::Place| {
            let sentence = library.sentence_of(*place);
            orders.iter().find(|order| {
                order.doc == place.doc
                    && sentence.is_some_and(|s| (order.sentence..order.end).contains(&s))
            })
        };
        let Some(first) = places.first() else {
            continue;
        };
        if !places.iter().all(|place| in_order(place).is_some()) {
            continue;
        }
        let theirs = library.token(*first);
        let source = &library.docs[first.doc].reading;
        if !looks_made_up(theirs) && !in_quotation(&source.quotations, first.token) {
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
            closest: library
                .sentence_of(*first)
                .map(|sentence| library.evidence_at(first.doc, source.sentences[sentence].span)),
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
