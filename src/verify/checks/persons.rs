//! Persons: whether the first name, the initial and the title that a text gives with a
//! surname are those of the sources.
//!
//! Not judged: a first name for which the sources have none that could be another.

use super::{
    naming::Name,
    parts::{Doubt, PLACES, Part},
};
use crate::verify::{
    Reason, Severity,
    finding::quoted,
    read::{
        lexicon::{is_common, is_first_name, is_generic, is_place, same_first_name, same_name},
        tokens::{Gap, Token},
    },
    sources::{Library, Place},
};

/// What is wrong with the person that the name is of.
pub(super) fn wrong(
    name: &Name,
    parts: &[Part],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<Doubt> {
    other_first_name(parts, tokens, library)
        .or_else(|| other_title(name, parts, tokens, library))
        .or_else(|| other_initial(name, tokens, library))
}

/// Where a source has another form of a first name before the same surname: "Rob" for
/// "Robert".
pub(super) fn given_otherwise(
    words: &[usize],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<Place> {
    let [first, next, ..] = words else {
        return None;
    };
    let (ours, surname) = (tokens[*first].stem(), tokens[*next].stem());
    let places = |word: &str| library.places(word).iter().take(PLACES);
    let mut places = places(surname).chain(same_name(surname, false).flat_map(places));
    places.find_map(|place| {
        given(*place, library).find(|given| same_first_name(library.token(*given).stem(), ours))
    })
}

/// The names with capitals before the surname at `place`, the nearest first.
fn given<'l>(place: Place, library: &'l Library<'_>) -> impl Iterator<Item = Place> + 'l {
    // First names and initials of one person, with their full stops.
    const MOST: usize = 4;
    let theirs = &library.docs[place.doc].reading.tokens;
    // The full stop of an initial or a title, not that of a sentence.
    let stop = |at: usize| {
        theirs[at].is_mark(".")
            && at.checked_sub(1).is_some_and(|before| {
                theirs[before].text.len() == 1 || is_generic(theirs[before].stem())
            })
    };
    (place.token.saturating_sub(MOST)..place.token)
        .rev()
        .take_while(move |at| theirs[*at].is_capitalised() || stop(*at))
        .take_while(|at| theirs[*at + 1].gap <= Gap::Blank)
        .filter(|at| theirs[*at].is_capitalised())
        .map(move |token| Place { token, ..place })
}

/// A wrong first name: the text puts two words together that a source has only apart,
/// and the source has another first name before the second of them, or none, and the
/// first is another person's.
fn other_first_name(parts: &[Part], tokens: &[Token], library: &Library<'_>) -> Option<Doubt> {
    let [.., first, last] = parts else {
        return None;
    };
    let (ours, surname) = (&tokens[first.at + first.words - 1], &tokens[last.at]);
    let unfit = |stem: &str| is_generic(stem) || is_place(stem) || is_common(stem);
    let adjacent = last.at == first.at + first.words;
    if !adjacent
        || first.words != 1
        || last.words != 1
        || unfit(ours.stem())
        || unfit(surname.stem())
        || ours.is_all_capitals()
        || surname.gap != Gap::Blank
    {
        return None;
    }
    // A first name that the source also uses alone may be a relative's.
    let alone = library
        .places(ours.stem())
        .iter()
        .take(PLACES)
        .any(|place| {
            let theirs = &library.docs[place.doc].reading.tokens;
            let next = theirs.get(place.token + 1);
            !next.is_some_and(|next| next.is_capitalised() && next.gap == Gap::Blank)
        });
    if alone {
        return None;
    }
    let doubt = |theirs: &str, first: Place, last: Place| Doubt {
        reason: Reason::NameAltered,
        severity: Severity::Error,
        run: (parts[parts.len() - 2].at, parts[parts.len() - 2].at),
        message: format!(
            "The source has {} and nowhere {}.",
            quoted(theirs),
            quoted(&format!("{} {}", ours.text, surname.text))
        ),
        closest: Some(library.evidence(first.doc, first.token, last.token)),
    };
    let (mut other, mut bare) = (None, None);
    for place in library.places(surname.stem()).iter().take(PLACES) {
        if !library.token(*place).is_capitalised() {
            continue;
        }
        bare = bare.or(Some(*place));
        for given in given(*place, library) {
            let theirs = library.token(given);
            if theirs.stem() == ours.stem() || same_first_name(theirs.stem(), ours.stem()) {
                return None;
            }
            if given.token + 1 == place.token && other.is_none() && !unfit(theirs.stem()) {
                other = Some((given, *place));
            }
        }
    }
    if let Some((given, place)) = other {
        let theirs = library.evidence(place.doc, given.token, place.token).text;
        return Some(doubt(&theirs, given, place));
    }
    let place = bare.filter(|_| is_first_name(ours.stem()))?;
    Some(doubt(&library.token(place).text, place, place))
}

/// Titles and ranks that say who somebody is, each with its other forms.
const TITLES: &[&[&str]] = &[
    &["archbishop"],
    &["baron", "lord"],
    &["baroness", "lady", "dame"],
    &["bishop"],
    &["captain", "capt"],
    &["cardinal"],
    &["colonel", "col"],
    &["doctor", "dr"],
    &["general", "gen"],
    &["king"],
    &["lieutenant", "lt"],
    &["major", "maj"],
    &["pope", "pontiff"],
    &["prince"],
    &["princess"],
    &["professor", "prof"],
    &["queen"],
    &["reverend", "rev"],
    &["sergeant", "sgt"],
    &["sir"],
];

/// Titles of which one person has only one kind: those that a text may put before any
/// name, then those that a source may have instead.
const GENDERED: &[(&[&str], &[&str])] = &[
    (
        &["mr"],
        &[
            "baron", "brother", "duke", "earl", "emperor", "king", "lord", "pope", "prince", "sir",
            "sultan",
        ],
    ),
    (
        &["miss", "mrs", "ms"],
        &[
            "actress", "baroness", "countess", "dame", "duchess", "empress", "lady", "princess",
            "queen",
        ],
    ),
];

/// "Mr" for one whom the sources call "Mrs", and a rank that no source has.
fn other_title(
    name: &Name,
    parts: &[Part],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<Doubt> {
    let last = parts.last().filter(|part| part.place.is_some())?;
    // "The Archbishop of York" is no person of that name, and "King" may only open the
    // sentence.
    let title = match parts {
        [title, _] if title.words == 1 => title.at,
        [_] => before(tokens, name.first).filter(|at| tokens[*at].is_capitalised())?,
        _ => return None,
    };
    if before(tokens, last.at) != Some(title) {
        return None;
    }
    let (ours, surname) = (tokens[title].stem(), &tokens[last.at + last.words - 1]);
    let place = last.place.map(|(place, _)| place)?;
    let doubt = |theirs: &str, place: Place, first: usize| {
        Some(Doubt {
            reason: Reason::NameAltered,
            severity: Severity::Error,
            run: (title, title),
            message: format!(
                "The sources have {}, but nowhere with the title {}.",
                quoted(theirs),
                quoted(&tokens[title].text)
            ),
            closest: Some(library.evidence(place.doc, first, place.token)),
        })
    };
    if let Some((forms, same)) = GENDERED.iter().find(|(forms, _)| forms.contains(&ours)) {
        let mut other = None;
        for place in library.places(surname.stem()).iter().take(PLACES) {
            let there = &library.docs[place.doc].reading.tokens;
            let Some(at) = before(there, place.token) else {
                continue;
            };
            let theirs = there[at].stem();
            if forms.contains(&theirs) || same.contains(&theirs) {
                return None;
            }
            let is_gendered = |(forms, others): &(&[&str], &[&str])| {
                forms.contains(&theirs) || others.contains(&theirs) && there[at].is_capitalised()
            };
            if GENDERED.iter().any(is_gendered) {
                other = Some((*place, at));
            }
        }
        let (place, first) = other?;
        return doubt(
            &library.evidence(place.doc, first, place.token).text,
            place,
            first,
        );
    }
    let line = TITLES.iter().find(|line| line.contains(&ours))?;
    // "The princes" are each one.
    let stands = |form: &str| !library.places(form).is_empty();
    if line
        .iter()
        .any(|form| stands(form) || stands(&format!("{form}s")))
    {
        return None;
    }
    doubt(&surname.text, place, place.token)
}

/// The word before the token at `at`, past the full stop of "Mr. Smith".
fn before(tokens: &[Token], at: usize) -> Option<usize> {
    let before = at.checked_sub(1)?;
    let is_stop = tokens[before].is_mark(".") && tokens[before].gap == Gap::None;
    let word = if is_stop {
        before.checked_sub(1)?
    } else {
        before
    };
    (tokens[word].is_word() && tokens[at].gap <= Gap::Blank).then_some(word)
}

/// "J. Smith" where the sources have first names of Smith and none begins so.
fn other_initial(name: &Name, tokens: &[Token], library: &Library<'_>) -> Option<Doubt> {
    let before = name.first.checked_sub(1)?;
    let at = if tokens[before].is_mark(".") && tokens[before].gap == Gap::None {
        before.checked_sub(1)?
    } else {
        before
    };
    let (initial, surname) = (&tokens[at], &tokens[name.first]);
    let single = initial.is_capitalised() && initial.text.chars().nth(1).is_none();
    if !single || surname.gap > Gap::Blank || is_generic(surname.stem()) {
        return None;
    }
    let mut theirs = None;
    for place in library.places(surname.stem()).iter().take(PLACES) {
        for given in given(*place, library) {
            let word = library.token(given);
            if word.folded.starts_with(initial.folded.as_str()) {
                return None;
            }
            if given.token + 1 == place.token && is_first_name(word.stem()) {
                theirs = Some((given, *place));
            }
        }
    }
    let (given, place) = theirs?;
    let passage = library.evidence(place.doc, given.token, place.token);
    Some(Doubt {
        reason: Reason::NameAltered,
        severity: Severity::Error,
        run: (at, at),
        message: format!(
            "The source has {} and nowhere {}.",
            quoted(&passage.text),
            quoted(&format!("{}. {}", initial.text, surname.text))
        ),
        closest: Some(passage),
    })
}
