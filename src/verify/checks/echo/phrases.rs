//! Phrases that are looked for together: one expression for all, and what is far cheaper
//! to see, whether a text has the words that stand together in one of them.

use regex::Regex;

/// Phrases that are looked for together.
pub(super) struct Phrases {
    /// What finds any of them in folded words.
    pub(super) any: Regex,
    /// What every phrase has a part of.
    parts: Regex,
}

impl Phrases {
    pub(super) fn new(phrases: &[String]) -> Self {
        let parts: Vec<String> = phrases
            .iter()
            .filter_map(|phrase| phrase.split('*').max_by_key(|part| part.len()))
            .map(|part| regex::escape(part.trim()))
            .collect();
        Self {
            any: any_of(phrases),
            parts: Regex::new(&parts.join("|")).expect("escaped phrases"),
        }
    }

    /// Whether a text of these folded words may have a phrase.
    pub(super) fn may_be_in(&self, folded: &str) -> bool {
        self.parts.is_match(folded)
    }
}

fn any_of(phrases: &[String]) -> Regex {
    let patterns: Vec<String> = phrases
        .iter()
        .map(|phrase| {
            let words: Vec<String> = phrase
                .split(' ')
                .map(|word| match word {
                    "*" => r"(?:\S+\s+){0,3}?".to_owned(),
                    word => regex::escape(word) + r"\s+",
                })
                .collect();
            // No white space is asked for behind the last word.
            words.concat().trim_end_matches(r"\s+").to_owned()
        })
        .collect();
    Regex::new(&patterns.join("|")).expect("escaped phrases")
}
