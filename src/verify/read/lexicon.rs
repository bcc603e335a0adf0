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

use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::{kinds::Kinds, roots::root};

/// Tables that are only looked up; the words in them are ours, so no one can choose them.
type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// Whether the word begins sentences without being a name.
pub(in crate::verify) fn is_common(word: &str) -> bool {
    Kinds::of(word).is_common()
}

/// Whether the word is an ordinary English one, in any form.
pub(in crate::verify) fn is_vocabulary(word: &str) -> bool {
    Kinds::of(word).is_vocabulary() || Kinds::of(&root(word)).is_vocabulary()
}

/// Whether the word is a role, a title or a kind of institution.
pub(in crate::verify) fn is_generic(word: &str) -> bool {
    Kinds::of(word).is_generic()
}

/// Whether the word names a country or its people in English.
pub(in crate::verify) fn is_place(word: &str) -> bool {
    Kinds::of(word).is_place()
}

/// Whether the word is a first name.
pub(in crate::verify) fn is_first_name(word: &str) -> bool {
    Kinds::of(word).is_first_name()
}

/// The forms of the first names that the word may be short for.
pub(in crate::verify) fn first_name_forms(
    word: &str,
) -> impl Iterator<Item = &'static str> + use<> {
    let lines = FIRST_NAMES.get(word).map_or(&[][..], Vec::as_slice);
    lines
        .iter()
        .flat_map(|line| FIRST_NAME_LINES[*line].split_whitespace())
}

/// Whether both are forms of one first name ("Robert" and "Bob").
pub(in crate::verify) fn same_first_name(a: &str, b: &str) -> bool {
    // "Mitch" for a "Mitchum" that no list has; but "Ann" is not "Anna".
    const SHORTEST: usize = 3;
    if let (Some(a), Some(b)) = (FIRST_NAMES.get(a), FIRST_NAMES.get(b)) {
        return a.iter().any(|line| b.contains(line));
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= SHORTEST && long.starts_with(short)
}

/// A country that news is written from and read far beyond, so that a story rarely names
/// it, and an analysis for other readers may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Home {
    /// The United States.
    America,
    /// The United Kingdom.
    Britain,
    /// England.
    England,
    /// Scotland.
    Scotland,
    /// Wales.
    Wales,
}

impl Home {
    /// The country that the word names, itself or its people.
    pub(in crate::verify) fn named(word: &str) -> Option<Self> {
        const NAMES: &[(&str, Home)] = &[
            ("america", Home::America),
            ("britain", Home::Britain),
            ("england", Home::England),
            ("scotland", Home::Scotland),
            ("wales", Home::Wales),
        ];
        let line = PLACES.get(word).filter(|entry| !entry.foreign)?.line;
        let is_of = |country: &str| PLACES.get(country).is_some_and(|entry| entry.line == line);
        let (_, home) = NAMES.iter().find(|(country, _)| is_of(country))?;
        Some(*home)
    }

    /// The country that a capitalised word of a source is at home in.
    pub(in crate::verify) fn shown(word: &str) -> Option<Self> {
        let listed = SIGNS
            .iter()
            .find(|(_, signs)| signs.binary_search(&word).is_ok());
        let county = word.len() > 7 && word.ends_with("shire");
        listed
            .map(|(home, _)| *home)
            .or(county.then_some(Self::England))
    }

    /// Whether signs of `shown` make it likely that the story plays in this country.
    pub(in crate::verify) fn is_implied_by(self, shown: Self) -> bool {
        match self {
            Self::Britain => shown != Self::America,
            Self::England => matches!(shown, Self::England | Self::Britain),
            _ => self == shown,
        }
    }
}

/// The other words for the same country and people, or for the same city, body or
/// spelling; those of other languages where `foreign`.
pub(in crate::verify) fn same_name(
    word: &str,
    foreign: bool,
) -> impl Iterator<Item = &'static str> + use<> {
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

/// The English words of all countries and their people.
pub(super) fn places() -> impl Iterator<Item = &'static str> {
    let english = PLACES.iter().filter(|(_, entry)| !entry.foreign);
    english.map(|(word, _)| *word)
}

/// The signs of all countries.
pub(super) fn signs() -> impl Iterator<Item = &'static str> {
    SIGNS.iter().flat_map(|(_, signs)| signs.iter().copied())
}

/// All first names.
pub(super) fn first_names() -> impl Iterator<Item = &'static str> {
    FIRST_NAMES.keys().copied()
}

/// Whether the word joins parts of a name.
pub(in crate::verify) fn is_particle(word: &str) -> bool {
    Kinds::of(word).is_particle()
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
    let mut table = Table::default();
    for (line, (english, others)) in lines.iter().enumerate() {
        for (words, foreign) in [(english, false), (others, true)] {
            for word in words {
                table.entry(word).or_insert(Entry { line, foreign });
            }
        }
    }
    table
}

static PLACE_LINES: LazyLock<Vec<Line>> = LazyLock::new(|| lines(include_str!("words/places.txt")));

static PLACES: LazyLock<Table> = LazyLock::new(|| table(&PLACE_LINES));

static VARIANT_LINES: LazyLock<Vec<Line>> =
    LazyLock::new(|| lines(include_str!("words/variants.txt")));

static VARIANTS: LazyLock<Table> = LazyLock::new(|| table(&VARIANT_LINES));

static FIRST_NAME_LINES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("words/first_names.txt").lines().collect());

/// The lines of each first name; a short form may belong to several names.
static FIRST_NAMES: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut names: HashMap<&'static str, Vec<usize>> = HashMap::default();
    for (line, text) in FIRST_NAME_LINES.iter().enumerate() {
        for name in text.split_whitespace() {
            names.entry(name).or_default().push(line);
        }
    }
    names
});

/// Places and institutions by which a source shows where it is at home, sorted for each
/// country.
const SIGNS: &[(Home, &[&str])] = &[
    (
        Home::America,
        &[
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
            "colorado",
            "connecticut",
            "dallas",
            "delaware",
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
            "montana",
            "nebraska",
            "nevada",
            "nyc",
            "nypd",
            "ohio",
            "oklahoma",
            "oregon",
            "pennsylvania",
            "pentagon",
            "philadelphia",
            "seattle",
            "tennessee",
            "texas",
            "utah",
            "vermont",
            "virginia",
            "wisconsin",
            "wyoming",
        ],
    ),
    (
        Home::Britain,
        &[
            "belfast",
            "dvla",
            "hmrc",
            "mps",
            "nhs",
            "ofcom",
            "ofsted",
            "rspca",
            "tories",
            "tory",
            "ukip",
            "westminster",
            "whitehall",
        ],
    ),
    (
        Home::England,
        &[
            "birmingham",
            "bolton",
            "bradford",
            "brighton",
            "bristol",
            "burnley",
            "carlisle",
            "cornwall",
            "coventry",
            "croydon",
            "cumbria",
            "devon",
            "dorset",
            "durham",
            "essex",
            "exeter",
            "gatwick",
            "heathrow",
            "ipswich",
            "kent",
            "leeds",
            "leicester",
            "liverpool",
            "london",
            "manchester",
            "merseyside",
            "middlesbrough",
            "norfolk",
            "norwich",
            "nottingham",
            "oxford",
            "plymouth",
            "portsmouth",
            "preston",
            "salford",
            "sheffield",
            "somerset",
            "southampton",
            "suffolk",
            "sunderland",
            "surrey",
            "sussex",
            "swindon",
            "teesside",
            "thames",
            "wigan",
            "yorkshire",
        ],
    ),
    (
        Home::Scotland,
        &[
            "aberdeen",
            "aberdeenshire",
            "ayrshire",
            "dundee",
            "edinburgh",
            "glasgow",
            "highlands",
            "holyrood",
            "inverness",
            "lanarkshire",
            "msp",
            "msps",
            "perthshire",
            "snp",
            "stirling",
            "tayside",
        ],
    ),
    (
        Home::Wales,
        &[
            "anglesey",
            "cardiff",
            "carmarthenshire",
            "ceredigion",
            "gwent",
            "gwynedd",
            "monmouthshire",
            "newport",
            "pembrokeshire",
            "powys",
            "senedd",
            "swansea",
            "wrexham",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

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
        assert!(same_first_name("mitch", "mitchum"));
        assert!(!same_first_name("paul", "paula") && !same_first_name("ann", "eve"));
        assert!(is_vocabulary("ferries") && !is_vocabulary("solberg"));
        assert_eq!(Home::named("scottish"), Some(Home::Scotland));
        assert_eq!(Home::named("france"), None);
        assert_eq!(Home::shown("wiltshire"), Some(Home::England));
        assert!(Home::Britain.is_implied_by(Home::Wales));
        assert!(!Home::Wales.is_implied_by(Home::Britain));
    }

    #[test]
    fn the_signs_are_sorted() {
        assert!(SIGNS.iter().all(|(_, signs)| signs.is_sorted()));
    }
}
