//! Clubs and sides: "Holm Athletic" for what a source only calls "Holm", and "Holm United"
//! for its "United", in a story about sport.
//!
//! Good enough to ask a person instead of holding the text: a town may have two clubs.

use super::parts::{PLACES, Part, is_alone};
use crate::verify::{
    read::tokens::Token,
    sources::{Library, Place},
};

/// What the names of clubs consist of beside that of their town, sorted.
const WORDS: &[&str] = &[
    "afc",
    "albion",
    "alexandra",
    "argyle",
    "athletic",
    "city",
    "club",
    "county",
    "cricket",
    "fc",
    "football",
    "forest",
    "hotspur",
    "orient",
    "palace",
    "rangers",
    "rfc",
    "rovers",
    "rugby",
    "thistle",
    "town",
    "united",
    "villa",
    "wanderers",
    "wednesday",
];

/// Words that a story about sport has, and hardly another.
const SPORT: &[&str] = &[
    "bowler",
    "defender",
    "fixture",
    "goalkeeper",
    "midfielder",
    "striker",
    "wicket",
    "winger",
];

/// Where a source has the rest of a club's name whose unknown part is `unknown`.
pub(super) fn rest(
    unknown: &[&Part],
    parts: &[Part],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<(Place, usize)> {
    let [unknown] = unknown else {
        return None;
    };
    let nth = parts.iter().position(|part| part.at == unknown.at)?;
    let is_of_club =
        |part: &Part| part.words == 1 && WORDS.binary_search(&tokens[part.at].stem()).is_ok();
    let rest = if is_of_club(unknown) {
        parts.get(nth.checked_sub(1)?)?
    } else {
        parts.get(nth + 1).filter(|next| is_of_club(next))?
    };
    let sport = SPORT
        .iter()
        .any(|word| library.family(word).next().is_some());
    if !sport {
        return None;
    }
    let (place, last) = rest.place?;
    if is_of_club(unknown) {
        return library.names(place).then_some((place, last));
    }
    // "United" by itself, not that of another town.
    let mut places = library.places(tokens[rest.at].stem()).iter().take(PLACES);
    let place = places.find(|place| library.names(**place) && is_alone(**place, library))?;
    Some((*place, place.token))
}
