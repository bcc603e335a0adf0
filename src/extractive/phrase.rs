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

/// Bytes of each text that are read: some 30,000 words, more than any article has. Each
/// candidate is looked for in all of it.
const READ: usize = 200_000;

/// Occurrences beyond this say nothing more, and need not be counted.
const OFTEN: usize = 12;

impl<'a> Phrases<'a> {
    /// Counts the words of these texts, of each as much as [`READ`].
    pub(super) fn new(texts: &[&'a str]) -> Self {
        let texts: Vec<&str> = texts
            .iter()
            .map(|text| &text[..text.floor_char_boundary(READ)])
            .collect();
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
        let capitals = words.len() > 1
            && words
                .iter()
                .all(|word| word.starts_with(char::is_uppercase));
        let kind = match often {
            0 | 1 if capitals => ONCE_NAMED,
            0 | 1 if words.len() > 3 => 0.0,
            0 | 1 => ONCE,
            _ if name => NAME,
            _ => 1.0,
        };
        weight / (words.len() as f64).powf(LENGTH) * (1.0 + (1.0 + often as f64).ln()) * kind
    }
}

/// How much a longer phrase has to be better: its weight is divided by its length to this
/// power. At 1 the single best word would win, at 0 the longest run.
const LENGTH: f64 = 0.6;

/// A phrase that occurs once is chance.
const ONCE: f64 = 0.3;

/// Unless it may be a name.
const ONCE_NAMED: f64 = 0.7;

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
    // Inside a phrase only what binds nouns may stand: "Council of the North".
    let bound = (1..words.len().saturating_sub(1)).all(|at| {
        let word = words[at].to_lowercase();
        !is_grammar(&word)
            || BINDING.contains(&word.as_str()) && (word != "the" || is_grammar(words[at - 1]))
    });
    let is_number = |word: &str| word.chars().all(|c| !c.is_alphabetic());
    // A Korean word with the particle of a subject or an object is half a clause.
    let trails = words.iter().any(|word| {
        word.chars().count() > 1 && word.ends_with(['은', '는', '을', '를', '의', '에'])
    });
    long_enough
        && bound
        && !trails
        && !is_grammar(first)
        && !is_grammar(last)
        && !is_number(last)
        && !is_number(first)
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

/// Words that bind nouns into one phrase, sorted.
#[rustfmt::skip]
const BINDING: &[&str] = &[
    "and", "by", "da", "de", "del", "della", "der", "des", "di", "do", "du", "et", "for",
    "für", "in", "of", "the", "und", "von", "y", "zur",
];

/// Words of grammar in several languages, and such verbs and adverbs as news cannot do
/// without, in lower case, sorted.
#[rustfmt::skip]
const GRAMMAR: &[&str] = &[
    "a", "about", "across", "added", "after", "again", "against", "ago", "al", "all",
    "almost", "alone", "along", "already", "als", "also", "although", "always", "am", "among",
    "an", "and", "any", "anyone", "après", "are", "around", "as", "at", "au", "auch", "auf",
    "aus", "aux", "avait", "avant", "avec", "be", "because", "become", "been", "before",
    "began", "behind", "bei", "being", "between", "bis", "bleibt", "both", "but", "by",
    "called", "came", "can", "can't", "ce", "ces", "cette", "chez", "cinq", "come", "comes",
    "como", "con", "could", "dans", "das", "dass", "de", "del", "dem", "den", "depuis", "der",
    "des", "desde", "deux", "devant", "did", "didn't", "die", "dies", "diese", "diesem",
    "diesen", "dieser", "dieses", "do", "doch", "does", "doesn't", "doing", "doit", "don't",
    "down", "du", "durch", "during", "each", "ein", "eine", "einem", "einen", "einer",
    "eines", "el", "elle", "en", "entre", "er", "es", "est", "esta", "este", "está", "et",
    "even", "ever", "every", "few", "for", "from", "fue", "für", "gave", "get", "gets",
    "getting", "give", "given", "gives", "go", "goes", "going", "got", "ha", "haben", "had",
    "han", "has", "hasta", "hat", "hatte", "hatten", "have", "having", "he", "her", "here",
    "herself", "him", "himself", "his", "how", "however", "i", "i'm", "if", "ihr", "ihre",
    "ihren", "il", "ils", "im", "in", "including", "into", "is", "isn't", "ist", "it", "it's",
    "its", "itself", "just", "kann", "keep", "kein", "keine", "know", "können", "la", "las",
    "last", "le", "les", "less", "let", "leur", "leurs", "like", "lo", "los", "made", "mais",
    "make", "makes", "man", "many", "may", "me", "mehr", "might", "mit", "more", "most",
    "much", "must", "muy", "my", "más", "nach", "needed", "needs", "never", "next", "nicht",
    "no", "noch", "not", "now", "nun", "nur", "o", "oder", "of", "off", "often", "oh", "on",
    "once", "one", "only", "ont", "or", "other", "others", "ou", "our", "out", "over", "own",
    "par", "para", "pas", "pero", "plus", "por", "pour", "put", "que", "qui", "rather",
    "really", "s", "said", "sans", "saw", "say", "saying", "says", "se", "see", "seen",
    "sein", "seine", "ser", "she", "should", "sich", "sie", "sin", "since", "sind", "so",
    "sobre", "soll", "sollen", "some", "something", "son", "sont", "sous", "still", "su",
    "such", "sur", "sus", "t", "take", "than", "that", "that's", "the", "their", "them",
    "themselves", "then", "there", "these", "they", "they're", "thing", "things", "think",
    "this", "those", "though", "three", "through", "to", "today", "told", "too", "took",
    "trois", "tweeted", "two", "um", "un", "una", "und", "under", "une", "until", "up",
    "upon", "us", "use", "used", "using", "very", "vom", "von", "vor", "want", "wants", "war",
    "waren", "was", "way", "we", "well", "went", "werden", "were", "what", "when", "where",
    "whether", "which", "while", "who", "why", "wie", "will", "wir", "wird", "with", "within",
    "without", "wo", "wollen", "worden", "would", "wurde", "wurden", "y", "year", "years",
    "yes", "yet", "you", "your", "zu", "zum", "zur", "zwei", "à", "était", "été", "über", "것",
    "것은", "것을", "것이", "그", "그는", "대한", "더", "된", "될", "두", "등", "또", "및", "번째", "수", "없는",
    "위해", "이", "이번", "있는", "첫", "첫째", "하고", "하는", "한", "할",
];

/// Whether a word is of mere grammar, or too short to be anything else.
fn is_grammar(word: &str) -> bool {
    let lower = word.to_lowercase().replace('’', "'");
    GRAMMAR.binary_search(&lower.as_str()).is_ok()
        // Korean sentences end in a verb, and that in this syllable.
        || lower.ends_with('다') && lower.chars().count() > 1
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
        let phrases = Phrases::new(&[text]);
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
        let phrases = Phrases::new(&[text]);
        assert_eq!(
            phrases.best("東京都が港湾計画を発表", &[]),
            Some("港湾計画")
        );
        assert_eq!(phrases.best("", &[]), None);
    }
}
