//! What the word lists say of a word, as one table: a word of a text is looked up once,
//! when it is read, and every later question is about a bit.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use super::{
    lexicon,
    roots::{irregular_forms, lemma, root},
};

/// What the word lists say of a folded word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::verify) struct Kinds(u16);

impl Kinds {
    const COMMON: u16 = 1;
    const FUNCTION: u16 = 1 << 1;
    const GENERIC: u16 = 1 << 2;
    const PARTICLE: u16 = 1 << 3;
    const PLACE: u16 = 1 << 4;
    const FIRST_NAME: u16 = 1 << 5;
    const VOCABULARY: u16 = 1 << 6;
    const SMALL_IN_HEADINGS: u16 = 1 << 7;
    const SIGN: u16 = 1 << 8;
    const IRREGULAR: u16 = 1 << 9;

    /// What the lists say of `word`.
    pub(in crate::verify) fn of(word: &str) -> Self {
        Listed::find(word).map_or_else(Self::default, |(_, listed)| listed.kinds)
    }

    fn has(self, kind: u16) -> bool {
        self.0 & kind != 0
    }

    /// Whether it begins sentences without being a name.
    pub(in crate::verify) fn is_common(self) -> bool {
        self.has(Self::COMMON)
    }

    /// Whether it only joins others and says nothing by itself.
    pub(in crate::verify) fn is_function(self) -> bool {
        self.has(Self::FUNCTION)
    }

    /// Whether it is a role, a title or a kind of institution.
    pub(in crate::verify) fn is_generic(self) -> bool {
        self.has(Self::GENERIC)
    }

    /// Whether it joins parts of a name.
    pub(in crate::verify) fn is_particle(self) -> bool {
        self.has(Self::PARTICLE)
    }

    /// Whether it names a country or its people in English.
    pub(in crate::verify) fn is_place(self) -> bool {
        self.has(Self::PLACE)
    }

    /// Whether it is a first name.
    pub(in crate::verify) fn is_first_name(self) -> bool {
        self.has(Self::FIRST_NAME)
    }

    /// Whether it is an ordinary English word in a form that the lists have, or the root
    /// of one.
    pub(in crate::verify) fn is_vocabulary(self) -> bool {
        self.has(Self::VOCABULARY)
    }

    /// Whether it shows where a text is at home.
    pub(in crate::verify) fn is_sign(self) -> bool {
        self.has(Self::SIGN)
    }

    /// Whether it is an irregular form of an English word.
    pub(in crate::verify) fn is_irregular(self) -> bool {
        self.has(Self::IRREGULAR)
    }

    /// Whether headings write it small.
    pub(in crate::verify) fn is_small_in_headings(self) -> bool {
        self.has(Self::SMALL_IN_HEADINGS)
    }
}

/// A word of the lists.
#[derive(Debug)]
pub(in crate::verify) struct Listed {
    pub(super) kinds: Kinds,
    /// Its root.
    pub(super) root: Box<str>,
    /// The root of its base.
    pub(super) lemma: Box<str>,
}

impl Listed {
    /// `word` as the lists have it, and what they say of it.
    pub(super) fn find(word: &str) -> Option<(&'static str, &'static Self)> {
        let (known, listed) = LISTED.get_key_value(word)?;
        Some((known, listed))
    }
}

/// Words that headings write small, beside those inside names.
const SMALL: &[&str] = &[
    "a", "after", "amid", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into",
    "is", "it", "no", "nor", "of", "off", "on", "onto", "or", "out", "over", "per", "so", "than",
    "that", "the", "to", "up", "via", "vs", "with", "yet",
];

const COMMON: &str = include_str!("words/common_en.txt");
const FUNCTION: &str = include_str!("words/function_en.txt");
const GENERIC: &str = include_str!("words/generic_en.txt");
const VOCABULARY: &str = include_str!("words/vocabulary_en.txt");

static LISTED: LazyLock<HashMap<Cow<'static, str>, Listed, FixedState>> = LazyLock::new(|| {
    let mut table: HashMap<Cow<'static, str>, Kinds, FixedState> = HashMap::default();
    let mut add = |word: Cow<'static, str>, kind: u16| table.entry(word).or_default().0 |= kind;
    for (list, kind) in [
        (COMMON, Kinds::COMMON),
        (FUNCTION, Kinds::FUNCTION),
        (GENERIC, Kinds::GENERIC),
        (VOCABULARY, 0),
    ] {
        for word in list.split_whitespace() {
            add(Cow::Borrowed(word), kind | Kinds::VOCABULARY);
            // The lists have one form of most words.
            add(root(word), Kinds::VOCABULARY);
        }
    }
    let words = |words: &'static [&str]| words.iter().copied();
    for (word, kind) in words(PARTICLES)
        .map(|word| (word, Kinds::PARTICLE | Kinds::SMALL_IN_HEADINGS))
        .chain(words(SMALL).map(|word| (word, Kinds::SMALL_IN_HEADINGS)))
        .chain(words(FUNCTION_WORDS).map(|word| (word, Kinds::COMMON | Kinds::FUNCTION)))
        .chain(lexicon::places().map(|word| (word, Kinds::PLACE)))
        .chain(lexicon::signs().map(|word| (word, Kinds::SIGN)))
        .chain(irregular_forms().map(|word| (word, Kinds::IRREGULAR)))
        .chain(lexicon::first_names().map(|word| (word, Kinds::FIRST_NAME)))
    {
        add(Cow::Borrowed(word), kind);
    }
    let listed = table.into_iter().map(|(word, kinds)| {
        let (root, lemma) = (root(&word).into(), lemma(&word).into());
        (word, Listed { kinds, root, lemma })
    });
    listed.collect()
});

/// Small words inside names.
const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "dal", "das", "de", "del", "della", "den", "der", "di", "do", "dos",
    "du", "e", "el", "i", "ibn", "la", "le", "of", "ter", "the", "und", "van", "von", "y", "zu",
    "zur",
];

/// Words of French, German, Italian, Portuguese and Spanish that begin sentences.
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
