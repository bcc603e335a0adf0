//! Tags of languages, and the language of a text that nobody declares.
//!
//! English is told by its small words, since detecting a language costs as much as the
//! whole check; what is not plainly English goes to the detector.

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

/// The primary language of a BCP 47 tag; English where there is none.
pub(in crate::verify) fn primary(tag: Option<&str>) -> String {
    let tag = tag.unwrap_or("en");
    tag.split('-').next().unwrap_or("en").to_ascii_lowercase()
}

/// Whether the tag is that of some English; a text without one is read as English.
pub(in crate::verify) fn is_english(tag: Option<&str>) -> bool {
    tag.is_none_or(|tag| {
        tag.get(..2)
            .is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
            && !tag[2..].starts_with(|c: char| c.is_alphanumeric())
    })
}

/// Whether the tag is that of some German.
pub(in crate::verify) fn is_german(tag: Option<&str>) -> bool {
    primary(tag) == "de"
}

/// The language that a text is surely in; `None` where a short text does not tell.
pub(in crate::verify) fn language_of(text: &str) -> Option<&'static str> {
    // More text does not change the detection.
    const SAMPLE: usize = 2_000;
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    if is_plainly_english(sample) {
        return Some("en");
    }
    let info = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    tag_of(info.lang())
}

/// The language of a text whose sources are in `theirs`: where a short one does not tell,
/// it is in theirs, or else in English.
pub(in crate::verify) fn language_beside(text: &str, theirs: Option<&str>) -> Option<&'static str> {
    language_of(text).or_else(|| {
        let (code, _) = LANGUAGES.iter().find(|(_, tag)| Some(*tag) == theirs)?;
        let both = vec![whatlang::Lang::from_code(*code)?, whatlang::Lang::Eng];
        tag_of(whatlang::Detector::with_allowlist(both).detect_lang(text)?)
    })
}

fn tag_of(language: whatlang::Lang) -> Option<&'static str> {
    let mut tags = LANGUAGES.iter();
    let (_, tag) = tags.find(|(code, _)| *code == language.code())?;
    Some(tag)
}

/// ISO 639-3 to BCP 47 for the languages whose numbers, dates or capitals are read.
const LANGUAGES: &[(&str, &str)] = &[
    ("ara", "ar"),
    ("ces", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("eng", "en"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hun", "hu"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("nld", "nl"),
    ("nob", "no"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("spa", "es"),
    ("swe", "sv"),
    ("tha", "th"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("cmn", "zh"),
];

/// Whether so many words are small words of English, and so few of other languages, that
/// the text can be in no other.
fn is_plainly_english(sample: &str) -> bool {
    // In news one word in three is one of them.
    const ONE_IN: usize = 6;
    const FEWEST: usize = 3;
    let (mut all, mut english, mut shared, mut foreign) = (0, 0, 0, 0);
    let words = sample
        .as_bytes()
        .split(|byte| !byte.is_ascii_alphabetic() && byte.is_ascii())
        .filter(|word| !word.is_empty());
    for word in words {
        all += 1;
        match letters(word).and_then(|letters| SMALL_WORDS.get(&letters)) {
            Some(Owner::English) => english += 1,
            Some(Owner::Shared) => shared += 1,
            Some(Owner::Foreign) => foreign += 1,
            None => {}
        }
    }
    let small = english + shared;
    english > 0 && small >= FEWEST && small * ONE_IN >= all && foreign * 4 <= small
}

/// The letters of a word of eight at most, the rest 0, as one number.
type Letters = u64;

/// Which languages have a small word.
#[derive(Clone, Copy)]
enum Owner {
    /// It is common in English and rare in other languages.
    English,
    /// English has it, and other languages too.
    Shared,
    /// Other languages with Latin letters have it, and English does not.
    Foreign,
}

const ENGLISH: &str = "\
    after and are been but from had has he her his it its not of said she that the their \
    they this to was were which who will with would you";
const SHARED: &str = "\
    a an as at be by for have in is on or over says";
const FOREIGN: &str = "\
    af att che con da das de del dem der des det di die do du een ein eine el en er et \
    ett het hij ik il ist je la las le les los med mit na nie och og ook os para por que \
    se si som sur til un una und une van ve von voor w ze zu";

static SMALL_WORDS: LazyLock<HashMap<Letters, Owner, FixedState>> = LazyLock::new(|| {
    [
        (ENGLISH, Owner::English),
        (SHARED, Owner::Shared),
        (FOREIGN, Owner::Foreign),
    ]
    .into_iter()
    .flat_map(|(words, owner)| words.split(' ').map(move |word| (word, owner)))
    .filter_map(|(word, owner)| Some((letters(word.as_bytes())?, owner)))
    .collect()
});

/// The letters of a word, small; `None` for one that is too long to be a small word.
fn letters(word: &[u8]) -> Option<Letters> {
    // The longest small word has five.
    if word.len() > 5 {
        return None;
    }
    let mut letters = Letters::default().to_ne_bytes();
    letters[..word.len()].copy_from_slice(word);
    letters.make_ascii_lowercase();
    Some(Letters::from_ne_bytes(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_or_not_claimed() {
        for (text, expected) in [
            (
                "The ferry of the islands was late and she said that it will be.",
                Some("en"),
            ),
            (
                "Der Film „The Lord of the Rings“ läuft heute Abend in der Stadt, und das Kino \
                 ist schon voll, weil die Leute nichts Besseres mehr vorhaben.",
                Some("de"),
            ),
            (
                "Die Fähre hat am Dienstag nicht mehr angelegt, und der Hafen bleibt geschlossen.",
                Some("de"),
            ),
            (
                "De veerboot was gisteren veel te laat, zei de burgemeester, maar de haven van \
                 het eiland is volgens hem sinds vanochtend gewoon weer open voor alle schepen.",
                Some("nl"),
            ),
            ("市長は橋が開いたと話した。", Some("ja")),
            ("12 – 15", None),
            ("", None),
        ] {
            assert_eq!(language_of(text), expected, "{text}");
        }
        let german = "Petersen sagte, die Energiekosten seien um 38 Prozent gestiegen.";
        assert_eq!(language_of(german), None);
        assert_eq!(language_beside(german, Some("de")), Some("de"));
        assert_eq!(language_beside("Energy cost more.", Some("de")), Some("en"));
        assert_eq!(language_beside("12 – 15", Some("de")), None);
        // Only the beginning is read, and it may end inside a character.
        assert_eq!(
            language_of(&"é".repeat(3_000)),
            language_of(&"é".repeat(1_000))
        );
    }
}
