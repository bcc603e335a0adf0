//! Who made a picture, as captions say it: `… (Foto: A. B./dpa)`, `… Photograph: X/Y`,
//! `… © Z`.
//!
//! Splits the credit off the end of a caption. A caption that only speaks of a photo
//! stays whole.

/// No credit is longer, in characters.
const LONGEST: usize = 120;

/// Words that a colon follows before a maker's name. Sorted.
const LABELS: &[&str] = &[
    "archivbild",
    "archivfoto",
    "bild",
    "bilder",
    "bildnachweis",
    "bildquelle",
    "copyright",
    "courtesy",
    "credit",
    "credits",
    "crédit",
    "crédit photo",
    "crédito",
    "créditos",
    "fot",
    "fotka",
    "foto",
    "fotograf",
    "fotografie",
    "fotografía",
    "fotos",
    "fotoğraf",
    "grafik",
    "illustration",
    "image",
    "image credit",
    "imagem",
    "imagen",
    "kuva",
    "photo",
    "photo credit",
    "photograph",
    "photographer",
    "photos",
    "picture",
    "quelle",
    "screenshot",
    "source",
    "symbolbild",
    "symbolfoto",
    "valokuva",
    "zdjęcie",
    "φωτογραφία",
    "иллюстрация",
    "снимка",
    "фото",
    "צילום",
    "تصوير",
    "عکس",
    "写真",
    "图",
    "图源",
    "图片",
    "撮影",
    "攝影",
    "사진",
];

/// Words that say of a remark in brackets that it is a credit. Sorted.
const AGENCIES: &[&str] = &[
    "afp",
    "alamy",
    "ansa",
    "ap photo",
    "apa",
    "dpa",
    "efe",
    "epa",
    "getty",
    "imago",
    "keystone",
    "picture alliance",
    "reuters",
    "ritzau",
    "shutterstock",
    "tass",
    "unsplash",
    "xinhua",
];

/// The caption without its credit, and the credit.
pub(crate) fn split(caption: &str) -> (Option<String>, Option<String>) {
    let caption = caption.trim();
    let at = in_brackets(caption)
        .or_else(|| after_label(caption))
        .or_else(|| caption.rfind('©').map(|at| (at, at)));
    let Some((start, credit)) = at else {
        return (some(caption), None);
    };
    let credit = name(&caption[credit..]);
    if credit.is_empty()
        || credit.chars().count() > LONGEST
        || credit.contains(". ") && credit.len() > 60
    {
        return (some(caption), None);
    }
    let rest =
        caption[..start].trim_end_matches([' ', '|', '-', '–', '—', '/', '·', '•', ',', '[']);
    (some(rest), some(credit))
}

/// A credit without what introduces it: `Foto: A. B.` is `A. B.`.
pub(crate) fn name(credit: &str) -> &str {
    let mut rest = credit.trim();
    for _ in 0..3 {
        let before = rest;
        rest = rest.trim_start_matches(['©', ':', '：', '(', '[', '|', '/', ' ', '-', '–']);
        if let Some((_, end)) = label(rest).filter(|(start, _)| *start == 0) {
            rest = rest[end..].trim_start();
        }
        if rest == before {
            break;
        }
    }
    let rest = rest.trim_end();
    let closes = rest.matches([')', ']']).count() > rest.matches(['(', '[']).count();
    if closes {
        rest.trim_end_matches([')', ']', '.', ' '])
    } else {
        rest
    }
}

/// A last remark in brackets that names an agency or has a label: its start, twice.
fn in_brackets(caption: &str) -> Option<(usize, usize)> {
    let end = caption.trim_end_matches('.');
    if !end.ends_with([')', ']']) {
        return None;
    }
    let open = end.rfind(['(', '['])?;
    let inner = end[open + 1..end.len() - 1].to_lowercase();
    let is_credit = inner.contains('©')
        || label(&inner).is_some_and(|(start, _)| start == 0)
        || AGENCIES.iter().any(|agency| inner.contains(agency));
    is_credit.then_some((open, open))
}

/// Where the last label begins, and where what it introduces does.
fn after_label(caption: &str) -> Option<(usize, usize)> {
    let from = caption.len().saturating_sub(4 * LONGEST);
    let from = caption.ceil_char_boundary(from);
    let mut found = None;
    let mut at = from;
    while let Some((start, end)) = label(&caption[at..]) {
        let before = &caption[..at + start];
        // The label opens the credit only after a sentence or a mark.
        let opens = before.trim_end().is_empty()
            || before.trim_end().ends_with([
                '.', '!', '?', '…', '"', '”', '“', '»', '|', '/', '-', '–', '—', '·', '•', ')',
                '。', ';', ',',
            ])
            || before.ends_with('\n');
        let is_clear = opens || caption[at + start..at + end].ends_with([':', '：']);
        // `Photo credit: Bild: X` has one credit, after the first label.
        let is_apart = found.is_none_or(|(_, end)| opens && caption[end..at + start].len() > 40);
        if is_clear && is_apart {
            found = Some((at + start, at + end));
        }
        at += end;
    }
    found
}

/// The first label in `text` with the colon or `by` after it.
fn label(text: &str) -> Option<(usize, usize)> {
    let mut fresh = true;
    for (at, c) in text.char_indices() {
        if fresh && c.is_alphabetic() {
            let found = LABELS
                .iter()
                .filter_map(|label| Some((label, strip_folded(&text[at..], label)?)))
                .filter_map(|(_, rest)| {
                    let rest = rest.trim_start();
                    let after = rest
                        .strip_prefix([':', '：'])
                        .or_else(|| rest.strip_prefix("by "))
                        .or_else(|| rest.strip_prefix("courtesy of "))
                        .or_else(|| rest.strip_prefix("©").map(|_| rest))?;
                    Some(text.len() - after.len())
                })
                .max();
            if let Some(end) = found {
                return Some((at, end));
            }
        }
        fresh = !c.is_alphanumeric();
    }
    None
}

/// What follows `prefix` (lower case) in `text`, whatever the case there.
fn strip_folded<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let mut chars = text.chars();
    for wanted in prefix.chars() {
        let c = chars.next()?;
        if c != wanted && !c.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(chars.as_str())
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credit_is_split_off_the_caption() {
        for (whole, caption, credit) in [
            ("The old bridge.", Some("The old bridge."), None),
            (
                "The old bridge. Foto: A. Moss/dpa",
                Some("The old bridge."),
                Some("A. Moss/dpa"),
            ),
            (
                "The bridge (Foto: A. Moss)",
                Some("The bridge"),
                Some("A. Moss"),
            ),
            (
                "Die Brücke am Abend. © Bo Lind",
                Some("Die Brücke am Abend."),
                Some("Bo Lind"),
            ),
            (
                "The tide. Photograph: Ada Moss/Harbour Post",
                Some("The tide."),
                Some("Ada Moss/Harbour Post"),
            ),
            (
                "The tide. (Photo by Ada Moss/Getty Images)",
                Some("The tide."),
                Some("Ada Moss/Getty Images"),
            ),
            (
                "The tide. (AP Photo/Ada Moss)",
                Some("The tide."),
                Some("AP Photo/Ada Moss"),
            ),
            ("Foto: Ada Moss", None, Some("Ada Moss")),
            (
                "A photo by the door shows the mayor and the whole of the council that was elected in the spring of that year, as all of them remember",
                Some(
                    "A photo by the door shows the mayor and the whole of the council that was elected in the spring of that year, as all of them remember",
                ),
                None,
            ),
            (
                "Мост вечером. Фото: А. Мох",
                Some("Мост вечером."),
                Some("А. Мох"),
            ),
            ("夕方の橋。写真：苔田", Some("夕方の橋。"), Some("苔田")),
            ("Bild: © Ada Moss", None, Some("Ada Moss")),
            ("Der Rat (vorne) tagt.", Some("Der Rat (vorne) tagt."), None),
            ("", None, None),
        ] {
            let found = split(whole);
            assert_eq!(
                (found.0.as_deref(), found.1.as_deref()),
                (caption, credit),
                "{whole}"
            );
        }
        assert_eq!(name("Photo: Ada Moss"), "Ada Moss");
    }

    #[test]
    fn the_word_lists_are_sorted() {
        assert!(LABELS.is_sorted());
        assert!(AGENCIES.is_sorted());
    }
}
