//! Spellings of one name: other letters for umlauts, transliterations, endings.

use super::normal::fold;

/// The folded word with `ae`, `oe` and `ue` for umlauts, where it has any: "Müller" is
/// "Mueller" for who has no such letters.
pub(in crate::verify) fn with_digraphs(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let text = text.strip_suffix("'s").unwrap_or(text).to_lowercase();
    let mut spelled = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c {
            'ä' | 'æ' => spelled.push_str("ae"),
            'ö' | 'ø' => spelled.push_str("oe"),
            'ü' => spelled.push_str("ue"),
            'å' => spelled.push_str("aa"),
            _ => spelled.push(c),
        }
    }
    let spelled = fold(&spelled);
    (spelled != fold(&text)).then_some(spelled)
}

/// What the transliterations and misspellings of a longer name share: its first letter
/// and its consonants, those that sound alike as one.
pub(in crate::verify) fn sound(stem: &str) -> Option<String> {
    // Shorter names that sound alike are often two names.
    const SHORTEST: usize = 6;
    if stem.len() < SHORTEST || !stem.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut sound = String::new();
    for (nth, c) in stem.chars().enumerate() {
        let c = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'j' | 'h' if nth > 0 => continue,
            'c' | 'q' => 'k',
            'w' => 'v',
            'z' => 's',
            other => other,
        };
        if !sound.ends_with(c) {
            sound.push(c);
        }
    }
    (sound.len() > 2).then_some(sound)
}

/// Whether two words begin with the same `length` letters or more and end as the forms
/// of one English name do: "Scientologist" and "Scientology", not "Robertson" and
/// "Roberts".
pub(in crate::verify) fn is_form(a: &str, b: &str, length: usize) -> bool {
    const ENDINGS: &[&str] = &[
        "", "a", "al", "an", "ans", "e", "ers", "ese", "i", "ia", "ian", "ians", "ic", "ics",
        "ies", "ish", "ism", "ist", "ists", "ite", "ites", "n", "ns", "s", "s'", "y",
    ];
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    let bytes: usize = shared.clone().map(|(c, _)| c.len_utf8()).sum();
    let ends = |word: &str| ENDINGS.binary_search(&&word[bytes..]).is_ok();
    shared.count() >= length && ends(a) && ends(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_meet() {
        assert_eq!(with_digraphs("Gündoğan").as_deref(), Some("guendogan"));
        assert_eq!(with_digraphs("Søren's").as_deref(), Some("soeren"));
        assert_eq!(with_digraphs("Citroën"), None);
        assert_eq!(sound("karimow"), sound("karimov"));
        assert_eq!(sound("andersen"), sound("anderson"));
        assert_ne!(sound("johnston"), sound("jameson"));
        assert_eq!(sound("lind"), None);
        assert!(is_form("scientology", "scientologist", 9));
        assert!(!is_form("roberts", "robertson", 6));
    }
}
