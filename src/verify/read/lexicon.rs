//! Word lists for telling names from other capitalised words, and the other words for
//! the same name. All are folded.
//!
//! | file in `words/` | holds |
//! | --- | --- |
//! | `common_en.txt` | words that begin English sentences and headings |
//! | `vocabulary_en.txt` | further ordinary English words, one form of each |
//! | `function_en.txt` | words that only join others |
//! | `generic_en.txt` | roles, titles and kinds of institution, which say nothing of who is meant |
//! | `places.txt` | a line for each country and its people; after the bar the words of other languages |
//! | `variants.txt` | a line for each other name that is written in several ways, in the same form |
//! | `first_names.txt` | a line for each first name, with its short forms and spellings |

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::roots::root;

/// Whether the word begins sentences without being a name.
pub(in crate::verify) fn is_common(word: &str) -> bool {
    COMMON.contains(word) || FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Whether the word is an ordinary English one, in any form.
pub(in crate::verify) fn is_vocabulary(word: &str) -> bool {
    VOCABULARY.contains(word) || VOCABULARY.contains(root(word).as_ref())
}

/// Whether the word only joins others and says nothing by itself.
pub(in crate::verify) fn is_function(word: &str) -> bool {
    FUNCTION.contains(word) || FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Whether the word is a role, a title or a kind of institution.
pub(in crate::verify) fn is_generic(word: &str) -> bool {
    GENERIC.contains(word)
}

/// Whether the word names a country or its people in English.
pub(in crate::verify) fn is_place(word: &str) -> bool {
    PLACES.get(word).is_some_and(|entry| !entry.foreign)
}

/// Whether the word names a country or its people in any language of the lists.
pub(in crate::verify) fn is_place_anywhere(word: &str) -> bool {
    PLACES.contains_key(word)
}

/// Whether the word is a first name.
pub(in crate::verify) fn is_first_name(word: &str) -> bool {
    FIRST_NAMES.contains_key(word)
}

/// Whether both are forms of one first name ("Robert" and "Bob").
pub(in crate::verify) fn same_first_name(a: &str, b: &str) -> bool {
    // "Rob" for a "Robin" that no list has.
    const SHORTEST: usize = 3;
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let lines = |word: &str| FIRST_NAMES.get(word).map_or(&[][..], Vec::as_slice);
    short.len() >= SHORTEST && long.starts_with(short) && !long.ends_with('s')
        || lines(a).iter().any(|line| lines(b).contains(line))
}

/// The countries that a word like `word` may speak of without a source naming them:
/// their outlets are read far beyond them and rarely say where they are.
pub(in crate::verify) fn home_of(word: &str) -> Option<Home> {
    let line = PLACES.get(word).filter(|entry| !entry.foreign)?.line;
    HOMES
        .iter()
        .find(|(country, _)| PLACES.get(country).is_some_and(|entry| entry.line == line))
        .map(|(_, home)| *home)
}

/// A country that news is written from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Home {
    /// The United Kingdom and its parts.
    Britain,
    /// The United States.
    America,
}

const HOMES: &[(&str, Home)] = &[
    ("america", Home::America),
    ("britain", Home::Britain),
    ("england", Home::Britain),
    ("scotland", Home::Britain),
    ("wales", Home::Britain),
];

/// The country that a capitalised word or currency sign of a source is at home in.
pub(in crate::verify) fn home_sign(word: &str) -> Option<Home> {
    if BRITISH_SIGNS.binary_search(&word).is_ok() || word.len() > 6 && word.ends_with("shire") {
        return Some(Home::Britain);
    }
    AMERICAN_SIGNS
        .binary_search(&word)
        .is_ok()
        .then_some(Home::America)
}

/// The other words for the same country and people, or for the same city, body or
/// spelling; those of other languages where `foreign`.
pub(in crate::verify) fn same_name(
    word: &str,
    foreign: bool,
) -> impl Iterator<Item = &'static str> {
    let line = |table: &'static Table, lines: &'static [Line]| {
        let entry = table.get(word).filter(|entry| foreign || !entry.foreign);
        entry.into_iter().flat_map(move |entry| {
            let (english, others) = &lines[entry.line];
            let others = if foreign { others.as_slice() } else { &[] };
            english.iter().chain(others).copied()
        })
    };
    line(&PLACES, &PLACE_LINES).chain(line(&VARIANTS, &VARIANT_LINES))
}

/// Whether the word joins parts of a name.
pub(in crate::verify) fn is_particle(word: &str) -> bool {
    PARTICLES.binary_search(&word).is_ok()
}

/// The words of one thing: the English ones, then those of other languages.
type Line = (Vec<&'static str>, Vec<&'static str>);

/// Where a word stands.
#[derive(Clone, Copy, Debug)]
struct Entry {
    line: usize,
    foreign: bool,
}

type Table = HashMap<&'static str, Entry>;

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

fn lines(list: &'static str) -> Vec<Line> {
    let words = |part: &'static str| part.split_whitespace().collect();
    list.lines()
        .map(|line| {
            let (english, others) = line.split_once('|').unwrap_or((line, ""));
            (words(english), words(others))
        })
        .collect()
}

fn table(lines: &[Line]) -> Table {
    let mut table = Table::new();
    for (line, (english, others)) in lines.iter().enumerate() {
        for (words, foreign) in [(english, false), (others, true)] {
            for word in words {
                table.entry(word).or_insert(Entry { line, foreign });
            }
        }
    }
    table
}

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| words(include_str!("words/common_en.txt")));

static FUNCTION: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| words(include_str!("words/function_en.txt")));

static GENERIC: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| words(include_str!("words/generic_en.txt")));

/// The words of the English lists and the roots they share with their other forms.
static VOCABULARY: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let words = [
        include_str!("words/vocabulary_en.txt"),
        include_str!("words/common_en.txt"),
        include_str!("words/generic_en.txt"),
        include_str!("words/function_en.txt"),
    ];
    words
        .iter()
        .flat_map(|list| list.split_whitespace())
        .flat_map(|word| [word.to_owned(), root(word).into_owned()])
        .collect()
});

static PLACE_LINES: LazyLock<Vec<Line>> = LazyLock::new(|| lines(include_str!("words/places.txt")));

static PLACES: LazyLock<Table> = LazyLock::new(|| table(&PLACE_LINES));

static VARIANT_LINES: LazyLock<Vec<Line>> =
    LazyLock::new(|| lines(include_str!("words/variants.txt")));

static VARIANTS: LazyLock<Table> = LazyLock::new(|| table(&VARIANT_LINES));

/// The lines of each first name; a short form may belong to several names.
static FIRST_NAMES: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut names: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (line, text) in include_str!("words/first_names.txt").lines().enumerate() {
        for name in text.split_whitespace() {
            names.entry(name).or_default().push(line);
        }
    }
    names
});

/// Words by which a source shows that it is written in the United Kingdom, sorted.
const BRITISH_SIGNS: &[&str] = &[
    "aberdeen",
    "anglesey",
    "arsenal",
    "asda",
    "bath",
    "bbc",
    "belfast",
    "birmingham",
    "bolton",
    "bradford",
    "brighton",
    "bristol",
    "burnley",
    "cardiff",
    "carlisle",
    "celtic",
    "chelsea",
    "cornwall",
    "coventry",
    "croydon",
    "cumbria",
    "derby",
    "devon",
    "dorset",
    "dundee",
    "durham",
    "edinburgh",
    "essex",
    "everton",
    "exeter",
    "gatwick",
    "glasgow",
    "guernsey",
    "gwent",
    "gwynedd",
    "hansard",
    "heathrow",
    "hibernian",
    "highlands",
    "hmrc",
    "holyrood",
    "hull",
    "inverness",
    "ipswich",
    "kent",
    "leeds",
    "leicester",
    "liverpool",
    "london",
    "manchester",
    "merseyside",
    "middlesbrough",
    "mp",
    "mps",
    "msp",
    "msps",
    "newport",
    "nhs",
    "norfolk",
    "norwich",
    "nottingham",
    "ofcom",
    "ofsted",
    "oxford",
    "perth",
    "plymouth",
    "portsmouth",
    "powys",
    "preston",
    "rspca",
    "salford",
    "senedd",
    "sheffield",
    "snp",
    "somerset",
    "southampton",
    "stirling",
    "suffolk",
    "sunderland",
    "surrey",
    "sussex",
    "swansea",
    "swindon",
    "tayside",
    "teesside",
    "tesco",
    "thames",
    "tories",
    "tory",
    "ukip",
    "westminster",
    "whitehall",
    "wigan",
    "wrexham",
    "yorkshire",
    "£",
];

/// Words by which a source shows that it is written in the United States, sorted.
const AMERICAN_SIGNS: &[&str] = &[
    "$",
    "alabama",
    "alaska",
    "arizona",
    "arkansas",
    "atlanta",
    "baltimore",
    "boston",
    "brooklyn",
    "california",
    "chicago",
    "cleveland",
    "colorado",
    "connecticut",
    "dallas",
    "delaware",
    "democrat",
    "democrats",
    "denver",
    "detroit",
    "fbi",
    "florida",
    "hawaii",
    "houston",
    "idaho",
    "illinois",
    "indiana",
    "iowa",
    "kansas",
    "kentucky",
    "louisiana",
    "manhattan",
    "maryland",
    "massachusetts",
    "miami",
    "michigan",
    "minnesota",
    "mississippi",
    "missouri",
    "mlb",
    "montana",
    "nba",
    "nebraska",
    "nevada",
    "nfl",
    "nhl",
    "nyc",
    "nypd",
    "obama",
    "ohio",
    "oklahoma",
    "oregon",
    "pennsylvania",
    "pentagon",
    "philadelphia",
    "republican",
    "republicans",
    "seattle",
    "tennessee",
    "texas",
    "trump",
    "utah",
    "vermont",
    "virginia",
    "washington",
    "wisconsin",
    "wyoming",
    "york",
];

/// Small words inside names, sorted.
const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "dal", "das", "de", "del", "della", "den", "der", "di", "do", "dos",
    "du", "e", "el", "i", "ibn", "la", "le", "of", "ter", "the", "und", "van", "von", "y", "zu",
    "zur",
];

/// Words of French, German, Italian, Portuguese and Spanish that begin sentences, sorted.
const FUNCTION_WORDS: &[&str] = &[
    "aber", "alors", "als", "apres", "auch", "auf", "aus", "avec", "bei", "cada", "ce", "cela",
    "ces", "cette", "como", "con", "cuando", "dans", "das", "dass", "de", "dem", "den", "depuis",
    "der", "des", "desde", "die", "dies", "diese", "dieser", "durante", "ein", "eine", "einen",
    "einer", "el", "elle", "elles", "en", "entre", "er", "es", "esta", "este", "esto", "et", "fur",
    "hier", "il", "ils", "im", "in", "io", "je", "la", "las", "le", "les", "leur", "lo", "los",
    "mais", "man", "mas", "mehr", "mit", "muy", "nach", "nicht", "no", "noch", "nous", "nur", "on",
    "os", "ou", "para", "pero", "plus", "por", "porque", "pour", "que", "qui", "sans", "se",
    "seit", "selon", "si", "sich", "sie", "sin", "sobre", "son", "sous", "sur", "tambien", "tous",
    "tras", "uber", "um", "un", "una", "und", "une", "uno", "vers", "viele", "vom", "von", "vor",
    "vous", "wahrend", "was", "weil", "wenn", "wer", "wie", "wir", "wo", "y", "zu", "zum", "zur",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_folded_and_say_nothing_twice() {
        for list in [
            include_str!("words/common_en.txt"),
            include_str!("words/first_names.txt"),
            include_str!("words/function_en.txt"),
            include_str!("words/generic_en.txt"),
            include_str!("words/places.txt"),
            include_str!("words/variants.txt"),
            include_str!("words/vocabulary_en.txt"),
        ] {
            for word in list.split_whitespace() {
                assert_eq!(word, super::super::normal::fold(word));
            }
        }
        for list in [&PLACE_LINES, &VARIANT_LINES] {
            let mut seen = HashSet::new();
            for word in list
                .iter()
                .flat_map(|(english, others)| english.iter().chain(others))
            {
                assert!(seen.insert(word), "{word}");
            }
        }
    }

    #[test]
    fn a_name_knows_its_other_words() {
        let same = |a: &str, b: &str, foreign| same_name(a, foreign).any(|word| word == b);
        assert!(same("germany", "german", false));
        assert!(same("germany", "deutschland", true));
        assert!(!same("germany", "deutschland", false));
        assert!(same("kyiv", "kiev", false));
        assert!(same_first_name("bob", "robert") && same_first_name("ed", "edward"));
        assert!(!same_first_name("robert", "roberts") && !same_first_name("ann", "eve"));
        assert!(is_vocabulary("ferries") && !is_vocabulary("solberg"));
        assert_eq!(home_of("scottish"), Some(Home::Britain));
        assert_eq!(home_of("france"), None);
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(PARTICLES.is_sorted());
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(BRITISH_SIGNS.is_sorted());
        assert!(AMERICAN_SIGNS.is_sorted());
    }
}
