//! How well what stands around a number or name of the checked text fits what stands
//! around another in a source.

use std::collections::HashMap;

use super::mentions::Mention;
use crate::verify::{
    evidence::is_content,
    read::{Reading, Sentence, tokens::Token},
    sources::Library,
};

/// The content words of one sentence of the checked text, and where the sources have them.
#[derive(Debug)]
pub(in crate::verify) struct Context {
    words: Vec<Word>,
    /// By document and sentence: which word stands at which token.
    hits: HashMap<(usize, usize), Vec<(usize, usize)>>,
    total: f64,
}

#[derive(Debug)]
struct Word {
    at: usize,
    weight: f64,
}

/// How well a place of a source fits.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::verify) struct Fit {
    pub(in crate::verify) doc: usize,
    pub(in crate::verify) sentence: usize,
    pub(in crate::verify) first: usize,
    pub(in crate::verify) last: usize,
    /// Share of the weight around, near words first.
    pub(in crate::verify) share: f64,
    /// The same with the sentences before and behind.
    pub(in crate::verify) wide: f64,
    /// The weight itself.
    pub(in crate::verify) mass: f64,
    /// The second and the third largest weight that a single word gives.
    pub(in crate::verify) second: f64,
    pub(in crate::verify) third: f64,
    /// How many words fit well.
    pub(in crate::verify) close: f64,
    /// Whether the next content word to the left is there too, near.
    pub(in crate::verify) left: f64,
    /// And that to the right.
    pub(in crate::verify) right: f64,
    /// Whether the token before is the same.
    pub(in crate::verify) previous: f64,
    /// Whether the token behind is the same.
    pub(in crate::verify) next: f64,
    /// Share of the sentence's weight that this sentence of the source has.
    pub(in crate::verify) coverage: f64,
    /// The same with the sentences before and behind.
    pub(in crate::verify) window: f64,
}

impl Fit {
    pub(in crate::verify) fn score(&self) -> f64 {
        self.share
            + 0.15 * (self.left + self.right)
            + 0.08 * (self.previous + self.next)
            + 0.25 * self.coverage
    }
}

/// How much a word counts at this distance.
fn nearness(distance: usize) -> f64 {
    3.0 / (3.0 + distance as f64)
}

fn distance(at: usize, first: usize, last: usize) -> usize {
    if at < first { first - at } else { at.saturating_sub(last) }
}

impl Context {
    pub(in crate::verify) fn new(
        reading: &Reading<'_>,
        sentence: &Sentence,
        library: &Library<'_>,
        all: usize,
    ) -> Self {
        const LONGEST: usize = 80;
        const COMMON: usize = 60;
        let mut hits: HashMap<(usize, usize), Vec<(usize, usize)>> = HashMap::new();
        let mut words = Vec::new();
        let content = (sentence.first..sentence.end).filter(|at| is_content(&reading.tokens[*at]));
        for at in content.take(LONGEST) {
            let places: Vec<_> = library
                .family(reading.tokens[at].stem())
                .filter_map(|place| Some(((place.doc, library.sentence_of(place)?), place.token)))
                .take(COMMON)
                .collect();
            let mut sentences: Vec<_> = places.iter().map(|(sentence, _)| *sentence).collect();
            sentences.sort_unstable();
            sentences.dedup();
            let weight = (1.0 + all as f64 / (sentences.len() as f64).max(0.5)).ln();
            for (sentence, token) in places {
                hits.entry(sentence).or_default().push((words.len(), token));
            }
            words.push(Word { at, weight });
        }
        Self {
            total: words.iter().map(|word| word.weight).sum(),
            words,
            hits,
        }
    }

    /// The sentences of the sources that share most with this one, with the share.
    pub(in crate::verify) fn sentences(&self) -> Vec<((usize, usize), f64)> {
        const MOST: usize = 12;
        let mut shares: Vec<_> = self
            .hits
            .keys()
            .map(|sentence| (*sentence, self.coverage(*sentence)))
            .collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shares.truncate(MOST);
        shares
    }

    fn coverage(&self, sentence: (usize, usize)) -> f64 {
        let Some(hits) = self.hits.get(&sentence) else {
            return 0.0;
        };
        let mut weight = 0.0;
        let mut last = None;
        for (word, _) in hits {
            if last != Some(word) {
                weight += self.words[*word].weight;
            }
            last = Some(word);
        }
        weight / self.total.max(1e-9)
    }

    /// How well the place of the source fits the mention; words in `not` do not count.
    pub(in crate::verify) fn fit(
        &self,
        ours: &Mention,
        not: &[(usize, usize)],
        tokens: &[Token],
        doc: usize,
        sentence: usize,
        theirs: &Mention,
        there: &[Token],
    ) -> Fit {
        let excluded = |at: usize| not.iter().any(|(first, last)| (*first..=*last).contains(&at));
        let (mut mass, mut wide, mut whole) = (0.0, 0.0, 0.0);
        let (mut most, mut close) = ([0.0; 3], 0.0);
        let mut matched: Vec<f64> = vec![0.0; self.words.len()];
        let mut beside: Vec<f64> = vec![0.0; self.words.len()];
        if let Some(hits) = self.hits.get(&(doc, sentence)) {
            for (word, token) in hits {
                if (theirs.first..=theirs.last).contains(token) {
                    continue;
                }
                let same_side = (self.words[*word].at < ours.first) == (*token < theirs.first);
                let fit = nearness(distance(*token, theirs.first, theirs.last))
                    * if same_side { 1.0 } else { 0.5 };
                matched[*word] = matched[*word].max(fit);
            }
        }
        for near in [sentence.wrapping_sub(1), sentence + 1] {
            if let Some(hits) = self.hits.get(&(doc, near)) {
                for (word, _) in hits {
                    beside[*word] = 0.15;
                }
            }
        }
        for (word, (matched, beside)) in self.words.iter().zip(matched.iter().zip(&beside)) {
            if excluded(word.at) {
                continue;
            }
            let near = nearness(distance(word.at, ours.first, ours.last)) * word.weight;
            whole += near * 0.75;
            mass += near * matched;
            close += f64::from(u8::from(*matched > 0.3 && near > 0.3 * word.weight));
            let gives = near * matched;
            if gives > most[0] {
                most = [gives, most[0], most[1]];
            } else if gives > most[1] {
                most = [most[0], gives, most[1]];
            } else if gives > most[2] {
                most[2] = gives;
            }
            wide += near * matched.max(*beside);
        }
        let neighbour = |left: bool| {
            let at = |word: &&Word| !excluded(word.at) && (word.at < ours.first) == left;
            let nearest = if left {
                self.words.iter().enumerate().rfind(|(_, word)| at(word))
            } else {
                self.words.iter().enumerate().find(|(_, word)| at(word))
            };
            let Some((nth, word)) = nearest else { return 0.0 };
            let ours = distance(word.at, ours.first, ours.last);
            let hits = self.hits.get(&(doc, sentence)).map_or(&[][..], Vec::as_slice);
            hits.iter()
                .filter(|(word, token)| *word == nth && (*token < theirs.first) == left
                    && !(theirs.first..=theirs.last).contains(token))
                .map(|(_, token)| {
                    let theirs = distance(*token, theirs.first, theirs.last);
                    nearness(ours.abs_diff(theirs)) * if theirs <= ours + 3 { 1.0 } else { 0.3 }
                })
                .fold(0.0, f64::max)
        };
        let token = |tokens: &[Token], at: Option<usize>| {
            at.and_then(|at| tokens.get(at)).map(|t| t.folded.clone())
        };
        let same = |a: Option<String>, b: Option<String>| f64::from(u8::from(a.is_some() && a == b));
        let whole = f64::max(whole, 1e-9);
        Fit {
            doc,
            sentence,
            first: theirs.first,
            last: theirs.last,
            share: mass / whole,
            wide: wide / whole,
            mass,
            second: most[1],
            third: most[2],
            close,
            left: neighbour(true),
            right: neighbour(false),
            previous: same(
                token(tokens, ours.first.checked_sub(1)),
                token(there, theirs.first.checked_sub(1)),
            ),
            next: same(token(tokens, Some(ours.last + 1)), token(there, Some(theirs.last + 1))),
            coverage: self.covered(&[(doc, sentence)], &excluded),
            window: self.covered(
                &[
                    (doc, sentence.wrapping_sub(1)),
                    (doc, sentence),
                    (doc, sentence + 1),
                ],
                &excluded,
            ),
        }
    }

    /// The share of the weight, without the excluded words, that these sentences have.
    fn covered(&self, sentences: &[(usize, usize)], excluded: &dyn Fn(usize) -> bool) -> f64 {
        let mut seen = vec![false; self.words.len()];
        for hits in sentences.iter().filter_map(|sentence| self.hits.get(sentence)) {
            for (word, _) in hits {
                seen[*word] = true;
            }
        }
        let (mut part, mut whole) = (0.0, 1e-9);
        for (word, seen) in self.words.iter().zip(seen) {
            if !excluded(word.at) {
                whole += word.weight;
                part += if seen { word.weight } else { 0.0 };
            }
        }
        part / whole
    }
}
