//! What the sources show without stating the number: sums of what they state, lists, and
//! years that lie so far apart. Good enough to ask a person, not to be sure.

use crate::verify::{
    Evidence,
    read::{
        Reading,
        quantity::{Quantity, Unit, Writing, equal},
        roots::root,
        tokens::{Gap, Token, TokenKind},
        units::{Dimension, Measure},
        words::{Meaning, Words},
    },
    sources::Library,
};

/// A source's passage whose numbers add up to `quantity`; or for "by 3 million", whose
/// difference it is.
pub(in crate::verify) fn sum(
    quantity: &Quantity,
    ours: &Reading<'_>,
    library: &Library<'_>,
) -> Option<Evidence> {
    // Small numbers are the sum of any others.
    const SMALLEST: f64 = 4.0;
    // Each number is added to some of those near it.
    const STEPS: usize = 30;
    let plain = quantity.unit == Unit::Plain;
    if plain && quantity.value < SMALLEST {
        return None;
    }
    let before = quantity.first.checked_sub(1);
    let by = before.is_some_and(|at| matches!(ours.tokens[at].folded.as_str(), "by" | "um"));
    let thing = thing_behind(quantity, ours);
    let differs = quantity.unit == Unit::Points || by && !plain;
    library.docs.iter().enumerate().find_map(|(nth, doc)| {
        let reading = &doc.reading;
        if !library
            .work
            .take(STEPS * reading.quantities.len() + reading.sentences.len())
        {
            return None;
        }
        let mut from = 0;
        let mut before: Vec<&Quantity> = Vec::new();
        reading.sentences.iter().find_map(|sentence| {
            let parts = parts(quantity, reading, &mut from, sentence.end);
            // Amounts of two sentences add up as well, counts rarely.
            let mut near = if plain { Vec::new() } else { before.clone() };
            near.extend(&parts);
            let found = adding_up(quantity, thing, differs, &near, reading);
            before = parts;
            let (first, last) = found?;
            Some(library.evidence(nth, first, last))
        })
    })
}

/// The numbers of a sentence of a source that may be parts of `whole`.
fn parts<'r>(
    whole: &Quantity,
    reading: &'r Reading<'_>,
    from: &mut usize,
    end: usize,
) -> Vec<&'r Quantity> {
    // A hostile source may crowd a sentence with numbers.
    const MOST: usize = 8;
    let all = &reading.quantities[*from..];
    let all = &all[..all.iter().take_while(|part| part.first < end).count()];
    *from += all.len();
    all.iter()
        .filter(|part| is_part(whole, part, &reading.tokens))
        .take(MOST)
        .collect()
}

/// The first content word behind a number: what it counts.
pub(in crate::verify) fn thing_behind<'r>(
    quantity: &Quantity,
    reading: &'r Reading<'_>,
) -> Option<&'r Token> {
    const REACH: usize = 3;
    reading.tokens[quantity.last + 1..]
        .iter()
        .take(REACH)
        .find(|token| token.kind == TokenKind::Word && token.is_content())
}

/// Whether two counts may be added: of the things that the text counts, or joined by an
/// "and" ("14 men and 10 women"). A vote of 17 to 12 is no 29.
fn are_added(a: &Quantity, b: &Quantity, whole: &Token, reading: &Reading<'_>) -> bool {
    const NEAR: usize = 8;
    let same = |part: &Quantity| {
        thing_behind(part, reading).is_some_and(|thing| root(thing.stem()) == root(whole.stem()))
    };
    let between = reading.tokens.get(a.last + 1..b.first).unwrap_or_default();
    same(a) && same(b) || between.len() <= NEAR && between.iter().any(is_joint)
}

/// The first and last token of the parts that add up. `thing` is what a plain number
/// counts.
fn adding_up(
    whole: &Quantity,
    thing: Option<&Token>,
    differs: bool,
    parts: &[&Quantity],
    reading: &Reading<'_>,
) -> Option<(usize, usize)> {
    let plain = whole.unit == Unit::Plain;
    let fits = |total: f64| {
        equal(total, whole.value) || whole.hedge.allows(whole.value, whole.grain, total)
    };
    for (i, a) in parts.iter().enumerate() {
        for (j, b) in parts.iter().enumerate().skip(i + 1) {
            if plain && !thing.is_some_and(|thing| are_added(a, b, thing, reading)) {
                continue;
            }
            if differs && fits((a.value - b.value).abs())
                || whole.unit != Unit::Points && fits(a.value + b.value)
            {
                return Some((a.first, b.last));
            }
            let third = parts[j + 1..]
                .iter()
                .find(|c| whole.unit != Unit::Plain && fits(a.value + b.value + c.value));
            if let Some(third) = third {
                return Some((a.first, third.last));
            }
        }
    }
    None
}

/// Whether the word joins two things.
pub(super) fn is_joint(token: &Token) -> bool {
    matches!(
        token.folded.as_str(),
        "and" | "or" | "und" | "oder" | "et" | "ou" | "y" | "o" | "&"
    )
}

fn is_part(whole: &Quantity, part: &Quantity, tokens: &[Token]) -> bool {
    let unit = match (whole.unit, part.unit) {
        // From 5 to 7 per cent: 2 points.
        (Unit::Points, Unit::Percent) => true,
        (Unit::Plain, Unit::Plain) => {
            // What is counted follows; not an age or a score.
            tokens
                .get(part.last + 1)
                .is_some_and(|next| next.gap == Gap::Blank && next.is_word() && !is_joint(next))
                && part.value >= 2.0
        }
        (Unit::Money(ours), Unit::Money(theirs)) => ours == theirs,
        (Unit::Measure(ours), Unit::Measure(theirs)) => {
            ours == theirs && ours.dimension() != Dimension::Time
        }
        _ => false,
    };
    unit && part.value > 0.0
        && !part.in_date
        && !part.ordinal
        && matches!(part.writing, Writing::Digits | Writing::Words)
}

/// A preposition that says whose or where.
fn is_placing(token: &Token) -> bool {
    const PLACING: &[&str] = &[
        "at", "by", "de", "des", "for", "from", "in", "near", "of", "on", "to", "von", "with",
    ];
    PLACING.binary_search(&token.folded.as_str()).is_ok()
}

/// A source's sentence that lists about `count` names or things.
pub(in crate::verify) fn list(count: usize, library: &Library<'_>) -> Option<Evidence> {
    for (nth, doc) in library.docs.iter().enumerate() {
        let tokens = &doc.reading.tokens;
        if !library.work.take(tokens.len()) {
            return None;
        }
        for sentence in &doc.reading.sentences {
            let (first, last, items) = longest_list(&tokens[sentence.first..sentence.end]);
            // The one who is named before joins those in the list.
            if items == count || count > 3 && items + 1 == count {
                let at = sentence.first;
                return Some(library.evidence(nth, at + first, at + last));
            }
        }
    }
    None
}

/// The first and last token and the number of items of the longest list of capitalised
/// names with commas or an "and" between them.
fn longest_list(tokens: &[Token]) -> (usize, usize, usize) {
    // Between two names may stand an age or a role.
    const BETWEEN: usize = 6;
    let mut best = (0, 0, 0);
    let (mut first, mut items, mut end) = (0, 0, 0);
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].is_capitalised() {
            at += 1;
            continue;
        }
        let mut last = at;
        while tokens
            .get(last + 1)
            .is_some_and(|token| token.is_capitalised())
        {
            last += 1;
        }
        let between = &tokens[end..at];
        // "Of Lagos", "from Leeds" say where, and are no further item.
        let placed = between.last().is_some_and(is_placing);
        if placed && items > 0 {
            end = last + 1;
            at = last + 1;
            continue;
        }
        let joined = items > 0
            && between.len() <= BETWEEN
            && between.iter().any(|t| {
                matches!(
                    t.folded.as_str(),
                    "," | ";" | "and" | "und" | "et" | "y" | "&"
                )
            })
            && !between
                .iter()
                .any(|t| t.is_mark(".") || matches!(t.kind, TokenKind::Quote(_)));
        if joined {
            items += 1;
        } else {
            (first, items) = (at, 1);
        }
        end = last + 1;
        if items > best.2 {
            best = (first, last, items);
        }
        at = last + 1;
    }
    best
}

/// A source's year that lies as long before the day of publication, or before another
/// year of the sources, as `quantity` says.
pub(in crate::verify) fn years_apart(
    quantity: &Quantity,
    ours: &Reading<'_>,
    library: &Library<'_>,
) -> Option<Evidence> {
    let Unit::Measure(measure @ (Measure::Year | Measure::Decade | Measure::Century)) =
        quantity.unit
    else {
        return None;
    };
    // An age or a term ("two-year deal") does not follow from two years.
    let tokens = &ours.tokens;
    if tokens[quantity.first..=quantity.last]
        .iter()
        .any(|t| t.is_mark("-"))
    {
        return None;
    }
    let years = match measure {
        Measure::Year => quantity.value,
        Measure::Decade => quantity.value * 10.0,
        _ => quantity.value * 100.0,
    };
    let ago = Words::of(ours.language).is(tokens, quantity.last + 1, Meaning::Ago);
    let stated = library.docs.iter().enumerate().flat_map(|(nth, doc)| {
        let dates = library.work.share(&doc.reading.dates).iter();
        dates.filter_map(move |date| Some((nth, date.first, date.last, date.year?)))
    });
    let latest = stated.clone().map(|(.., year)| year).max()?;
    let now = library.published.map_or(latest, jiff::civil::Date::year);
    let found = stated.into_iter().find(|(.., year)| {
        let apart = f64::from(now) - f64::from(*year);
        // Without a day of publication any year may be meant to be so long ago.
        ago && library.published.is_none()
            || (apart - years).abs() <= 1.0
            || quantity.hedge.allows(years, quantity.grain, apart)
    })?;
    Some(library.evidence(found.0, found.1, found.2))
}
