//! The language of an article: what the page declares, checked against its text.

use whatlang::Lang;

use super::Origin;

/// From this many characters on, a detection is worth more than a declaration.
const LONG: usize = 400;
/// With fewer characters nothing is detected.
const SHORT: usize = 120;
/// More text does not change the detection.
const SAMPLE: usize = 600;

/// What is known of a text's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Language {
    /// The BCP 47 tag.
    pub(super) tag: Option<String>,
    /// Where that was read.
    pub(super) origin: Option<Origin>,
    /// The tag that the page declares first, where the text contradicts it.
    pub(super) contradicted: Option<String>,
}

/// The language of `text`, given what the page declares, most trusted first.
pub(super) fn language<'a>(
    declared: impl Iterator<Item = (&'a str, Origin)>,
    text: &str,
) -> Language {
    let declared: Vec<(String, Origin)> = declared
        .filter_map(|(stated, origin)| Some((tag(stated)?, origin)))
        .collect();
    let Some((first, origin)) = declared.first().cloned() else {
        let (detected, _) = detect(text);
        return Language {
            origin: detected.map(|_| Origin::Detected),
            tag: detected.map(str::to_owned),
            contradicted: None,
        };
    };
    if is_plainly(primary(&first), beginning(text)) {
        return Language {
            tag: Some(first),
            origin: Some(origin),
            contradicted: None,
        };
    }
    let (detected, length) = detect(text);
    let agrees = |tag: &str| {
        let primary = primary(tag);
        let by_letters = is_written(primary, text);
        detected.map_or(by_letters != Some(false), |detected| {
            // A language that the detector does not know cannot be contradicted by it,
            // but by its letters.
            let known = CODES.iter().any(|(_, code)| *code == primary);
            primary == detected
                || are_close(primary, detected)
                || (by_letters != Some(false) && (!known || length < LONG))
        })
    };
    if agrees(&first) {
        return Language {
            tag: Some(first),
            origin: Some(origin),
            contradicted: None,
        };
    }
    // Another declaration that fits the text knows the region too.
    let fitting = declared
        .iter()
        .find(|(tag, _)| detected.is_some_and(|detected| primary(tag) == detected));
    Language {
        tag: fitting
            .map(|(tag, _)| tag.clone())
            .or_else(|| detected.map(str::to_owned)),
        origin: detected.map(|_| Origin::Detected),
        contradicted: Some(first),
    }
}

/// As much of a text as its language is read from.
fn beginning(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(SAMPLE)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// Words that are common in a language and rare in others. All sorted.
const COMMON: &[(&str, &[&str])] = &[
    (
        "de",
        &[
            "als", "auch", "auf", "aus", "bei", "das", "dass", "dem", "den", "der", "des", "die",
            "ein", "eine", "einen", "einer", "er", "es", "für", "hat", "ich", "im", "ist", "mit",
            "nach", "nicht", "sich", "sie", "und", "von", "war", "werden", "wie", "wird", "zu",
            "zum", "zur", "über",
        ],
    ),
    (
        "en",
        &[
            "and", "are", "as", "at", "be", "but", "by", "for", "from", "has", "have", "he", "his",
            "is", "it", "its", "not", "of", "said", "that", "the", "their", "they", "this", "to",
            "was", "were", "which", "who", "will", "with", "you",
        ],
    ),
    (
        "es",
        &[
            "al", "como", "con", "del", "el", "en", "es", "este", "fue", "ha", "las", "lo", "los",
            "más", "para", "pero", "por", "que", "se", "sin", "su", "sus", "una", "y",
        ],
    ),
    (
        "fr",
        &[
            "au", "aux", "avec", "ce", "cette", "dans", "des", "du", "est", "et", "il", "les",
            "mais", "ont", "ou", "par", "pas", "plus", "pour", "qui", "ses", "son", "sont", "sur",
            "un", "une",
        ],
    ),
    (
        "it",
        &[
            "al", "alla", "anche", "che", "con", "da", "dal", "dei", "del", "della", "di", "gli",
            "ha", "il", "le", "nel", "nella", "non", "per", "più", "si", "sono", "un", "una", "è",
        ],
    ),
    (
        "nl",
        &[
            "aan", "bij", "dat", "de", "die", "een", "en", "er", "het", "hij", "is", "maar", "met",
            "naar", "niet", "om", "ook", "op", "te", "uit", "van", "voor", "werd", "wordt", "ze",
            "zijn",
        ],
    ),
    (
        "pt",
        &[
            "ao", "as", "com", "da", "das", "do", "dos", "e", "em", "foi", "mais", "na", "no",
            "não", "o", "os", "para", "pela", "pelo", "por", "que", "se", "um", "uma", "à",
        ],
    ),
    (
        "ru",
        &[
            "а",
            "было",
            "в",
            "во",
            "для",
            "до",
            "его",
            "и",
            "из",
            "к",
            "как",
            "на",
            "не",
            "но",
            "о",
            "об",
            "он",
            "от",
            "по",
            "при",
            "с",
            "со",
            "также",
            "что",
            "это",
        ],
    ),
];
/// Of fewer words nothing is told.
const WORDS: usize = 40;
/// One word of so many at least is one of [`COMMON`]; in news it is every third or fourth.
const EVERY: usize = 6;

/// Whether a text is so plainly in the language that nothing needs to be detected,
/// which costs a hundred times as much.
fn is_plainly(language: &str, sample: &str) -> bool {
    let Ok(at) = COMMON.binary_search_by_key(&language, |(known, _)| known) else {
        return false;
    };
    let (mut all, mut common) = (0, 0);
    for word in sample.split_ascii_whitespace() {
        all += 1;
        common += usize::from(COMMON[at].1.binary_search(&word).is_ok());
    }
    all >= WORDS && common * EVERY >= all
}

/// The language that a text is reliably found to be in, and how much that rests on: the
/// sample's length, or all there can be where the letters alone tell.
fn detect(text: &str) -> (Option<&'static str>, usize) {
    let sample = beginning(text);
    let length = sample.chars().count();
    let by_letters = || {
        ["ja", "ko", "th", "el", "he", "ka", "hy"]
            .into_iter()
            .find(|language| is_written(language, sample) == Some(true))
    };
    if let Some(language) = by_letters() {
        return (Some(language), usize::MAX);
    }
    if length < SHORT {
        return (None, length);
    }
    let detected = whatlang::detect(sample)
        .filter(whatlang::Info::is_reliable)
        .and_then(|info| code(info.lang()));
    (detected, length)
}

/// Whether `text` is written in the letters of a language; `None` where it has too few
/// letters to tell.
fn is_written(language: &str, text: &str) -> Option<bool> {
    const FEW: usize = 20;
    let (mut own, mut all) = (0, 0);
    let script = letters(language);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(SAMPLE) {
        all += 1;
        own += usize::from(script(u32::from(c)));
    }
    // Names and quotations in another script are common, in Japanese the Chinese letters
    // outweigh its own.
    let enough = if language == "ja" { own * 10 } else { own * 2 };
    (all >= FEW).then_some(enough >= all)
}

/// Whether a character is a letter that only this language, or those that share its
/// script, are written in.
fn letters(language: &str) -> fn(u32) -> bool {
    match language {
        "ja" => |c| matches!(c, 0x3040..=0x30FF),
        "ko" => |c| matches!(c, 0x1100..=0x11FF | 0xAC00..=0xD7AF),
        "zh" | "yue" => |c| matches!(c, 0x3400..=0x9FFF | 0x2_0000..=0x3_FFFF),
        "th" => |c| matches!(c, 0xE00..=0xE7F),
        "el" => |c| matches!(c, 0x370..=0x3FF | 0x1F00..=0x1FFF),
        "he" | "yi" => |c| matches!(c, 0x590..=0x5FF),
        "ka" => |c| matches!(c, 0x10A0..=0x10FF | 0x1C90..=0x1CBF),
        "hy" => |c| matches!(c, 0x530..=0x58F),
        "ar" | "fa" | "ps" | "ur" => |c| matches!(c, 0x600..=0x8FF | 0xFB50..=0xFEFC),
        "be" | "bg" | "mk" | "ru" | "uk" => |c| matches!(c, 0x400..=0x52F),
        "hi" | "mr" | "ne" => |c| matches!(c, 0x900..=0x97F),
        "bn" => |c| matches!(c, 0x980..=0x9FF),
        "de" | "en" | "es" | "fr" | "it" | "nl" | "pl" | "pt" | "cs" | "da" | "fi" | "hu"
        | "nb" | "no" | "ro" | "sk" | "sv" | "tr" | "vi" | "id" | "ca" | "et" | "lt" | "lv"
        | "hr" | "sl" => |c| matches!(c, 0x41..=0x24F | 0x1E00..=0x1EFF),
        _ => |_| true,
    }
}

/// A declaration in the usual spelling (`pt-BR`), if it is a tag at all.
fn tag(declared: &str) -> Option<String> {
    let declared = declared
        .trim()
        .split([',', ';', ' '])
        .next()?
        .replace('_', "-");
    let mut parts = declared.split('-');
    let language = parts.next()?.to_lowercase();
    if !(2..=3).contains(&language.len())
        || !language.bytes().all(|b| b.is_ascii_lowercase())
        || matches!(language.as_str(), "lang" | "mul" | "und" | "xx" | "zxx")
    {
        return None;
    }
    let mut tag = language;
    for part in parts.take(2) {
        match part.len() {
            2 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                tag = format!("{tag}-{}", part.to_ascii_uppercase());
            }
            4 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                tag = format!(
                    "{tag}-{}{}",
                    part[..1].to_ascii_uppercase(),
                    part[1..].to_ascii_lowercase()
                );
            }
            _ => break,
        }
    }
    Some(tag)
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Languages that the detector takes for each other.
fn are_close(a: &str, b: &str) -> bool {
    [
        &["da", "nb", "no"][..],
        &["hr", "sr", "sl", "mk"],
        &["id", "jv", "ms"],
        &["pt", "es", "ca"],
        &["cs", "sk"],
        &["ru", "uk", "be", "bg"],
        &["hi", "mr", "ne"],
        &["zh", "yue"],
        &["ar", "fa", "ur"],
        &["af", "nl"],
    ]
    .iter()
    .any(|group| group.contains(&a) && group.contains(&b))
}

fn code(lang: Lang) -> Option<&'static str> {
    CODES
        .iter()
        .find(|(known, _)| *known == lang)
        .map(|(_, code)| *code)
}

/// The two-letter codes of the languages that the detector knows.
const CODES: [(Lang, &str); 47] = [
    (Lang::Afr, "af"),
    (Lang::Ara, "ar"),
    (Lang::Ben, "bn"),
    (Lang::Bel, "be"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Guj, "gu"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jpn, "ja"),
    (Lang::Kan, "kn"),
    (Lang::Kat, "ka"),
    (Lang::Kor, "ko"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Mal, "ml"),
    (Lang::Mar, "mr"),
    (Lang::Mkd, "mk"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "nb"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Spa, "es"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
    (Lang::Vie, "vi"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_words_are_sorted() {
        assert!(COMMON.is_sorted_by(|one, next| one.0 < next.0));
        for (language, words) in COMMON {
            assert!(words.is_sorted_by(|one, next| one < next), "{language}");
        }
    }

    #[test]
    fn common_words_tell_a_language() {
        let english = "The council said that the bridge over the river will be closed for a year and that it has to be paid for by the town. ".repeat(3);
        assert!(is_plainly("en", &english));
        assert!(!is_plainly("de", &english));
        assert!(!is_plainly("xx", &english));
        assert!(!is_plainly("en", &english[..60]));
    }

    #[test]
    fn the_text_decides_where_a_declaration_is_wrong() {
        use Origin::{Attribute, Detected, Meta};
        let german = "Der Gemeinderat hat am Dienstag beschlossen, dass die neue Brücke über den Fluss gebaut wird. ".repeat(6);
        let korean = "시의회는 화요일에 강을 가로지르는 새로운 다리를 건설하기로 결정했다.";
        let japanese = "市議会は火曜日、川に新しい橋を架けることを決めた。工事は来年始まる。";
        let russian = "Городской совет решил построить новый мост.";
        for (declared, text, tag, origin, contradicted) in [
            (
                &["en-US"][..],
                german.as_str(),
                Some("de"),
                Some(Detected),
                Some("en-US"),
            ),
            (
                &["en", "de_AT"],
                &german,
                Some("de-AT"),
                Some(Detected),
                Some("en"),
            ),
            (&["de_ch"], &german, Some("de-CH"), Some(Attribute), None),
            (&[], &german, Some("de"), Some(Detected), None),
            (&["en"], "Der Rat", Some("en"), Some(Attribute), None),
            (&["gsw"], &german, Some("gsw"), Some(Attribute), None),
            (&["english"], "Hm", None, None, None),
            (&["{{lang}}", "de"], &german, Some("de"), Some(Meta), None),
            (&["en"], korean, Some("ko"), Some(Detected), Some("en")),
            (
                &["zh-cn"],
                japanese,
                Some("ja"),
                Some(Detected),
                Some("zh-CN"),
            ),
            (&["en"], russian, None, None, Some("en")),
            (&["ru"], russian, Some("ru"), Some(Attribute), None),
            (
                &["zh-hant-tw"],
                "",
                Some("zh-Hant-TW"),
                Some(Attribute),
                None,
            ),
            (&["und", "x"], "", None, None, None),
        ] {
            let stated = declared
                .iter()
                .enumerate()
                .map(|(at, tag)| (*tag, if at == 0 { Attribute } else { Meta }));
            let found = language(stated, text);
            assert_eq!(
                (
                    found.tag.as_deref(),
                    found.origin,
                    found.contradicted.as_deref()
                ),
                (tag, origin, contradicted),
                "{declared:?} {text}"
            );
        }
    }
}
