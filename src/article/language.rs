//! The language of an article: what the page declares, checked against its text.

use whatlang::Lang;

/// From this many characters on, a detection is worth more than a declaration.
const LONG: usize = 400;
/// More text does not change the detection.
const SAMPLE: usize = 6_000;

/// The BCP 47 tag for `text`, given what the page declares.
pub(super) fn language(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared.and_then(tag);
    let sample: String = text.chars().take(SAMPLE).collect();
    let detected = whatlang::detect(&sample)
        .filter(|info| info.is_reliable() && sample.chars().count() >= 120)
        .and_then(|info| code(info.lang()));
    match (declared, detected) {
        (Some(declared), Some(detected)) => {
            let primary = primary(&declared).to_owned();
            // A language that the detector does not know cannot be contradicted by it.
            let known = CODES.iter().any(|(_, code)| *code == primary);
            if primary == detected
                || !known
                || are_close(&primary, detected)
                || sample.chars().count() < LONG
            {
                Some(declared)
            } else {
                Some(detected.to_owned())
            }
        }
        (Some(declared), None) => Some(declared),
        (None, detected) => detected.map(str::to_owned),
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
        || matches!(language.as_str(), "und" | "zxx" | "mul")
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
    fn long_text_corrects_a_wrong_declaration() {
        let german = "Der Gemeinderat hat am Dienstag beschlossen, dass die neue Brücke über den Fluss gebaut wird. ".repeat(6);
        assert_eq!(language(Some("en-US"), &german).as_deref(), Some("de"));
        assert_eq!(language(Some("de_ch"), &german).as_deref(), Some("de-CH"));
        assert_eq!(language(None, &german).as_deref(), Some("de"));
        assert_eq!(language(Some("en"), "Der Rat").as_deref(), Some("en"));
        assert_eq!(language(Some("gsw"), &german).as_deref(), Some("gsw"));
        assert_eq!(language(Some("english"), "Hm"), None);
    }
}
