//! The numbers that the weights of `placement` are trained on, and the scores that
//! findings rest on. Used by the programs that train and measure only; nothing in the
//! pipeline calls it.

use super::{Mentions, Value, cases, reason_of};
use crate::{
    text::Points,
    verify::{
        Checker, Claim, Kind, Reason, SourceText, Support,
        checks::{coverage, polarity},
        evidence::{self, Backing},
        facts,
        language::language_of,
        read::Reading,
        report::Report,
        sources::Library,
    },
};

/// One claim of a text for whose place there is a rival.
#[derive(Debug)]
pub struct Example {
    /// What it is about.
    pub kind: Kind,
    /// Where it stands in the text.
    pub points: Points,
    /// Its words.
    pub text: String,
    /// The words of the source in its place.
    pub other: String,
    /// The sentence of the source around those.
    pub passage: String,
    /// The sentence of the source that has the claim's words.
    pub own: String,
    /// Its signs, by name.
    pub signs: Vec<(&'static str, f64)>,
}

/// A text and its source, as the training sees them.
#[derive(Debug)]
pub struct Read {
    /// The claims with a rival.
    pub examples: Vec<Example>,
    /// Every number, date and name of the text that the source has somewhere.
    pub claims: Vec<(Kind, Points)>,
    /// Every number, date and name of the source.
    pub mentions: Vec<(Kind, String)>,
}

/// What speaks for a finding that rests on a score, whether it is one or not.
#[derive(Debug)]
pub struct Margin {
    /// What it would say.
    pub reason: Reason,
    /// How far the score lies above the bound of a warning; below 0, there is none.
    pub margin: f64,
    /// Where it stands in the text.
    pub points: Points,
}

/// The margins of a text against its source: of what belongs to something else, of
/// negation and direction, and of sentences that are not covered.
pub fn margins(source: &str, text: &str) -> Vec<Margin> {
    // Lower scores than this say nothing.
    const SLACK: f64 = 2.0;
    let sources = [SourceText {
        language: language_of(source),
        ..SourceText::new("s1", source)
    }];
    let checker = Checker::new(&sources);
    let (library, wording) = (&checker.library, &checker.wording);
    let reading = Reading::new(text, language_of(text), None);
    let backings = evidence::backings(&reading, library);
    let claims = claims_of(&reading, &backings, library);
    let placed = cases(&reading, || checker.mentions(), library, &claims);
    let placed = placed.into_iter().map(|case| {
        let claim = &claims[case.claim];
        let (reason, margin) = (reason_of(claim.kind), case.signs.score(claim.kind));
        (reason, margin, claim.span)
    });
    let words = wording.words_of(&reading);
    let said = polarity::scored(&reading, library, wording, &words, SLACK);
    let covered = coverage::scored(&reading, &backings, library, wording, &words, SLACK);
    let scored = said.into_iter().chain(covered);
    placed
        .chain(scored.map(|(margin, finding)| (finding.reason, margin, finding.span)))
        .map(|(reason, margin, span)| Margin {
            reason,
            margin,
            points: span.to_points(text),
        })
        .collect()
}

/// The claims of a text, in order, each held against the sources by itself.
fn claims_of(reading: &Reading<'_>, backings: &[Backing], library: &Library<'_>) -> Vec<Claim> {
    let mut report = Report::default();
    facts(reading, backings, library, &mut report);
    report.claims.sort_by_key(|claim| claim.span);
    report.claims
}

/// Reads a text and its source.
pub fn read(source: &str, text: &str) -> Read {
    let sources = [SourceText {
        language: Some("en"),
        ..SourceText::new("s1", source)
    }];
    let checker = Checker::new(&sources);
    let (library, mentions) = (&checker.library, checker.mentions());
    let reading = Reading::new(text, Some("en"), None);
    let backings = evidence::backings(&reading, library);
    let claims = claims_of(&reading, &backings, library);
    let there = &library.docs[0].reading;
    let sentence = |nth: usize| there.sentences[nth].span.of(source).to_owned();
    let examples = cases(&reading, || mentions, library, &claims)
        .into_iter()
        .map(|case| {
            let claim = &claims[case.claim];
            let other = there.span(case.other.first, case.other.last);
            Example {
                kind: claim.kind,
                points: claim.span.to_points(text),
                text: claim.span.of(text).to_owned(),
                other: other.of(source).to_owned(),
                passage: sentence(case.other.sentence),
                own: sentence(case.own.sentence),
                signs: case.signs.named().to_vec(),
            }
        })
        .collect();
    let claims = claims
        .iter()
        .filter(|claim| claim.support == Support::Supported && claim.kind != Kind::Quotation)
        .map(|claim| (claim.kind, claim.span.to_points(text)))
        .collect();
    Read {
        examples,
        claims,
        mentions: known(mentions, source, there),
    }
}

fn known(mentions: &Mentions, source: &str, there: &Reading<'_>) -> Vec<(Kind, String)> {
    mentions
        .all()
        .map(|(_, mention)| {
            let kind = match mention.value {
                Value::Number(_) => Kind::Number,
                Value::Date(_) => Kind::Date,
                Value::Name(_) => Kind::Name,
            };
            let span = there.span(mention.first, mention.last);
            (kind, span.of(source).to_owned())
        })
        .collect()
}
