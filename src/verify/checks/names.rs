//! Names: runs of capitalised words, held against the words of the sources.
//!
//! Only scripts with capitals are read; in others a name cannot be told from a word, so
//! nothing is said. The first word of a sentence is a name only when something else says
//! so. A name is borne out as a whole, by its parts (surname alone, "President X"), by
//! its initials, or by another word for the same country. Not judged: whether the name
//! is in the right place of the story.

use super::naming::{Name, Style};
use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            lexicon::{
                home_of, is_common, is_first_name, is_generic, is_particle, is_place,
                is_vocabulary, same_first_name, same_name,
            },
            spelling::with_digraphs,
            tokens::{Gap, Token},
        },
        sources::{Library, Place},
    },
};

/// Holds the name in the tokens `first..=last` against the sources.
pub(in crate::verify) fn judge(
    name: &Name,
    tokens: &[Token],
    style: Style,
    certain: bool,
    library: &Library<'_>,
    closest: impl FnOnce() -> Option<Evidence>,
) -> Result<Evidence, Finding> {
    let words: Vec<usize> = (name.first..=name.last)
        .filter(|at| tokens[*at].is_word() && !is_particle(&tokens[*at].text))
        .collect();
    let foreign = library.foreign || !certain;
    let parts = cover(&words, tokens, library, foreign);
    let generic = |part: &Part| {
        part.words_in(&words).all(|at| {
            let stem = tokens[at].stem();
            is_generic(stem) || is_particle(stem)
        })
    };
    // In a longer name, a word that the sources have only in small letters is no name there.
    let known = |part: &Part| {
        part.place
            .is_some_and(|(place, _)| parts.len() == 1 || library.names(place))
    };
    let severity = |wanted| match style {
        Style::Sentence if certain => wanted,
        _ => Severity::Warning,
    };
    let shown = |first: usize, last: usize| {
        let shown: Vec<&str> = words
            .iter()
            .filter(|at| (first..=last).contains(*at))
            .map(|at| tokens[*at].text.as_str())
            .collect();
        quoted(&shown.join(" "))
    };
    let report = |reason, wanted, (first, last): (usize, usize), message, closest| {
        let span = Span::new(tokens[first].span.start, tokens[last].span.end);
        let kind = Kind::Name;
        Err(finding(
            kind,
            reason,
            severity(wanted),
            span,
            message,
            closest,
        ))
    };
    let evidence = |part: &Part| {
        let (place, last) = part.place?;
        Some(library.evidence(place.doc, place.token, last))
    };
    let strong = parts.iter().filter(|part| known(part) && !generic(part));
    let best = strong.reduce(|best, part| if part.words > best.words { part } else { best });
    let unknown: Vec<&Part> = parts.iter().filter(|p| !known(p) && !generic(p)).collect();

    if let (Some(first), Some(last)) = (unknown.first(), unknown.last()) {
        let run = (first.at, last.at);
        if let [one] = unknown.as_slice()
            && let Some((place, severity)) = misspelt(tokens[one.at].stem(), library)
        {
            let passage = library.evidence(place.doc, place.token, place.token);
            let theirs = quoted(library.token(place).text.trim_end_matches("'s"));
            let message = format!("The sources write {theirs}, not {}.", shown(one.at, one.at));
            return report(Reason::NameAltered, severity, run, message, Some(passage));
        }
        // What stands somewhere in small letters may be a matter of house style, and a
        // story at home seldom names its country.
        let sure = |part: &&Part| {
            let home = home_of(tokens[part.at].stem());
            part.place.is_none() && !home.is_some_and(|home| library.is_at_home(home))
        };
        let wanted = if unknown.iter().any(sure) {
            Severity::Error
        } else {
            Severity::Warning
        };
        if let Some(surname) = parts.last().filter(|part| known(part) && !generic(part)) {
            let whole = shown(first.at, name.last);
            let passage = evidence(surname);
            let theirs = passage
                .as_ref()
                .map_or("", |evidence| evidence.text.as_str());
            let message = format!("The sources have {}, but not {whole}.", quoted(theirs));
            return report(Reason::NameAltered, wanted, run, message, passage);
        }
        let message = format!("No source has the name {}.", shown(first.at, last.at));
        return report(Reason::NameNotFound, wanted, run, message, closest());
    }
    if let Some((at, theirs, place)) = other_first_name(&parts, tokens, library) {
        let message = format!(
            "The source has {} and nowhere {}.",
            quoted(&theirs),
            shown(at, name.last)
        );
        let passage = library.evidence(place.doc, place.token - 1, place.token);
        return report(
            Reason::NameAltered,
            Severity::Error,
            (at, at),
            message,
            Some(passage),
        );
    }
    let found = best.or_else(|| parts.first().filter(|_| parts.len() == 1));
    if let Some(evidence) = found.and_then(evidence) {
        return Ok(evidence);
    }
    // Nothing but roles and kinds of institution, which the source may put otherwise.
    let message = format!("No source has the name {}.", shown(name.first, name.last));
    let run = (name.first, name.last);
    report(
        Reason::NameNotFound,
        Severity::Warning,
        run,
        message,
        closest(),
    )
}

/// A part of a name: a run of words that some source has in a row.
struct Part {
    /// The first word, a token of the checked text.
    at: usize,
    /// How many words.
    words: usize,
    /// Where: the first token and the last.
    place: Option<(Place, usize)>,
}

impl Part {
    /// Its words among those of the whole name.
    fn words_in<'w>(&self, words: &'w [usize]) -> impl Iterator<Item = usize> + 'w {
        let (at, count) = (self.at, self.words);
        words
            .iter()
            .copied()
            .skip_while(move |word| *word < at)
            .take(count)
    }
}

/// Splits a name into the longest runs that sources have.
fn cover(words: &[usize], tokens: &[Token], library: &Library<'_>, foreign: bool) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (length, place) = longest_run(&words[at..], tokens, library)
            .map_or((1, None), |(length, place, last)| {
                (length, Some((place, last)))
            });
        let place = place.or_else(|| {
            let place = other_form(&words[at..], tokens, library, foreign)
                .or_else(|| given_otherwise(&words[at..], tokens, library))?;
            Some((place, place.token))
        });
        parts.push(Part {
            at: words[at],
            words: length,
            place,
        });
        at += length;
    }
    // Initials stand for all words at once.
    if parts.iter().any(|part| part.place.is_none())
        && let Some(place) = initials(words, tokens, library)
    {
        return vec![Part {
            at: words[0],
            words: words.len(),
            place: Some((place, place.token)),
        }];
    }
    parts
}

/// Places of one word that are looked at; a hostile source has one word without end.
const PLACES: usize = 100;

/// The longest run of `words` that a source has from some place on: length, first token,
/// last token. A place with a capital comes first.
fn longest_run(
    words: &[usize],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<(usize, Place, usize)> {
    let mut best: Option<((usize, bool), Place, usize)> = None;
    let needs_capital = is_name_by_itself(&tokens[words[0]]);
    for place in library.places(tokens[words[0]].stem()).iter().take(PLACES) {
        let named = library.names(*place);
        if needs_capital && !named {
            continue;
        }
        let theirs = &library.docs[place.doc].reading.tokens;
        let mut last = place.token;
        let mut length = 1;
        while let Some(word) = words.get(length) {
            // Hyphens, full stops of initials and particles may stand between.
            let next = (last + 1..theirs.len().min(last + 6))
                .find(|at| theirs[*at].is_word() && !is_particle(&theirs[*at].text));
            let Some(next) = next.filter(|at| theirs[*at].stem() == tokens[*word].stem()) else {
                break;
            };
            last = next;
            length += 1;
        }
        let score = (length, named);
        if best.is_none_or(|(most, ..)| score > most) {
            best = Some((score, *place, last));
        }
    }
    best.map(|((length, _), place, last)| (length, place, last))
}

/// Whether the word is a name whatever stands around it, so that "us" or "a mark" in a
/// source says nothing of "US" or "Mark".
fn is_name_by_itself(token: &Token) -> bool {
    // Longer words in capitals are shouted as often as not.
    const ACRONYM: usize = 4;
    let stem = token.stem();
    is_place(stem) || is_first_name(stem) || token.is_all_capitals() && stem.len() <= ACRONYM
}

/// Where a source has another form of the first word: a plural, a people for its
/// country, an acronym for the long form.
fn other_form(
    words: &[usize],
    tokens: &[Token],
    library: &Library<'_>,
    foreign: bool,
) -> Option<Place> {
    let token = &tokens[words[0]];
    let stem = token.stem();
    let place = |word: &str| {
        let mut places = library.places(word).iter().take(PLACES).copied();
        // Other languages write peoples small.
        places.find(|place| foreign || library.names(*place))
    };
    let any = |word: &str| library.places(word).first().copied();
    // "Roberts" is not many a Robert.
    let number = |word: &str| any(word).filter(|_| !is_first_name(word) && !is_first_name(stem));
    let counted = stem
        .strip_suffix("es")
        .and_then(number)
        .or_else(|| stem.strip_suffix('s').and_then(number))
        .or_else(|| number(&format!("{stem}s")))
        .or_else(|| number(&format!("{stem}es")));
    counted
        .or_else(|| {
            same_name(stem, foreign).find_map(|word| {
                let found = if is_place(word) {
                    place(word)
                } else {
                    any(word)
                };
                found.or_else(|| library.run(word))
            })
        })
        .or_else(|| {
            token
                .is_all_capitals()
                .then(|| library.spelled_out(stem))
                .flatten()
        })
        .or_else(|| library.written_otherwise(stem))
        .or_else(|| with_digraphs(&token.text).and_then(|spelled| place(&spelled)))
        .or_else(|| in_the_same_family(stem, library))
}

/// Where a source has another form of a first name before the same surname: "Rob" for
/// "Robert".
fn given_otherwise(words: &[usize], tokens: &[Token], library: &Library<'_>) -> Option<Place> {
    let [first, next, ..] = words else {
        return None;
    };
    let (ours, surname) = (tokens[*first].stem(), tokens[*next].stem());
    let mut places = library.places(surname).iter().take(PLACES);
    places.find_map(|place| {
        given(*place, library).find(|given| same_first_name(library.token(*given).stem(), ours))
    })
}

/// The names with capitals before the surname at `place`, the nearest first.
fn given<'l>(place: Place, library: &'l Library<'_>) -> impl Iterator<Item = Place> + 'l {
    // First names and initials of one person, with their full stops.
    const MOST: usize = 4;
    let theirs = &library.docs[place.doc].reading.tokens;
    (place.token.saturating_sub(MOST)..place.token)
        .rev()
        .take_while(|at| theirs[*at].is_capitalised() || theirs[*at].is_mark("."))
        .take_while(|at| theirs[*at + 1].gap <= Gap::Blank)
        .filter(|at| theirs[*at].is_capitalised())
        .map(move |token| Place { token, ..place })
}

/// "Scientology" and "Scientologist": names that share a long beginning.
fn in_the_same_family(stem: &str, library: &Library<'_>) -> Option<Place> {
    let length = stem.chars().count();
    if length < 6 {
        return None;
    }
    library.with_beginning(stem, (length * 3).div_ceil(4).max(5))
}

/// Where a source writes a name nearly so, and how sure it is that it is the same name in
/// other letters.
fn misspelt(stem: &str, library: &Library<'_>) -> Option<(Place, Severity)> {
    let place = library.sounds_like(stem)?;
    let theirs = library.token(place).stem();
    if is_vocabulary(theirs) || is_vocabulary(stem) {
        return None;
    }
    match strsim::damerau_levenshtein(theirs, stem) {
        1 | 2 => Some((place, Severity::Warning)),
        _ => None,
    }
}

/// Where a source has the initials of a name of two words or more.
fn initials(words: &[usize], tokens: &[Token], library: &Library<'_>) -> Option<Place> {
    if words.len() < 2 {
        return None;
    }
    let short: String = words
        .iter()
        .filter(|at| !is_particle(tokens[**at].stem()))
        .filter_map(|at| tokens[*at].folded.chars().next())
        .collect();
    library
        .places(&short)
        .iter()
        .copied()
        .find(|place| library.token(*place).is_all_capitals())
}

/// A wrong first name: the text puts two words together that a source has only apart,
/// and the source has another first name before the second of them.
fn other_first_name(
    parts: &[Part],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<(usize, String, Place)> {
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
    let mut other = None;
    for place in library.places(surname.stem()).iter().take(PLACES) {
        if !library.token(*place).is_capitalised() {
            continue;
        }
        for given in given(*place, library) {
            let theirs = library.token(given);
            if theirs.stem() == ours.stem() || same_first_name(theirs.stem(), ours.stem()) {
                return None;
            }
            if given.token + 1 == place.token && other.is_none() && !unfit(theirs.stem()) {
                let both = format!("{} {}", theirs.text, library.token(*place).text);
                other = Some((first.at, both, *place));
            }
        }
    }
    other
}
