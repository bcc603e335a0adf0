//! Negation and direction: a sentence that says "not" where the sources say the same
//! without it, that drops a "not" which they have, or says "fell" where they say "rose".
//!
//! For a word of the checked text, every place of the sources that has the same word (or
//! its opposite) among the same other words counts. Sources often say both ("denied that
//! he had …"), and writers say "rejected" for "did not approve", so one place that denies,
//! or may, speaks against a finding. What is asked is weighed by a score; the weights are
//! those of a logistic regression on the rows of the grounding collection, rounded.
//!
//! Not judged: negation that only the sense shows ("pleaded not guilty" for "denied").

use foldhash::HashMap;

use super::{
    clause::{clause, near},
    matching::{Comparison, Match, PLACES, Surroundings, best},
};
use crate::verify::{
    Evidence, Finding, Kind, Reason, Severity,
    finding::{finding, quoted},
    read::{
        Reading, Sentence,
        negation::{Denial, known_language, shared_language},
        tokens::{Token, TokenKind},
    },
    sources::{Library, Place},
    wording::{TextWords, Wording},
};

/// All findings about negation and direction in a text; none where the text and its
/// sources are in two languages, or in one whose words of denial are not known.
pub(in crate::verify) fn findings(
    reading: &Reading<'_>,
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
) -> Vec<Finding> {
    let scored = scored(reading, library, wording, text, 0.0);
    scored.into_iter().map(|(_, finding)| finding).collect()
}

/// The same, each with how far its score lies above the bound of a warning. With `slack`,
/// also those that lie at most so far below it, and all of a sentence.
pub(in crate::verify) fn scored(
    reading: &Reading<'_>,
    library: &Library<'_>,
    wording: &Wording,
    text: &TextWords,
    slack: f64,
) -> Vec<Scored> {
    // A place takes about a tenth of a microsecond; a news text needs some hundreds.
    const COMPARISONS: usize = 20_000;
    if shared_language(reading.language, library.language).is_none() {
        return Vec::new();
    }
    let comparison = Comparison {
        reading,
        library,
        wording,
        text,
        left: COMPARISONS,
    };
    Polarity { comparison, slack }.findings()
}

/// A finding, with how far its score lies above the bound of a warning.
type Scored = (f64, Finding);

struct Polarity<'a> {
    comparison: Comparison<'a>,
    /// How far below the bound of a warning a score may lie.
    slack: f64,
}

/// What the sources have of a sentence that denies something.
#[derive(Debug, Default)]
struct Shares {
    /// The most of its words that stand together undenied.
    plain: f64,
    /// The most of its words that stand together near a denial.
    denied: f64,
    /// The most that stands near a denial in the sentence that has most of its words.
    beside: f64,
}

impl Polarity<'_> {
    fn findings(mut self) -> Vec<Scored> {
        let reading = self.comparison.reading;
        let mut findings = Vec::new();
        // The last sentence with a finding: an editor looks at all of it.
        let mut found_in = None;
        for at in 0..reading.tokens.len() {
            if self.comparison.left == 0 {
                break;
            }
            let nth = reading.sentence_of(at);
            let Some(sentence) = nth.map(|nth| near(reading.sentences[nth], at)) else {
                continue;
            };
            if reading.tokens[at].kind != TokenKind::Word || found_in == nth {
                continue;
            }
            let found = match self.comparison.text.words[at].denial {
                // Words within marks are judged as a quotation.
                _ if reading.is_quoted(at) => None,
                Denial::Denies => self
                    .added(at, sentence)
                    .or_else(|| self.dropped(at, sentence))
                    .or_else(|| self.turned(at, sentence)),
                Denial::None => self
                    .dropped(at, sentence)
                    .or_else(|| self.turned(at, sentence)),
                Denial::Near => self.dropped(at, sentence),
                Denial::By { .. } => None,
            };
            if let Some(found) = found {
                findings.push(found);
                found_in = nth.filter(|_| self.slack == 0.0);
            }
        }
        findings
    }

    /// A "not" at `cue` that the sources do not have.
    fn added(&mut self, cue: usize, sentence: Sentence) -> Option<Scored> {
        const LEAST: f64 = 0.75;
        // The share of the same words around an opposite that says the same as a "not".
        const TURNED: f64 = 0.4;
        // Of the words that a "not" governs, the first say best what it denies.
        const NEAREST: usize = 2;
        let comparison = &mut self.comparison;
        let text = comparison.text;
        let words = &text.words;
        let is_governed = |at: &usize| matches!(words[*at].denial, Denial::By { cue: by, .. } if by as usize == cue);
        let governed = (cue + 1..sentence.end).filter(is_governed);
        let governed: Vec<usize> = governed.take(NEAREST).collect();
        let head = *governed.first()?;
        let denied = |comparison: &Comparison<'_>, place: Place| {
            comparison.wording.word(place).denial != Denial::None
        };
        let root = words[head].root;
        let (mut plain, mut against, mut first) = (0.0_f64, 0.0_f64, None);
        let around_head = comparison.surroundings(head)?;
        for found in comparison.matches(&around_head, root) {
            if denied(comparison, found.place) {
                against = against.max(found.share);
            } else if found.share > plain {
                plain = found.share;
                first = Some(found.place);
            }
        }
        // What did not rise may have fallen.
        for opposite in text.opposites(root) {
            let matches = comparison.matches(&around_head, *opposite);
            if matches.iter().any(|found| found.share >= TURNED) {
                return None;
            }
        }
        let anywhere = governed.iter().any(|at| {
            let places = comparison.wording.places(words[*at].root);
            let mut places = places.iter().take(PLACES);
            places.any(|place| denied(comparison, *place))
        });
        let around = comparison.surroundings(cue)?;
        let (shares, most) = self.shares(&around);
        let is_no = !is_not(&self.comparison.reading.tokens[cue].folded);
        let one = |yes: bool| f64::from(u8::from(yes));
        let score = 1.2 + 1.4 * plain + 0.4 * shares.plain
            - 2.0 * shares.denied
            - 2.2 * shares.beside
            - 0.7 * against
            - 1.1 * one(anywhere)
            - one(is_no);
        if score < LEAST - self.slack {
            return None;
        }
        let reading = self.comparison.reading;
        // With the "is" of "is not", so that the words can be read by themselves.
        let is_joined = |before: &usize| {
            let joins = &reading.tokens[*before];
            *before >= sentence.first && joins.is_word() && !words[*before].content
        };
        let from = cue.checked_sub(1).filter(is_joined).unwrap_or(cue);
        let span = reading.span(from, head);
        let message = format!(
            "The text says {}, but no source seems to deny this.",
            quoted(span.of(reading.text))
        );
        let place = first.or(most);
        let closest = place.and_then(|place| self.comparison.library.sentence_at(place));
        let (reason, severity) = (Reason::NegationDiffers, Severity::Warning);
        let found = report(reason, severity, span, message, closest);
        Some((score - LEAST, found))
    }

    /// What the sources have of the words around a "not", and a place of the sentence
    /// that has most of them.
    fn shares(&mut self, around: &Surroundings) -> (Shares, Option<Place>) {
        #[derive(Default)]
        struct Sums {
            plain: f64,
            denied: f64,
            whole: f64,
        }
        let (library, wording) = (self.comparison.library, self.comparison.wording);
        let mut sentences: HashMap<(usize, usize), Sums> = HashMap::default();
        let mut shares = Shares::default();
        let mut most: Option<(f64, Place)> = None;
        for (root, weight) in &around.others {
            let weight = weight / around.total;
            // The places stand in order, so those of a sentence are neighbours.
            let mut last = None;
            let (mut had_plain, mut had_denied) = (false, false);
            let places = wording.places(*root);
            let places = &places[..places.len().min(PLACES).min(self.comparison.left)];
            self.comparison.left -= places.len();
            for place in places {
                let Some(sentence) = library.sentence_of(*place) else {
                    continue;
                };
                let key = (place.doc, sentence);
                let sums = sentences.entry(key).or_default();
                if last != Some(key) {
                    last = Some(key);
                    (had_plain, had_denied) = (false, false);
                    sums.whole += weight;
                }
                if wording.word(*place).denial == Denial::None {
                    if !std::mem::replace(&mut had_plain, true) {
                        sums.plain += weight;
                    }
                } else if !std::mem::replace(&mut had_denied, true) {
                    sums.denied += weight;
                }
                shares.plain = shares.plain.max(sums.plain);
                shares.denied = shares.denied.max(sums.denied);
                if most.is_none_or(|(least, _)| sums.whole > least) {
                    most = Some((sums.whole, *place));
                }
            }
        }
        let most = most.map(|(_, place)| place);
        if let Some(place) = most
            && let Some(sentence) = library.sentence_of(place)
            && let Some(sums) = sentences.get(&(place.doc, sentence))
        {
            shares.beside = sums.denied;
        }
        (shares, most)
    }

    /// A "not" of the sources that the text leaves out before the word at `at`.
    fn dropped(&mut self, at: usize, sentence: Sentence) -> Option<Scored> {
        const LEAST: f64 = 0.6;
        const NEARLY: f64 = 0.8;
        let comparison = &mut self.comparison;
        let word = comparison.text.words[at];
        let wording = comparison.wording;
        let library = comparison.library;
        // "Did not rule out" denies a word that denies by itself.
        let not_before = |tokens: &[Token], at: usize| {
            let before = at.checked_sub(1)?;
            is_not(&tokens[before].folded).then_some(before)
        };
        let cue_of = |place: Place| match wording.word(place).denial {
            Denial::By { cue, .. } => Some(cue as usize),
            Denial::Denies => not_before(&library.docs[place.doc].reading.tokens, place.token),
            _ => None,
        };
        if not_before(&comparison.reading.tokens, at).is_some() {
            return None;
        }
        let mut places = wording.places(word.root).iter().take(PLACES);
        if !word.content || !places.any(|place| cue_of(*place).is_some()) {
            return None;
        }
        let around = comparison.surroundings(at)?;
        let matches = comparison.matches(&around, word.root);
        let (denied, other): (Vec<Match>, Vec<Match>) = matches
            .into_iter()
            .partition(|found| cue_of(found.place).is_some());
        let found = best(&denied)?;
        let cue = cue_of(found.place)?;
        let other = best(&other).map_or(0.0, |other| other.share);
        // A source that has both among nearly the same words bears both out.
        if other >= NEARLY * found.share {
            return None;
        }
        let other = if other > 0.0 { 0.1 + other } else { 0.0 };
        // "Not in Holm": who and where is no deed, and other deeds are told of them.
        let theirs = &self.comparison.library.docs[found.place.doc].reading;
        let opens = theirs
            .sentences
            .iter()
            .any(|other| other.first == found.place.token);
        if theirs.tokens[found.place.token].is_capitalised() && !opens {
            return None;
        }
        let clause = clause(&self.comparison, found.place, cue, sentence)?;
        // What denies in the text must be there beside the "not" that it lacks.
        if clause.is_over || word.denial == Denial::Near && !clause.has_ours {
            return None;
        }
        let reading = self.comparison.reading;
        // What was never so before is now so "for the first time".
        let source = &self.comparison.library.docs[found.place.doc].reading;
        let is_first = reading.tokens[sentence.first..sentence.end]
            .iter()
            .any(|token| token.folded == "first");
        if is_first && source.tokens[cue].folded == "never" {
            return None;
        }
        let score = 2.1 * found.share + 0.7 * f64::from(found.neighbours) + 1.2 * clause.share
            - 2.9 * other
            - clause.doubt;
        if score < LEAST - self.slack {
            return None;
        }
        let span = reading.tokens[at].span;
        let message = format!(
            "The source says {}; the text says {} without it.",
            quoted(source.span(cue, found.place.token).of(source.text)),
            quoted(span.of(reading.text))
        );
        let closest = self.comparison.library.sentence_at(found.place);
        let (reason, severity) = (Reason::NegationDiffers, Severity::Warning);
        let found = report(reason, severity, span, message, closest);
        Some((score - LEAST, found))
    }

    /// A word whose opposite stands in its place in the sources.
    fn turned(&mut self, at: usize, sentence: Sentence) -> Option<Scored> {
        const LEAST: f64 = -0.2;
        // Over this, 40 of 43 were wrong.
        const SURE: f64 = 0.8;
        let comparison = &mut self.comparison;
        let wording = comparison.wording;
        let word = comparison.text.words[at];
        let here = &comparison.text.words[sentence.first..sentence.end];
        // A text that has both speaks of both.
        let alone = |root: &&u32| here.iter().all(|word| word.root != **root);
        let opposites = comparison.text.opposites(word.root).iter().filter(alone);
        let opposites: Vec<u32> = opposites.copied().collect();
        if opposites.is_empty() {
            return None;
        }
        let around = comparison.surroundings(at)?;
        let mut matches = Vec::new();
        for root in opposites {
            matches.extend(comparison.matches(&around, root));
        }
        let beside = |found: &Match| found.share + 0.2 * f64::from(found.neighbours);
        let nearest = |a: &&Match, b: &&Match| beside(a).total_cmp(&beside(b));
        let found = *matches.iter().max_by(nearest)?;
        let own = best(&comparison.matches(&around, word.root));
        let own = own.map_or(0.0, |own| 0.1 + own.share);
        // "Rejected" denies too, but here it is the opposite itself.
        let denial = wording.word(found.place).denial;
        let is_plain = matches!(denial, Denial::None | Denial::Denies);
        let clause = clause(&self.comparison, found.place, found.place.token, sentence)?;
        let score = 1.4 * found.share
            + f64::from(found.neighbours)
            + 0.7 * f64::from(u8::from(is_plain))
            + 2.1 * clause.share
            - 3.5 * own
            - 3.4;
        if score < LEAST - self.slack {
            return None;
        }
        let reading = self.comparison.reading;
        let span = reading.tokens[at].span;
        let source = self.comparison.library.docs[found.place.doc].reading.text;
        let theirs = self.comparison.library.token(found.place).span;
        let message = format!(
            "The source has {} where the text has {}.",
            quoted(theirs.of(source)),
            quoted(span.of(reading.text))
        );
        let closest = self.comparison.library.sentence_at(found.place);
        // The weights are those of English.
        let is_english = known_language(reading.language) == Some("en");
        let severity = if score < SURE || !is_english {
            Severity::Warning
        } else {
            Severity::Error
        };
        let reason = Reason::DirectionDiffers;
        let found = report(reason, severity, span, message, closest);
        Some((score - LEAST, found))
    }
}

/// Whether the folded word denies the verb behind it.
fn is_not(word: &str) -> bool {
    matches!(word, "not" | "never" | "cannot") || word.ends_with("n't")
}

fn report(
    reason: Reason,
    severity: Severity,
    span: crate::text::Span,
    message: String,
    closest: Option<Evidence>,
) -> Finding {
    finding(Kind::Polarity, reason, severity, span, message, closest)
}
