//! The root of a word: what its inflected forms share. English endings; good enough to
//! find the sentence that speaks of the same thing, never to judge by.

use std::borrow::Cow;

/// The root of a folded word.
pub(in crate::verify) fn root(word: &str) -> Cow<'_, str> {
    // A shorter rest is no longer the same word.
    const SHORTEST: usize = 4;
    if word.len() <= SHORTEST || !word.is_ascii() {
        return Cow::Borrowed(word);
    }
    if let Some(rest) = word
        .strip_suffix("ies")
        .or_else(|| word.strip_suffix("ied"))
    {
        return Cow::Owned(format!("{rest}y"));
    }
    let mut stem = word;
    for ending in ["ings", "ing", "ed", "es", "ers", "er", "ly", "s"] {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.len() >= SHORTEST - 1
            && !(ending == "s" && rest.ends_with(['s', 'u', 'i']))
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
    }
}
