//! The words of a language for numbers and dates: one table a language, in `words/*.toml`,
//! parsed once. A text in a language without a table has its digits only.
//!
//! An entry is a word or a phrase and what it means; phrases are cut into tokens as texts
//! are, so that a Korean word is found among its syllables, and a hyphen between words
//! counts as a blank.

mod table;

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;
use serde::Deserialize;

use self::table::Table;
use super::{
    calendar::{Direction, Period},
    quantity::Hedge,
    tokens::{Gap, Token, Word},
    units::Measure,
};
use crate::verify::language::primary;

/// What a word or phrase means for numbers and dates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::verify) enum Meaning {
    /// A number below a thousand.
    Number(f64),
    /// A digit that is a number only before a scale.
    Digit(f64),
    /// The place in an order.
    Ordinal(f64),
    /// What the whole is divided by: 3 for "thirds".
    Part(f64),
    /// A share by itself: "half".
    Fraction(f64),
    /// Added to the number before: "and a half".
    Addition(f64),
    /// What the number before is multiplied by; `true` where it is one by itself.
    Scale(f64, bool),
    /// Implies a number: "twins".
    Set(f64),
    /// An amount without a number: "hundreds".
    Vague(f64),
    /// Implies an amount of a measure: a quarter is three months.
    Length(f64, Measure),
    /// Between the ends of a range: "to".
    Range,
    /// Between part and whole: "in" of "one in five".
    Ratio,
    /// Stands for one before a scale or a unit: "a".
    Article,
    /// Joins hundreds and tens: `true`; or tens and units: `false`.
    Join(bool),
    /// "Percent".
    Percent,
    /// "Percentage points", each worth so many.
    Points(f64),
    /// A currency.
    Currency(&'static str),
    /// A unit of measure.
    Measure(Measure),
    /// How exact the number behind is.
    Hedge(Hedge),
    /// How exact the number before is.
    HedgeBehind(Hedge),
    /// Says the contrary of what follows.
    Negation,
    /// What is counted; a Korean number in words needs it.
    Counter,
    /// "Ago", after a time.
    Ago,
    /// "Ago", before a time.
    AgoBefore,
    /// A month, 1 to 12.
    Month(i8),
    /// A weekday, 1 for Monday.
    Weekday(i8),
    /// A season, 0 for spring.
    Season(i8),
    /// So many days from today.
    Day(i8),
    /// "Last", "this", "next".
    Direction(Direction),
    /// A week, month or year after "last" or "next".
    Calendar(Period),
    /// A period by itself: "작년".
    Period(Period, i8),
    /// May stand inside a date.
    InsideDate,
    /// Says that a doubtful name is a month.
    BeforeMonth,
    /// A quarter of the year, after its ordinal.
    Quarter,
    /// A time of day, in minutes.
    Clock(i16),
    /// So many minutes past the hour that follows: "half past".
    Past(i16),
    /// "a.m." and "p.m.", with the hours to add.
    HalfDay(i16),
    /// A time zone.
    Zone,
    /// Before the number of somebody's years: "aged".
    Age,
    /// Says that it never was before.
    FirstTime,
    /// Follows the year, month, day, hour or minute of a time in digits: 0 to 4.
    Mark(u8),
}

/// A habit of writing that some languages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::verify) enum Habit {
    /// A plain blank may group digits.
    BlanksGroupDigits,
    /// Months and weekdays have a capital.
    Capitals,
    /// A number is written in one word.
    Compounds,
    /// Each syllable is a token.
    Syllables,
    /// "Last" stands behind its word: "la semaine dernière".
    DirectionsBehind,
}

/// All phrases that begin with a word.
#[derive(Debug, Default)]
struct Entries {
    /// The longest first.
    phrases: Vec<Entry>,
    begins: Begins,
}

/// What may begin with a word.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::verify) struct Begins {
    pub(in crate::verify) number: bool,
    pub(in crate::verify) date: bool,
}

/// One way to go on after a first word.
#[derive(Debug)]
struct Entry {
    /// The words after the first.
    rest: Vec<String>,
    meaning: Meaning,
}

/// The words of one language.
#[derive(Debug)]
pub(in crate::verify) struct Words {
    /// The mark before the decimals.
    pub(in crate::verify) decimal_mark: char,
    habits: Vec<Habit>,
    /// Words that say "one" without a number.
    pub(in crate::verify) ones: Vec<String>,
    /// Words that say that something was not so before; only stems.
    pub(in crate::verify) beginnings: Vec<String>,
    /// Months that are another word as well.
    doubtful_months: Vec<String>,
    entries: HashMap<String, Entries, FixedState>,
    /// With which letters the first words of phrases end, as bits, by their first byte.
    edges: Vec<u32>,
}

impl Words {
    /// Whether there is a table of words for the language of a BCP 47 tag.
    pub(in crate::verify) fn has_table(tag: Option<&str>) -> bool {
        let words = Self::of(tag);
        Self::every().any(|table| std::ptr::eq(table, words))
    }

    /// The words of the language of a BCP 47 tag; English where there is none.
    pub(in crate::verify) fn of(tag: Option<&str>) -> &'static Self {
        match primary(tag).as_str() {
            "en" => &ENGLISH,
            "de" => &GERMAN,
            "fr" => &FRENCH,
            "es" => &SPANISH,
            "ko" => &KOREAN,
            "ar" | "he" | "hi" | "ja" | "th" | "zh" => &POINT,
            _ => &COMMA,
        }
    }

    /// The tables of all languages that have one.
    pub(in crate::verify) fn every() -> impl Iterator<Item = &'static Self> {
        [&ENGLISH, &GERMAN, &FRENCH, &SPANISH, &KOREAN]
            .into_iter()
            .map(|words| &**words)
    }

    /// The longest phrase from the token `at` on of a meaning that `pick` takes, and its
    /// last token.
    pub(in crate::verify) fn read<T>(
        &self,
        tokens: &[Token],
        at: usize,
        pick: impl Fn(Meaning) -> Option<T>,
    ) -> Option<(T, usize)> {
        let entries = self.entries_of(tokens.get(at)?)?;
        entries.phrases.iter().find_map(|entry| {
            let picked = pick(entry.meaning)?;
            Some((picked, entry.ends_at(tokens, at)?))
        })
    }

    fn entries_of(&self, word: &Word) -> Option<&Entries> {
        let entries = |word: &str| {
            let (first, last) = edges(word)?;
            let met = self.edges[first] & last != 0;
            met.then(|| self.entries.get(word)).flatten()
        };
        entries(&word.folded).or_else(|| word.folded.strip_suffix("'s").and_then(entries))
    }

    /// What may begin with each different word of a text; asked first, since with most
    /// words nothing does.
    pub(in crate::verify) fn begins(&self, words: &[Word]) -> Vec<Begins> {
        let compounds = self.has(Habit::Compounds);
        let begins = words.iter().map(|word| {
            let entries = self.entries_of(word);
            let begins = entries.map_or_else(Begins::default, |entries| entries.begins);
            Begins {
                number: compounds || begins.number,
                ..begins
            }
        });
        begins.collect()
    }

    /// Whether the language has a habit.
    pub(in crate::verify) fn has(&self, habit: Habit) -> bool {
        self.habits.contains(&habit)
    }

    /// What one word means by itself, folded.
    pub(in crate::verify) fn word<T>(
        &self,
        word: &str,
        pick: impl Fn(Meaning) -> Option<T>,
    ) -> Option<T> {
        let entries = self.entries.get(word)?;
        entries
            .phrases
            .iter()
            .filter(|entry| entry.rest.is_empty())
            .find_map(|entry| pick(entry.meaning))
    }

    /// What [`Words::read`] reads, where nothing but blanks stand before the phrase.
    pub(in crate::verify) fn read_next<T>(
        &self,
        tokens: &[Token],
        at: usize,
        pick: impl Fn(Meaning) -> Option<T>,
    ) -> Option<(T, usize)> {
        tokens.get(at).filter(|token| token.gap <= Gap::Blank)?;
        self.read(tokens, at, pick)
    }

    /// Whether a phrase of this meaning begins at the token `at`.
    pub(in crate::verify) fn is(&self, tokens: &[Token], at: usize, meaning: Meaning) -> bool {
        self.read(tokens, at, |m| (m == meaning).then_some(()))
            .is_some()
    }

    /// Whether the name of a month is another word as well.
    pub(in crate::verify) fn is_doubtful_month(&self, token: &Token) -> bool {
        self.doubtful_months
            .iter()
            .any(|month| token.folded == **month)
    }

    /// Whether a word may begin at the token `at`; in Korean its syllables are tokens.
    pub(in crate::verify) fn begins_word(&self, tokens: &[Token], at: usize) -> bool {
        !self.has(Habit::Syllables)
            || tokens[at].gap > Gap::None
            || at == 0
            || !tokens[at - 1].text.starts_with(is_hangul)
    }

    /// The value of one German word: `zweiundzwanzig`, `dreihundertfünfzigtausend`.
    pub(in crate::verify) fn compound(&self, word: &str) -> Option<f64> {
        // The longest number that is met in one word.
        const LONGEST: usize = 60;
        (self.has(Habit::Compounds) && word.len() <= LONGEST)
            .then(|| self.part_of_compound(word, 0))
            .flatten()
    }

    fn part_of_compound(&self, word: &str, level: usize) -> Option<f64> {
        const SPLITS: &[(&str, f64)] = &[("tausend", 1000.0), ("hundert", 100.0)];
        let simple = |word: &str| {
            self.word(word, |meaning| match meaning {
                Meaning::Number(value) => Some(value),
                _ => None,
            })
        };
        if let Some(value) = simple(word) {
            return Some(value);
        }
        for (nth, (scale, by)) in SPLITS.iter().enumerate().skip(level) {
            let Some((before, after)) = word.split_once(scale) else {
                continue;
            };
            let times = match before {
                "" | "ein" => 1.0,
                _ => self.part_of_compound(before, nth + 1)?,
            };
            let after = after.strip_prefix("und").unwrap_or(after);
            let rest = match after {
                "" => 0.0,
                "eins" => 1.0,
                _ => self.part_of_compound(after, nth + 1)?,
            };
            return (times < *by && rest < *by).then_some(times * by + rest);
        }
        if let Some(whole) = word.strip_suffix("einhalb") {
            return simple(whole).map(|whole| whole + 0.5);
        }
        let (units, tens) = word.split_once("und")?;
        let units = if units == "ein" { 1.0 } else { simple(units)? };
        let tens = simple(tens)?;
        (units < 10.0 && tens >= 20.0 && tens % 10.0 == 0.0).then_some(units + tens)
    }
}

/// The first byte of a word and a bit for its last: most words are told from the few that
/// are looked up by these.
fn edges(word: &str) -> Option<(usize, u32)> {
    let (first, last) = (word.bytes().next()?, word.bytes().next_back()?);
    Some((usize::from(first), 1 << (last % 32)))
}

fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

impl Meaning {
    fn begins_number(self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::Digit(_)
                | Self::Ordinal(_)
                | Self::Fraction(_)
                | Self::Scale(..)
                | Self::Set(_)
                | Self::Vague(_)
                | Self::Length(..)
                | Self::Article
                | Self::FirstTime
        )
    }

    fn begins_date(self) -> bool {
        matches!(
            self,
            Self::Month(_)
                | Self::Weekday(_)
                | Self::Day(_)
                | Self::Direction(_)
                | Self::Calendar(_)
                | Self::Period(..)
                | Self::Clock(_)
                | Self::Past(_)
                | Self::Ordinal(_)
        )
    }
}

impl Entry {
    /// The last token of the phrase whose first word is the token `at`, where it is there.
    fn ends_at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let mut end = at;
        for word in &self.rest {
            end += 1;
            if tokens.get(end)?.is_mark("-") && word != "-" {
                end += 1;
            }
            let token = tokens.get(end)?;
            if token.folded != **word || token.gap > Gap::Blank {
                return None;
            }
        }
        Some(end)
    }
}

fn parsed(table: &str) -> Words {
    toml::from_str::<Table>(table)
        .expect("the tables are parsed by a test")
        .into()
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/en.toml")));
static GERMAN: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/de.toml")));
static FRENCH: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/fr.toml")));
static SPANISH: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/es.toml")));
static KOREAN: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/ko.toml")));
static POINT: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/point.toml")));
static COMMA: LazyLock<Words> = LazyLock::new(|| parsed(include_str!("words/comma.toml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_folded() {
        for words in [
            &ENGLISH, &GERMAN, &FRENCH, &SPANISH, &KOREAN, &POINT, &COMMA,
        ] {
            for (first, entries) in &words.entries {
                assert_eq!(*first, super::super::normal::fold(first));
                assert!(!entries.phrases.is_empty());
            }
        }
    }

    #[test]
    fn a_german_number_in_one_word_is_taken_apart() {
        for (word, expected) in [
            ("zweiundzwanzig", Some(22.0)),
            ("einundzwanzig", Some(21.0)),
            ("dreihundertfunfzig", Some(350.0)),
            ("hundertzwanzig", Some(120.0)),
            ("zweitausenddreihundert", Some(2300.0)),
            ("zwolftausend", Some(12_000.0)),
            ("zweieinhalb", Some(2.5)),
            ("tausend", Some(1000.0)),
            ("hundertschaft", None),
            ("rund", None),
        ] {
            assert_eq!(GERMAN.compound(word), expected, "{word}");
        }
    }
}
