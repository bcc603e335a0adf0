//! Which sentences of a text say most of what the whole text says.
//!
//! The method is continuous `LexRank` (G. Erkan and D. R. Radev, "`LexRank`: Graph-based
//! Lexical Centrality as Salience in Text Summarization", JAIR 22, 2004, section 3.3):
//! sentences are tf-idf vectors, the cosine of two of them is the weight of the edge
//! between them, and the salience of a sentence is its share of a random walk over that
//! graph. Edges from a sentence to itself are left out: with them, the walk stays where it
//! is in a short text and ranks nothing. Since the weights are products of the vectors, a step of the walk needs two
//! passes over the vectors and never the matrix of all pairs: the work grows with the
//! length of the text, not with its square, and no sentence need be left out.
//!
//! Knows no language: no stop words, no stemming; words that stand in every sentence
//! weigh nothing. Scripts that set no spaces, and Korean, whose particles cling to the
//! word, are read as pairs of characters. Sums run in a fixed order, so equal texts give
//! equal bits.

use std::collections::HashMap;

/// The chance that the walk jumps to any sentence instead of along an edge; the paper
/// recommends 0.1 to 0.2.
const DAMPING: f64 = 0.15;

/// The walk has settled long before: its error shrinks by 0.85 a step, to 0.8 % here.
const MAX_STEPS: usize = 30;

/// A walk that moves less than this in a step has settled.
const SETTLED: f64 = 1e-6;

/// Sentences as tf-idf vectors of length 1.
#[derive(Debug)]
pub(crate) struct Vectors {
    /// For each sentence its terms, sorted by number, with their weights.
    rows: Vec<Vec<(usize, f64)>>,
    terms: usize,
}

impl Vectors {
    /// The vectors of these sentences; each sentence is one document of the idf.
    pub(crate) fn new(sentences: &[&str]) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut holders: Vec<usize> = Vec::new();
        let mut rows: Vec<Vec<(usize, f64)>> = Vec::with_capacity(sentences.len());
        for sentence in sentences {
            let mut row: Vec<usize> = terms(sentence)
                .into_iter()
                .map(|term| {
                    let next = numbers.len();
                    *numbers.entry(term).or_insert(next)
                })
                .collect();
            row.sort_unstable();
            let mut counted: Vec<(usize, f64)> = Vec::new();
            for term in row {
                match counted.last_mut() {
                    Some((last, count)) if *last == term => *count += 1.0,
                    _ => counted.push((term, 1.0)),
                }
            }
            holders.resize(numbers.len(), 0);
            for &(term, _) in &counted {
                holders[term] += 1;
            }
            rows.push(counted);
        }
        let all = sentences.len() as f64;
        for row in &mut rows {
            for (term, weight) in row.iter_mut() {
                *weight *= (all / holders[*term] as f64).ln();
            }
            let length = row.iter().map(|(_, weight)| weight * weight).sum::<f64>();
            if length > 0.0 {
                let length = length.sqrt();
                for (_, weight) in row.iter_mut() {
                    *weight /= length;
                }
            }
        }
        Self {
            rows,
            terms: numbers.len(),
        }
    }

    /// The cosine of two sentences, 0 to 1.
    pub(crate) fn cosine(&self, a: usize, b: usize) -> f64 {
        let (mut left, mut right) = (self.rows[a].as_slice(), self.rows[b].as_slice());
        let mut sum = 0.0;
        while let ([(one, weight), rest @ ..], [(other, factor), others @ ..]) = (left, right) {
            if one == other {
                sum += weight * factor;
            }
            if one <= other {
                left = rest;
            }
            if other <= one {
                right = others;
            }
        }
        sum
    }

    /// The salience of each sentence; the greatest is 1.
    pub(crate) fn salience(&self) -> Vec<f64> {
        let count = self.rows.len();
        if count == 0 {
            return Vec::new();
        }
        let even = 1.0 / count as f64;
        let degrees = self.received(&vec![1.0; count]);
        let mut walk = vec![even; count];
        for _ in 0..MAX_STEPS {
            // A sentence without edges (no terms of its own) sends its share everywhere.
            let lost: f64 = std::iter::zip(&walk, &degrees)
                .filter(|&(_, &degree)| degree <= 0.0)
                .map(|(share, _)| share)
                .sum();
            let sent: Vec<f64> = std::iter::zip(&walk, &degrees)
                .map(|(share, &degree)| if degree > 0.0 { share / degree } else { 0.0 })
                .collect();
            let next: Vec<f64> = self
                .received(&sent)
                .into_iter()
                .map(|arrived| DAMPING * even + (1.0 - DAMPING) * (arrived + lost * even))
                .collect();
            let moved: f64 = std::iter::zip(&walk, &next)
                .map(|(old, new)| (old - new).abs())
                .sum();
            walk = next;
            if moved < SETTLED {
                break;
            }
        }
        let greatest = walk.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        walk.iter().map(|share| share / greatest).collect()
    }

    /// What each sentence receives along its edges when each sends `sent`.
    fn received(&self, sent: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.terms];
        for (row, sent) in std::iter::zip(&self.rows, sent) {
            for (term, weight) in row {
                sum[*term] += weight * sent;
            }
        }
        std::iter::zip(&self.rows, sent)
            .map(|(row, sent)| {
                let all: f64 = row.iter().map(|(term, weight)| weight * sum[*term]).sum();
                let own: f64 = row.iter().map(|(_, weight)| weight * weight * sent).sum();
                let others = all - own;
                // What rounding leaves of nothing is nothing.
                if others > all * 1e-9 { others } else { 0.0 }
            })
            .collect()
    }
}

/// The terms of a text: words in lower case, pairs of characters where a script is read
/// that way, and numbers.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut pair: Option<(char, bool)> = None;
    for c in text.chars().chain([' ']) {
        if in_pairs(c) {
            flush(&mut word, &mut found);
            if let Some((before, _)) = pair {
                found.push([before, c].iter().collect());
            }
            pair = Some((c, pair.is_some()));
            continue;
        }
        // A character that stands alone is a term of its own.
        if let Some((alone, false)) = pair.take() {
            found.push(alone.to_string());
        }
        if c.is_alphanumeric() || (!word.is_empty() && is_mark(c)) {
            word.extend(c.to_lowercase());
        } else {
            flush(&mut word, &mut found);
        }
    }
    found
}

/// Moves a word that has ended to the terms.
fn flush(word: &mut String, found: &mut Vec<String>) {
    if !word.is_empty() {
        found.push(std::mem::take(word));
    }
}

/// Whether the letter belongs to a script that is compared by pairs of characters: Thai
/// to Khmer, kana, ideographs, Hangul.
pub(crate) fn in_pairs(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        && c.is_alphanumeric()
}

/// Combining marks stay in the word that they belong to.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{0900}'..='\u{0DFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_that_shares_most_leads() {
        let sentences = [
            "The harbour council approved the new ferry line on Monday.",
            "Gulls were loud.",
            "The ferry line will link the harbour with the island.",
            "Council members said the ferry line costs two million.",
        ];
        let salience = Vectors::new(&sentences).salience();
        assert!(salience.iter().all(|&s| s > 0.0 && s <= 1.0));
        let least = salience.iter().copied().fold(f64::MAX, f64::min);
        assert!((salience[1] - least).abs() < f64::EPSILON, "{salience:?}");
    }

    #[test]
    fn equal_sentences_have_cosine_one_and_strangers_zero() {
        let vectors = Vectors::new(&[
            "one ferry sails",
            "one ferry sails",
            "rain fell",
            "서울 시장",
        ]);
        assert!((vectors.cosine(0, 1) - 1.0).abs() < 1e-9);
        assert!(vectors.cosine(0, 2).abs() < f64::EPSILON);
    }

    #[test]
    fn terms_are_words_or_pairs() {
        assert_eq!(terms("Die Fähre, 12 km"), ["die", "fähre", "12", "km"]);
        assert_eq!(terms("東京都は7日"), ["東京", "京都", "都は", "7", "日"]);
        assert_eq!(terms("시장은"), ["시장", "장은"]);
    }

    #[test]
    fn nothing_and_emptiness_are_ranked_evenly() {
        assert!(Vectors::new(&[]).salience().is_empty());
        assert_eq!(Vectors::new(&["", "…"]).salience(), [1.0, 1.0]);
    }
}
