//! Names: runs of capitalised words, held against the words of the sources.
//!
//! Only scripts with capitals are read; in others a name cannot be told from a word, so
//! nothing is said. The first word of a sentence is a name only when something else says
//! so. A name is borne out as a whole, by its parts (surname alone, "President X"), by
//! its initials, or by another word for the same country. Not judged: whether the name
//! is in the right place of the story.

use super::{
    implied,
    naming::Name,
    parts::{Doubt, PLACES, Part},
    persons,
};
use crate::{
    text::Span,
    verify::{
        Evidence, Finding, Kind, Reason, Severity,
        finding::{finding, quoted},
        read::{
            capitals::Style,
            lexicon::{
                Home, first_name_forms, is_first_name, is_generic, is_particle, is_place,
                is_vocabulary, same_name,
            },
            spelling::with_digraphs,
            tokens::Token,
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
    let parts = cover(&words, tokens, library, library.foreign || !certain);
    let held = Held {
        tokens,
        library,
        words: &words,
        parts: &parts,
    };
    let doubt = held
        .absent(name, closest)
        .or_else(|| persons::wrong(name, &parts, tokens, library));
    let verdict = match doubt {
        Some(doubt) => Err(doubt),
        None => held.evidence().ok_or_else(|| Doubt {
            reason: Reason::NameNotFound,
            severity: held.severity_of_generic(),
            run: (name.first, name.last),
            message: format!(
                "No source has the name {}.",
                held.shown(name.first, name.last)
            ),
            closest: None,
        }),
    };
    verdict.map_err(|doubt| {
        let severity = match style {
            Style::Sentence if certain => doubt.severity,
            _ => Severity::Warning,
        };
        let (first, last) = doubt.run;
        let span = Span::new(tokens[first].span.start, tokens[last].span.end);
        let (reason, message) = (doubt.reason, doubt.message);
        finding(Kind::Name, reason, severity, span, message, doubt.closest)
    })
}

/// Bodies of which there is one in a country.
const ALONE: &[&str] = &["cabinet", "congress", "parliament", "senate"];

/// A name split into what the sources have of it.
struct Held<'a> {
    tokens: &'a [Token],
    library: &'a Library<'a>,
    words: &'a [usize],
    parts: &'a [Part],
}

impl Held<'_> {
    /// Whether the part says nothing of who is meant.
    fn is_generic(&self, part: &Part) -> bool {
        let given = |at: usize| {
            let before = at.checked_sub(1).map(|before| &self.tokens[before]);
            before.is_some_and(|before| is_first_name(before.stem()))
        };
        // "Laura Bay" is a person of that name.
        let named = part.place.is_none() && part.words == 1 && given(part.at);
        !named
            && part.words_in(self.words).all(|at| {
                let token = &self.tokens[at];
                let stem = token.stem();
                is_generic(stem) || is_particle(stem) && !token.is_all_capitals()
            })
    }

    /// Whether a source has the part as a name: in a longer name, a word that the sources
    /// have only in small letters is none there.
    fn is_known(&self, part: &Part) -> bool {
        part.place
            .is_some_and(|(place, _)| self.parts.len() == 1 || self.library.names(place))
    }

    /// The words of the name from the token `first` to `last`, for a message.
    fn shown(&self, first: usize, last: usize) -> String {
        let shown: Vec<&str> = self
            .words
            .iter()
            .filter(|at| (first..=last).contains(*at))
            .map(|at| self.tokens[*at].text.as_str())
            .collect();
        quoted(&shown.join(" "))
    }

    fn evidence_of(&self, part: &Part) -> Option<Evidence> {
        let (place, last) = part.place?;
        Some(self.library.evidence(place.doc, place.token, last))
    }

    /// What bears the name out, once nothing speaks against it.
    fn evidence(&self) -> Option<Evidence> {
        let strong = self
            .parts
            .iter()
            .filter(|part| self.is_known(part) && !self.is_generic(part));
        let best = strong.reduce(|best, part| if part.words > best.words { part } else { best });
        let found = best.or_else(|| self.parts.first().filter(|_| self.parts.len() == 1));
        self.evidence_of(found?)
    }

    /// How bad it is that no source has a name of nothing but roles and kinds of
    /// institution: a source may put those otherwise, but not a body of which it has no
    /// name at all.
    fn severity_of_generic(&self) -> Severity {
        let named = |part: &Part| {
            part.place
                .is_some_and(|(place, _)| self.library.names(place))
        };
        let unnamed = !self.parts.iter().any(named);
        let absent = |part: &Part| part.place.is_none();
        let sure = match (self.parts, self.words.last()) {
            ([part], Some(at)) => absent(part) && ALONE.contains(&self.tokens[*at].stem()),
            (parts, _) => unnamed && parts.iter().any(absent) && self.ends_in_body(),
        };
        if sure {
            Severity::Error
        } else {
            Severity::Warning
        }
    }

    /// Whether the name is that of a body or an event by its last word.
    fn ends_in_body(&self) -> bool {
        const BODIES: &[&str] = &[
            "assembly",
            "championship",
            "championships",
            "commission",
            "committee",
            "congress",
            "council",
            "court",
            "cup",
            "league",
            "ministry",
            "parliament",
            "party",
            "sea",
            "senate",
            "tribunal",
            "union",
            "university",
        ];
        let last = self.words.last().map_or("", |at| self.tokens[*at].stem());
        BODIES.binary_search(&last).is_ok()
    }

    /// The doubt about words of the name that no source has.
    fn absent(&self, name: &Name, closest: impl FnOnce() -> Option<Evidence>) -> Option<Doubt> {
        let unknown: Vec<&Part> = self
            .parts
            .iter()
            .filter(|part| !self.is_known(part) && !self.is_generic(part))
            .collect();
        let (first, last) = (unknown.first()?, unknown.last()?);
        let doubt = |reason, severity, message, closest| {
            Some(Doubt {
                reason,
                severity,
                run: (first.at, last.at),
                message,
                closest,
            })
        };
        if let [one] = unknown.as_slice()
            && let Some(place) = misspelt(self.tokens[one.at].stem(), self.library)
        {
            let passage = self.library.evidence(place.doc, place.token, place.token);
            let theirs = quoted(self.library.token(place).text.trim_end_matches("'s"));
            let ours = self.shown(one.at, one.at);
            let message = format!("The sources write {theirs}, not {ours}.");
            return doubt(
                Reason::NameAltered,
                Severity::Warning,
                message,
                Some(passage),
            );
        }
        // What stands somewhere in small letters may be a matter of house style, and a
        // story at home seldom names its country.
        let sure = |part: &&Part| {
            let home = Home::named(self.tokens[part.at].stem());
            part.place.is_none() && !home.is_some_and(|home| self.library.is_at_home(home))
        };
        // Small words of the source, put together as a body that it does not have.
        let body = unknown.len() > 1
            && self.ends_in_body()
            && self.parts.last().is_some_and(|part| part.place.is_none());
        // "The US Senate", of which there is one, in a story that has no senate.
        let alone = |part: &Part| {
            part.place.is_none() && part.words == 1 && ALONE.contains(&self.tokens[part.at].stem())
        };
        let alone = self.parts.last().is_some_and(alone);
        let severity = if body || alone || unknown.iter().any(sure) {
            Severity::Error
        } else {
            Severity::Warning
        };
        if severity == Severity::Error
            && !alone
            && let Some(passage) = implied::passage(&unknown, self.parts, self.tokens, self.library)
        {
            let message = format!(
                "No source has the name {}; it may follow from {}.",
                self.shown(first.at, last.at),
                quoted(&passage.text)
            );
            let (reason, severity) = (Reason::NameNotFound, Severity::Warning);
            return doubt(reason, severity, message, Some(passage));
        }
        let surname = self.parts.last();
        let surname = surname.filter(|part| self.is_known(part) && !self.is_generic(part));
        if let Some(passage) = surname.and_then(|part| self.evidence_of(part)) {
            let (theirs, whole) = (quoted(&passage.text), self.shown(first.at, name.last));
            let message = format!("The sources have {theirs}, but not {whole}.");
            return doubt(Reason::NameAltered, severity, message, Some(passage));
        }
        let message = format!("No source has the name {}.", self.shown(first.at, last.at));
        doubt(Reason::NameNotFound, severity, message, closest())
    }
}

/// Splits a name into the longest runs that sources have.
fn cover(words: &[usize], tokens: &[Token], library: &Library<'_>, foreign: bool) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(place) = as_one_word(&words[at..], tokens, library) {
            parts.push(Part {
                at: words[at],
                words: 2,
                place: Some((place, place.token)),
            });
            at += 2;
            continue;
        }
        let (length, place) = longest_run(&words[at..], tokens, library)
            .map_or((1, None), |(length, place, last)| {
                (length, Some((place, last)))
            });
        let place = place.or_else(|| {
            let place = other_form(&words[at..], tokens, library, foreign)
                .or_else(|| persons::given_otherwise(&words[at..], tokens, library))?;
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

/// Where a source writes the first two words as one, as in a handle: `@AdaLind`.
fn as_one_word(words: &[usize], tokens: &[Token], library: &Library<'_>) -> Option<Place> {
    let [first, second, ..] = words else {
        return None;
    };
    let (first, second) = (tokens[*first].stem(), tokens[*second].stem());
    if !library.places(first).is_empty() {
        return None;
    }
    library.places(&format!("{first}{second}")).first().copied()
}

/// The longest run of `words` that a source has from some place on: length, first token,
/// last token. A place with a capital comes first.
fn longest_run(
    words: &[usize],
    tokens: &[Token],
    library: &Library<'_>,
) -> Option<(usize, Place, usize)> {
    // A longer run of capitals is no name.
    const LONGEST: usize = 20;
    let words = &words[..words.len().min(LONGEST)];
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
        .or_else(|| {
            // Alone, the short form of whoever has the long one.
            let named = |word: &str| place(word).filter(|place| library.names(*place));
            let alone = words.len() == 1;
            alone
                .then(|| first_name_forms(stem).find_map(named))
                .flatten()
        })
        .or_else(|| in_the_same_family(stem, library))
}

/// "Scientology" and "Scientologist": names that share a long beginning.
fn in_the_same_family(stem: &str, library: &Library<'_>) -> Option<Place> {
    let length = stem.chars().count();
    if length < 6 || is_first_name(stem) {
        return None;
    }
    library.with_beginning(stem, (length * 3).div_ceil(4).max(5))
}

/// Where a source writes nearly the same name: a transliteration, or a slip.
fn misspelt(stem: &str, library: &Library<'_>) -> Option<Place> {
    let place = library.sounds_like(stem)?;
    let theirs = library.token(place).stem();
    if is_vocabulary(theirs) || is_vocabulary(stem) {
        return None;
    }
    (strsim::damerau_levenshtein(theirs, stem) <= 2).then_some(place)
}

/// Where a source has the initials of a name of two words or more: `IMF`, and `MoD` with
/// those of the small words.
fn initials(words: &[usize], tokens: &[Token], library: &Library<'_>) -> Option<Place> {
    let [first, .., last] = words else {
        return None;
    };
    let letters = |small: bool| -> String {
        let run = tokens[*first..=*last]
            .iter()
            .filter(|token| token.is_word());
        run.filter(|token| small || !is_particle(token.stem()))
            .filter_map(|token| token.folded.chars().next())
            .collect()
    };
    let (short, whole) = (letters(false), letters(true));
    let is_short = |text: &str| {
        let capitals = text.chars().filter(|c| c.is_uppercase()).count();
        capitals >= 2 && capitals == short.chars().count()
    };
    let all = library.places(&short).iter().copied();
    let mut all = all.filter(|place| library.token(*place).is_all_capitals());
    let mut mixed = library.places(&whole).iter().take(PLACES).copied();
    all.next()
        .or_else(|| mixed.find(|place| is_short(&library.token(*place).text)))
}
