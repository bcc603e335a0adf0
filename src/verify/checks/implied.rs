//! Names that no source has but that follow from what one has: "Texas" from "San
//! Antonio", "Hibernian" from "Hibs", "Bucharest" from "the Romanian capital", "Oliver"
//! from "Ollie".
//!
//! Not judged: whether the sign means this one; many towns share their name, and many
//! teams their nickname.

use super::{
    clubs,
    parts::{PLACES, Part, is_alone},
};
use crate::verify::{
    Evidence,
    read::{
        implied::{countries_of_capital, signs},
        lexicon::{first_name_forms, same_name},
        tokens::Token,
    },
    sources::{Library, Place},
};

/// What the unknown parts of a name with these parts follow from.
pub(super) fn passage(
    unknown: &[&Part],
    parts: &[Part],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<Evidence> {
    let (place, last) = sign(unknown, tokens, library)
        .or_else(|| clubs::rest(unknown, parts, tokens, library))
        .or_else(|| nickname(unknown, tokens, library))?;
    Some(library.evidence(place.doc, place.token, last))
}

/// A sign of the unknown parts, as one name or of each by itself.
fn sign(unknown: &[&Part], tokens: &[Token], library: &Library<'_>) -> Option<(Place, usize)> {
    let stems: Vec<&str> = unknown.iter().map(|part| tokens[part.at].stem()).collect();
    let mut follow = stems.iter().map(|stem| sign_of(stem, library));
    sign_of(&stems.join(" "), library)
        .or_else(|| follow.try_fold(None, |first, one| Some(first.or(Some(one?))))?)
}

/// Where somebody who speaks calls a person by another form of an unknown first name
/// alone: "Ollie" for "Olivier".
fn nickname(unknown: &[&Part], tokens: &[Token], library: &Library<'_>) -> Option<(Place, usize)> {
    let [one] = unknown else {
        return None;
    };
    let ours = tokens[one.at].stem();
    let mut forms = first_name_forms(ours).filter(|form| *form != ours);
    let place = forms.find_map(|form| {
        let mut places = library.places(form).iter().take(PLACES);
        places.find(|place| {
            let said = library.docs[place.doc].reading.is_quoted(place.token);
            said && library.names(**place) && is_alone(**place, library)
        })
    })?;
    Some((*place, place.token))
}

/// Where a source has a name from which `name` may follow: its first token and the last.
fn sign_of(name: &str, library: &Library<'_>) -> Option<(Place, usize)> {
    let signs = signs(name);
    let mut named = signs.iter().filter_map(|sign| named(sign, library));
    named.next().or_else(|| capital(name, library))
}

/// Where the words of a sign stand as a name.
fn named(sign: &str, library: &Library<'_>) -> Option<(Place, usize)> {
    let mut words = sign.split([' ', '-']);
    let first = library.places(words.next()?).iter().take(PLACES);
    first
        .filter(|place| library.names(**place))
        .find_map(|place| {
            let theirs = &library.docs[place.doc].reading.tokens;
            let mut last = place.token;
            for word in words.clone() {
                // "St. Petersburg", "el-Sheikh"
                let joint = theirs.get(last + 1)?;
                last += 1 + usize::from(joint.is_mark(".") || joint.is_mark("-"));
                theirs.get(last).filter(|token| token.stem() == word)?;
            }
            Some((*place, last))
        })
}

/// Where a source has "the Romanian capital" or "the capital of Romania".
fn capital(name: &str, library: &Library<'_>) -> Option<(Place, usize)> {
    // "Capital of the Kingdom of Romania".
    const NEAR: usize = 4;
    let mut forms =
        countries_of_capital(name).flat_map(|country| same_name(country, false).chain([country]));
    forms.find_map(|form| {
        let capitals = library.places("capital").iter().take(PLACES);
        capitals.copied().find_map(|place| {
            let theirs = &library.docs[place.doc].reading.tokens;
            let before = place.token.saturating_sub(1);
            let last = (place.token + NEAR).min(theirs.len() - 1);
            let country = (before..=last).find(|at| theirs[*at].stem() == form)?;
            let first = place.token.min(country);
            Some((
                Place {
                    token: first,
                    ..place
                },
                place.token.max(country),
            ))
        })
    })
}
