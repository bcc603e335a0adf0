//! The root of a word: what its inflected forms share. English endings; good enough to
//! find the sentence that speaks of the same thing, never to judge by.

use std::{borrow::Cow, sync::LazyLock};

use foldhash::HashMap;

/// The root of a folded word, with the irregular forms of English led back to their base:
/// "won" and "wins" have one.
pub(in crate::verify) fn lemma(word: &str) -> Cow<'_, str> {
    regular_lemma(IRREGULAR.get(word).copied().unwrap_or(word))
}

/// All irregular forms.
pub(super) fn irregular_forms() -> impl Iterator<Item = &'static str> {
    IRREGULAR.keys().copied()
}

/// The [`lemma`] of a word that is no irregular form.
pub(super) fn regular_lemma(word: &str) -> Cow<'_, str> {
    // Short words keep their endings in `root`: "rise" and "rises", "win" and "wins".
    let short = word.len() == 4 && word.is_ascii();
    let stripped = match word.as_bytes() {
        _ if !short || word == "news" => None,
        [.., b's' | b'u' | b'i', b's'] => None,
        _ => word.strip_suffix(['e', 's']),
    };
    if let Some(stripped) = stripped {
        return Cow::Borrowed(stripped);
    }
    let root = root(word);
    // British and American spelling: "finalised" and "finalized".
    match root.strip_suffix("iz") {
        Some(rest) if rest.len() > 2 => Cow::Owned(format!("{rest}is")),
        _ => root,
    }
}

/// The base of irregular forms: each line of the file has a base and its forms.
static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut table = HashMap::default();
    for line in include_str!("words/irregular_en.txt").lines() {
        let mut words = line.split_whitespace();
        if let Some(base) = words.next() {
            for form in words {
                table.entry(form).or_insert(base);
            }
        }
    }
    table
});

/// The root of a folded word.
pub(in crate::verify) fn root(word: &str) -> Cow<'_, str> {
    // A shorter rest is no longer the same word.
    const SHORTEST: usize = 4;
    if word.len() <= SHORTEST || !word.is_ascii() {
        return Cow::Borrowed(word);
    }
    if word.ends_with(['s', 'd'])
        && let Some(rest) = word
            .strip_suffix("ies")
            .or_else(|| word.strip_suffix("ied"))
    {
        return Cow::Owned(format!("{rest}y"));
    }
    let mut stem = word;
    let endings: &[&str] = match word.as_bytes() {
        [.., b's'] => &["ings", "es", "ers", "s"],
        [.., b'g'] => &["ing"],
        [.., b'd'] => &["ed"],
        [.., b'r'] => &["er"],
        [.., b'y'] => &["ly"],
        _ => &[],
    };
    for ending in endings {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.len() >= SHORTEST - 1
            && !(*ending == "s" && rest.ends_with(['s', 'u', 'i']))
        {
            stem = rest;
            break;
        }
    }
    // "stopped" and "stops", "closing" and "close".
    let bytes = stem.as_bytes();
    if let [.., a, b] = bytes
        && a == b
        && !b"aeiousl".contains(b)
        && stem.len() < word.len()
    {
        stem = &stem[..stem.len() - 1];
    }
    Cow::Borrowed(stem.strip_suffix('e').unwrap_or(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_share_a_root() {
        for (a, b) in [
            ("stopped", "stops"),
            ("closing", "close"),
            ("ferries", "ferry"),
            ("carried", "carry"),
            ("announced", "announces"),
            ("banned", "ban"),
            ("ferry", "ferry"),
        ] {
            assert_eq!(root(a), root(b), "{a} {b}");
        }
        assert_ne!(root("police"), root("policy"));
        for (a, b) in [
            ("won", "winning"),
            ("rose", "rises"),
            ("children", "child"),
            ("finalized", "finalise"),
        ] {
            assert_eq!(lemma(a), lemma(b), "{a} {b}");
        }
    }
}
