//! Numbers, dates and names that a source has, but for something else.
//!
//! A claim is compared with the places where the sources have what it says, and with the
//! places of its rivals, other numbers or names of the passages that share most with its
//! sentence. Where a rival's place fits clearly better than any of the claim's own, the
//! claim is misplaced. That a name is missing near its context says nothing, a source
//! writes "he" and "the company"; only a rival in the very place does. English only.

mod context;
mod course;
mod mentions;
mod partner;
mod signs;
pub mod training;

pub(in crate::verify) use self::mentions::Mentions;
use self::{
    context::{Context, Fit},
    mentions::{Mention, Value, is_rival, name_roots, same},
    signs::{Places, Signs, ratio},
};
use crate::verify::{
    Claim, Finding, Kind, Reason, Report, Severity, Support,
    checks::{numbers, stretch::somewhere},
    finding::{finding, quoted},
    language::is_english,
    read::{
        Reading,
        lexicon::is_generic,
        quantity::{Writing, equal},
        tokens::Token,
    },
    sources::Library,
};

/// The score above which a claim is worth a look; the weights are scaled to it …
const SUSPECT: f64 = 0.0;
/// … and to this one, above which it is in the wrong place.
const SURE: f64 = 1.0;

/// A claim, its best own place and its best rival.
#[derive(Debug)]
struct Case {
    /// The claim's index in the report.
    claim: usize,
    own: Fit,
    other: Fit,
    signs: Signs,
}

/// Adds a finding for every supported claim of the report that is misplaced.
pub(in crate::verify) fn check<'m>(
    reading: &Reading<'_>,
    mentions: impl Fn() -> &'m Mentions,
    library: &Library<'_>,
    report: &mut Report,
) {
    if !is_english(reading.language) || !is_english(library.language) {
        return;
    }
    course::check(reading, library, report);
    partner::check(reading, library, report);
    for case in cases(reading, mentions, library, &report.claims) {
        let claim = &mut report.claims[case.claim];
        let score = case.signs.score(claim.kind);
        // An editor is told once that a speaker or a side was exchanged.
        let is_told = report.findings.iter().any(|finding| {
            let tells = match finding.reason {
                Reason::AttributionDiffers => true,
                Reason::DirectionDiffers => finding.severity == Severity::Error,
                _ => false,
            };
            tells && finding.span.overlaps(claim.span)
        });
        if score <= SUSPECT || is_told {
            continue;
        }
        let finding = misplaced(claim, &case, score, reading, library);
        claim.contradict(&finding);
        report.findings.push(finding);
    }
}

fn misplaced(
    claim: &Claim,
    case: &Case,
    score: f64,
    reading: &Reading<'_>,
    library: &Library<'_>,
) -> Finding {
    let (own, other) = (&case.own, &case.other);
    let reason = reason_of(claim.kind);
    let severity = if score > SURE {
        Severity::Error
    } else {
        Severity::Warning
    };
    let sentence = |fit: &Fit| {
        let span = library.docs[fit.doc].reading.sentences[fit.sentence].span;
        library.evidence_at(fit.doc, span)
    };
    let written = quoted(claim.span.of(reading.text));
    let theirs = quoted(&library.evidence(other.doc, other.first, other.last).text);
    let elsewhere = if (own.doc, own.sentence) == (other.doc, other.sentence) {
        "elsewhere in the same sentence".to_owned()
    } else {
        format!("in {}", quoted(sentence(own).text.trim()))
    };
    let message =
        format!("The source has {theirs} there, not {written}, which it has {elsewhere}.");
    finding(
        claim.kind,
        reason,
        severity,
        claim.span,
        message,
        Some(sentence(other)),
    )
}

/// What a finding about a claim of this kind says.
fn reason_of(kind: Kind) -> Reason {
    match kind {
        Kind::Number => Reason::NumberMisplaced,
        Kind::Date => Reason::DateMisplaced,
        _ => Reason::NameMisplaced,
    }
}

/// The supported claims for whose place there is a rival that fits better.
fn cases<'m>(
    reading: &Reading<'_>,
    mentions: impl Fn() -> &'m Mentions,
    library: &Library<'_>,
    claims: &[Claim],
) -> Vec<Case> {
    // An editor reads the first few; a hostile text may hold thousands.
    const CLAIMS: usize = 500;
    const IN_A_SENTENCE: usize = 60;
    const FEWEST_WORDS: usize = 6;
    let all = library
        .docs
        .iter()
        .map(|doc| doc.reading.sentences.len())
        .sum();
    let ours: Vec<(usize, usize, Mention)> = claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| claim.support == Support::Supported)
        .filter_map(|(nth, claim)| {
            let mention = mention(claim, reading, library)?;
            Some((nth, reading.sentence_of(mention.first)?, mention))
        })
        .take(CLAIMS)
        .collect();
    ours.chunk_by(|a, b| a.1 == b.1)
        .map(|group| &group[..group.len().min(IN_A_SENTENCE)])
        .flat_map(|group| {
            let sentence = &reading.sentences[group[0].1];
            // A heading says too little to tell what belongs where, and where a source has
            // the whole sentence each thing is in its place.
            let words: Vec<&Token> = reading.tokens[sentence.first..sentence.end]
                .iter()
                .filter(|token| token.is_word())
                .collect();
            if words.len() < FEWEST_WORDS || somewhere(&words, library).is_some() {
                return Vec::new();
            }
            let place = Place {
                reading,
                mentions: mentions(),
                library,
                context: Context::new(reading, sentence, library, all),
                group,
            };
            let passages = place.context.passages();
            let cases: Vec<Case> = group
                .iter()
                .filter_map(|(claim, _, ours)| place.case(*claim, ours, &passages))
                .collect();
            cases
        })
        .collect()
}

/// The claim as a mention; none for a quotation and for a name that is a mere role.
fn mention(claim: &Claim, reading: &Reading<'_>, library: &Library<'_>) -> Option<Mention> {
    let tokens = &reading.tokens;
    let first = reading.token_at(claim.span.start);
    let last = tokens
        .partition_point(|token| token.span.end <= claim.span.end)
        .checked_sub(1)?;
    let value = match claim.kind {
        Kind::Number => {
            let at = reading.quantity_of(first)?;
            let quantity = &reading.quantities[at];
            // "One in five" may be told in other numbers, and "millions" in any.
            if quantity.writing == Writing::Vague || numbers::share(quantity, reading).is_some() {
                return None;
            }
            // "Capped twice" is two caps; where such a word counts something is not read.
            let docs = library.docs.iter();
            let quantities = docs.flat_map(|doc| library.work.share(&doc.reading.quantities));
            let implied = quantities
                .filter(|theirs| theirs.writing == Writing::Implied)
                .any(|theirs| equal(theirs.value, quantity.value));
            let in_place = implied || partner::is_at_home(quantity, reading, library);
            Value::Number((!in_place).then_some(at)?)
        }
        Kind::Date => {
            let at = reading.dates.partition_point(|date| date.first < first);
            Value::Date((reading.dates.get(at)?.first == first).then_some(at)?)
        }
        Kind::Name => {
            let roots = name_roots(&tokens[first..=last]);
            Value::Name((!roots.is_empty()).then_some(roots)?)
        }
        _ => return None,
    };
    Some(Mention { first, last, value })
}

/// Where the claims of one sentence stand.
struct Place<'c, 't, 's> {
    reading: &'c Reading<'t>,
    mentions: &'c Mentions,
    library: &'c Library<'s>,
    context: Context<'c>,
    /// The claims of the sentence: index in the report, sentence, mention.
    group: &'c [(usize, usize, Mention)],
}

impl Place<'_, '_, '_> {
    fn case(&self, claim: usize, ours: &Mention, passages: &[(usize, usize)]) -> Option<Case> {
        // A place that fits as well as this is the claim's.
        const AT_HOME: f64 = 0.6;
        // More places than these are those of the story's subject, which fits anywhere.
        const PLACES: usize = 40;
        let mut places = Places::default();
        let mut own_words = vec![(ours.first, ours.last)];
        for (_, _, other) in self.group {
            if other.first != ours.first && same(ours, self.reading, other, self.reading) {
                own_words.push((other.first, other.last));
                places.twice = true;
            }
        }
        let fit = |at: (usize, usize), span: (usize, usize)| {
            let there = &self.library.docs[at.0].reading.tokens;
            self.context.fit(ours, &own_words, at, span, there)
        };

        let homes = self.mentions.same(ours, self.reading, self.library);
        places.own = homes.len();
        let mut home_sentences = Vec::new();
        let mut own: Option<Fit> = None;
        for (doc, theirs) in homes.into_iter().take(PLACES) {
            let there = &self.library.docs[doc].reading;
            let Some(sentence) = there.sentence_of(theirs.first) else {
                continue;
            };
            if stands_alike(self.reading, ours, there, theirs) {
                return None;
            }
            home_sentences.push((doc, sentence));
            let fit = fit((doc, sentence), (theirs.first, theirs.last));
            places.window = places.window.max(fit.window);
            if own.is_none_or(|best| fit.score() > best.score()) {
                own = Some(fit);
            }
        }
        let own = own.filter(|own| own.share < AT_HOME)?;

        let (other, theirs) = self.rival(ours, passages, fit)?;
        // The claim's own sentence of the source, when it is also the best, is no one else's.
        let settled = own.coverage > other.coverage + 0.1;
        if other.score() <= own.score() || settled || !is_telling(&other) {
            return None;
        }
        let there = &self.library.docs[other.doc].reading;
        places.rival = self.mentions.often(theirs);
        places.rival_present = self
            .group
            .iter()
            .any(|(_, _, mention)| same(mention, self.reading, theirs, there));
        let apart = home_sentences
            .iter()
            .filter(|(doc, _)| *doc == other.doc)
            .map(|(_, sentence)| sentence.abs_diff(other.sentence))
            .min();
        places.near = matches!(apart, Some(1 | 2));
        if matches!(ours.value, Value::Name(_)) {
            places.pronoun = self.pronoun(passages, &home_sentences, fit);
        }
        let ratio = ratio(ours, self.reading, theirs, there);
        Some(Case {
            claim,
            signs: Signs::new(&own, &other, &places, ratio),
            own,
            other,
        })
    }

    /// The mention of another thing whose place in one of the passages fits best.
    fn rival(
        &self,
        ours: &Mention,
        passages: &[(usize, usize)],
        fit: impl Fn((usize, usize), (usize, usize)) -> Fit,
    ) -> Option<(Fit, &Mention)> {
        const MENTIONS: usize = 40;
        let mut best: Option<(Fit, &Mention)> = None;
        for at in passages {
            let there = &self.library.docs[at.0].reading;
            let span = there.sentences[at.1];
            let mentions = self.mentions.within(at.0, span.first, span.end);
            for theirs in mentions.iter().take(MENTIONS) {
                if is_rival(ours, self.reading, theirs, there) {
                    let fit = fit(*at, (theirs.first, theirs.last));
                    if best.is_none_or(|(most, _)| fit.score() > most.score()) {
                        best = Some((fit, theirs));
                    }
                }
            }
        }
        best
    }

    /// How well the best word fits that may stand for a name of the sentences before it.
    fn pronoun(
        &self,
        passages: &[(usize, usize)],
        homes: &[(usize, usize)],
        fit: impl Fn((usize, usize), (usize, usize)) -> Fit,
    ) -> f64 {
        // A "he" farther from its name than this is another's.
        const REACH: usize = 3;
        const WORDS: usize = 60;
        let mut best: f64 = 0.0;
        for at in passages {
            let named = homes
                .iter()
                .any(|home| home.0 == at.0 && home.1 <= at.1 && at.1 - home.1 <= REACH);
            if !named {
                continue;
            }
            let there = &self.library.docs[at.0].reading;
            let span = there.sentences[at.1];
            for token in (span.first..span.end).take(WORDS) {
                if stands_for_a_name(&there.tokens, token) {
                    best = best.max(fit(*at, (token, token)).share);
                }
            }
        }
        best
    }
}

/// Whether the two words before and the two words behind are the same, as far as the
/// sentence goes: then the source has the claim in this very place.
fn stands_alike(
    reading: &Reading<'_>,
    ours: &Mention,
    there: &Reading<'_>,
    theirs: &Mention,
) -> bool {
    const BESIDE: usize = 2;
    let Some(sentence) = reading.sentence_of(ours.first) else {
        return false;
    };
    let sentence = reading.sentences[sentence];
    let (tokens, others) = (&reading.tokens, &there.tokens);
    let same = |a: &Token, b: Option<&Token>| b.is_some_and(|b| a.folded == b.folded);
    let before = tokens[sentence.first..ours.first].iter().rev().take(BESIDE);
    let behind = tokens[ours.last + 1..sentence.end.max(ours.last + 1)]
        .iter()
        .take(BESIDE);
    before
        .zip(1..)
        .all(|(a, back)| same(a, theirs.first.checked_sub(back).map(|at| &others[at])))
        && behind
            .zip(1..)
            .all(|(a, on)| same(a, others.get(theirs.last + on)))
}

/// Whether enough of the context is there to say that the place is the same.
fn is_telling(other: &Fit) -> bool {
    let beside = other.left + other.right;
    let same = u8::from(other.before) + u8::from(other.behind);
    let shares = other.coverage > 0.5 && other.share > 0.12;
    other.share >= 0.08 && (beside + f64::from(same) >= 0.5 || shares)
}

/// Whether the word may stand for a name: "he", "their", "the company".
fn stands_for_a_name(tokens: &[Token], at: usize) -> bool {
    const PRONOUNS: &[&str] = &[
        "he", "her", "here", "him", "his", "its", "she", "their", "them", "there", "they", "who",
    ];
    const BEFORE: &[&str] = &["former", "her", "his", "the", "their"];
    let word = &tokens[at];
    let before = |before: usize| {
        BEFORE
            .binary_search(&tokens[before].folded.as_str())
            .is_ok()
    };
    PRONOUNS.binary_search(&word.stem()).is_ok()
        || !word.is_capitalised()
            && is_generic(word.stem())
            && at.checked_sub(1).is_some_and(before)
}
