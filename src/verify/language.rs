//! Tags of languages, and the language of a text that nobody declares.
//!
//! English is told by its small words, since detecting a language costs as much as the
//! whole check; what is not plainly English goes to the detector.

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

/// The language that a text is surely in; `None` where a short text does not tell.
pub(in crate::verify) fn language_of(text: &str) -> Option<&'static str> {
    // More text does not change the detection.
    const SAMPLE: usize = 2_000;
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    if is_plainly_english(sample) {
        return Some("en");
    }
    let info = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    LANGUAGES
        .iter()
        .find(|(code, _)| *code == info.lang().code())
        .map(|(_, tag)| *tag)
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
        let mut letters = [0; 5];
        let Some(letters) = letters.get_mut(..word.len()) else {
            continue;
        };
        letters.copy_from_slice(word);
        letters.make_ascii_lowercase();
        english += usize::from(is_small_word(letters));
        shared += usize::from(is_shared(letters));
        foreign += usize::from(is_foreign(letters));
    }
    let small = english + shared;
    english > 0 && small >= FEWEST && small * ONE_IN >= all && foreign * 4 <= small
}

/// Small words that are common in English and rare in other languages.
fn is_small_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"after"
            | b"and"
            | b"are"
            | b"been"
            | b"but"
            | b"from"
            | b"had"
            | b"has"
            | b"he"
            | b"her"
            | b"his"
            | b"it"
            | b"its"
            | b"not"
            | b"of"
            | b"said"
            | b"she"
            | b"that"
            | b"the"
            | b"their"
            | b"they"
            | b"this"
            | b"to"
            | b"was"
            | b"were"
            | b"which"
            | b"who"
            | b"will"
            | b"with"
            | b"would"
            | b"you"
    )
}

/// Small words of English that other languages have too.
fn is_shared(word: &[u8]) -> bool {
    matches!(
        word,
        b"a" | b"an"
            | b"as"
            | b"at"
            | b"be"
            | b"by"
            | b"for"
            | b"have"
            | b"in"
            | b"is"
            | b"on"
            | b"or"
            | b"over"
            | b"says"
    )
}

/// Small words of other languages with Latin letters that English does not have.
fn is_foreign(word: &[u8]) -> bool {
    matches!(
        word,
        b"af"
            | b"att"
            | b"che"
            | b"con"
            | b"da"
            | b"das"
            | b"de"
            | b"del"
            | b"dem"
            | b"der"
            | b"des"
            | b"det"
            | b"di"
            | b"die"
            | b"do"
            | b"du"
            | b"een"
            | b"ein"
            | b"eine"
            | b"el"
            | b"en"
            | b"er"
            | b"et"
            | b"ett"
            | b"het"
            | b"hij"
            | b"ik"
            | b"il"
            | b"ist"
            | b"je"
            | b"la"
            | b"las"
            | b"le"
            | b"les"
            | b"los"
            | b"med"
            | b"mit"
            | b"na"
            | b"nie"
            | b"och"
            | b"og"
            | b"ook"
            | b"os"
            | b"para"
            | b"por"
            | b"que"
            | b"se"
            | b"si"
            | b"som"
            | b"sur"
            | b"til"
            | b"un"
            | b"una"
            | b"und"
            | b"une"
            | b"van"
            | b"ve"
            | b"von"
            | b"voor"
            | b"w"
            | b"ze"
            | b"zu"
    )
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
        // Only the beginning is read, and it may end inside a character.
        assert_eq!(
            language_of(&"é".repeat(3_000)),
            language_of(&"é".repeat(1_000))
        );
    }
}
