//! Short phrases that name what a text is about, taken from it verbatim: the key phrase
//! and headings.
//!
//! A phrase is a run of words with nothing but spaces between them that neither begins nor
//! ends with a word of mere grammar. It is worth more the more often its words, and it as a
//! whole, occur in the story, and more again when it is a name. In scripts without spaces
//! a run of ideographs or of katakana is a word, and may be a phrase alone.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation;

use super::rank::in_pairs;

/// What a story says how often.
pub(super) struct Phrases<'a> {
    texts: Vec<&'a str>,
    lower: Vec<String>,
    counts: HashMap<String, usize>,
}

/// More words than this are a sentence.
const LONGEST: usize = 5;

/// Occurrences beyond this say nothing more, and need not be counted.
const OFTEN: usize = 12;

impl<'a> Phrases<'a> {
    /// Counts the words of these texts.
    pub(super) fn new(texts: Vec<&'a str>) -> Self {
        let mut counts = HashMap::new();
        for text in &texts {
            for (_, word) in tokens(text) {
                *counts.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        let lower = texts.iter().map(|text| text.to_lowercase()).collect();
        Self {
            texts,
            lower,
            counts,
        }
    }

    /// The best phrase of `text` that shares not all its words with one of `avoid`.
    pub(super) fn best<'t>(&self, text: &'t str, avoid: &[&str]) -> Option<&'t str> {
        let tokens = tokens(text);
        let taken: Vec<Vec<String>> = avoid
            .iter()
            .map(|phrase| crate::extractive::rank::terms(phrase))
            .collect();
        let mut best: Option<(f64, &str)> = None;
        for first in 0..tokens.len() {
            for last in first..tokens.len().min(first + LONGEST) {
                let (start, word) = tokens[last];
                if last > first {
                    let (before, other) = tokens[last - 1];
                    let gap = &text[before + other.len()..start];
                    if gap.is_empty() || !gap.chars().all(|c| c == ' ' || c == '\u{A0}') {
                        break;
                    }
                }
                let from = tokens[first].0;
                let phrase = &text[from..start + word.len()];
                let words: Vec<&str> = tokens[first..=last].iter().map(|(_, word)| *word).collect();
                let hyphened = text[..from].ends_with(['-', '‑'])
                    || text[start + word.len()..].starts_with(['-', '‑']);
                if hyphened || !may_stand(&words) {
                    continue;
                }
                let terms = crate::extractive::rank::terms(phrase);
                if taken
                    .iter()
                    .any(|one| terms.iter().all(|term| one.contains(term)))
                {
                    continue;
                }
                let score = self.score(phrase, &words);
                if best.is_none_or(|(most, _)| score > most) {
                    best = Some((score, phrase));
                }
            }
        }
        best.map(|(_, phrase)| phrase)
    }

    fn score(&self, phrase: &str, words: &[&str]) -> f64 {
        let weight: f64 = words
            .iter()
            .filter(|word| !is_grammar(word))
            .map(|word| {
                let count = self.counts.get(&word.to_lowercase()).copied().unwrap_or(0);
                (1.0 + count as f64).ln()
            })
            .sum();
        let lower = phrase.to_lowercase();
        let often = times(self.lower.iter().map(String::as_str), &lower);
        // A name keeps its capitals in running text; those of a headline do not count.
        let name = words.len() > 1
            && words
                .iter()
                .all(|word| is_grammar(word) || word.starts_with(char::is_uppercase))
            && times(self.texts.iter().copied(), phrase) > 1;
        let kind = match often {
            0 | 1 => ONCE,
            _ if name => NAME,
            _ => 1.0,
        };
        weight / (words.len() as f64).sqrt() * (1.0 + (1.0 + often as f64).ln()) * kind
    }
}

/// A phrase that occurs once is chance.
const ONCE: f64 = 0.4;

/// A name says more than other words.
const NAME: f64 = 1.5;

/// How often a phrase occurs, up to [`OFTEN`].
fn times<'t>(texts: impl Iterator<Item = &'t str>, phrase: &str) -> usize {
    texts
        .map(|text| text.matches(phrase).take(OFTEN).count())
        .sum::<usize>()
        .min(OFTEN)
}

/// Whether these words can be a phrase.
fn may_stand(words: &[&str]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let long_enough = match words {
        [one] => one.chars().all(is_run) && one.chars().count() >= 2,
        _ => words.iter().filter(|word| !is_grammar(word)).count() >= 2,
    };
    let is_number = |word: &str| word.chars().all(|c| !c.is_alphabetic());
    long_enough && !is_grammar(first) && !is_grammar(last) && !is_number(last) && !is_number(first)
}

/// The words of a text with their places, runs of ideographs and of katakana joined.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (at, word) in text.unicode_word_indices() {
        if let Some((start, last)) = found.last_mut()
            && *start + last.len() == at
            && last.chars().all(is_run)
            && word.chars().all(is_run)
            && last.chars().count() < 8
        {
            *last = &text[*start..at + word.len()];
        } else {
            found.push((at, word));
        }
    }
    found
}

fn is_run(c: char) -> bool {
    in_pairs(c) && !matches!(c, '\u{3041}'..='\u{309F}' | '\u{AC00}'..='\u{D7AF}')
}

/// Words of grammar in several languages, and such verbs and adverbs as news cannot do
/// without, in lower case, sorted.
const GRAMMAR: &[&str] = &[
    "a",
    "about",
    "across",
    "added",
    "after",
    "again",
    "against",
    "ago",
    "al",
    "all",
    "almost",
    "alone",
    "along",
    "already",
    "als",
    "also",
    "although",
    "always",
    "am",
    "among",
    "an",
    "and",
    "any",
    "anyone",
    "are",
    "around",
    "as",
    "at",
    "au",
    "auch",
    "auf",
    "aus",
    "aux",
    "avec",
    "be",
    "because",
    "become",
    "been",
    "before",
    "began",
    "behind",
    "bei",
    "being",
    "between",
    "bis",
    "both",
    "but",
    "by",
    "called",
    "came",
    "can",
    "can't",
    "ce",
    "ces",
    "cette",
    "come",
    "comes",
    "como",
    "con",
    "could",
    "dans",
    "das",
    "dass",
    "de",
    "del",
    "dem",
    "den",
    "der",
    "des",
    "did",
    "didn't",
    "die",
    "dies",
    "do",
    "does",
    "doesn't",
    "doing",
    "don't",
    "down",
    "du",
    "durch",
    "during",
    "each",
    "ein",
    "eine",
    "einem",
    "einen",
    "einer",
    "eines",
    "el",
    "elle",
    "en",
    "er",
    "es",
    "est",
    "et",
    "even",
    "ever",
    "every",
    "few",
    "for",
    "from",
    "für",
    "gave",
    "get",
    "gets",
    "give",
    "go",
    "goes",
    "going",
    "got",
    "had",
    "hat",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "him",
    "his",
    "how",
    "however",
    "i",
    "i'm",
    "if",
    "il",
    "ils",
    "im",
    "in",
    "including",
    "into",
    "is",
    "isn't",
    "ist",
    "it",
    "it's",
    "its",
    "just",
    "kann",
    "keep",
    "know",
    "la",
    "las",
    "last",
    "le",
    "les",
    "less",
    "let",
    "like",
    "lo",
    "los",
    "made",
    "mais",
    "make",
    "makes",
    "man",
    "many",
    "may",
    "me",
    "mehr",
    "might",
    "mit",
    "more",
    "most",
    "much",
    "must",
    "my",
    "más",
    "nach",
    "never",
    "next",
    "nicht",
    "no",
    "noch",
    "not",
    "now",
    "nur",
    "o",
    "oder",
    "of",
    "off",
    "often",
    "on",
    "once",
    "one",
    "only",
    "or",
    "other",
    "others",
    "ou",
    "our",
    "out",
    "over",
    "own",
    "par",
    "para",
    "pas",
    "pero",
    "plus",
    "por",
    "pour",
    "put",
    "que",
    "qui",
    "rather",
    "really",
    "s",
    "said",
    "saw",
    "say",
    "saying",
    "says",
    "se",
    "see",
    "seen",
    "sein",
    "seine",
    "she",
    "should",
    "sich",
    "sie",
    "sind",
    "since",
    "so",
    "some",
    "something",
    "son",
    "sont",
    "still",
    "su",
    "such",
    "sur",
    "sus",
    "t",
    "take",
    "than",
    "that",
    "that's",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "they're",
    "thing",
    "things",
    "think",
    "this",
    "those",
    "though",
    "through",
    "to",
    "today",
    "told",
    "too",
    "took",
    "two",
    "um",
    "un",
    "una",
    "und",
    "under",
    "une",
    "until",
    "up",
    "upon",
    "us",
    "use",
    "used",
    "using",
    "very",
    "vom",
    "von",
    "vor",
    "want",
    "war",
    "was",
    "way",
    "we",
    "went",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "wie",
    "will",
    "wir",
    "wird",
    "with",
    "within",
    "without",
    "wo",
    "would",
    "wurde",
    "y",
    "year",
    "years",
    "yet",
    "you",
    "your",
    "zu",
    "zum",
    "zur",
    "à",
    "über",
];

/// Whether a word is of mere grammar, or too short to be anything else.
fn is_grammar(word: &str) -> bool {
    let lower = word.to_lowercase().replace('’', "'");
    GRAMMAR.binary_search(&lower.as_str()).is_ok()
        || ["n't", "'re", "'ll", "'ve", "'d", "'m"]
            .iter()
            .any(|end| lower.ends_with(end))
        || lower.trim_end_matches("'s").chars().count() == 1 && lower.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        for pair in GRAMMAR.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }

    #[test]
    fn a_name_that_occurs_often_leads() {
        let text = "The Harbour Council met. Gulls were loud, and the Harbour Council was not.";
        let phrases = Phrases::new(vec![text]);
        let title = "Loud gulls disturb the Harbour Council";
        assert_eq!(phrases.best(title, &[]), Some("Harbour Council"));
        assert_eq!(
            phrases.best(title, &["the Harbour Council"]),
            Some("Loud gulls")
        );
    }

    #[test]
    fn ideographs_need_no_spaces() {
        let text = "東京都は港湾計画を発表した。港湾計画は来年始まる。";
        let phrases = Phrases::new(vec![text]);
        assert_eq!(
            phrases.best("東京都が港湾計画を発表", &[]),
            Some("港湾計画")
        );
        assert_eq!(phrases.best("", &[]), None);
    }
}
