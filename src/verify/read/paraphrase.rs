//! Words with which a writer tells in other words what a source says, so that they prove
//! nothing about what it says (`words/paraphrase_en.txt`, `words/times_en.txt`).

use std::{collections::HashSet, sync::LazyLock};

use foldhash::fast::FixedState;

use super::roots::lemma;

/// Whether writers use a word of this root to tell in their own words what a source says.
pub(in crate::verify) fn is_paraphrase(root: &str) -> bool {
    PARAPHRASE.contains(root)
}

/// Whether a word of this root tells a time or an age.
pub(in crate::verify) fn is_time(root: &str) -> bool {
    TIMES.contains(root)
}

static PARAPHRASE: LazyLock<HashSet<String, FixedState>> =
    LazyLock::new(|| roots(include_str!("words/paraphrase_en.txt")));

static TIMES: LazyLock<HashSet<String, FixedState>> =
    LazyLock::new(|| roots(include_str!("words/times_en.txt")));

/// The roots of the words of a file; a line may be a comment.
fn roots(file: &str) -> HashSet<String, FixedState> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(|word| lemma(word).into_owned())
        .collect()
}
