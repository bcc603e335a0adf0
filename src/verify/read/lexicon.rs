//! Word lists for telling names from other capitalised words; begun, not complete.
//!
//! `words/common_en.txt` has words that begin English sentences and headings,
//! `words/generic_en.txt` roles, titles and kinds of institution, which say nothing of
//! who is meant, and each line of `words/places.txt` the words for one country and its
//! people. All are folded.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::roots::lemma;

/// Whether the word begins sentences without being a name.
pub(in crate::verify) fn is_common(word: &str) -> bool {
    COMMON.contains(word) || FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Whether the word only joins others and says nothing by itself.
pub(in crate::verify) fn is_function(word: &str) -> bool {
    FUNCTION.contains(word) || FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Whether the word is a role, a title or a kind of institution.
pub(in crate::verify) fn is_generic(word: &str) -> bool {
    GENERIC.contains(word)
}

/// Whether the word names a country or its people.
pub(in crate::verify) fn is_place(word: &str) -> bool {
    PLACES.contains_key(word)
}

/// Whether the word is for a country whose outlets are read far beyond it and rarely
/// say where they are: readers know, and an analysis may say it.
pub(in crate::verify) fn is_home(word: &str) -> bool {
    ["america", "britain", "england", "scotland", "wales"]
        .iter()
        .any(|country| same_place(country).contains(&word))
}

/// Whether writers use a word of this root to tell in their own words what a source says.
pub(in crate::verify) fn is_paraphrase(root: &str) -> bool {
    PARAPHRASE.contains(root)
}

/// Whether a word of this root tells a time or an age.
pub(in crate::verify) fn is_time(root: &str) -> bool {
    TIMES.contains(root)
}

/// The other words for the same country and people.
pub(in crate::verify) fn same_place(word: &str) -> &'static [&'static str] {
    PLACES.get(word).map_or(&[], |line| line.as_slice())
}

/// Whether the word joins parts of a name.
pub(in crate::verify) fn is_particle(word: &str) -> bool {
    PARTICLES.binary_search(&word).is_ok()
}

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("words/common_en.txt")
        .split_whitespace()
        .collect()
});

static FUNCTION: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("words/function_en.txt")
        .split_whitespace()
        .collect()
});

static GENERIC: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("words/generic_en.txt")
        .split_whitespace()
        .collect()
});

static PARAPHRASE: LazyLock<HashSet<String>> =
    LazyLock::new(|| roots(include_str!("words/paraphrase_en.txt")));

static TIMES: LazyLock<HashSet<String>> =
    LazyLock::new(|| roots(include_str!("words/times_en.txt")));

/// The roots of the words of a file; a line may be a comment.
fn roots(file: &str) -> HashSet<String> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(|word| lemma(word).into_owned())
        .collect()
}

static PLACES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    include_str!("words/places.txt")
        .lines()
        .flat_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words
                .clone()
                .into_iter()
                .map(move |word| (word, words.clone()))
        })
        .collect()
});

/// Small words inside names, sorted.
const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "dal", "das", "de", "del", "della", "den", "der", "di", "do", "dos",
    "du", "e", "el", "i", "ibn", "la", "le", "of", "ter", "the", "und", "van", "von", "y", "zu",
    "zur",
];

/// Words of French, German, Italian, Portuguese and Spanish that begin sentences, sorted.
const FUNCTION_WORDS: &[&str] = &[
    "aber", "alors", "als", "apres", "auch", "auf", "aus", "avec", "bei", "cada", "ce", "cela",
    "ces", "cette", "como", "con", "cuando", "dans", "das", "dass", "de", "dem", "den", "depuis",
    "der", "des", "desde", "die", "dies", "diese", "dieser", "durante", "ein", "eine", "einen",
    "einer", "el", "elle", "elles", "en", "entre", "er", "es", "esta", "este", "esto", "et", "fur",
    "hier", "il", "ils", "im", "in", "io", "je", "la", "las", "le", "les", "leur", "lo", "los",
    "mais", "man", "mas", "mehr", "mit", "muy", "nach", "nicht", "no", "noch", "nous", "nur", "on",
    "os", "ou", "para", "pero", "plus", "por", "porque", "pour", "que", "qui", "sans", "se",
    "seit", "selon", "si", "sich", "sie", "sin", "sobre", "son", "sous", "sur", "tambien", "tous",
    "tras", "uber", "um", "un", "una", "und", "une", "uno", "vers", "viele", "vom", "von", "vor",
    "vous", "wahrend", "was", "weil", "wenn", "wer", "wie", "wir", "wo", "y", "zu", "zum", "zur",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(PARTICLES.is_sorted());
        assert!(FUNCTION_WORDS.is_sorted());
    }
}
