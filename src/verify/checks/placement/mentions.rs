//! The numbers, dates and names of the sources, in order, and when two of them may be one.
//!
//! Generous on purpose: what may be the same thing is no rival for its place.

use foldhash::{HashMap, HashMapExt as _};

use crate::verify::{
    checks::naming,
    read::{
        Reading, capitals::Style, lexicon::same_name, quantity::Quantity, roots::root,
        tokens::Token,
    },
    sources::Library,
};

/// A number, date or name of a text, as tokens.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Mention {
    /// Its first token.
    pub(super) first: usize,
    /// Its last token.
    pub(super) last: usize,
    /// What it says.
    pub(super) value: Value,
}

/// What a mention says.
#[derive(Clone, Debug)]
pub(super) enum Value {
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
    /// Where names have each root: document and index; only looked up.
    names: HashMap<String, Vec<(usize, usize)>>,
}

impl Mentions {
    pub(in crate::verify) fn new(library: &Library<'_>) -> Self {
        let docs: Vec<Vec<Mention>> = library
            .docs
            .iter()
            .map(|doc| mentions(&doc.reading, library))
            .collect();
        let mut names: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (doc, mentions) in docs.iter().enumerate() {
            for (nth, mention) in mentions.iter().enumerate() {
                if let Value::Name(roots) = &mention.value {
                    for root in roots {
                        names.entry(root.clone()).or_default().push((doc, nth));
                    }
                }
            }
        }
        Self { docs, names }
    }

    /// The mentions of the tokens `first..end` of a document.
    pub(super) fn within(&self, doc: usize, first: usize, end: usize) -> &[Mention] {
        let mentions = &self.docs[doc];
        let from = mentions.partition_point(|mention| mention.first < first);
        let to = mentions.partition_point(|mention| mention.first < end);
        &mentions[from..to]
    }

    /// Every mention that may be of the same thing, with its document, in order; none when
    /// the check has looked at enough.
    pub(super) fn same(
        &self,
        ours: &Mention,
        reading: &Reading<'_>,
        library: &Library<'_>,
    ) -> Vec<(usize, &Mention)> {
        // Where no steps are left, a claim has no place that could be wrong.
        let all = match ours.value {
            Value::Name(_) => self.names.len(),
            _ => self.docs.iter().map(Vec::len).sum(),
        };
        if !library.work.take(all) {
            return Vec::new();
        }
        if let Value::Name(roots) = &ours.value {
            let mut places: Vec<(usize, usize)> = self
                .names
                .iter()
                .filter(|(theirs, _)| roots.iter().any(|ours| same_word(ours, theirs)))
                .flat_map(|(_, places)| places.iter().copied())
                .collect();
            if let [only] = roots.as_slice()
                && let Some(place) = library.spelled_out(only)
            {
                // The long form of an acronym.
                let mentions = &self.docs[place.doc];
                let nth = mentions.partition_point(|mention| mention.last < place.token);
                places.extend((nth < mentions.len()).then_some((place.doc, nth)));
            }
            places.sort_unstable();
            places.dedup();
            return places
                .into_iter()
                .map(|(doc, nth)| (doc, &self.docs[doc][nth]))
                .collect();
        }
        self.docs
            .iter()
            .zip(&library.docs)
            .enumerate()
            .flat_map(|(doc, (mentions, there))| {
                mentions
                    .iter()
                    .filter(|theirs| same(ours, reading, theirs, &there.reading))
                    .map(move |theirs| (doc, theirs))
            })
            .collect()
    }

    /// How often the sources have the name.
    pub(super) fn often(&self, mention: &Mention) -> usize {
        let Value::Name(roots) = &mention.value else {
            return 0;
        };
        let times = |root| self.names.get(root).map_or(0, Vec::len);
        roots.iter().map(times).sum()
    }

    /// All mentions, with their documents.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Mention)> {
        self.docs
            .iter()
            .enumerate()
            .flat_map(|(doc, mentions)| mentions.iter().map(move |mention| (doc, mention)))
    }
}

/// The mentions of a text of the sources, in order.
fn mentions(reading: &Reading<'_>, library: &Library<'_>) -> Vec<Mention> {
    let tokens = &reading.tokens;
    let mut found: Vec<Mention> = Vec::new();
    let mut taken = vec![false; tokens.len()];
    let mut add = |first: usize, last: usize, value: Value| {
        if !taken[first..=last].contains(&true) {
            taken[first..=last].fill(true);
            found.push(Mention { first, last, value });
        }
    };
    for (nth, date) in reading.dates.iter().enumerate() {
        add(date.first, date.last, Value::Date(nth));
    }
    for (nth, quantity) in reading.quantities.iter().enumerate() {
        add(quantity.first, quantity.last, Value::Number(nth));
    }
    // In a heading any word may have a capital.
    if let Some(style @ Style::Sentence) = reading.style {
        for name in naming::names(reading, style, library) {
            let roots = name_roots(&tokens[name.first..=name.last]);
            if !roots.is_empty() {
                add(name.first, name.last, Value::Name(roots));
            }
        }
    }
    found.sort_by_key(|mention| mention.first);
    found
}

/// The roots of the words of a name that tell it from others; none for a mere role.
pub(super) fn name_roots(name: &[Token]) -> Vec<String> {
    name.iter()
        .filter(|token| token.is_word() && !token.kinds.is_particle())
        .filter(|token| {
            let kinds = token.stem_kinds;
            !kinds.is_function() && !kinds.is_generic() && !kinds.is_common()
        })
        .map(|token| root(token.stem()).into_owned())
        .collect()
}

/// Whether two mentions may be of the same thing.
pub(super) fn same(
    ours: &Mention,
    reading: &Reading<'_>,
    theirs: &Mention,
    there: &Reading<'_>,
) -> bool {
    match (&ours.value, &theirs.value) {
        (Value::Name(ours), Value::Name(theirs)) => ours
            .iter()
            .any(|ours| theirs.iter().any(|theirs| same_word(ours, theirs))),
        (Value::Number(ours), Value::Number(theirs)) => {
            same_number(&reading.quantities[*ours], &there.quantities[*theirs])
        }
        (Value::Date(ours), Value::Date(theirs)) => {
            let (ours, theirs) = (&reading.dates[*ours], &there.dates[*theirs]);
            ours.rests_on(theirs) || theirs.rests_on(ours)
        }
        _ => false,
    }
}

/// Whether two roots may be of one name: equal, a country and its people, a short form
/// ("Lib Dem"), a slip of the pen.
fn same_word(ours: &str, theirs: &str) -> bool {
    const SHORT: usize = 3;
    const LONG: usize = 5;
    let shorter = ours.len().min(theirs.len());
    ours == theirs
        || shorter >= SHORT && (ours.starts_with(theirs) || theirs.starts_with(ours))
        || same_name(ours, false).any(|name| name == theirs)
        || shorter >= LONG
            && ours.len().abs_diff(theirs.len()) <= 1
            && ours.as_bytes()[0] == theirs.as_bytes()[0]
            && strsim::osa_distance(ours, theirs) <= 1
}

/// Whether the number of the text may stand for that of a source.
fn same_number(ours: &Quantity, theirs: &Quantity) -> bool {
    const ROUNDED: f64 = 0.05;
    let largest = ours.value.abs().max(theirs.value.abs());
    let rounded = (ours.value - theirs.value).abs() <= ROUNDED * largest
        && ours.grain.max(theirs.grain) > ours.grain.min(theirs.grain);
    ours.same_value(theirs)
        || ours.same_share(theirs)
        || rounded
        || ours.hedge.allows(ours.value, ours.grain, theirs.value)
        || theirs.hedge.allows(theirs.value, theirs.grain, ours.value)
}

/// Whether a mention of a source could stand where ours does: of the same kind, in the
/// same unit or at least as exact.
pub(super) fn is_rival(
    ours: &Mention,
    reading: &Reading<'_>,
    theirs: &Mention,
    there: &Reading<'_>,
) -> bool {
    let fits = match (&ours.value, &theirs.value) {
        (Value::Name(_), Value::Name(_)) => true,
        (Value::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (&reading.quantities[*ours], &there.quantities[*theirs]);
            ours.ordinal == theirs.ordinal && ours.unit == theirs.unit
        }
        (Value::Date(ours), Value::Date(theirs)) => {
            let (ours, theirs) = (&reading.dates[*ours], &there.dates[*theirs]);
            ours.relation.is_none()
                && theirs.relation.is_none()
                && (ours.year.is_none() || theirs.year.is_some())
                && (ours.month.is_none() || theirs.month.is_some())
                && (ours.day.is_none() || theirs.day.is_some())
                && (ours.weekday.is_none() || theirs.weekday.is_some())
        }
        _ => false,
    };
    fits && !same(ours, reading, theirs, there)
}
