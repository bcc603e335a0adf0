//! How well articles agree with what their pages are known to say.
//!
//! - **Shingles**: runs of four words, case kept. Of a page's shared, surplus and missing
//!   shingles only the shares count, so that a long page weighs no more than a short one;
//!   precision is averaged over pages with any text, recall over pages with any truth, and
//!   F1 is the harmonic mean of the two averages.
//! - **Phrases**: those that must be in the text and those that must not, white space
//!   folded, counted over all pages.
//! - **Title, author, date**: exact answers, after folding case and order; and how often a
//!   date is answered where there is none.
//!
//! The same as the public scorers of these sets, to the third digit. Knows nothing of
//! files, floors or the command line.

use std::{collections::HashMap, sync::LazyLock};

use prism::article::Reading;
use regex::Regex;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Letters and digits; marks part words, as in the public scorers.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("a valid pattern"));
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|\D)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)")
        .expect("a valid pattern")
});
/// Words of a byline that are no name. Sorted.
const BYLINE_WORDS: [&str; 11] = [
    "and", "author", "autor", "by", "et", "par", "por", "und", "von", "written", "y",
];

/// What the program says of a page.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) day: String,
}

impl From<&Reading> for Answer {
    fn from(reading: &Reading) -> Self {
        let article = &reading.article;
        Self {
            text: article.text.clone(),
            title: article.title.clone().unwrap_or_default(),
            author: article.byline.join(" "),
            day: article
                .published
                .map(|moment| moment.date().to_string())
                .unwrap_or_default(),
        }
    }
}

/// One page measured; `None` where its truth says nothing of a part.
#[derive(Default)]
pub(crate) struct Score {
    shingles: Option<Shingles>,
    phrases: Option<Phrases>,
    title: Option<Field>,
    author: Option<Field>,
    date: Option<Field>,
}

/// Shares of the shingles of text and truth together.
#[derive(Clone, Copy)]
struct Shingles {
    shared: f64,
    surplus: f64,
    missing: f64,
}

#[derive(Clone, Copy, Default)]
struct Phrases {
    found: usize,
    unwanted: usize,
    missing: usize,
}

/// A field of the metadata: whether it is known, was answered, and rightly.
#[derive(Clone, Copy)]
struct Field {
    known: bool,
    answered: bool,
    exact: bool,
}

/// Takes one field of a page's.
type Pick = fn(&Score) -> Option<Field>;

impl Score {
    /// Measures an answer against a page's truth: an object with some of `text`, `with`,
    /// `without`, `title`, `author` and `date`.
    pub(crate) fn of(truth: &Value, answer: &Answer) -> Self {
        let texts = |key: &str| -> Vec<&str> {
            let list = truth.get(key).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect()
        };
        let (with, without) = (texts("with"), texts("without"));
        let field = |key: &str, tokens: fn(&str) -> Vec<String>, said: &str| {
            let known = tokens(&plain(truth.get(key)?));
            let said = tokens(said);
            Some(Field {
                known: !known.is_empty(),
                answered: !said.is_empty(),
                exact: !known.is_empty() && known == said,
            })
        };
        Self {
            shingles: truth
                .get("text")
                .and_then(Value::as_str)
                .map(|text| Shingles::of(text, &answer.text)),
            phrases: (!with.is_empty() || !without.is_empty())
                .then(|| Phrases::of(&with, &without, &answer.text)),
            title: field("title", folded, &answer.title),
            author: field("author", names, &answer.author),
            date: field("date", day, &answer.day),
        }
    }

    /// How good the text is, between 0 and 1; to find the worst pages with.
    pub(crate) fn text_f1(&self) -> Option<f64> {
        match (&self.shingles, &self.phrases) {
            (Some(shingles), _) => Some(match (shingles.precision(), shingles.recall()) {
                (None, None) => 1.0,
                (precision, recall) => harmonic(precision.unwrap_or(0.0), recall.unwrap_or(0.0)),
            }),
            (None, Some(phrases)) => Some(phrases.f1()),
            (None, None) => None,
        }
    }

    /// The metadata that are wrong, in words.
    pub(crate) fn wrong(&self) -> Vec<&'static str> {
        [
            ("title", self.title),
            ("author", self.author),
            ("date", self.date),
        ]
        .into_iter()
        .filter(|(_, field)| {
            field.is_some_and(|field| {
                if field.known {
                    !field.exact
                } else {
                    field.answered
                }
            })
        })
        .map(|(name, _)| name)
        .collect()
    }
}

/// The figures of a set by name, for those parts that its truth knows.
pub(crate) fn figures(scores: &[&Score]) -> Vec<(&'static str, f64)> {
    let mut figures = Vec::new();
    let shingles: Vec<Shingles> = scores.iter().filter_map(|score| score.shingles).collect();
    if !shingles.is_empty() {
        let precision = mean(shingles.iter().filter_map(Shingles::precision));
        let recall = mean(shingles.iter().filter_map(Shingles::recall));
        figures.push(("shingle_f1", harmonic(precision, recall)));
        figures.push(("shingle_precision", precision));
        figures.push(("shingle_recall", recall));
    }
    let phrases: Vec<Phrases> = scores.iter().filter_map(|score| score.phrases).collect();
    if !phrases.is_empty() {
        let sum = phrases
            .iter()
            .fold(Phrases::default(), |sum, page| Phrases {
                found: sum.found + page.found,
                unwanted: sum.unwanted + page.unwanted,
                missing: sum.missing + page.missing,
            });
        figures.push(("phrase_f1", sum.f1()));
        figures.push((
            "phrase_precision",
            share(sum.found, sum.found + sum.unwanted),
        ));
        figures.push(("phrase_recall", share(sum.found, sum.found + sum.missing)));
    }
    let fields: [(&str, &str, Pick); 3] = [
        // A page without a title is rather one whose title nobody wrote down.
        ("title_exact", "", |score| score.title),
        ("author_exact", "author_spurious", |score| score.author),
        ("date_exact", "date_spurious", |score| score.date),
    ];
    for (exact, spurious, field) in fields {
        let fields: Vec<Field> = scores.iter().filter_map(|score| field(score)).collect();
        let (known, unknown): (Vec<Field>, Vec<Field>) =
            fields.into_iter().partition(|field| field.known);
        if !known.is_empty() {
            let right = known.iter().filter(|field| field.exact).count();
            figures.push((exact, share(right, known.len())));
        }
        if !unknown.is_empty() && !spurious.is_empty() {
            let answered = unknown.iter().filter(|field| field.answered).count();
            figures.push((spurious, share(answered, unknown.len())));
        }
    }
    figures
}

impl Shingles {
    fn of(truth: &str, said: &str) -> Self {
        let (truth, said) = (counted(truth), counted(said));
        let sum = |counts: &HashMap<Vec<&str>, usize>| counts.values().sum::<usize>();
        let shared: usize = truth
            .iter()
            .map(|(shingle, &count)| count.min(said.get(shingle).copied().unwrap_or(0)))
            .sum();
        let (surplus, missing) = (sum(&said) - shared, sum(&truth) - shared);
        let all = (shared + surplus + missing).max(1) as f64;
        Self {
            shared: shared as f64 / all,
            surplus: surplus as f64 / all,
            missing: missing as f64 / all,
        }
    }

    /// `None` for a page without output.
    fn precision(&self) -> Option<f64> {
        part(self.shared, self.surplus)
    }

    /// `None` for a page whose truth is empty.
    fn recall(&self) -> Option<f64> {
        part(self.shared, self.missing)
    }
}

/// The shingles of a text with how often each occurs; a shorter text is one shingle.
fn counted(text: &str) -> HashMap<Vec<&str>, usize> {
    let words: Vec<&str> = WORD.find_iter(text).map(|word| word.as_str()).collect();
    let mut counts = HashMap::new();
    if (1..4).contains(&words.len()) {
        counts.insert(words.clone(), 1);
    }
    for four in words.windows(4) {
        *counts.entry(four.to_vec()).or_insert(0) += 1;
    }
    counts
}

impl Phrases {
    fn of(with: &[&str], without: &[&str], text: &str) -> Self {
        let text = loose(text);
        let count = |phrases: &[&str]| {
            phrases
                .iter()
                .filter(|phrase| text.contains(&loose(phrase)))
                .count()
        };
        let found = count(with);
        Self {
            found,
            unwanted: count(without),
            missing: with.len() - found,
        }
    }

    fn f1(self) -> f64 {
        share(
            2 * self.found,
            2 * self.found + self.unwanted + self.missing,
        )
    }
}

/// A truth that is a text, a list of texts, or nothing.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            items.join(" ")
        }
        _ => String::new(),
    }
}

/// The words of a text, case and compatibility forms folded.
fn folded(text: &str) -> Vec<String> {
    let text: String = text.nfkc().collect();
    let text = text.to_lowercase().replace('ß', "ss").replace('ς', "σ");
    WORD.find_iter(&text)
        .map(|word| word.as_str().to_owned())
        .collect()
}

/// The words of names, whatever their order and separators.
fn names(text: &str) -> Vec<String> {
    let mut words = folded(text);
    words.retain(|word| BYLINE_WORDS.binary_search(&word.as_str()).is_err());
    words.sort();
    words.dedup();
    words
}

/// The day of a date that begins with its year; nothing for other texts.
fn day(text: &str) -> Vec<String> {
    let numbers = DAY.captures(text).and_then(|found| {
        let number = |at: usize| found[at].parse::<u16>().ok();
        Some((number(1)?, number(2)?, number(3)?))
    });
    numbers
        .filter(|(_, month, day)| (1..=12).contains(month) && (1..=31).contains(day))
        .map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
        .into_iter()
        .collect()
}

/// White space folded.
fn loose(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn part(shared: f64, other: f64) -> Option<f64> {
    (shared + other > 0.0).then(|| shared / (shared + other))
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 {
        2.0 * a * b / (a + b)
    } else {
        0.0
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| {
        (sum + value, count + 1)
    });
    sum / count.max(1) as f64
}
