//! Words that say the opposite of each other: "rise" and "fall", "approve" and "reject".
//!
//! Each line of `words/antonyms_*.txt` has two sides; the words of one side say none of
//! the other. There is a file a language and one table for all: words of two languages
//! that look alike share a line with none of the other. Korean has no file, since its
//! texts are read by the syllable and its endings turn the meaning.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::roots::lemma;

/// One side of a line of opposites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::verify) struct Side {
    line: u16,
    second: bool,
}

impl Side {
    /// What says the opposite.
    pub(in crate::verify) fn other(self) -> Self {
        Self {
            second: !self.second,
            ..self
        }
    }
}

/// The sides that words of this root are on.
pub(in crate::verify) fn sides(root: &str) -> &'static [Side] {
    SIDES.get(root).map_or(&[], Vec::as_slice)
}

/// English first, which is broad; the others are begun.
const FILES: &[&str] = &[
    include_str!("words/antonyms_en.txt"),
    include_str!("words/antonyms_de.txt"),
    include_str!("words/antonyms_fr.txt"),
    include_str!("words/antonyms_es.txt"),
];

static SIDES: LazyLock<HashMap<String, Vec<Side>>> = LazyLock::new(|| {
    let mut table: HashMap<String, Vec<Side>> = HashMap::default();
    let lines = FILES.iter().flat_map(|file| file.lines());
    for (line, words) in (0..).zip(lines.filter(|line| !line.starts_with('#'))) {
        for (side, second) in words.split('/').zip([false, true]) {
            for word in side.split_whitespace() {
                let sides = table.entry(lemma(word).into_owned()).or_default();
                let side = Side { line, second };
                if !sides.contains(&side) {
                    sides.push(side);
                }
            }
        }
    }
    // A root on both sides of a line tells nothing there.
    for sides in table.values_mut() {
        let all = sides.clone();
        sides.retain(|side| !all.contains(&side.other()));
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    fn are_opposite(a: &str, b: &str) -> bool {
        let theirs = sides(lemma(b).as_ref());
        sides(lemma(a).as_ref())
            .iter()
            .any(|side| theirs.contains(&side.other()))
    }

    #[test]
    fn inflected_words_are_opposites() {
        for (a, b) in [
            ("rose", "falling"),
            ("approved", "rejects"),
            ("won", "lost"),
            ("buying", "sold"),
            ("northern", "southern"),
            ("guilty", "cleared"),
        ] {
            assert!(are_opposite(a, b), "{a} {b}");
        }
        for (a, b) in [("rose", "climbed"), ("approved", "fell"), ("ferry", "bus")] {
            assert!(!are_opposite(a, b), "{a} {b}");
        }
    }
}
