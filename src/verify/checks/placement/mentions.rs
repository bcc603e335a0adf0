//! The numbers, dates and names of the sources, in order, and when two of them are one.

use std::collections::{HashMap, HashSet};

use crate::verify::{
    checks::naming::{self, Style},
    read::{
        Reading,
        lexicon::{is_common, is_function, is_generic, is_particle, is_place, same_place},
        quantity::{Quantity, Unit},
        roots::root,
        tokens::Token,
    },
    sources::Library,
};

/// A number, date or name of a text, as tokens.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Mention {
    /// Its first token.
    pub(in crate::verify) first: usize,
    /// Its last token.
    pub(in crate::verify) last: usize,
    /// What it says.
    pub(in crate::verify) value: Value,
}

/// What a mention says.
#[derive(Clone, Debug)]
pub(in crate::verify) enum Value {
    /// The number at this index of the reading.
    Number(usize),
    /// The date at this index of the reading.
    Date(usize),
    /// A name, by the roots of the words that tell it from others.
    Name(Vec<String>),
}

/// What the sources mention.
#[derive(Debug)]
pub(in crate::verify) struct Mentions {
    /// The mentions of each document, in order.
    docs: Vec<Vec<Mention>>,
    /// What kind of thing each name is, by the roots of its words.
    kinds: HashMap<String, Traits>,
}

/// What the words around a name tell of it: how often it stands where …
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::verify) struct Traits {
    /// … anywhere.
    pub(in crate::verify) all: f64,
    /// … a place would stand: after "in", "at", "near".
    pub(in crate::verify) place: f64,
    /// … a person would stand: before "said", after "Mr", beside an age.
    pub(in crate::verify) person: f64,
    /// … a body would stand: after "the".
    pub(in crate::verify) body: f64,
}

/// What kind of thing a name is, as far as the text around it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Class {
    Country,
    Person,
    Place,
    Body,
    Unknown,
}

impl Mentions {
    pub(in crate::verify) fn class(&self, roots: &[String]) -> Class {
        let traits = self.traits(roots);
        if roots.iter().any(|root| is_place(root) || is_place(&format!("{root}s"))) {
            Class::Country
        } else if traits.person >= 0.15 * traits.all && traits.person > 0.0 {
            Class::Person
        } else if traits.place >= 0.4 * traits.all && traits.place > 0.0 {
            Class::Place
        } else if traits.body >= 0.4 * traits.all && traits.body > 0.0 {
            Class::Body
        } else {
            Class::Unknown
        }
    }

    pub(in crate::verify) fn new(library: &Library<'_>) -> Self {
        let mut kinds: HashMap<String, Traits> = HashMap::new();
        let docs = library
            .docs
            .iter()
            .map(|doc| {
                let mentions = all(&doc.reading, library);
                for mention in &mentions {
                    if let Value::Name(roots) = &mention.value {
                        let traits = traits(&doc.reading.tokens, mention);
                        for root in roots {
                            let known = kinds.entry(root.clone()).or_default();
                            known.all += traits.all;
                            known.place += traits.place;
                            known.person += traits.person;
                            known.body += traits.body;
                        }
                    }
                }
                mentions
            })
            .collect();
        Self { docs, kinds }
    }

    /// The mentions of the tokens `first..end` of a document.
    pub(in crate::verify) fn within(&self, doc: usize, first: usize, end: usize) -> &[Mention] {
        let mentions = &self.docs[doc];
        let from = mentions.partition_point(|mention| mention.first < first);
        let to = mentions.partition_point(|mention| mention.first < end);
        &mentions[from..to]
    }

    pub(in crate::verify) fn all(&self) -> impl Iterator<Item = (usize, &Mention)> {
        self.docs
            .iter()
            .enumerate()
            .flat_map(|(doc, mentions)| mentions.iter().map(move |mention| (doc, mention)))
    }

    pub(in crate::verify) fn most(&self) -> f64 {
        self.kinds.values().map(|traits| traits.all).fold(0.0, f64::max)
    }

    /// What is known of a name.
    pub(in crate::verify) fn traits(&self, roots: &[String]) -> Traits {
        roots
            .iter()
            .filter_map(|root| self.kinds.get(root))
            .fold(Traits::default(), |sum, traits| Traits {
                all: sum.all + traits.all,
                place: sum.place + traits.place,
                person: sum.person + traits.person,
                body: sum.body + traits.body,
            })
    }
}

fn traits(tokens: &[Token], mention: &Mention) -> Traits {
    let before = mention.first.checked_sub(1).map(|at| &tokens[at]);
    let stem = |token: Option<&Token>| token.map(|token| token.folded.clone()).unwrap_or_default();
    let (previous, next) = (stem(before), stem(tokens.get(mention.last + 1)));
    let comma_age = next == ","
        && tokens
            .get(mention.last + 2)
            .is_some_and(|t| t.text.len() == 2 && t.text.bytes().all(|b| b.is_ascii_digit()));
    let name = &tokens[mention.first..=mention.last];
    let country = name.iter().any(|token| is_place(token.stem()));
    let title = name.len() > 1 && is_generic(name[0].stem())
        || matches!(previous.as_str(), "mr" | "mrs" | "ms" | "dr");
    Traits {
        all: 1.0,
        place: f64::from(u8::from(
            country
                || matches!(previous.as_str(), "in" | "at" | "near" | "from" | "to" | "across"),
        )),
        person: f64::from(u8::from(
            comma_age
                || title
                || matches!(
                    next.as_str(),
                    "said" | "says" | "told" | "added" | "who" | "whose" | "tells" | "wrote"
                ),
        )),
        body: f64::from(u8::from(previous == "the")),
    }
}

/// All mentions of a text.
fn all(reading: &Reading<'_>, library: &Library<'_>) -> Vec<Mention> {
    let tokens = &reading.tokens;
    let mut found: Vec<Mention> = Vec::new();
    let mut taken = vec![false; tokens.len()];
    for (nth, date) in reading.dates.iter().enumerate() {
        taken[date.first..=date.last].fill(true);
        found.push(Mention {
            first: date.first,
            last: date.last,
            value: Value::Date(nth),
        });
    }
    for (nth, quantity) in reading.quantities.iter().enumerate() {
        if taken[quantity.first..=quantity.last].contains(&true) {
            continue;
        }
        taken[quantity.first..=quantity.last].fill(true);
        found.push(Mention {
            first: quantity.first,
            last: quantity.last,
            value: Value::Number(nth),
        });
    }
    if let Some(style) = naming::style(tokens, reading.language)
        && style == Style::Sentence
    {
        let openings: HashSet<usize> = reading.sentences.iter().map(|s| s.span.start).collect();
        for name in naming::names(tokens, style, &openings, library) {
            if taken[name.first..=name.last].contains(&true) {
                continue;
            }
            let roots = roots(&tokens[name.first..=name.last]);
            if !roots.is_empty() {
                found.push(Mention {
                    first: name.first,
                    last: name.last,
                    value: Value::Name(roots),
                });
            }
        }
    }
    found.sort_by_key(|mention| mention.first);
    found
}

/// The roots of the words of a name that tell it from others.
pub(in crate::verify) fn roots(name: &[Token]) -> Vec<String> {
    name.iter()
        .filter(|token| token.is_word() && !is_particle(&token.folded))
        .filter(|token| !is_function(token.stem()))
        .filter(|token| !is_generic(token.stem()) && !is_common(token.stem()))
        .map(|token| root(token.stem()).into_owned())
        .collect()
}

/// Whether two names may be of one thing.
pub(in crate::verify) fn same_name(ours: &[String], theirs: &[String]) -> bool {
    let initials = |long: &[String], short: &[String]| {
        long.len() > 1
            && short.len() == 1
            && short[0].len() <= 5
            && long.iter().filter_map(|word| word.chars().next()).collect::<String>() == short[0]
    };
    ours.iter().any(|a| {
        theirs.iter().any(|b| {
            a == b
                || same_place(a).contains(&b.as_str())
                || same_place(b).contains(&a.as_str())
                || a.len().min(b.len()) >= 3 && (a.starts_with(b.as_str()) || b.starts_with(a.as_str()))
                || a.len().min(b.len()) >= 5 && strsim::osa_distance(a, b) <= 1
        })
    }) || initials(ours, theirs)
        || initials(theirs, ours)
}

/// Whether the number of the text may stand for that of a source, generously.
pub(in crate::verify) fn same_number(ours: &Quantity, theirs: &Quantity) -> bool {
    let near = (ours.value - theirs.value).abs() <= 0.05 * ours.value.abs().max(theirs.value.abs())
        && ours.grain.max(theirs.grain) > ours.grain.min(theirs.grain);
    ours.same_value(theirs)
        || ours.same_share(theirs)
        || near
        || ours.hedge.allows(ours.value, ours.grain, theirs.value)
        || theirs.hedge.allows(theirs.value, theirs.grain, ours.value)
}

/// Whether two numbers can stand in one place.
pub(in crate::verify) fn same_class(ours: &Quantity, theirs: &Quantity) -> bool {
    ours.ordinal == theirs.ordinal
        && match (ours.unit, theirs.unit) {
            (Unit::Money(_), Unit::Money(_)) => true,
            (a, b) => a == b,
        }
}
