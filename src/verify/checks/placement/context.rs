//! How well what stands around a number, date or name of the checked text fits what
//! stands around another in a source: shared words, by their roots, each weighed by how
//! rare it is in the sources and how near it stands on both sides.

use super::mentions::Mention;
use crate::verify::{
    read::{Reading, Sentence, tokens::Token},
    sources::Library,
};

/// Content words of a sentence that are read; the rest of a longer one does not count.
const LONGEST: usize = 64;

/// The content words of one sentence of the checked text, and where the sources have them.
#[derive(Debug)]
pub(super) struct Context<'t> {
    tokens: &'t [Token],
    words: Vec<Word>,
    /// Which word stands where in the sources, in the order of the places.
    hits: Vec<Hit>,
}

#[derive(Debug)]
struct Word {
    at: usize,
    weight: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    doc: usize,
    sentence: usize,
    token: usize,
    word: usize,
}

/// How well a place of a source fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub(super) doc: usize,
    pub(super) sentence: usize,
    pub(super) first: usize,
    pub(super) last: usize,
    /// The weight of the shared words, near ones first …
    pub(super) mass: f64,
    /// … and as a share of all that could be shared.
    pub(super) share: f64,
    /// How near the next content word to the left stands in the source, 0 to 1 …
    pub(super) left: f64,
    /// … and that to the right.
    pub(super) right: f64,
    /// Whether the token before is the same.
    pub(super) before: bool,
    /// Whether the token behind is the same.
    pub(super) behind: bool,
    /// Share of the weight of the whole sentence that this sentence of the source has …
    pub(super) coverage: f64,
    /// … and that it has with the sentences before and behind.
    pub(super) window: f64,
}

impl Fit {
    /// All of it in one number.
    pub(super) fn score(&self) -> f64 {
        self.share
            + 0.15 * (self.left + self.right)
            + 0.15 * (f64::from(u8::from(self.before)) + f64::from(u8::from(self.behind)))
            + 0.25 * self.coverage
    }
}

/// How much a word counts at this distance.
fn nearness(distance: usize) -> f64 {
    3.0 / (3.0 + distance as f64)
}

fn distance(at: usize, (first, last): (usize, usize)) -> usize {
    if at < first {
        first - at
    } else {
        at.saturating_sub(last)
    }
}

impl<'t> Context<'t> {
    /// `all` is the number of sentences of the sources.
    pub(super) fn new(
        reading: &'t Reading<'_>,
        sentence: &Sentence,
        library: &Library<'_>,
        all: usize,
    ) -> Self {
        // A word that stands in more places than this tells nothing.
        const COMMON: usize = 60;
        let mut hits = Vec::new();
        let mut words = Vec::new();
        let content = (sentence.first..sentence.end).filter(|at| reading.tokens[*at].is_content());
        for at in content.take(LONGEST) {
            let from = hits.len();
            for place in library.family(reading.tokens[at].stem()).take(COMMON) {
                if let Some(sentence) = library.sentence_of(place) {
                    hits.push(Hit {
                        doc: place.doc,
                        sentence,
                        token: place.token,
                        word: words.len(),
                    });
                }
            }
            hits[from..].sort_unstable();
            let sentences = hits[from..]
                .chunk_by(|a, b| (a.doc, a.sentence) == (b.doc, b.sentence))
                .count();
            let weight = (1.0 + all as f64 / (sentences as f64).max(0.5)).ln();
            words.push(Word { at, weight });
        }
        hits.sort_unstable();
        Self {
            tokens: &reading.tokens,
            words,
            hits,
        }
    }

    /// The sentences of the sources that share most with this one, best first.
    pub(super) fn passages(&self) -> Vec<(usize, usize)> {
        const MOST: usize = 8;
        let mut shares: Vec<(f64, (usize, usize))> = self
            .hits
            .chunk_by(|a, b| (a.doc, a.sentence) == (b.doc, b.sentence))
            .map(|hits| (self.weight(hits, &[]), (hits[0].doc, hits[0].sentence)))
            .collect();
        shares.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        shares.truncate(MOST);
        shares.into_iter().map(|(_, sentence)| sentence).collect()
    }

    /// The hits in the sentences `from..=to` of a document.
    fn hits(&self, doc: usize, from: usize, to: usize) -> &[Hit] {
        let start = self
            .hits
            .partition_point(|hit| (hit.doc, hit.sentence) < (doc, from));
        let end = self
            .hits
            .partition_point(|hit| (hit.doc, hit.sentence) <= (doc, to));
        &self.hits[start..end]
    }

    /// The weight of the words of `hits`, each once, without those in `own`.
    fn weight(&self, hits: &[Hit], own: &[(usize, usize)]) -> f64 {
        let mut seen = [false; LONGEST];
        for hit in hits {
            seen[hit.word] = true;
        }
        let words = self.words.iter().zip(seen);
        words
            .filter(|(word, seen)| *seen && !is_in(word.at, own))
            .map(|(word, _)| word.weight)
            .sum()
    }

    /// How well a place of a source fits `ours`. Words in `own`, the mentions of the same
    /// thing in the sentence, do not count.
    pub(super) fn fit(
        &self,
        ours: &Mention,
        own: &[(usize, usize)],
        (doc, sentence): (usize, usize),
        (first, last): (usize, usize),
        there: &[Token],
    ) -> Fit {
        // What stands on the other side of the place speaks for another role in it.
        const OTHER_SIDE: f64 = 0.3;
        // An ideal neighbour stands right beside.
        const BESIDE: f64 = 0.75;
        let hits = self.hits(doc, sentence, sentence);
        let mut best = [0.0_f64; LONGEST];
        for hit in hits {
            if (first..=last).contains(&hit.token) {
                continue;
            }
            let same_side = (self.words[hit.word].at < ours.first) == (hit.token < first);
            let near = nearness(distance(hit.token, (first, last)));
            let fits = if same_side { near } else { near * OTHER_SIDE };
            best[hit.word] = best[hit.word].max(fits);
        }
        let (mut mass, mut ideal, mut whole) = (0.0, 0.0, 0.0);
        for (word, best) in self.words.iter().zip(best) {
            if !is_in(word.at, own) {
                let weight = word.weight * nearness(distance(word.at, (ours.first, ours.last)));
                mass += weight * best;
                ideal += weight * BESIDE;
                whole += word.weight;
            }
        }
        let beside = |word: Option<usize>| {
            let Some(word) = word else { return 0.0 };
            let at = self.words[word].at;
            let left = at < ours.first;
            let apart = distance(at, (ours.first, ours.last));
            hits.iter()
                .filter(|hit| hit.word == word && !(first..=last).contains(&hit.token))
                .filter(|hit| (hit.token < first) == left)
                .map(|hit| nearness(apart.abs_diff(distance(hit.token, (first, last)))))
                .fold(0.0, f64::max)
        };
        let counts = |word: &&Word| !is_in(word.at, own);
        let left = self
            .words
            .iter()
            .rposition(|word| counts(&word) && word.at < ours.first);
        let right = self
            .words
            .iter()
            .position(|word| counts(&word) && word.at > ours.last);
        let same = |ours: Option<&Token>, theirs: Option<&Token>| {
            ours.zip(theirs)
                .is_some_and(|(ours, theirs)| ours.folded == theirs.folded)
        };
        let around = self.hits(doc, sentence.saturating_sub(1), sentence + 1);
        let whole = f64::max(whole, f64::MIN_POSITIVE);
        Fit {
            doc,
            sentence,
            first,
            last,
            mass,
            share: mass / f64::max(ideal, f64::MIN_POSITIVE),
            left: beside(left),
            right: beside(right),
            before: same(
                self.tokens.get(ours.first.wrapping_sub(1)),
                there.get(first.wrapping_sub(1)),
            ),
            behind: same(self.tokens.get(ours.last + 1), there.get(last + 1)),
            coverage: self.weight(hits, own) / whole,
            window: self.weight(around, own) / whole,
        }
    }
}

fn is_in(at: usize, spans: &[(usize, usize)]) -> bool {
    spans
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&at))
}
