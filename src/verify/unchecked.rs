//! What cannot be checked in a text, and why: silence about a text in another language
//! than its sources must not be read as approval.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Kind,
    language::{is_english, primary},
    read::{Reading, negation::known_language, words::Words},
    sources::Library,
};

/// A kind of claim that was not checked, or only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unchecked {
    /// What was not checked.
    pub kind: Kind,
    /// Why not.
    pub why: Why,
}

/// Why something was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The text and its sources are in two languages.
    OtherLanguage,
    /// There is no table of words for this language; digits and forms were checked.
    NoTable,
    /// The text has no capitals by which names could be told.
    NoCapitals,
}

impl Unchecked {
    /// The same for a person, as in "negation and direction: …".
    pub fn describe(self) -> String {
        let what = match self.kind {
            Kind::Number => "numbers in words",
            Kind::Date => "dates in words",
            Kind::Name => "names",
            Kind::Polarity => "negation and direction",
            Kind::Sentence => "statements as a whole",
            _ => "other claims",
        };
        let why = match self.why {
            Why::OtherLanguage => "the text and its sources are in two languages",
            Why::NoTable => "there is no table of words for this language",
            Why::NoCapitals => "the text has no capitals by which names could be told",
        };
        format!("{what}: {why}")
    }
}

/// What the checks leave out in this text.
pub(in crate::verify) fn unchecked(reading: &Reading<'_>, library: &Library<'_>) -> Vec<Unchecked> {
    let mut all = Vec::new();
    let mut add = |kind, why| all.push(Unchecked { kind, why });
    if !Words::has_table(reading.language) {
        add(Kind::Number, Why::NoTable);
        add(Kind::Date, Why::NoTable);
    }
    if reading.style.is_none() {
        add(Kind::Name, Why::NoCapitals);
    }
    if primary(reading.language) != primary(library.language) {
        add(Kind::Polarity, Why::OtherLanguage);
        add(Kind::Sentence, Why::OtherLanguage);
        return all;
    }
    if known_language(reading.language).is_none() {
        add(Kind::Polarity, Why::NoTable);
    }
    if !is_english(reading.language) {
        add(Kind::Sentence, Why::NoTable);
    }
    all
}
