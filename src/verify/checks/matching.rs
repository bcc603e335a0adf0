//! Where the sources speak of what a word of the checked text speaks of: the same word,
//! or its opposite, among the same other words.

use crate::verify::{
    read::{Reading, negation::Denial},
    sources::{Library, Place},
    wording::{TextWords, Wording},
};

/// What is compared, and how often it may be: a hostile text may repeat one word without
/// end.
pub(in crate::verify) struct Comparison<'a> {
    pub(in crate::verify) reading: &'a Reading<'a>,
    pub(in crate::verify) library: &'a Library<'a>,
    pub(in crate::verify) wording: &'a Wording,
    pub(in crate::verify) text: &'a TextWords,
    /// How many places may still be compared.
    pub(in crate::verify) left: usize,
}

/// The words around one word of the checked text.
#[derive(Debug)]
pub(in crate::verify) struct Surroundings {
    /// Other roots of its sentence, each with its weight here: near ones weigh more.
    pub(in crate::verify) others: Vec<(u32, f64)>,
    /// The sum of the weights.
    pub(in crate::verify) total: f64,
    /// The last bits of the roots, each as one bit: most words have none of these.
    bits: u64,
    /// The content word before.
    before: Option<u32>,
    /// The content word after.
    after: Option<u32>,
}

/// How well a place of a source matches.
#[derive(Clone, Copy, Debug)]
pub(in crate::verify) struct Match {
    /// The place.
    pub(in crate::verify) place: Place,
    /// The share of the surroundings' weight that stands there too, 0 to 1.
    pub(in crate::verify) share: f64,
    /// How many of the two neighbours are the same.
    pub(in crate::verify) neighbours: u8,
}

/// The places of a common word that are looked at, at most.
pub(in crate::verify) const PLACES: usize = 60;

impl Comparison<'_> {
    /// How far the words around a word are looked for, in tokens; the same on both sides,
    /// so that a sentence matches itself.
    const REACH: usize = 18;

    /// The words around the token at `at`; `None` where they are too few to tell a
    /// place by.
    pub(in crate::verify) fn surroundings(&self, at: usize) -> Option<Surroundings> {
        const FEWEST: usize = 2;
        const MOST: usize = 10;
        let sentence = self.reading.sentences[self.reading.sentence_of(at)?];
        let words = &self.text.words;
        let counts = |other: &usize| {
            let word = words[*other];
            word.content && word.root != words[at].root && word.denial != Denial::Denies
        };
        let mut others: Vec<(u32, f64)> = Vec::new();
        let mut nearest = [None; 2];
        let sides: [&mut dyn Iterator<Item = usize>; 2] = [
            &mut (sentence.first.max(at.saturating_sub(Self::REACH))..at)
                .rev()
                .filter(counts),
            &mut (at + 1..sentence.end.min(at + Self::REACH + 1)).filter(counts),
        ];
        for (side, nearest) in sides.into_iter().zip(&mut nearest) {
            for (distance, other) in side.take(MOST).enumerate() {
                let root = words[other].root;
                nearest.get_or_insert(root);
                if others.iter().all(|(known, _)| *known != root) {
                    let weight = self.wording.weight(root) / (1.0 + distance as f64 / 4.0);
                    others.push((root, weight));
                }
            }
        }
        let [before, after] = nearest;
        (others.len() >= FEWEST).then(|| Surroundings {
            total: others.iter().map(|(_, weight)| weight).sum(),
            bits: others.iter().fold(0, |bits, (root, _)| bits | bit(*root)),
            others,
            before,
            after,
        })
    }

    /// How well each place that has the root matches.
    pub(in crate::verify) fn matches(&mut self, ours: &Surroundings, root: u32) -> Vec<Match> {
        let places = self.wording.places(root);
        let places = &places[..places.len().min(PLACES).min(self.left)];
        self.left -= places.len();
        places
            .iter()
            .map(|place| self.compare(ours, *place))
            .collect()
    }

    fn compare(&self, ours: &Surroundings, place: Place) -> Match {
        // A word may stand between neighbours: "a sharp rise in …".
        const BESIDE: usize = 2;
        let at = place.token;
        let words = self.wording.doc(place.doc);
        let sentence = self.library.sentence_of(place).map_or(at..at + 1, |nth| {
            let sentence = self.library.docs[place.doc].reading.sentences[nth];
            sentence.first..sentence.end
        });
        let from = sentence.start.max(at.saturating_sub(Self::REACH));
        let end = sentence.end.min(at + Self::REACH + 1);
        // Which of the others stand here; there are fewer than bits.
        let mut stands = 0_u32;
        for word in &words[from..end] {
            if ours.bits & bit(word.root) != 0 {
                let nth = ours.others.iter().position(|(root, _)| *root == word.root);
                stands |= nth.map_or(0, |nth| 1 << nth);
            }
        }
        let others = ours.others.iter().enumerate();
        let found: f64 = others
            .filter(|(nth, _)| stands & (1 << nth) != 0)
            .map(|(_, (_, weight))| weight)
            .sum();
        let counts = |other: &usize| {
            let word = words[*other];
            word.content && word.denial != Denial::Denies
        };
        let is = |wanted: Option<u32>| move |other: usize| Some(words[other].root) == wanted;
        let before = (from..at)
            .rev()
            .filter(counts)
            .take(BESIDE)
            .any(is(ours.before));
        let after = (at + 1..end)
            .filter(counts)
            .take(BESIDE)
            .any(is(ours.after));
        Match {
            place,
            share: found / ours.total,
            neighbours: u8::from(before) + u8::from(after),
        }
    }
}

/// A root by its last bits.
fn bit(root: u32) -> u64 {
    1 << (root % u64::BITS)
}

/// The match with the greatest share.
pub(in crate::verify) fn best(matches: &[Match]) -> Option<Match> {
    let matches = matches.iter().copied();
    matches.max_by(|a, b| a.share.total_cmp(&b.share))
}
