//! Which of the tables have a word, found once for each word of a text.

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use super::tables::{
    ACCORDING, ADDRESSES, ARTICLES, BARE_VERBS, BINDERS, COPULAS, HELPERS, NO_NAMES, NOT_SPEECH,
    PARTICLES, PREPOSITION_LIKE, PRONOUNS, TITLE_ENDINGS, TITLES, VERBS,
};

/// A table of words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    /// Of `VERBS`.
    Verb,
    /// Of `HELPERS`.
    Helper,
    /// Begins a phrase of `ACCORDING`.
    According,
    /// Of `PRONOUNS`.
    Pronoun,
    /// Of `BARE_VERBS`.
    BareVerb,
    /// Of `ARTICLES`.
    Article,
    /// Of `BINDERS`.
    Binder,
    /// Of `PARTICLES`.
    Particle,
    /// Of `NOT_SPEECH`.
    NotSpeech,
    /// Of `TITLES`, by itself or behind a hyphen, or with a capital and an ending of
    /// `TITLE_ENDINGS`.
    Title,
    /// Of `ADDRESSES`.
    Address,
    /// Of `NO_NAMES`.
    NoName,
    /// Of `PREPOSITION_LIKE`.
    PrepositionLike,
    /// Of `COPULAS`.
    Copula,
}

/// The classes of one word, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u16);

static CLASSES: LazyLock<HashMap<&str, Classes, FixedState>> = LazyLock::new(|| {
    let mut classes: HashMap<&str, Classes, FixedState> = HashMap::default();
    for (class, table) in [
        (Class::Verb, VERBS),
        (Class::Helper, HELPERS),
        (Class::Pronoun, PRONOUNS),
        (Class::BareVerb, BARE_VERBS),
        (Class::Article, ARTICLES),
        (Class::Binder, BINDERS),
        (Class::Particle, PARTICLES),
        (Class::NotSpeech, NOT_SPEECH),
        (Class::Title, TITLES),
        (Class::Address, ADDRESSES),
        (Class::NoName, NO_NAMES),
        (Class::PrepositionLike, PREPOSITION_LIKE),
        (Class::Copula, COPULAS),
    ] {
        for word in table {
            classes.entry(word).or_default().add(class);
        }
    }
    for phrase in ACCORDING {
        classes.entry(phrase[0]).or_default().add(Class::According);
    }
    classes
});

/// The last bytes of title endings: few words have them.
static LAST_BYTES: LazyLock<Vec<[u8; 3]>> = LazyLock::new(|| {
    let last = |ending: &&str| ending.as_bytes().last_chunk().copied();
    let mut all: Vec<[u8; 3]> = TITLE_ENDINGS.iter().filter_map(last).collect();
    all.sort_unstable();
    all.dedup();
    all
});

impl Classes {
    /// Which tables have this word, in capitals or not.
    pub(super) fn of(word: &str) -> Self {
        let is_small = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        if word.bytes().all(is_small) {
            return Self::of_small(word);
        }
        Self::of_small(&word.to_lowercase())
    }

    fn of_small(word: &str) -> Self {
        CLASSES.get(word).copied().unwrap_or_default()
    }

    /// The classes of a word of a text, which may have a full stop or a hyphen; `small` is
    /// room for its small letters.
    pub(super) fn of_written(word: &str, is_upper: bool, small: &mut String) -> Self {
        let plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if plain {
            return Self::of_small(word);
        }
        make_small(word, small);
        let mut classes = Self::of_small(small);
        let bare = small.trim_end_matches('.');
        if bare.len() < small.len() {
            let abbreviated = Self::of_small(bare);
            for class in [Class::Title, Class::Address] {
                if abbreviated.has(class) {
                    classes.add(class);
                }
            }
        }
        let behind_hyphen = || {
            let hyphen = bare.rfind(['-', '‑'])?;
            let behind = bare[hyphen..].trim_start_matches(['-', '‑']);
            Some(Self::of_small(behind).has(Class::Title))
        };
        if is_upper && ends_as_a_title(bare) || behind_hyphen() == Some(true) {
            classes.add(Class::Title);
        }
        classes
    }

    pub(super) fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u16) != 0
    }

    fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u16;
    }
}

fn ends_as_a_title(word: &str) -> bool {
    word.len() > 3
        && word
            .as_bytes()
            .last_chunk()
            .is_some_and(|last| LAST_BYTES.binary_search(last).is_ok())
        && TITLE_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Puts the word in small letters.
fn make_small(word: &str, small: &mut String) {
    if word.is_ascii() {
        small.clear();
        small.push_str(word);
        small.make_ascii_lowercase();
    } else {
        *small = word.to_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_classes_of_their_tables() {
        for (word, class, has) in [
            ("said", Class::Verb, true),
            ("According", Class::According, true),
            ("Dr.", Class::Title, true),
            ("Dr.", Class::Address, true),
            ("vice-mayor", Class::Title, true),
            ("mayor-general's", Class::Title, false),
            ("Hafensprecherin", Class::Title, true),
            ("hafensprecherin", Class::Title, false),
            ("Él", Class::Pronoun, true),
            ("harbour", Class::Title, false),
        ] {
            let is_upper = word.starts_with(char::is_uppercase);
            let classes = Classes::of_written(word, is_upper, &mut String::new());
            assert_eq!(classes.has(class), has, "{word} {class:?}");
        }
    }
}
