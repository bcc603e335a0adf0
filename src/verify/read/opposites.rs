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
struct Side {
    line: u16,
    second: bool,
}

impl Side {
    /// What says the opposite.
    fn other(self) -> Self {
        Self {
            second: !self.second,
            ..self
        }
    }
}

/// The roots that say the opposite of this root, each once.
pub(in crate::verify) fn opposites(root: &str) -> &'static [String] {
    OPPOSITES.get(root).map_or(&[], Vec::as_slice)
}

/// English first, which is broad; the others are begun.
const FILES: &[&str] = &[
    include_str!("words/antonyms_en.txt"),
    include_str!("words/antonyms_de.txt"),
    include_str!("words/antonyms_fr.txt"),
    include_str!("words/antonyms_es.txt"),
];

static OPPOSITES: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let sides = sides();
    let mut on: HashMap<Side, Vec<&String>> = HashMap::default();
    for (root, side) in sides
        .iter()
        .flat_map(|(root, sides)| sides.iter().map(move |side| (root, side)))
    {
        on.entry(*side).or_default().push(root);
    }
    let opposites = |sides: &[Side]| {
        let all = sides
            .iter()
            .filter_map(|side| on.get(&side.other()))
            .flatten();
        let mut all: Vec<String> = all.copied().cloned().collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    sides
        .iter()
        .map(|(root, sides)| (root.clone(), opposites(sides)))
        .collect()
});

/// The sides that each root is on.
fn sides() -> HashMap<String, Vec<Side>> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_opposite(a: &str, b: &str) -> bool {
        opposites(&lemma(a)).contains(&lemma(b).into_owned())
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
