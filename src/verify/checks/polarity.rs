//! Negation and direction: a sentence that says "not" where the sources say the same
//! without it, drops a "not" that they have, or says "fell" where they say "rose".
//!
//! For a word of the checked text, every place of the sources that has the same word (or
//! its opposite) among the same other words is a match. Only where all matches say the
//! other thing is there a finding: sources often say both ("denied that he had …").

use crate::verify::{
    Finding, Kind, Reason, Severity,
    finding::{finding, quoted},
    read::{
        Reading,
        negation::{Denial, known_language},
        tokens::TokenKind,
    },
    sources::{Library, Place},
    wording::{TextWords, Wording},
};

/// All findings about negation and direction in a text.
pub(in crate::verify) fn findings(
    reading: &Reading<'_>,
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
) -> Vec<Finding> {
    let language = known_language(reading.language);
    if language.is_none() || language != known_language(library.language) {
        return Vec::new();
    }
    let mut check = Check {
        reading,
        library,
        wording,
        text,
        comparisons: 0,
    };
    check.run()
}

struct Check<'a> {
    reading: &'a Reading<'a>,
    library: &'a Library<'a>,
    wording: &'a Wording,
    text: &'a TextWords,
    /// How many places were compared.
    comparisons: usize,
}

/// The words around one word of the checked text.
struct Surroundings {
    /// The token.
    at: usize,
    /// Other roots of its sentence with what they weigh here.
    others: Vec<(u32, f64)>,
    total: f64,
    /// The nearest content words.
    left: Option<u32>,
    right: Option<u32>,
}

/// How well a place of a source matches.
#[derive(Clone, Copy, Debug)]
struct Match {
    place: Place,
    /// The share of the surroundings that stands there too.
    share: f64,
    /// How many of the two neighbours are the same.
    neighbours: u8,
}

fn env(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

impl Check<'_> {
    // A hostile text may repeat one word without end.
    const COMPARISONS: usize = 20_000;

    fn run(&mut self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let quoted: Vec<_> = self.reading.quotations.iter().map(|q| (q.first, q.last)).collect();
        let mut last_cue = None;
        for at in 0..self.text.words.len() {
            if self.comparisons > Self::COMPARISONS {
                break;
            }
            let word = self.text.words[at];
            if self.reading.tokens[at].kind != TokenKind::Word {
                continue;
            }
            let inside = quoted.partition_point(|(_, last)| *last < at);
            if quoted.get(inside).is_some_and(|(first, _)| *first <= at) {
                continue;
            }
            let found = match word.denial {
                Denial::By(cue, _) if last_cue != Some(cue) => {
                    let found = self.added(at, cue as usize);
                    if found.is_some() { last_cue = Some(cue); }
                    found
                }
                Denial::None => self.dropped(at).or_else(|| self.turned(at)),
                _ => None,
            };
            findings.extend(found);
        }
        findings
    }

    fn surroundings(&self, at: usize) -> Option<Surroundings> {
        const REACH: usize = 10;
        let nth = self.reading.sentence_of(at)?;
        let sentence = self.reading.sentences[nth];
        let words = &self.text.words;
        let own = words[at].root;
        let mut others: Vec<(u32, f64)> = Vec::new();
        let mut total = 0.0;
        let counts = |other: &usize| {
            let word = words[*other];
            word.content && word.root != own && word.denial != Denial::Denies
        };
        let before: Vec<usize> = (sentence.first..at).rev().filter(counts).take(REACH).collect();
        let after: Vec<usize> = (at + 1..sentence.end).filter(counts).take(REACH).collect();
        for side in [&before, &after] {
            for (distance, other) in side.iter().enumerate() {
                let root = words[*other].root;
                let weight = self.wording.weight(root) / (1.0 + distance as f64 / 4.0);
                if others.iter().all(|(known, _)| *known != root) {
                    others.push((root, weight));
                    total += weight;
                }
            }
        }
        (others.len() >= 2).then(|| Surroundings {
            at,
            others,
            total,
            left: before.first().map(|at| words[*at].root),
            right: after.first().map(|at| words[*at].root),
        })
    }

    /// How well the surroundings match a place of a source.
    fn compare(&mut self, ours: &Surroundings, place: Place) -> Match {
        const REACH: usize = 18;
        self.comparisons += 1;
        let words = self.wording.doc(place.doc);
        let sentence = self.library.sentence_of(place).map_or(
            (place.token, place.token + 1),
            |nth| {
                let s = self.library.docs[place.doc].reading.sentences[nth];
                (s.first, s.end)
            },
        );
        let from = sentence.0.max(place.token.saturating_sub(REACH));
        let to = sentence.1.min(place.token + REACH + 1);
        let window = &words[from..to];
        let found: f64 = ours
            .others
            .iter()
            .filter(|(root, _)| window.iter().any(|word| word.root == *root))
            .map(|(_, weight)| weight)
            .sum();
        let near = |mut side: Box<dyn Iterator<Item = usize> + '_>, wanted: Option<u32>| {
            wanted.is_some_and(|wanted| {
                side.by_ref()
                    .filter(|at| words[*at].content && words[*at].denial != Denial::Denies)
                    .take(2)
                    .any(|at| words[at].root == wanted)
            })
        };
        let left = near(Box::new((from..place.token).rev()), ours.left);
        let right = near(Box::new(place.token + 1..to), ours.right);
        Match {
            place,
            share: found / ours.total,
            neighbours: u8::from(left) + u8::from(right),
        }
    }

    fn matches(&mut self, ours: &Surroundings, root: u32) -> Vec<Match> {
        const MOST: usize = 60;
        let places = self.wording.places(root);
        places
            .iter()
            .take(MOST)
            .map(|place| self.compare(ours, *place))
            .collect()
    }

    /// A "not" that the sources do not have.
    fn added(&mut self, at: usize, cue: usize) -> Option<Finding> {
        let ours = self.surroundings(at)?;
        let mut well = self.matches(&ours, self.text.words[at].root);
        let least = env("ADD", 0.4);
        well.retain(|m| m.share >= least);
        let denied = |m: &Match| self.wording.word(m.place).denial != Denial::None;
        if well.is_empty() || well.iter().any(denied) {
            return None;
        }
        let best = best(&well)?;
        let words = self.reading.span(cue, at);
        let evidence = self.sentence(best.place);
        let message = format!(
            "The text says {}; no source denies it. {:.2} {}", quoted(words.of(self.reading.text)), best.share, best.neighbours
        );
        Some(finding(
            Kind::Polarity,
            Reason::NegationDiffers,
            Severity::Warning,
            words,
            message,
            evidence,
        ))
    }

    /// A "not" of the sources that the text leaves out.
    fn dropped(&mut self, at: usize) -> Option<Finding> {
        let word = self.text.words[at];
        if !word.content {
            return None;
        }
        let governed = |place: &Place| matches!(self.wording.word(*place).denial, Denial::By(..));
        if !self.wording.places(word.root).iter().any(governed) {
            return None;
        }
        let ours = self.surroundings(at)?;
        let mut well = self.matches(&ours, word.root);
        let least = env("DROP", 0.4);
        well.retain(|m| m.share >= least);
        let denied = |m: &Match| governed(&m.place);
        if well.is_empty() || !well.iter().all(denied) {
            return None;
        }
        let best = best(&well)?;
        let span = self.reading.tokens[at].span;
        let message = format!(
            "The sources deny {}, the text does not. {:.2} {}",
            quoted(span.of(self.reading.text)), best.share, best.neighbours
        );
        Some(finding(
            Kind::Polarity,
            Reason::NegationDiffers,
            Severity::Warning,
            span,
            message,
            self.sentence(best.place),
        ))
    }

    /// A word whose opposite stands in its place in the sources.
    fn turned(&mut self, at: usize) -> Option<Finding> {
        let word = self.text.words[at];
        let sides = self.wording.sides(word.root, self.text);
        if sides.is_empty() {
            return None;
        }
        let mut opposites: Vec<u32> = sides
            .iter()
            .flat_map(|side| self.wording.on_side(side.other()))
            .copied()
            .collect();
        opposites.sort_unstable();
        opposites.dedup();
        if opposites.is_empty() {
            return None;
        }
        let ours = self.surroundings(at)?;
        let nth = self.reading.sentence_of(at)?;
        let sentence = self.reading.sentences[nth];
        let has = |root: u32| {
            self.text.words[sentence.first..sentence.end]
                .iter()
                .any(|word| word.root == root)
        };
        opposites.retain(|root| !has(*root));
        let mut theirs: Vec<Match> = Vec::new();
        for root in &opposites {
            theirs.extend(self.matches(&ours, *root));
        }
        let least = env("TURN", 0.5);
        theirs.retain(|m| m.share >= least && m.neighbours > 0);
        let best = best(&theirs)?;
        if self.wording.word(best.place).denial != Denial::None {
            return None;
        }
        let mut same: Vec<u32> = sides
            .iter()
            .flat_map(|side| self.wording.on_side(*side))
            .copied()
            .collect();
        same.push(word.root);
        same.sort_unstable();
        same.dedup();
        for root in same {
            let places = self.matches(&ours, root);
            if places.iter().any(|m| m.share >= env("SAME", 0.3)) {
                return None;
            }
        }
        let span = self.reading.tokens[at].span;
        let theirs = self.library.token(best.place).span;
        let source = self.library.docs[best.place.doc].reading.text;
        let message = format!(
            "The source has {} where the text has {}. {:.2} {}",
            quoted(theirs.of(source)),
            quoted(span.of(self.reading.text)), best.share, best.neighbours
        );
        Some(finding(
            Kind::Polarity,
            Reason::DirectionDiffers,
            Severity::Warning,
            span,
            message,
            self.sentence(best.place),
        ))
    }

    fn sentence(&self, place: Place) -> Option<crate::verify::Evidence> {
        let nth = self.library.sentence_of(place)?;
        let span = self.library.docs[place.doc].reading.sentences[nth].span;
        Some(self.library.evidence_at(place.doc, span))
    }
}

fn best(matches: &[Match]) -> Option<Match> {
    matches
        .iter()
        .copied()
        .max_by(|a, b| a.share.total_cmp(&b.share))
}
