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
            lexicon::{is_common, is_generic, is_home, is_particle, is_place, same_place},
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
    let parts = cover(&words, tokens, library);
    let generic = |part: &Part| {
        let stem = tokens[part.at].stem();
        part.words == 1 && (is_generic(stem) || is_particle(stem))
    };
    // In a longer name, a word that the sources have only in small letters is no name there.
    let known = |part: &Part| {
        part.place
            .is_some_and(|(place, _)| parts.len() == 1 || library.token(place).is_capitalised())
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
        // What stands somewhere in small letters may be a matter of house style, and a
        // story at home seldom names its country.
        let sure = |part: &&Part| {
            let home = library.at_home && is_home(tokens[part.at].stem());
            part.place.is_none() && !home
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

/// Splits a name into the longest runs that sources have.
fn cover(words: &[usize], tokens: &[Token], library: &Library<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (length, place) = longest_run(&words[at..], tokens, library)
            .map_or((1, None), |(length, place, last)| {
                (length, Some((place, last)))
            });
        let place = place.or_else(|| {
            other_form(&words[at..], tokens, library).map(|place| (place, place.token))
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

/// The longest run of `words` that a source has from some place on: length, first token,
/// last token. A place with a capital comes first.
fn longest_run(
    words: &[usize],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<(usize, Place, usize)> {
    let mut best: Option<((usize, bool), Place, usize)> = None;
    for place in library.places(tokens[words[0]].stem()) {
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
        let score = (length, theirs[place.token].is_capitalised());
        if best.is_none_or(|(most, ..)| score > most) {
            best = Some((score, *place, last));
        }
    }
    best.map(|((length, _), place, last)| (length, place, last))
}

/// Where a source has another form of the first word: a plural, a people for its
/// country, an acronym for the long form.
fn other_form(words: &[usize], tokens: &[Token], library: &Library<'_>) -> Option<Place> {
    let token = &tokens[words[0]];
    let stem = token.stem();
    let place = |word: &str| library.places(word).first().copied();
    let number = stem
        .strip_suffix("es")
        .and_then(place)
        .or_else(|| stem.strip_suffix('s').and_then(place))
        .or_else(|| place(&format!("{stem}s")))
        .or_else(|| place(&format!("{stem}es")));
    number
        .or_else(|| same_place(stem).iter().find_map(|word| place(word)))
        .or_else(|| {
            token
                .is_all_capitals()
                .then(|| library.spelled_out(stem))
                .flatten()
        })
        .or_else(|| library.written_apart(stem))
        .or_else(|| in_the_same_family(stem, library))
}

/// "Scientology" and "Scientologist": names that share a long beginning.
fn in_the_same_family(stem: &str, library: &Library<'_>) -> Option<Place> {
    let length = stem.chars().count();
    if length < 6 {
        return None;
    }
    library.with_beginning(stem, (length * 3).div_ceil(4).max(5))
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
    let alone = library.places(ours.stem()).iter().any(|place| {
        let theirs = &library.docs[place.doc].reading.tokens;
        let next = theirs.get(place.token + 1);
        !next.is_some_and(|next| next.is_capitalised() && next.gap == Gap::Blank)
    });
    if alone {
        return None;
    }
    let mut other = None;
    for place in library.places(surname.stem()) {
        let theirs = &library.docs[place.doc].reading.tokens;
        let before = place.token.checked_sub(1).map(|before| &theirs[before]);
        let Some(before) = before.filter(|before| {
            before.is_capitalised()
                && theirs[place.token].is_capitalised()
                && theirs[place.token].gap == Gap::Blank
                && !unfit(before.stem())
        }) else {
            continue;
        };
        if other.is_none() {
            other = Some((
                first.at,
                format!("{} {}", before.text, theirs[place.token].text),
                *place,
            ));
        }
    }
    other
}
